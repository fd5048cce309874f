//! A small repository in a temporary folder, for tests that go through the library.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod git;
pub mod lines;
pub mod pages;
pub mod papers;

use std::fs;
use std::path::{Path, PathBuf};

use taizhang::outlook::{Outlook, Viewer};
use taizhang::register::{LoadOptions, Loaded, load};

/// A repository that is gone when it is dropped.
pub struct Repository {
    folder: tempfile::TempDir,
}

const SETTINGS: &str = r#"
name = { zh = "测试公司", en = "Test Ltd" }
coordination_office = "admin"
"#;

const DEPARTMENTS: &str = r#"
[rd]
name = { zh = "研发部", en = "R&D" }
head = "zhang-wei"
leader = "zhao-min"
[marketing]
name = { zh = "市场部", en = "Marketing" }
head = "li-na"
leader = "zhao-min"
[admin]
name = { zh = "行政部", en = "Administration" }
head = "sun-li"
"#;

const PEOPLE: &str = r#"
[zhang-wei]
name = "张伟"
department = "rd"
[li-na]
name = "李娜"
department = "marketing"
[wang-qiang]
name = "王强"
department = "marketing"
[sun-li]
name = "孙丽"
department = "admin"
[zhao-min]
name = "赵敏"
department = "admin"
"#;

const PARTIES: &str = r#"
[huaxin]
name = "华芯微电子有限公司"
kind = "supplier"
[lanjing]
name = "蓝鲸健康科技有限公司"
kind = "customer"
"#;

impl Repository {
    /// A company of three departments, five people and two outside parties,
    /// without any records.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Repository { folder }
            .file("taizhang.toml", SETTINGS)
            .file("records/organisation/departments.toml", DEPARTMENTS)
            .file("records/organisation/people.toml", PEOPLE)
            .file("records/organisation/parties.toml", PARTIES)
    }

    /// With this file.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Where a file of it lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Reads it.
    pub fn load(&self) -> Loaded {
        load(self.root(), &LoadOptions::default())
    }

    /// Reads it and expects nothing to be wrong.
    pub fn clean(&self) -> Loaded {
        let loaded = self.load();
        let found: Vec<String> = loaded
            .findings
            .iter()
            .map(|finding| {
                let sources = &loaded.register.sources;
                let path = &sources.file(finding.place.file).path;
                let words = sources.words(finding.place);
                format!("{path}: {} {words} {:?}", finding.rule, finding.arguments)
            })
            .collect();
        assert!(
            found.is_empty(),
            "the repository should be clean: {found:#?}"
        );
        loaded
    }
}

/// The outlook of everybody in the company as of an instant with an offset.
pub fn outlook<'r>(loaded: &'r Loaded, as_of: &str) -> Outlook<'r> {
    Outlook::new(&loaded.register, as_of.parse().unwrap(), Viewer::Internal)
}
