//! `taizhang.toml`: what an organisation decides.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::paper::{PaperSettings, read_paper};
use super::site::{SiteSettings, read_site};
use crate::calendar::{self, Close, Interval, OfficeHours};
use crate::definition::Confirmation;
use crate::finding::{Finding, Place};
use crate::source::{Located, TableReader, Tree};
use crate::text::{Language, Text};

/// The forge the records live on.
#[derive(Clone, Debug)]
pub struct Forge {
    /// github, gitlab, gitea, gitee …
    pub kind: Arc<str>,
    /// Address of the repository's page.
    pub url: Arc<str>,
    /// The branch that people edit.
    pub branch: Arc<str>,
}

/// A group that confidential builds can be made for.
#[derive(Clone, Debug)]
pub struct AudienceSetting {
    /// Its name: `board` for `--audience confidential:board`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Text,
    /// Departments and people in it, by name.
    pub members: Vec<Located<Arc<str>>>,
}

/// Everything `taizhang.toml` says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The company's name.
    pub name: Text,
    /// Its short name.
    pub short_name: Option<Text>,
    /// The language of site and paper.
    pub language: Language,
    /// Zone, office hours, close of business.
    pub time: calendar::Settings,
    /// Which profile holds, and where it is named.
    pub profile: Located<Arc<str>>,
    /// The instant to take as now, for a demonstration.
    pub as_of: Option<Timestamp>,
    /// Where people edit records.
    pub forge: Option<Forge>,
    /// The audiences to build for.
    pub audiences: Vec<AudienceSetting>,
    /// The department that keeps the register.
    pub coordination_office: Option<Located<Arc<str>>>,
    /// 全宗号 of the archive (DA/T 22).
    pub fonds: Option<Arc<str>>,
    /// 门类代码 of what is filed (DA/T 22): WS 文书 unless said otherwise.
    pub archive_category: Arc<str>,
    /// Where the site is published, without a slash at the end: calendars and
    /// feeds link there.
    pub site_url: Option<Arc<str>>,
    /// How strongly people have to confirm at least, whatever a kind asks (D9).
    pub confirmation: Option<Confirmation>,
    /// How its paper looks.
    pub paper: PaperSettings,
    /// How its site looks.
    pub site: SiteSettings,
    /// Where the file, or the lack of it, is pointed at.
    pub place: Place,
}

impl Settings {
    /// What holds where `taizhang.toml` says nothing.
    pub fn default_at(place: Place) -> Self {
        Settings {
            name: Text::same("taizhang"),
            short_name: None,
            language: Language::Chinese,
            time: calendar::Settings::default(),
            profile: Located {
                value: "default".into(),
                place,
            },
            as_of: None,
            forge: None,
            audiences: Vec::new(),
            coordination_office: None,
            fonds: None,
            archive_category: "WS".into(),
            site_url: None,
            confirmation: None,
            paper: PaperSettings::default(),
            site: SiteSettings::default(),
            place,
        }
    }
}

impl Settings {
    /// Takes the logos in that are named; what is wrong with one is a finding,
    /// and it is left out.
    pub fn read_logos(&mut self, tree: &Tree) -> Vec<Finding> {
        let of_paper = self.paper.read_logo(tree);
        let of_site = self.site.read_logo(tree);
        of_paper.into_iter().chain(of_site).collect()
    }
}

/// Reads `taizhang.toml`.
pub fn read_settings(reader: TableReader<'_>) -> Settings {
    let mut settings = Settings::default_at(reader.place);
    settings.name = reader.required_text("name");
    settings.short_name = reader.text("short_name");
    if let Some(language) = reader.choice(
        "language",
        &[("zh", Language::Chinese), ("en", Language::English)],
    ) {
        settings.language = language;
    }
    read_time(&reader, &mut settings.time);
    settings.confirmation = reader.choice("confirmation", &Confirmation::NAMES);
    if let Some(found) = reader.string("profile") {
        settings.profile = Located {
            value: found.value.into(),
            place: found.place,
        };
    }
    settings.as_of = reader.get("as_of").and_then(|value| {
        let text = match value.get_ref() {
            toml::de::DeValue::Datetime(datetime) => datetime.to_string(),
            _ => String::new(),
        };
        match text.parse::<Timestamp>() {
            Ok(instant) => Some(instant),
            Err(_) => {
                reader.wrong_type("as_of", value, "instant");
                None
            }
        }
    });
    settings.forge = reader.table("forge").and_then(|table| {
        let kinds = &["github", "gitlab", "gitea", "forgejo", "gitee", "gitcode"].map(|k| (k, k));
        let kind = table.choice("kind", kinds);
        let url = table.required_string("url");
        let branch = table.string("branch").map_or("main", |found| found.value);
        let forge = url.map(|url| Forge {
            kind: kind.unwrap_or("github").into(),
            url: url.value.trim_end_matches('/').into(),
            branch: branch.into(),
        });
        table.finish();
        forge
    });
    settings.audiences = reader
        .tables("audiences")
        .into_iter()
        .filter_map(|table| {
            let id = table.required_string("id");
            let audience = AudienceSetting {
                id: id.as_ref().map_or("", |id| id.value).into(),
                name: table.required_text("name"),
                members: table
                    .strings("members")
                    .into_iter()
                    .map(|found| Located {
                        value: found.value.into(),
                        place: found.place,
                    })
                    .collect(),
            };
            table.finish();
            id.map(|_| audience)
        })
        .collect();
    settings.coordination_office = reader.string("coordination_office").map(|found| Located {
        value: found.value.into(),
        place: found.place,
    });
    settings.fonds = reader.string("fonds").map(|found| found.value.into());
    if let Some(found) = reader.string("archive_category") {
        settings.archive_category = found.value.into();
    }
    settings.site_url = read_site_url(&reader);
    if let Some(table) = reader.table("paper") {
        settings.paper = read_paper(table);
    }
    if let Some(table) = reader.table("site") {
        settings.site = read_site(table);
    }
    reader.get("note");
    reader.finish();
    settings
}

fn read_site_url(reader: &TableReader<'_>) -> Option<Arc<str>> {
    let found = reader.string("site_url")?;
    let url = found.value.trim_end_matches('/');
    let after = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let good = |rest: &str| {
        !rest.is_empty()
            && rest.is_ascii()
            && !rest.contains(|c: char| c.is_ascii_control() || c == ' ' || "\"<>?#".contains(c))
    };
    if !after.is_some_and(good) {
        reader.report(
            Finding::error("bad-setting", found.place)
                .message("site-url")
                .with("value", found.value),
        );
        return None;
    }
    Some(url.into())
}

fn read_time(reader: &TableReader<'_>, time: &mut calendar::Settings) {
    if let Some(found) = reader.string("time_zone") {
        match TimeZone::get(found.value) {
            Ok(zone) => time.time_zone = zone,
            Err(_) => reader.report(
                Finding::error("bad-setting", found.place)
                    .message("time-zone")
                    .with("value", found.value),
            ),
        }
    }
    let hours = reader.strings("office_hours");
    if !hours.is_empty() {
        let mut intervals = Vec::new();
        for found in &hours {
            match found.value.parse::<Interval>() {
                Ok(interval) => intervals.push(interval),
                Err(_) => reader.report(
                    Finding::error("bad-setting", found.place)
                        .message("office-hours")
                        .with("value", found.value),
                ),
            }
        }
        match OfficeHours::new(intervals) {
            Ok(hours) => time.office_hours = hours,
            Err(_) => reader.report(
                Finding::error("bad-setting", hours[0].place)
                    .message("office-hours")
                    .with("value", hours[0].value),
            ),
        }
    }
    if let Some(close) = reader.choice(
        "close",
        &[
            ("business", Close::BusinessClose),
            ("midnight", Close::Midnight),
        ],
    ) {
        time.close_of_day = close;
    }
    if reader.has("shift_off_days") {
        time.shift_off_days = reader.boolean("shift_off_days");
    }
    if let Some(late) = reader.choice(
        "late_start",
        &[
            ("same-day", calendar::LateStart::SameDay),
            ("next-working-day", calendar::LateStart::NextWorkingDay),
        ],
    ) {
        time.late_start = late;
    }
}
