//! What this site is: of which commit and instant, under which rules, and what
//! was found. For the company's own people also every finding.

use super::chrome::CrumbView;
use super::context::Context;
use super::engine::SiteError;
use super::list::{PageLink, links};
use super::markup::Markup;
use super::record::{FactView, message};
use super::view::view;
use super::{address, chrome};
use crate::calendar::Moment;
use crate::finding::{FileId, Finding, Level};
use crate::outlook::Outlook;
use crate::publish::Output;
use crate::register::{ORGANISATION, RECORDS};

/// Rows of a page of findings: about 120 KB.
const ROWS: usize = 200;

/// The built-in faces and under which terms each may be passed on.
const FACES: [(&str, &str); 4] = [
    ("Noto Sans SC", "SIL Open Font License 1.1"),
    ("Noto Serif SC", "SIL Open Font License 1.1"),
    ("Taizhang Kai", "SIL Open Font License 1.1"),
    ("DejaVu Sans", "DejaVu Fonts License"),
];

view! {
    AboutView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        facts: Vec<FactView>,
        findings: Vec<CountView>,
        insider: bool,
        faces: Vec<FaceView>,
    }
}

view! {
    CountView {
        label: String,
        tone: &'static str,
        count: usize,
    }
}

view! {
    FaceView {
        name: &'static str,
        licence: &'static str,
    }
}

view! {
    FindingsView {
        title: String,
        crumbs: Vec<CrumbView>,
        lead: String,
        levels: Vec<LevelView>,
        pages: Vec<PageLink>,
    }
}

view! {
    LevelView {
        id: &'static str,
        label: String,
        total: usize,
        items: Vec<FindingRow>,
    }
}

view! {
    FindingRow {
        place: String,
        record: Option<Markup>,
        text: String,
        rule: String,
        about: String,
        clause: Option<Markup>,
    }
}

/// The findings that a site may tell, errors first, then by place: those of
/// records that its viewer sees, and of what is no record. A file among the
/// records that could not be read as one may be anybody's.
pub(super) fn told<'f>(outlook: &Outlook<'_>, findings: &'f [Finding]) -> Vec<&'f Finding> {
    if !outlook.viewer.is_insider() {
        return Vec::new();
    }
    let register = outlook.register;
    let mut seen: Vec<FileId> = outlook
        .records
        .iter()
        .map(|record| register.records[*record].file)
        .collect();
    seen.sort_unstable();
    let records = format!("{RECORDS}/");
    let mut told: Vec<&Finding> = findings
        .iter()
        .filter(|finding| {
            let path = &register.sources.file(finding.place.file).path;
            // a file that the viewer may not know of has no path any more
            seen.binary_search(&finding.place.file).is_ok()
                || !path.is_empty() && !path.starts_with(&records)
                || path.starts_with(ORGANISATION)
        })
        .collect();
    // within a level they stay in order of place
    told.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    told
}

fn level(level: Level) -> (&'static str, &'static str, &'static str) {
    match level {
        Level::Error => ("error", "levels.error", "overdue"),
        Level::Warning => ("warning", "levels.warning", "soon"),
        Level::Note => ("note", "levels.note", "pending"),
    }
}

pub(super) fn render(context: &Context<'_>) -> Result<Output, SiteError> {
    let title = context.word("site.about.title");
    let insider = context.outlook.viewer.is_insider();
    let findings = [Level::Error, Level::Warning, Level::Note]
        .map(|of| {
            let (_, name, tone) = level(of);
            CountView {
                label: context.word(name).to_owned(),
                tone,
                count: context.told.iter().filter(|told| told.level == of).count(),
            }
        })
        .into();
    let page = AboutView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context.word("site.about.lead").to_owned(),
        facts: facts(context),
        findings,
        insider,
        faces: FACES
            .into_iter()
            .map(|(name, licence)| FaceView { name, licence })
            .collect(),
    };
    context.page(
        "site/about.html",
        "about.html".to_owned(),
        "about.html",
        page,
    )
}

fn facts(context: &Context<'_>) -> Vec<FactView> {
    let mut facts = Vec::new();
    let mut add = |label: &'static str, value: Markup| {
        facts.push(FactView {
            label: context.words.get(label).to_owned(),
            value,
        });
    };
    let outlook = context.outlook;
    add(
        "site.about.as_of",
        context.dates.moment(Moment::Instant(outlook.as_of)),
    );
    if outlook.viewer.is_insider() {
        match context.commit {
            Some(commit) => {
                let mut value = Markup::span(&["no"], commit.short());
                value.join(&context.dates.moment(Moment::Instant(commit.at)));
                add("site.about.commit", value);
            }
            None => add(
                "site.about.commit",
                Markup::text(context.word("site.about.no_commit")),
            ),
        }
    }
    let profile = context.text(&context.register.profile().name);
    add("site.about.profile", Markup::text(profile));
    add(
        "site.about.audience",
        match context.audience {
            Some(ref audience) => Markup::text(audience),
            None => Markup::text(context.word("site.audience.internal")),
        },
    );
    add(
        "site.about.language",
        Markup::text(context.word("site.about.this_language")),
    );
    add("site.about.program", {
        let version = env!("CARGO_PKG_VERSION");
        Markup::text(&format!("taizhang {version}"))
    });
    add(
        "site.about.records",
        Markup::text(&outlook.records.len().to_string()),
    );
    let records = outlook.records.iter();
    let kinds = 0..context.register.kinds.len();
    let registers = 0..context.register.register_papers.len();
    let papers: usize = records
        .map(|record| context.forms.of_record(*record).len())
        .chain(kinds.map(|kind| context.forms.of_kind(kind).len()))
        .chain(registers.map(|paper| context.forms.count_of_register(paper)))
        .sum();
    add("site.about.papers", Markup::text(&papers.to_string()));
    let years: Vec<String> = context
        .dates
        .calendar()
        .holidays()
        .years()
        .map(|(year, _)| year.to_string())
        .collect();
    add(
        "site.about.calendar",
        Markup::text(&context.display.list(&years)),
    );
    facts
}

/// How many pages the findings have.
pub(super) fn page_count(context: &Context<'_>) -> usize {
    context.told.len().div_ceil(ROWS).max(1)
}

pub(super) fn render_findings(context: &Context<'_>, number: usize) -> Result<Output, SiteError> {
    let title = context.word("site.findings.title");
    let shown = context.told.chunks(ROWS).nth(number - 1).unwrap_or(&[]);
    let levels = shown
        .chunk_by(|a, b| a.level == b.level)
        .filter_map(|group| {
            let of = group.first()?.level;
            let (id, name, _) = level(of);
            Some(LevelView {
                id,
                label: context.word(name).to_owned(),
                total: context.told.iter().filter(|told| told.level == of).count(),
                items: group.iter().map(|finding| row(context, finding)).collect(),
            })
        })
        .collect();
    let count = page_count(context);
    let page = FindingsView {
        title: title.to_owned(),
        crumbs: chrome::crumbs([
            (
                context.word("site.overview.title"),
                Some("index.html".to_owned()),
            ),
            (
                context.word("site.about.title"),
                Some("about.html".to_owned()),
            ),
            (title, None),
        ]),
        lead: context.words.filled(
            "site.findings.lead",
            &[("count", &context.told.len().to_string())],
        ),
        levels,
        pages: links(number, count, |page| address::numbered("findings", page)),
    };
    let path = address::numbered("findings", number);
    context.page("site/findings.html", path, "about.html", page)
}

fn row(context: &Context<'_>, finding: &Finding) -> FindingRow {
    let register = context.register;
    let file = register.sources.file(finding.place.file);
    let at = register.sources.position(finding.place);
    let record = context
        .outlook
        .records
        .iter()
        .find(|record| register.records[**record].file == finding.place.file);
    let rule = register.rules.get(&*finding.rule);
    FindingRow {
        place: format!("{}:{}:{}", file.path, at.line, at.column),
        record: record.map(|record| {
            let id = &register.records[*record].id.value;
            context.record_link(id, None, "")
        }),
        text: message(context, finding),
        rule: finding.rule.to_string(),
        about: rule.map_or_else(String::new, |rule| context.text(&rule.title).to_owned()),
        clause: finding
            .clause
            .as_ref()
            .map(|clause| context.clause(clause, "")),
    }
}
