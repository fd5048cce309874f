//! The lines of a paper as they were set, and what Chinese typography forbids
//! of them.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::{HashMap, HashSet};
use std::process::Command;

use taizhang::markdown::{Block as Text, Inline};
use taizhang::print::FormView;
use taizhang::print::view::{Block, Content};

/// No line starts with one of these (GB/T 15834, 5.1).
const CLOSING: &str = "，。、；：？！）》」』】〉〕”’%‰℃…,.;:?!)]}";
/// No line ends with one of these.
const OPENING: &str = "（《「『【〈〔“‘([{";

/// The text of a paper without blanks, with the places where lines end.
pub struct SetText {
    /// Every character that is seen, in the order it was set.
    pub text: Vec<char>,
    /// Where lines begin, by the index of the character, with the left edge in
    /// points.
    pub lines: HashMap<usize, f64>,
    /// Where something ends: a line, or a cell beside another.
    pub ends: HashSet<usize>,
    /// The last line of each page over its number.
    pub last_lines: Vec<String>,
}

impl SetText {
    /// By poppler, in the order of the content; none where it is not installed.
    pub fn of_pdf(pdf: &[u8]) -> Option<Self> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pdf).unwrap();
        let output = Command::new("pdftotext")
            .args(["-raw", "-bbox", "-enc", "UTF-8"])
            .arg(file.path())
            .arg("-")
            .output()
            .ok()?;
        assert!(output.status.success());
        let found = String::from_utf8(output.stdout).unwrap();
        Some(Self::of_words(&found))
    }

    fn of_words(found: &str) -> Self {
        let mut set = SetText {
            text: Vec::new(),
            lines: HashMap::new(),
            ends: HashSet::new(),
            last_lines: Vec::new(),
        };
        for page in found.split("<page ").skip(1) {
            // lines of pieces: what stands beside another thing is another piece
            let mut lines: Vec<Vec<(f64, String)>> = Vec::new();
            let mut before: Option<(f64, f64, f64)> = None;
            for word in page.split("<word ").skip(1) {
                let edge = |name: &str| -> f64 {
                    let rest = word.split_once(&format!("{name}=\"")).unwrap().1;
                    rest.split_once('"').unwrap().0.parse().unwrap()
                };
                let (left, top, right) = (edge("xMin"), edge("yMin"), edge("xMax"));
                let text = word.split_once('>').unwrap().1.split_once('<').unwrap().0;
                let text: String = unescaped(text)
                    .chars()
                    .filter(|c| !c.is_whitespace() && !['\u{200b}', '\u{ad}'].contains(c))
                    .collect();
                if text.is_empty() {
                    continue;
                }
                match before {
                    // marks are set closer than they are wide
                    Some((y, began, ended)) if (top - y).abs() < 3.5 && left > began => {
                        let line = lines.last_mut().unwrap();
                        if left > ended + 5.0 {
                            line.push((left, text));
                        } else {
                            line.last_mut().unwrap().1.push_str(&text);
                        }
                    }
                    _ => lines.push(vec![(left, text)]),
                }
                before = Some((top, left, right));
            }
            let whole = |line: &Vec<(f64, String)>| -> String {
                line.iter().map(|(_, text)| text.as_str()).collect()
            };
            if let Some(foot) = lines.iter().rposition(|line| is_foot(&whole(line))) {
                lines.truncate(foot);
            }
            set.last_lines
                .push(lines.last().map(whole).unwrap_or_default());
            for line in lines {
                set.lines.insert(set.text.len(), line[0].0);
                for (_, text) in line {
                    set.text.extend(text.chars());
                    set.ends.insert(set.text.len());
                }
            }
        }
        set
    }

    /// Where a text stands, every time.
    fn find(&self, text: &[char]) -> Vec<usize> {
        let windows = self.text.windows(text.len().max(1)).enumerate();
        windows
            .filter(|(_, window)| *window == text)
            .map(|(at, _)| at)
            .collect()
    }

    /// What is wrong with how a paragraph was set.
    pub fn faults_of(&self, paragraph: &str) -> Vec<String> {
        let paragraph: Vec<char> = bare(paragraph);
        let mut faults = Vec::new();
        // shorter ones are found inside of others
        if paragraph.len() < 4 {
            return faults;
        }
        for at in self.find(&paragraph) {
            let end = at + paragraph.len();
            let mut begins: Vec<usize> = (at + 1..end)
                .filter(|index| self.lines.contains_key(index))
                .collect();
            let around = |index: usize| -> String {
                let text = |from, to| self.text[from..to].iter().collect::<String>();
                let (from, to) = (index.saturating_sub(8), end.min(index + 8));
                format!("{}|{}", text(from, index), text(index, to))
            };
            for index in &begins {
                if CLOSING.contains(self.text[*index]) {
                    faults.push(format!("a line starts with a mark: {}", around(*index)));
                }
                if OPENING.contains(self.text[*index - 1]) {
                    faults.push(format!("a line ends with a mark: {}", around(*index)));
                }
            }
            let Some(last) = begins.pop().filter(|_| self.ends.contains(&end)) else {
                continue;
            };
            let said = self.text[last..end]
                .iter()
                .filter(|c| **c == '%' || !CLOSING.contains(**c) && !OPENING.contains(**c));
            let said: Vec<&char> = said.collect();
            if said.len() < 2 && said.iter().all(|c| !c.is_ascii()) {
                faults.push(format!("a line of one character: {}", around(last)));
            }
        }
        faults
    }

    /// How far a paragraph's first line begins to the right of its second, in
    /// points; none where it has but one line, or begins within one.
    pub fn indent_of(&self, paragraph: &str) -> Option<f64> {
        let paragraph = bare(paragraph);
        let at = *self.find(&paragraph).first()?;
        let first = self.lines.get(&at)?;
        let second = (at + 1..at + paragraph.len()).find_map(|index| self.lines.get(&index))?;
        Some(first - second)
    }
}

fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn is_foot(line: &str) -> bool {
    let number = line.trim_matches('—');
    line.contains("页/共")
        || line.contains("Page") && line.contains("of")
        || number.len() < line.len() && number.chars().all(|c| c.is_ascii_digit())
}

/// The paragraphs of a view; table cells and labels are paragraphs, too.
pub fn paragraphs(view: &FormView) -> Vec<String> {
    let mut all = Vec::new();
    for block in &view.blocks {
        match block {
            Block::Heading { text } | Block::Text { text } | Block::Seal { text } => {
                all.push(text.clone());
            }
            Block::Grid { rows, .. } => {
                for cell in rows.iter().flat_map(|row| &row.cells) {
                    all.push(cell.label.clone());
                    content(&cell.content, &mut all);
                }
            }
            Block::Table { columns, rows, .. } => {
                all.extend(columns.iter().map(|column| column.label.clone()));
                for cell in rows.iter().flatten() {
                    content(cell, &mut all);
                }
            }
            Block::Signatures { lines, .. } => {
                for line in lines {
                    all.push(line.label.clone());
                    all.extend(line.who.clone().into_iter().chain(line.opinion.clone()));
                }
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The paragraphs of running text, which begin two characters in.
pub fn running_text(view: &FormView) -> Vec<String> {
    let mut all = Vec::new();
    for block in &view.blocks {
        let Block::Grid { rows, .. } = block else {
            continue;
        };
        let bodies = rows.iter().filter(|row| row.role == "body");
        for cell in bodies.flat_map(|row| &row.cells) {
            if let Content::Blocks { blocks } = &cell.content {
                for block in blocks {
                    if let Text::Paragraph { inlines } = block {
                        all.push(inline(inlines));
                    }
                }
            }
        }
    }
    all
}

/// What may not stand at the foot of a page without what it is over.
pub fn headings(view: &FormView) -> Vec<String> {
    let mut all = Vec::new();
    for block in &view.blocks {
        match block {
            Block::Heading { text } => all.push(text.clone()),
            Block::Grid { rows, .. } => {
                let cells = rows.iter().flat_map(|row| &row.cells);
                all.extend(cells.map(|cell| format!("{}：", cell.label)));
            }
            // under a table without rows stand empty ones
            Block::Table { rows, .. } if rows.is_empty() => {}
            Block::Table { label, columns, .. } => {
                all.extend(label.clone());
                let labels = columns.iter().map(|column| column.label.as_str());
                all.push(labels.collect());
            }
            Block::Signatures { label, .. } => all.extend(label.clone()),
            Block::Text { .. } | Block::Seal { .. } => {}
        }
    }
    all.iter()
        .map(|text| bare(text).into_iter().collect())
        .collect()
}

fn content(content: &Content, all: &mut Vec<String>) {
    match content {
        Content::Lines { lines } => all.extend(lines.iter().cloned()),
        Content::Blocks { blocks } => blocks.iter().for_each(|block| text(block, all)),
        Content::Empty | Content::Checks { .. } => {}
    }
}

fn text(block: &Text, all: &mut Vec<String>) {
    match block {
        Text::Paragraph { inlines } | Text::Heading { inlines, .. } => all.push(inline(inlines)),
        Text::List { items, .. } => items.iter().flatten().for_each(|block| text(block, all)),
        Text::Quote { blocks } => blocks.iter().for_each(|block| text(block, all)),
        Text::Table { head, rows, .. } => {
            all.extend(
                head.iter()
                    .chain(rows.iter().flatten())
                    .map(|cell| inline(cell)),
            );
        }
        Text::Code { .. } | Text::Rule => {}
    }
}

fn inline(inlines: &[Inline]) -> String {
    let mut whole = String::new();
    for one in inlines {
        match one {
            Inline::Text { text } | Inline::Code { text } => whole.push_str(text),
            Inline::Emphasis { inlines }
            | Inline::Strong { inlines }
            | Inline::Struck { inlines }
            | Inline::Link { inlines, .. } => whole.push_str(&inline(inlines)),
            Inline::Break => {}
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(lines: &[&str]) -> SetText {
        let words: String = (1..)
            .zip(lines)
            .map(|(row, line)| {
                format!("<word xMin=\"80\" yMin=\"{row}0\" xMax=\"90\" yMax=\"0\">{line}</word>")
            })
            .collect();
        SetText::of_words(&format!("<page >{words}"))
    }

    #[test]
    fn what_is_forbidden_is_found_and_nothing_else() {
        let good = "请于周五前答复（含附件），逾期另报。";
        assert!(
            set(&["请于周五前答复（含附", "件），逾期另报。"])
                .faults_of(good)
                .is_empty()
        );
        for (lines, fault) in [
            (["请于周五前答复（含附件）", "，逾期另报。"], "starts"),
            (["请于周五前答复（", "含附件），逾期另报。"], "ends"),
            (
                ["请于周五前答复（含附件），逾期另", "报。"],
                "one character",
            ),
        ] {
            let faults = set(&lines).faults_of(good);
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].contains(fault), "{faults:?}");
        }
    }
}
