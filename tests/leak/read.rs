//! Reads what files say, whatever their format: an unknown one fails.

use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use regex::Regex;
use taizhang::print::enclosed_files;
use unicode_normalization::UnicodeNormalization;

/// What a file says.
pub struct Said {
    /// All of it in every spelling there is: entities and escapes read, without
    /// tags, without white space; in compatibility form and small letters.
    pub text: String,
    /// The characters that are not ASCII.
    pub letters: HashSet<char>,
    /// The same text without what groups digits.
    pub numbers: String,
}

/// Reads a file; its name is a part of what it says.
pub fn read(name: &str, bytes: &[u8]) -> Said {
    let mut text = String::from(name);
    text.push('\n');
    let end = std::path::Path::new(name).extension();
    let end = end.map_or("txt", |end| end.to_str().unwrap());
    // what is packed says nothing by its bytes
    let packed = matches!(
        end,
        "pdf" | "xlsx" | "png" | "jpg" | "ico" | "woff2" | "ttf" | "otf"
    );
    let raw = match packed {
        true => std::borrow::Cow::Borrowed(""),
        false => String::from_utf8_lossy(bytes),
    };
    text.push_str(&raw);
    match end {
        "html" | "svg" | "xml" | "atom" => {
            text.push_str(&unescaped(&raw));
            text.push_str(&unescaped(&without_tags(&raw)));
        }
        "js" | "json" | "css" | "txt" | "csv" | "toml" | "md" | "webmanifest" => {}
        "ics" => text.push_str(&raw.replace("\r\n ", "").replace("\r\n\t", "")),
        "pdf" => {
            text.push_str(&piped(
                "pdftotext",
                &["-raw", "-enc", "UTF-8", "-", "-"],
                bytes,
            ));
            text.push_str(&piped("pdfinfo", &["-meta", "-enc", "UTF-8", "-"], bytes));
            text.push_str(&strings_of_pdf(bytes));
            for file in enclosed_files(bytes).expect("a PDF that can be read") {
                text.push_str(&read(&file.name, &file.bytes).text);
            }
        }
        "xlsx" => {
            let file = filed(bytes);
            let inside = piped("unzip", &["-p", file.path().to_str().unwrap()], &[]);
            text.push_str(&unescaped(&inside));
            text.push_str(&unescaped(&without_tags(&inside)));
        }
        // pictures and fonts are those of the repository
        "png" | "jpg" | "ico" | "woff2" | "ttf" | "otf" => {}
        _ => panic!("{name}: files of this kind need a reader in tests/leak/read.rs"),
    }
    let (escapes, percent) = (escapes_read(&text), percent_read(&text));
    text.push_str(&escapes);
    text.push_str(&percent);
    let text: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !['\u{200b}', '\u{ad}'].contains(c))
        .collect();
    let text = without_digests(&text);
    Said {
        letters: text.chars().filter(|c| !c.is_ascii()).collect(),
        numbers: text.replace([',', '，'], ""),
        text,
    }
}

fn filed(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

/// Every string in a PDF: the outline, names of enclosed files, alternative
/// texts.
fn strings_of_pdf(bytes: &[u8]) -> String {
    static STRING: OnceLock<Regex> = OnceLock::new();
    let string = STRING.get_or_init(|| Regex::new(r#""[ub]:((?:[^"\\]|\\.)*)""#).unwrap());
    let file = filed(bytes);
    let path = file.path().to_str().unwrap();
    let objects = piped("qpdf", &["--json=2", "--json-stream-data=none", path], &[]);
    string
        .captures_iter(&objects)
        .flat_map(|found| [found.get(1).unwrap().as_str().to_owned(), "\n".to_owned()])
        .collect()
}

fn piped(program: &str, arguments: &[&str], bytes: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|_| panic!("{program}, which tests/setup installs"));
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&bytes);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{program}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn without_tags(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .filter(|c| match c {
            '<' => {
                inside = true;
                false
            }
            '>' if inside => {
                inside = false;
                false
            }
            _ => !inside,
        })
        .collect()
}

/// Entities of HTML and XML.
fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end < 12);
        let c = end.and_then(|end| {
            let name = &rest[1..end];
            match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some(' '),
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    char::from_u32(code)
                }
            }
        });
        match (c, end) {
            (Some(c), Some(end)) => {
                read.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                read.push('&');
                rest = &rest[1..];
            }
        }
    }
    read.push_str(rest);
    read
}

/// `\uXXXX` of JavaScript and JSON; nothing where there is none.
fn escapes_read(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut parts = text.split("\\u");
    parts.next();
    for part in parts {
        if let Some(unit) = part
            .get(..4)
            .and_then(|hex| u16::from_str_radix(hex, 16).ok())
        {
            units.push(unit);
        }
    }
    String::from_utf16_lossy(&units)
}

/// `%E9%B9` of addresses; nothing where there is none.
fn percent_read(text: &str) -> String {
    static CODED: OnceLock<Regex> = OnceLock::new();
    let coded = CODED.get_or_init(|| Regex::new("(?:%[0-9a-fA-F]{2})+").unwrap());
    coded
        .find_iter(text)
        .map(|found| percent_encoding::percent_decode_str(found.as_str()).decode_utf8_lossy())
        .collect()
}

/// Digests are no numbers.
fn without_digests(text: &str) -> String {
    static DIGEST: OnceLock<Regex> = OnceLock::new();
    let digest = DIGEST.get_or_init(|| Regex::new("[0-9a-f]{16,}").unwrap());
    digest.replace_all(text, "…").into_owned()
}
