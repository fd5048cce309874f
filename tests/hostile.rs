//! Values that nobody should write, on every form of every kind: they are
//! printed as they stand, or refused with a finding that names record and field.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::path::Path;

use common::papers::{
    DAY, ENVELOPE, bare, demonstration, hold, paper, repository, text_of, typeset, words_of,
};
use taizhang::finding::Span;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::typeset::{Engine, Pool, PoolSettings, TypesetError};
use taizhang::print::{FormView, Papers, findings_of, forms_of, gathered};
use taizhang::record::{Record, Row, SectionValue, Value};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

/// Markup of everything that has a hand in printing, and what acts instead of
/// showing.
const MARKUP: [&str; 10] = [
    "#set page(height: 1pt) #panic(\"x\")",
    "#import \"x\": * @引用 <标签> // 注",
    "<script>alert(1)</script>&lt;&#60;",
    "<img src=x onerror=alert(2)></td></table>",
    "\\input{/etc/passwd} \\write18{rm} $\\alpha^2$ 100%",
    "{{ form.title }} {% raw %} {# 注 #}",
    "甲\u{202e}乙\u{2066}丙\u{200f}丁\u{feff}戊",
    "一\u{0}二\u{7}三\u{1b}[31m四\u{9f}",
    "\"}],\"x\":\"\\u0022'''\"\"\"",
    "../../etc/passwd C:\\Windows\\CON.docx NUL",
];

/// Where a record's texts stand in its file.
fn text_spans(record: &Record) -> Vec<Span> {
    fn of_row(row: &Row, columns: usize, spans: &mut Vec<Span>) {
        for cell in (0..columns).filter_map(|index| row.get(index)) {
            match &cell.value {
                Value::Text(_) => spans.push(cell.span),
                Value::Rows(rows) => rows.iter().for_each(|row| of_row(row, 64, spans)),
                _ => {}
            }
        }
    }
    let mut spans = vec![record.title.span];
    for section in &record.sections {
        let rows: &[Row] = match section {
            SectionValue::Absent => &[],
            SectionValue::One(row) => std::slice::from_ref(row),
            SectionValue::Many(rows) => rows,
        };
        rows.iter().for_each(|row| of_row(row, 64, &mut spans));
    }
    spans.sort_by_key(|span| span.start);
    spans
}

/// As a TOML string.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap();
    let escaped = json.chars().map(|c| match c {
        c if c.is_control() => format!("\\u{:04X}", c as u32),
        c => c.to_string(),
    });
    escaped.collect()
}

/// The demonstration's company with one record of each kind, the one that says
/// most, its texts replaced by what `value` gives for the first, second, … ;
/// None leaves one as it is.
fn replaced(value: impl Fn(usize) -> Option<String>) -> (tempfile::TempDir, Register) {
    let original = demonstration();
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = |path: &Path| {
        let target = folder.path().join(path.strip_prefix(root).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(path, target).unwrap();
    };
    copy(&root.join("taizhang.toml"));
    for entry in std::fs::read_dir(root.join("records/organisation")).unwrap() {
        copy(&entry.unwrap().path());
    }
    for kind in 0..original.kinds.len() {
        let of_kind = original.records.iter().filter(|it| it.kind == kind);
        let record = of_kind
            .max_by_key(|record| text_spans(record).len())
            .unwrap();
        let file = original.sources.file(record.file);
        let mut text = file.text.clone();
        for (index, span) in text_spans(record).iter().enumerate().rev() {
            if let Some(value) = value(index) {
                text.replace_range(span.start as usize..span.end as usize, &quoted(&value));
            }
        }
        let path = folder.path().join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let register = load(folder.path(), &LoadOptions::default()).register;
    assert_eq!(register.records.len(), original.kinds.len());
    (folder, register)
}

/// Every paper of these records, and every register paper that they are on.
fn all_papers(register: &Register) -> Vec<FormView> {
    let of_records = register.records.iter();
    let mut views: Vec<FormView> = of_records
        .flat_map(|record| forms_of(register, record))
        .filter(|paper| paper.row.is_none_or(|row| row == 0))
        .map(|paper| paper.view(register, Language::Chinese))
        .collect();
    let as_of = "2026-05-07T09:00:00+08:00".parse().unwrap();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    for paper in &register.register_papers {
        let filled = gathered(&outlook, paper);
        let filled = filled.first();
        views.extend(filled.map(|paper| paper.view(&outlook, Language::Chinese)));
    }
    for style in ["form", "minutes", "notice", "register"] {
        assert!(views.iter().any(|view| view.style == style), "no {style}");
    }
    assert!(views.iter().any(|view| view.gathered));
    views
}

/// Whether nothing of a PDF stands outside its pages, by poppler.
fn stays_on_its_pages(name: &str, pdf: &[u8]) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = std::process::Command::new("pdftotext")
        .args(["-bbox", "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output();
    let Ok(output) = output else { return };
    let text = String::from_utf8(output.stdout).unwrap();
    let number = |line: &str, key: &str| -> f64 {
        let start = line.find(&format!(" {key}=\"")).unwrap() + key.len() + 3;
        let rest = &line[start..];
        rest[..rest.find('"').unwrap()].parse().unwrap()
    };
    let (mut width, mut height) = (0.0, 0.0);
    for line in text.lines() {
        if line.contains("<page ") {
            (width, height) = (number(line, "width"), number(line, "height"));
        } else if line.contains("<word ") {
            let inside = number(line, "xMin") >= 0.0
                && number(line, "xMax") <= width
                && number(line, "yMin") >= 0.0
                && number(line, "yMax") <= height;
            let shown: String = line.chars().take(160).collect();
            assert!(inside, "{name}: runs off the sheet: {shown}");
        }
    }
}

#[test]
fn markup_is_printed_as_it_stands_on_every_form() {
    let (_folder, register) = replaced(|index| {
        // every text is another, so that none is taken for a repetition
        Some(format!("{} №{index}", MARKUP[index % MARKUP.len()]))
    });
    let views = all_papers(&register);
    hold(&register, &views);
    let papers = Papers::new(&register);
    for view in &views {
        let html = papers.html(view, "print.css").unwrap();
        for active in ["<script", "<img", "\u{202e}", "\u{2066}", "\u{7}", "\u{1b}"] {
            assert!(!html.contains(active), "{}: {active:?}", view.file_name);
        }
    }
    let said: String = views.iter().flat_map(words_of).collect();
    for shown in [
        "#panic(\"x\")",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "\\write18{rm}",
        "{{ form.title }}",
        "甲[U+202E]乙[U+2066]丙[U+200F]丁戊",
        "一[U+0000]二[U+0007]三[U+001B][31m四[U+009F]",
        "C:\\Windows\\CON.docx",
    ] {
        assert!(said.contains(shown), "{shown}");
    }
}

#[test]
fn a_character_without_a_glyph_names_record_and_field_on_every_form() {
    let (_folder, register) =
        replaced(|index| (index % 2 == 0).then(|| format!("样机🚀{index}台")));
    let views = all_papers(&register);
    let papers = Papers::new(&register);
    let mut refused = 0;
    for (view, result) in views.iter().zip(typeset(&papers, &views)) {
        let html = papers.html(view, "print.css").unwrap();
        let Err(error) = result else {
            assert!(!html.contains('🚀'), "{}", view.file_name);
            continue;
        };
        refused += 1;
        assert!(html.contains('🚀'), "{}", view.file_name);
        let start = register.records[0].place(register.records[0].id.span);
        for finding in findings_of(&register, view, start, &error) {
            assert_eq!(finding.rule, "missing-glyph");
            let words = register.sources.words(finding.place);
            // a register paper points at itself, a reference has the title of another record
            let reference = register.find(words.trim_matches('"')).is_some();
            assert!(
                words.contains('🚀') || reference || view.gathered,
                "{}: {finding:?}",
                view.file_name
            );
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn text_without_a_break_stays_on_the_sheet() {
    for (character, length) in [('W', 4_000), ('窄', 2_000), ('Ж', 400), ('８', 400)] {
        // the title, and some text or other of each kind
        let (_folder, register) = replaced(|index| {
            let title_or_text = index == 0 || index % 9 == 4;
            title_or_text.then(|| character.to_string().repeat(length))
        });
        // two of each style
        let mut views = all_papers(&register);
        let mut styles = Vec::new();
        views.retain(|view| {
            let style = (view.style, view.orientation, view.gathered);
            styles.push(style);
            styles.iter().filter(|other| **other == style).count() <= 2
        });
        let papers = Papers::new(&register);
        for (view, result) in views.iter().zip(typeset(&papers, &views)) {
            let name = &view.file_name;
            let document = result.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            stays_on_its_pages(name, &document.pdf);
            let count = |text: &str| text.chars().filter(|c| *c == character).count();
            let expected: usize = words_of(view).iter().map(|words| count(words)).sum();
            if let Some(text) = text_of(&document.pdf) {
                assert!(
                    count(&bare(&text)) >= expected,
                    "{name}: {character} is cut"
                );
            }
        }
    }
}

#[test]
fn a_list_that_nests_200_deep_is_printed() {
    let nested = "- ".repeat(200) + "终点";
    let (_folder, register) = repository(&format!("{ENVELOPE}background = '{nested}'\n"));
    hold(&register, &[paper(&register, "request")]);
}

#[test]
fn a_table_of_5000_rows_is_printed_to_the_last() {
    let rows: String = (1..=5_000)
        .map(|number| format!("{{ category = \"people\", what = \"节点{number}号\" }},\n"))
        .collect();
    let (_folder, register) = repository(&format!("{ENVELOPE}resources = [\n{rows}]\n"));
    let view = paper(&register, "request");
    let papers = Papers::new(&register);
    let html = papers.html(&view, "print.css").unwrap();
    let document = typeset(&papers, std::slice::from_ref(&view)).remove(0);
    let document = document.unwrap();
    assert!(document.pages > 100, "{}", document.pages);
    assert!(html.contains("节点5000号"));
    if let Some(text) = text_of(&document.pdf) {
        assert_eq!(bare(&text).matches("节点").count(), 5_000);
    }
}

#[test]
fn what_is_too_much_to_be_set_is_refused_at_its_field() {
    // a file of a record may have a megabyte; what is refused here takes half a one
    let background = "长".repeat(170_000) + "终";
    let (_folder, register) = repository(&format!("{ENVELOPE}background = '{background}'\n"));
    let view = paper(&register, "request");
    let papers = Papers::new(&register);
    let pool = Pool::new(PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        input_limit: 400_000,
        ..PoolSettings::default()
    });
    let error = pool.typeset(&[papers.job(&view, DAY)], &|_| {}).remove(0);
    let error = error.unwrap_err();
    assert!(matches!(error, TypesetError::TooLarge { .. }), "{error:?}");
    // a limit of time or memory is most likely the doing of the same field
    let time = std::time::Duration::from_secs(20);
    for error in [
        error,
        TypesetError::TimedOut { limit: time },
        TypesetError::OutOfMemory { limit: 1 << 30 },
    ] {
        let place = register.records[0].place(register.records[0].id.span);
        let findings = findings_of(&register, &view, place, &error);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].rule, "typesetting-failed");
        let words = register.sources.words(findings[0].place);
        assert!(words.ends_with("终'"), "not at the field: {error:?}");
    }
    // the page needs no typesetter
    let html = papers.html(&view, "print.css").unwrap();
    assert!(html.contains("长终"));

    // a template that never ends is not the doing of a short field
    let (_folder, register) = repository(&format!("{ENVELOPE}background = '短'\n"));
    let place = register.records[0].place(register.records[0].id.span);
    let error = TypesetError::TimedOut { limit: time };
    let findings = findings_of(&register, &paper(&register, "request"), place, &error);
    assert_eq!(findings[0].place, place);
}

#[test]
fn a_field_of_10_megabytes_is_refused_before_it_is_read() {
    let background = "长".repeat(10 << 20);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taizhang.toml"), "name = \"试\"\n").unwrap();
    let records = folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    let record = format!("{ENVELOPE}background = '{background}'\n");
    std::fs::write(records.join("XT-2026-0001.toml"), record).unwrap();
    let loaded = load(folder.path(), &LoadOptions::default());
    assert!(loaded.register.records.is_empty());
    let found = loaded.findings.iter();
    let found: Vec<_> = found.filter(|it| it.rule == "unreadable-file").collect();
    assert_eq!(found.len(), 1);
    let file = loaded.register.sources.file(found[0].place.file);
    assert_eq!(file.path, "records/XT-2026-0001.toml");
}

#[test]
fn no_number_of_a_record_leads_out_of_the_folder_or_to_a_device() {
    for number in [
        "CON",
        "nul.txt",
        "../../etc/passwd",
        "C:\\x",
        "COM1:",
        "a\u{202e}b",
        " . ",
    ] {
        let record = ENVELOPE.replace("\"XT-2026-0001\"", &quoted(number));
        let (_folder, register) = repository(&record);
        for form in forms_of(&register, &register.records[0]) {
            let name = form.file_name();
            assert!(
                name.chars().all(|c| c.is_alphanumeric() || c == '-'),
                "{name}"
            );
            let device = ["con", "nul", "com1", "aux", "prn", "lpt1"];
            assert!(!device.contains(&name.to_lowercase().as_str()), "{name}");
        }
    }
}
