//! The stages of the pipeline one by one, inside one process.

use std::path::Path;
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use taizhang::check::check;
use taizhang::finding::FileId;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::publish::{Output, publish};
use taizhang::register::{LoadOptions, load};
use taizhang::site::{NoForms, Site, SiteError, SiteFiles, SiteInput};
use taizhang::source::{SourceFile, Tree, parse};
use taizhang::text::Language;

use crate::usage::cpu_time;

/// One stage: the fastest of its runs.
struct Stage {
    name: &'static str,
    wall: Duration,
    cpu: Duration,
}

/// Times stages; of several runs the fastest counts, since a shared machine
/// only ever adds.
#[derive(Default)]
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

/// Measures the repository at `place/repository` and prints a row a stage.
pub fn measure(place: &Path, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let repository = place.join("repository");
    let mut stages = Stages::default();
    let (mut found, mut pages, mut bytes) = (0, 0, 0);
    for run in 0..crate::runs(count) {
        let loaded = stages.time("load", || load(&repository, &LoadOptions::default()));
        let register = &loaded.register;
        assert_eq!(register.records.len(), count, "every record loads");
        let findings = stages.time("check", || check(register));
        found = loaded.findings.len() + findings.len();
        // What nobody who parses TOML gets below, on this machine at this moment.
        let sources: Vec<&SourceFile> = register
            .records
            .iter()
            .map(|record| register.sources.file(record.file))
            .collect();
        let keys: usize = stages.time("floor of load: TOML alone", || {
            sources
                .par_iter()
                .map(|source| parse(FileId(0), source).table.get_ref().len())
                .sum()
        });
        assert!(keys > count, "records hold something");
        let as_of = crate::generate::AS_OF.parse()?;
        let outlook = stages.time("outlook", || {
            Outlook::new(register, as_of, Viewer::Internal)
        });
        let files = SiteFiles::of_repository(&Tree::folder(&repository));
        let past = Past::default();
        let site = stages.time("site: what pages share", || {
            Site::new(SiteInput {
                outlook: &outlook,
                findings: &findings,
                language: Language::Chinese,
                files: &files,
                forms: &NoForms,
                past: &past,
            })
        })?;
        pages = site.len();
        // Counted and dropped: what is measured is not the size of memory.
        let rendered: Result<Vec<usize>, SiteError> = stages.time("site: render", || {
            site.outputs()
                .map(|output| output.map(|output: Output| output.bytes.len()))
                .collect()
        });
        bytes = rendered?.iter().sum();
        let out = place.join(format!("site-{run}"));
        stages
            .time("render and publish, fresh", || {
                publish(&out, site.outputs())
            })
            .map_err(|stopped| format!("{stopped:?}"))?;
        let again = stages
            .time("render and publish, unchanged", || {
                publish(&out, site.outputs())
            })
            .map_err(|stopped| format!("{stopped:?}"))?;
        assert_eq!(again.written, 0, "the same site is not written again");
        std::fs::remove_dir_all(&out)?;
    }
    for Stage { name, wall, cpu } in &stages.0 {
        let each = cpu.as_secs_f64() * 1e6 / count as f64;
        println!(
            "| {count} | {name} | {:.0} ms | {:.0} ms | {each:.1} µs | |",
            wall.as_secs_f64() * 1e3,
            cpu.as_secs_f64() * 1e3,
        );
    }
    eprintln!(
        "{count} records, {found} findings, {pages} files of {} KB on average",
        bytes / pages.max(1) / 1000
    );
    Ok(())
}
