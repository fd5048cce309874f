//! How long each stage takes, on repositories made by `generate`.
//!
//! ```text
//! cargo bench --bench pipeline                        1,000 and 10,000 records
//! cargo bench --bench pipeline -- 50000               so many
//! cargo bench --bench pipeline -- --write DIR 10000   only makes the repository
//! ```
//!
//! Each size is measured in a process of its own, so that peak memory is its
//! own; of several runs the fastest counts, since a shared machine only ever
//! adds. Everything stands on a tmpfs where there is one.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod generate;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use taizhang::check::check;
use taizhang::register::{LoadOptions, load};

const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--write", directory, count] => generate::generate(Path::new(directory), count.parse()?)?,
        ["--measure", directory, count] => measure(Path::new(directory), count.parse()?),
        _ => {
            let mut counts = Vec::new();
            for word in words {
                counts.push(word.parse()?);
            }
            if counts.is_empty() {
                counts = vec![1_000, 10_000];
            }
            println!("| records | stage | wall | CPU | CPU a record |");
            println!("|--:|---|--:|--:|--:|");
            for count in counts {
                measure_apart(count)?;
            }
        }
    }
    Ok(())
}

fn measure_apart(count: usize) -> Result<(), Box<dyn Error>> {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    let place = tempfile::Builder::new()
        .prefix("taizhang-bench-")
        .tempdir_in(base)?;
    generate::generate(&place.path().join("repository"), count)?;
    let ended = Command::new(std::env::current_exe()?)
        .arg("--measure")
        .arg(place.path())
        .arg(count.to_string())
        .status()?;
    if ended.success() {
        Ok(())
    } else {
        Err(format!("measuring ended with {ended}").into())
    }
}

/// One stage: the fastest of its runs.
struct Stage {
    name: &'static str,
    wall: Duration,
    cpu: Duration,
}

/// Times a stage and keeps the fastest run of each name.
struct Stages(Vec<Stage>);

impl Stages {
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let (cpu, wall) = (cpu_time(), Instant::now());
        let result = work();
        let (wall, cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));
        match self.0.iter_mut().find(|stage| stage.name == name) {
            Some(stage) => {
                stage.wall = stage.wall.min(wall);
                stage.cpu = stage.cpu.min(cpu);
            }
            None => self.0.push(Stage { name, wall, cpu }),
        }
        result
    }
}

fn measure(place: &Path, count: usize) {
    let repository = place.join("repository");
    let mut stages = Stages(Vec::new());
    let mut found = 0;
    for _ in 0..RUNS {
        let loaded = stages.time("load", || load(&repository, &LoadOptions::default()));
        let findings = stages.time("check", || check(&loaded.register));
        assert_eq!(loaded.register.records.len(), count, "every record loads");
        found = loaded.findings.len() + findings.len();
    }
    for Stage { name, wall, cpu } in &stages.0 {
        let each = cpu.as_secs_f64() * 1e6 / count as f64;
        println!(
            "| {count} | {name} | {:.0} ms | {:.0} ms | {each:.1} µs |",
            wall.as_secs_f64() * 1e3,
            cpu.as_secs_f64() * 1e3,
        );
    }
    println!(
        "| {count} | peak memory | {} MB | | |",
        peak_memory() / 1_000_000
    );
    eprintln!("{count} records, {found} findings");
}

/// What all threads have computed; zero where the system does not say.
fn cpu_time() -> Duration {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    let nanoseconds: u64 = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

/// In bytes; zero where the system does not say.
fn peak_memory() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kilobytes| kilobytes * 1024)
}
