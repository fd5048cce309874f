//! The page with the question and the answers; a script fills it in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::documents::HANDBOOK;
use super::segments::{Content, Segment};
use crate::definition::Audience;
use crate::organisation::Subject;
use crate::publish::Output;
use crate::site::chrome::{self, CrumbView};
use crate::site::context::Context;
use crate::site::engine::SiteError;
use crate::site::register::PHASES;
use crate::site::view::view;

/// Its address, which the box in the bar leads to as well.
pub(in crate::site) const ADDRESS: &str = "search.html";

view! {
    SearchView {
        title: String,
        crumbs: Vec<CrumbView>,
        segments: String,
        filters: Vec<FilterView>,
    }
}

view! {
    /// A choice that narrows the answers.
    FilterView {
        name: &'static str,
        label: String,
        groups: Vec<GroupView>,
    }
}

view! {
    /// Choices under a heading, or under none.
    GroupView {
        label: Option<String>,
        options: Vec<OptionView>,
    }
}

view! {
    OptionView {
        value: String,
        label: String,
    }
}

/// Renders the page. Only what occurs among the documents can be chosen.
pub(in crate::site) fn render(
    context: &Context<'_>,
    segments: &[Segment],
) -> Result<Output, SiteError> {
    let title = context.word("site.search.title");
    let names: Vec<&str> = segments
        .iter()
        .map(|segment| segment.name.as_str())
        .collect();
    let page = SearchView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        segments: names.join(" "),
        filters: filters(context, segments),
    };
    context.page("site/search.html", ADDRESS.to_owned(), ADDRESS, page)
}

fn filters(context: &Context<'_>, segments: &[Segment]) -> Vec<FilterView> {
    let option = |value: &str, label: &str| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
    };
    let plain = |options: Vec<OptionView>| {
        vec![GroupView {
            label: None,
            options,
        }]
    };
    let filter = |name, label, groups: Vec<GroupView>| FilterView {
        name,
        label: context.word(label).to_owned(),
        groups,
    };
    let register = context.register;
    let visible = || context.outlook.records.iter().copied();

    let kinds = register.kinds.iter().zip(&context.registers);
    let mut of_kind: Vec<OptionView> = kinds
        .filter(|(_, pages)| pages.totals().iter().any(|total| *total > 0))
        .map(|(kind, _)| option(&kind.id, context.text(&kind.name)))
        .collect();
    if segments
        .iter()
        .any(|segment| matches!(segment.content, Content::Handbook))
    {
        of_kind.push(option(HANDBOOK, context.word("site.nav.handbook")));
    }

    let mut departments: Vec<_> = visible()
        .filter_map(|index| context.outlook.department_of(index))
        .collect();
    departments.sort_unstable_by_key(|department| department.0);
    departments.dedup();
    let of_department = departments
        .into_iter()
        .map(|department| {
            let subject = Subject::Department(department);
            option(
                register.organisation.id_of(subject),
                context.plain_name(subject),
            )
        })
        .collect();

    // states of one label are one choice, whatever kinds they are of
    let mut states: BTreeMap<(usize, usize, Arc<str>), ()> = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    for index in visible() {
        let record = &register.records[index];
        if !seen.insert((record.kind, record.state.value)) {
            continue;
        }
        let state = &register.kind_of(record).states[record.state.value];
        let phase = PHASES.iter().position(|(phase, _)| *phase == state.phase);
        let label = context.text(&state.label);
        let known = states
            .keys()
            .any(|(in_phase, _, known)| Some(*in_phase) == phase && **known == *label);
        if let Some(phase) = phase.filter(|_| !known) {
            states.insert((phase, state.rank, label.into()), ());
        }
    }
    let of_state = PHASES
        .iter()
        .enumerate()
        .map(|(phase, (_, label))| GroupView {
            label: Some(context.word(label).to_owned()),
            options: states
                .keys()
                .filter(|(in_phase, _, _)| *in_phase == phase)
                .map(|(_, _, label)| option(label, label))
                .collect(),
        })
        .filter(|group| !group.options.is_empty())
        .collect();

    let mut years: Vec<i16> = segments.iter().filter_map(|segment| segment.year).collect();
    years.dedup();
    let of_year = years
        .into_iter()
        .map(|year| year.to_string())
        .map(|year| option(&year, &year))
        .collect();

    let of_audience = [Audience::Internal, Audience::Public, Audience::Confidential]
        .into_iter()
        .filter(|audience| {
            visible().any(|index| register.records[index].audience.value == *audience)
        })
        .map(|audience| {
            let word = format!("site.audience.{}", audience.name());
            option(audience.name(), context.words.get(&word))
        })
        .collect();

    vec![
        filter("kind", "site.list.kind", plain(of_kind)),
        filter("department", "site.list.department", plain(of_department)),
        filter("state", "site.list.state", of_state),
        filter("year", "site.search.year", plain(of_year)),
        filter("audience", "site.frame.audience", plain(of_audience)),
    ]
}
