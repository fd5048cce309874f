"""Cuts the built-in fonts out of their sources. Called by build.sh.

usage: subset.py SOURCES UNICODE_DATA OUT
"""

import bz2
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# What a Chinese text has around its characters. Both ends belong to the range.
AROUND_HAN = [
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1 Supplement, Latin Extended-A
    (0x01CD, 0x01DC),  # vowels of Pinyin
    (0x01F8, 0x01F9),
    (0x0251, 0x0251),
    (0x0261, 0x0261),
    # No combining marks: these faces do not place them, and a letter that they
    # lack would be made of two that miss each other instead of falling back.
    (0x02C6, 0x02DD),  # spacing marks
    (0x0391, 0x03C9),  # Greek
    (0x0401, 0x0451),  # Cyrillic
    (0x1E3E, 0x1E3F),
    (0x2002, 0x2044),  # General Punctuation
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x214F),  # letterlike
    (0x2150, 0x218B),  # number forms
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2300, 0x23FF),  # technical
    (0x2460, 0x24FF),  # enclosed alphanumerics
    (0x2500, 0x257F),  # box drawing
    (0x2580, 0x259F),  # block elements
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2600, 0x26FF),  # miscellaneous symbols
    (0x2700, 0x27BF),  # dingbats
    (0x2E3A, 0x2E3B),  # two- and three-em dash
    (0x2FF0, 0x2FFB),
    (0x3000, 0x30FF),  # CJK punctuation, kana
    (0x3105, 0x312F),  # Bopomofo
    (0x3200, 0x33FF),  # enclosed CJK, CJK compatibility
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFFE6),  # half- and full-width forms
]

# What the Chinese fonts lack and papers hold all the same: boxes to tick
# (U+2610 ff.), and Latin letters of foreign names.
AROUND_LATIN = [
    (0x0020, 0x007E),
    (0x00A0, 0x024F),
    (0x0250, 0x02FF),
    (0x0300, 0x036F),
    (0x0370, 0x03FF),
    (0x0400, 0x045F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x2027),
    (0x202F, 0x205E),
    (0x2070, 0x218B),
    (0x2190, 0x22FF),
    (0x2300, 0x23FF),
    (0x2500, 0x27BF),
]

SANS = "npm/node_modules/@expo-google-fonts/noto-sans-sc/"
SERIF = "npm/node_modules/@expo-google-fonts/noto-serif-sc/"
TRUETYPE = "deb/usr/share/fonts/truetype/"

# (file made, its source, characters, family name where the licence reserves
# the source's)
FONTS = [
    ("NotoSansSC-Regular", SANS + "400Regular/NotoSansSC_400Regular.ttf", "han", None),
    ("NotoSansSC-Bold", SANS + "700Bold/NotoSansSC_700Bold.ttf", "han", None),
    # The one that the others fall back on for traditional characters.
    ("NotoSerifSC-Regular", SERIF + "400Regular/NotoSerifSC_400Regular.ttf", "han-traditional", None),
    ("NotoSerifSC-Bold", SERIF + "700Bold/NotoSerifSC_700Bold.ttf", "han", None),
    ("TaizhangKai-Regular", TRUETYPE + "lxgw-wenkai/LXGWWenKai-Regular.ttf", "han", "Taizhang Kai"),
    ("DejaVuSans", TRUETYPE + "dejavu/DejaVuSans.ttf", "latin", None),
]


def table_of_general_standard_characters(unicode_data: Path) -> set[int]:
    """通用规范汉字表: the 8,105 characters that Unihan marks kTGH."""
    found = set()
    for line in bz2.open(unicode_data / "Unihan_OtherMappings.txt.bz2", "rt"):
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 3 and fields[1] == "kTGH":
            found.add(int(fields[0].removeprefix("U+"), 16))
    if len(found) != 8105:
        sys.exit(f"通用规范汉字表 has 8,105 characters, found {len(found)}")
    return found


def gb2312() -> set[int]:
    """Every character of GB/T 2312, symbols included."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return found


def big5_common() -> set[int]:
    """The 5,401 常用字 of Big5: names of partners in Hong Kong and Taiwan."""
    found = set()
    for row in range(0xA4, 0xC7):
        for cell in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            if (row, cell) <= (0xC6, 0x7E):
                found.add(ord(bytes([row, cell]).decode("big5")))
    if len(found) != 5401:
        sys.exit(f"Big5 has 5,401 common characters, found {len(found)}")
    return found


def spread(ranges: list[tuple[int, int]]) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}


def rename(font: TTFont, family: str) -> None:
    """Gives a modified font a name of its own: OFL 1.1, condition 3."""
    table = font["name"]
    copyright_line = table.getDebugName(0)
    licence, licence_url = table.getDebugName(13), table.getDebugName(14)
    table.names = []
    for name_id, text in [
        (0, copyright_line),
        (1, family),
        (2, "Regular"),
        (3, f"taizhang: {family} Regular"),
        (4, f"{family} Regular"),
        (5, "Version 1.000"),
        (6, family.replace(" ", "") + "-Regular"),
        (13, licence),
        (14, licence_url),
    ]:
        if text:
            table.setName(text, name_id, 3, 1, 0x409)


def cut(source: Path, points: set[int], family: str | None, target: Path) -> None:
    options = subset.Options()
    options.hinting = False  # PDF viewers do not hint
    options.glyph_names = False
    options.recalc_timestamp = False  # the same sources give the same bytes
    options.notdef_outline = True  # so that a missing glyph shows as a box
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.name_languages = [0x409]
    options.layout_features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
    options.drop_tables += ["STAT", "gasp", "prep", "fpgm", "cvt ", "vhea", "vmtx", "BASE"]
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    if family:
        rename(font, family)
    subset.save_font(font, str(target), options)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")


def main() -> None:
    sources, unicode_data, out = map(Path, sys.argv[1:])
    han = table_of_general_standard_characters(unicode_data) | gb2312() | spread(AROUND_HAN)
    sets = {
        "han": han,
        "han-traditional": han | big5_common(),
        "latin": spread(AROUND_LATIN),
    }
    for name, source, characters, family in FONTS:
        cut(sources / source, sets[characters], family, out / f"{name}.ttf")


main()
