//! Tera with the site's templates: the built-in ones under `builtin/`, the
//! organisation's over them by their plain names.

use std::fmt;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::definition::Templates;
use crate::definition::templates::Origin;
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
        let fail = |error: tera::Error| SiteError {
            page: None,
            message: error.to_string(),
        };
        let mut tera = Tera::default();
        tera.autoescape_on([".html", ".xml"]);
        tera.set_fallback_prefixes(["builtin/"]).map_err(fail)?;
        tera.register_filter("fill", fill);
        let built_in = Templates::built_in();
        let shipped = built_in
            .below(FOLDER)
            .map(|(path, template)| (format!("builtin/{path}"), template));
        let own = templates
            .below(FOLDER)
            .filter(|(_, template)| template.origin == Origin::Organisation)
            .map(|(path, template)| (path.to_owned(), template));
        let mut sources = Vec::new();
        for (name, template) in shipped.chain(own) {
            match std::str::from_utf8(&template.bytes) {
                Ok(text) => sources.push((name, text)),
                Err(error) => {
                    return Err(SiteError {
                        page: None,
                        message: format!("templates/{name}: {error}"),
                    });
                }
            }
        }
        tera.add_raw_templates(sources).map_err(fail)?;
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

/// `{{ words.… | fill(count=3) }}`: puts values in the places of their names.
fn fill(text: &str, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(crate::text::fill(text, |wanted| {
        values
            .iter()
            .find(|(name, _)| name.as_str() == Some(wanted))
            .map(|(_, value)| value.to_string().into())
    }))
}
