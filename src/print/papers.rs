//! The templates of papers: Tera for HTML, Typst for PDF.

use std::error::Error as _;

use tera::{Context, Tera};

use super::typeset::{Job, TemplateFiles};
use super::view::FormView;
use crate::definition::Templates;
use crate::text::Language;
use crate::words::Words;

/// A template cannot be read or drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperError {
    /// In the template engine's words, with file, line and column.
    pub message: String,
}

impl From<tera::Error> for PaperError {
    fn from(error: tera::Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(&format!(": {error}"));
            source = error.source();
        }
        PaperError { message }
    }
}

/// Where the templates of papers stand, below `templates/`.
const FOLDER: &str = "print/";
/// The HTML page of every style.
const PAGE: &str = "print/form.html";
/// The style sheet, a template itself: page numbers are words.
const STYLE_SHEET: &str = "print/form.css";

/// All templates of papers, read once for many papers.
pub struct Papers {
    tera: Tera,
    files: TemplateFiles,
}

impl Papers {
    /// Reads the templates below `print/`: `.html` and `.css` are Tera's, the
    /// rest are files that Typst templates can use.
    pub fn new(templates: &Templates) -> Result<Self, PaperError> {
        let mut sources = Vec::new();
        let mut files = Vec::new();
        for (path, template) in templates.below(FOLDER) {
            if path.ends_with(".html") || path.ends_with(".css") {
                let text = std::str::from_utf8(&template.bytes).map_err(|error| PaperError {
                    message: format!("templates/{path}: {error}"),
                })?;
                sources.push((path.to_owned(), text.to_owned()));
            } else {
                let inner = path.strip_prefix(FOLDER).unwrap_or(path);
                files.push((format!("/{inner}"), template.bytes.to_vec()));
            }
        }
        let mut tera = Tera::new();
        tera.add_raw_templates(sources)?;
        Ok(Papers {
            tera,
            files: TemplateFiles::new(files),
        })
    }

    /// A view as an HTML page. `style_sheet` is the address of the style sheet
    /// from where the page will lie: `../assets/print.css`.
    pub fn html(&self, view: &FormView, style_sheet: &str) -> Result<String, PaperError> {
        let mut context = Context::new();
        context.insert("form", view);
        context.insert("style_sheet", style_sheet);
        Ok(self.tera.render(PAGE, &context)?)
    }

    /// The style sheet of HTML papers in a language.
    pub fn style_sheet(&self, words: &Words, language: Language) -> Result<String, PaperError> {
        let mut context = Context::new();
        let print = words
            .tree()
            .get("print")
            .and_then(|print| print.get("paper"));
        context.insert("words", &print.cloned().unwrap_or_default());
        context.insert("language", language.tag());
        Ok(self.tera.render(STYLE_SHEET, &context)?)
    }

    /// A view as a job for the typesetter. `today` is the date that the PDF
    /// says it was made on.
    pub fn job(&self, view: &FormView, today: jiff::civil::Date) -> Job {
        Job {
            name: view.file_name.clone(),
            main: format!("/{}.typ", view.style),
            files: self.files.clone(),
            // a view is strings and numbers: it always becomes JSON
            data: serde_json::to_vec(view).unwrap_or_default(),
            attachments: Vec::new(),
            today,
            archive: true,
        }
    }
}
