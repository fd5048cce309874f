//! Reads the definitions: kinds, profiles, word lists, rules, clauses, words;
//! and checks the names that they use of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::load::{LoadOptions, Loading};
use crate::definition::kind::read_kind;
use crate::definition::lists::read_list;
use crate::definition::profile::read_profile;
use crate::definition::register_paper::read_register_paper;
use crate::definition::rule_text::read_rule_text;
use crate::definition::templates::{Origin, Template};
use crate::definition::{Kind, Profile, RegisterPaper, Templates, clause};
use crate::finding::{Finding, Place, Span};
use crate::organisation::Settings;
use crate::source::{SourceFile, nearest, parse};
use crate::text::Language;
use crate::words::Words;

pub(super) struct Definitions {
    pub kinds: Vec<Kind>,
    pub register_papers: Vec<RegisterPaper>,
    pub profiles: Vec<Profile>,
    pub lists: BTreeMap<Arc<str>, crate::definition::WordList>,
    pub rules: BTreeMap<Arc<str>, crate::definition::RuleText>,
    pub handbooks: Vec<crate::definition::Handbook>,
    pub clauses: Vec<crate::definition::Clause>,
    pub words: [Words; 2],
}

impl Loading {
    /// A template as a file; text that is no UTF-8 is a finding and empty.
    pub(super) fn template_file(&mut self, path: &str, template: &Template) -> SourceFile {
        let name = match template.origin {
            Origin::BuiltIn => format!("built-in:templates/{path}"),
            Origin::Organisation => format!("templates/{path}"),
        };
        match std::str::from_utf8(&template.bytes) {
            Ok(text) => SourceFile::new(name, text),
            Err(error) => {
                let place = Place {
                    file: self.sources.next(),
                    span: Span::default(),
                };
                self.findings.push(
                    Finding::error("unreadable-file", place)
                        .message("not-utf8")
                        .with("byte", error.valid_up_to()),
                );
                SourceFile::new(name, "")
            }
        }
    }

    pub(super) fn definitions(&mut self, templates: &Templates) -> Definitions {
        let mut kinds = Vec::new();
        for (path, template) in templates.below("kinds/") {
            let Some(id) = path
                .strip_prefix("kinds/")
                .and_then(|rest| rest.strip_suffix("/kind.toml"))
                .filter(|id| !id.contains('/'))
            else {
                continue;
            };
            let file = self.template_file(path, template);
            kinds.push(
                self.read(file, |file, reader| read_kind(id, file, reader))
                    .1,
            );
        }
        let mut register_papers = Vec::new();
        for (path, template) in templates.below("registers/") {
            let Some(id) = stem(path, "registers/") else {
                continue;
            };
            let file = self.template_file(path, template);
            let paper = self.read(file, |file, reader| {
                read_register_paper(id, file, reader, &kinds)
            });
            register_papers.push(paper.1);
        }
        let mut profiles = Vec::new();
        for (path, template) in templates.below("profiles/") {
            let Some(id) = stem(path, "profiles/") else {
                continue;
            };
            let file = self.template_file(path, template);
            profiles.push(self.read(file, |_, reader| read_profile(id, reader)).1);
        }
        let mut lists = BTreeMap::new();
        for (path, template) in templates.below("lists/") {
            let Some(id) = stem(path, "lists/") else {
                continue;
            };
            let file = self.template_file(path, template);
            let list = self.read(file, |_, reader| read_list(id, reader)).1;
            lists.insert(Arc::from(id), list);
        }
        let mut rules = BTreeMap::new();
        for (path, template) in templates.below("rules/") {
            let Some(id) = stem(path, "rules/") else {
                continue;
            };
            let file = self.template_file(path, template);
            let text = self.read(file, |_, reader| read_rule_text(id, reader)).1;
            rules.insert(Arc::from(id), text);
        }
        let (mut handbooks, mut clauses) = clause::ClauseList::default();
        for (path, template) in templates.below("clauses") {
            if path != "clauses.toml" && stem(path, "clauses/").is_none() {
                continue;
            }
            let file = self.template_file(path, template);
            let (of, list) = self.read(file, |_, reader| clause::read_clauses(reader)).1;
            handbooks.extend(of);
            clauses.extend(list);
        }
        let words = [Language::Chinese, Language::English].map(|language| {
            let path = format!("words/{}.toml", language.code());
            let Some(template) = templates.get(&path) else {
                return Words::default();
            };
            let file = self.template_file(&path, template);
            let id = self.sources.add(file);
            let parsed = parse(id, self.sources.file(id));
            let words = Words::new(language, parsed.table.get_ref());
            self.findings.extend(parsed.findings);
            words
        });
        Definitions {
            kinds,
            register_papers,
            profiles,
            lists,
            rules,
            handbooks,
            clauses,
            words,
        }
    }

    /// The profile that holds; a finding and the first one when it has no file.
    pub(super) fn profile(
        &mut self,
        profiles: &[Profile],
        settings: &Settings,
        options: &LoadOptions,
    ) -> usize {
        let wanted: &str = options
            .profile
            .as_deref()
            .unwrap_or(&settings.profile.value);
        if let Some(index) = profiles.iter().position(|profile| *profile.id == *wanted) {
            return index;
        }
        let known: Vec<&str> = profiles.iter().map(|profile| &*profile.id).collect();
        let mut finding = Finding::error("unknown-profile", settings.profile.place)
            .with("name", wanted)
            .with("known", known.join(", "));
        if let Some(near) = nearest(wanted, known.iter().copied()) {
            finding = finding.message("near").with("near", near);
        }
        self.findings.push(finding);
        profiles
            .iter()
            .position(|profile| &*profile.id == "default")
            .unwrap_or(0)
    }

    /// Names that definitions use of each other.
    pub(super) fn cross_check(&mut self, definitions: &Definitions) {
        self.check_clauses(definitions);
        let kinds = &definitions.kinds;
        let kind_names: Vec<&str> = kinds.iter().map(|kind| &*kind.id).collect();
        for profile in &definitions.profiles {
            for entry in &profile.limits {
                let kind = kinds.iter().find(|kind| kind.id == entry.kind);
                let known: Vec<&str> = match kind {
                    Some(kind) => kind.limits.iter().map(|limit| &*limit.id).collect(),
                    None => kind_names.clone(),
                };
                let name: &str = if kind.is_some() {
                    &entry.limit
                } else {
                    &entry.kind
                };
                if !known.contains(&name) {
                    self.findings.push(unknown_limit(entry.place, name, &known));
                }
            }
            for entry in &profile.forms {
                let Some(kind) = kinds.iter().find(|kind| kind.id == entry.kind) else {
                    self.findings
                        .push(unknown_limit(entry.place, &entry.kind, &kind_names));
                    continue;
                };
                // a layout is picked for the paper, not for another layout of it
                let papers: Vec<&str> = kind
                    .forms
                    .iter()
                    .filter(|form| entry.layout.is_none() || form.stands_for.is_none())
                    .map(|form| &*form.id)
                    .collect();
                if !papers.contains(&&*entry.form) {
                    self.findings
                        .push(unknown_limit(entry.place, &entry.form, &papers));
                    continue;
                }
                let Some((layout, place)) = &entry.layout else {
                    continue;
                };
                let layouts: Vec<&str> = kind
                    .forms
                    .iter()
                    .filter(|form| {
                        form.id == entry.form || form.stands_for.as_ref() == Some(&entry.form)
                    })
                    .map(|form| &*form.id)
                    .collect();
                if !layouts.contains(&&**layout) {
                    self.findings.push(unknown_limit(*place, layout, &layouts));
                }
            }
        }
    }
}

impl Loading {
    /// Clauses have a number of their own and a handbook; carriers name clauses.
    fn check_clauses(&mut self, definitions: &Definitions) {
        let handbooks = definitions.handbooks.iter();
        let handbooks: Vec<&str> = handbooks.map(|handbook| &*handbook.id).collect();
        let mut clauses = BTreeSet::new();
        for clause in &definitions.clauses {
            if !clauses.insert(&*clause.id) {
                self.findings
                    .push(Finding::error("duplicate-name", clause.place).with("name", &*clause.id));
            }
            if !handbooks.contains(&&*clause.handbook) {
                let (place, name) = (clause.handbook_place, &clause.handbook);
                self.findings
                    .push(unknown("unknown-handbook", place, name, &handbooks));
            }
        }
        let clauses: Vec<&str> = clauses.into_iter().collect();
        // templates that come without any list are not held to one
        for carrier in self.carriers.iter().filter(|_| !clauses.is_empty()) {
            if clauses.binary_search(&&*carrier.clause).is_err() {
                let (place, name) = (carrier.place, &carrier.clause);
                self.findings
                    .push(unknown("unknown-clause", place, name, &clauses));
            }
        }
    }
}

/// A name that stands for nothing, with the nearest that does.
fn unknown(rule: &'static str, place: Place, name: &str, known: &[&str]) -> Finding {
    let finding = Finding::error(rule, place)
        .with("name", name)
        .with("known", known.join(", "));
    match nearest(name, known.iter().copied()) {
        Some(near) => {
            finding
                .message("near")
                .with("near", near)
                .fix(place.span, format!("\"{near}\""), false)
        }
        None => finding,
    }
}

fn unknown_limit(place: Place, name: &str, known: &[&str]) -> Finding {
    let finding = Finding::error("unknown-limit", place)
        .with("name", name)
        .with("known", known.join(", "));
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.message("near").with("near", near),
        None => finding,
    }
}

pub(super) fn stem<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?
        .strip_suffix(".toml")
        .filter(|stem| !stem.contains('/'))
}
