//! Printed forms as somebody who files them has them, for tests of papers.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

use taizhang::markdown::{Block as Text, Inline};
use taizhang::print::typeset::{Document, Engine, Pool, PoolSettings, TypesetError};
use taizhang::print::view::{Block, Content};
use taizhang::print::{FormView, Papers, papers_of};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

/// The day papers of tests are made on.
pub const DAY: jiff::civil::Date = jiff::civil::date(2026, 5, 7);

/// The demonstration repository, which is this one.
pub fn demonstration() -> Register {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    load(root, &LoadOptions::default()).register
}

/// Sets papers with the built-in engine.
pub fn typeset(papers: &Papers, views: &[FormView]) -> Vec<Result<Document, TypesetError>> {
    let pool = Pool::new(PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        time_limit: std::time::Duration::from_secs(120),
        ..PoolSettings::default()
    });
    let jobs: Vec<_> = views.iter().map(|view| papers.job(view, DAY)).collect();
    pool.typeset(&jobs, &|_| {})
}

/// The text of a PDF by poppler, cell by cell; `None` where it is not installed.
pub fn text_of(pdf: &[u8]) -> Option<String> {
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
pub fn bare(text: &str) -> String {
    text.split('\u{c}')
        .flat_map(|page| {
            let mut lines: Vec<&str> = page.lines().collect();
            if let Some(at) = lines.iter().rposition(|line| is_foot(line)) {
                lines.truncate(at);
            }
            lines
        })
        .flat_map(str::chars)
        // nor soft hyphens and places to break at
        .filter(|c| !c.is_whitespace() && !['\u{200b}', '\u{ad}'].contains(c))
        .collect()
}

fn is_foot(line: &str) -> bool {
    (line.contains("页 / 共") || line.contains("页/共"))
        || (line.contains("Page ") && line.contains(" of "))
        || (line.starts_with("— ") && line.ends_with(" —"))
}

/// What a page shows: its body without tags.
pub fn shown(html: &str) -> String {
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
pub fn words_of(view: &FormView) -> Vec<String> {
    let prose = !view.blank && matches!(view.style, "minutes" | "notice" | "letter");
    let mut words: Vec<String> = view.head.iter().cloned().collect();
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
pub fn hold(register: &Register, views: &[FormView]) {
    let papers = Papers::new(register);
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

/// A repository with one record of a built-in kind.
pub fn repository(record: &str) -> (tempfile::TempDir, Register) {
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

/// A collaboration as it is handed in; sections go on from here.
pub const ENVELOPE: &str = r#"kind = "collaboration"
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

/// A form of the first record.
pub fn paper(register: &Register, form: &str) -> FormView {
    let record = &register.records[0];
    let kind = register.kind_of(record);
    papers_of(kind, kind.form(form).unwrap(), record)[0].view(register, Language::Chinese)
}
