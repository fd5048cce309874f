//! The templates of papers: Tera for HTML, Typst for PDF.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use tera::{Context, Tera};

use super::company::{faces, settings_of};
use super::origin::Origin;
use super::sheets::Sheet;
use super::typeset::{Attachment, DATA_PATH, Job, TemplateFiles, faces_of};
use super::view::FormView;
use crate::finding::Finding;
use crate::register::Register;
use crate::tera_templates::TemplateError;
use crate::text::Language;
use crate::words::Words;

/// A template of HTML papers cannot be read or drawn.
pub type PaperError = TemplateError;

/// Where the templates of papers stand, below `templates/`.
const FOLDER: &str = "print/";
/// The HTML page of every style.
const PAGE: &str = "print/form.html";
/// The style sheet, a template itself: page numbers are words.
const STYLE_SHEET: &str = "print/form.css";

/// What `[paper]` of the settings says, for Typst templates. Not part of the
/// views: it is the same for all, and read once.
const SETTINGS: &str = "/paper.json";

/// All templates of papers, read once for many papers.
pub struct Papers {
    /// A template with a mistake stops HTML, not PDF.
    tera: Result<Tera, PaperError>,
    files: TemplateFiles,
    /// How many of the files, the first, are templates; the others are of the
    /// settings or of the machine.
    own_files: usize,
    settings: serde_json::Value,
    logo: Option<String>,
    findings: Vec<Finding>,
}

impl Papers {
    /// Reads the templates below `print/`: `.html` and `.css` are Tera's, the
    /// rest are files that Typst templates can use. Looks for the fonts that
    /// the settings name among them and on the machine. A mistake in a template
    /// shows when it is used.
    pub fn new(register: &Register) -> Self {
        let paper = &register.settings.paper;
        let templates = &register.templates;
        let mut sources = Vec::new();
        let mut files = Vec::new();
        for (path, template) in templates.below(FOLDER) {
            if path.ends_with(".html") || path.ends_with(".css") {
                // what is no UTF-8 shows as such on the page
                let text = String::from_utf8_lossy(&template.bytes);
                sources.push((path.to_owned(), text.into_owned()));
            } else {
                let inner = path.strip_prefix(FOLDER).unwrap_or(path);
                files.push((format!("/{inner}"), template.bytes.to_vec()));
            }
        }
        let mut tera = Tera::new();
        let tera = match tera.add_raw_templates(sources) {
            Ok(()) => Ok(tera),
            Err(error) => Err(PaperError::from(error)),
        };
        let own_files = files.len();
        let (present, findings) = faces(paper, &mut files);
        let mut settings = settings_of(paper, present);
        if let Some(logo) = &paper.logo {
            let path = format!("/logo.{}", logo.format);
            settings["logo"] = path.clone().into();
            files.push((path, logo.bytes.to_vec()));
        }
        // a value of strings and numbers always becomes JSON
        let json = serde_json::to_vec(&settings).unwrap_or_default();
        files.push((SETTINGS.to_owned(), json));
        Papers {
            tera,
            files: TemplateFiles::new(files),
            own_files,
            settings,
            logo: paper.logo.as_ref().map(|logo| {
                let kind = match logo.format {
                    "svg" => "svg+xml",
                    "png" => "png",
                    _ => "jpeg",
                };
                format!(
                    "data:image/{kind};base64,{}",
                    BASE64_STANDARD.encode(&logo.bytes)
                )
            }),
            findings,
        }
    }

    fn tera(&self) -> Result<&Tera, PaperError> {
        self.tera.as_ref().map_err(PaperError::clone)
    }

    /// What is not as the settings want it; papers are printed all the same.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// A view as an HTML page. `style_sheet` is the address of the style sheet
    /// from where the page will lie: `../assets/print.css`.
    pub fn html(&self, view: &FormView, style_sheet: &str) -> Result<String, PaperError> {
        let mut context = Context::new();
        context.insert("form", view);
        context.insert("style_sheet", style_sheet);
        context.insert("paper", &self.settings);
        Ok(self.tera()?.render(PAGE, &context)?)
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
        context.insert("paper", &self.settings);
        context.insert("logo", &self.logo);
        context.insert("faces", &self.web_faces());
        Ok(self.tera()?.render(STYLE_SHEET, &context)?)
    }

    /// The chosen fonts that are in the repository, for pages: whoever opens one
    /// need not have them. Those of a machine are found there by name.
    fn web_faces(&self) -> Vec<serde_json::Value> {
        let chosen = self.settings["fonts"].as_object();
        let mut families: Vec<&str> = chosen
            .into_iter()
            .flat_map(serde_json::Map::values)
            .filter_map(serde_json::Value::as_str)
            .collect();
        families.sort_unstable();
        families.dedup();
        let own = &self.files.files()[..self.own_files];
        families
            .into_iter()
            .flat_map(|family| {
                faces_of(family, own)
                    .into_iter()
                    .map(move |(path, bytes, weight, italic)| {
                        let kind = path.rsplit('.').next().unwrap_or("ttf").to_lowercase();
                        let data = BASE64_STANDARD.encode(bytes);
                        serde_json::json!({
                            "family": family,
                            "weight": weight,
                            "italic": italic,
                            "source": format!("data:font/{kind};base64,{data}"),
                        })
                    })
            })
            .collect()
    }

    /// Identifies all templates that PDFs are set with.
    pub fn version(&self) -> &str {
        self.files.hash()
    }

    /// A view as a job for the typesetter, as it is when nothing is known of
    /// where it comes from. `today` is the date that the PDF says it was made on.
    pub fn job(&self, view: &FormView, today: jiff::civil::Date) -> Job {
        self.job_with(view.style, json_of(view), None, None, today)
    }

    /// A sheet as a job for the typesetter. The PDF carries the view, the
    /// record and the origin inside.
    pub fn job_of(&self, sheet: &Sheet<'_>) -> Job {
        self.job_with(
            sheet.view.style,
            json_of(&sheet.view),
            sheet.source.map(|source| source.as_bytes().to_vec()),
            Some(json_of(&sheet.origin)),
            sheet.origin.date,
        )
    }

    /// The same job again, from what a PDF carries: the files are taken byte
    /// by byte as they are. None when there is no template of that style.
    pub(super) fn job_again(
        &self,
        style: &str,
        view: Vec<u8>,
        source: Option<Vec<u8>>,
        origin: &[u8],
        read: &Origin,
    ) -> Option<Job> {
        self.template(style)?;
        Some(self.job_with(style, view, source, Some(origin.to_vec()), read.date))
    }

    /// The template of a style.
    pub(super) fn template(&self, style: &str) -> Option<&[u8]> {
        let main = format!("/{style}.typ");
        let mut files = self.files.files().iter();
        let (_, bytes) = files.find(|(path, _)| *path == main)?;
        Some(bytes)
    }

    pub(super) fn files(&self) -> &TemplateFiles {
        &self.files
    }

    fn job_with(
        &self,
        style: &str,
        view: Vec<u8>,
        source: Option<Vec<u8>>,
        origin: Option<Vec<u8>>,
        today: jiff::civil::Date,
    ) -> Job {
        let mut attachments = Vec::new();
        let mut enclosed = vec![Enclosed::View.listed()];
        for (file, bytes) in [(Enclosed::Source, source), (Enclosed::Origin, origin)] {
            if let Some(bytes) = bytes {
                enclosed.push(file.listed());
                let path = format!("/{}", file.name());
                attachments.push(Attachment { path, bytes });
            }
        }
        attachments.push(Attachment {
            path: ENCLOSED_PATH.to_owned(),
            bytes: json_of(&serde_json::json!({ "bookmark": false, "files": enclosed })),
        });
        Job {
            name: String::new(),
            main: format!("/{style}.typ"),
            files: self.files.clone(),
            data: view,
            attachments,
            today,
            archive: true,
        }
    }
}

/// Where a template finds what the PDF is to carry inside.
pub(super) const ENCLOSED_PATH: &str = "/enclosed.json";

/// What a PDF carries inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Enclosed {
    /// What stands on it: the view that it was set from.
    View,
    /// The record's file.
    Source,
    /// The [`Origin`].
    Origin,
}

impl Enclosed {
    /// The name of the file.
    pub fn name(self) -> &'static str {
        match self {
            Enclosed::View => "view.json",
            Enclosed::Source => "record.toml",
            Enclosed::Origin => "origin.json",
        }
    }

    /// What a template attaches it as. Its description is a word of the paper,
    /// and so part of the view.
    pub fn listed(self) -> serde_json::Value {
        let (path, relationship, mime, words) = match self {
            Enclosed::View => (DATA_PATH, "data", "application/json", "enclosed_view"),
            Enclosed::Source => (
                "/record.toml",
                "source",
                "application/toml",
                "enclosed_record",
            ),
            Enclosed::Origin => (
                "/origin.json",
                "supplement",
                "application/json",
                "enclosed_origin",
            ),
        };
        serde_json::json!({
            "name": self.name(),
            "path": path,
            "relationship": relationship,
            "mime": mime,
            "words": words,
        })
    }
}

/// Views, origins and lists are strings and numbers: they always become JSON.
pub(super) fn json_of(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
