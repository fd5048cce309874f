//! `taizhang print` of records, and of blank forms of their kinds.

use std::collections::HashSet;

use super::Run;
use crate::definition::Kind;
use crate::definition::form::Form;
use crate::history::{Git, GitError};
use crate::print::{Sheet, Sheets, concerns, forms_of, forms_of_kind, papers_of};

/// What the command line asks for.
pub(super) fn chosen<'r>(
    run: &Run<'r>,
    made: &Sheets<'_, 'r>,
) -> Result<Vec<Sheet<'r>>, Vec<String>> {
    let mut asked = Asked {
        run,
        made,
        wrong: Vec::new(),
        unknown_form: Vec::new(),
        found_form: false,
        named: HashSet::new(),
    };
    let records = asked.records();
    let mut sheets = asked.papers(&records);
    sheets.extend(asked.blank());
    asked.complain(records.is_empty() && sheets.is_empty())?;
    Ok(sheets)
}

struct Asked<'a, 'o, 'r> {
    run: &'a Run<'r>,
    made: &'a Sheets<'o, 'r>,
    wrong: Vec<String>,
    unknown_form: Vec<String>,
    found_form: bool,
    /// Records asked for one by one.
    named: HashSet<usize>,
}

impl<'r> Asked<'_, '_, 'r> {
    /// The records that are named, or all that the other arguments leave.
    fn records(&mut self) -> Vec<usize> {
        let (run, register) = (self.run, self.run.register);
        let arguments = run.arguments;
        let person = arguments
            .person
            .as_ref()
            .filter(|_| arguments.register.is_none());
        let narrowed =
            arguments.kind.is_some() || arguments.changed_since.is_some() || person.is_some();
        let mut records: Vec<usize> = Vec::new();
        if arguments.all || narrowed && arguments.records.is_empty() {
            records.extend(0..register.records.len());
        }
        for id in &arguments.records {
            match run.whole.find(id) {
                Some(index) => {
                    self.named.insert(index);
                    records.push(index);
                }
                None => self.say("print.command.unknown_record", &[("name", id)]),
            }
        }
        if arguments.audience.is_some() {
            let mut hidden = Vec::new();
            records.retain(|record| {
                let seen = self.made.outlook.sees(*record);
                if !seen && self.named.contains(record) {
                    hidden.push(run.whole.records[*record].id.value.clone());
                }
                seen
            });
            for id in hidden {
                self.say("print.command.unseen_record", &[("name", &id)]);
            }
        }
        if let Some(name) = &arguments.kind {
            match register.kinds.iter().position(|kind| *kind.id == **name) {
                Some(kind) => records.retain(|record| register.records[*record].kind == kind),
                None => {
                    let known: Vec<&str> = register.kinds.iter().map(|kind| &*kind.id).collect();
                    let known = known.join(", ");
                    self.say(
                        "print.command.unknown_kind",
                        &[("name", name), ("known", &known)],
                    );
                }
            }
        }
        if let Some(name) = person {
            match run.whole.organisation.find_person(name) {
                Some(person) => {
                    records.retain(|record| concerns(self.made.outlook, *record, person));
                }
                None => self.say("print.command.unknown_of", &[("name", name)]),
            }
        }
        if let Some(revision) = &arguments.changed_since {
            let changed = Git::open(&run.common.root).and_then(|git| git.changed_since(revision));
            match changed {
                Ok(changed) => {
                    let changed: HashSet<String> = changed.into_iter().collect();
                    records.retain(|record| {
                        let file = run.whole.records[*record].file;
                        changed.contains(&run.whole.sources.file(file).path)
                    });
                }
                Err(GitError::UnknownRevision(_)) => {
                    self.say("print.command.unknown_revision", &[("name", revision)]);
                }
                Err(GitError::Missing | GitError::NoRepository) => {
                    self.say("print.command.no_git", &[]);
                }
                Err(GitError::Failed(detail)) => {
                    self.say("cli.no-history", &[("detail", &detail)]);
                }
            }
        }
        records
    }

    fn papers(&mut self, records: &[usize]) -> Vec<Sheet<'r>> {
        let (run, register) = (self.run, self.run.register);
        let mut sheets = Vec::new();
        for index in records {
            let record = &register.records[*index];
            let kind = register.kind_of(record);
            let papers = match &run.arguments.form {
                None => forms_of(register, record),
                Some(name) => match self.form_named(kind, name) {
                    // one that is asked for by number is printed before its time, too
                    Some(form) if self.named.contains(index) => papers_of(kind, form, record),
                    Some(form) => forms_of(register, record)
                        .into_iter()
                        .filter(|paper| paper.form.id == form.id)
                        .collect(),
                    None => continue,
                },
            };
            if papers.is_empty() && self.named.contains(index) {
                let values = [("name", &*record.id.value)];
                eprintln!("{}", run.words.filled("print.command.no_forms", &values));
            }
            sheets.extend(papers.iter().map(|paper| self.made.form(*index, paper)));
        }
        sheets
    }

    fn blank(&mut self) -> Vec<Sheet<'r>> {
        let (run, register) = (self.run, self.run.register);
        let Some(name) = &run.arguments.blank else {
            return Vec::new();
        };
        let kinds: Vec<&'r Kind> = match name.as_str() {
            "all" => register.kinds.iter().collect(),
            name => register.kind(name).into_iter().collect(),
        };
        if kinds.is_empty() && register.register_paper(name).is_none() {
            let papers = register.register_papers.iter().map(|paper| &*paper.id);
            let kinds = register.kinds.iter().map(|kind| &*kind.id);
            let known: Vec<&str> = kinds.chain(papers).collect();
            let known = known.join(", ");
            self.say(
                "print.command.unknown_kind",
                &[("name", name), ("known", &known)],
            );
        }
        let mut sheets = Vec::new();
        for kind in kinds {
            let forms: Vec<&Form> = match &run.arguments.form {
                None => forms_of_kind(register, kind).collect(),
                Some(name) => self.form_named(kind, name).into_iter().collect(),
            };
            sheets.extend(forms.into_iter().map(|form| self.made.blank(kind, form)));
        }
        sheets
    }

    /// The form of that name, or the only one whose name begins so.
    fn form_named(&mut self, kind: &'r Kind, name: &str) -> Option<&'r Form> {
        let found = match kind.form(name) {
            Some(form) => vec![form],
            None => kind
                .forms
                .iter()
                .filter(|form| !name.is_empty() && form.id.starts_with(name))
                .collect(),
        };
        if let [only] = found.as_slice() {
            self.found_form = true;
            return Some(only);
        }
        let (message, known): (&str, Vec<&str>) = match found.is_empty() {
            true => (
                "print.command.unknown_form",
                kind.forms.iter().map(|form| &*form.id).collect(),
            ),
            false => (
                "print.command.ambiguous_form",
                found.iter().map(|form| &*form.id).collect(),
            ),
        };
        let known = known.join(", ");
        let values = [("name", name), ("known", known.as_str())];
        self.unknown_form
            .push(self.run.words.filled(message, &values));
        None
    }

    fn say(&mut self, message: &str, values: &[(&str, &str)]) {
        self.wrong.push(self.run.words.filled(message, values));
    }

    /// Everything wrong with the command line at once.
    fn complain(mut self, nothing: bool) -> Result<(), Vec<String>> {
        let arguments = self.run.arguments;
        // of several kinds it is enough that one has the form
        if !self.found_form {
            self.unknown_form.dedup();
            self.wrong.append(&mut self.unknown_form);
        }
        let narrowed = arguments.kind.is_some()
            || arguments.changed_since.is_some()
            || arguments.person.is_some() && arguments.register.is_none();
        let asked = narrowed
            || arguments.all
            || !arguments.records.is_empty()
            || arguments.blank.is_some()
            || arguments.register.is_some();
        if !asked {
            self.wrong
                .push(self.run.words.get("print.command.which").to_owned());
        }
        if !self.wrong.is_empty() {
            return Err(self.wrong);
        }
        if narrowed && nothing {
            eprintln!("{}", self.run.words.get("print.command.nothing"));
        }
        Ok(())
    }
}
