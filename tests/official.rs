//! Paper after GB/T 9704-2012, measured on the sheet with poppler; where that is
//! not installed, only that everything can be set.

#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::process::Command;

use common::papers::{demonstration, hold};
use taizhang::organisation::LetterPaper;
use taizhang::print::typeset::{Engine, Pool, PoolSettings};
use taizhang::print::{FormView, Papers, papers_of};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 5, 7);
/// Points of a millimetre.
const MM: f64 = 72.0 / 25.4;
/// 3号, in points.
const CHARACTER: f64 = 15.75;

/// A company that writes after the standard, with one notice of this text.
fn notice(content: &str, more: &str) -> (tempfile::TempDir, Register) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "taizhang.toml",
        "name = \"试印公司\"\n[paper]\nletters = \"official\"\n",
    );
    write(
        "records/organisation/departments.toml",
        "[rd]\nname = \"研发部\"\n[sales]\nname = \"销售部\"\n",
    );
    write(
        "records/organisation/people.toml",
        "[li]\nname = \"李娜\"\ndepartment = \"rd\"\n",
    );
    write(
        "records/2026/TZ-2026-0001.toml",
        &format!(
            "kind = \"notice\"\nid = \"TZ-2026-0001\"\ntitle = \"关于试印的通知\"\nstate = \"issued\"\n\
             [notice]\ndocument_number = \"试研〔2026〕1号\"\ndepartment = \"rd\"\nreceivers = [\"sales\"]\n\
             content = \"{content}\"\n{more}\n[issue]\nissued_at = 2026-01-01T09:00:00+08:00\n"
        ),
    );
    let register = load(folder.path(), &LoadOptions::default()).register;
    assert_eq!(register.settings.paper.letters, LetterPaper::Official);
    (folder, register)
}

/// The notices of registers, set; by poppler's `pdftotext` with this option.
fn sheets(registers: &[Register], option: &str) -> Vec<Option<String>> {
    let pool = Pool::new(PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        time_limit: std::time::Duration::from_secs(120),
        ..PoolSettings::default()
    });
    let jobs: Vec<_> = registers
        .iter()
        .map(|register| {
            let record = &register.records[0];
            let kind = register.kind_of(record);
            let form = kind.form("notice").unwrap();
            let view = papers_of(kind, form, record)[0].view(register, Language::Chinese);
            Papers::new(register).job(&view, DAY)
        })
        .collect();
    pool.typeset(&jobs, &|_| {})
        .into_iter()
        .map(|result| read(&result.unwrap().pdf, option))
        .collect()
}

fn read(pdf: &[u8], option: &str) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext")
        .args([option, "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output()
        .ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn official_paper_says_what_the_records_say_in_pdf_and_html() {
    let mut register = demonstration();
    register.settings.paper.letters = LetterPaper::Official;
    let mut views: Vec<FormView> = Vec::new();
    for language in [Language::Chinese, Language::English] {
        for kind in &register.kinds {
            for form in kind.forms.iter().filter(|form| form.style.is_prose()) {
                let mut papers: Vec<FormView> = register
                    .records
                    .iter()
                    .filter(|record| register.kind_of(record).id == kind.id)
                    .flat_map(|record| papers_of(kind, form, record))
                    .map(|paper| paper.view(&register, language))
                    .collect();
                papers.sort_by_key(|view| view.sources.len());
                views.extend(papers.pop());
                views.extend(papers.into_iter().next());
            }
        }
    }
    assert!(views.len() > 20 && views.iter().all(|view| view.paper == "official"));
    hold(&register, &views);
}

#[test]
fn a_full_page_has_22_lines_of_28_characters() {
    let (_folder, register) = notice(&"汉".repeat(28 * 22 * 3), "");
    let Some(text) = &sheets(&[register], "-raw")[0] else {
        return;
    };
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let lines: Vec<&str> = pages[1].lines().collect();
    let full = "汉".repeat(28);
    assert_eq!(lines.iter().filter(|line| **line == full).count(), 22);
    assert_eq!(lines.last(), Some(&"— 2 —"));
    assert_eq!(lines.len(), 23);
}

#[test]
fn a_signature_is_never_alone_on_a_page() {
    // every length of the text over two pages: somewhere in between the
    // signature does not fit any more
    let registers: Vec<_> = (1..45)
        .map(|lines| notice(&"汉".repeat(28 * lines), "").1)
        .collect();
    let mut moved = 0;
    for text in sheets(&registers, "-raw").into_iter().flatten() {
        let signed = text
            .split('\u{c}')
            .position(|page| page.contains("2026 年 1 月 1 日") || page.contains("2026年1月1日"));
        let page = text.split('\u{c}').nth(signed.unwrap()).unwrap();
        assert!(page.contains('汉'), "{text}");
        moved += usize::from(signed == Some(1));
    }
    assert!(moved > 0, "at some length it moves to the second page");
}

#[test]
fn head_number_and_date_stand_where_the_standard_says() {
    let (_folder, register) = notice(
        "请各部门照办。",
        "attachments = [\"试印清单V1.0-20260101.xlsx\", \"试印说明V1.0-20260101.docx\"]\ncopied_to = [\"rd\"]",
    );
    let Some(text) = &sheets(&[register], "-bbox-layout")[0] else {
        return;
    };
    let line = |words: &str| -> [f64; 4] {
        let bare = |line: &str| -> String {
            let words = line.split("<word").skip(1);
            words
                .filter_map(|word| word.split_once('>')?.1.split_once('<'))
                .map(|(word, _)| word.replace('\u{200b}', ""))
                .collect()
        };
        let found = text
            .split("<line")
            .find(|line| bare(line) == words)
            .unwrap_or_else(|| panic!("no line {words} in {text}"));
        ["xMin", "yMin", "xMax", "yMax"].map(|edge| {
            let at = found.split_once(&format!("{edge}=\"")).unwrap().1;
            at.split_once('"').unwrap().0.parse().unwrap()
        })
    };
    let near = |value: f64, expected: f64, what: &str| {
        assert!(
            (value - expected).abs() < 3.0,
            "{what}: {value}, not {expected}"
        );
    };
    let left = 28.0 * MM;
    let right = (210.0 - 26.0) * MM;
    let head = line("试印公司文件");
    near(
        (head[0] + head[2]) / 2.0,
        (left + right) / 2.0 + 2.0,
        "the head in the middle",
    );
    assert!(head[2] - head[0] < 156.0 * MM);
    let number = line("试研〔2026〕1号");
    near(
        (number[0] + number[2]) / 2.0,
        (left + right) / 2.0,
        "the number in the middle",
    );
    near(line("销售部：")[0], left, "the addressee at the edge");
    near(
        line("请各部门照办。")[0],
        left + 2.0 * CHARACTER,
        "two characters in",
    );
    // bare names, numbered, without a mark after them
    let first = line("附件：1.试印清单V1.0-20260101.xlsx");
    near(
        first[0],
        left + 2.0 * CHARACTER,
        "the enclosures two characters in",
    );
    line("2.试印说明V1.0-20260101.docx");
    let date = line("2026年1月1日");
    near(
        date[2],
        right - 4.0 * CHARACTER,
        "the date four characters from the edge",
    );
    let sender = line("研发部");
    near(
        (sender[0] + sender[2]) / 2.0,
        (date[0] + date[2]) / 2.0,
        "the sender over its middle",
    );
    near(
        line("抄送：研发部。")[0],
        left + 14.0,
        "copies one character in",
    );
    let issued = text.matches("印发").count();
    assert_eq!(issued, 1, "{text}");
}
