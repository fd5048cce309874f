//! A company's own paper: logo, colour, font, margins and one changed layout,
//! without a line of Rust; and what it is told when a template is wrong.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::papers::{DAY, bare, shown, text_of, typeset};
use taizhang::print::{FormView, Papers, papers_of};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;

const SETTINGS: &str = r##"
name = { zh = "青禾精密仪器有限公司", en = "Qinghe Instruments" }

[paper]
logo = "assets/logo.svg"
accent = "#1f6f54"
fonts = { text = "青禾楷体" }
margins = { left = 32 }
"##;

/// The built-in notice with the company's motto under it.
const LAYOUT: &str = r#"#import "lib.typ": *
#let view = json("/data.json")
#plain-letter(view)
#v(1fr)
#align(center, text(fill: accent)[厚德精工])
"#;

struct Company {
    folder: tempfile::TempDir,
    register: Register,
}

impl Company {
    fn new(settings: &str, templates: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, bytes: &[u8]| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/company");
        let read = |name: &str| std::fs::read(data.join(name)).unwrap();
        put("taizhang.toml", settings.as_bytes());
        put("assets/logo.svg", &read("logo.svg"));
        put(
            "templates/print/fonts/QingheKai.ttf",
            &read("QingheKai.ttf"),
        );
        for (path, text) in templates {
            put(&format!("templates/print/{path}"), text.as_bytes());
        }
        put(
            "records/organisation/departments.toml",
            "[rd]\nname = \"研发部\"\n".as_bytes(),
        );
        put(
            "records/organisation/people.toml",
            "[li]\nname = \"李娜\"\ndepartment = \"rd\"\n".as_bytes(),
        );
        let notice = "kind = \"notice\"\nid = \"TZ-2026-0001\"\ntitle = \"关于试印的通知\"\nstate = \"approving\"\n[notice]\ndepartment = \"rd\"\neveryone = true\ncontent = \"请各部门照办。\"\n";
        put("records/2026/TZ-2026-0001.toml", notice.as_bytes());
        let register = load(folder.path(), &LoadOptions::default()).register;
        Company { folder, register }
    }

    fn view(&self, form: &str) -> FormView {
        let record = &self.register.records[0];
        let kind = self.register.kind_of(record);
        let form = kind.form(form).unwrap();
        papers_of(kind, form, record)[0].view(&self.register, Language::Chinese)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What poppler says of a PDF; none where it is not installed.
fn poppler(program: &str, option: &str, pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new(program)
        .arg(option)
        .arg(file.path())
        .arg("-")
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn logo_colour_font_margin_and_layout_are_the_companys() {
    let company = Company::new(SETTINGS, &[("notice.typ", LAYOUT)]);
    let papers = Papers::new(&company.register);
    assert_eq!(papers.findings(), []);
    let views = [company.view("notice"), company.view("approval")];
    let documents: Vec<_> = typeset(&papers, &views)
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let plain = Company::new("name = \"青禾精密仪器有限公司\"\n", &[]);
    let before = typeset(&Papers::new(&plain.register), &[plain.view("approval")])
        .remove(0)
        .unwrap();
    if let Some(text) = text_of(&documents[0].pdf) {
        assert!(text.contains("厚德精工"), "{text}");
    }
    for (document, ours) in [(&documents[1], true), (&before, false)] {
        let bytes = String::from_utf8_lossy(&document.pdf);
        assert_eq!(bytes.contains("QingheKai"), ours);
    }
    if let (Some(ours), Some(before)) = (
        poppler("pdftotext", "-bbox", &documents[1].pdf),
        poppler("pdftotext", "-bbox", &before.pdf),
    ) {
        let left = |text: &str| -> f64 {
            let edges = text.split("xMin=\"").skip(1);
            edges
                .map(|edge| edge.split_once('"').unwrap().0.parse().unwrap())
                .fold(f64::INFINITY, f64::min)
        };
        // 4 mm more than the 28 of the built-in sheet
        let moved = left(&ours) - left(&before);
        assert!((moved - 4.0 * 72.0 / 25.4).abs() < 3.0, "{moved}");
    }

    let html = papers.html(&views[1], "print.css").unwrap();
    assert!(html.contains("class=\"logo\" role=\"img\" aria-label=\"青禾精密仪器有限公司\""));
    let words = company.register.words(Language::Chinese);
    let style = papers.style_sheet(words, Language::Chinese).unwrap();
    for expected in [
        "data:image/svg+xml;base64,",
        "--accent: #1f6f54;",
        "--song: \"青禾楷体\",",
        // whoever opens the page need not have the font
        "@font-face { font-family: \"青禾楷体\"; font-weight: 400; font-style: normal; src: url(\"data:font/ttf;base64,",
        "20mm 18mm 20mm 32.0mm",
    ] {
        assert!(style.contains(expected), "{expected} in {style}");
    }
    // without any of it nothing of it is there
    let papers = Papers::new(&plain.register);
    let html = papers.html(&plain.view("approval"), "print.css").unwrap();
    assert!(!html.contains("logo"));
    assert!(!shown(&html).contains(&bare("厚德精工")));
}

#[test]
fn a_font_that_is_nowhere_is_a_warning_and_the_paper_is_printed() {
    let settings = SETTINGS.replace("青禾楷体", "没有的字体");
    let company = Company::new(&settings, &[]);
    let papers = Papers::new(&company.register);
    let found: Vec<_> = papers.findings().iter().map(|one| &*one.rule).collect();
    assert_eq!(found, ["font-missing"]);
    let job = papers.job(&company.view("notice"), DAY);
    let files = job.files.files().iter();
    assert!(!files.clone().any(|(path, _)| path.starts_with("/fonts/0")));
    let output = company.run(&["print", "TZ-2026-0001", "--form", "notice", "--out", "out"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("taizhang.toml:7:18"),
        "{}",
        said(&output)
    );
    assert!(
        company
            .folder
            .path()
            .join("out/TZ-2026-0001-notice.pdf")
            .is_file()
    );
}

#[test]
fn a_mistake_in_a_typst_template_is_shown_where_it_is() {
    let wrong = LAYOUT.replace("#align(center", "#algin(center");
    let company = Company::new(SETTINGS, &[("notice.typ", &wrong)]);
    let print =
        |form: &str| company.run(&["print", "TZ-2026-0001", "--form", form, "--out", "out"]);
    let output = print("notice");
    assert_eq!(output.status.code(), Some(1));
    let words = said(&output);
    for expected in [
        "typesetting-failed",
        "templates/print/notice.typ:5:2",
        "algin",
    ] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
    // others are set with other templates
    assert!(print("approval").status.success());

    // the mistake shows inside a built-in file: the call that led there is pointed at
    let wrong = LAYOUT.replace("#plain-letter(view)", "#plain-letter((blank: false))");
    let company = Company::new(SETTINGS, &[("notice.typ", &wrong)]);
    let output = company.run(&["print", "TZ-2026-0001", "--form", "notice", "--out", "out"]);
    let words = said(&output);
    for expected in ["templates/print/notice.typ:3:2", "templates/print/lib.typ:"] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
}

#[test]
fn a_build_goes_on_past_a_template_that_is_wrong_and_says_so_once() {
    let wrong = LAYOUT.replace("#align(center", "#algin(center");
    let page = "<p>{{ form.title }}</p>\n<p>{{ form.titel }}</p>\n";
    let company = Company::new(SETTINGS, &[("notice.typ", &wrong), ("form.html", page)]);
    let output = company.run(&["build", "--out", "site-out"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    let site = company.folder.path().join("site-out");
    assert!(site.join("index.html").is_file(), "{words}");
    assert!(!site.join("forms/TZ-2026-0001-notice.pdf").exists());
    assert!(site.join("forms/TZ-2026-0001-approval.pdf").is_file());
    assert!(!site.join("forms/TZ-2026-0001-approval.html").exists());
    for place in [
        "templates/print/notice.typ:5:2",
        "templates/print/form.html:2:",
    ] {
        assert_eq!(words.matches(place).count(), 1, "{place} in {words}");
    }

    // one that cannot even be read
    let company = Company::new(SETTINGS, &[("form.html", "<p>{{ form.title </p>\n")]);
    let output = company.run(&["print", "TZ-2026-0001", "--format", "html", "--out", "out"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert_eq!(
        words.matches("templates/print/form.html:1:").count(),
        1,
        "{words}"
    );
    assert!(
        company
            .run(&["print", "TZ-2026-0001", "--out", "out"])
            .status
            .success()
    );
}
