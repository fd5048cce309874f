//! Who has how much to do: a bar a line, what is overdue first.

use crate::organisation::{DepartmentId, PersonId, Subject};
use crate::outlook::statistics::Load;
use crate::site::context::Context;
use crate::site::markup::Markup;
use crate::site::view::view;

view! {
    /// The table.
    LoadsView {
        of: String,
        most: usize,
        rows: Vec<LoadRow>,
    }
}

view! {
    LoadRow {
        name: Markup,
        total: usize,
        overdue: usize,
        soon: usize,
        parts: Vec<PartView>,
    }
}

view! {
    /// A stretch of a bar, in units of one.
    PartView {
        tone: &'static str,
        start: usize,
        count: usize,
    }
}

/// By department, the most loaded first.
pub(in crate::site) fn department_loads(context: &Context<'_>) -> LoadsView {
    let loads = context.statistics.department_loads.iter().enumerate();
    let named = loads.map(|(index, load)| {
        let department = Subject::Department(DepartmentId(index as u32));
        (context.name(department, ""), *load)
    });
    loads_view(context.word("site.list.department"), named.collect())
}

/// By person of a department, the most loaded first; those with nothing to do
/// are left out. None when nobody has anything to do.
pub(in crate::site) fn people_loads(
    context: &Context<'_>,
    department: DepartmentId,
    root: &str,
) -> Option<LoadsView> {
    let people = &context.register.organisation.people;
    let loads = people
        .iter()
        .zip(&context.statistics.person_loads)
        .enumerate();
    let named: Vec<(Markup, Load)> = loads
        .filter(|(_, (person, load))| person.department == Some(department) && load.total() > 0)
        .map(|(index, (_, load))| {
            let person = Subject::Person(PersonId(index as u32));
            (context.name(person, root), *load)
        })
        .collect();
    (!named.is_empty()).then(|| loads_view(context.word("site.chart.person"), named))
}

fn loads_view(of: &str, mut named: Vec<(Markup, Load)>) -> LoadsView {
    // Stable: equals stay in the organisation's order.
    named.sort_by_key(|(_, load)| std::cmp::Reverse((load.total(), load.overdue)));
    LoadsView {
        of: of.to_owned(),
        most: named
            .iter()
            .map(|(_, load)| load.total())
            .max()
            .unwrap_or(0)
            .max(1),
        rows: named
            .into_iter()
            .map(|(name, load)| LoadRow {
                name,
                total: load.total(),
                overdue: load.overdue,
                soon: load.soon,
                parts: parts(&load),
            })
            .collect(),
    }
}

fn parts(load: &Load) -> Vec<PartView> {
    let mut start = 0;
    let mut parts = Vec::new();
    for (tone, count) in [
        ("late", load.overdue),
        ("soon", load.soon),
        ("open", load.later),
    ] {
        if count > 0 {
            parts.push(PartView { tone, start, count });
        }
        start += count;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_made_of_its_parts_without_gaps() {
        let load = Load {
            overdue: 2,
            soon: 0,
            later: 5,
        };
        let parts: Vec<_> = parts(&load)
            .iter()
            .map(|part| (part.tone, part.start, part.count))
            .collect();
        assert_eq!(parts, [("late", 0, 2), ("open", 2, 5)]);
    }

    #[test]
    fn the_most_loaded_comes_first() {
        let load = |overdue, later| Load {
            overdue,
            soon: 0,
            later,
        };
        let named = vec![
            (Markup::text("a"), load(0, 1)),
            (Markup::text("b"), load(0, 3)),
            (Markup::text("c"), load(1, 2)),
        ];
        let view = loads_view("", named);
        let order: Vec<Markup> = view.rows.into_iter().map(|row| row.name).collect();
        assert_eq!(order, ["c", "b", "a"].map(Markup::text));
        assert_eq!(view.most, 3);
    }
}
