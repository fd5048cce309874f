//! The demonstration in this repository: what the README promises of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::{Date, date};

use taizhang::definition::Audience;
use taizhang::finding::Level;
use taizhang::outlook::{Outlook, Status, Viewer};
use taizhang::print::forms_of;
use taizhang::register::{LoadOptions, Loaded, load};

fn demonstration() -> Loaded {
    load(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        &LoadOptions::default(),
    )
}

#[test]
fn it_checks_without_errors() {
    let loaded = demonstration();
    let mut findings = loaded.findings;
    findings.extend(taizhang::check::check(&loaded.register));
    let errors: Vec<String> = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| {
            let sources = &loaded.register.sources;
            let position = sources.position(finding.place);
            let path = &sources.file(finding.place.file).path;
            format!(
                "{path}:{}: {} {:?}",
                position.line, finding.rule, finding.arguments
            )
        })
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn it_is_a_company_of_some_size() {
    let register = demonstration().register;
    assert!(register.organisation.departments.len() >= 10);
    assert!(register.organisation.people.len() >= 40);
    assert!(register.organisation.parties.len() >= 12);
    assert!(register.records.len() >= 120);
}

#[test]
fn it_has_a_matter_in_every_state_of_every_kind() {
    let register = demonstration().register;
    for (index, kind) in register.kinds.iter().enumerate() {
        for (state, definition) in kind.states.iter().enumerate() {
            let found = register
                .records
                .iter()
                .any(|record| record.kind == index && record.state.value == state);
            assert!(found, "no {} is {}", kind.id, definition.id);
        }
    }
}

#[test]
fn some_of_it_is_late_some_escalated_some_secret() {
    let register = demonstration().register;
    let as_of = register.settings.as_of.expect("the demonstration is dated");
    let outlook = Outlook::new(&register, as_of, Viewer::Internal);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for obligation in &outlook.obligations {
        *counts.entry(obligation.status.name()).or_default() += 1;
    }
    for status in [
        Status::Overdue,
        Status::DueSoon,
        Status::Pending,
        Status::Met,
        Status::MetLate,
    ] {
        assert!(
            counts.contains_key(status.name()),
            "{} in {counts:?}",
            status.name()
        );
    }
    let escalated = outlook
        .obligations
        .iter()
        .filter(|obligation| obligation.escalated_to().is_some())
        .count();
    assert!(escalated > 0);
    let of = |audience| {
        register
            .records
            .iter()
            .filter(|record| record.audience.value == audience)
            .count()
    };
    assert!(of(Audience::Confidential) > 0);
    assert!(of(Audience::Public) > 0);
    assert!(outlook.records.len() < register.records.len());
    assert!(outlook.findings.is_empty(), "{:?}", outlook.findings);
}

/// The profiles that ship.
const PROFILES: [&str; 6] = [
    "default",
    "flow-handbook",
    "liaison-standard",
    "record-guide",
    "platform-guide",
    "coordination-guide",
];

fn under(profile: &str) -> Loaded {
    let options = LoadOptions {
        profile: Some(profile.to_owned()),
        ..LoadOptions::default()
    };
    load(Path::new(env!("CARGO_MANIFEST_DIR")), &options)
}

#[test]
fn every_form_is_filled_at_least_once() {
    let register = demonstration().register;
    let mut empty = Vec::new();
    for (index, kind) in register.kinds.iter().enumerate() {
        for form in &kind.forms {
            let filled = register
                .records
                .iter()
                .filter(|record| record.kind == index)
                .any(|record| {
                    forms_of(&register, record)
                        .iter()
                        .any(|paper| paper.form.id == form.id)
                });
            if !filled {
                empty.push(format!("{} {}", kind.id, form.id));
            }
        }
    }
    assert!(empty.is_empty(), "no record fills {empty:#?}");
}

#[test]
fn every_limit_is_met_once_and_missed_once() {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for profile in PROFILES {
        let register = under(profile).register;
        let as_of = register.settings.as_of.expect("the demonstration is dated");
        for kind in &register.kinds {
            for limit in &kind.limits {
                wanted.insert(format!("{} {} met", kind.id, limit.id));
                wanted.insert(format!("{} {} missed", kind.id, limit.id));
            }
        }
        let outlook = Outlook::new(&register, as_of, Viewer::Internal);
        for obligation in &outlook.obligations {
            let kind = register.kind_of(&register.records[obligation.record]);
            let limit = &kind.limits[obligation.limit];
            let result = match obligation.status {
                Status::Met => "met",
                Status::MetLate | Status::Overdue | Status::Missed => "missed",
                _ => continue,
            };
            seen.insert(format!("{} {} {result}", kind.id, limit.id));
        }
    }
    let lacking: Vec<&String> = wanted.difference(&seen).collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn it_goes_over_two_years_with_both_spring_festivals_in_limits() {
    let register = demonstration().register;
    let as_of = register.settings.as_of.expect("the demonstration is dated");
    let outlook = Outlook::new(&register, as_of, Viewer::Internal);
    let spans: Vec<(Date, Date)> = outlook
        .obligations
        .iter()
        .filter_map(|obligation| {
            let start = register.calendar.date(obligation.start?);
            Some((start, obligation.due.date))
        })
        .collect();
    assert!(spans.iter().any(|(start, _)| *start < date(2024, 6, 1)));
    assert!(spans.iter().any(|(start, _)| *start > date(2026, 5, 1)));
    let festivals = [
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2026, 2, 15), date(2026, 2, 23)),
    ];
    for (first, last) in festivals {
        let across = spans
            .iter()
            .any(|(start, due)| *start < first && *due > last);
        assert!(across, "no limit runs across the holidays from {first}");
    }
}
