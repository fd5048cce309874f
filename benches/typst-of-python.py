#!/usr/bin/env python3
"""Stands for the `typst` program where only Typst's Python module is installed
(`pip install typst`): understands what taizhang's `--typst` says to it.

Python and the module take 20 ms to start, which is told apart in README.md.
"""
import sys

if sys.argv[1:] == ["--version"]:
    from importlib.metadata import version

    print(f"typst {version('typst')} (Python module)")
    sys.exit()

import argparse

parser = argparse.ArgumentParser()
for option in [
    "--root",
    "--jobs",
    "--diagnostic-format",
    "--features",
    "--creation-timestamp",
    "--pdf-standard",
    "--package-path",
    "--package-cache-path",
]:
    parser.add_argument(option)
parser.add_argument("--font-path", action="append", default=[])
parser.add_argument("--ignore-system-fonts", action="store_true")
parser.add_argument("command")
parser.add_argument("input")
parser.add_argument("output")
asked = parser.parse_args()

import typst

try:
    typst.compile(
        asked.input,
        output=asked.output,
        root=asked.root,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=asked.font_path
        ),
        pdf_standards=asked.pdf_standard.split(",") if asked.pdf_standard else [],
        timestamp=int(asked.creation_timestamp or 0),
    )
except typst.TypstError as error:
    print(f"error: {error}", file=sys.stderr)
    sys.exit(1)
