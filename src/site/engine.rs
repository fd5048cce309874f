//! Tera with the site's templates: the built-in ones under `builtin/`, the
//! organisation's over them by their plain names.
//!
//! Invariant: a mistake in a template of the organisation's costs that template
//! and nothing else: the built-in one stands in for it, and the mistake is told.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use tera::{Tera, Value};

use crate::definition::Templates;
use crate::definition::templates::Origin;
use crate::finding::{Finding, Place, Span};
use crate::register::Register;
use crate::tera_templates::{self, TemplateError};
use crate::words::Words;

/// Where the site's templates stand.
const FOLDER: &str = "site/";

/// A page could not be made: a built-in template is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteError {
    /// The page, or the templates as a whole when they could not be read.
    pub page: Option<String>,
    /// What tera says, with template, line and the words at fault.
    pub message: String,
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.page {
            Some(page) => write!(f, "{page}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for SiteError {}

pub(super) struct Engine {
    tera: Tera,
    /// What stands in, where the organisation has templates of its own.
    built_in: Option<Tera>,
    /// Pages that could not be drawn, and why.
    undrawn: Mutex<Vec<(String, TemplateError)>>,
}

impl Engine {
    /// Reads all templates; they see `words` and `globals` everywhere.
    pub fn new(
        templates: &Templates,
        words: &Words,
        globals: Vec<(&'static str, Value)>,
    ) -> Result<Self, SiteError> {
        // what is wrong with those that cannot be read is told by `unread`
        let (mut tera, _) = tera_templates::read_sound(templates, FOLDER);
        let built_in =
            has_own(templates).then(|| tera_templates::read(&Templates::built_in(), FOLDER));
        let mut built_in = built_in.transpose().map_err(|message| SiteError {
            page: None,
            message,
        })?;
        for tera in std::iter::once(&mut tera).chain(&mut built_in) {
            tera.autoescape_on([".html", ".xml"]);
            let global = tera.global_context();
            global.insert("words", words.tree());
            for (name, value) in &globals {
                global.insert_value(*name, value.clone());
            }
        }
        Ok(Engine {
            tera,
            built_in,
            undrawn: Mutex::default(),
        })
    }

    /// Renders a template to bytes.
    pub fn render(
        &self,
        template: &str,
        context: &tera::Context,
        page: &str,
    ) -> Result<Vec<u8>, SiteError> {
        let mut bytes = Vec::with_capacity(24 * 1024);
        let Err(error) = self.tera.render_to(template, context, &mut bytes) else {
            return Ok(bytes);
        };
        let failed = |error: tera::Error| SiteError {
            page: Some(page.to_owned()),
            message: error.to_string(),
        };
        let Some(built_in) = &self.built_in else {
            return Err(failed(error));
        };
        self.undrawn().push((page.to_owned(), error.into()));
        bytes.clear();
        built_in
            .render_to(template, context, &mut bytes)
            .map_err(failed)?;
        Ok(bytes)
    }

    /// Renders a template to a string that other templates print as it is.
    pub fn fragment(&self, template: &str, context: &tera::Context) -> Result<Value, SiteError> {
        let bytes = self.render(template, context, template)?;
        Ok(Value::safe_string(&String::from_utf8_lossy(&bytes)))
    }

    /// What was wrong with the organisation's templates when pages were drawn
    /// so far, each mistake once.
    pub fn findings(&self, register: &Register) -> Vec<Finding> {
        let mut undrawn = self.undrawn().clone();
        undrawn.sort_by(|a, b| a.0.cmp(&b.0));
        let mut told = BTreeSet::new();
        let findings = undrawn.into_iter().filter_map(|(page, error)| {
            let (place, detail) = located(register, &error);
            told.insert((place, detail.clone())).then(|| {
                Finding::error("template-failed", place)
                    .message("page")
                    .with("detail", detail)
                    .with("page", page)
            })
        });
        findings.collect()
    }

    fn undrawn(&self) -> MutexGuard<'_, Vec<(String, TemplateError)>> {
        // a poisoned lock holds what was told before
        match self.undrawn.lock() {
            Ok(undrawn) => undrawn,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

fn has_own(templates: &Templates) -> bool {
    let mut all = templates.below(FOLDER);
    all.any(|(_, template)| template.origin == Origin::Organisation)
}

/// What is wrong with those of the organisation's templates that cannot be read.
pub(super) fn unread(register: &Register) -> Vec<Finding> {
    if !has_own(&register.templates) {
        return Vec::new();
    }
    let (_, unread) = tera_templates::read_sound(&register.templates, FOLDER);
    let unread = unread.iter().map(|error| {
        let (place, detail) = located(register, error);
        Finding::error("template-failed", place).with("detail", detail)
    });
    unread.collect()
}

/// Where in the organisation's own template a mistake is, and what it is; at
/// the settings, with the place in words, where it shows in a built-in one.
fn located(register: &Register, error: &TemplateError) -> (Place, String) {
    let message = &error.message;
    let Some(at) = &error.at else {
        return (register.settings.place, message.clone());
    };
    let path = format!("templates/{}", at.path);
    let own = register
        .sources
        .iter()
        .find(|(_, source)| source.path == path);
    match own {
        Some((file, _)) => {
            let span = Span::new(at.bytes.clone());
            (Place { file, span }, message.clone())
        }
        None => {
            let detail = format!("{}:{}:{}: {message}", at.path, at.line, at.column);
            (register.settings.place, detail)
        }
    }
}
