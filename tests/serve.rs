//! `taizhang serve`: pages as the files are, told when they change.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use common::Repository;
use rayon::prelude::*;
use serde_json::Value;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::register::{LoadOptions, load};
use taizhang::site::{Editions, NoForms, Site, SiteFiles, SiteInput};
use taizhang::source::Tree;
use taizhang::text::Language;

const RECORD: &str = "records/2026/HY-2026-0001.toml";

fn meeting(title: &str) -> String {
    format!(
        "kind = \"meeting\"\nid = \"HY-2026-0001\"\ntitle = \"{title}\"\nstate = \"draft\"\naudience = \"internal\"\n"
    )
}

/// A server of a small repository; gone when it is dropped.
struct Served {
    repository: Repository,
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn new() -> Self {
        let repository = Repository::new().file(RECORD, meeting("研发部－评审－先前的题目"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .args([
                "--as-of",
                "2026-05-07T09:00:00+08:00",
                "serve",
                "--port",
                "0",
                "--root",
            ])
            .arg(repository.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap();
        let address = address.trim_end_matches('/').to_owned();
        Served {
            repository,
            child,
            address,
        }
    }

    fn ask(&self, method: &str, path: &str, host: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.address)
    }

    fn told(&self) -> Value {
        serde_json::from_str(&self.get("/__taizhang/findings.json").body).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.repository.path(path), text).unwrap();
    }

    /// What is told to browsers from now on.
    fn events(&self) -> Events {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let address = &self.address;
        write!(
            stream,
            "GET /__taizhang/events HTTP/1.1\r\nHost: {address}\r\n\r\n"
        )
        .unwrap();
        Events(BufReader::new(stream))
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    /// The next generation, and whether its findings are complete.
    fn next(&mut self) -> (u64, bool) {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "no more events");
            if let Some(data) = line.trim().strip_prefix("data: ") {
                let (generation, checked) = data.split_once('.').unwrap();
                return (generation.parse().unwrap(), checked == "1");
            }
        }
    }

    /// Waits until all findings of a generation after this one are known.
    fn checked_after(&mut self, generation: u64) -> u64 {
        loop {
            let (now, checked) = self.next();
            if now > generation && checked {
                return now;
            }
        }
    }
}

#[test]
fn a_changed_record_is_told_of_and_shown() {
    let served = Served::new();
    let mut events = served.events();
    let first = events.checked_after(0);
    let page = served.get("/records/HY-2026-0001.html");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("先前的题目"));
    assert!(page.body.contains("connect-src 'self'"));
    assert!(page.head.contains("content-type: text/html; charset=utf-8"));
    assert!(page.head.contains("cache-control: no-store"));
    served.write(RECORD, &meeting("研发部－评审－后来的题目"));
    events.checked_after(first);
    let page = served.get("/records/HY-2026-0001.html");
    assert!(page.body.contains("后来的题目") && !page.body.contains("先前的题目"));
    assert!(
        !served.repository.path("public").exists(),
        "nothing is written"
    );
}

#[test]
fn what_cannot_be_read_is_told_until_it_is_mended() {
    let served = Served::new();
    let mut events = served.events();
    let mut now = events.checked_after(0);
    let before = served.told()["errors"].as_u64().unwrap();
    let settings = fs::read_to_string(served.repository.path("taizhang.toml")).unwrap();
    let sound = [
        (RECORD, meeting("研发部－评审－题目")),
        ("taizhang.toml", settings),
    ];
    for (path, sound) in sound {
        served.write(path, "name = = \"");
        now = events.checked_after(now);
        assert_eq!(served.get("/").status, 200, "{path}");
        let told = served.told();
        assert!(told["errors"].as_u64().unwrap() > before, "{path}: {told}");
        let items = told["items"].as_array().unwrap();
        let place = format!("{path}:1:");
        assert!(
            items
                .iter()
                .any(|item| item["place"].as_str().unwrap().starts_with(&place)),
            "{told}"
        );
        served.write(path, &sound);
        now = events.checked_after(now);
        assert_eq!(served.told()["errors"], before, "{path}");
    }
    fs::remove_file(served.repository.path("taizhang.toml")).unwrap();
    events.checked_after(now);
    assert_eq!(served.get("/").status, 200);
    assert!(served.told()["errors"].as_u64().unwrap() > before);
}

#[test]
fn a_broken_template_is_told_of_and_the_built_in_one_stands_in() {
    let served = Served::new();
    let mut events = served.events();
    let now = events.checked_after(0);
    let path = "templates/site/overview.html";
    fs::create_dir_all(served.repository.path("templates/site")).unwrap();
    served.write(path, "{% if %}");
    let now = events.checked_after(now);
    let page = served.get("/");
    assert!(page.status == 200 && page.body.contains("live.js"));
    let places = |told: &Value| -> Vec<String> {
        let items = told["items"].as_array().unwrap().iter();
        items
            .map(|item| item["place"].as_str().unwrap().to_owned())
            .collect()
    };
    let is_told = |told: &Value| places(told).iter().any(|place| place.starts_with(path));
    assert!(is_told(&served.told()), "{}", served.told());
    // one that shows only when the page is made
    served.write(path, "{% extends \"builtin/site/overview.html\" %}\n{% block main %}{{ page.none }}{% endblock main %}");
    let now = events.checked_after(now);
    assert!(!is_told(&served.told()));
    assert_eq!(served.get("/").status, 200);
    assert!(is_told(&served.told()), "{}", served.told());
    fs::remove_file(served.repository.path(path)).unwrap();
    events.checked_after(now);
    assert_eq!(served.get("/").status, 200);
    assert!(!is_told(&served.told()));
}

#[test]
fn nothing_outside_the_site_is_handed_out() {
    let served = Served::new();
    for path in [
        "/../taizhang.toml",
        "/%2e%2e/taizhang.toml",
        "/assets/..%2f..%2ftaizhang.toml",
        "/taizhang.toml",
        "/records/2026/HY-2026-0001.toml",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/etc/passwd",
        "/index.html%00",
        "/..%5ctaizhang.toml",
        "/__taizhang/none",
    ] {
        let answer = served.get(path);
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("测试公司\", en"), "{path}");
    }
}

#[test]
fn only_this_machine_is_answered_and_only_asked() {
    let served = Served::new();
    assert_eq!(served.ask("GET", "/", "records.example.com").status, 403);
    assert_eq!(served.ask("GET", "/", "localhost").status, 200);
    assert_eq!(served.ask("POST", "/", &served.address).status, 405);
    let head = served.ask("HEAD", "/", &served.address);
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn papers_are_made_when_they_are_asked_for() {
    let served = Served::new();
    let forms = served.get("/forms.html").body;
    let link = |end: &str| {
        let stop = forms
            .find(end)
            .unwrap_or_else(|| panic!("no {end} in {forms}"));
        let start = forms[..stop].rfind('"').unwrap() + 1;
        format!("/{}{}", &forms[start..stop], end.trim_end_matches('"'))
    };
    let page = served.get(&link(".html\"").replace("/index.html", "/forms.html"));
    assert_eq!(page.status, 200);
    let pdf = served.get(&link(".pdf\""));
    assert!(
        pdf.head.contains("content-type: application/pdf"),
        "{}",
        pdf.head
    );
    assert!(pdf.body.starts_with("%PDF"));
    assert_eq!(served.get("/assets/print.css").status, 200);
}

#[test]
fn both_languages_are_served() {
    let served = Served::new();
    let mut events = served.events();
    let now = events.checked_after(0);
    assert_eq!(served.get("/en/index.html").status, 404);
    let settings = fs::read_to_string(served.repository.path("taizhang.toml")).unwrap();
    let both = format!("{settings}\n[site]\nlanguages = [\"zh\", \"en\"]\n");
    served.write("taizhang.toml", &both);
    events.checked_after(now);
    let page = served.get("/records/HY-2026-0001.html").body;
    assert!(page.contains("href=\"../en/records/HY-2026-0001.html\""));
    let page = served.get("/en/records/HY-2026-0001.html").body;
    assert!(page.contains("<html lang=\"en\">") && page.contains("先前的题目"));
    assert!(page.contains("href=\"../../assets/style.css\""));
    assert!(served.get("/en/").body.contains("<html lang=\"en\">"));
    assert_eq!(served.get("/en/assets/style.css").status, 404);
}

#[test]
fn a_site_on_request_is_the_site_of_a_build() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = load(root, &LoadOptions::default());
    let register = &loaded.register;
    let as_of = register.settings.as_of.unwrap();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    let files = SiteFiles::of_repository(&Tree::folder(root));
    let past = Past::default();
    let editions = Editions::new(&register.settings.site.languages, Language::Chinese);
    for language in editions.all() {
        let input = SiteInput {
            outlook: &outlook,
            findings: &loaded.findings,
            language,
            files: &files,
            forms: &NoForms,
            past: &past,
        };
        let site = Site::beside(input, &editions).unwrap();
        let built: BTreeMap<String, Vec<u8>> = site
            .outputs()
            .map(|output| output.map(|output| (output.path, output.bytes)).unwrap())
            .collect();
        let requests = site.on_request();
        for (path, bytes) in &built {
            let (of, place) = editions.place(path);
            assert_eq!(of, language, "{path}");
            let served = requests.file(place);
            assert!(
                served.is_some_and(|served| served.unwrap() == *bytes),
                "{path}"
            );
        }
        for path in requests.addresses() {
            let path = format!("{}{path}", editions.folder(language));
            assert!(built.contains_key(&path), "{path} is in no build");
        }
    }
}
