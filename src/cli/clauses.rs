//! The clauses of the handbooks in `taizhang explain`: all of them with what
//! carries each, or one with the files in which that stands.

use unicode_width::UnicodeWidthStr;

use crate::definition::Clause;
use crate::display::{Carried, DateStyle, Display};
use crate::register::Register;
use crate::text::Language;

/// Whether there is a handbook of that name.
pub(super) fn is_handbook(register: &Register, id: &str) -> bool {
    register.handbooks.iter().any(|known| *known.id == *id)
}

/// Every clause, by handbook, with what carries it; only those of one
/// handbook where it is named.
pub(super) fn list(register: &Register, language: Language, handbook: Option<&str>) -> String {
    let display = Display::new(register, language, DateStyle::Table);
    let numbers = register.clauses.iter().map(|clause| clause.id.width());
    let width = numbers.max().unwrap_or(0);
    let mut out = String::new();
    for known in &register.handbooks {
        if handbook.is_some_and(|wanted| *known.id != *wanted) {
            continue;
        }
        let name = known.name.get(language);
        out.push_str(&format!("{} {name}\n\n", known.id));
        for clause in &register.clauses {
            if clause.handbook != known.id {
                continue;
            }
            let asks = clause.asks.get(language);
            out.push_str(&format!("{}  {asks}\n", padded(&clause.id, width)));
            let lines = lines(&display, clause, &display.carried(clause));
            indented(&mut out, &lines, width + 2);
        }
        out.push('\n');
    }
    out.trim_end().to_owned()
}

/// What a clause asks and what carries it, file by file; none when there is
/// no clause of that number, in capitals or not.
pub(super) fn explain(register: &Register, language: Language, name: &str) -> Option<String> {
    let clause = register
        .clauses
        .iter()
        .find(|clause| clause.id.eq_ignore_ascii_case(name))?;
    let display = Display::new(register, language, DateStyle::Table);
    let labelled = |label: &str, value: &str| {
        let line = display
            .words
            .filled("cli.labelled", &[("label", label), ("value", value)]);
        format!("{}\n", line.trim_end())
    };
    let mut out = labelled(&clause.id, clause.asks.get(language));
    let handbook = register
        .handbooks
        .iter()
        .find(|handbook| handbook.id == clause.handbook)
        .map_or("", |handbook| handbook.name.get(language));
    out.push('\n');
    out.push_str(&labelled(
        display.words.get("cli.handbook"),
        format!("{} {handbook}", clause.handbook).trim_end(),
    ));
    out.push_str(&labelled(display.words.get("cli.carried-by"), ""));
    let carried = display.carried(clause);
    let mut files: Vec<_> = carried.iter().map(|line| line.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        out.push_str(&format!("\n{}\n", register.sources.file(file).path));
        let of_file: Vec<Carried> = carried
            .iter()
            .filter(|line| line.file == file)
            .cloned()
            .collect();
        indented(&mut out, &told(&display, &of_file), 2);
    }
    let program = lines(&display, clause, &[]);
    if carried.is_empty() || clause.carrier.is_some() {
        out.push('\n');
        indented(&mut out, &program, 2);
    }
    Some(out.trim_end().to_owned())
}

/// What carries a clause, each line with its label; that nothing does where
/// nothing does.
fn lines(display: &Display<'_>, clause: &Clause, carried: &[Carried]) -> Vec<(String, String)> {
    let mut lines = told(display, carried);
    if let Some(carrier) = &clause.carrier {
        let label = display.words.get("carriers.program").to_owned();
        lines.push((label, display.text(carrier).to_owned()));
    }
    if lines.is_empty() {
        lines.push((display.words.get("carriers.none").to_owned(), String::new()));
    }
    lines
}

fn told(display: &Display<'_>, carried: &[Carried]) -> Vec<(String, String)> {
    carried
        .iter()
        .map(|line| (line.label.clone(), line.text(display)))
        .collect()
}

/// Lines whose second column is aligned, whatever the width of the letters.
fn indented(out: &mut String, lines: &[(String, String)], by: usize) {
    let width = lines.iter().map(|(label, _)| label.width()).max();
    let mut last = "";
    for (label, text) in lines {
        // a label that would stand twice is not said again
        let shown = if label == last { "" } else { label.as_str() };
        let shown = padded(shown, width.unwrap_or(0));
        let line = format!("{}{shown}  {text}", " ".repeat(by));
        out.push_str(line.trim_end());
        out.push('\n');
        last = label;
    }
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
