//! `taizhang serve`: pages as the files are, told when they change.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
#[path = "serve/refresh.rs"]
mod refresh;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
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

fn repository() -> Repository {
    Repository::new().file(RECORD, meeting("研发部－评审－先前的题目"))
}

impl Served {
    fn new() -> Self {
        Served::of(repository())
    }

    fn of(repository: Repository) -> Self {
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
        self.say(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n"))
    }

    /// Sends a head as it is, but for its end.
    fn say(&self, head: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
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
        let path = self.repository.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
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
fn what_is_broken_leaves_the_last_good_page() {
    let served = Served::new();
    let mut events = served.events();
    let mut now = events.checked_after(0);
    let page = format!("/{}", RECORD.replace("2026/", "").replace("toml", "html"));
    let main = |address: &str| {
        let page = served.get(address);
        assert_eq!(page.status, 200);
        let start = page.body.find("<main").unwrap();
        page.body[start..page.body.rfind("</main>").unwrap()].to_owned()
    };
    let before = main(&page);
    let settings = fs::read_to_string(served.repository.path("taizhang.toml")).unwrap();
    let sound = meeting("研发部－评审－先前的题目");
    let files = [
        (RECORD, "id = \"HY-\n", Some(sound.as_str())),
        (
            RECORD,
            "kind = \"meeting\"\nid = \"HY-2026-0001\"\ntitle = = 1\n",
            Some(&sound),
        ),
        ("taizhang.toml", "name = = 1", Some(&settings)),
        ("templates/kinds/meeting/kind.toml", "[[sections]\n", None),
        ("templates/words/zh.toml", "[site\n", None),
        ("templates/site/record.html", "{% if %}", None),
        (
            "templates/site/record.html",
            "{{ nothing.of.the.kind }}",
            None,
        ),
    ];
    for (path, broken, sound) in files {
        served.write(path, broken);
        now = events.checked_after(now);
        assert_eq!(main(&page), before, "{path}: {broken}");
        let told = served.told();
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        assert!(told["items"].to_string().contains(name), "{path}: {told}");
        match sound {
            Some(sound) => served.write(path, sound),
            None => fs::remove_file(served.repository.path(path)).unwrap(),
        }
        now = events.checked_after(now);
        assert_eq!(main(&page), before, "{path}");
        assert!(!served.told().to_string().contains("syntax"), "{path}");
    }
}

#[test]
fn records_go_on_while_the_settings_are_broken() {
    let served = Served::new();
    let mut events = served.events();
    let now = events.checked_after(0);
    served.write("taizhang.toml", "name = = 1");
    let now = events.checked_after(now);
    served.write(RECORD, &meeting("研发部－评审－后来的题目"));
    events.checked_after(now);
    let page = served.get("/records/HY-2026-0001.html");
    assert!(page.body.contains("后来的题目"));
    assert!(
        served.told()["items"][0]
            .to_string()
            .contains("taizhang.toml")
    );
}

#[test]
fn a_broken_template_from_the_start_is_told_of_and_the_built_in_one_stands_in() {
    let path = "templates/site/overview.html";
    let served = Served::of(repository().file(path, "{% if %}"));
    let mut events = served.events();
    let now = events.checked_after(0);
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
    assert_eq!(served.get("/").status, 200);
    assert!(is_told(&served.told()), "{}", served.told());
    fs::remove_file(served.repository.path(path)).unwrap();
    events.checked_after(now);
    assert_eq!(served.get("/").status, 200);
    assert!(!is_told(&served.told()));
}

#[test]
fn nothing_outside_the_site_is_handed_out() {
    let repository = repository().file("site/assets/own.txt", "own");
    let link = |to: &str, from: &str| {
        std::os::unix::fs::symlink(to, repository.path(from)).unwrap();
    };
    link("/etc/passwd", "site/assets/passwd.txt");
    link("../..", "site/assets/own");
    let served = Served::of(repository);
    assert_eq!(served.get("/assets/own.txt").body, "own");
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
        "/__taizhang/../taizhang.toml",
        "/assets/passwd.txt",
        "/assets/own/taizhang.toml",
        "/assets//etc/passwd",
        "/./taizhang.toml",
        "/%252e%252e/taizhang.toml",
    ] {
        let answer = served.get(path);
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        let leaks = ["测试公司\", en", "root:"];
        assert!(
            leaks.iter().all(|leak| !answer.body.contains(leak)),
            "{path}"
        );
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
    let refused = [
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: records.example.com\r\n",
        "GET http://records.example.com/ HTTP/1.1\r\nHost: localhost\r\n",
    ];
    for head in refused {
        assert!(matches!(served.say(head).status, 400 | 403), "{head}");
    }
}

#[test]
fn a_foreign_page_can_link_here_and_read_nothing() {
    let served = Served::new();
    let ask = |path: &str, site: &str, mode: &str, dest: &str| {
        let address = &served.address;
        served.say(&format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: {site}\r\n\
             Sec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}\r\n"
        ))
    };
    let words = "/data/words.js";
    assert_eq!(ask(words, "same-origin", "no-cors", "script").status, 200);
    assert_eq!(ask(words, "cross-site", "no-cors", "script").status, 403);
    assert_eq!(ask(words, "same-site", "no-cors", "script").status, 403);
    assert_eq!(ask("/", "cross-site", "navigate", "iframe").status, 403);
    let page = ask("/", "cross-site", "navigate", "document");
    assert_eq!(page.status, 200);
    for guard in [
        "cross-origin-resource-policy: same-origin",
        "content-security-policy: frame-ancestors 'self'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
    ] {
        assert!(page.head.contains(guard), "{guard}: {}", page.head);
    }
    assert!(page.body.contains("default-src 'none'"));
}

/// What `serve` says on a port.
fn begin(port: u16) -> (Command, Repository) {
    let repository = repository();
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command
        .args(["--lang", "en", "--root"])
        .arg(repository.root())
        .args(["serve", "--port", &port.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    (command, repository)
}

#[test]
fn a_port_that_is_taken_is_told_of() {
    // the last port: there is none after it
    let taken = TcpListener::bind("127.0.0.1:65535");
    let (mut command, _repository) = begin(65535);
    let ended = command.output().unwrap();
    drop(taken);
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("65535") && said.contains("--port"), "{said}");
}

#[test]
fn another_port_is_taken_and_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (mut command, _repository) = begin(port);
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        line.contains(&port.to_string()) && line.contains("taken"),
        "{line}"
    );
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
    // of registers, blank ones among them
    let registers = served.get("/registers.html").body;
    let links: Vec<&str> = registers
        .split('"')
        .filter(|part| part.contains("/register-") && part.ends_with(".html"))
        .collect();
    assert!(links.iter().any(|link| link.ends_with("-blank.html")));
    for link in links {
        assert_eq!(served.get(&format!("/{link}")).status, 200, "{link}");
    }
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
