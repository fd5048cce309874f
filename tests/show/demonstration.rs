//! A copy of the demonstration that a test may break and build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The instant of the example.
pub const AS_OF: &str = "2026-05-07T09:00:00+08:00";

/// The repository of this project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The copy; gone when it is dropped.
pub struct Demonstration(tempfile::TempDir);

impl Demonstration {
    /// What an organisation has: settings, records and handbook pages.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(
            project().join("taizhang.toml"),
            folder.path().join("taizhang.toml"),
        )
        .unwrap();
        for part in ["records", "site/pages"] {
            copy(&project().join(part), &folder.path().join(part));
        }
        Demonstration(folder)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Replaces the first `from` in a file by `to`.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Runs the program in it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program in it and expects this exit status.
    pub fn exits(&self, status: i32, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}\n{shown}\n{said}"
        );
        output
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.args(arguments).current_dir(self.0.path());
        command
    }

    /// What `check --format json` finds.
    pub fn findings(&self) -> Vec<Value> {
        let output = self.run(&["check", "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        let errors = findings.iter().any(|finding| finding["level"] == "error");
        assert_eq!(output.status.code(), Some(i32::from(errors)));
        findings
    }

    /// The numbers of the records that nobody but those named may see, with
    /// their titles.
    pub fn confidential(&self) -> Vec<(String, String)> {
        let value = |text: &str, key: &str| {
            let line = text.lines().find(|line| line.starts_with(key)).unwrap();
            line.split('"').nth(1).unwrap().to_owned()
        };
        tree(&self.path("records"))
            .into_values()
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .filter(|text| text.contains("\naudience = \"confidential\"\n"))
            .map(|text| (value(&text, "id = "), value(&text, "title = ")))
            .collect()
    }
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Every file below a folder with its bytes, by its path from there. What the
/// program keeps for itself (hidden) is left out.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_entry(visible)
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.to_string_lossy().into_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}
