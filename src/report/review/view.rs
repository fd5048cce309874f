//! What a review shows, in words.

use super::shown::{
    ChangeView, DutyView, FactView, FileView, FindingView, MatterView, NextView, ReviewView,
    SignatureView,
};
use crate::change::{Change, Part, Told, Version, difference};
use crate::definition::{Field, FieldType};
use crate::display::{DateStyle, Display};
use crate::finding::Finding;
use crate::outlook::{Obligation, Outlook, Status};
use crate::record::{Cell, Value};
use crate::report::fingerprint::new_since;
use crate::report::{Rendered, Reporter};
use crate::review::{Announced, Duty, DutyChange, Matter, Review, Reviewed};
use crate::text::Language;
use crate::words::Words;

/// A text longer than this, in characters, is told by what changed in it.
const SHORT: usize = 24;
/// More duties of one sort than this stand in one line.
const MOST_OF_A_SORT: usize = 4;
/// Longest value shown whole, in characters.
const LONGEST: usize = 120;

/// Puts a review into words.
pub fn view(review: &Review<'_>, language: Language) -> ReviewView {
    Wording::new(review, language).view()
}

struct Wording<'v, 'r> {
    review: &'v Review<'r>,
    words: &'r Words,
    before: Side<'r>,
    after: Side<'r>,
}

/// What puts values of one side into words.
struct Side<'r> {
    outlook: &'r Outlook<'r>,
    display: Display<'r>,
    reporter: Reporter<'r>,
}

impl<'r> Side<'r> {
    fn new(reviewed: Reviewed<'r>, language: Language) -> Self {
        let register = reviewed.outlook.register;
        Side {
            outlook: reviewed.outlook,
            display: Display::new(register, language, DateStyle::Table),
            reporter: Reporter::new(register, language),
        }
    }
}

impl<'v, 'r> Wording<'v, 'r> {
    fn new(review: &'v Review<'r>, language: Language) -> Self {
        Wording {
            review,
            // a change does not word its own review
            words: review.before.outlook.register.words(language),
            before: Side::new(review.before, language),
            after: Side::new(review.after, language),
        }
    }

    fn view(&self) -> ReviewView {
        let old: Vec<&Finding> = self.review.before.findings.iter().collect();
        let now: Vec<&Finding> = self.review.after.findings.iter().collect();
        let new = new_since((&self.before.reporter, &old), (&self.after.reporter, &now));
        let mended = new_since((&self.after.reporter, &now), (&self.before.reporter, &old)).len();
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for finding in &new {
            let rendered = self.after.reporter.render(finding);
            let of_matter = self.review.matters.iter().position(|matter| {
                matter
                    .after
                    .is_some_and(|version| version.record.file == finding.place.file)
            });
            match of_matter {
                Some(matter) => inside.push((matter, finding_view(&self.after.reporter, rendered))),
                None => outside.push(finding_view(&self.after.reporter, rendered)),
            }
        }
        let mut matters: Vec<MatterView> = self
            .review
            .matters
            .iter()
            .filter_map(|matter| self.matter(matter))
            .collect();
        for (index, finding) in inside {
            let number = self.review.matters[index].version();
            let number = number.map(|version| &*version.record.id.value);
            match matters
                .iter_mut()
                .find(|view| Some(&*view.number) == number)
            {
                Some(view) => view.findings.push(finding),
                None => outside.push(finding),
            }
        }
        let files = self.files();
        ReviewView {
            version: 1,
            language: self.words.language.code(),
            summary: self.summary(&matters, &files, new.len(), mended),
            matters,
            files,
            findings: outside,
            new_findings: new.len(),
            mended,
        }
    }

    fn summary(
        &self,
        matters: &[MatterView],
        files: &[FileView],
        new: usize,
        mended: usize,
    ) -> Vec<String> {
        let of = |test: &dyn Fn(&MatterView) -> bool| matters.iter().filter(|m| test(m)).count();
        let duties = |change: &str| {
            let all = matters.iter().flat_map(|matter| &matter.duties);
            all.filter(|duty| duty.change == change).count()
        };
        let counts = [
            ("new", of(&|matter| matter.status == "new")),
            ("moved", of(&|matter| matter.state_before.is_some())),
            (
                "changed",
                of(&|matter| matter.status == "changed" && matter.state_before.is_none()),
            ),
            ("gone", of(&|matter| matter.status == "gone")),
            ("met", duties("met")),
            ("late", duties("late")),
            ("shifted", duties("moved")),
            ("files", files.len()),
            ("findings", new),
            ("mended", mended),
        ];
        let told: Vec<String> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| self.counted(&format!("review.summary.{name}"), count))
            .collect();
        match told.is_empty() {
            true => vec![self.words.get("review.summary.nothing").to_owned()],
            false => told,
        }
    }

    fn counted(&self, name: &str, count: usize) -> String {
        let one = format!("{name}-one");
        let name = match count == 1 && self.words.find(&one).is_some() {
            true => &one,
            false => name,
        };
        self.words.filled(name, &[("count", &count.to_string())])
    }

    fn matter(&self, matter: &Matter<'r>) -> Option<MatterView> {
        let version = matter.version()?;
        let side = match matter.after {
            Some(_) => &self.after,
            None => &self.before,
        };
        let status = match (matter.before, matter.after) {
            (None, _) => "new",
            (_, None) => "gone",
            _ if matter.says_otherwise() => "changed",
            _ => "same",
        };
        let state = |version: Version<'r>, side: &Side<'r>| {
            side.display.text(&version.state().label).to_owned()
        };
        let moved = matter
            .changes
            .iter()
            .any(|change| matches!(change.part, Part::State));
        let state_before = matter.before.filter(|_| moved && status == "changed");
        Some(MatterView {
            number: version.record.id.value.to_string(),
            title: version.record.title.value.to_string(),
            kind: side
                .display
                .text(&version.register.kind_of(version.record).name)
                .to_owned(),
            path: version
                .register
                .sources
                .file(version.record.file)
                .path
                .clone(),
            status,
            status_label: self
                .words
                .get(&format!("review.status.{status}"))
                .to_owned(),
            state_before: state_before.map(|version| state(version, &self.before)),
            state: state(version, side),
            facts: match status {
                "new" => self.facts(version),
                _ => Vec::new(),
            },
            changes: matter
                .changes
                .iter()
                .filter(|change| !matches!(change.part, Part::State))
                .map(|change| self.change(matter, change))
                .collect(),
            duties: self.duties(matter),
            signatures: self.signatures(matter),
            next: matter
                .next
                .iter()
                .map(|next| NextView {
                    step: self.after.display.text(&next.transition.label).to_owned(),
                    missing: next
                        .missing
                        .iter()
                        .map(|finding| self.after.reporter.render(finding).message)
                        .collect(),
                })
                .collect(),
            findings: Vec::new(),
        })
    }

    /// Who began a new matter, and what its list shows of it.
    fn facts(&self, version: Version<'r>) -> Vec<FactView> {
        let display = &self.after.display;
        let kind = version.register.kind_of(version.record);
        let Some(first) = kind.sections.first() else {
            return Vec::new();
        };
        let Some(row) = version.record.section(0).first() else {
            return Vec::new();
        };
        first
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !matches!(field.kind, FieldType::Table { .. }))
            .filter_map(|(index, field)| {
                let value = shortened(&display.value(field, row.get(index)?));
                (!value.is_empty()).then(|| FactView {
                    label: display.text(&field.label).to_owned(),
                    value,
                })
            })
            .take(8)
            .collect()
    }

    fn change(&self, matter: &Matter<'r>, change: &Change<'r>) -> ChangeView {
        let before = change.before.map(|told| self.before.display.told(told));
        let after = change.after.map(|told| self.after.display.told(told));
        let long = |text: &Option<String>| {
            text.as_ref()
                .is_some_and(|text| text.chars().nth(SHORT).is_some())
        };
        let pieces = match (&before, &after) {
            (Some(old), Some(new)) if long(&before) || long(&after) => difference(old, new),
            _ => Vec::new(),
        };
        ChangeView {
            label: self.label(matter, &change.part),
            change: match (&before, &after) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "changed",
            },
            before: before.map(|text| shortened(&text)),
            after: after.map(|text| shortened(&text)),
            pieces,
        }
    }

    fn label(&self, matter: &Matter<'r>, part: &Part<'r>) -> String {
        let before = matter.before.map(|version| (&self.before.display, version));
        let after = matter.after.map(|version| (&self.after.display, version));
        self.after.display.part(part, before, after)
    }

    /// What the change does to what is owed; many of one sort in one line.
    fn duties(&self, matter: &Matter<'r>) -> Vec<DutyView> {
        let all: Vec<(DutyView, String)> = matter
            .duties
            .iter()
            .filter_map(|duty| self.duty(duty))
            .collect();
        let is_folded = |change: &str| {
            let of_sort = all.iter().filter(|(duty, _)| duty.change == change);
            matches!(change, "began" | "ended") && of_sort.count() > MOST_OF_A_SORT
        };
        let mut duties = Vec::with_capacity(all.len());
        let mut folded: Vec<&'static str> = Vec::new();
        for (duty, _) in &all {
            if is_folded(duty.change) && !folded.contains(&duty.change) {
                folded.push(duty.change);
            }
        }
        for change in &folded {
            let names: Vec<String> = all
                .iter()
                .filter(|(duty, _)| duty.change == *change)
                .map(|(_, what)| what.clone())
                .collect();
            let count = names.len().to_string();
            let values = [
                ("count", &*count),
                ("what", &*self.after.display.list(&names)),
            ];
            duties.push(DutyView {
                change,
                text: self
                    .words
                    .filled(&format!("review.duties.{change}_many"), &values),
                clause: None,
            });
        }
        let single = all.into_iter().map(|(duty, _)| duty);
        duties.extend(single.filter(|duty| !folded.contains(&duty.change)));
        duties
    }

    fn duty(&self, duty: &Duty) -> Option<(DutyView, String)> {
        let (side, index) = match (duty.after, duty.before) {
            (Some(index), _) => (&self.after, index),
            (None, Some(index)) => (&self.before, index),
            (None, None) => return None,
        };
        let display = &side.display;
        let obligation: &Obligation = &side.outlook.obligations[index];
        let what = display.duty(obligation);
        let who = match obligation.owed_by {
            Some(subject) => display.subject(subject).to_owned(),
            None => self.words.get("site.value.nobody").to_owned(),
        };
        let due = display.due(&obligation.due);
        let mut values = vec![("who", who), ("what", what.clone()), ("due", due)];
        let (change, name) = match duty.change {
            DutyChange::Began => ("began", "began"),
            DutyChange::Met => {
                let met = obligation.met_at?;
                values.push(("when", display.moment(met)));
                values.push(("slack", display.met(&obligation.due, met)));
                match obligation.status {
                    Status::MetLate => ("late", "late"),
                    _ => ("met", "met"),
                }
            }
            DutyChange::Unmet => ("unmet", "unmet"),
            DutyChange::Moved { from, announced } => {
                values.push(("from", display.due(&from)));
                let name = match announced {
                    Some(Announced::InTime) => "moved_in_time",
                    Some(Announced::Late) => "moved_late",
                    Some(Announced::Not) => "moved_untold",
                    None => "moved",
                };
                ("moved", name)
            }
            DutyChange::Ended => ("ended", "ended"),
        };
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, text)| (*name, &**text)).collect();
        let view = DutyView {
            change,
            text: self.words.filled(&format!("review.duties.{name}"), &values),
            clause: obligation.clause.as_deref().map(str::to_owned),
        };
        Some((view, what))
    }

    fn signatures(&self, matter: &Matter<'r>) -> Vec<SignatureView> {
        let display = &self.after.display;
        let mut all = Vec::new();
        for change in &matter.changes {
            match change.after {
                Some(Told::Cell(field, cell)) if matches!(field.kind, FieldType::Signature) => {
                    let label = self.label(matter, &change.part);
                    all.push(SignatureView::new(display, label, field, cell));
                }
                Some(Told::Row(fields, row)) if change.before.is_none() => {
                    let label = self.label(matter, &change.part);
                    for (index, field) in fields.iter().enumerate() {
                        if let (FieldType::Signature, Some(cell)) = (&field.kind, row.get(index)) {
                            let label = format!("{label} › {}", display.text(&field.label));
                            all.push(SignatureView::new(display, label, field, cell));
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }

    fn files(&self) -> Vec<FileView> {
        self.review
            .files
            .iter()
            .map(|file| {
                let status = match (file.before, file.after) {
                    (false, _) => "new",
                    (_, false) => "gone",
                    _ => "changed",
                };
                FileView {
                    path: file.path.clone(),
                    status,
                    status_label: self
                        .words
                        .get(&format!("review.status.{status}"))
                        .to_owned(),
                }
            })
            .collect()
    }
}

fn signature_text(display: &Display<'_>, field: &Field, cell: &Cell) -> String {
    let name = display.value(field, cell);
    match &cell.value {
        Value::Signature(signature) => {
            let when = signature.at.map(|at| display.moment(at));
            let mut parts = vec![
                Some(name),
                when,
                signature.opinion.as_deref().map(str::to_owned),
            ];
            if let Some(standing) = display.standing(signature) {
                parts.extend([Some(standing.level), standing.doubt, standing.void]);
            }
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            parts.join(display.words.get("review.separator"))
        }
        _ => name,
    }
}

fn finding_view(reporter: &Reporter<'_>, rendered: Rendered<'_>) -> FindingView {
    FindingView {
        level: rendered.level.name(),
        level_label: reporter.level(rendered.level).to_owned(),
        rule: rendered.rule.to_owned(),
        path: rendered.location.path.to_owned(),
        line: rendered.location.start.line,
        message: rendered.message,
        help: rendered.help,
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl SignatureView {
    fn new(display: &Display<'_>, label: String, field: &Field, cell: &Cell) -> Self {
        let standing = match &cell.value {
            Value::Signature(signature) => signature.standing.as_deref(),
            _ => None,
        };
        let commit = standing.and_then(|standing| standing.commit.as_ref());
        SignatureView {
            label,
            text: signature_text(display, field, cell),
            level: standing.and_then(|standing| Some(standing.level?.name())),
            commit: commit.map(|commit| commit.id.to_string()),
        }
    }
}
