//! The demonstration follows any one of the handbooks.

use std::path::Path;

use taizhang::finding::Level;
use taizhang::register::{LoadOptions, Loaded, load};

/// The profiles that ship: one a handbook, and the strictest of all.
pub const PROFILES: [&str; 6] = [
    "default",
    "flow-handbook",
    "liaison-standard",
    "record-guide",
    "platform-guide",
    "coordination-guide",
];

/// The demonstration under a profile.
pub fn demonstration(profile: &str) -> Loaded {
    let options = LoadOptions {
        profile: Some(profile.to_owned()),
        ..LoadOptions::default()
    };
    load(Path::new(env!("CARGO_MANIFEST_DIR")), &options)
}

#[test]
fn every_profile_checks_it_without_errors() {
    for profile in PROFILES {
        let loaded = demonstration(profile);
        assert_eq!(&*loaded.register.profile().id, profile);
        let mut findings = loaded.findings;
        findings.extend(taizhang::check::check(&loaded.register));
        let errors: Vec<String> = findings
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| {
                let path = &loaded.register.sources.file(finding.place.file).path;
                format!("{path}: {} {:?}", finding.rule, finding.arguments)
            })
            .collect();
        assert!(errors.is_empty(), "{profile}: {errors:#?}");
    }
}

#[test]
fn there_are_no_other_profiles() {
    let loaded = demonstration("default");
    let mut known: Vec<&str> = loaded
        .register
        .profiles
        .iter()
        .map(|profile| &*profile.id)
        .collect();
    known.sort_unstable();
    let mut expected = PROFILES;
    expected.sort_unstable();
    assert_eq!(known, expected);
}
