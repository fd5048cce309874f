//! What is wrong, for the script that shows it over the page.

use std::cmp::Reverse;
use std::path::Path;

use serde::Serialize;

use crate::exchange::address;
use crate::finding::{Finding, Level};
use crate::outlook::Outlook;
use crate::register::Register;
use crate::report::Reporter;
use crate::text::Language;

/// More than this nobody reads over a page.
const MOST: usize = 50;

/// What the script shows.
#[derive(Serialize)]
struct Shown<'t> {
    /// Whether the rules have looked at everything yet.
    checked: bool,
    errors: usize,
    warnings: usize,
    title: String,
    dismiss: &'t str,
    stale: &'t str,
    reload: &'t str,
    items: &'t [Item],
}

#[derive(Serialize)]
struct Item {
    level: &'static str,
    label: String,
    place: String,
    message: String,
    help: Option<String>,
    /// The page of the record it is in, from the site's root.
    page: Option<String>,
}

/// What is told, in the order in which it is added; the counts are of all of
/// it, however little is shown.
pub(super) struct Told<'r> {
    register: &'r Register,
    language: Language,
    errors: usize,
    warnings: usize,
    items: Vec<Item>,
}

impl<'r> Told<'r> {
    /// Nothing yet, of the register that pages are made of.
    pub(super) fn new(register: &'r Register, language: Language) -> Self {
        Told {
            register,
            language,
            errors: 0,
            warnings: 0,
            items: Vec::new(),
        }
    }

    /// Why another register is not shown.
    pub(super) fn put_aside(&mut self, register: &Register, findings: &[Finding]) {
        let findings: Vec<&Finding> = findings.iter().collect();
        self.add_all(register, &findings, |_| None);
    }

    /// What templates of pages have to say.
    pub(super) fn add_mistake(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        let label = Reporter::new(self.register, self.language).level(Level::Error);
        self.errors += 1;
        self.items.push(Item {
            level: Level::Error.name(),
            label: label.to_owned(),
            place: String::new(),
            message: text.to_owned(),
            help: None,
            page: None,
        });
    }

    /// The findings of what is shown, the worst first.
    pub(super) fn add(&mut self, outlook: Option<&Outlook<'_>>, findings: &[Finding]) {
        let page = |path: &str| {
            let number = Path::new(path).file_stem()?.to_str()?;
            let outlook = outlook?;
            let seen = outlook.register.find(number).filter(|at| outlook.sees(*at));
            seen.map(|_| address::record(number))
        };
        let findings = findings.iter();
        let mut told: Vec<&Finding> = findings
            .filter(|finding| finding.level > Level::Note)
            .collect();
        // a file that cannot be read makes others look wrong: it comes first
        told.sort_by_key(|finding| (!is_unread(finding), Reverse(finding.level)));
        self.add_all(self.register, &told, page);
    }

    fn add_all(
        &mut self,
        register: &Register,
        findings: &[&Finding],
        page: impl Fn(&str) -> Option<String>,
    ) {
        let reporter = Reporter::new(register, self.language);
        let count = |level| findings.iter().filter(|of| of.level == level).count();
        self.errors += count(Level::Error);
        self.warnings += count(Level::Warning);
        let room = MOST.saturating_sub(self.items.len());
        let items = findings.iter().take(room).map(|finding| {
            let rendered = reporter.render(finding);
            let start = rendered.location.start;
            let path = rendered.location.path;
            Item {
                level: rendered.level.name(),
                label: reporter.level(rendered.level).to_owned(),
                place: format!("{path}:{}:{}", start.line, start.column),
                message: rendered.message,
                help: rendered.help,
                page: page(path),
            }
        });
        self.items.extend(items);
    }

    /// All of it as JSON; `checked` says whether more may follow.
    pub(super) fn finish(self, checked: bool) -> String {
        let words = self.register.words(self.language);
        let counts = [self.errors, self.warnings].map(|count| count.to_string());
        let shown = Shown {
            checked,
            errors: self.errors,
            warnings: self.warnings,
            title: words.filled(
                "serve.found",
                &[("errors", &counts[0]), ("warnings", &counts[1])],
            ),
            dismiss: words.get("serve.dismiss"),
            stale: words.get("serve.stale"),
            reload: words.get("serve.reload"),
            items: &self.items,
        };
        // texts and numbers can always be written
        serde_json::to_string(&shown).unwrap_or_default()
    }
}

/// Whether a finding says that a file could not be read as it stands.
pub(super) fn is_unread(finding: &Finding) -> bool {
    matches!(&*finding.rule, "toml-syntax" | "unreadable-file")
}
