//! What is wrong, for the script that shows it over the page.

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    /// Whether the rules have looked at everything yet.
    pub checked: bool,
    errors: usize,
    warnings: usize,
    title: String,
    dismiss: String,
    items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Item {
    level: &'static str,
    label: String,
    place: String,
    message: String,
    help: Option<String>,
    /// The page of the record it is in, from the site's root.
    page: Option<String>,
}

impl Told {
    /// What of these findings is told, the worst first. `broken` is what
    /// templates of pages have to say.
    pub(super) fn new(
        register: &Register,
        outlook: Option<&Outlook<'_>>,
        language: Language,
        findings: &[Finding],
        checked: bool,
        broken: Option<&str>,
    ) -> Self {
        let reporter = Reporter::new(register, language);
        let words = register.words(language);
        let page = |path: &str| {
            let number = Path::new(path).file_stem()?.to_str()?;
            let outlook = outlook?;
            let seen = outlook.register.find(number).filter(|at| outlook.sees(*at));
            seen.map(|_| address::record(number))
        };
        let mut told: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.level > Level::Note)
            .collect();
        // a file that cannot be read makes others look wrong: it comes first
        let unread =
            |finding: &Finding| matches!(&*finding.rule, "toml-syntax" | "unreadable-file");
        told.sort_by_key(|finding| (!unread(finding), std::cmp::Reverse(finding.level)));
        let count = |level| told.iter().filter(|finding| finding.level == level).count();
        let (errors, warnings) = (count(Level::Error), count(Level::Warning));
        let broken = broken.map(|message| Item {
            level: Level::Error.name(),
            label: reporter.level(Level::Error).to_owned(),
            place: String::new(),
            message: message.to_owned(),
            help: None,
            page: None,
        });
        let errors = errors + usize::from(broken.is_some());
        let items = told.iter().take(MOST).map(|finding| {
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
        Told {
            checked,
            errors,
            warnings,
            title: words.filled(
                "serve.found",
                &[
                    ("errors", &errors.to_string()),
                    ("warnings", &warnings.to_string()),
                ],
            ),
            dismiss: words.get("serve.dismiss").to_owned(),
            items: broken.into_iter().chain(items).collect(),
        }
    }
}
