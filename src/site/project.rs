//! Projects: what is under way in each, who takes part, and its file.

use super::charts::{self, TracksView};
use super::chrome::CrumbView;
use super::collections::Project;
use super::context::Context;
use super::dealings::{Dealings, DealingsView};
use super::engine::SiteError;
use super::list::{PageLink, links};
use super::markup::Markup;
use super::party::{FileView, files};
use super::record::FactView;
use super::view::view;
use super::{address, chrome};
use crate::definition::register_paper::Per;
use crate::gathering::Group;
use crate::organisation::Subject;
use crate::publish::Output;

/// From a folder up to the root.
const ROOT: &str = "../";
/// Rows of a page of the list: about 130 KB.
const ROWS: usize = 300;
/// Most names under a page's title.
const MOST_NAMES: usize = 40;

view! {
    ProjectsView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        projects: Vec<ProjectRow>,
        pages: Vec<PageLink>,
    }
}

view! {
    ProjectRow {
        name: String,
        href: String,
        open: usize,
        overdue: usize,
        tasks: usize,
        total: usize,
    }
}

view! {
    ProjectView {
        title: String,
        crumbs: Vec<CrumbView>,
        heading: String,
        lead: String,
        facts: Vec<FactView>,
        dealings: DealingsView,
        plan: Option<TracksView>,
        files: Vec<FileView>,
    }
}

/// How many pages the list has.
pub(super) fn page_count(context: &Context<'_>) -> usize {
    context.collections.projects.len().div_ceil(ROWS).max(1)
}

pub(super) fn render_all(context: &Context<'_>, number: usize) -> Result<Output, SiteError> {
    let title = context.word("site.project.title");
    let mut projects: Vec<ProjectRow> = context
        .collections
        .projects
        .iter()
        .map(|project| {
            let dealings = Dealings::new(context, &project.records);
            ProjectRow {
                name: project.name.clone(),
                href: address::project(&project.slug),
                open: dealings.open.len(),
                overdue: dealings.overdue,
                tasks: dealings.tasks.len(),
                total: dealings.total,
            }
        })
        .collect();
    // what is under way first; by name among equals
    projects.sort_by_key(|project| std::cmp::Reverse(project.open));
    let total = projects.len();
    let count = page_count(context);
    let page = ProjectsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context
            .words
            .filled("site.project.lead_all", &[("count", &total.to_string())]),
        projects: projects
            .into_iter()
            .skip((number - 1) * ROWS)
            .take(ROWS)
            .collect(),
        pages: links(number, count, |page| address::numbered("projects", page)),
    };
    let path = address::numbered("projects", number);
    context.page("site/projects.html", path, "projects.html", page)
}

pub(super) fn render(context: &Context<'_>, index: usize) -> Result<Output, SiteError> {
    let project = &context.collections.projects[index];
    let dealings = Dealings::new(context, &project.records);
    let counts = [
        ("open", dealings.open.len().to_string()),
        ("closed", dealings.closed.len().to_string()),
        ("overdue", dealings.overdue.to_string()),
        ("tasks", dealings.tasks.len().to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = ProjectView {
        title: project.name.clone(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some(format!("{ROOT}index.html")),
            ),
            (
                context.word("site.project.title"),
                Some(format!("{ROOT}projects.html")),
            ),
            (&project.name, None),
        ]),
        heading: project.name.clone(),
        lead: context.words.filled("site.project.lead", &counts),
        facts: facts(context, project),
        dealings: dealings.view(context, None, ROOT),
        plan: charts::gantt(context, "plan", &project.records, ROOT),
        files: files(context, Per::Project, &Group::Words(project.name.clone())),
    };
    let path = address::project(&project.slug);
    context.page("site/project.html", path, "projects.html", page)
}

/// Departments, people and parties that have to do with it.
fn facts(context: &Context<'_>, project: &Project) -> Vec<FactView> {
    let organisation = &context.register.organisation;
    let mut departments = Vec::new();
    let mut people = Vec::new();
    let mut parties = Vec::new();
    let mut add = |subject: Subject| {
        let list = match subject {
            Subject::Department(_) => &mut departments,
            Subject::Person(_) => &mut people,
            Subject::Party(_) => &mut parties,
        };
        if !list.contains(&subject) {
            list.push(subject);
        }
    };
    for index in project.records.iter().copied() {
        let record = &context.register.records[index];
        let kind = context.register.kind_of(record);
        if let Some(department) = context.outlook.department_of(index) {
            add(Subject::Department(department));
        }
        let people = kind.responsible.iter().chain(&kind.participants);
        for path in people.chain(&kind.parties) {
            record
                .subjects(path, organisation)
                .into_iter()
                .for_each(&mut add);
        }
    }
    [
        ("site.project.departments", departments),
        ("site.project.people", people),
        ("site.record.parties", parties),
    ]
    .into_iter()
    .filter(|(_, subjects)| !subjects.is_empty())
    .map(|(label, subjects)| {
        let count = subjects.len();
        let mut names: Vec<Markup> = subjects
            .into_iter()
            .take(MOST_NAMES)
            .map(|subject| context.name(subject, ROOT))
            .collect();
        if count > MOST_NAMES {
            let rest = context.words.filled(
                "site.project.others",
                &[("count", &(count - MOST_NAMES).to_string())],
            );
            names.push(Markup::text(&rest));
        }
        FactView {
            label: context.word(label).to_owned(),
            value: Markup::chips(&names),
        }
    })
    .collect()
}

impl Context<'_> {
    /// A project with a link to its page, where there is one.
    pub fn project_link(&self, name: &str, root: &str) -> Markup {
        let project = self.collections.project(name).filter(|_| self.linked);
        let href = project.map(|project| format!("{root}{}", address::project(&project.slug)));
        Markup::link(href.as_deref(), name)
    }
}
