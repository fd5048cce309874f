//! Tera with the templates of a folder: the built-in ones under `builtin/`, the
//! organisation's over them by their plain names, so that one of its own can
//! still include what it replaces.
//!
//! Invariant: what a template does with a value goes through the escaping of
//! the format that whoever draws has set.

use tera::{Kwargs, State, Tera, TeraResult};

use crate::definition::Templates;
use crate::definition::templates::Origin;

/// Reads the templates below a folder (`site/`). The error is tera's, with
/// template, line and the words at fault, or names a file that is no UTF-8.
pub fn read(templates: &Templates, folder: &str) -> Result<Tera, String> {
    let fail = |error: tera::Error| error.to_string();
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(["builtin/"]).map_err(fail)?;
    tera.register_filter("fill", fill);
    let built_in = Templates::built_in();
    let shipped = built_in
        .below(folder)
        .map(|(path, template)| (format!("builtin/{path}"), template));
    let own = templates
        .below(folder)
        .filter(|(_, template)| template.origin == Origin::Organisation)
        .map(|(path, template)| (path.to_owned(), template));
    let mut sources = Vec::new();
    for (name, template) in shipped.chain(own) {
        let text = std::str::from_utf8(&template.bytes)
            .map_err(|error| format!("templates/{name}: {error}"))?;
        sources.push((name, text));
    }
    tera.add_raw_templates(sources).map_err(fail)?;
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
