//! The built-in fonts, and the names under which templates may ask for them.
//!
//! Fonts that are installed on the machine are not used unless the caller puts
//! them among the files of a job: they would change the bytes of a document
//! from one machine to the next.

use std::io;

use super::installed::families;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontWeight};

/// How they are made: `tools/fonts/build.sh`.
const BUILT_IN: [&[u8]; 6] = [
    include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf.zst"),
    include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf.zst"),
    include_bytes!("../../../assets/fonts/NotoSerifSC-Regular.ttf.zst"),
    include_bytes!("../../../assets/fonts/NotoSerifSC-Bold.ttf.zst"),
    include_bytes!("../../../assets/fonts/TaizhangKai-Regular.ttf.zst"),
    include_bytes!("../../../assets/fonts/DejaVuSans.ttf.zst"),
];

/// Their families.
pub(super) const BUILT_IN_FAMILIES: [&str; 4] = [
    "Noto Sans SC",
    "Noto Serif SC",
    "Taizhang Kai",
    "DejaVu Sans",
];

/// Larger than any of them.
const LARGEST_FONT: usize = 32 << 20;

/// Names that GB/T 9704 and office programs use, and the built-in face that
/// stands for each. A template can name the face it means and is set alike
/// here and by a Typst that has the real one; FangSong has no free TrueType
/// face and falls to Song. A name that is neither built in nor listed is a
/// warning of Typst's, and so an error.
const STAND_INS: [(&str, &str, FontWeight); 14] = [
    ("SimSun", "Noto Serif SC", FontWeight::REGULAR),
    ("宋体", "Noto Serif SC", FontWeight::REGULAR),
    ("FangSong", "Noto Serif SC", FontWeight::REGULAR),
    ("FangSong_GB2312", "Noto Serif SC", FontWeight::REGULAR),
    ("仿宋", "Noto Serif SC", FontWeight::REGULAR),
    ("仿宋_GB2312", "Noto Serif SC", FontWeight::REGULAR),
    ("FZXiaoBiaoSong-B05S", "Noto Serif SC", FontWeight::BOLD),
    ("方正小标宋简体", "Noto Serif SC", FontWeight::BOLD),
    ("SimHei", "Noto Sans SC", FontWeight::BOLD),
    ("黑体", "Noto Sans SC", FontWeight::BOLD),
    ("KaiTi", "Taizhang Kai", FontWeight::REGULAR),
    ("楷体", "Taizhang Kai", FontWeight::REGULAR),
    ("楷体_GB2312", "Taizhang Kai", FontWeight::REGULAR),
    ("LXGW WenKai", "Taizhang Kai", FontWeight::REGULAR),
];

/// The built-in fonts and the book that finds them; places in one are places
/// in the other.
pub(super) fn load() -> io::Result<(FontBook, Vec<Font>)> {
    let mut fonts = Vec::new();
    let mut book = FontBook::new();
    // 20 MB: 30 ms of one core, and a caller waits for the first worker.
    let unpacked = std::thread::scope(|scope| {
        let threads: Vec<_> = BUILT_IN
            .iter()
            .map(|packed| scope.spawn(move || unpack(packed)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(unusable())))
            .collect::<io::Result<Vec<Font>>>()
    })?;
    for font in unpacked {
        book.push(font.info().clone());
        fonts.push(font);
    }
    for (name, family, weight) in STAND_INS {
        let face = fonts
            .iter()
            .find(|font| font.info().family == family && font.info().variant.weight == weight)
            .cloned()
            .ok_or_else(unusable)?;
        let mut info = face.info().clone();
        info.family = name.to_owned();
        book.push(info);
        fonts.push(face);
    }
    Ok((book, fonts))
}

/// The fonts of a job's files under every name they bear, and the built-in ones
/// after them; a stand-in gives way to the real one. Nothing where the files
/// are no fonts.
pub(super) fn with(
    book: &FontBook,
    built_in: &[Font],
    files: impl Iterator<Item = Vec<u8>>,
) -> Option<(FontBook, Vec<Font>)> {
    let mut with_own = FontBook::new();
    let mut fonts = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for font in files.flat_map(|bytes| Font::iter(Bytes::new(bytes))) {
        let mut families = families(font.data(), font.index());
        families.push(font.info().family.clone());
        families.sort();
        families.dedup();
        for family in families {
            // of what is built in, the built-in is meant
            if BUILT_IN_FAMILIES.contains(&family.as_str()) {
                continue;
            }
            let mut info = font.info().clone();
            info.family = family.clone();
            with_own.push(info);
            fonts.push(font.clone());
            names.push(family.to_lowercase());
        }
    }
    if fonts.is_empty() {
        return None;
    }
    for (index, font) in built_in.iter().enumerate() {
        let Some(info) = book.info(index) else {
            continue;
        };
        if !names.contains(&info.family.to_lowercase()) {
            with_own.push(info.clone());
            fonts.push(font.clone());
        }
    }
    Some((with_own, fonts))
}

/// The built-in fonts as files, for another Typst than the built-in one.
pub(super) fn unpacked() -> io::Result<Vec<Vec<u8>>> {
    let unpack = |packed: &&[u8]| zstd::bulk::decompress(packed, LARGEST_FONT);
    BUILT_IN.iter().map(unpack).collect()
}

fn unpack(packed: &[u8]) -> io::Result<Font> {
    let mut bytes = zstd::bulk::decompress(packed, LARGEST_FONT)?;
    bytes.shrink_to_fit();
    Font::new(Bytes::new(bytes), 0).ok_or_else(unusable)
}

fn unusable() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a built-in font cannot be used")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn covers(font: &Font, characters: &str) -> Result<(), char> {
        let coverage = &font.info().coverage;
        characters
            .chars()
            .find(|c| !coverage.contains(*c as u32))
            .map_or(Ok(()), Err)
    }

    #[test]
    fn every_chinese_face_has_what_papers_are_written_with() {
        let (_, fonts) = load().unwrap();
        for font in &fonts[..5] {
            let family = &font.info().family;
            for characters in [
                // The ends of the three levels of 通用规范汉字表, and of GB/T 2312.
                "一乙龢鼱鼹麟",
                "啊阿齄亍𬱖䶮㛃",
                "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·～￥％〇",
                "①⑳⑴㈠㊣ⅠⅫ℃㎡㎜‰×÷±≤≥≠→■□●○★☆※№",
                "AZaz09āǎǚàéΩμЯかァㄅ",
            ] {
                assert_eq!(covers(font, characters), Ok(()), "{family}");
            }
            // They do not place combining marks, so they must not have them.
            assert!(!font.info().coverage.contains(0x030C), "{family}");
        }
        assert_eq!(
            covers(&fonts[2], "國際會議鴻龍"),
            Ok(()),
            "{:?}",
            fonts[2].info().family
        );
        let last_resort = &fonts[5];
        assert_eq!(covers(last_resort, "☐☑☒✓✗ŠšŁźễ\u{30C}"), Ok(()));
    }

    #[test]
    fn a_face_is_found_by_the_names_that_papers_use() {
        let (book, fonts) = load().unwrap();
        for (asked, family, weight) in [
            ("noto serif sc", "Noto Serif SC", 400),
            ("仿宋_gb2312", "Noto Serif SC", 400),
            ("方正小标宋简体", "Noto Serif SC", 700),
            ("simhei", "Noto Sans SC", 700),
            ("楷体", "Taizhang Kai", 400),
        ] {
            let index = book
                .select(asked, typst::text::FontVariant::default())
                .unwrap();
            let info = fonts[index].info();
            assert_eq!(
                (info.family.as_str(), info.variant.weight.to_number()),
                (family, weight)
            );
        }
    }
}
