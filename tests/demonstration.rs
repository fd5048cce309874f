//! The demonstration in this repository: what the README promises of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;

use taizhang::definition::Audience;
use taizhang::finding::Level;
use taizhang::outlook::{Outlook, Status, Viewer};
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
    assert!(register.records.len() >= 40);
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
