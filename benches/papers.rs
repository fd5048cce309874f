//! Forms and minutes on paper: ours with one worker and with two, an installed
//! Typst with a process a document; how much memory many documents take; what
//! is set again when nothing, or one record, has changed. The same papers as
//! HTML, for `weasyprint-papers.py` and `chromium-papers.mjs` to print with other programs.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::typeset::{Engine, Job, Pool, PoolSettings, TypstProgram};
use taizhang::print::{FormView, Papers, forms_of};
use taizhang::register::{LoadOptions, Register, load};
use taizhang::text::Language;
use tempfile::TempDir;

use crate::generate::{self, Wording};
use crate::meetings;
use crate::usage::{cpu_time_of_children, cpu_time_of_ended_children, memory_of_children};

/// Forms, and minutes, that are set: each of a record of its own.
const EACH: usize = 500;
/// Papers that a slow program sets: its rate is the same for more.
const FEW: usize = 50;
/// Papers after which memory is looked at.
const LOOKS: [usize; 3] = [500, 2_500, 5_000];
/// What tells a child that it is a whole command.
const REPORT: &str = "TAIZHANG_BENCH_REPORT";

/// What is measured besides our own engine.
#[derive(Default)]
pub struct Others<'a> {
    /// An installed Typst, or what stands for one.
    pub typst: Option<&'a Path>,
    /// Where the same papers are laid out as HTML.
    pub html: Option<&'a Path>,
}

/// A repository of so many records that have forms and as many meetings.
pub fn repository(place: &TempDir, each: usize) -> Result<(), Box<dyn Error>> {
    let root = place.path().join("repository");
    generate::generate(&root, each, &Wording::Sentences)?;
    meetings::generate(&root, each, &Wording::Sentences)?;
    Ok(())
}

/// Measures the papers of the repository at `place/repository`.
pub fn measure(place: &Path, others: &Others<'_>) -> Result<(), Box<dyn Error>> {
    let root = place.join("repository");
    let register = load(&root, &LoadOptions::default()).register;
    let papers = Papers::new(&register);
    println!(
        "| papers | set by | a second | CPU each | wall each | pages each | KB each |\n|---|---|--:|--:|--:|--:|--:|"
    );
    for (name, style) in [("forms", "form"), ("minutes", "minutes")] {
        let views = chosen(&papers, &register, style);
        let jobs = jobs(&papers, &views);
        for workers in [1, 2] {
            ours(name, &jobs, workers)?;
        }
        if let Some(program) = others.typst {
            a_process_each(name, &jobs[..FEW.min(jobs.len())], program)?;
        }
        if let Some(html) = others.html {
            lay_out(&html.join(name), &papers, &register, &views)?;
        }
    }
    nothing_twice(&root, &place.join("out"))
}

/// Papers of this style, in the order of their records.
fn of_style(register: &Register, style: &str) -> Vec<FormView> {
    let as_of = generate::AS_OF.parse().unwrap_or_default();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    register
        .records
        .iter()
        .flat_map(|record| forms_of(register, record))
        .filter(|form| form.form.style.name() == style)
        .map(|form| form.view_for(&outlook, Language::Chinese))
        .collect()
}

/// So many of them; of forms those that take one page, which is known when they
/// are set. Papers of one form follow each other, as in `print`.
fn chosen(papers: &Papers, register: &Register, style: &str) -> Vec<FormView> {
    let mut chosen = Vec::new();
    for some in of_style(register, style).chunks(EACH / 2) {
        let set = match style {
            "form" => pool(2).typeset(&jobs(papers, some), &|_| {}),
            _ => Vec::new(),
        };
        let fits = |at: usize| {
            let result = set.get(at);
            result.is_none_or(|result| result.as_ref().is_ok_and(|document| document.pages == 1))
        };
        let fitting = some.iter().enumerate().filter(|(at, _)| fits(*at));
        chosen.extend(fitting.map(|(_, view)| view.clone()));
        if chosen.len() >= EACH {
            break;
        }
    }
    chosen.truncate(EACH);
    chosen.sort_by(|a, b| a.title.cmp(&b.title));
    chosen
}

fn jobs(papers: &Papers, views: &[FormView]) -> Vec<Job> {
    let today = jiff::civil::date(2026, 5, 7);
    views.iter().map(|view| papers.job(view, today)).collect()
}

fn pool(workers: usize) -> Pool {
    Pool::new(PoolSettings {
        workers,
        ..PoolSettings::default()
    })
}

fn ours(name: &str, jobs: &[Job], workers: usize) -> Result<(), Box<dyn Error>> {
    let pool = pool(workers);
    // Starts the workers: each sets a paper before it is measured.
    pool.typeset(&jobs[..workers.min(jobs.len())], &|_| {});
    let (cpu, wall) = (cpu_time_of_children(), Instant::now());
    let set = pool.typeset(jobs, &|_| {});
    let (wall, cpu) = (wall.elapsed(), cpu_time_of_children() - cpu);
    let by = format!(
        "ours, {workers} worker{}",
        if workers == 1 { "" } else { "s" }
    );
    tell(name, &by, &set, wall, cpu)
}

/// The same jobs by an installed Typst, started for each.
fn a_process_each(name: &str, jobs: &[Job], program: &Path) -> Result<(), Box<dyn Error>> {
    let settings = PoolSettings {
        workers: 1,
        ..PoolSettings::default()
    };
    let engine = TypstProgram::new(program, settings).map_err(|error| format!("{error:?}"))?;
    // Unpacks the fonts.
    engine.typeset(&jobs[..1], &|_| {});
    let (cpu, wall) = (cpu_time_of_ended_children(), Instant::now());
    let set = engine.typeset(jobs, &|_| {});
    let (wall, cpu) = (wall.elapsed(), cpu_time_of_ended_children() - cpu);
    tell(name, "a Typst process each", &set, wall, cpu)
}

fn tell(
    name: &str,
    by: &str,
    set: &[Result<taizhang::print::typeset::Document, taizhang::print::typeset::TypesetError>],
    wall: Duration,
    cpu: Duration,
) -> Result<(), Box<dyn Error>> {
    if let Some(error) = set.iter().find_map(|result| result.as_ref().err()) {
        return Err(format!("{name}, {by}: {error:?}").into());
    }
    let count = set.len() as f64;
    let pages: u32 = set.iter().flatten().map(|document| document.pages).sum();
    let bytes: usize = set
        .iter()
        .flatten()
        .map(|document| document.pdf.len())
        .sum();
    println!(
        "| {} {name} | {by} | {:.0} | {:.1} ms | {:.1} ms | {:.1} | {:.0} |",
        set.len(),
        count / wall.as_secs_f64(),
        cpu.as_secs_f64() * 1e3 / count,
        wall.as_secs_f64() * 1e3 / count,
        f64::from(pages) / count,
        bytes as f64 / 1e3 / count,
    );
    Ok(())
}

/// What a worker holds in memory after many papers, all different.
pub fn memory(place: &Path) -> Result<(), Box<dyn Error>> {
    let register = load(&place.join("repository"), &LoadOptions::default()).register;
    let papers = Papers::new(&register);
    let most = LOOKS[LOOKS.len() - 1];
    // Forms and minutes in turn, as they never come: the worst for memory.
    let forms = of_style(&register, "form").into_iter().step_by(3);
    let minutes = of_style(&register, "minutes");
    let views = forms
        .zip(minutes)
        .flat_map(|(form, minutes)| [form, minutes]);
    let views: Vec<FormView> = views.take(most).collect();
    let (count, looks) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let pool = pool(1);
    for views in views.chunks(EACH) {
        pool.typeset_each(&jobs(&papers, views), &|_, result| {
            let set = count.fetch_add(1, Ordering::Relaxed) + 1;
            if result.is_ok() && LOOKS.contains(&set) {
                let bytes = memory_of_children();
                if let Ok(mut looks) = looks.lock() {
                    looks.push((set, bytes));
                }
            }
        });
    }
    println!("| different papers set by one worker | its memory |\n|--:|--:|");
    for (set, bytes) in looks.into_inner().unwrap_or_default() {
        println!("| {set} | {} MB |", bytes / 1_000_000);
    }
    Ok(())
}

/// Prints all papers; again, when nothing has changed; and again, when one
/// record has.
fn nothing_twice(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    println!("| `print --all` | says | wall |\n|---|---|--:|");
    for what in ["fresh", "unchanged", "one record changed"] {
        if what == "one record changed" {
            let path = root.join("records/2026/HY-2026-0001.toml");
            let text = fs::read_to_string(&path)?;
            fs::write(&path, text.replace("号楼", "号院"))?;
        }
        let start = Instant::now();
        let ended = Command::new(std::env::current_exe()?)
            .args(["print", "--all", "--out"])
            .arg(out)
            .current_dir(root)
            .env(REPORT, "/dev/null")
            .output()?;
        let wall = start.elapsed();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        let said = said.lines().last().unwrap_or_default();
        println!("| {what} | {said} | {:.1} s |", wall.as_secs_f64());
    }
    Ok(())
}

/// The papers as pages that another program prints.
fn lay_out(
    folder: &Path,
    papers: &Papers,
    register: &Register,
    views: &[FormView],
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let told = |error: taizhang::print::PaperError| error.message;
    let sheet = papers
        .style_sheet(register.words(Language::Chinese), Language::Chinese)
        .map_err(told)?;
    fs::write(folder.join("print.css"), sheet)?;
    for (number, view) in (1..).zip(views) {
        let page = papers.html(view, "print.css").map_err(told)?;
        fs::write(folder.join(format!("{number}.html")), page)?;
    }
    Ok(())
}
