//! Where the site's data files stand, and the pages that they link to.

/// The folder of all data files.
const FOLDER: &str = "data";

/// The address of a record's page, from the site's root.
pub fn record(id: &str) -> String {
    format!("records/{}.html", file_name(id))
}

/// The address of a data file: `data/actions.csv`, `data/people/li-na.ics`.
pub(super) fn data(folder: Option<&str>, name: &str, extension: &str) -> String {
    let name = file_name(name);
    match folder {
        Some(folder) => format!("{FOLDER}/{folder}/{name}.{extension}"),
        None => format!("{FOLDER}/{name}.{extension}"),
    }
}

/// The same of what a definition gathers, for one of those it is for:
/// `data/gathered/customer-file,beichen.xlsx`.
pub(super) fn gathered(definition: &str, of: Option<&str>, extension: &str) -> String {
    let definition = file_name(definition);
    match of {
        Some(of) => {
            let of = file_name(of);
            format!("{FOLDER}/gathered/{definition},{of}.{extension}")
        }
        None => format!("{FOLDER}/gathered/{definition}.{extension}"),
    }
}

/// A name as part of a file name and of an address: letters and digits of any
/// script and `-_.` stand as they are, everything else as its code point, so
/// that two names never meet in one file.
pub fn file_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (index, character) in name.chars().enumerate() {
        let plain = character.is_alphanumeric()
            || matches!(character, '-' | '_')
            || (character == '.' && index > 0);
        if plain {
            out.push(character);
        } else {
            out.push_str(&format!("~{:x}", u32::from(character)));
        }
    }
    out
}

/// An address in ASCII, as URLs are.
pub(super) fn encoded(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PATH: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(path, PATH).to_string()
}
