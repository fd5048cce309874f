//! The search index: time, memory, files; and a site with it, for `search.mjs`
//! to ask in Chromium.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use rayon::iter::ParallelIterator;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::past::Past;
use taizhang::publish::{Output, publish};
use taizhang::register::{LoadOptions, load};
use taizhang::site::{NoForms, Site, SiteFiles, SiteInput};
use taizhang::source::Tree;
use taizhang::text::Language;

use crate::generate::{AS_OF, Wording, generate};
use crate::usage::{cpu_time, peak_memory};

/// What stands between the phrases of a text.
const STOPS: [char; 14] = [
    '，', '。', '；', '：', '、', '（', '）', '“', '”', '\n', '"', '=', '[', ']',
];

/// The phrases of the demonstration's records and the words of the project's
/// English texts, in an order that is the same everywhere.
fn phrases() -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut phrases = BTreeMap::new();
    let mut add = |phrase: &str| {
        let phrase = phrase.trim().trim_start_matches(['-', '#', '*', ' ']);
        if (4..40).contains(&phrase.chars().count()) {
            // scattered, so that the frequent ones are of every sort
            let key = phrase.bytes().fold(7_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
            phrases.insert(
                key,
                phrase.replace(['\\', '\'', '<', '>', '*', '|', '`'], ""),
            );
        }
    };
    for year in fs::read_dir(project.join("records"))? {
        for file in fs::read_dir(year?.path())? {
            let text = fs::read_to_string(file?.path())?;
            let chinese = |phrase: &&str| phrase.chars().any(|c| c > '\u{4e00}');
            text.split(STOPS).filter(chinese).for_each(&mut add);
        }
    }
    let english = fs::read_to_string(project.join("README.md"))?;
    let words: Vec<&str> = english
        .split_whitespace()
        .filter(|word| word.chars().all(|c| c.is_ascii_alphabetic()))
        .collect();
    words.chunks(3).for_each(|words| add(&words.join(" ")));
    Ok(phrases.into_values().collect())
}

/// Measures the index of `count` records and leaves the site at `place/site`.
pub fn measure(place: &Path, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let repository = place.join("repository");
    if !repository.exists() {
        generate(&repository, count, &Wording::Phrases(phrases()?))?;
    }
    let loaded = load(&repository, &LoadOptions::default());
    let register = &loaded.register;
    assert_eq!(register.records.len(), count, "every record loads");
    let outlook = Outlook::new(register, AS_OF.parse()?, Viewer::Internal);
    let files = SiteFiles::of_repository(&Tree::folder(&repository));
    let past = Past::default();
    let site = Site::new(SiteInput {
        outlook: &outlook,
        findings: &[],
        language: Language::Chinese,
        files: &files,
        forms: &NoForms,
        past: &past,
    })?;
    let before = peak_memory();
    let (cpu, start) = (cpu_time(), Instant::now());
    // Counted and dropped, as a build does with what it has written.
    let sizes: Vec<usize> = site
        .search_index()
        .map(|output| output.bytes.len())
        .collect();
    let (wall, cpu) = (start.elapsed(), cpu_time().saturating_sub(cpu));
    println!("| records | index, wall | CPU | memory on top of the register's | files | raw |");
    println!("|--:|--:|--:|--:|--:|--:|");
    println!(
        "| {count} | {:.2} s | {:.2} s | {} MB | {} | {:.1} MB |",
        wall.as_secs_f64(),
        cpu.as_secs_f64(),
        peak_memory().saturating_sub(before) / 1_000_000,
        sizes.len(),
        sizes.iter().sum::<usize>() as f64 / 1e6,
    );
    // Only what a search needs: the page and what it loads.
    let wanted = |output: &Output| {
        ["search", "assets/", "data/"]
            .iter()
            .any(|start| output.path.starts_with(start))
    };
    let outputs = site
        .outputs()
        .filter(|output| output.as_ref().is_ok_and(wanted));
    publish(&place.join("site"), outputs).map_err(|stopped| format!("{stopped:?}"))?;
    Ok(())
}
