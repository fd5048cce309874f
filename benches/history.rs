//! What became of every record: a repository with a long past, made through
//! `git fast-import` in seconds, and how long it takes to find out, at first,
//! again, and after one more commit.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use taizhang::history::Git;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::register::{LoadOptions, load};

use crate::generate::{AS_OF, Wording, generate};
use crate::usage::{cpu_time, peak_memory};

/// Of the records that are there, a commit changes so many.
const CHANGED_AT_ONCE: usize = 3;
/// The first commit was made then, in seconds; each further one this much later.
const FIRST: u64 = 1_735_700_000;
const LATER: u64 = 7_000;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Makes the repository below `place` and measures.
pub fn measure(place: &Path, records: usize, commits: usize) -> Result<()> {
    let root = place.join("repository");
    generate(&root, records, &Wording::Sentences)?;
    let started = Instant::now();
    let versions = import(&root, records, commits)?;
    eprintln!(
        "{commits} commits, {records} records, {versions} versions made in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let register = load(&root, &LoadOptions::default()).register;
    assert_eq!(register.records.len(), records, "every record loads");
    let git = Git::open(&root).map_err(|error| format!("{error:?}"))?;
    let kept = root.join(".git/taizhang");
    println!("| records | commits | what | wall | CPU | memory |");
    println!("|--:|--:|---|--:|--:|--:|");
    let time = |what: &str, clear: bool| -> Result<Past> {
        let mut best: Option<(f64, f64)> = None;
        let mut past = Past::default();
        for _ in 0..3 {
            if clear && kept.exists() {
                fs::remove_dir_all(&kept)?;
            }
            let (cpu, wall) = (cpu_time(), Instant::now());
            past = Past::read(&register, &git).map_err(|error| format!("{error:?}"))?;
            let wall = wall.elapsed().as_secs_f64() * 1e3;
            let cpu = cpu_time().saturating_sub(cpu).as_secs_f64() * 1e3;
            if best.is_none_or(|(least, _)| wall < least) {
                best = Some((wall, cpu));
            }
        }
        let (wall, cpu) = best.unwrap_or_default();
        let memory = peak_memory() / 1_000_000;
        println!("| {records} | {commits} | {what} | {wall:.0} ms | {cpu:.0} ms | {memory} MB |");
        Ok(past)
    };
    time("cold", true)?;
    let past = time("warm", false)?;
    let outlook = Outlook::new(&register, AS_OF.parse()?, Viewer::Internal);
    let wall = Instant::now();
    let steps: usize = { outlook.records.iter() }
        .filter_map(|record| past.timeline(&outlook, *record))
        .map(|timeline| timeline.steps.len())
        .sum();
    let wall = wall.elapsed().as_secs_f64() * 1e3;
    assert_eq!(steps, versions, "every version is a step");
    println!("| {records} | {commits} | all timelines | {wall:.0} ms | | |");
    let mut size = 0;
    for file in fs::read_dir(&kept)? {
        size += file?.metadata()?.len();
    }
    eprintln!("{} KB are kept", size / 1000);
    // one more commit, of one record
    let changed = &register.records[0];
    let path = root.join(&register.sources.file(changed.file).path);
    let text = fs::read_to_string(&path)?;
    fs::write(&path, text.replacen("title = \"", "title = \"新", 1))?;
    run(&root, &["add", "--all"])?;
    run(
        &root,
        &[
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.com",
            "commit",
            "-qm",
            "x",
        ],
    )?;
    let register = load(&root, &LoadOptions::default()).register;
    let wall = Instant::now();
    let past = Past::read(&register, &git).map_err(|error| format!("{error:?}"))?;
    let wall = wall.elapsed().as_secs_f64() * 1e3;
    assert_eq!(past.log().commits.len(), commits + 1, "one more");
    println!("| {records} | {commits} | after one more commit | {wall:.0} ms | | |");
    Ok(())
}

/// Makes the past of the files at `root`: every record begins as a draft and
/// is changed now and then until it says what its file says. How many versions
/// of records there are.
fn import(root: &Path, records: usize, commits: usize) -> Result<usize> {
    run(root, &["init", "--quiet", "--initial-branch=main"])?;
    let mut child = Command::new("git")
        .current_dir(root)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take().ok_or("no pipe")?;
    let mut stream = BufWriter::with_capacity(1 << 20, stdin);
    let paths: Vec<String> = (0..records)
        .map(|index| {
            let (year, sequence) = (2025 + index % 2, index / 2 + 1);
            format!("records/{year}/XT-{year}-{sequence:04}.toml")
        })
        .collect();
    // which record a commit changes, decided first: the last change is the file
    let mut plan: Vec<Vec<usize>> = Vec::with_capacity(commits);
    let mut last: Vec<usize> = vec![0; records];
    let mut there = 0;
    for commit in 0..commits {
        let mut of_commit = Vec::new();
        for step in 0..CHANGED_AT_ONCE {
            let record = (commit * 7919 + step * 104_729) % there.max(1);
            if there > 0 && !of_commit.contains(&record) {
                of_commit.push(record);
                last[record] = commit;
            }
        }
        let until = records * (commit + 1) / commits;
        for (record, last) in last.iter_mut().enumerate().take(until).skip(there) {
            of_commit.push(record);
            *last = commit;
        }
        there = until;
        plan.push(of_commit);
    }
    let mut began = vec![false; records];
    let mut versions = 0;
    for (commit, of_commit) in plan.iter().enumerate() {
        let at = FIRST + LATER * commit as u64;
        write!(
            stream,
            "commit refs/heads/main\ncommitter 李晓岚 <hardware-{}@example.com> {at} +0800\ndata 6\n改动\n",
            1 + commit % 4
        )?;
        if commit == 0 {
            for path in [
                "taizhang.toml",
                "departments.toml",
                "people.toml",
                "parties.toml",
            ] {
                let path = match path {
                    "taizhang.toml" => path.to_owned(),
                    name => format!("records/organisation/{name}"),
                };
                write_file(&mut stream, &path, &fs::read_to_string(root.join(&path))?)?;
            }
        }
        for record in of_commit {
            let text = fs::read_to_string(root.join(&paths[*record]))?;
            let text = match (began[*record], last[*record] == commit) {
                (_, true) => text,
                (false, _) => earlier(&text, "draft", commit),
                (true, _) => earlier(&text, "submitted", commit),
            };
            began[*record] = true;
            versions += 1;
            write_file(&mut stream, &paths[*record], &text)?;
        }
    }
    stream.flush()?;
    drop(stream);
    if !child.wait()?.success() {
        return Err("git fast-import failed".into());
    }
    run(root, &["reset", "--quiet", "--mixed"])?;
    Ok(versions)
}

/// A version before the last one: another state, another goal, an action less.
fn earlier(text: &str, state: &str, commit: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        match line.split(" = ").next() {
            Some("state") => out.push_str(&format!("state = \"{state}\"")),
            Some("goal") => out.push_str(&format!("goal = \"用时不超过{commit}小时。\"")),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    let end = out.rfind("\n[[actions]]").unwrap_or(out.len());
    out.truncate(end);
    out
}

fn write_file(stream: &mut impl Write, path: &str, text: &str) -> std::io::Result<()> {
    write!(
        stream,
        "M 100644 inline {path}\ndata {}\n{text}\n",
        text.len()
    )
}

fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    let status = Command::new("git")
        .current_dir(root)
        .args(arguments)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("git {arguments:?}").into()),
    }
}
