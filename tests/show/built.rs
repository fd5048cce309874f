//! The site that a build leaves, and what it leaves alone.

use std::fs;

use super::demonstration::{AS_OF, Demonstration, tree};

const QUICK: [&str; 5] = ["build", "--as-of", AS_OF, "--forms", "none"];

#[test]
fn the_demonstration_is_clean() {
    let repository = Demonstration::new();
    repository.exits(0, &["check"]);
}

#[test]
fn two_builds_are_alike_to_the_byte_and_a_third_writes_nothing() {
    let repository = Demonstration::new();
    // told nothing, it builds the demonstration as of the instant it is dated at
    let output = repository.exits(0, &[]);
    let entrance = String::from_utf8(output.stdout).unwrap();
    assert!(
        repository
            .path(entrance.trim_end())
            .ends_with("public/index.html")
    );
    assert!(repository.path(entrance.trim_end()).exists());
    let build = ["build", "--as-of", AS_OF, "--out"];
    let into = |folder: &'static str| [&build[..], &[folder]].concat();
    let alone = repository
        .command(&into("two"))
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    assert_eq!(alone.status.code(), Some(0));
    let (one, two) = (
        tree(&repository.path("public")),
        tree(&repository.path("two")),
    );
    assert!(one.contains_key("index.html"));
    let paper = one.contains_key("forms/XT-2026-0012-request.pdf");
    assert_eq!(paper, cfg!(feature = "pdf"));
    let differing: Vec<&String> = one
        .keys()
        .chain(two.keys())
        .filter(|path| one.get(*path) != two.get(*path))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");

    let times = |folder: &str| {
        tree(&repository.path(folder))
            .into_keys()
            .map(|path| {
                let file = repository.path(folder).join(&path);
                (path, fs::metadata(file).unwrap().modified().unwrap())
            })
            .collect::<Vec<_>>()
    };
    let before = times("public");
    let output = repository.exits(0, &into("public"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("写入 0 个文件"), "{said}");
    assert_eq!(times("public"), before);
}

#[test]
fn what_the_build_did_not_make_stays() {
    let repository = Demonstration::new();
    let arguments = [&QUICK[..], &["--out", "site-of-it"]].concat();
    repository.write("site-of-it/records/食堂菜单.html", "周三：红烧肉");
    repository.exits(0, &arguments);
    // a matter that is gone takes its page with it, and nothing else
    let page = "site-of-it/records/XT-2026-0017.html";
    assert!(repository.path(page).exists());
    fs::remove_file(repository.path("records/2026/XT-2026-0017.toml")).unwrap();
    repository.exits(0, &arguments);
    assert!(!repository.path(page).exists());
    let menu = repository.read("site-of-it/records/食堂菜单.html");
    assert_eq!(menu, "周三：红烧肉");
}

#[test]
fn a_site_never_lies_over_the_records() {
    let repository = Demonstration::new();
    let before = tree(&repository.path(""));
    for out in [
        ".",
        "records",
        "records/2026",
        "records/new/folder",
        "not-there/../records",
        "site/pages",
        "templates",
        "..",
    ] {
        let output = repository.exits(2, &[&QUICK[..], &["--out", out]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("--out"), "{said}");
    }
    #[cfg(unix)]
    {
        let link = repository.path("link");
        std::os::unix::fs::symlink("records", &link).unwrap();
        repository.exits(2, &[&QUICK[..], &["--out", "link/new"]].concat());
        fs::remove_file(link).unwrap();
    }
    assert!(tree(&repository.path("")) == before);
}

#[test]
fn the_internal_site_knows_nothing_of_confidential_matters_and_the_board_does() {
    let repository = Demonstration::new();
    let confidential = repository.confidential();
    assert!(confidential.len() >= 3);
    let build = ["build", "--as-of", AS_OF, "--forms", "html", "--out"];
    repository.exits(0, &[&build[..], &["inside"]].concat());
    for (path, bytes) in tree(&repository.path("inside")) {
        let text = String::from_utf8_lossy(&bytes);
        for (id, title) in &confidential {
            assert!(!path.contains(id), "{path}");
            for word in [id, title] {
                assert!(!text.contains(word.as_str()), "{path} tells of {word}");
            }
        }
    }
    // those who may, see them
    let board = ["board", "--audience", "confidential:board"];
    repository.exits(0, &[&build[..], &board].concat());
    let pages = tree(&repository.path("board"));
    let seen = confidential
        .iter()
        .filter(|(id, _)| pages.contains_key(&format!("records/{id}.html")));
    assert!(seen.count() > 0);
}

#[test]
fn an_outside_party_gets_its_records_and_nothing_of_the_company_behind_them() {
    let repository = Demonstration::new();
    let arguments = [
        "build",
        "--as-of",
        AS_OF,
        "--forms",
        "html",
        "--audience",
        "public:huaxin",
        "--out",
        "outside",
    ];
    repository.exits(0, &arguments);
    let pages = tree(&repository.path("outside"));
    let records: Vec<&String> = pages
        .keys()
        .filter(|path| path.starts_with("records/"))
        .collect();
    assert_eq!(records, ["records/HY-2026-0008.html"]);
    let people =
        std::fs::read_to_string(repository.path("records/organisation/people.toml")).unwrap();
    let addresses: Vec<&str> = people
        .lines()
        .filter_map(|line| line.strip_prefix("email = \""))
        .filter_map(|rest| rest.strip_suffix('"'))
        .collect();
    assert!(addresses.len() >= 40);
    for (path, bytes) in &pages {
        for folder in ["people/", "departments/", "pages/", "organisation"] {
            assert!(!path.starts_with(folder), "{path}");
        }
        let text = String::from_utf8_lossy(bytes);
        for address in &addresses {
            assert!(!text.contains(address), "{path} gives {address} away");
        }
    }
}
