//! A register of one record, looked at under any profile.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use taizhang::outlook::{Obligation, Outlook};
use taizhang::register::{LoadOptions, Register, load};

use crate::common::Repository;

/// A register with this one record of a kind, under a profile.
pub fn register_of(profile: &str, kind: &str, record: &str) -> Register {
    let prefix = prefix(kind);
    let id = format!("{prefix}-2026-0001");
    let head = format!("kind = \"{kind}\"\nid = \"{id}\"\ntitle = \"试装－首批－确认节拍\"\n");
    let repository =
        Repository::new().file(&format!("records/{id}.toml"), format!("{head}{record}"));
    let options = LoadOptions {
        profile: Some(profile.to_owned()),
        ..LoadOptions::default()
    };
    let loaded = load(repository.root(), &options);
    let errors: Vec<String> = loaded
        .findings
        .iter()
        .map(|finding| format!("{} {:?}", finding.rule, finding.arguments))
        .collect();
    assert!(errors.is_empty(), "{record}: {errors:?}");
    loaded.register
}

/// What stands before the year in the numbers of a kind.
fn prefix(kind: &str) -> &'static str {
    static PREFIXES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let register = Repository::new().clean().register;
        let prefix = |text: &str| text.split("-{").next().unwrap().to_owned();
        register
            .kinds
            .iter()
            .map(|kind| (kind.id.to_string(), prefix(&kind.number.text)))
            .collect()
    });
    &PREFIXES[kind]
}

/// The obligations of a limit.
pub fn at<'o>(outlook: &'o Outlook<'_>, limit: &str) -> Vec<&'o Obligation> {
    outlook
        .obligations
        .iter()
        .filter(|obligation| {
            let kind = outlook
                .register
                .kind_of(&outlook.register.records[obligation.record]);
            *kind.limits[obligation.limit].id == *limit
        })
        .collect()
}

/// An instant in the company's time.
pub fn local(register: &Register, instant: jiff::Timestamp) -> String {
    let local = register.calendar.local(instant);
    local.strftime("%Y-%m-%d %H:%M").to_string()
}
