//! The lists of the site and their data: scripts that call `taizhang.…` with
//! what a page needs beyond itself. Loaded by `<script>`, they work from a
//! folder as from a server.
//!
//! - `data/words.js`: `taizhang.say({…})`, what scripts say.
//! - `data/names.js`: `taizhang.names({"p:li-na": ["李娜", "people/li-na.html"], …})`.
//! - `data/<list>.js`: `taizhang.list({name, columns, more, groups, years, parts})`.
//! - `data/<list>-<part>.js`: `taizhang.part([list, part], rows)`; a row is the
//!   index of its group and its cells. The part of a register is a year, so that
//!   the file of a year in which nothing is open stays as it is.
//! - `data/<list>-<part>-more.js`: the same rows in the columns `more`.

use rayon::prelude::*;

use super::context::Context;
use super::deadlines::Beside;
use super::engine::SiteError;
use super::list::{List, Of};
use super::{actions, address, deadlines, register, register_table};
use crate::organisation::{DepartmentId, PartyId, PersonId, Subject};
use crate::publish::Output;

/// A file of data.
#[derive(Clone, Copy)]
pub(super) enum File {
    Words,
    Names,
    Head(usize),
    Part(usize, usize),
    More(usize, usize),
}

/// All lists that have data.
pub(super) struct Lists {
    pub all: Vec<List>,
}

impl Lists {
    pub fn new(context: &Context<'_>) -> Self {
        let ((deadlines, actions), registers) = rayon::join(
            || rayon::join(|| deadlines::list(context), || actions::list(context)),
            || -> Vec<List> {
                let kinds: Vec<usize> = context.outlook.kinds().map(|(kind, _)| kind).collect();
                let kinds = kinds.into_par_iter();
                kinds.map(|kind| register::list(context, kind)).collect()
            },
        );
        let mut all = vec![deadlines, actions];
        all.extend(registers);
        Lists { all }
    }

    /// Every file of data.
    pub fn files(&self) -> Vec<File> {
        let mut files = vec![File::Words, File::Names];
        for (index, list) in self.all.iter().enumerate() {
            files.push(File::Head(index));
            for part in 0..list.parts.len() {
                files.push(File::Part(index, part));
                if !list.more.is_empty() {
                    files.push(File::More(index, part));
                }
            }
        }
        files
    }

    /// A page of a list, from 1.
    pub fn page(
        &self,
        context: &Context<'_>,
        list: usize,
        number: usize,
    ) -> Result<Output, SiteError> {
        let list = &self.all[list];
        match list.of {
            Of::Register(kind) => register::render(context, list, kind, number),
            Of::Deadlines => deadlines::render(context, list, number),
            Of::Actions => actions::render(context, list, number),
        }
    }

    /// A file of data.
    pub fn data(&self, context: &Context<'_>, file: File) -> Output {
        match file {
            File::Words => words(context),
            File::Names => names(context),
            File::Head(list) => self.all[list].head(),
            File::Part(list, part) => {
                let list = &self.all[list];
                list.part(context, part, |item| match list.of {
                    Of::Register(_) => register_table::row(context, item),
                    Of::Deadlines => deadlines::row(context, item, Beside::Debtor),
                    Of::Actions => actions::row(context, item),
                })
            }
            File::More(list, part) => self.all[list].more_of_part(context, part, |item| {
                register_table::more_row(context, item)
            }),
        }
    }
}

/// What scripts say: the table `[script]` of the words, and the days of the week.
fn words(context: &Context<'_>) -> Output {
    let tree = context.words.tree();
    let days = &tree["display"]["weekdays"];
    let mut words = tree["script"].clone();
    if let Some(words) = words.as_object_mut() {
        words.insert("weekdays".to_owned(), days.clone());
        words.insert("nobody".to_owned(), tree["site"]["value"]["nobody"].clone());
    }
    Output {
        path: address::data("words"),
        bytes: format!("taizhang.say({words});\n").into_bytes(),
    }
}

/// Names and addresses of people, departments and parties; nothing where they
/// have no pages.
fn names(context: &Context<'_>) -> Output {
    let mut names = serde_json::Map::new();
    if context.outlook.viewer.is_insider() {
        let organisation = &context.register.organisation;
        let people = (0..organisation.people.len() as u32).map(|id| {
            let person = PersonId(id);
            let address = address::person(&organisation.person(person).id);
            (Subject::Person(person), address)
        });
        let departments = (0..organisation.departments.len() as u32).map(|id| {
            let department = DepartmentId(id);
            let address = address::department(&organisation.department(department).id);
            (Subject::Department(department), address)
        });
        let parties = 0..organisation.parties.len() as u32;
        let parties = parties.map(|id| (Subject::Party(PartyId(id)), String::new()));
        for (subject, address) in people.chain(departments).chain(parties) {
            let name = context.plain_name(subject);
            names.insert(
                context.name_key(subject),
                serde_json::json!([name, address]),
            );
        }
    }
    let names = serde_json::Value::Object(names);
    Output {
        path: address::data("names"),
        bytes: format!("taizhang.names({names});\n").into_bytes(),
    }
}
