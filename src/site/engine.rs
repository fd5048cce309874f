//! Tera with the site's templates: the built-in ones under `builtin/`, the
//! organisation's over them by their plain names.

use std::fmt;

use tera::{Tera, Value};

use crate::definition::Templates;
use crate::tera_templates;
use crate::words::Words;

/// Where the site's templates stand.
const FOLDER: &str = "site/";

/// A page could not be made: a template is wrong.
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

/// What no page could be made for: the first mistake in the site's templates.
pub fn mistake(templates: &Templates) -> Option<SiteError> {
    read(templates).err()
}

fn read(templates: &Templates) -> Result<Tera, SiteError> {
    tera_templates::read(templates, FOLDER).map_err(|message| SiteError {
        page: None,
        message,
    })
}

pub(super) struct Engine {
    tera: Tera,
}

impl Engine {
    /// Reads all templates; they see `words` and `globals` everywhere.
    pub fn new(
        templates: &Templates,
        words: &Words,
        globals: Vec<(&'static str, Value)>,
    ) -> Result<Self, SiteError> {
        let mut tera = read(templates)?;
        tera.autoescape_on([".html", ".xml"]);
        let global = tera.global_context();
        global.insert("words", words.tree());
        for (name, value) in globals {
            global.insert_value(name, value);
        }
        Ok(Engine { tera })
    }

    /// Renders a template to bytes.
    pub fn render(
        &self,
        template: &str,
        context: &tera::Context,
        page: &str,
    ) -> Result<Vec<u8>, SiteError> {
        let mut bytes = Vec::with_capacity(24 * 1024);
        self.tera
            .render_to(template, context, &mut bytes)
            .map_err(|error| SiteError {
                page: Some(page.to_owned()),
                message: error.to_string(),
            })?;
        Ok(bytes)
    }

    /// Renders a template to a string that other templates print as it is.
    pub fn fragment(&self, template: &str, context: &tera::Context) -> Result<Value, SiteError> {
        let text = self
            .tera
            .render(template, context)
            .map_err(|error| SiteError {
                page: Some(template.to_owned()),
                message: error.to_string(),
            })?;
        Ok(Value::safe_string(&text))
    }
}
