//! Every form looks as it looked when somebody last judged it as paper.
//!
//! The pictures beside this file are of every form of every kind and of every
//! register paper: blank, and filled with the fullest paper that the
//! demonstration has of it; in English of one form of each style, and of every
//! letter, notice and minutes as a company has them that writes after
//! GB/T 9704. After a change that is meant, `UPDATE_REFERENCES=1 cargo test --test reference` draws them again; look at
//! them before they are kept. What a failing test saw is under
//! `target/reference/`: the reference, the paper now, the differences.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod picture;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::papers::{demonstration, typeset};
use picture::Picture;
use rayon::prelude::*;
use taizhang::definition::Kind;
use taizhang::definition::form::Form;
use taizhang::organisation::LetterPaper;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::view::Block;
use taizhang::print::{Filling, FormView, Papers, blank_register, forms_of, gathered, view};
use taizhang::register::Register;
use taizhang::text::Language;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

/// The fullest paper of one form of each style, in English.
fn one_of_each_style(register: &Register) -> BTreeMap<String, FormView> {
    let mut styles: BTreeMap<&str, (String, FormView)> = BTreeMap::new();
    for kind in &register.kinds {
        for form in &kind.forms {
            let name = format!("english-{}-{}", kind.id, form.id);
            if let Some(view) = fullest_of(register, kind, form, Language::English) {
                styles.entry(view.style).or_insert((name, view));
            }
        }
    }
    styles.into_values().collect()
}

/// The fullest paper of every form that is set after GB/T 9704.
fn official_papers(register: &Register) -> BTreeMap<String, FormView> {
    let forms =
        (register.kinds.iter()).flat_map(|kind| kind.forms.iter().map(move |form| (kind, form)));
    forms
        .filter_map(|(kind, form)| {
            let view = fullest_of(register, kind, form, Language::Chinese)?;
            let official = view.paper == register.settings.paper.letters.name();
            official.then(|| (format!("official-{}-{}", kind.id, form.id), view))
        })
        .collect()
}

fn fullest_of(
    register: &Register,
    kind: &Kind,
    form: &Form,
    language: Language,
) -> Option<FormView> {
    let records = register.records.iter();
    records
        .filter(|record| register.kind_of(record).id == kind.id)
        .flat_map(|record| forms_of(register, record))
        .filter(|paper| paper.form.id == form.id)
        .map(|paper| paper.view(register, language))
        .max_by(fuller)
}

/// Every paper to be looked at, by the name of its picture.
fn papers_to_look_at(register: &Register) -> BTreeMap<String, FormView> {
    let mut all = BTreeMap::new();
    let language = Language::Chinese;
    for kind in &register.kinds {
        for form in &kind.forms {
            let name = format!("{}-{}", kind.id, form.id);
            let blank = view(register, kind, form, Filling::Blank, language);
            all.insert(format!("{name}-blank"), blank);
            let fullest = fullest_of(register, kind, form, language);
            all.extend(fullest.map(|view| (name, view)));
        }
    }
    let as_of = "2026-05-07T09:00:00+08:00".parse().unwrap();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    for paper in &register.register_papers {
        let name = format!("register-{}", paper.id);
        let blank = blank_register(register, paper, language);
        all.insert(format!("{name}-blank"), blank);
        let fullest = gathered(&outlook, paper)
            .iter()
            .map(|paper| paper.view(&outlook, language))
            .max_by(fuller);
        all.extend(fullest.map(|view| (name, view)));
    }
    all
}

/// The one with more on it; of two alike the earlier name.
fn fuller(a: &FormView, b: &FormView) -> std::cmp::Ordering {
    let texts = |view: &FormView| {
        let rows = view.blocks.iter().map(|block| match block {
            Block::Table { rows, .. } => rows.len(),
            _ => 0,
        });
        view.sources.len() + rows.sum::<usize>()
    };
    (texts(a).cmp(&texts(b))).then_with(|| b.file_name.cmp(&a.file_name))
}

fn drawn(register: &Register, views: &[FormView]) -> Vec<Picture> {
    let papers = Papers::new(register);
    let documents = typeset(&papers, views);
    views
        .par_iter()
        .zip(documents)
        .map(|(view, document)| {
            let name = &view.file_name;
            let document = document.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            Picture::of_pdf(&document.pdf)
        })
        .collect()
}

#[test]
fn every_form_looks_as_it_did() {
    let register = demonstration();
    let mut official = demonstration();
    official.settings.paper.letters = LetterPaper::Official;
    let mut all = papers_to_look_at(&register);
    all.extend(one_of_each_style(&register));
    let of_letters = official_papers(&official);
    let mut names = Vec::new();
    let mut pictures = Vec::new();
    for (register, papers) in [(&register, all), (&official, of_letters)] {
        let (of, views): (Vec<String>, Vec<FormView>) = papers.into_iter().unzip();
        names.extend(of);
        pictures.extend(drawn(register, &views));
    }
    let update = std::env::var_os("UPDATE_REFERENCES").is_some();
    let seen = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/reference");
    let _ = std::fs::remove_dir_all(&seen);
    let mut changed = Vec::new();
    for (name, actual) in names.iter().zip(pictures) {
        let path = folder().join(format!("{name}.png"));
        let complaint = match Picture::read(&path) {
            None => Some("no reference".to_owned()),
            Some(reference)
                if (reference.width, reference.height) != (actual.width, actual.height) =>
            {
                Some("another number or size of pages".to_owned())
            }
            Some(reference) => {
                let found = reference.differences(&actual);
                found
                    .first()
                    .map(|(x, y)| format!("differs in {} places, first at {x}, {y}", found.len()))
            }
        };
        let Some(complaint) = complaint else { continue };
        if update {
            actual.write(&path);
            continue;
        }
        actual.write(&seen.join(format!("{name}-actual.png")));
        if let Some(reference) = Picture::read(&path) {
            let compared = reference.beside(&actual);
            compared.write(&seen.join(format!("{name}-compared.png")));
        }
        changed.push(format!("{name}: {complaint}"));
    }
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|it| it == "png") && !names.contains(&name) {
            if update {
                std::fs::remove_file(&path).unwrap();
            } else {
                changed.push(format!("{name}: no such paper"));
            }
        }
    }
    assert!(
        changed.is_empty(),
        "{} papers look different; pictures are in {}. If that is meant, look at them and run \
         UPDATE_REFERENCES=1 cargo test --test reference\n{}",
        changed.len(),
        seen.display(),
        changed.join("\n")
    );
}

/// A form with labelled cells and a table, as it is and changed.
fn changed(change: impl Fn(&mut FormView)) -> (Picture, Picture) {
    let register = demonstration();
    let mut views = papers_to_look_at(&register)
        .into_values()
        .filter(|view| view.blank && view.style == "form");
    let has_both = |view: &FormView| {
        let table =
            |block: &Block| matches!(block, Block::Table { columns, .. } if columns.len() > 1);
        let grid = |block: &Block| matches!(block, Block::Grid { .. });
        view.blocks.iter().any(table) && view.blocks.iter().any(grid)
    };
    let before = views.find(has_both).unwrap();
    let mut after = before.clone();
    change(&mut after);
    let mut pictures = drawn(&register, &[before, after]);
    let after = pictures.pop().unwrap();
    (pictures.pop().unwrap(), after)
}

#[test]
fn a_changed_label_is_seen() {
    let (before, after) = changed(|view| {
        let label = view.blocks.iter_mut().find_map(|block| match block {
            Block::Grid { rows, .. } => Some(&mut rows[0].cells[0].label),
            _ => None,
        });
        let label = label.unwrap();
        let last = label.pop().unwrap();
        label.push(if last == '间' { '问' } else { '间' });
    });
    let found = before.differences(&after);
    assert!(!found.is_empty());
    // and nothing else is
    assert!(found.len() < 12, "{found:?}");
}

#[test]
fn a_line_of_the_table_that_moved_by_a_millimetre_is_seen() {
    let (before, after) = changed(|view| {
        let columns = view.blocks.iter_mut().find_map(|block| match block {
            Block::Table { columns, .. } if columns.len() > 1 => Some(columns),
            _ => None,
        });
        let columns = columns.unwrap();
        columns[0].width += 1;
        columns[1].width -= 1;
    });
    assert!(!before.differences(&after).is_empty());
}

#[test]
fn text_that_moved_by_half_a_millimetre_is_seen_and_a_paler_print_is_not() {
    let (before, same) = changed(|_| {});
    assert!(before == same);
    let mut lower = before.clone();
    lower.dots.rotate_right(before.width);
    assert!(!before.differences(&lower).is_empty());
    let mut paler = before.clone();
    paler
        .dots
        .iter_mut()
        .for_each(|dot| *dot = dot.saturating_add(9));
    assert!(before.differences(&paler).is_empty());
}

#[test]
fn a_picture_is_read_as_it_was_written() {
    let (before, _) = changed(|_| {});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    before.write(&path);
    assert!(Picture::read(&path).unwrap() == before);
}
