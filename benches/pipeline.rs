//! How long each stage and each whole command takes, on repositories made by
//! `generate`.
//!
//! ```text
//! cargo run --release -p taizhang-bench                        1,000 and 10,000 records, and papers
//! cargo run --release -p taizhang-bench -- 50000               so many records
//! cargo run --release -p taizhang-bench -- papers [typst PATH] [html DIR]   only papers; by that Typst, too; as HTML, too
//! cargo run --release -p taizhang-bench -- memory              memory over 5,000 papers
//! cargo run --release -p taizhang-bench -- --write DIR 10000   only makes the repository
//! cargo run --release -p taizhang-bench -- search DIR 10000    the search index, and a site with it in DIR for search.mjs
//! cargo run --release -p taizhang-bench -- history DIR 10000 5000   what became of so many records in so many commits
//! ```
//!
//! Each size is measured in processes of its own, so that peak memory is its
//! own. Everything stands on a tmpfs where there is one.

mod change;
mod extent;
mod generate;
mod history;
mod meetings;
mod papers;
mod search;
mod stages;
mod usage;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use generate::Wording;
use tempfile::TempDir;

/// The same as the product's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where a process that is a whole command leaves what it used.
const REPORT: &str = "TAIZHANG_BENCH_REPORT";
/// Records with forms, and meetings with minutes.
const PAPERS_EACH: usize = 500;
/// The same for a look at memory.
const MANY_PAPERS_EACH: usize = 2_500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // This binary is also the one that is measured.
    if let ["typeset-worker", ..] = words[..] {
        return taizhang::cli::run();
    }
    if let Some(report) = std::env::var_os(REPORT) {
        let code = taizhang::cli::run();
        let used = format!("{} {}", usage::cpu_time().as_nanos(), usage::peak_memory());
        if let Err(error) = fs::write(report, used) {
            eprintln!("{error}");
        }
        return code;
    }
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["--write", directory, count] => {
            generate::generate(Path::new(directory), count.parse()?, &Wording::Sentences)?;
        }
        ["--stages", place, count] => stages::measure(Path::new(place), count.parse()?)?,
        ["history", place, records, commits] => {
            history::measure(Path::new(place), records.parse()?, commits.parse()?)?;
        }
        ["search", place, count] => search::measure(Path::new(place), count.parse()?)?,
        ["--papers", place, others @ ..] => papers::measure(Path::new(place), &asked(others)?)?,
        ["--memory", place] => papers::memory(Path::new(place))?,
        ["papers", others @ ..] => {
            asked(others)?;
            let place = empty()?;
            papers::repository(&place, PAPERS_EACH)?;
            let mut words = vec!["--papers".as_ref(), place.path()];
            words.extend(others.iter().map(Path::new));
            apart(&words)?;
        }
        ["memory"] => {
            let place = empty()?;
            papers::repository(&place, MANY_PAPERS_EACH)?;
            apart(&["--memory".as_ref(), place.path()])?;
        }
        words => {
            let counts = match words {
                [] => vec![1_000, 10_000],
                words => words
                    .iter()
                    .map(|word| word.parse())
                    .collect::<Result<Vec<usize>, _>>()?,
            };
            if !counts.is_empty() {
                println!("| records | what | wall | CPU | CPU a record | memory |");
                println!("|--:|---|--:|--:|--:|--:|");
            }
            for count in counts {
                measure(count)?;
            }
            if words.is_empty() {
                run(&["papers"])?;
            }
        }
    }
    Ok(())
}

/// What is to be measured beside our own engine, from the command line.
fn asked<'a>(words: &'a [&'a str]) -> Result<papers::Others<'a>, Box<dyn Error>> {
    let mut others = papers::Others::default();
    for pair in words.chunks(2) {
        match pair {
            ["typst", program] => others.typst = Some(Path::new(program)),
            ["html", folder] => others.html = Some(Path::new(folder)),
            pair => return Err(format!("not `typst PATH` or `html DIR`: {pair:?}").into()),
        }
    }
    Ok(others)
}

/// A folder in memory with a repository of so many records.
fn repository(count: usize) -> Result<TempDir, Box<dyn Error>> {
    let place = empty()?;
    generate::generate(&place.path().join("repository"), count, &Wording::Sentences)?;
    Ok(place)
}

/// An empty folder in memory.
fn empty() -> Result<TempDir, Box<dyn Error>> {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    let place = tempfile::Builder::new()
        .prefix("taizhang-bench-")
        .tempdir_in(base)?;
    Ok(place)
}

/// Runs this binary again, for a process of its own.
fn apart(arguments: &[&Path]) -> Result<(), Box<dyn Error>> {
    let ended = Command::new(std::env::current_exe()?)
        .args(arguments)
        .status()?;
    if ended.success() {
        Ok(())
    } else {
        Err(format!("measuring ended with {ended}").into())
    }
}

/// The fastest of so many runs counts, since a shared machine only ever adds.
fn runs(count: usize) -> usize {
    if count > 20_000 { 2 } else { 5 }
}

fn measure(count: usize) -> Result<(), Box<dyn Error>> {
    let place = repository(count)?;
    let words = count.to_string();
    apart(&["--stages".as_ref(), place.path(), words.as_ref()])?;
    let out = place.path().join("site");
    let out_word = out.to_string_lossy();
    whole(place.path(), count, "`check`", &["check"], None)?;
    change::commit_and_change(&place.path().join("repository"))?;
    for (name, arguments) in [
        (
            "`check --base`, one record changed",
            ["check", "--base", "HEAD"],
        ),
        (
            "`review --base`, one record changed",
            ["review", "--base", "HEAD"],
        ),
    ] {
        whole(place.path(), count, name, &arguments, None)?;
    }
    let build = ["build", "--forms", "none", "--out", &out_word];
    whole(
        place.path(),
        count,
        "`build --forms none`, fresh",
        &build,
        Some(&out),
    )?;
    whole(
        place.path(),
        count,
        "`build --forms none`, unchanged",
        &build,
        None,
    )?;
    extent::tell(&out)?;
    Ok(())
}

/// Measures a whole command, from the start of its process to its end; the
/// fastest of several. `fresh` is removed before each.
fn whole(
    place: &Path,
    count: usize,
    name: &str,
    arguments: &[&str],
    fresh: Option<&Path>,
) -> Result<(), Box<dyn Error>> {
    let report = place.join("report");
    let (mut best_wall, mut best_cpu, mut least_memory) = (Duration::MAX, u64::MAX, u64::MAX);
    for _ in 0..runs(count) {
        if let Some(fresh) = fresh
            && fresh.exists()
        {
            fs::remove_dir_all(fresh)?;
        }
        let start = Instant::now();
        let ended = Command::new(std::env::current_exe()?)
            .args(arguments)
            .current_dir(place.join("repository"))
            .env(REPORT, &report)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        let wall = start.elapsed();
        if !ended.success() {
            return Err(format!("{name} ended with {ended}").into());
        }
        let used = fs::read_to_string(&report)?;
        let (cpu, memory) = used.split_once(' ').ok_or("no report")?;
        best_wall = best_wall.min(wall);
        best_cpu = best_cpu.min(cpu.parse()?);
        least_memory = least_memory.min(memory.parse()?);
    }
    println!(
        "| {count} | {name} | {:.0} ms | {:.0} ms | {:.1} µs | {} MB |",
        best_wall.as_secs_f64() * 1e3,
        best_cpu as f64 / 1e6,
        best_cpu as f64 / 1e3 / count as f64,
        least_memory / 1_000_000,
    );
    Ok(())
}
