//! `taizhang print --register`: papers gathered from many records.

use super::{Arguments, Run};
use crate::definition::RegisterPaper;
use crate::gathering::Group;
use crate::organisation::Subject;
use crate::print::{Gathered, Sheet, Sheets, gathered};
use crate::register::Register;

/// What the command line asks for.
pub(super) fn chosen<'r>(
    run: &Run<'r>,
    made: &Sheets<'_, 'r>,
) -> Result<Vec<Sheet<'r>>, Vec<String>> {
    let (register, arguments, words) = (run.register, run.arguments, run.words);
    let mut sheets = Vec::new();
    let blank = arguments.blank.as_deref();
    for paper in named(register, blank.filter(|_| arguments.form.is_none())) {
        sheets.push(made.blank_register(paper));
    }
    // some records, or one form of all, are no register paper
    let everything = arguments.all
        && arguments.form.is_none()
        && arguments.kind.is_none()
        && arguments.changed_since.is_none()
        && arguments.person.is_none();
    let wanted = arguments
        .register
        .as_deref()
        .or(everything.then_some("all"));
    let Some(name) = wanted else {
        return Ok(sheets);
    };
    let papers = named(register, Some(name));
    if papers.is_empty() && name != "all" {
        let known: Vec<&str> = register
            .register_papers
            .iter()
            .map(|paper| &*paper.id)
            .collect();
        let values = [("name", name), ("known", &known.join(", "))];
        return Err(vec![
            words.filled("print.command.unknown_register", &values),
        ]);
    }
    let of = match of(run.whole, arguments) {
        Ok(of) => of,
        Err(name) => {
            return Err(vec![
                words.filled("print.command.unknown_of", &[("name", &name)]),
            ]);
        }
    };
    let mut found = false;
    for paper in papers {
        let of_paper = gathered(made.outlook, paper)
            .into_iter()
            .filter(|paper: &Gathered<'_>| of.is_none() || paper.of == of);
        for one in of_paper {
            found = true;
            sheets.push(made.gathered(&one));
        }
    }
    if !found && !arguments.all {
        eprintln!(
            "{}",
            words.filled("print.command.no_papers", &[("name", name)])
        );
    }
    Ok(sheets)
}

/// The papers of that name; all of them for `all`.
fn named<'r>(register: &'r Register, name: Option<&str>) -> Vec<&'r RegisterPaper> {
    match name {
        None => Vec::new(),
        Some("all") => register.register_papers.iter().collect(),
        Some(name) => register.register_paper(name).into_iter().collect(),
    }
}

/// Whom or what papers are asked for; in error the name nobody has.
fn of(register: &Register, arguments: &Arguments) -> Result<Option<Group>, String> {
    let organisation = &register.organisation;
    let subject = |name: &String, found: Option<Subject>| match found {
        Some(subject) => Ok(Some(Group::Subject(subject))),
        None => Err(name.clone()),
    };
    if let Some(name) = &arguments.party {
        return subject(name, organisation.find_party(name).map(Subject::Party));
    }
    if let Some(name) = &arguments.department {
        let found = organisation.find_department(name);
        return subject(name, found.map(Subject::Department));
    }
    if let Some(name) = &arguments.person {
        return subject(name, organisation.find_person(name).map(Subject::Person));
    }
    let year = arguments.year.map(|year| year.to_string());
    Ok(arguments.project.clone().or(year).map(Group::Words))
}
