//! Small registers for the tests of rules: a kind and a record made in place.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::definition::Templates;
use crate::finding::Finding;
use crate::register::{LoadOptions, Loaded, load};
use crate::text::Language;

/// What every sample kind starts with.
pub(crate) const KIND: &str = r#"
name = "样例"
number = "YL-{year}-{seq:4}"
navigation = "matters"

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "进行中", en = "Open" }
phase = "open"
[[states]]
id = "closed"
label = { zh = "已关闭", en = "Closed" }
phase = "closed"
[[states]]
id = "rejected"
label = { zh = "已驳回", en = "Rejected" }
phase = "void"
aside = true
rank_of = "open"
"#;

const PEOPLE: &str = r#"
[li-na]
name = "李娜"
department = "rd"
[wang-wei]
name = "王伟"
department = "rd"
"#;

const DEPARTMENTS: &str = r#"
[rd]
name = { zh = "研发部", en = "R&D" }
head = "wang-wei"
leader = "li-na"
"#;

/// A register with this kind (after [`KIND`]) and these records.
pub(crate) fn register(kind: &str, records: &[&str]) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "taizhang.toml",
        "name = \"样例\"\nprofile = \"default\"\ntime_zone = \"Asia/Shanghai\"\n",
    );
    write("records/organisation/people.toml", PEOPLE);
    write("records/organisation/departments.toml", DEPARTMENTS);
    write(
        "records/organisation/roles.toml",
        "[legal]\nlabel = \"法务\"\ndepartments = [\"rd\"]\n",
    );
    for (index, record) in records.iter().enumerate() {
        // a record lies in the file of its number
        let number = record
            .split_once("\nid = \"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .map_or_else(|| index.to_string(), |(number, _)| number.to_owned());
        write(&format!("records/{number}.toml"), record);
    }
    let built_in = Templates::built_in();
    let mut templates = Templates::default();
    for prefix in ["calendar/", "rules/", "words/"] {
        for (path, template) in built_in.below(prefix) {
            templates.insert(path, template.bytes.to_vec());
        }
    }
    templates.insert(
        "profiles/default.toml",
        "name = \"样例\"\nhandbook = \"S0\"\n",
    );
    // keys of the kind itself have to stand before its tables
    let tables = kind.find("\n[").unwrap_or(kind.len());
    let (keys, tables) = kind.split_at(tables);
    templates.insert(
        "kinds/sample/kind.toml",
        format!("{keys}\n{KIND}\n{tables}"),
    );
    load(
        folder.path(),
        &LoadOptions {
            profile: None,
            templates: Some(templates),
        },
    )
}

/// A record of the sample kind in this state with this rest.
pub(crate) fn record(state: &str, rest: &str) -> String {
    format!(
        "kind = \"sample\"\nid = \"YL-2026-0001\"\ntitle = \"样例\"\nstate = \"{state}\"\n{rest}"
    )
}

/// Every finding about one record of this kind, as `rule @words: message`.
pub(crate) fn findings(kind: &str, record: &str) -> Vec<String> {
    let loaded = register(kind, &[record]);
    let mut findings = loaded.findings.clone();
    findings.extend(super::check(&loaded.register));
    shown(&loaded, &findings)
}

/// Findings as `rule @words: message`.
pub(crate) fn shown(loaded: &Loaded, findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let words = loaded.register.sources.words(finding.place);
            format!("{} @{words}: {}", finding.rule, message(loaded, finding))
        })
        .collect()
}

fn message(loaded: &Loaded, finding: &Finding) -> String {
    use crate::finding::{Argument, Wording};
    let text = match &finding.wording {
        Wording::Own { message, .. } => message.get(Language::Chinese).to_owned(),
        Wording::Named(name) => loaded
            .register
            .rules
            .get(&*finding.rule)
            .and_then(|rule| rule.messages.get(*name))
            .map_or_else(
                || format!("[{name}]"),
                |message| message.text.get(Language::Chinese).to_owned(),
            ),
    };
    crate::text::fill(&text, |wanted| {
        finding
            .arguments
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| match value {
                Argument::Plain(value) => value.clone().into(),
                Argument::Labelled(value) => value.get(Language::Chinese).to_owned().into(),
            })
    })
}
