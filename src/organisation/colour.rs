//! The company's colour: whether words in it can be read, and the nearest
//! colour in which they can (WCAG 2.2, 1.4.3).
//!
//! Invariant: every [`Accent`] reaches [`TEXT`] against all grounds that the
//! site's style sheet puts it on, light and dark.

use palette::color_difference::Wcag21RelativeContrast;
use palette::convert::FromColorUnclamped;
use palette::{FromColor, IsWithinBounds, Oklch, Srgb};

/// Least contrast of text with its ground.
const TEXT: f64 = 4.5;
/// Page and raised parts of `site/assets/style.css`, light and dark.
const GROUNDS: [[u32; 2]; 2] = [[0xff_ff_ff, 0xf6_f7_f8], [0x14_17_1a, 0x1c_20_24]];
/// Lightness and most chroma (Oklch) of the ground under what is chosen.
const WASHES: [(f64, f64); 2] = [(0.955, 0.022), (0.285, 0.045)];
/// Lightness and most chroma that the colour has on dark pages.
const ON_DARK: (f64, f64) = (0.78, 0.105);

/// A colour for links, focus and what is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light pages.
    pub light: Shade,
    /// On dark pages.
    pub dark: Shade,
}

/// A colour and its wash, `#1f6f54`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shade {
    /// Of words and lines.
    pub colour: String,
    /// Of the ground under what is chosen.
    pub wash: String,
}

/// The colour that `#rrggbb` names.
pub(super) fn colour(text: &str) -> Option<Srgb<f64>> {
    let digits = text.strip_prefix('#').filter(|digits| {
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })?;
    u32::from_str_radix(digits, 16).ok().map(of_number)
}

/// Contrast of a colour with white paper, 1 to 21 (WCAG 2.1).
pub(super) fn contrast_with_white(colour: Srgb<f64>) -> f64 {
    colour.relative_contrast(of_number(0xff_ff_ff))
}

impl Accent {
    /// The colour itself where words in it can be read, else the nearest of its
    /// hue in which they can.
    pub(super) fn nearest(wanted: Srgb<f64>) -> Accent {
        let given = Oklch::from_color(wanted);
        let shade = |index: usize, from: Srgb<f64>, step: f64| {
            let (lightness, chroma) = WASHES[index];
            let wash = shown(Oklch::new(lightness, given.chroma.min(chroma), given.hue));
            let grounds = GROUNDS[index].map(of_number);
            let is_read = |colour: &Srgb<f64>| {
                let contrast = |ground: Srgb<f64>| colour.relative_contrast(ground);
                grounds
                    .into_iter()
                    .chain([wash])
                    .all(|ground| contrast(ground) >= TEXT)
            };
            let mut tried = from;
            let mut at = Oklch::from_color(from);
            // black and white are read on any ground: this ends
            while !is_read(&tried) && (0.0..=1.0).contains(&at.l) {
                at.l += step;
                tried = shown(at);
            }
            Shade {
                colour: named(tried),
                wash: named(wash),
            }
        };
        let (lightness, chroma) = ON_DARK;
        let bright = shown(Oklch::new(lightness, given.chroma.min(chroma), given.hue));
        Accent {
            light: shade(0, wanted, -0.002),
            dark: shade(1, bright, 0.002),
        }
    }
}

fn of_number(number: u32) -> Srgb<f64> {
    let part = |shift: u32| ((number >> shift) & 0xff) as u8;
    Srgb::new(part(16), part(8), part(0)).into_format()
}

/// The colour as a screen shows it: less chroma where it has no such, and
/// each part one of 256.
fn shown(mut colour: Oklch<f64>) -> Srgb<f64> {
    while !Srgb::from_color_unclamped(colour).is_within_bounds() && colour.chroma > 0.001 {
        colour.chroma *= 0.96;
    }
    let parts: Srgb<u8> = Srgb::from_color(colour).into_format();
    parts.into_format()
}

fn named(colour: Srgb<f64>) -> String {
    let parts: Srgb<u8> = colour.into_format();
    format!("#{:02x}{:02x}{:02x}", parts.red, parts.green, parts.blue)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        for wrong in ["red", "#fff", "1f3a5f", "#1f3a5g", "#é1f3a", ""] {
            assert_eq!(colour(wrong), None, "{wrong}");
        }
        let contrast = |text| colour(text).map(contrast_with_white).map(f64::round);
        assert_eq!(contrast("#000000"), Some(21.0));
        assert_eq!(contrast("#ffffff"), Some(1.0));
        // the grey that WCAG names as just enough for text
        assert_eq!(contrast("#767676"), Some(5.0));
    }

    /// The least contrast of a shade with all it stands on.
    fn least(shade: &Shade, grounds: [u32; 2]) -> f64 {
        let of = |text: &str| colour(text).unwrap();
        let grounds = grounds.map(of_number).into_iter().chain([of(&shade.wash)]);
        grounds
            .map(|ground| of(&shade.colour).relative_contrast(ground))
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn whatever_the_colour_words_in_it_can_be_read() {
        for text in [
            "#1a4a9c", "#1f6f54", "#ffd400", "#ff0000", "#00ff00", "#ffffff", "#000000", "#7f7f7f",
            "#e60012", "#00a0e9",
        ] {
            let accent = Accent::nearest(colour(text).unwrap());
            assert!(
                least(&accent.light, GROUNDS[0]) >= TEXT,
                "{text} {accent:?}"
            );
            assert!(least(&accent.dark, GROUNDS[1]) >= TEXT, "{text} {accent:?}");
        }
    }

    #[test]
    fn what_can_be_read_stays_and_what_cannot_changes_as_little_as_it_must() {
        let of = |text| Accent::nearest(colour(text).unwrap());
        assert_eq!(of("#1f6f54").light.colour, "#1f6f54");
        let yellow = of("#ffd400");
        assert_ne!(yellow.light.colour, "#ffd400");
        assert!(least(&yellow.light, GROUNDS[0]) < TEXT + 0.15, "{yellow:?}");
        // still a yellow, not a grey
        let hue = |text: &str| Oklch::from_color(colour(text).unwrap()).hue.into_degrees();
        assert!((hue(&yellow.light.colour) - hue("#ffd400")).abs() < 4.0);
    }
}
