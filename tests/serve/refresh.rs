//! A register that took changes in is the one that loading gives, whatever
//! changed: findings, indexes, outlook, and the bytes of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use rayon::prelude::*;
use taizhang::check::{Said, check};
use taizhang::history::Git;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::register::{LoadOptions, Loaded, Refresh, load};
use taizhang::site::{NoForms, Site, SiteFiles, SiteInput};
use taizhang::source::Tree;
use taizhang::text::Language;

/// Records of the demonstration that name each other, one of them kept from most.
const SEEDS: [&str; 8] = [
    "HY-2026-0001",
    "HY-2026-0002",
    "XT-2026-0001",
    "XT-2026-0003",
    "XT-2026-0005",
    "AL-2026-0001",
    "GY-2026-0001",
    "HJ-2026-0001",
];

/// Where files come and go.
const PLACES: [&str; 8] = [
    "records/2026/HY-2026-0001.toml",
    "records/2026/HY-2026-0002.toml",
    "records/2026/XT-2026-0001.toml",
    "records/2026/XT-2026-0005.toml",
    "records/2025/HY-2025-0009.toml",
    "records/AL-2026-0001.toml",
    "records/2026/.HY-2026-0001.toml",
    "records/2026/notes.txt",
];

#[derive(Clone, Debug)]
enum Edit {
    /// A file says what another once said, more or less.
    Write {
        place: usize,
        seed: usize,
        how: How,
    },
    Delete(usize),
    Rename(usize, usize),
    /// A whole folder gets another name.
    RenameFolder,
    /// Somebody leaves the list of people.
    Organisation,
    /// The company has another name.
    Settings,
}

#[derive(Clone, Debug)]
enum How {
    Whole,
    /// One line is missing.
    Without(usize),
    /// Under the number of another.
    Renumbered(usize),
    Confidential,
    Broken(usize),
    NotText,
    Empty,
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        4 => Just(How::Whole),
        4 => (0..60usize).prop_map(How::Without),
        3 => (0..SEEDS.len()).prop_map(How::Renumbered),
        1 => Just(How::Confidential),
        2 => (0..60usize).prop_map(How::Broken),
        1 => Just(How::NotText),
        1 => Just(How::Empty),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = 0..PLACES.len();
    prop_oneof![
        12 => (place.clone(), 0..SEEDS.len(), how())
            .prop_map(|(place, seed, how)| Edit::Write { place, seed, how }),
        4 => place.clone().prop_map(Edit::Delete),
        3 => (place.clone(), place).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => Just(Edit::RenameFolder),
        1 => Just(Edit::Organisation),
        1 => Just(Edit::Settings),
    ]
}

struct Folder(tempfile::TempDir);

fn demonstration() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn seed(index: usize) -> String {
    let path = format!("records/2026/{}.toml", SEEDS[index]);
    fs::read_to_string(demonstration().join(path)).unwrap()
}

impl Folder {
    fn new() -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        for path in ["taizhang.toml", "records/organisation"] {
            folder.copy(path);
        }
        for (index, id) in SEEDS.iter().enumerate() {
            folder.write(&format!("records/2026/{id}.toml"), seed(index).as_bytes());
        }
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn copy(&self, path: &str) {
        let from = demonstration().join(path);
        if from.is_file() {
            return self.write(path, &fs::read(from).unwrap());
        }
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            self.copy(&format!("{path}/{name}"));
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Does it, and says which paths it changed.
    fn edit(&self, edit: &Edit) -> Vec<String> {
        match edit {
            Edit::Write { place, seed, how } => {
                self.write(PLACES[*place], &text(*seed, how));
                vec![PLACES[*place].to_owned()]
            }
            Edit::Delete(place) => {
                // it may not be there
                let _ = fs::remove_file(self.path(PLACES[*place]));
                vec![PLACES[*place].to_owned()]
            }
            Edit::Rename(from, to) => {
                let (from, to) = (PLACES[*from], PLACES[*to]);
                if self.path(from).is_file() {
                    self.write(to, b"");
                    fs::rename(self.path(from), self.path(to)).unwrap();
                }
                vec![from.to_owned(), to.to_owned()]
            }
            Edit::RenameFolder => {
                let folders = ["records/2026", "records/2024"];
                let [from, to] = match self.path(folders[0]).is_dir() {
                    true => folders,
                    false => [folders[1], folders[0]],
                };
                if !self.path(to).exists() {
                    fs::rename(self.path(from), self.path(to)).unwrap();
                }
                folders.map(str::to_owned).into()
            }
            Edit::Organisation => {
                let path = "records/organisation/people.toml";
                let people = fs::read_to_string(self.path(path)).unwrap();
                let at = people.rfind("\n[").unwrap_or(people.len());
                self.write(path, &people.as_bytes()[..at]);
                vec![path.to_owned()]
            }
            Edit::Settings => {
                let path = "taizhang.toml";
                let settings = fs::read_to_string(self.path(path)).unwrap();
                self.write(path, settings.replace("zh = \"", "zh = \"新").as_bytes());
                vec![path.to_owned()]
            }
        }
    }
}

fn text(index: usize, how: &How) -> Vec<u8> {
    let text = seed(index);
    let line = |at: usize| at % text.lines().count();
    let with = |at: usize, new: &str| {
        let lines = text.lines().enumerate();
        let lines = lines.map(|(index, old)| if index == at { new } else { old });
        lines.collect::<Vec<_>>().join("\n")
    };
    match how {
        How::Whole => text.into_bytes(),
        How::Without(at) => with(line(*at), "").into_bytes(),
        How::Renumbered(to) => text.replace(SEEDS[index], SEEDS[*to]).into_bytes(),
        How::Confidential => text
            .replace("\"internal\"", "\"confidential\"")
            .into_bytes(),
        How::Broken(at) => with(line(*at), "name = = \"").into_bytes(),
        How::NotText => [text.as_bytes(), b"\n# \xff\n"].concat(),
        How::Empty => Vec::new(),
    }
}

/// All that a reader can see of a register, part by part.
fn seen(loaded: &Loaded, files: &SiteFiles, pages: bool) -> Vec<(String, String)> {
    let register = &loaded.register;
    let files_read = register.sources.iter();
    let mut seen: Vec<(String, String)> = files_read
        .map(|(id, file)| (format!("{id:?} {}", file.path), file.text.clone()))
        .collect();
    let mut add = |name: &str, what: String| seen.push((name.to_owned(), what));
    add("findings", format!("{:#?}", loaded.findings));
    add("rules", format!("{:#?}", check(register)));
    add("records", format!("{:#?}", register.records));
    add("references", format!("{:?}", register.referenced_by));
    let numbers = register.records.iter().map(|record| &*record.id.value);
    let found: Vec<_> = numbers.map(|id| (id, register.find(id))).collect();
    add("numbers", format!("{found:?}"));
    let as_of = register.settings.as_of.unwrap();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    add("obligations", format!("{:#?}", outlook.obligations));
    add("actions", format!("{:#?}", outlook.actions));
    add("uncounted", format!("{:#?}", outlook.findings));
    if pages {
        let past = Past::default();
        let site = Site::new(SiteInput {
            outlook: &outlook,
            findings: &loaded.findings,
            language: Language::Chinese,
            files,
            forms: &NoForms,
            past: &past,
        })
        .unwrap();
        let outputs: BTreeMap<String, Vec<u8>> = site
            .outputs()
            .map(|output| output.map(|output| (output.path, output.bytes)).unwrap())
            .collect();
        for (path, bytes) in outputs {
            add(&path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    seen
}

fn expect_same(refreshed: &Loaded, loaded: &Loaded, files: &SiteFiles, pages: bool) {
    let (refreshed, loaded) = (seen(refreshed, files, pages), seen(loaded, files, pages));
    for (refreshed, loaded) in refreshed.iter().zip(&loaded) {
        assert_eq!(refreshed.0, loaded.0);
        assert!(
            refreshed.1 == loaded.1,
            "{}: {} / {}",
            loaded.0,
            refreshed.1,
            loaded.1
        );
    }
    assert_eq!(refreshed.len(), loaded.len());
}

/// Takes the paths in as `serve` does.
fn follow(loaded: &mut Loaded, folder: &Folder, changed: &BTreeSet<String>) -> Refresh {
    let root = folder.0.path();
    let refresh = loaded.refresh(&Tree::folder(root), changed);
    if refresh == Refresh::Everything {
        *loaded = load(root, &LoadOptions::default());
    }
    refresh
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_refreshed_register_is_the_loaded_one(
        rounds in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..6)
    ) {
        let folder = Folder::new();
        let files = SiteFiles::of_repository(&Tree::folder(folder.0.path()));
        let mut refreshed = load(folder.0.path(), &LoadOptions::default());
        let mut said = Said::default();
        for (round, edits) in rounds.iter().enumerate() {
            let changed = edits.iter().flat_map(|edit| folder.edit(edit)).collect();
            follow(&mut refreshed, &folder, &changed);
            let loaded = load(folder.0.path(), &LoadOptions::default());
            expect_same(&refreshed, &loaded, &files, round + 1 == rounds.len());
            let again = said.check(&refreshed.register, &AtomicBool::new(false));
            prop_assert_eq!(again, Some(check(&loaded.register)));
        }
    }
}

#[test]
fn only_what_changed_is_read() {
    let folder = Folder::new();
    let mut loaded = load(folder.0.path(), &LoadOptions::default());
    let mut said = Said::default();
    let stop = AtomicBool::new(false);
    said.check(&loaded.register, &stop);
    let mut changed = |edit: Edit| {
        let paths = folder.edit(&edit).into_iter().collect();
        let refresh = follow(&mut loaded, &folder, &paths);
        let missing = said.missing(&loaded.register);
        said.check(&loaded.register, &stop);
        (refresh, missing)
    };
    let write = |seed, how| Edit::Write {
        place: 0,
        seed,
        how,
    };
    assert_eq!(
        changed(write(0, How::Whole)),
        (Refresh::Same, 0),
        "as it was"
    );
    assert_eq!(changed(write(0, How::Confidential)), (Refresh::Records, 1));
    assert_eq!(changed(Edit::Delete(0)), (Refresh::Records, 0));
    assert_eq!(changed(write(0, How::Whole)), (Refresh::Records, 1));
    assert_eq!(changed(Edit::Delete(7)), (Refresh::Same, 0), "no record");
    let all = SEEDS.len();
    assert_eq!(changed(Edit::Settings), (Refresh::Everything, all));
}

#[test]
fn a_record_comes_back_when_the_one_with_its_number_goes() {
    let folder = Folder::new();
    let mut loaded = load(folder.0.path(), &LoadOptions::default());
    let place = 4;
    let double = Edit::Write {
        place,
        seed: 0,
        how: How::Whole,
    };
    let paths = folder.edit(&double).into_iter().collect();
    follow(&mut loaded, &folder, &paths);
    let path_of = |loaded: &Loaded| {
        let register = &loaded.register;
        let record = &register.records[register.find(SEEDS[0]).unwrap()];
        register.sources.file(record.file).path.clone()
    };
    let doubles = |loaded: &Loaded| {
        let mut findings = loaded.findings.iter();
        findings.any(|finding| finding.rule == "duplicate-number")
    };
    assert_eq!(path_of(&loaded), PLACES[place]);
    assert!(doubles(&loaded));
    let paths = folder.edit(&Edit::Delete(place)).into_iter().collect();
    assert_eq!(follow(&mut loaded, &folder, &paths), Refresh::Records);
    assert_eq!(path_of(&loaded), PLACES[0]);
    assert!(!doubles(&loaded));
}

#[test]
fn the_past_follows_what_is_not_committed() {
    let folder = Folder::new();
    let root = folder.0.path();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let mut git = Command::new("git");
        git.current_dir(root).args(identity).args(arguments);
        assert!(git.output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "all"]);
    let mut loaded = load(root, &LoadOptions::default());
    let mut past = Past::of_folder(&loaded.register, root).unwrap();
    let git = Git::open(root).unwrap();
    let edits = [
        Edit::Write {
            place: 0,
            seed: 0,
            how: How::Without(2),
        },
        Edit::Write {
            place: 4,
            seed: 1,
            how: How::Renumbered(0),
        },
        Edit::Delete(2),
        Edit::Write {
            place: 0,
            seed: 0,
            how: How::Whole,
        },
        Edit::Rename(4, 5),
    ];
    for edit in edits {
        let paths = folder.edit(&edit).into_iter().collect();
        follow(&mut loaded, &folder, &paths);
        past.follow(&loaded.register, &git, root, &paths).unwrap();
        let read = Past::of_folder(&loaded.register, root).unwrap();
        assert_eq!(past.edited(), read.edited(), "{edit:?}");
        let outlook = Outlook::new(
            &loaded.register,
            loaded.register.settings.as_of.unwrap(),
            Viewer::Internal,
        );
        for record in 0..loaded.register.records.len() {
            let timeline = |past: &Past| format!("{:?}", past.timeline(&outlook, record));
            assert_eq!(timeline(&past), timeline(&read), "{edit:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_read_with_everything() {
    let folder = Folder::new();
    let linked = folder.path("records/2026/XT-2026-0099.toml");
    std::os::unix::fs::symlink(folder.path("taizhang.toml"), linked).unwrap();
    let mut loaded = load(folder.0.path(), &LoadOptions::default());
    let paths = folder.edit(&Edit::Delete(0)).into_iter().collect();
    assert_eq!(follow(&mut loaded, &folder, &paths), Refresh::Everything);
}
