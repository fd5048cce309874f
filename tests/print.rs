//! Printed forms as somebody who files them has them: what stands on the
//! paper, in PDF and in HTML, filled and blank.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::papers::{
    ENVELOPE, bare, demonstration, hold, paper, repository, shown, text_of, typeset, words_of,
};
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::view::Block;
use taizhang::print::{
    Filling, FormView, Papers, blank_register, findings_of, forms_of, gathered, papers_of, view,
};
use taizhang::text::Language;

#[test]
fn every_blank_form_has_all_its_labels_in_both_languages() {
    let register = demonstration();
    let mut views = Vec::new();
    for language in [Language::Chinese, Language::English] {
        for kind in &register.kinds {
            for form in &kind.forms {
                views.push(view(&register, kind, form, Filling::Blank, language));
            }
        }
    }
    assert!(views.len() > 40, "{}", views.len());
    assert!(
        views
            .iter()
            .all(|view| view.blank && view.sources.is_empty())
    );
    hold(&register, &views);
}

#[test]
fn every_register_paper_says_the_same_in_pdf_and_html() {
    let register = demonstration();
    let as_of = "2026-05-07T09:00:00+08:00".parse().unwrap();
    let outlook = Outlook::new(&register, as_of, Viewer::Internal);
    let mut views = Vec::new();
    for language in [Language::Chinese, Language::English] {
        for paper in &register.register_papers {
            let filled = gathered(&outlook, paper);
            assert!(
                !filled.is_empty(),
                "nothing of the demonstration is on {}",
                paper.id
            );
            views.extend(filled.iter().map(|paper| paper.view(&outlook, language)));
            views.push(blank_register(&register, paper, language));
        }
    }
    assert!(views.iter().all(|view| view.gathered));
    hold(&register, &views);
}

#[test]
fn every_form_says_what_its_records_say_in_pdf_and_html_in_both_languages() {
    let register = demonstration();
    let mut views: Vec<FormView> = Vec::new();
    for kind in &register.kinds {
        for form in &kind.forms {
            // the fullest of its papers and a thin one
            let of_kind = || {
                let records = register.records.iter();
                records.filter(|record| register.kind_of(record).id == kind.id)
            };
            let mut offered: Vec<_> = of_kind()
                .flat_map(|record| forms_of(&register, record))
                .filter(|paper| paper.form.id == form.id)
                .collect();
            if offered.is_empty() {
                offered = of_kind()
                    .flat_map(|record| papers_of(kind, form, record))
                    .collect();
            }
            for language in [Language::Chinese, Language::English] {
                let mut papers: Vec<FormView> = offered
                    .iter()
                    .map(|paper| paper.view(&register, language))
                    .collect();
                papers.sort_by_key(|view| view.sources.len());
                assert!(!papers.is_empty(), "{}/{}", kind.id, form.id);
                views.extend(papers.pop());
                views.extend(papers.into_iter().next());
            }
        }
    }
    hold(&register, &views);
}

#[test]
fn markup_in_a_record_is_printed_as_it_stands() {
    let hostile = format!(
        "{ENVELOPE}background = '''报价“#import \"x\": *” @引用 <label> &lt; </td></table><script>alert(1)</script> `#code` 反向\u{202e}cba'''\ntasks = \"{}\"\nattachments = [\"<img src=x>V1.0-20260506.docx\"]\n",
        "W".repeat(4_000)
    );
    let (_folder, register) = repository(&hostile);
    let view = paper(&register, "request");
    assert_eq!(
        view.subject.as_deref(),
        Some(r"手表#set text(red) <b>粗</b> $x$ *星* \u{202e} ☑")
    );
    hold(&register, std::slice::from_ref(&view));
    let papers = Papers::new(&register);
    let html = papers.html(&view, "print.css").unwrap();
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>粗"));
    assert!(html.contains("反向[U+202E]cba"), "overrides are shown");
    assert!(html.contains("&lt;img src=x&gt;V1.0-20260506.docx"));
}

#[test]
fn text_that_nests_deep_is_printed_in_html_too() {
    for nested in [
        "> ".repeat(200) + "终点",
        "- ".repeat(200) + "终点",
        "> ".repeat(9) + &"*甲 **乙 ".repeat(40) + "终点" + &"** *".repeat(40),
    ] {
        let (_folder, register) = repository(&format!("{ENVELOPE}background = '{nested}'\n"));
        let papers = Papers::new(&register);
        let html = papers.html(&paper(&register, "request"), "print.css");
        assert!(html.unwrap().contains("终点"));
    }
}

#[test]
fn values_are_worded_as_paper_words_them() {
    let (_folder, register) = repository(ENVELOPE);
    let words = words_of(&paper(&register, "request"));
    for expected in [
        "2026年5月6日 09:30",
        "2026年5月20日",
        "李娜（研发部经理）",
        "☑紧急",
        "☐重要",
    ] {
        assert!(
            words.iter().any(|word| word == expected),
            "{expected} in {words:?}"
        );
    }
}

#[test]
fn a_paper_printed_before_its_time_is_marked_as_a_draft() {
    let (_folder, register) = repository(ENVELOPE);
    let offered = forms_of(&register, &register.records[0]);
    let offers = |form: &str| offered.iter().any(|paper| &*paper.form.id == form);
    assert!(offers("request") && !offers("acceptance"));
    assert!(paper(&register, "request").marks.is_empty());
    assert_eq!(paper(&register, "acceptance").marks, ["草稿"]);

    let draft = ENVELOPE.replace("\"submitted\"", "\"draft\"");
    let (_folder, register) = repository(&draft);
    let offered = forms_of(&register, &register.records[0]);
    assert!(offered.iter().any(|paper| &*paper.form.id == "request"));
    let view = paper(&register, "request");
    assert_eq!(view.marks, ["草稿"]);
    let papers = Papers::new(&register);
    assert!(shown(&papers.html(&view, "print.css").unwrap()).contains("草稿"));
    let document = typeset(&papers, &[view]).remove(0).unwrap();
    if let Some(text) = text_of(&document.pdf) {
        assert!(text.contains("草稿"), "{text}");
    }
}

#[test]
fn long_text_flows_over_numbered_pages() {
    let paragraphs = "整机跌落试验未通过，须更换支架材料并复测。\\n\\n".repeat(160);
    let items = "- 复核一次\\n".repeat(120);
    let narrow = "窄".repeat(900);
    let opinion = "会签意见很长。".repeat(300);
    let (_folder, register) = repository(&format!(
        "{ENVELOPE}background = \"{paragraphs}\"\ntasks = \"{items}\"\n\
         resources = [{{ category = \"people\", what = \"人\", quantity = \"{narrow}\" }}]\n\
         head_signature = {{ person = \"li\", at = 2026-05-06, opinion = \"{opinion}\" }}\n"
    ));
    let view = paper(&register, "request");
    let papers = Papers::new(&register);
    let document = typeset(&papers, std::slice::from_ref(&view))
        .remove(0)
        .unwrap();
    if let Some(text) = text_of(&document.pdf) {
        // all of it is on the paper, none below its edge
        let body = bare(&text);
        for (words, count) in [
            ("须更换支架材料", 160),
            ("复核一次", 120),
            ("窄", 900),
            ("会签意见很长", 300),
        ] {
            assert_eq!(body.matches(words).count(), count, "{words}");
        }
        let pages: String = text.split_whitespace().collect();
        for page in 1..=document.pages {
            let foot = format!("第{page}页/共{}页", document.pages);
            assert!(pages.contains(&foot), "{foot} in {text}");
        }
    }
}

#[test]
fn partners_who_have_not_replied_get_a_line_to_sign_on() {
    let record = format!(
        "{ENVELOPE}partners = [{{ department = \"sales\", contact = \"li\", duty = \"提供报价\" }}]\n"
    );
    let (_folder, register) = repository(&record);
    let view = paper(&register, "request");
    let lines = view
        .blocks
        .iter()
        .find_map(|block| match block {
            Block::Signatures { lines, .. } => Some(lines),
            _ => None,
        })
        .unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1].who.as_deref(), Some("销售部"));
    assert!(lines[1].name.is_none());
}

#[test]
fn a_character_that_no_font_has_is_a_finding_at_its_field() {
    let record = format!("{ENVELOPE}background = \"一切正常\"\noutcome = \"样机🚀十台\"\n");
    let (_folder, register) = repository(&record);
    let view = paper(&register, "request");
    let papers = Papers::new(&register);
    let error = typeset(&papers, std::slice::from_ref(&view))
        .remove(0)
        .unwrap_err();
    let place = register.records[0].place(register.records[0].id.span);
    let findings = findings_of(&register, &view, place, &error);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].rule, "missing-glyph");
    assert_eq!(register.sources.words(findings[0].place), "\"样机🚀十台\"");
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .arg("--root")
        .arg(root)
        .arg("print")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_command_writes_files_and_lists_them() {
    let (folder, _) = repository(ENVELOPE);
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let output = run(
        folder.path(),
        &["XT-2026-0001", "--form", "req", "--out", out],
    );
    assert!(output.status.success(), "{output:?}");
    let listed = String::from_utf8(output.stdout).unwrap();
    let path = PathBuf::from(listed.trim());
    assert_eq!(path, Path::new(out).join("XT-2026-0001-request.pdf"));
    assert!(std::fs::read(path).unwrap().starts_with(b"%PDF"));

    let arguments = ["--blank", "notice", "--format", "html", "--out", out];
    let output = run(folder.path(), &arguments);
    assert!(output.status.success(), "{output:?}");
    let page = std::fs::read_to_string(Path::new(out).join("notice-notice-blank.html")).unwrap();
    assert!(page.contains("href=\"print.css\""));
    let style = std::fs::read_to_string(Path::new(out).join("print.css")).unwrap();
    assert!(style.contains(r#"content: "第 " counter(page) " 页 / 共 " counter(pages) " 页""#));
}

#[test]
fn the_command_prints_registers_filled_and_blank() {
    let (folder, _) = repository(ENVELOPE);
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let html = ["--format", "html", "--out", out];
    let with = |arguments: &[&'static str]| {
        let all: Vec<&str> = arguments.iter().copied().chain(html).collect();
        let output = run(folder.path(), &all);
        assert!(output.status.success(), "{output:?}");
        let listed = String::from_utf8(output.stdout).unwrap();
        listed.lines().map(PathBuf::from).collect::<Vec<_>>()
    };
    let files = with(&["--register", "project-register"]);
    assert_eq!(
        files,
        [Path::new(out).join("register-project-register.html")]
    );
    let page = std::fs::read_to_string(&files[0]).unwrap();
    assert!(page.contains("XT-2026-0001"), "{page}");
    let files = with(&["--blank", "archive-list"]);
    assert_eq!(
        files,
        [Path::new(out).join("register-archive-list-blank.html")]
    );
    // of one form of every record there is no register
    assert!(with(&["--all", "--form", "request"]).iter().all(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        !name.starts_with("register-")
    }));
    for (arguments, expected) in [
        (vec!["--register", "project"], "project-register"),
        (
            vec!["--register", "all", "--department", "nobody"],
            "nobody",
        ),
        (
            vec!["--register", "all", "--audience", "martians"],
            "martians",
        ),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn what_cannot_be_printed_is_said_and_the_rest_is_printed() {
    let (folder, _) = repository(&ENVELOPE.replace("title = '", "title = '🚀"));
    let other = ENVELOPE.replace("0001", "0002");
    std::fs::write(folder.path().join("records/2026/XT-2026-0002.toml"), other).unwrap();
    let out = folder.path().join("out");
    let arguments = ["--all", "--form", "request", "--out", out.to_str().unwrap()];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!out.join("XT-2026-0001-request.pdf").exists());
    assert!(out.join("XT-2026-0002-request.pdf").exists());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("missing-glyph") && said.contains("XT-2026-0001.toml"),
        "{said}"
    );
    assert!(said.contains("U+1F680"), "{said}");

    for (arguments, expected) in [
        (vec!["XT-2026-0099"], "XT-2026-0099"),
        (
            vec!["XT-2026-0002", "--form", "re"],
            "request, result, retrospective",
        ),
        (vec!["XT-2026-0002", "--form", "nothing"], "support-request"),
        (vec!["--blank", "party"], "collaboration"),
        (vec![], "--blank"),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}
