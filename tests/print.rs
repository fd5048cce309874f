//! Printed forms as somebody who files them has them: what stands on the
//! paper, in PDF and in HTML, filled and blank.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use taizhang::markdown::{Block as Text, Inline};
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::typeset::{Document, Engine, Pool, PoolSettings, TypesetError};
use taizhang::print::view::{Block, Content};
use taizhang::print::{
    Filling, FormView, Papers, blank_register, findings_of, forms_of, gathered, papers_of, view,
};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 5, 7);

fn demonstration() -> Register {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    load(root, &LoadOptions::default()).register
}

fn typeset(papers: &Papers, views: &[FormView]) -> Vec<Result<Document, TypesetError>> {
    let pool = Pool::new(PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        time_limit: std::time::Duration::from_secs(120),
        ..PoolSettings::default()
    });
    let jobs: Vec<_> = views.iter().map(|view| papers.job(view, DAY)).collect();
    pool.typeset(&jobs, &|_| {})
}

/// The text of a PDF by poppler, cell by cell; `None` where it is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output()
        .ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Without blanks and line ends, which layout adds, and without the line at
/// the foot of each page, which may stand in the middle of a text.
fn bare(text: &str) -> String {
    text.split('\u{c}')
        .flat_map(|page| {
            let mut lines: Vec<&str> = page.lines().collect();
            if let Some(at) = lines.iter().rposition(|line| is_foot(line)) {
                lines.truncate(at);
            }
            lines
        })
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

fn is_foot(line: &str) -> bool {
    (line.contains("页 / 共") || line.contains("页/共"))
        || (line.contains("Page ") && line.contains(" of "))
}

/// What a page shows: its body without tags.
fn shown(html: &str) -> String {
    let body = &html[html.find("<body").unwrap()..];
    let mut text = String::new();
    let mut tag = false;
    for c in body.chars() {
        match c {
            '<' => tag = true,
            '>' => tag = false,
            c if !tag => text.push(c),
            _ => {}
        }
    }
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, character);
    }
    bare(&text)
}

/// Every label and value that must be found on the paper.
fn words_of(view: &FormView) -> Vec<String> {
    let prose = !view.blank && matches!(view.style, "minutes" | "notice");
    let mut words = Vec::new();
    if !view.titled || view.blank {
        words.push(view.title.clone());
    }
    for block in &view.blocks {
        match block {
            Block::Heading { text } | Block::Text { text } | Block::Seal { text } => {
                words.push(text.clone())
            }
            Block::Grid { rows, .. } => {
                for row in rows {
                    for cell in &row.cells {
                        // a letter has no empty lines, and its parts speak for themselves
                        if !prose || row.role == "plain" && !cell.content.is_empty() {
                            words.push(cell.label.clone());
                        }
                        content(&cell.content, &mut words);
                    }
                }
            }
            Block::Table {
                label,
                columns,
                rows,
                ..
            } if !prose || !rows.is_empty() => {
                words.extend(label.clone());
                words.extend(columns.iter().map(|column| column.label.clone()));
                rows.iter()
                    .flatten()
                    .for_each(|cell| content(cell, &mut words));
            }
            Block::Table { .. } => {}
            Block::Signatures {
                label,
                compact,
                lines,
                ..
            } => {
                words.extend(label.clone());
                for line in lines {
                    if !compact || line.who.is_none() {
                        words.push(line.label.clone());
                    }
                    let parts = [
                        &line.who,
                        &line.name,
                        &line.manner,
                        &line.date,
                        &line.opinion,
                    ];
                    words.extend(parts.into_iter().flatten().cloned());
                }
            }
        }
    }
    words
}

fn content(content: &Content, words: &mut Vec<String>) {
    match content {
        Content::Empty => {}
        Content::Lines { lines } => words.extend(lines.iter().cloned()),
        Content::Checks { options } => words.extend(options.iter().map(|option| {
            let mark = if option.chosen { '☑' } else { '☐' };
            format!("{mark}{}", option.label)
        })),
        Content::Blocks { blocks } => blocks.iter().for_each(|block| text(block, words)),
    }
}

fn text(block: &Text, words: &mut Vec<String>) {
    match block {
        Text::Paragraph { inlines } | Text::Heading { inlines, .. } => inline(inlines, words),
        Text::List { items, .. } => items.iter().flatten().for_each(|block| text(block, words)),
        Text::Quote { blocks } => blocks.iter().for_each(|block| text(block, words)),
        Text::Code { text } => words.push(text.clone()),
        Text::Table { head, rows, .. } => {
            head.iter()
                .chain(rows.iter().flatten())
                .for_each(|cell| inline(cell, words));
        }
        Text::Rule => {}
    }
}

fn inline(inlines: &[Inline], words: &mut Vec<String>) {
    for one in inlines {
        match one {
            Inline::Text { text } | Inline::Code { text } => words.push(text.clone()),
            Inline::Emphasis { inlines }
            | Inline::Strong { inlines }
            | Inline::Struck { inlines }
            | Inline::Link { inlines, .. } => inline(inlines, words),
            Inline::Break => {}
        }
    }
}

/// Sets every view, and holds PDF and HTML against it.
fn hold(register: &Register, views: &[FormView]) {
    let papers = Papers::new(&register.templates).unwrap();
    for (view, result) in views.iter().zip(typeset(&papers, views)) {
        let name = &view.file_name;
        let document = result.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let html = papers.html(view, "print.css").unwrap();
        assert!(
            !html.contains(" style="),
            "{name}: the policy forbids inline style"
        );
        let page = shown(&html);
        let paper = text_of(&document.pdf).map(|text| bare(&text));
        for words in words_of(view) {
            let words = bare(&words);
            assert!(
                page.contains(&words),
                "{name}: HTML lacks “{words}”\n{page}"
            );
            if let Some(paper) = &paper {
                assert!(
                    paper.contains(&words),
                    "{name}: PDF lacks “{words}”\n{paper}"
                );
            }
        }
    }
}

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
fn every_form_says_what_its_records_say_in_pdf_and_html() {
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
            let mut papers: Vec<FormView> = offered
                .into_iter()
                .map(|paper| paper.view(&register, Language::Chinese))
                .collect();
            papers.sort_by_key(|view| view.sources.len());
            assert!(!papers.is_empty(), "{}/{}", kind.id, form.id);
            views.extend(papers.pop());
            views.extend(papers.into_iter().next());
        }
    }
    hold(&register, &views);
}

/// A repository with one record of a built-in kind.
fn repository(record: &str) -> (tempfile::TempDir, Register) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("taizhang.toml", "name = \"试印公司\"\n");
    write(
        "records/organisation/departments.toml",
        "[rd]\nname = \"研发部\"\n[sales]\nname = \"销售部\"\n",
    );
    write(
        "records/organisation/people.toml",
        "[li]\nname = \"李娜\"\ndepartment = \"rd\"\ntitle = \"研发部经理\"\n",
    );
    write("records/2026/XT-2026-0001.toml", record);
    let register = load(folder.path(), &LoadOptions::default()).register;
    (folder, register)
}

const ENVELOPE: &str = r#"kind = "collaboration"
id = "XT-2026-0001"
title = '手表#set text(red) <b>粗</b> $x$ *星* \u{202e} ☑'
state = "submitted"
priority = "urgent"

[request]
department = "rd"
person = "li"
submitted_at = 2026-05-06T09:30:00+08:00
due_on = 2026-05-20
"#;

fn paper(register: &Register, form: &str) -> FormView {
    let record = &register.records[0];
    let kind = register.kind_of(record);
    papers_of(kind, kind.form(form).unwrap(), record)[0].view(register, Language::Chinese)
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
    let papers = Papers::new(&register.templates).unwrap();
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
        let papers = Papers::new(&register.templates).unwrap();
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
    let papers = Papers::new(&register.templates).unwrap();
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
    let papers = Papers::new(&register.templates).unwrap();
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
    let papers = Papers::new(&register.templates).unwrap();
    let error = typeset(&papers, std::slice::from_ref(&view))
        .remove(0)
        .unwrap_err();
    let place = register.records[0].place(register.records[0].id.span);
    let findings = findings_of(&view, place, &error);
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
