//! Forms that are filled in the browser: a page for each kind of matter, made
//! from its definition, that yields the record's file and leads to the forge.
//!
//! The page itself can be read without scripts: what is asked, where, from
//! which state on. `assets/fill/` makes the form of the data beside it.
//!
//! Invariants:
//! - Only insiders' sites have these pages: they name everybody (D12).
//! - Nothing is sent anywhere; the data are scripts, so that a page works
//!   from a folder (`file://`), where nothing else can be loaded.

mod company;
mod definition;
mod expression;
mod record;

use serde_json::{Value, json};

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::markup::Markup;
use super::record::{FormView, forms};
use super::view::view;
use super::{address, chrome};
use crate::definition::{Field, Kind, Phase};
use crate::publish::Output;
use definition::Definition;

/// From a folder up to the root.
const ROOT: &str = "../";

view! {
    FormsView {
        title: String,
        crumbs: Vec<CrumbView>,
        kinds: Vec<KindView>,
    }
}

view! {
    KindView {
        label: String,
        description: String,
        href: String,
        clauses: Markup,
    }
}

/// The list of all forms to fill in.
pub(super) fn render_all(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.fill.title");
    let kinds = context.register.kinds.iter();
    let page = FormsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        kinds: kinds
            .map(|kind| KindView {
                label: context.text(&kind.name).to_owned(),
                description: context.text(&kind.description).to_owned(),
                href: address::fill(&kind.id),
                clauses: clauses(context, kind, ""),
            })
            .collect(),
    };
    context.page(
        "site/fill-all.html",
        address::FILL.to_owned(),
        address::FILL,
        page,
    )
}

view! {
    FillView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        description: String,
        clauses: Markup,
        register: String,
        data: String,
        blanks: Vec<FormView>,
        sections: Vec<SectionView>,
    }
}

view! {
    SectionView {
        id: String,
        label: String,
        hint: String,
        fields: Vec<FieldView>,
    }
}

view! {
    FieldView {
        label: String,
        hint: String,
        when: String,
    }
}

/// The form of a kind.
pub(super) fn render(context: &Context<'_>, kind: usize) -> Result<Output, SiteError> {
    let definition = &context.register.kinds[kind];
    let label = context.text(&definition.name);
    let title = context.words.filled("site.fill.new", &[("kind", label)]);
    let path = address::fill(&definition.id);
    let data = address::fill_data(&definition.id);
    let sections = definition.sections.iter();
    let page = FillView {
        title: title.clone(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.fill.title"),
                Some(format!("{ROOT}{}", address::FILL)),
            ),
            (label, None),
        ]),
        heading: title,
        description: context.text(&definition.description).to_owned(),
        clauses: clauses(context, definition, ROOT),
        register: format!("{ROOT}{}", address::register(&definition.id, 1)),
        data: format!("{ROOT}{data}"),
        blanks: forms(context, context.forms.of_kind(kind), ROOT),
        sections: sections
            .map(|section| SectionView {
                id: section.id.to_string(),
                label: context.text(&section.label).to_owned(),
                hint: hint(context, section.hint.as_ref()),
                fields: section
                    .fields
                    .iter()
                    .map(|field| FieldView {
                        label: context.text(&field.label).to_owned(),
                        hint: hint(context, field.hint.as_ref()),
                        when: when(context, definition, field),
                    })
                    .collect(),
            })
            .collect(),
    };
    context.page("site/fill.html", path, address::FILL, page)
}

fn hint(context: &Context<'_>, hint: Option<&crate::text::Text>) -> String {
    hint.map_or_else(String::new, |hint| context.text(hint).to_owned())
}

fn clauses(context: &Context<'_>, kind: &Kind, root: &str) -> Markup {
    let mut clauses = Markup::default();
    for clause in &kind.clauses {
        clauses.join(&context.clause(clause, root));
    }
    clauses
}

/// From when on a field must be there, in words.
fn when(context: &Context<'_>, kind: &Kind, field: &Field) -> String {
    if field.required.condition.is_some() {
        return context.word("site.fill.sometimes").to_owned();
    }
    let Some(from) = field.required.from else {
        return context.word("site.fill.optional").to_owned();
    };
    let state = &kind.states[from];
    if state.phase == Phase::Draft {
        return context.word("site.fill.required").to_owned();
    }
    let values = [("state", context.text(&state.label))];
    context.words.filled("site.fill.later", &values)
}

/// The data that a form is made of.
pub(super) fn data(context: &Context<'_>, kind: usize) -> Output {
    let kind = &context.register.kinds[kind];
    let zone = &context.register.settings.time.time_zone;
    let year = context.outlook.as_of.to_zoned(zone.clone()).year();
    let definition = Definition::new(context.register, context.language, kind, year);
    script(address::fill_data(&kind.id), "form", &definition.json())
}

/// The data that all forms share.
pub(super) fn company(context: &Context<'_>) -> Output {
    let json = company::json(context.register, context.language);
    script(address::FILL_COMPANY.to_owned(), "company", &json)
}

/// A record for its form.
pub(super) fn record(context: &Context<'_>, index: usize) -> Output {
    let record = &context.register.records[index];
    let kind = context.register.kind_of(record);
    let source = context.register.sources.file(record.file);
    let mut json = record::json(kind, record.file, source);
    // a number that this site does not show: the form would lose it or tell it
    if names(&json["values"], &|text| is_hidden(context, text)) {
        json["values"] = json!({ "kind": &*kind.id, "id": &*record.id.value });
        json["trouble"] = json!(["related"]);
    }
    script(address::fill_record(&record.id.value), "record", &json)
}

/// Whether a text is a number of which the viewer knows no record.
fn is_hidden(context: &Context<'_>, text: &str) -> bool {
    let mut kinds = context.register.kinds.iter();
    kinds.any(|kind| kind.number.read(text).is_some())
        && context
            .register
            .find(text)
            .is_none_or(|index| !context.outlook.sees(index))
}

/// Whether any text of a value is such.
fn names(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text.trim()),
        Value::Array(items) => items.iter().any(|item| names(item, is)),
        Value::Object(map) => map.values().any(|item| names(item, is)),
        _ => false,
    }
}

/// JSON is JavaScript: a call with the data is a file that a page may load
/// from a folder.
fn script(path: String, name: &str, json: &Value) -> Output {
    Output {
        path,
        bytes: format!("taizhangForm.{name}({json});\n").into_bytes(),
    }
}
