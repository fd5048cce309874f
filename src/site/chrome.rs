//! The frame around every page: head, bar, navigation, foot. Rendered once for
//! each depth and each entry of the navigation, not once a page.

use std::collections::HashMap;

use tera::Value;

use super::dates::Dates;
use super::editions::Editions;
use super::engine::{Engine, SiteError};
use super::own_pages::OwnPages;
use super::view::view;
use super::{address, changes, own_look, search, statistics};
use crate::calendar::Moment;
use crate::outlook::{Outlook, Viewer};
use crate::register::Register;
use crate::text::Language;
use crate::words::Words;

view! {
    /// What templates see as `site`.
    SiteView {
        lang: &'static str,
        name: String,
        organisation: String,
        as_of: InstantView,
        profile: String,
        audience: Option<String>,
        insider: bool,
        built_with: String,
        logo: Option<String>,
        own_style: bool,
    }
}

view! {
    /// An instant in its parts.
    InstantView {
        iso: String,
        day: String,
        weekday: String,
        clock: String,
    }
}

view! {
    /// A step of the breadcrumb; the last has no address.
    CrumbView {
        text: String,
        href: Option<String>,
    }
}

view! {
    /// Another language that the site is in.
    LanguageView {
        tag: &'static str,
        name: String,
        root: String,
    }
}

/// Where the path of the page goes that a frame is put around: frames are the
/// same on many pages, the way to the same page in another language is not.
const HERE: &str = "\u{f8ff}here\u{f8ff}";

/// What templates see as `languages`: the others that the site is in.
pub(super) fn languages(editions: &Editions, own: Language, register: &Register) -> Value {
    let up = editions.up(own);
    let view = |language: Language| LanguageView {
        tag: language.tag(),
        name: register
            .words(language)
            .get("site.about.this_language")
            .to_owned(),
        root: format!("{up}{}", editions.folder(language)),
    };
    let others: Vec<LanguageView> = editions
        .all()
        .filter(|language| *language != own)
        .map(view)
        .collect();
    others.into()
}

/// What templates see as `site`.
pub(super) fn site(
    outlook: &Outlook<'_>,
    language: Language,
    words: &Words,
    dates: &Dates<'_>,
    own_style: bool,
) -> Value {
    let settings = &outlook.register.settings;
    let logo = settings.site.logo.as_ref();
    let name = settings.name.get(language).to_owned();
    let short = settings
        .short_name
        .as_ref()
        .map_or(name.as_str(), |short| short.get(language));
    let (day, clock) = dates.parts(Moment::Instant(outlook.as_of));
    SiteView {
        lang: language.tag(),
        name: words.filled("site.frame.title", &[("organisation", short)]),
        organisation: short.to_owned(),
        as_of: InstantView {
            iso: outlook.as_of.to_string(),
            day: Dates::day(day),
            weekday: dates.weekday(day).to_owned(),
            clock: clock.unwrap_or_default(),
        },
        profile: outlook.register.profile().name.get(language).to_owned(),
        audience: audience(outlook, language),
        insider: outlook.viewer.is_insider(),
        built_with: words.filled(
            "site.frame.built_with",
            &[("version", env!("CARGO_PKG_VERSION"))],
        ),
        logo: logo.map(|logo| format!("assets/{}", own_look::logo_path(logo.format))),
        own_style,
    }
    .into()
}

/// Whom the site is for, unless it is for the whole company.
pub(super) fn audience(outlook: &Outlook<'_>, language: Language) -> Option<String> {
    match &outlook.viewer {
        Viewer::Repository | Viewer::Internal => None,
        Viewer::Public(party) => Some(
            outlook
                .register
                .organisation
                .party(*party)
                .name
                .get(language)
                .to_owned(),
        ),
        Viewer::Confidential { group, .. } => {
            let settings = &outlook.register.settings;
            let setting = settings
                .audiences
                .iter()
                .find(|audience| *audience.id == **group);
            Some(setting.map_or_else(
                || group.clone(),
                |setting| setting.name.get(language).to_owned(),
            ))
        }
    }
}

/// The rendered frames.
pub(super) struct Chrome {
    /// Head and foot at the root and in a folder.
    ends: [(Value, Value); 2],
    /// Bar and navigation by root, entry, and whether the page is the entry itself.
    tops: HashMap<(&'static str, String, bool), Value>,
}

impl Chrome {
    pub fn new(
        engine: &Engine,
        outlook: &Outlook<'_>,
        own: &OwnPages,
        up: &str,
    ) -> Result<Self, SiteError> {
        let frame = |root: &str| {
            let mut context = tera::Context::new();
            context.insert("root", root);
            context.insert("shared", &format!("{root}{up}"));
            context.insert("here", HERE);
            context
        };
        let end = |root: &str| -> Result<(Value, Value), SiteError> {
            let context = frame(root);
            Ok((
                engine.fragment("site/chrome-head.html", &context)?,
                engine.fragment("site/chrome-foot.html", &context)?,
            ))
        };
        let mut tops = HashMap::new();
        let mut entries: Vec<String> = [
            "index.html",
            "deadlines.html",
            "actions.html",
            "registers.html",
            "organisation.html",
            search::ADDRESS,
            "calendar.html",
            "parties.html",
            "projects.html",
            "forms.html",
            "about.html",
            changes::ADDRESS,
            statistics::ADDRESS,
            address::FILL,
        ]
        .map(str::to_owned)
        .into();
        let papers = outlook.register.register_papers.iter();
        let papers = papers.filter(|paper| paper.navigation.is_some());
        entries.extend(papers.map(|paper| address::gathered(&paper.id, None, 1)));
        if let Viewer::Public(party) = &outlook.viewer {
            let party = outlook.register.organisation.party(*party);
            entries.push(address::party(&party.id));
        }
        entries.extend(
            outlook
                .kinds()
                .map(|(_, kind)| address::register(&kind.id, 1)),
        );
        entries.extend(own.pages.iter().map(|page| address::handbook(&page.name)));
        let first = outlook.register.handbooks.first();
        entries.extend(first.map(|first| address::clauses(&first.id)));
        for entry in entries {
            for (root, is_page) in [("", true), ("../", true), ("", false), ("../", false)] {
                if is_page && address::root_of(&entry) != root {
                    continue;
                }
                let mut context = frame(root);
                context.insert("current", &entry);
                context.insert("current_is", if is_page { "page" } else { "true" });
                let top = engine.fragment("site/chrome-top.html", &context)?;
                tops.insert((root, entry.clone(), is_page), top);
            }
        }
        Ok(Chrome {
            ends: [end("")?, end("../")?],
            tops,
        })
    }

    /// Puts the frame of the page at `path` into its context.
    pub fn insert(&self, context: &mut tera::Context, path: &str, current: &str) {
        let root = address::root_of(path);
        let (head, foot) = &self.ends[usize::from(!root.is_empty())];
        let top = self.tops.get(&(root, current.to_owned(), path == current));
        for (name, part) in [("head", Some(head)), ("foot", Some(foot)), ("top", top)] {
            let part = part.cloned().unwrap_or_else(|| Value::from(""));
            context.insert_value(name, placed(part, path));
        }
    }
}

/// A frame around the page at this path.
fn placed(frame: Value, path: &str) -> Value {
    match frame.as_str() {
        // an address has no character that means anything in HTML
        Some(text) if text.contains(HERE) => Value::safe_string(&text.replace(HERE, path)),
        _ => frame,
    }
}

/// A breadcrumb: texts with addresses, the page itself last.
pub(super) fn crumbs<const N: usize>(steps: [(&str, Option<String>); N]) -> Vec<CrumbView> {
    steps
        .into_iter()
        .map(|(text, href)| CrumbView {
            text: text.to_owned(),
            href,
        })
        .collect()
}
