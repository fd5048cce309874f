//! A company's own look, as files and without a line of Rust: colour, logo,
//! navigation, the first page's text, pages, assets, templates, components;
//! what an outside party has of it; and what is said of mistakes.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::Repository;
use regex::Regex;

const NOW: &str = "2026-05-07T09:00:00+08:00";

/// A company with one letter to a partner.
fn company(site: &str) -> Repository {
    let letter = "kind = \"letter\"\nid = \"HJ-2026-0001\"\ntitle = \"合作－询价－请报价\"\nstate = \"draft\"\naudience = \"internal\"\n";
    let settings = format!("name = {{ zh = \"青禾仪表\", en = \"Qinghe\" }}\n{site}");
    Repository::new()
        .file("taizhang.toml", settings)
        .file("records/2026/HJ-2026-0001.toml", letter)
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["--as-of", NOW])
        .args(arguments)
        .current_dir(root)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// Builds, and reads every file; what was said beside.
fn built(root: &Path, arguments: &[&str]) -> (BTreeMap<String, String>, String, i32) {
    let output = run(
        root,
        &[&["build", "--forms", "none", "--out", "built"], arguments].concat(),
    );
    let folder = root.join("built");
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(&folder).unwrap();
            let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
            files.insert(path.to_str().unwrap().replace('\\', "/"), text);
        }
    }
    (files, said(&output), output.status.code().unwrap())
}

/// The groups of a page's navigation with the words and addresses in each.
fn navigation(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let nav = page.split("<nav class=\"nav\"").nth(1).unwrap();
    let nav = nav.split("</nav>").next().unwrap();
    let link = Regex::new(r#"<li><a href="([^"]*)"[^>]*>([^<]*)"#).unwrap();
    nav.split("<h2>")
        .skip(1)
        .map(|group| {
            let (label, items) = group.split_once("</h2>").unwrap();
            let items = link.captures_iter(items);
            let items = items.map(|item| (item[2].trim().to_owned(), item[1].to_owned()));
            (label.to_owned(), items.collect())
        })
        .collect()
}

/// The files of the worked example of a README: after a line that begins with
/// a path comes what stands in it.
fn example(readme: &str, section: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).unwrap();
    let text = text.split(&format!("### {section}\n")).nth(1).unwrap();
    let text = text.split("\n### ").next().unwrap();
    let block =
        Regex::new(r"(?m)^[^\n]*?`([a-z/.0-9-]+\.[a-z]+)`[^\n]*\n\n```[a-z]+\n((?s:.*?))```")
            .unwrap();
    block
        .captures_iter(text)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect()
}

#[test]
fn the_example_of_the_readme_is_true() {
    for (readme, section, motto) in [
        (
            "README.md",
            "A site of your own",
            "Qinghe Instruments · since 1998",
        ),
        ("README.zh.md", "自己的网站", "青禾精密仪器 · 始于 1998"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("qinghe");
        let output = run(folder.path(), &["init", "qinghe", "--name", "青禾"]);
        assert!(output.status.success(), "{}", said(&output));
        let files = example(readme, section);
        assert_eq!(files.len(), 7, "{readme}");
        for (path, text) in &files {
            let place = root.join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let before = fs::read_to_string(&place).unwrap_or_default();
            fs::write(&place, format!("{before}\n{text}").trim_start()).unwrap();
        }
        let output = run(&root, &["check"]);
        assert!(output.status.success(), "{readme}: {}", said(&output));
        let (site, told, status) = built(&root, &["--lang", "zh,en"]);
        assert_eq!(status, 0, "{readme}: {told}");

        let first = &site["index.html"];
        let groups = navigation(first);
        let labels: Vec<&str> = groups.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["常用", "事项", "台账与档案"]);
        let items: Vec<(&str, &str)> = groups[0]
            .1
            .iter()
            .map(|(label, href)| (label.as_str(), href.as_str()))
            .collect();
        assert_eq!(
            items,
            [
                ("总览", "index.html"),
                ("时限", "deadlines.html"),
                ("食堂与班车", "pages/canteen.html"),
                ("客户", "registers/customer.html"),
                ("邮箱", "https://mail.qinghe.example/"),
            ]
        );
        let matters: Vec<&str> = groups[1].1.iter().map(|(_, href)| href.as_str()).collect();
        assert!(matters.contains(&"registers/collaboration.html"));
        // one hidden, one moved
        assert!(!matters.contains(&"registers/outreach.html"));
        assert!(!matters.contains(&"registers/customer.html"));
        assert!(
            site.contains_key("registers/outreach.html"),
            "hidden, not gone"
        );

        assert!(first.contains("<img class=\"logo\" src=\"assets/logo.svg\" alt=\"\">"));
        assert_eq!(site["assets/logo.svg"], files[1].1);
        let style = &site["assets/own.css"];
        assert!(style.contains("--accent: #1f6f54;") && style.contains(".bar { border-bottom"));
        assert!(first.contains("<link rel=\"stylesheet\" href=\"assets/own.css\">"));
        assert!(first.contains("<a href=\"pages/canteen.html\">"));
        assert!(first.contains(motto), "{readme}");
        assert!(
            first.contains("<b>✓ "),
            "an empty list says so with the company's component"
        );

        let page = &site["pages/canteen.html"];
        assert!(page.contains("<h1>食堂与班车</h1>") && page.contains("11:40–12:30"));
        assert!(page.contains("href=\"../organisation.html\""));
        let english = &site["en/pages/canteen.html"];
        assert!(english.contains("<h1>Canteen and buses</h1>"));
        assert!(english.contains("src=\"../../assets/logo.svg\""));
        assert_eq!(navigation(&site["en/index.html"])[0].0, "Most used");
        let index: String = site
            .iter()
            .filter(|(path, _)| path.starts_with("search/handbook"))
            .map(|(_, text)| text.as_str())
            .collect();
        assert!(
            index.contains("11:40–12:30"),
            "{readme}: the page is searched"
        );
    }
}

#[test]
fn a_navigation_that_leads_nowhere_is_told_and_the_rest_holds() {
    let repository = company(
        r#"
[[site.navigation]]
label = "甲"
items = ["deadline", "people/li-na", "people/nobody", { url = "javascript:alert(1)", label = "乙" }]
[[site.navigation]]
group = "registers"
hide = ["party"]
"#,
    );
    for command in ["check", "build"] {
        let arguments: &[&str] = match command {
            "check" => &["check"],
            _ => &["build", "--forms", "none", "--out", "built"],
        };
        let output = run(repository.root(), arguments);
        let words = said(&output);
        assert_eq!(output.status.code(), Some(1), "{words}");
        for expected in [
            "taizhang.toml:5:10",
            "deadlines",
            "taizhang.toml:5:38",
            "people/nobody",
            "taizhang.toml:5:63",
            "javascript:alert(1)",
            "taizhang.toml:8:9",
        ] {
            assert!(words.contains(expected), "{command}: {expected} in {words}");
        }
    }
    let page = fs::read_to_string(repository.path("built/index.html")).unwrap();
    let groups = navigation(&page);
    assert_eq!(groups[0].0, "甲");
    assert_eq!(
        groups[0].1,
        [("李娜".to_owned(), "people/li-na.html".to_owned())]
    );
    assert!(!page.contains("javascript"));
    // those that are not named are not shown
    assert_eq!(groups.len(), 2);
}

#[test]
fn a_colour_that_cannot_be_read_is_told_and_the_nearest_is_used() {
    let repository = company("[site]\naccent = \"#ffd400\"\n");
    let output = run(repository.root(), &["--lang", "en", "check"]);
    let words = said(&output);
    // it can be read, only not well: a warning
    assert!(output.status.success(), "{words}");
    let near = Regex::new(r"the nearest colour that has it is used, (#[0-9a-f]{6})").unwrap();
    let near = near.captures(&words).unwrap_or_else(|| panic!("{words}"))[1].to_owned();
    assert!(words.contains("taizhang.toml:3:10"), "{words}");
    let (site, ..) = built(repository.root(), &[]);
    let style = &site["assets/own.css"];
    assert!(
        style.contains(&format!(":root {{ --accent: {near};")),
        "{style}"
    );
    assert!(style.contains("prefers-color-scheme: dark") && !style.contains("#ffd400"));
    // paper stays black on white
    assert!(
        style
            .lines()
            .filter(|line| line.contains('@'))
            .all(|line| line.starts_with("@media screen"))
    );

    // the fix is safe, and then there is nothing more to say
    let output = run(repository.root(), &["check", "--fix"]);
    assert!(output.status.success());
    let settings = fs::read_to_string(repository.path("taizhang.toml")).unwrap();
    assert!(settings.contains(&near), "{settings}");
    assert!(!said(&run(repository.root(), &["--lang", "en", "check"])).contains("bad-setting"));

    let repository = company("[site]\naccent = \"green\"\n");
    let output = run(repository.root(), &["check"]);
    assert_eq!(output.status.code(), Some(1));
    let (site, ..) = built(repository.root(), &[]);
    assert!(!site.contains_key("assets/own.css"));
    // one that can be read is taken as it is, and goes with a page that is sent
    let repository = company("[site]\naccent = \"#1f6f54\"\n");
    assert!(run(repository.root(), &["check"]).status.success());
    let output = run(
        repository.root(),
        &["export", "HJ-2026-0001", "--format", "html"],
    );
    assert!(
        said(&output).contains("--accent: #1f6f54;"),
        "{}",
        said(&output)
    );
}

/// Pages that differ in whom they are for, in language and in order.
fn pages() -> Repository {
    company("[[site.navigation]]\ngroup = \"rules\"\nitems = [{ url = \"https://a.example/\", label = \"外网甲\" }, { url = \"https://b.example/\", label = \"外网乙\", internal = false }]\n")
        .file("site/front.md", "# 秘密首页\n\n只给[同事](pages/20-inner.md)。\n")
        .file("site/pages/10-last.md", "+++\norder = 90\n+++\n# 最后\n\n![图](../assets/inner.svg)\n")
        .file("site/pages/20-inner.md", "# 内部\n\n内部正文 <script>alert(1)</script>\n")
        .file(
            "site/pages/30-guests.md",
            "+++\ntitle = { zh = \"来访须知\", en = \"Visitors\" }\ninternal = false\n+++\n带证件。见[图](../assets/public/map.svg)。\n",
        )
        .file(
            "site/pages/30-guests.en.md",
            "+++\ntitle = \"For visitors\"\ninternal = false\n+++\nBring your passport.\n",
        )
        .file("site/assets/inner.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("site/assets/public/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("site/assets/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"ours\"/>")
}

#[test]
fn pages_stand_in_order_in_their_language_and_in_the_frame() {
    let repository = pages();
    let (site, told, status) = built(repository.root(), &["--lang", "zh,en"]);
    assert_eq!(status, 0, "{told}");
    let groups = navigation(&site["index.html"]);
    let items: Vec<&str> = groups[0]
        .1
        .iter()
        .map(|(label, _)| label.as_str())
        .collect();
    assert_eq!(items[..5], ["外网甲", "外网乙", "内部", "来访须知", "最后"]);
    let english = navigation(&site["en/index.html"]);
    assert!(
        english[0]
            .1
            .iter()
            .any(|(label, href)| label == "For visitors" && href == "pages/guests.html")
    );
    assert!(site["en/pages/guests.html"].contains("Bring your passport."));
    assert!(
        site["en/pages/inner.html"].contains("内部正文"),
        "none in English: the other"
    );
    assert!(!site["pages/inner.html"].contains("alert(1)</script>"));
    // one heading each, whoever wrote it
    for page in [
        "index.html",
        "pages/inner.html",
        "pages/guests.html",
        "pages/last.html",
    ] {
        assert_eq!(site[page].matches("<h1").count(), 1, "{page}");
    }
    assert!(
        site["index.html"].contains("秘密首页")
            && site["index.html"].contains("href=\"pages/inner.html\"")
    );
    assert!(site["pages/last.html"].contains("src=\"../assets/inner.svg\""));
    assert!(site["en/pages/last.html"].contains("src=\"../../assets/inner.svg\""));
    assert!(site["assets/icon.svg"].contains("ours"));
    assert!(site.contains_key("assets/inner.svg"));
}

#[test]
fn an_outside_party_has_what_is_said_to_be_for_it() {
    let repository = pages();
    let (site, told, status) = built(repository.root(), &["--audience", "public:huaxin"]);
    assert_eq!(status, 0, "{told}");
    let all: String = site.values().cloned().collect();
    for secret in [
        "秘密首页",
        "内部正文",
        "外网甲",
        "https://a.example/",
        "inner.svg",
    ] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert!(site["pages/guests.html"].contains("带证件"));
    assert!(!site.contains_key("pages/inner.html") && !site.contains_key("assets/inner.svg"));
    assert!(site.contains_key("assets/public/map.svg"));
    let groups = navigation(&site["index.html"]);
    let items: Vec<&str> = groups[0]
        .1
        .iter()
        .map(|(label, _)| label.as_str())
        .collect();
    assert_eq!(items, ["外网乙", "来访须知"]);
    let search = site
        .iter()
        .filter(|(path, _)| path.starts_with("search/handbook"));
    assert!(
        search
            .map(|(_, text)| text.as_str())
            .collect::<String>()
            .contains("带证件")
    );

    // one version that stays in the company keeps the page in it
    fs::write(
        repository.path("site/pages/30-guests.en.md"),
        "# Visitors\n",
    )
    .unwrap();
    let (site, ..) = built(repository.root(), &["--audience", "public:huaxin"]);
    assert!(!site.contains_key("pages/guests.html"));
}

#[test]
fn what_stands_above_a_page_is_read_as_strictly_as_any_file() {
    let repository = company("")
        .file("site/pages/a.md", "+++\ntitel = \"甲\"\n+++\n# 甲\n")
        .file("site/pages/b.md", "+++\ntitle = \"乙\n+++\n# 乙\n")
        .file("site/pages/c.md", "+++\ntitle = \"丙\"\n# 丙\n");
    let output = run(repository.root(), &["check"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    for expected in [
        "site/pages/a.md:2:1",
        "title",
        "site/pages/b.md:2:",
        "site/pages/c.md:1:1",
    ] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
    let (site, _, status) = built(repository.root(), &[]);
    assert_eq!(status, 1);
    for page in ["a", "b", "c"] {
        assert!(site.contains_key(&format!("pages/{page}.html")), "{page}");
    }
}

#[test]
fn a_template_that_is_wrong_costs_itself_and_nothing_else() {
    let whole = company("");
    let (expected, ..) = built(whole.root(), &[]);
    // one cannot be read, one asks for what there is not, one component is called wrongly
    let repository = company("")
        .file("templates/site/overview.html", "{% extends \"builtin/site/overview.html\" %}\n{% block main %}\n{{ page. }}\n{% endblock main %}\n")
        .file("templates/site/record.html", "{% extends \"builtin/site/record.html\" %}\n{% block main -%}\n<p>{{ page.titel }}</p>\n{% endblock main %}\n")
        .file("templates/site/forms.html", "{% extends \"site/nowhere.html\" %}\n")
        .file("templates/site/about.html", "{% extends \"builtin/site/about.html\" %}\n{% block main -%}\n<p class=\"ours\">甲</p>{{ super() }}\n{% endblock main %}\n");
    let (site, words, status) = built(repository.root(), &["--lang", "zh,en"]);
    assert_eq!(status, 1, "{words}");
    for place in [
        "templates/site/overview.html:3:",
        "templates/site/record.html:3:",
        "templates/site/forms.html:1:1",
    ] {
        assert_eq!(words.matches(place).count(), 1, "{place} in {words}");
    }
    assert!(words.contains("template-failed"));
    let tag = Regex::new("<[^>]*>").unwrap();
    let plain = |page: &str| tag.replace_all(page, "").into_owned();
    for page in ["index.html", "records/HJ-2026-0001.html", "forms.html"] {
        let (ours, theirs) = (plain(&site[page]), plain(&expected[page]));
        // but for the way to the other language
        let ours: Vec<&str> = ours.split_whitespace().collect();
        let ours: Vec<&str> = ours.into_iter().filter(|word| *word != "English").collect();
        let theirs: Vec<&str> = theirs.split_whitespace().collect();
        assert_eq!(ours, theirs, "{page}");
    }
    assert!(
        site["about.html"].contains("class=\"ours\""),
        "the sound one holds"
    );
    // what can be known without drawing is told by `check`
    let output = run(repository.root(), &["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("templates/site/overview.html:3:"));
}
