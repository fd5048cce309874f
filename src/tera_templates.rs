//! Tera with the templates of a folder: the built-in ones under `builtin/`, the
//! organisation's over them by their plain names, so that one of its own can
//! still include what it replaces.
//!
//! Invariant: what a template does with a value goes through the escaping of
//! the format that whoever draws has set.

use std::error::Error as _;
use std::ops::Range;

use tera::{ErrorKind, Kwargs, State, Tera, TeraResult};

use crate::definition::Templates;
use crate::definition::templates::Origin;

/// A template that cannot be read or drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// In the template engine's words.
    pub message: String,
    /// Where, as far as the engine says.
    pub at: Option<TemplatePlace>,
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplatePlace {
    /// The template's path below `templates/`.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Bytes of the file.
    pub bytes: Range<usize>,
}

impl TemplatePlace {
    /// The first line of a file, of so many bytes.
    fn beginning(path: &str, length: usize) -> Self {
        TemplatePlace {
            path: path.to_owned(),
            line: 1,
            column: 1,
            bytes: 0..length,
        }
    }
}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        if let ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) = error.kind() {
            let span = report.span();
            return TemplateError {
                message: report.message().to_owned(),
                at: Some(TemplatePlace {
                    path: report.filename().to_owned(),
                    line: span.start_line,
                    column: span.start_col + 1,
                    bytes: span.range.clone(),
                }),
            };
        }
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(&format!(": {error}"));
            source = error.source();
        }
        TemplateError { message, at: None }
    }
}

/// Reads the templates below a folder (`site/`). The error is tera's, with
/// template, line and the words at fault, or names a file that is no UTF-8.
pub fn read(templates: &Templates, folder: &str) -> Result<Tera, String> {
    let own = own(templates, folder);
    let mut sources = Vec::new();
    for (path, bytes) in own {
        let text =
            std::str::from_utf8(bytes).map_err(|error| format!("templates/{path}: {error}"))?;
        sources.push((path, text));
    }
    with(folder, &sources).map_err(|error| error.to_string())
}

/// The same without those of the organisation that cannot be read, and what is
/// wrong with each of these.
pub fn read_sound(templates: &Templates, folder: &str) -> (Tera, Vec<TemplateError>) {
    let mut wrong = Vec::new();
    let mut sources = Vec::new();
    for (path, bytes) in own(templates, folder) {
        match std::str::from_utf8(bytes) {
            Ok(text) => sources.push((path, text)),
            Err(error) => wrong.push(TemplateError {
                message: error.to_string(),
                at: Some(TemplatePlace::beginning(path, 0)),
            }),
        }
    }
    loop {
        let mut error = match with(folder, &sources) {
            Ok(tera) => return (tera, wrong),
            Err(error) => TemplateError::from(error),
        };
        let named = error.at.as_ref().map(|at| at.path.as_str());
        let at_fault = sources
            .iter()
            .position(|(path, _)| named == Some(path))
            .or_else(|| without_which_all_is_well(folder, &sources));
        match at_fault {
            Some(at) => {
                let (path, text) = sources.remove(at);
                let place = error.at.take().filter(|at| at.path == path);
                let line = text.lines().next().map_or(0, str::len);
                error.at = place.or_else(|| Some(TemplatePlace::beginning(path, line)));
            }
            // the fault of several, or our own: none of them holds
            None if sources.is_empty() => return (Tera::default(), wrong),
            None => sources.clear(),
        }
        wrong.push(error);
    }
}

/// The template that alone keeps the others from being read.
fn without_which_all_is_well(folder: &str, own: &[(&str, &str)]) -> Option<usize> {
    (0..own.len()).find(|at| {
        let others = [&own[..*at], &own[at + 1..]].concat();
        with(folder, &others).is_ok()
    })
}

/// The organisation's own templates below a folder.
fn own<'t>(
    templates: &'t Templates,
    folder: &'t str,
) -> impl Iterator<Item = (&'t str, &'t [u8])> + 't {
    templates
        .below(folder)
        .filter(|(_, template)| template.origin == Origin::Organisation)
        .map(|(path, template)| (path, &*template.bytes))
}

/// The built-in templates of a folder with these over them.
fn with(folder: &str, own: &[(&str, &str)]) -> Result<Tera, tera::Error> {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(["builtin/"])?;
    tera.register_filter("fill", fill);
    let built_in = Templates::built_in();
    let shipped: Vec<(String, String)> = built_in
        .below(folder)
        .map(|(path, template)| {
            let text = String::from_utf8_lossy(&template.bytes).into_owned();
            (format!("builtin/{path}"), text)
        })
        .collect();
    let shipped = shipped
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    tera.add_raw_templates(shipped.chain(own.iter().copied()))?;
    Ok(tera)
}

/// `{{ words.… | fill(count=3) }}`: puts values in the places of their names.
fn fill(text: &str, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(crate::text::fill(text, |wanted| {
        values
            .iter()
            .find(|(name, _)| name.as_str() == Some(wanted))
            .map(|(_, value)| value.to_string().into())
    }))
}
