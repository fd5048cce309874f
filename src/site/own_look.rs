//! What the settings add to the site's assets: the company's colour and its
//! logo, and in which of its own files an outside party has a share.

use std::borrow::Cow;

use super::files::SiteFiles;
use crate::definition::templates;
use crate::organisation::{Accent, SiteSettings};

/// The company's own style sheet, linked after the built-in one.
pub(super) const STYLE: &str = "own.css";
/// The company's own files that are for everybody.
const PUBLIC: &str = "public/";

/// A file below `assets/`.
pub(super) struct Asset<'r> {
    /// Its path there.
    pub path: String,
    /// What it says.
    pub bytes: Cow<'r, [u8]>,
}

/// The files below `assets/`. Of the company's own an outside party has those
/// that replace a built-in one, and those below `public/`.
pub(super) fn assets<'r>(
    files: &'r SiteFiles,
    settings: &'r SiteSettings,
    insider: bool,
) -> Vec<Asset<'r>> {
    let built_in = templates::assets();
    let own = files.assets.iter().filter(|(path, _)| path != STYLE);
    let mut assets: Vec<Asset<'r>> = own
        .filter(|(path, _)| insider || built_in.contains_key(path) || path.starts_with(PUBLIC))
        .map(|(path, bytes)| Asset {
            path: path.clone(),
            bytes: bytes.into(),
        })
        .collect();
    let style = style(files, settings);
    assets.extend(style.map(|style| Asset {
        path: STYLE.to_owned(),
        bytes: style.into_bytes().into(),
    }));
    if let Some(logo) = &settings.logo {
        assets.retain(|asset| asset.path != logo_path(logo.format));
        assets.push(Asset {
            path: logo_path(logo.format),
            bytes: (&*logo.bytes).into(),
        });
    }
    assets
}

/// Where the logo stands below `assets/`.
pub(super) fn logo_path(format: &str) -> String {
    format!("logo.{format}")
}

/// The company's own style sheet: its colour, then what it wrote itself; none
/// where there is neither.
pub(super) fn style(files: &SiteFiles, settings: &SiteSettings) -> Option<String> {
    let own = files.assets.iter().find(|(path, _)| path == STYLE);
    let own = own.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let accent = settings.accent.as_ref().map(accent);
    match (accent, own) {
        (None, None) => None,
        (accent, own) => Some(accent.unwrap_or_default() + &own.unwrap_or_default()),
    }
}

/// The colour on light pages, on dark ones, and where the reader has chosen.
/// Paper stays black and white.
fn accent(accent: &Accent) -> String {
    let light = format!(
        "--accent: {}; --accent-wash: {};",
        accent.light.colour, accent.light.wash
    );
    let dark = format!(
        "--accent: {}; --accent-wash: {};",
        accent.dark.colour, accent.dark.wash
    );
    format!(
        "@media screen {{\n  :root {{ {light} }}\n  :root[data-scheme=\"dark\"] {{ {dark} }}\n}}\n\
         @media screen and (prefers-color-scheme: dark) {{\n  :root:not([data-scheme=\"light\"]) {{ {dark} }}\n}}\n"
    )
}
