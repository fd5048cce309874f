//! Pictures of papers in grey, and how much two of them differ to the eye.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::process::Command;

/// Dots an inch that pages are drawn with, and how many of them one dot of the
/// picture is made of, each way: hair lines fall on whole dots in one version
/// of the rasteriser and between two in the next, and the mean of several is
/// the same.
const DRAWN_AT: u32 = 100;
const DOTS: usize = 2;
/// Levels of grey that are kept: what tells two papers apart has more contrast,
/// and the files are half as large.
const LEVELS: u16 = 16;
/// Side of the squares that are compared by their mean, in dots (2 mm). They
/// overlap by half.
const SQUARE: usize = 4;
/// Means further apart than this (0 to 255) are seen. Another rasteriser makes
/// 4, one changed character in a label at least 17.
const SEEN: u16 = 12;

/// Pages side by side, one byte a dot: 0 black, 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

impl Picture {
    fn new(width: usize, height: usize, grey: u8) -> Self {
        Picture {
            width,
            height,
            dots: vec![grey; width * height],
        }
    }

    /// The pages of a PDF, drawn by poppler.
    pub fn of_pdf(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paper.pdf");
        std::fs::write(&file, pdf).unwrap();
        let output = Command::new("pdftoppm")
            .args(["-gray", "-r", &DRAWN_AT.to_string()])
            .args([&file, &folder.path().join("page")])
            .output()
            .expect("pdftoppm is missing: run tests/setup");
        assert!(output.status.success(), "{output:?}");
        let mut pages: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "pgm"))
            .collect();
        pages.sort();
        let pages: Vec<Picture> = pages
            .iter()
            .map(|page| from_pgm(&std::fs::read(page).unwrap()).reduced())
            .collect();
        beside(&pages)
    }

    /// Every dot the mean of several, in as many levels as are kept.
    fn reduced(&self) -> Picture {
        let mut small = Picture::new(self.width / DOTS, self.height / DOTS, 0);
        for y in 0..small.height {
            for x in 0..small.width {
                let mean = self.mean(x * DOTS, y * DOTS, DOTS);
                let step = 255 / (LEVELS - 1);
                let level = (mean + step / 2) / step * step;
                small.dots[y * small.width + x] = level as u8;
            }
        }
        small
    }

    fn mean(&self, left: usize, top: usize, side: usize) -> u16 {
        let sum: usize = (top..top + side)
            .flat_map(|y| &self.dots[y * self.width + left..][..side])
            .map(|dot| usize::from(*dot))
            .sum();
        (sum / (side * side)) as u16
    }

    pub fn read(path: &Path) -> Option<Self> {
        let file = BufReader::new(File::open(path).ok()?);
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut dots).unwrap();
        assert_eq!(info.color_type, png::ColorType::Grayscale, "{path:?}");
        Some(Picture {
            width: info.width as usize,
            height: info.height as usize,
            dots,
        })
    }

    pub fn write(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = BufWriter::new(File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_compression(png::Compression::High);
        // a form is lines and gaps: predicting dots from their neighbours costs
        encoder.set_filter(png::Filter::NoFilter);
        let rows: Vec<u8> = self
            .dots
            .chunks(self.width)
            .flat_map(|row| row.chunks(2))
            .map(|pair| pair[0] & 0xf0 | pair.get(1).map_or(0, |dot| dot >> 4))
            .collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&rows).unwrap();
    }

    /// Where somebody would see a difference: the upper left corners of squares.
    pub fn differences(&self, other: &Picture) -> Vec<(usize, usize)> {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let mut found = Vec::new();
        for y in (0..=self.height - SQUARE).step_by(SQUARE / 2) {
            for x in (0..=self.width - SQUARE).step_by(SQUARE / 2) {
                if self.mean(x, y, SQUARE).abs_diff(other.mean(x, y, SQUARE)) > SEEN {
                    found.push((x, y));
                }
            }
        }
        found
    }

    /// This one, the other, and the other with all but the differences faded.
    pub fn beside(&self, other: &Picture) -> Picture {
        if (self.width, self.height) != (other.width, other.height) {
            return beside(&[self.clone(), other.clone()]);
        }
        let mut marked = other.clone();
        marked.dots.iter_mut().for_each(|dot| *dot = 192 + *dot / 4);
        for (left, top) in self.differences(other) {
            for y in top..top + SQUARE {
                let row = y * self.width + left..y * self.width + left + SQUARE;
                marked.dots[row.clone()].copy_from_slice(&other.dots[row]);
            }
        }
        beside(&[self.clone(), other.clone(), marked])
    }
}

fn beside(pictures: &[Picture]) -> Picture {
    let width = pictures.iter().map(|one| one.width).sum();
    let height = pictures.iter().map(|one| one.height).max().unwrap_or(0);
    let mut all = Picture::new(width, height, 255);
    let mut left = 0;
    for one in pictures {
        for (y, row) in one.dots.chunks(one.width).enumerate() {
            all.dots[y * width + left..][..one.width].copy_from_slice(row);
        }
        left += one.width;
    }
    all
}

/// Reads `P5`, width, height, 255, dots, as poppler writes it.
fn from_pgm(bytes: &[u8]) -> Picture {
    let mut rest = bytes;
    let mut word = || {
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
        let word = std::str::from_utf8(&rest[..end]).unwrap();
        rest = &rest[end + 1..];
        word
    };
    assert_eq!(word(), "P5");
    let (width, height) = (word().parse().unwrap(), word().parse().unwrap());
    assert_eq!(word(), "255");
    assert_eq!(rest.len(), width * height);
    Picture {
        width,
        height,
        dots: rest.to_vec(),
    }
}
