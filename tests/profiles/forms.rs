//! One request, four papers: each handbook prints its own.

use taizhang::print::{forms_of, forms_of_kind};
use taizhang::register::Register;
use taizhang::text::Language;

use crate::common::Repository;
use crate::demonstration::demonstration;

/// What the papers of a record are called under its register's profile.
fn papers(register: &Register, id: &str) -> Vec<String> {
    let record = &register.records[register.find(id).unwrap()];
    forms_of(register, record)
        .iter()
        .map(|paper| paper.view(register, Language::Chinese).title)
        .collect()
}

#[test]
fn a_request_is_printed_as_the_handbook_has_it() {
    let all = [
        "内部沟通协调单",
        "跨部门项目协作需求沟通单",
        "跨部门沟通协调需求申请表",
        "跨部门协作需求表",
    ];
    for (profile, printed) in [
        ("default", &all[..]),
        ("flow-handbook", &all[..1]),
        ("platform-guide", &all[1..2]),
        ("coordination-guide", &all[2..3]),
        ("liaison-standard", &all[3..]),
        ("record-guide", &all[..]),
    ] {
        let register = demonstration(profile).register;
        let papers = papers(&register, "XT-2026-0012");
        for name in all {
            let expected = printed.contains(&name);
            assert_eq!(
                papers.iter().any(|paper| paper == name),
                expected,
                "{name} under {profile}"
            );
        }
        // a paper that only one handbook has is printed under all
        assert!(
            papers.iter().any(|paper| paper == "部门执行方案"),
            "{profile}"
        );
    }
}

#[test]
fn a_meeting_is_recorded_or_minuted_and_tracked_as_the_handbook_has_it() {
    for (profile, there, not_there) in [
        (
            "record-guide",
            ["沟通协调记录表", "待办事项跟踪表"],
            ["跨部门协调会议纪要", "跨部门协作行动跟踪表"],
        ),
        (
            "coordination-guide",
            ["跨部门协调会议纪要", "跨部门协作行动跟踪表"],
            ["沟通协调记录表", "待办事项跟踪表"],
        ),
    ] {
        let register = demonstration(profile).register;
        let papers = papers(&register, "HY-2026-0009");
        for name in there {
            assert!(
                papers.iter().any(|paper| paper == name),
                "{name} under {profile}"
            );
        }
        for name in not_there {
            assert!(
                !papers.iter().any(|paper| paper == name),
                "{name} under {profile}"
            );
        }
    }
}

#[test]
fn blank_papers_follow_the_profile_too() {
    let register = demonstration("coordination-guide").register;
    let kind = register.kind("collaboration").unwrap();
    let names: Vec<&str> = forms_of_kind(&register, kind)
        .map(|form| &*form.id)
        .collect();
    assert!(names.contains(&"application"));
    assert!(!names.contains(&"request"), "{names:?}");
}

const PROFILE: &str = r#"
name = "本公司制度"
priority = { urgent = "特急", important = "要件", routine = "平件" }
"#;

fn found(forms: &str) -> Vec<(String, String)> {
    let loaded = Repository::new()
        .file(
            "templates/profiles/default.toml",
            format!("{PROFILE}{forms}"),
        )
        .load();
    loaded
        .findings
        .iter()
        .map(|finding| {
            let words = loaded.register.sources.words(finding.place).to_owned();
            (finding.rule.to_string(), words)
        })
        .collect()
}

#[test]
fn a_company_calls_a_paper_what_it_likes() {
    let forms = "[forms.collaboration.request]\nform = \"application\"\nname = { zh = \"协作申请\", en = \"Ask\" }\n";
    let loaded = Repository::new()
        .file(
            "templates/profiles/default.toml",
            format!("{PROFILE}{forms}"),
        )
        .clean();
    let kind = loaded.register.kind("collaboration").unwrap();
    let name = |form: &str| {
        let name = loaded.register.profile().form_name(&kind.id, form);
        name.map(|name| name.get(Language::Chinese).to_owned())
    };
    assert_eq!(name("application").as_deref(), Some("协作申请"));
    assert_eq!(name("request"), None);
}

#[test]
fn a_layout_that_does_not_exist_is_pointed_at() {
    let of = |form: &str, layout: &str| {
        found(&format!(
            "[forms.collaboration.{form}]\nform = \"{layout}\"\n"
        ))
    };
    let unknown = |words: &str| vec![("unknown-limit".to_owned(), words.to_owned())];
    assert_eq!(of("request", "aplication"), unknown("\"aplication\""));
    // a paper of its own, no layout of this one
    assert_eq!(of("request", "acceptance"), unknown("\"acceptance\""));
    // a layout has no layouts
    assert_eq!(of("application", "request"), unknown("application"));
}

#[test]
fn a_pattern_of_archive_names_is_read_or_pointed_at() {
    assert_eq!(found("archive_name = \"{title}{date}\"\n"), []);
    assert_eq!(
        found("archive_name = \"{titel}{date}\"\n"),
        [("unknown-word".to_owned(), "\"{titel}{date}\"".to_owned())]
    );
}
