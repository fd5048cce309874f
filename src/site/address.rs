//! Where each page stands. Flat names: directories cost as much as files.

pub(super) use crate::exchange::address::{file_name, record};

/// The address of a register; later pages carry their number.
pub(super) fn register(kind: &str, number: usize) -> String {
    match number {
        0 | 1 => page("registers", kind),
        number => format!("registers/{}-{number}.html", file_name(kind)),
    }
}

/// The address of a page of a list at the root; later pages carry their number.
pub(super) fn numbered(name: &str, number: usize) -> String {
    match number {
        0 | 1 => format!("{name}.html"),
        number => format!("{name}-{number}.html"),
    }
}

/// The address of a page of what stands on somebody's desk: `owner` is the
/// address of their own page.
pub(super) fn desk(owner: &str, list: &str, number: usize) -> String {
    let owner = owner.trim_end_matches(".html").replace('/', "-");
    format!("lists/{owner}-{list}-{number}.html")
}

/// The address of a page of the papers of a register paper.
pub(super) fn papers(paper: &str, number: usize) -> String {
    format!("lists/papers-{}-{number}.html", file_name(paper))
}

/// The address of data that scripts load.
pub(super) fn data(name: &str) -> String {
    format!("data/{name}.js")
}

/// The address of a part of a list's data.
pub(super) fn data_part(list: &str, part: &str) -> String {
    format!("data/{list}-{part}.js")
}

/// The address of a department's page.
pub(super) fn department(id: &str) -> String {
    page("departments", id)
}

/// The address of a person's page.
pub(super) fn person(id: &str) -> String {
    page("people", id)
}

/// The address of a handbook page.
pub(super) fn handbook(name: &str) -> String {
    page("pages", name)
}

/// The address of the clauses of a handbook.
pub(super) fn clauses(handbook: &str) -> String {
    page("clauses", handbook)
}

/// The page of an outside party.
pub(super) fn party(id: &str) -> String {
    page("parties", id)
}

/// The page of a project, by its name in addresses.
pub(super) fn project(slug: &str) -> String {
    format!("projects/{slug}.html")
}

/// A month of the calendar.
pub(super) fn month(year: i16, month: i8) -> String {
    format!("calendar/{year:04}-{month:02}.html")
}

/// What a register definition gathers: over everything, or for one group by
/// its name in addresses. No name contains a comma.
pub(super) fn gathered(paper: &str, group: Option<&str>, number: usize) -> String {
    let mut path = format!("gathered/{}", file_name(paper));
    if let Some(part) = group {
        path.push_str(&format!(",{part}"));
    }
    match number {
        0 | 1 => format!("{path}.html"),
        number => format!("{path},{number}.html"),
    }
}

/// The list of forms to fill in.
pub(super) const FILL: &str = "fill.html";
/// The data that all forms share.
pub(super) const FILL_COMPANY: &str = "fill/company.js";

/// The form of a kind, to be filled in.
pub(super) fn fill(kind: &str) -> String {
    page("fill", kind)
}

/// What the form of a kind is made of.
pub(super) fn fill_data(kind: &str) -> String {
    format!("fill/kind-{}.js", file_name(kind))
}

/// A record for its form.
pub(super) fn fill_record(id: &str) -> String {
    format!("fill/record-{}.js", file_name(id))
}

/// What leads from a page up to the site's root.
pub(super) fn root_of(path: &str) -> &'static str {
    if path.contains('/') { "../" } else { "" }
}

fn page(folder: &str, name: &str) -> String {
    format!("{folder}/{}.html", file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder_nor_break_its_address() {
        assert_eq!(record("XT-2026-0012"), "records/XT-2026-0012.html");
        assert_eq!(
            record("../../etc/passwd"),
            "records/~2e.~2f..~2fetc~2fpasswd.html"
        );
        assert_eq!(record("a?b#c%20"), "records/a~3fb~23c~2520.html");
        assert_eq!(register("collaboration", 1), "registers/collaboration.html");
        assert_eq!(
            register("collaboration", 3),
            "registers/collaboration-3.html"
        );
    }
}
