//! A matter as a test makes it up, changes it and writes it in one of many ways.

use std::fmt::Write;

use proptest::prelude::*;

/// What a record says, in small numbers.
#[derive(Clone, Debug)]
pub struct Matter {
    title: u8,
    state: u8,
    related: Vec<u8>,
    background: Vec<u8>,
    copied: Vec<u8>,
    /// Department and duty; told apart by the department.
    partners: Vec<(u8, u8)>,
    /// Nothing tells them apart.
    resources: Vec<(u8, u8, u8)>,
    /// Number, task, due day.
    actions: Vec<(u8, u8, u8)>,
    /// Hour and text.
    progress: Vec<(u8, u8)>,
    /// Nothing tells them apart.
    deliverables: Vec<(u8, u8)>,
    plan: Option<(u8, u8)>,
    /// What no definition knows.
    unknown: Vec<(u8, u8)>,
}

/// A change: what is changed, which one, and to what.
pub type Edit = (u8, u8, u8);

/// How a record is written: each number decides one thing.
pub type Layout = [u8; 6];

fn unique<T: Clone, K: PartialEq>(all: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        if kept.iter().all(|other| key(other) != key(&one)) {
            kept.push(one);
        }
    }
    kept
}

pub fn matters() -> impl Strategy<Value = Matter> {
    let few = |least| prop::collection::vec(0u8..6, least..5);
    let pairs = || prop::collection::vec((0u8..6, 0u8..3), 0..5);
    let triples = || prop::collection::vec((0u8..6, 0u8..3, 0u8..3), 0..5);
    let one = (0u8..3, 0u8..4, few(0), few(0), few(0));
    let two = (pairs(), triples(), triples(), pairs(), pairs());
    (one, two, prop::option::of((0u8..3, 0u8..3)), pairs()).prop_map(|(one, two, plan, unknown)| {
        let (title, state, related, background, copied) = one;
        let (partners, resources, actions, progress, deliverables) = two;
        Matter {
            title,
            state,
            related: unique(related, |one| *one),
            background,
            copied: unique(copied, |one| *one),
            partners: unique(partners, |row| row.0),
            resources,
            actions: unique(actions, |row| row.0),
            progress,
            deliverables,
            plan,
            unknown: unique(unknown, |row| row.0),
        }
    })
}

pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((0u8..30, any::<u8>(), 0u8..9), 0..5)
}

pub fn layouts() -> impl Strategy<Value = Layout> {
    prop::array::uniform6(0u8..4)
}

/// Takes one out, if there is any.
fn take<T>(all: &mut Vec<T>, which: u8) -> Option<T> {
    (!all.is_empty()).then(|| all.remove(usize::from(which) % all.len()))
}

fn one_of<T>(all: &mut [T], which: u8) -> Option<&mut T> {
    let count = all.len().max(1);
    all.get_mut(usize::from(which) % count)
}

fn put<T>(all: &mut Vec<T>, which: u8, one: T) {
    let at = usize::from(which) % (all.len() + 1);
    all.insert(at, one);
}

impl Matter {
    /// The matter after these changes.
    pub fn edited(&self, edits: &[Edit]) -> Matter {
        let mut matter = self.clone();
        for (what, which, value) in edits {
            matter.edit(*what, *which, *value);
        }
        matter
    }

    fn edit(&mut self, what: u8, which: u8, value: u8) {
        match what {
            0 => self.title = value,
            1 => self.state = value % 4,
            2 if !self.related.contains(&value) => put(&mut self.related, which, value),
            3 => drop(take(&mut self.related, which)),
            4 => put(&mut self.background, which, value + 10),
            5 => drop(take(&mut self.background, which)),
            6 if !self.copied.contains(&value) => self.copied.push(value),
            7 => drop(take(&mut self.copied, which)),
            8 if self.partners.iter().all(|row| row.0 != value) => {
                put(&mut self.partners, which, (value, which % 3));
            }
            9 => drop(take(&mut self.partners, which)),
            10 => {
                if let Some(row) = one_of(&mut self.partners, which) {
                    row.1 = value;
                }
            }
            11 => put(&mut self.resources, which, (value, which % 3, 0)),
            12 => drop(take(&mut self.resources, which)),
            13 => {
                if let Some(row) = one_of(&mut self.resources, which) {
                    row.2 = value;
                }
            }
            14 | 15 if self.actions.iter().all(|row| row.0 != value + 6) => {
                self.actions.push((value + 6, which % 3, 0));
            }
            16 => drop(take(&mut self.actions, which)),
            17 => {
                if let Some(row) = one_of(&mut self.actions, which) {
                    row.1 = value;
                }
            }
            18 => {
                if let Some(row) = one_of(&mut self.actions, which) {
                    row.2 = value;
                }
            }
            19 => {
                if let Some(row) = take(&mut self.actions, which) {
                    put(&mut self.actions, value, row);
                }
            }
            20 | 21 => self.progress.push((value + 6, which % 4)),
            22 => drop(take(&mut self.progress, which)),
            23 => {
                if let Some(row) = one_of(&mut self.progress, which) {
                    row.1 = value;
                }
            }
            24 => self.deliverables.push((value, which % 3)),
            25 => drop(take(&mut self.deliverables, which)),
            26 => self.plan = (value > 3).then_some((value, which % 3)),
            27 => {
                if let Some(plan) = &mut self.plan {
                    plan.1 = value;
                }
            }
            28 if self.unknown.iter().all(|row| row.0 != value) => {
                self.unknown.push((value, which % 3));
            }
            29 => drop(take(&mut self.unknown, which)),
            _ => {}
        }
    }

    /// The record as TOML.
    pub fn written(&self, layout: &Layout) -> String {
        let mut out = String::new();
        if layout[0] == 1 {
            out.push_str("# 一份记录\n\n");
        }
        let _ = writeln!(out, "kind = \"collaboration\"");
        let _ = writeln!(out, "id = 'XT-2026-0001'{}", note(layout[0] == 2, "编号"));
        let _ = writeln!(out, "title = \"主题{}\"", self.title);
        let state = ["draft", "submitted", "planned", "executing"][usize::from(self.state)];
        let _ = writeln!(out, "state = \"{state}\"{}", note(layout[0] == 3, "状态"));
        let related: Vec<String> = self
            .related
            .iter()
            .map(|one| format!("\"XT-2026-010{one}\""))
            .collect();
        list(&mut out, "related", &related, layout[1]);
        out.push_str("\n[request]\n");
        if !self.background.is_empty() {
            let lines: Vec<String> = self
                .background
                .iter()
                .map(|line| format!("第{line}句话。\n"))
                .collect();
            let _ = writeln!(out, "background = \"\"\"\n{}\"\"\"", lines.concat());
        }
        let copied: Vec<String> = self
            .copied
            .iter()
            .map(|one| format!("\"person-{one}\""))
            .collect();
        list(&mut out, "copied_to", &copied, layout[2]);
        let partner = |row: &(u8, u8)| {
            vec![
                format!("department = \"department-{}\"", row.0),
                format!("duty = \"职责{}\"", row.1),
            ]
        };
        let partners: Vec<Vec<String>> = self.partners.iter().map(partner).collect();
        let resource = |row: &(u8, u8, u8)| {
            vec![
                format!("what = \"资源{}\"", row.0),
                format!("quantity = \"{}\"", row.1),
                format!("amount = {{ amount = {}, currency = \"CNY\" }}", row.2),
            ]
        };
        let resources: Vec<Vec<String>> = self.resources.iter().map(resource).collect();
        if layout[3] < 3 {
            braces(&mut out, "partners", &partners, layout[3]);
            braces(&mut out, "resources", &resources, layout[3]);
        } else {
            headers(&mut out, "request.partners", &partners, layout[4]);
            headers(&mut out, "request.resources", &resources, layout[4]);
        }
        if let (Some((version, approach)), false) = (self.plan, layout[5] == 0) {
            let _ = write!(
                out,
                "\n[plan]\nversion = \"V{version}\"\napproach = '安排{approach}'\n"
            );
        }
        let action = |row: &(u8, u8, u8)| {
            vec![
                format!("id = \"A{}\"", row.0),
                format!("task = \"任务{}\"", row.1),
                format!("due_on = 2026-05-{:02}", row.2 + 1),
            ]
        };
        let actions: Vec<Vec<String>> = self.actions.iter().map(action).collect();
        headers(&mut out, "actions", &actions, layout[4]);
        let progress = |row: &(u8, u8)| {
            vec![
                format!("at = 2026-05-06T{:02}:30:00+08:00", row.0),
                "by = \"zhang-wei\"".to_owned(),
                format!("completed = \"进展{}\"", row.1),
            ]
        };
        let progress: Vec<Vec<String>> = self.progress.iter().map(progress).collect();
        headers(&mut out, "progress", &progress, layout[5]);
        let deliverable = |row: &(u8, u8)| {
            vec![
                format!("name = \"成果{}\"", row.0),
                format!("file = \"{}.pdf\"", row.1),
            ]
        };
        let deliverables: Vec<Vec<String>> = self.deliverables.iter().map(deliverable).collect();
        headers(&mut out, "deliverables", &deliverables, layout[4]);
        if let (Some((version, approach)), true) = (self.plan, layout[5] == 0) {
            let _ = write!(
                out,
                "# 方案\n[plan]\napproach = \"安排{approach}\" # 总体\nversion = \"V{version}\"\n"
            );
        }
        let unknown: Vec<Vec<String>> = self
            .unknown
            .iter()
            .map(|row| vec![format!("id = \"U{}\"", row.0), format!("says = {}", row.1)])
            .collect();
        headers(&mut out, "unknown", &unknown, layout[5]);
        if layout[1] == 3 {
            out.push_str("\n# 完\n");
        }
        out
    }
}

fn note(there: bool, words: &str) -> String {
    match there {
        true => format!(" # {words}"),
        false => String::new(),
    }
}

fn list(out: &mut String, key: &str, items: &[String], layout: u8) {
    let _ = match layout {
        _ if items.is_empty() && layout.is_multiple_of(2) => Ok(()),
        0 | 3 => writeln!(out, "{key} = [{}]", items.join(", ")),
        1 => writeln!(out, "{key} = [ {} ] # 名单", items.join(" , ")),
        _ if items.is_empty() => writeln!(out, "{key} = [\n  # 还没有\n]"),
        _ => {
            let last = items.len() - 1;
            let line = |(index, item): (usize, &String)| {
                // with a comma behind the last one or without
                let comma = if index == last && last.is_multiple_of(2) {
                    ""
                } else {
                    ","
                };
                let about = item.split('"').nth(1).unwrap_or_default();
                format!("  {item}{comma} # 关于 {about}\n")
            };
            let lines: Vec<String> = items.iter().enumerate().map(line).collect();
            writeln!(out, "{key} = [ # 名单\n{}]", lines.concat())
        }
    };
}

fn braces(out: &mut String, key: &str, rows: &[Vec<String>], layout: u8) {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{{ {} }}", row.join(", ")))
        .collect();
    list(out, key, &rows, layout + 1);
}

fn headers(out: &mut String, key: &str, rows: &[Vec<String>], layout: u8) {
    for (index, row) in rows.iter().enumerate() {
        let lead = match layout {
            0 => "\n",
            1 => "\n\n# 下一行\n",
            2 if index > 0 => "",
            _ => "\n  ",
        };
        let _ = write!(out, "{lead}[[{key}]]");
        out.push_str(if layout == 3 { " # 行\n" } else { "\n" });
        for line in row {
            let _ = match layout {
                1 => writeln!(out, "  {line} # 值"),
                _ => writeln!(out, "{line}"),
            };
        }
    }
}
