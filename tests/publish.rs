//! What becomes of a site directory: built, built again, and stopped at every
//! moment in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use rayon::iter::IntoParallelIterator;
use taizhang::publish::{
    Obstacle, Output, PathFault, PublishError, Step, Stopped, Summary, publish, publish_in_memory,
    publish_observed, recover,
};

/// A site by path; the content is text.
type Files = BTreeMap<String, String>;

fn files(list: &[(&str, &str)]) -> Files {
    list.iter()
        .map(|&(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn outputs(files: &Files) -> Vec<Result<Output, Infallible>> {
    files
        .iter()
        .map(|(path, text)| {
            Ok(Output {
                path: path.clone(),
                bytes: text.clone().into_bytes(),
            })
        })
        .collect()
}

fn build(directory: &Path, files: &Files) -> Result<Summary, Vec<PublishError>> {
    publish(directory, outputs(files).into_par_iter()).map_err(|stopped| match stopped {
        Stopped::Publish(errors) => errors,
        Stopped::Render(impossible) => panic!("{impossible:?}"),
    })
}

/// What a reader sees: everything outside the state directory.
fn seen(directory: &Path) -> Files {
    fn walk(directory: &Path, prefix: &str, found: &mut Files) {
        for item in fs::read_dir(directory).unwrap() {
            let item = item.unwrap();
            let name = item.file_name().into_string().unwrap();
            if prefix.is_empty() && name == ".taizhang" {
                continue;
            }
            let path = format!("{prefix}{name}");
            if item.file_type().unwrap().is_dir() {
                walk(&item.path(), &format!("{path}/"), found);
            } else {
                let text = fs::read_to_string(item.path()).unwrap();
                found.insert(path, text);
            }
        }
    }
    let mut found = Files::new();
    walk(directory, "", &mut found);
    found
}

fn state(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory.join(".taizhang"))
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

fn long_ago(path: &Path) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

/// A site with a directory large enough to be changed as a whole.
fn large(round: usize) -> Files {
    let mut site: Files = (round..round + 100)
        .map(|number| {
            (
                format!("records/{number}.html"),
                format!("{round} {number}"),
            )
        })
        .collect();
    site.insert("index.html".into(), format!("{round}"));
    site.insert("assets/style.css".into(), "body{}".into());
    site.insert(format!("round-{round}/page.html"), String::new());
    site
}

// ---- what is written -------------------------------------------------------

#[test]
fn a_first_build_makes_the_directory_with_its_parents() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("a/b/public");
    let wanted = large(0);
    let summary = build(&site, &wanted).unwrap();
    assert_eq!(seen(&site), wanted);
    assert_eq!(summary.written, 103);
    assert_eq!(
        summary.bytes,
        wanted.values().map(|text| text.len() as u64).sum::<u64>()
    );
    assert_eq!(state(&site), ["lock", "manifest"]);
}

#[test]
fn a_second_build_of_the_same_writes_nothing() {
    let site = tempfile::tempdir().unwrap();
    let wanted = large(0);
    build(site.path(), &wanted).unwrap();
    let page = site.path().join("records/7.html");
    let list = site.path().join(".taizhang/manifest");
    let before = (modified(&page), modified(&list), modified(site.path()));
    let summary = build(site.path(), &wanted).unwrap();
    assert_eq!(
        summary,
        Summary {
            unchanged: 103,
            ..Summary::default()
        }
    );
    assert_eq!(
        (modified(&page), modified(&list), modified(site.path())),
        before
    );
}

#[test]
fn only_what_changed_is_written_and_what_no_longer_belongs_goes() {
    let site = tempfile::tempdir().unwrap();
    let old = files(&[
        ("index.html", "1"),
        ("records/a.html", "a"),
        ("records/b.html", "b"),
        ("people/c.html", "c"),
    ]);
    build(site.path(), &old).unwrap();
    let kept = modified(&site.path().join("records/a.html"));
    let new = files(&[
        ("index.html", "2"),
        ("records/a.html", "a"),
        ("records/d.html", "d"),
        ("pages/e.html", "e"),
    ]);
    let summary = build(site.path(), &new).unwrap();
    assert_eq!(seen(site.path()), new);
    assert_eq!(
        (summary.written, summary.unchanged, summary.removed),
        (3, 1, 2)
    );
    assert_eq!(modified(&site.path().join("records/a.html")), kept);
    assert!(
        !site.path().join("people").exists(),
        "an empty directory of ours goes too"
    );
}

#[test]
fn a_directory_changed_as_a_whole_keeps_its_unchanged_and_foreign_files() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &large(0)).unwrap();
    let foreign = site.path().join("records/.htaccess");
    fs::write(&foreign, "deny").unwrap();
    let mut wanted = large(1);
    wanted.insert("records/50.html".into(), "0 50".into());
    let unchanged = site.path().join("records/50.html");
    let before = (modified(&foreign), modified(&unchanged));
    let summary = build(site.path(), &wanted).unwrap();
    assert_eq!((modified(&foreign), modified(&unchanged)), before);
    assert_eq!(summary.removed, 2, "records/0.html and round-0/page.html");
    wanted.insert("records/.htaccess".into(), "deny".into());
    assert_eq!(seen(site.path()), wanted);
    assert_eq!(state(site.path()), ["lock", "manifest"]);
}

#[test]
fn nothing_is_left_of_a_site_that_became_empty_but_what_is_foreign() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &large(0)).unwrap();
    fs::write(site.path().join("records/note.txt"), "mine").unwrap();
    fs::create_dir(site.path().join("empty")).unwrap();
    let summary = build(site.path(), &Files::new()).unwrap();
    assert_eq!(summary.removed, 103);
    assert_eq!(seen(site.path()), files(&[("records/note.txt", "mine")]));
    assert!(site.path().join("empty").is_dir());
    assert!(!site.path().join("assets").exists());
}

#[test]
fn a_directory_that_was_there_before_the_build_outlives_it() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("records")).unwrap();
    build(site.path(), &files(&[("records/a.html", "a")])).unwrap();
    build(site.path(), &Files::new()).unwrap();
    assert!(site.path().join("records").is_dir());
}

#[test]
fn a_file_edited_by_hand_is_restored() {
    let site = tempfile::tempdir().unwrap();
    let wanted = files(&[
        ("a.html", "right"),
        ("b.html", "right"),
        ("c.html", "right"),
    ]);
    build(site.path(), &wanted).unwrap();
    fs::write(site.path().join("a.html"), "longer than before").unwrap();
    fs::write(site.path().join("b.html"), "wrong").unwrap();
    long_ago(&site.path().join("b.html"));
    fs::remove_file(site.path().join("c.html")).unwrap();
    let summary = build(site.path(), &wanted).unwrap();
    assert_eq!(summary.written, 3);
    assert_eq!(seen(site.path()), wanted);
}

#[test]
fn a_file_only_touched_is_not_written_again() {
    let site = tempfile::tempdir().unwrap();
    let wanted = files(&[("a.html", "right")]);
    build(site.path(), &wanted).unwrap();
    let page = site.path().join("a.html");
    long_ago(&page);
    let touched = modified(&page);
    assert_eq!(build(site.path(), &wanted).unwrap().unchanged, 1);
    assert_eq!(modified(&page), touched);
}

#[test]
fn in_memory_gives_the_same_files_and_refuses_the_same_paths() {
    let wanted = large(0);
    let made = publish_in_memory(outputs(&wanted).into_par_iter()).unwrap();
    let made: Files = made
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    assert_eq!(made, wanted);
    let refused = publish_in_memory(outputs(&files(&[("../a", "")])).into_par_iter());
    assert!(matches!(refused, Err(Stopped::Publish(errors)) if errors.len() == 1));
}

// ---- what is refused -------------------------------------------------------

#[test]
fn foreign_files_in_the_way_are_all_named_and_kept() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    fs::write(root.join("index.html"), "mine").unwrap();
    fs::write(root.join("people"), "mine").unwrap();
    fs::create_dir(root.join("a.html")).unwrap();
    fs::write(root.join("README.txt"), "mine").unwrap();
    let wanted = files(&[
        ("a.html", "a"),
        ("b.html", "b"),
        ("index.html", "i"),
        ("people/x.html", "x"),
    ]);
    let before = seen(root);
    let errors = build(root, &wanted).unwrap_err();
    let mut named: Vec<(String, Obstacle)> = errors
        .iter()
        .map(|error| match error {
            PublishError::Obstructed { path, obstacle } => {
                let path = path.strip_prefix(root).unwrap().to_str().unwrap();
                (path.to_owned(), *obstacle)
            }
            other => panic!("{other}"),
        })
        .collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        named,
        [
            ("a.html".to_owned(), Obstacle::Directory),
            ("index.html".to_owned(), Obstacle::File),
            ("people".to_owned(), Obstacle::File),
        ]
    );
    assert_eq!(seen(root), before);

    fs::remove_dir(root.join("a.html")).unwrap();
    fs::remove_file(root.join("index.html")).unwrap();
    fs::remove_file(root.join("people")).unwrap();
    build(root, &wanted).unwrap();
    assert_eq!(fs::read_to_string(root.join("README.txt")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_link_never_leads_the_build_out_of_its_directory() {
    let place = tempfile::tempdir().unwrap();
    let (site, elsewhere) = (place.path().join("site"), place.path().join("elsewhere"));
    fs::create_dir(&elsewhere).unwrap();
    let wanted = files(&[("records/a.html", "a"), ("b.html", "b")]);
    build(&site, &wanted).unwrap();

    // A page replaced by a link is restored; what it pointed to is not touched.
    fs::write(elsewhere.join("b"), "mine").unwrap();
    fs::remove_file(site.join("b.html")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("b"), site.join("b.html")).unwrap();
    build(&site, &wanted).unwrap();
    assert_eq!(seen(&site), wanted);
    assert!(!site.join("b.html").is_symlink());

    // A directory replaced by a link stops the build, or its removals there.
    fs::rename(site.join("records"), elsewhere.join("records")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("records"), site.join("records")).unwrap();
    let errors = build(&site, &wanted).unwrap_err();
    assert_eq!(
        errors,
        [PublishError::Obstructed {
            path: site.join("records"),
            obstacle: Obstacle::Link
        }]
    );
    build(&site, &files(&[("b.html", "b")])).unwrap();
    assert_eq!(
        seen(&elsewhere),
        files(&[("b", "mine"), ("records/a.html", "a")])
    );
}

#[test]
fn the_output_directory_must_be_a_directory() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "mine").unwrap();
    let wanted = files(&[("a.html", "a")]);
    assert_eq!(
        build(&file, &wanted).unwrap_err(),
        [PublishError::NotADirectory { path: file.clone() }]
    );
    let below = build(&file.join("site"), &wanted).unwrap_err();
    assert!(matches!(&below[..], [PublishError::Io { .. }]), "{below:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_is_followed_and_a_dangling_one_refused() {
    let place = tempfile::tempdir().unwrap();
    let (real, link) = (place.path().join("real"), place.path().join("link"));
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let wanted = files(&[("a.html", "a")]);
    assert_eq!(
        build(&link, &wanted).unwrap_err(),
        [PublishError::NotADirectory { path: link.clone() }]
    );
    fs::create_dir(&real).unwrap();
    build(&link, &wanted).unwrap();
    assert_eq!(seen(&real), wanted);
    assert!(link.is_symlink());
}

#[test]
fn paths_that_cannot_be_published_are_all_named() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &files(&[("index.html", "1")])).unwrap();
    let list: Vec<Result<Output, Infallible>> = [
        "../out.html",
        "/abs.html",
        "Same.html",
        "same.html",
        "twice.html",
        "twice.html",
        "nul.html",
    ]
    .into_iter()
    .map(|path| {
        Ok(Output {
            path: path.into(),
            bytes: Vec::new(),
        })
    })
    .collect();
    let Err(Stopped::Publish(errors)) = publish(site.path(), list.into_par_iter()) else {
        panic!("published");
    };
    let faults: Vec<PathFault> = errors
        .iter()
        .filter_map(|error| match error {
            PublishError::UnsafePath { fault, .. } => Some(*fault),
            _ => None,
        })
        .collect();
    assert_eq!(
        faults,
        [PathFault::DotPart, PathFault::EmptyPart, PathFault::Device]
    );
    let twice: Vec<String> = errors
        .iter()
        .filter(|error| error.code() == "output-path-duplicate")
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        twice,
        [
            "output-path-duplicate path=same.html other=Same.html",
            "output-path-duplicate path=twice.html other=twice.html",
        ]
    );
    assert_eq!(errors.len(), 5);
    assert_eq!(seen(site.path()), files(&[("index.html", "1")]));
}

#[test]
fn a_page_that_cannot_be_made_leaves_the_last_site() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &large(0)).unwrap();
    let list: Vec<Result<Output, &str>> = vec![
        Err("first"),
        Ok(Output {
            path: "index.html".into(),
            bytes: b"new".to_vec(),
        }),
        Err("second"),
    ];
    match publish(site.path(), list.into_par_iter()) {
        Err(Stopped::Render(errors)) => assert_eq!(errors, ["first", "second"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(seen(site.path()), large(0));
    assert_eq!(state(site.path()), ["lock", "manifest"]);
}

#[test]
fn two_builds_at_a_time_are_one_too_many() {
    let site = tempfile::tempdir().unwrap();
    let wanted = files(&[("a.html", "a")]);
    let second = Mutex::new(None);
    publish_observed(site.path(), outputs(&wanted).into_par_iter(), &|step| {
        if step == Step::Prepared {
            *second.lock().unwrap() = Some(build(site.path(), &files(&[("b.html", "b")])));
        }
    })
    .unwrap();
    let busy = PublishError::Busy {
        path: site.path().to_owned(),
    };
    assert_eq!(second.into_inner().unwrap(), Some(Err(vec![busy])));
    assert_eq!(seen(site.path()), wanted);
    build(site.path(), &wanted).expect("the lock is given back");
}

#[test]
fn a_damaged_manifest_stops_the_build_before_it_takes_its_own_for_foreign() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &files(&[("a.html", "a")])).unwrap();
    let list = site.path().join(".taizhang/manifest");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, text.replace("a.html", "../../a.html")).unwrap();
    assert_eq!(
        build(site.path(), &Files::new()).unwrap_err(),
        [PublishError::ManifestDamaged {
            path: list,
            line: 2
        }]
    );
    assert!(site.path().join("a.html").exists());
}

/// Root may write everywhere, and mount.
#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::metadata(file.path()).unwrap().uid() == 0
}

/// Runs one ignored test of this file in a process of its own.
fn child(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--quiet", test]);
    command
}

#[cfg(unix)]
#[test]
fn a_directory_without_permission_stops_the_build_before_anything_changed() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    let old = files(&[("index.html", "1"), ("records/a.html", "a")]);
    build(&site, &old).unwrap();
    let mut command = child("publishes_where_it_is_not_permitted");
    command.env("SITE", &site);
    if is_root() {
        // The same as an ordinary user to whom the site belongs.
        const NOBODY: u32 = 65534;
        for path in ["", "index.html", "records", "records/a.html"] {
            chown(site.join(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        for path in ["", "manifest", "lock"] {
            let path = site.join(".taizhang").join(path);
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // A path through a home directory may be closed to that user.
        let copy = place.path().join("test");
        fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
        command = Command::new(copy);
        command
            .args(["--ignored", "--exact", "--quiet"])
            .arg("publishes_where_it_is_not_permitted")
            .env("SITE", &site)
            .current_dir("/")
            .uid(NOBODY)
            .gid(NOBODY);
    }
    fs::set_permissions(site.join("records"), fs::Permissions::from_mode(0o555)).unwrap();
    let output = output_of(&mut command);
    fs::set_permissions(site.join("records"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(seen(&site), old);
    assert_eq!(state(&site), ["lock", "manifest"]);
}

/// Runs a program that was copied just now: a test that starts a process at
/// that moment holds the copy open for writing until its own program starts.
#[cfg(unix)]
fn output_of(command: &mut Command) -> std::process::Output {
    for _ in 0..100 {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            result => return result.unwrap(),
        }
    }
    command.output().unwrap()
}

#[test]
#[ignore = "run by a_directory_without_permission_stops_the_build_before_anything_changed"]
fn publishes_where_it_is_not_permitted() {
    let site = std::env::var("SITE").unwrap();
    let new = files(&[("index.html", "2"), ("records/a.html", "b")]);
    let errors = build(Path::new(&site), &new).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].code(), "output-not-permitted");
    let (name, path) = &errors[0].parameters()[0];
    assert_eq!(*name, "path");
    assert!(path.ends_with("records"), "{path}");
}

/// A limit on the size of a file stands for a full disk everywhere; where a
/// small file system can be mounted (as root on Linux), the real thing follows.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_last_site() {
    let place = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=256k tmpfs \"$DISK\" && exec \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command.args(if is_root() {
        &["-m"][..]
    } else {
        &["-r", "-m"]
    });
    command.args(["sh", "-c", mount]);
    command.arg(std::env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "--quiet",
        "publishes_to_a_full_disk",
    ]);
    let output = command.env("DISK", place.path()).output().unwrap();
    let refused = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && (refused.contains("unshare") || refused.contains("mount:")) {
        // Containers may forbid mounting; the crash tests still stop every write.
        eprintln!("no small file system could be mounted: {refused}");
        return;
    }
    assert!(output.status.success(), "{output:?}");
}

#[test]
#[ignore = "run by a_full_disk_leaves_the_last_site"]
fn publishes_to_a_full_disk() {
    let disk = std::env::var("DISK").unwrap();
    let site = Path::new(&disk).join("site");
    let old = files(&[("index.html", "1"), ("records/a.html", "a")]);
    build(&site, &old).unwrap();
    let mut new = old.clone();
    for number in 0..100 {
        new.insert(format!("records/{number}.html"), "x".repeat(10_000));
    }
    let errors = build(&site, &new).unwrap_err();
    assert!(!errors.is_empty());
    for error in &errors {
        assert_eq!(error.code(), "output-disk-full", "{error}");
        assert!(matches!(
            error,
            PublishError::Io {
                kind: ErrorKind::StorageFull,
                ..
            }
        ));
    }
    assert_eq!(seen(&site), old);
    assert_eq!(state(&site), ["lock", "manifest"]);
    let smaller = files(&[("index.html", "2")]);
    build(&site, &smaller).expect("the space is given back");
    assert_eq!(seen(&site), smaller);
}

// ---- what a kill leaves ----------------------------------------------------

/// Kills a build after each of its steps in turn, until one gets through.
/// `before` and `after` are the sites; `wanted` is what a reader may find.
fn killed_at_every_step(before: &Files, after: &Files, check: impl Fn(usize, bool, &Files)) {
    for step in 0.. {
        let place = tempfile::tempdir().unwrap();
        let site = place.path().join("site");
        if !before.is_empty() {
            build(&site, before).unwrap();
            fs::write(site.join("mine.txt"), "mine").unwrap();
        }
        let plan = place.path().join("plan");
        let text: String = after
            .iter()
            .map(|(path, text)| format!("{path}\t{text}\n"))
            .collect();
        fs::write(&plan, text).unwrap();
        let output = child("is_killed_after_a_step")
            .env("SITE", &site)
            .env("PLAN", &plan)
            .env("STEP", step.to_string())
            .output()
            .unwrap();
        let finished = output.status.success();
        let decided = site.join(".taizhang/commit").exists();
        let mut found = if site.exists() {
            seen(&site)
        } else {
            Files::new()
        };
        found.remove("mine.txt");
        check(step, decided || finished, &found);

        // Finishing it gives the new site if it was decided, the old one if not.
        recover(&site).unwrap();
        let mut found = seen(&site);
        let mine = found.remove("mine.txt");
        assert_eq!(mine.is_some(), !before.is_empty());
        assert_eq!(
            &found,
            if decided || finished { after } else { before },
            "step {step}"
        );
        assert!(
            state(&site)
                .iter()
                .all(|name| name == "lock" || name == "manifest"),
            "step {step}: {:?}",
            state(&site)
        );

        // And the next build goes on from there as if nothing had happened.
        build(&site, before).unwrap();
        let mut found = seen(&site);
        found.remove("mine.txt");
        assert_eq!(&found, before, "step {step}");
        if finished {
            assert!(step > 3, "the build was never killed");
            return;
        }
    }
}

#[test]
#[ignore = "run by the tests of killed builds"]
fn is_killed_after_a_step() {
    let site = std::env::var("SITE").unwrap();
    let stop: usize = std::env::var("STEP").unwrap().parse().unwrap();
    let plan: Files = fs::read_to_string(std::env::var("PLAN").unwrap())
        .unwrap()
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    let count = Mutex::new(0);
    // One after the other, so that the steps come in the same order each time.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    pool.install(|| {
        publish_observed(Path::new(&site), outputs(&plan).into_par_iter(), &|_| {
            let mut count = count.lock().unwrap();
            if *count == stop {
                std::process::abort();
            }
            *count += 1;
        })
        .unwrap();
    });
}

#[test]
fn a_first_build_killed_at_any_step_shows_nothing_or_finishes() {
    let after = files(&[("index.html", "1"), ("records/a.html", "a")]);
    killed_at_every_step(&Files::new(), &after, |step, decided, found| {
        assert!(decided || found.is_empty(), "step {step}: {found:?}");
    });
}

#[test]
fn a_build_killed_at_any_step_leaves_the_last_site_or_finishes() {
    let before = files(&[
        ("index.html", "1"),
        ("records/a.html", "a"),
        ("records/b.html", "b"),
        ("old/c.html", "c"),
    ]);
    let after = files(&[
        ("index.html", "2"),
        ("records/a.html", "a"),
        ("records/b.html", "changed"),
        ("records/d.html", "d"),
        ("new/e.html", "e"),
    ]);
    killed_at_every_step(&before, &after, |step, decided, found| {
        if !decided {
            assert_eq!(found, &before, "step {step}");
        }
        // Whatever the moment: no page is missing that is in both, none is half.
        for (path, text) in found {
            let whole = before.get(path) == Some(text) || after.get(path) == Some(text);
            assert!(whole, "step {step}: {path} is {text:?}");
        }
        for path in before.keys().filter(|path| after.contains_key(*path)) {
            assert!(found.contains_key(path), "step {step}: {path} is missing");
        }
    });
}

#[test]
fn a_large_directory_is_never_seen_half_old_and_half_new() {
    let (before, after) = (large(0), large(1));
    let old: Files = before
        .iter()
        .filter(|(path, _)| path.starts_with("records/"))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    let new: Files = after
        .iter()
        .filter(|(path, _)| path.starts_with("records/"))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    // Staging a hundred files is a hundred steps alike: looked at from inside.
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &before).unwrap();
    let states = Mutex::new(Vec::new());
    publish_observed(site.path(), outputs(&after).into_par_iter(), &|_| {
        let mut found = seen(site.path());
        found.retain(|path, _| path.starts_with("records/") && path != "records/.taizhang");
        states.lock().unwrap().push(found);
    })
    .unwrap();
    let states = states.into_inner().unwrap();
    assert!(states.iter().all(|state| *state == old || *state == new));
    assert_eq!(states.first(), Some(&old));
    assert_eq!(states.last(), Some(&new));
}

#[test]
fn new_pages_come_first_and_the_entrance_last_before_the_removals() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &large(0)).unwrap();
    let moves = Mutex::new(Vec::new());
    publish_observed(site.path(), outputs(&large(1)).into_par_iter(), &|step| {
        match step {
            Step::Moved(path) => moves.lock().unwrap().push(format!("moved {path}")),
            Step::Removed(path) => moves.lock().unwrap().push(format!("removed {path}")),
            _ => {}
        };
    })
    .unwrap();
    assert_eq!(
        moves.into_inner().unwrap(),
        [
            "moved round-1",
            "moved records",
            "moved index.html",
            "removed round-0/page.html",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_directory_changed_as_a_whole_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let site = tempfile::tempdir().unwrap();
    build(site.path(), &large(0)).unwrap();
    let records = site.path().join("records");
    fs::set_permissions(&records, fs::Permissions::from_mode(0o2750)).unwrap();
    build(site.path(), &large(1)).unwrap();
    let mode = fs::metadata(&records).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o2750);
}

#[test]
fn a_killed_change_of_a_large_directory_is_finished() {
    let (before, after) = (large(0), large(1));
    let place = tempfile::tempdir().unwrap();
    let plan = place.path().join("plan");
    let text: String = after
        .iter()
        .map(|(path, text)| format!("{path}\t{text}\n"))
        .collect();
    fs::write(&plan, text).unwrap();
    // Opened, 102 files staged, then the steps that matter.
    let mut kills = 0;
    for step in 102.. {
        let site = place.path().join(step.to_string());
        build(&site, &before).unwrap();
        fs::write(site.join("records/mine.txt"), "mine").unwrap();
        let output = child("is_killed_after_a_step")
            .env("SITE", &site)
            .env("PLAN", &plan)
            .env("STEP", step.to_string())
            .output()
            .unwrap();
        let decided = site.join(".taizhang/commit").exists() || output.status.success();
        kills += usize::from(!output.status.success());
        // Somebody writes there before the next build comes.
        fs::write(site.join("records/later.txt"), "later").unwrap();
        recover(&site).unwrap();
        let mut wanted = if decided {
            after.clone()
        } else {
            before.clone()
        };
        wanted.insert("records/mine.txt".into(), "mine".into());
        wanted.insert("records/later.txt".into(), "later".into());
        assert_eq!(seen(&site), wanted, "step {step}");
        assert_eq!(state(&site), ["lock", "manifest"], "step {step}");
        if output.status.success() {
            break;
        }
    }
    assert!(kills >= 6, "{kills}");
}

#[test]
fn a_build_finishes_what_a_killed_one_decided_and_says_so() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    let plan = place.path().join("plan");
    fs::write(&plan, "a.html\ta\nindex.html\t1\n").unwrap();
    // Opened, two staged, prepared, decided: killed there.
    child("is_killed_after_a_step")
        .env("SITE", &site)
        .env("PLAN", &plan)
        .env("STEP", "4")
        .output()
        .unwrap();
    assert!(site.join(".taizhang/commit").exists());
    let summary = build(&site, &files(&[("a.html", "a"), ("index.html", "1")])).unwrap();
    assert!(summary.recovered);
    assert_eq!((summary.written, summary.unchanged), (0, 2));
    assert!(!recover(&site).unwrap());
}
