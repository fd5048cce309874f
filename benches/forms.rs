//! One-page forms through the worker processes.

use std::path::Path;
use std::time::Instant;

use taizhang::print::typeset::{Document, Engine, Job, Pool, PoolSettings, TypesetError};
use taizhang::print::{Papers, forms_of};
use taizhang::register::{LoadOptions, load};
use taizhang::text::Language;

use crate::usage::cpu_time_of_children;

/// As many forms are set, each of a record of its own.
const FORMS: usize = 400;

/// Measures forms of the repository at `place/repository`.
pub fn measure(place: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let loaded = load(&place.join("repository"), &LoadOptions::default());
    let register = &loaded.register;
    let papers = Papers::new(register);
    let mut jobs: Vec<Job> = register
        .records
        .iter()
        .flat_map(|record| forms_of(register, record))
        .map(|form| {
            let view = form.view(register, Language::Chinese);
            papers.job(&view, jiff::civil::date(2026, 5, 7))
        })
        .collect();
    // Which of them take one page is known when they are set.
    let all = Pool::new(PoolSettings::default()).typeset(&jobs, &|_| {});
    let one_page = |result: &Result<Document, TypesetError>| {
        result.as_ref().is_ok_and(|document| document.pages == 1)
    };
    let mut results = all.iter();
    jobs.retain(|_| results.next().is_some_and(one_page));
    jobs.truncate(FORMS);
    if jobs.is_empty() {
        return Err(format!("no form takes one page: {:?}", all.first()).into());
    }
    let bytes: usize = all
        .iter()
        .flatten()
        .filter(|document| document.pages == 1)
        .map(|document| document.pdf.len())
        .sum();
    let count = all.iter().filter(|result| one_page(result)).count();
    println!("| workers | forms a second | CPU a form | the first form, CPU with the start |");
    println!("|--:|--:|--:|--:|");
    for workers in [1, 2] {
        let pool = Pool::new(PoolSettings {
            workers,
            ..PoolSettings::default()
        });
        // Starts the workers; each sets a form before it is measured.
        pool.typeset(&jobs[..1], &|_| {});
        let start = cpu_time_of_children();
        pool.typeset(&jobs[..workers.min(jobs.len())], &|_| {});
        let (cpu, wall) = (cpu_time_of_children(), Instant::now());
        let set = pool.typeset(&jobs, &|_| {});
        let (wall, cpu) = (wall.elapsed(), cpu_time_of_children() - cpu);
        assert!(set.iter().all(one_page), "what was set once is set again");
        println!(
            "| {workers} | {:.0} | {:.1} ms | {:.0} ms |",
            jobs.len() as f64 / wall.as_secs_f64(),
            cpu.as_secs_f64() * 1e3 / jobs.len() as f64,
            start.as_secs_f64() * 1e3,
        );
    }
    eprintln!(
        "{} forms of one page, {} KB on average",
        jobs.len(),
        bytes / count.max(1) / 1000
    );
    Ok(())
}
