//! `taizhang check`: every finding, on a terminal or as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use super::Common;
use crate::finding::Level;
use crate::register::{LoadOptions, load};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only findings in these files or folders
    paths: Vec<PathBuf>,
}

pub(super) fn run(common: &Common, _arguments: &Arguments) -> ExitCode {
    let options = LoadOptions {
        profile: common.profile.clone(),
        templates: None,
    };
    let loaded = load(&common.root, &options);
    let mut findings = loaded.findings;
    findings.extend(crate::check::check(&loaded.register));
    let _ = common.lang;
    for finding in &findings {
        let sources = &loaded.register.sources;
        let position = sources.position(finding.place);
        println!(
            "{}:{}:{}: {} {:?} {:?} «{}»",
            sources.file(finding.place.file).path,
            position.line,
            position.column,
            finding.rule,
            finding.wording,
            finding.arguments,
            sources
                .words(finding.place)
                .chars()
                .take(60)
                .collect::<String>(),
        );
    }
    ExitCode::from(u8::from(
        findings.iter().any(|finding| finding.level == Level::Error),
    ))
}
