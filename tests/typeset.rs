//! The typesetting engine as a caller has it: jobs in, PDF or reasons out.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use taizhang::print::typeset::{
    Attachment, Document, Engine, Job, Pool, PoolSettings, Severity, TemplateFiles, TypesetError,
};

/// A form as a template writes one: labels from the data, a table, a box to
/// tick, three faces.
const FORM: &str = r##"
#let form = json("/data.json")
#set document(title: form.title)
#set text(lang: "zh", region: "CN", font: "Noto Serif SC", size: 10.5pt)
#set page("a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm))
#align(center, text(font: "方正小标宋简体", size: 18pt, title()))
#text(font: "KaiTi")[填写日期：#datetime.today().display("[year]年[month padding:none]月[day padding:none]日")]
#table(
  columns: (1fr, 3fr),
  table.header(..form.header.map(label => table.cell(text(font: "黑体", label)))),
  ..form.rows.map(row => (strong(row.label), row.value)).flatten(),
)
#for choice in form.choices [#box[#if choice.chosen [☑] else [☐] #choice.label] #h(1em)]
"##;

const FORM_DATA: &str = r#"{
  "title": "部门间工作协调单",
  "header": ["项目", "内容"],
  "rows": [
    { "label": "申请部门", "value": "研发中心（张伟）" },
    { "label": "事由", "value": "表壳模具需在试产前完成修改，请安排工位与检验人员，涉及 12 件样品，公差 ±0.05 ㎜。" },
    { "label": "备注", "value": "䶮、㛃、𬱖 等字也要印得出来；#set text(red) 只是文字。" }
  ],
  "choices": [{ "label": "紧急", "chosen": true }, { "label": "一般", "chosen": false }]
}"#;

fn settings() -> PoolSettings {
    PoolSettings {
        program: env!("CARGO_BIN_EXE_taizhang").into(),
        workers: 1,
        // Generous: nothing here but the endless document should come near it.
        time_limit: Duration::from_secs(120),
        ..PoolSettings::default()
    }
}

fn job(main: &str, data: &str) -> Job {
    Job {
        name: "试印".to_owned(),
        main: "/main.typ".to_owned(),
        files: TemplateFiles::new([("/main.typ".to_owned(), main.as_bytes().to_vec())]),
        data: data.as_bytes().to_vec(),
        attachments: Vec::new(),
        today: jiff::civil::date(2026, 5, 7),
        archive: false,
    }
}

fn run(settings: PoolSettings, jobs: &[Job]) -> Vec<Result<Document, TypesetError>> {
    Pool::new(settings).typeset(jobs, &|_| {})
}

fn run_one(job: Job) -> Result<Document, TypesetError> {
    run(settings(), &[job]).remove(0)
}

/// The text of a PDF, by poppler; `None` where it is not installed.
fn text_of(document: &Document) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &document.pdf).unwrap();
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(file.path())
        .arg("-")
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_chinese_form_becomes_a_pdf_whose_text_can_be_read() {
    let document = run_one(job(FORM, FORM_DATA)).unwrap();
    assert!(document.pdf.starts_with(b"%PDF-1.7"));
    assert_eq!(document.pages, 1);
    if let Some(text) = text_of(&document) {
        // The gap between Han and Latin characters is layout, not text; poppler
        // cannot tell.
        let text = text.replace(' ', "");
        for words in [
            "部门间工作协调单",
            "填写日期：2026年5月7日",
            "申请部门",
            "研发中心（张伟）",
            "±0.05 ㎜",
            "䶮、㛃、𬱖",
            "#set text(red) 只是文字",
            "☑ 紧急",
            "☐ 一般",
        ] {
            assert!(
                text.contains(&words.replace(' ', "")),
                "{words} is not in\n{text}"
            );
        }
    }
}

#[test]
fn the_same_jobs_give_the_same_bytes_in_the_same_order_on_any_number_of_workers() {
    let jobs: Vec<Job> = (0..24)
        .map(|number| {
            let data = FORM_DATA.replace("部门间", &format!("第{number}号部门间"));
            let mut job = job(FORM, &data);
            job.archive = number % 2 == 0;
            job
        })
        .collect();
    let alone = run(settings(), &jobs);
    let finished = Mutex::new(Vec::new());
    let pool = Pool::new(PoolSettings {
        workers: 3,
        ..settings()
    });
    let together = pool.typeset(&jobs, &|count| finished.lock().unwrap().push(count));
    assert!(alone.iter().all(Result::is_ok), "{alone:?}");
    assert!(alone == together);
    for pair in alone.windows(2) {
        assert!(pair[0] != pair[1], "different data, same document");
    }
    let mut finished = finished.into_inner().unwrap();
    finished.sort_unstable();
    assert_eq!(finished, (1..=24).collect::<Vec<_>>());

    // A worker that has set other documents sets this one no differently.
    let again = pool.typeset(&jobs[..2], &|_| {});
    assert!(alone[..2] == again);
}

#[test]
fn a_paper_for_the_archive_is_pdf_a_with_its_source_attached() {
    let main = format!(
        r#"{FORM}
#pdf.attach("/record.toml", relationship: "source", mime-type: "application/toml", description: "原始记录")"#
    );
    let mut archived = job(&main, FORM_DATA);
    archived.archive = true;
    archived.attachments.push(Attachment {
        path: "/record.toml".to_owned(),
        bytes: b"kind = \"collaboration\"\n".to_vec(),
    });
    let document = run_one(archived).unwrap();
    let raw = String::from_utf8_lossy(&document.pdf);
    assert!(
        raw.contains("<pdfaid:part>3</pdfaid:part>"),
        "says that it is PDF/A-3"
    );
    assert!(raw.contains("<pdfaid:conformance>A</pdfaid:conformance>"));
    assert!(
        raw.contains("<pdfuaid:part>1</pdfuaid:part>"),
        "says that it is PDF/UA-1"
    );
    assert!(raw.contains("2026-05-07"), "is dated by the job");

    let mut untitled = job("#set text(lang: \"zh\")\n正文", "{}");
    untitled.archive = true;
    match run_one(untitled) {
        Err(TypesetError::Diagnostics(found)) => {
            assert!(
                found.iter().any(|one| one.message.contains("title")),
                "{found:?}"
            );
        }
        other => panic!("a paper without a title is no PDF/UA: {other:?}"),
    }
}

#[test]
fn a_character_without_a_glyph_is_reported_with_the_words_around_it() {
    let data = r#"{ "name": "联系人：王𰻝先生，电话", "fine": "无妨" }"#;
    let main =
        "#let data = json(\"/data.json\")\n#set text(lang: \"zh\")\n#data.fine\n\n  #data.name";
    match run_one(job(main, data)) {
        Err(TypesetError::MissingGlyphs(missing)) => {
            assert_eq!(missing.len(), 1, "{missing:?}");
            assert_eq!(missing[0].character, "𰻝");
            assert_eq!(missing[0].context, "联系人：王𰻝先生，电话");
            assert_eq!(missing[0].page, 1);
            let place = missing[0].place.as_ref().unwrap();
            assert_eq!((place.file.as_str(), place.line), ("/main.typ", 5));
        }
        other => panic!("expected a missing glyph, got {other:?}"),
    }
}

#[test]
fn an_error_says_where_it_is_and_what_to_do() {
    let main = "正文\n\n中文#unknwon-thing";
    match run_one(job(main, "{}")) {
        Err(TypesetError::Diagnostics(found)) => {
            assert_eq!(found[0].severity, Severity::Error);
            assert_eq!(found[0].message, "unknown variable: unknwon-thing");
            let place = found[0].place.as_ref().unwrap();
            assert_eq!(
                (place.file.as_str(), place.line, place.column),
                ("/main.typ", 3, 4)
            );
            assert_eq!(&main[place.start..place.end], "unknwon-thing");
            assert!(!found[0].hints.is_empty(), "{found:?}");
        }
        other => panic!("expected diagnostics, got {other:?}"),
    }
}

#[test]
fn an_error_in_the_data_is_placed_in_the_data() {
    match run_one(job("#json(\"/data.json\")", "{\n  \"title\": 表单\n}")) {
        Err(TypesetError::Diagnostics(found)) => {
            let place = found[0].place.as_ref().unwrap();
            assert_eq!(
                (place.file.as_str(), place.line),
                ("/data.json", 2),
                "{found:?}"
            );
        }
        other => panic!("expected diagnostics, got {other:?}"),
    }
}

#[test]
fn a_warning_is_an_error() {
    match run_one(job("#set text(font: \"Notto Serif SC\")\n正文", "{}")) {
        Err(TypesetError::Diagnostics(found)) => {
            assert_eq!(found[0].severity, Severity::Warning);
            assert!(found[0].message.contains("notto serif sc"), "{found:?}");
            assert_eq!(found[0].place.as_ref().unwrap().line, 1);
        }
        other => panic!("expected a warning, got {other:?}"),
    }
}

#[test]
fn an_endless_document_is_stopped_and_the_next_one_is_set() {
    let endless = "#for a in range(100000) { for b in range(100000) { let c = a * b } }";
    let jobs = [
        job(FORM, FORM_DATA),
        job(endless, "{}"),
        job(FORM, FORM_DATA),
    ];
    let limit = Duration::from_secs(4);
    let results = run(
        PoolSettings {
            time_limit: limit,
            ..settings()
        },
        &jobs,
    );
    assert!(results[0].is_ok(), "{results:?}");
    assert_eq!(results[1], Err(TypesetError::TimedOut { limit }));
    assert!(results[2] == results[0]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_document_that_takes_all_memory_is_stopped_and_the_next_one_is_set() {
    let greedy = "#let all = ()\n#for a in range(9000) { all += range(1000000) }";
    let jobs = [job(greedy, "{}"), job(FORM, FORM_DATA)];
    let limit = 400 << 20;
    let results = run(
        PoolSettings {
            memory_limit: limit,
            ..settings()
        },
        &jobs,
    );
    assert_eq!(results[0], Err(TypesetError::OutOfMemory { limit }));
    assert!(results[1].is_ok(), "{results:?}");
}

#[test]
fn input_at_the_limit_is_set_and_one_byte_more_is_refused() {
    let exact = job(FORM, FORM_DATA);
    let limit = exact.input_size();
    let over = job(FORM, &format!("{FORM_DATA} "));
    let results = run(
        PoolSettings {
            input_limit: limit,
            ..settings()
        },
        &[exact, over],
    );
    assert!(results[0].is_ok(), "{results:?}");
    assert_eq!(
        results[1],
        Err(TypesetError::TooLarge {
            size: limit + 1,
            limit
        })
    );
}

#[test]
fn fonts_are_measured_apart_from_what_is_set() {
    let mut job = job(FORM, FORM_DATA);
    let before = job.input_size();
    let mut files = job.files.files().to_vec();
    files.push(("/fonts/large.ttf".to_owned(), vec![0; 1000]));
    job.files = TemplateFiles::new(files);
    assert_eq!((job.input_size(), job.files.font_size()), (before, 1000));
    let limits = |font_limit| PoolSettings {
        font_limit,
        ..settings()
    };
    let refused = TypesetError::TooLarge {
        size: 1000,
        limit: 999,
    };
    assert_eq!(run(limits(999), &[job.clone()]), [Err(refused)]);
    assert!(run(limits(1000), &[job])[0].is_ok());
}

#[test]
fn a_template_reaches_no_file_and_no_package() {
    for (main, expected) in [
        ("#read(\"/etc/hostname\")", "file not found"),
        ("#read(\"../../../../etc/hostname\")", "escape"),
        ("#image(\"logo.svg\")", "file not found"),
        (
            "#import \"@preview/tablex:0.0.8\": tablex",
            "packages are not available",
        ),
        (
            "#include \"@local/house:1.0.0\"",
            "packages are not available",
        ),
    ] {
        match run_one(job(main, "{}")) {
            Err(TypesetError::Diagnostics(found)) => {
                assert!(found[0].message.contains(expected), "{main}: {found:?}");
                assert_eq!(found[0].place.as_ref().unwrap().line, 1);
            }
            other => panic!("{main}: {other:?}"),
        }
    }
}

#[test]
fn files_of_a_job_cover_shared_ones_and_are_gone_for_the_next() {
    let files = TemplateFiles::new([
        (
            "/main.typ".to_owned(),
            b"#import \"/parts/part.typ\": words\n#words".to_vec(),
        ),
        (
            "/parts/part.typ".to_owned(),
            "#let words = [公用]".as_bytes().to_vec(),
        ),
    ]);
    let shared = Job {
        files,
        ..job("", "{}")
    };
    let own = Job {
        attachments: vec![Attachment {
            path: "/parts/part.typ".to_owned(),
            bytes: "#let words = [自有]".as_bytes().to_vec(),
        }],
        ..shared.clone()
    };
    let other = job("#set page(\"a5\")\n另一套", "{}");
    let results = run(settings(), &[shared.clone(), own, other, shared]);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert!(results[0] != results[1]);
    assert!(results[0] == results[3]);
}

#[test]
fn a_program_that_is_no_worker_is_said_so() {
    let not_there = PoolSettings {
        program: "/nowhere/taizhang".into(),
        ..settings()
    };
    assert!(matches!(
        run(not_there, &[job(FORM, FORM_DATA)])[0],
        Err(TypesetError::NotStarted { .. })
    ));

    let shell = |script: &str| PoolSettings {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..settings()
    };
    let jobs = [job(FORM, FORM_DATA), job(FORM, FORM_DATA)];
    for result in run(shell("echo something else altogether"), &jobs) {
        assert!(
            matches!(result, Err(TypesetError::NotAWorker { .. })),
            "{result:?}"
        );
    }
    for result in run(shell("echo out of luck >&2; exit 3"), &jobs) {
        let expected = TypesetError::Crashed {
            code: Some(3),
            stderr: "out of luck\n".to_owned(),
        };
        assert_eq!(result, Err(expected));
    }
    for result in run(shell("printf TZT1"), &jobs) {
        assert!(
            matches!(result, Err(TypesetError::Crashed { .. })),
            "{result:?}"
        );
    }
}

#[test]
#[cfg(unix)]
fn a_worker_that_dies_while_it_waits_costs_no_job() {
    let folder = tempfile::tempdir().unwrap();
    let notebook = folder.path().join("process");
    let pool = Pool::new(PoolSettings {
        program: "/bin/sh".into(),
        arguments: vec![
            "-c".into(),
            "echo $$ >>\"$1\"; exec \"$0\" typeset-worker".into(),
            env!("CARGO_BIN_EXE_taizhang").into(),
            notebook.clone().into(),
        ],
        ..settings()
    });
    let jobs = [job(FORM, FORM_DATA)];
    let before = pool.typeset(&jobs, &|_| {});
    assert!(before[0].is_ok(), "{before:?}");

    let started = || std::fs::read_to_string(&notebook).unwrap().lines().count();
    assert_eq!(started(), 1);
    let process = std::fs::read_to_string(&notebook).unwrap();
    assert!(
        Command::new("kill")
            .args(["-9", process.trim()])
            .status()
            .unwrap()
            .success()
    );
    assert!(pool.typeset(&jobs, &|_| {}) == before);
    assert_eq!(started(), 2);
}

/// Runs the worker with this on its standard input; its exit code and what it
/// said.
fn feed(input: &[u8]) -> (Option<i32>, Vec<u8>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .arg("typeset-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may refuse before it has read everything.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
    let (mut out, mut errors) = (Vec::new(), String::new());
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    (child.wait().unwrap().code(), out, errors)
}

#[test]
fn a_worker_ends_with_its_input_and_refuses_a_torn_one() {
    let (code, out, errors) = feed(b"");
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(out.starts_with(b"TZT1"), "says that it is ready");

    let (code, _, errors) = feed(b"TZT1\x10\0\0\0");
    assert_eq!(code, Some(2));
    assert!(errors.contains("ends inside a frame"), "{errors}");

    let (code, _, errors) = feed(b"GET / HTTP/1.1\r\n\r\n");
    assert_eq!(code, Some(2));
    assert!(errors.contains("not a frame"), "{errors}");
}

#[test]
fn many_documents_need_not_be_kept() {
    let jobs: Vec<Job> = (0..5).map(|_| job(FORM, FORM_DATA)).collect();
    let pages = AtomicUsize::new(0);
    Pool::new(settings()).typeset_each(&jobs, &|_, result| {
        pages.fetch_add(result.unwrap().pages as usize, Ordering::Relaxed);
    });
    assert_eq!(pages.into_inner(), 5);
}
