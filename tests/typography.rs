//! Chinese typography on the paper itself: where lines begin and end, what
//! stands alone, what is set in. Measured with poppler; where that is not
//! installed, only that everything can be set.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::lines::{SetText, headings, paragraphs, running_text};
use common::papers::{demonstration, typeset};
use rayon::prelude::*;
use taizhang::organisation::LetterPaper;
use taizhang::outlook::{Outlook, Viewer};
use taizhang::print::{Filling, FormView, Papers, blank_register, forms_of, gathered, view};
use taizhang::register::Register;
use taizhang::text::Language;

/// So many papers of each form: those with most on them.
const FULLEST: usize = 6;

fn papers_of_forms(
    register: &Register,
    language: Language,
    wanted: impl Fn(&FormView) -> bool,
) -> Vec<FormView> {
    let mut all = Vec::new();
    for kind in &register.kinds {
        for form in &kind.forms {
            all.push(view(register, kind, form, Filling::Blank, language));
            let records = register.records.iter();
            let mut filled: Vec<FormView> = records
                .filter(|record| register.kind_of(record).id == kind.id)
                .flat_map(|record| forms_of(register, record))
                .filter(|paper| paper.form.id == form.id)
                .map(|paper| paper.view(register, language))
                .collect();
            filled.sort_by_key(|view| std::cmp::Reverse(view.sources.len()));
            all.extend(filled.into_iter().take(FULLEST));
        }
    }
    all.retain(wanted);
    all
}

fn gathered_papers(register: &Register, language: Language) -> Vec<FormView> {
    let as_of = "2026-05-07T09:00:00+08:00".parse().unwrap();
    let outlook = Outlook::new(register, as_of, Viewer::Internal);
    let mut all = Vec::new();
    for paper in &register.register_papers {
        all.push(blank_register(register, paper, language));
        let papers = gathered(&outlook, paper);
        all.extend(
            papers
                .iter()
                .take(FULLEST)
                .map(|paper| paper.view(&outlook, language)),
        );
    }
    all
}

/// The views with their set text; nothing where poppler is not installed.
fn set<'v>(register: &Register, views: &'v [FormView]) -> Vec<(&'v FormView, SetText)> {
    let papers = Papers::new(register);
    let documents = typeset(&papers, views);
    views
        .par_iter()
        .zip(documents)
        .filter_map(|(view, document)| {
            let name = &view.file_name;
            let document = document.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            Some((view, SetText::of_pdf(&document.pdf)?))
        })
        .collect()
}

/// Holds papers to the rules of lines and pages.
fn hold(register: &Register, views: &[FormView]) {
    let mut faults = Vec::new();
    for (view, set) in set(register, views) {
        let chinese = view.language.starts_with("zh");
        for paragraph in paragraphs(view) {
            let found = set.faults_of(&paragraph).into_iter();
            // an English paper weighs words, also of what is said in Chinese
            let found = found.filter(|fault| chinese || !fault.contains("one character"));
            faults.extend(found.map(|fault| format!("{}: {fault}", view.file_name)));
        }
        let headings = headings(view);
        let pages = set
            .last_lines
            .split_last()
            .map_or(&[][..], |(_, pages)| pages);
        for last in pages {
            if headings.contains(last) {
                faults.push(format!("{}: stranded: {last}", view.file_name));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn forms_registers_and_plain_letters_keep_the_rules_of_lines() {
    let register = demonstration();
    let mut views = papers_of_forms(&register, Language::Chinese, |_| true);
    views.extend(gathered_papers(&register, Language::Chinese));
    assert!(views.len() > 300, "{}", views.len());
    hold(&register, &views);
}

#[test]
fn official_letters_keep_the_rules_of_lines() {
    let mut register = demonstration();
    register.settings.paper.letters = LetterPaper::Official;
    let official = |view: &FormView| view.paper == "official";
    let views = papers_of_forms(&register, Language::Chinese, official);
    assert!(views.len() > 30, "{}", views.len());
    hold(&register, &views);
}

#[test]
fn english_papers_start_no_line_with_a_mark() {
    let register = demonstration();
    hold(
        &register,
        &papers_of_forms(&register, Language::English, |_| true),
    );
}

#[test]
fn running_text_of_letters_begins_two_characters_in() {
    let mut register = demonstration();
    for (letters, name, character) in [
        (LetterPaper::Plain, "plain", 11.5),
        (LetterPaper::Official, "official", 15.75),
    ] {
        register.settings.paper.letters = letters;
        let wanted = |view: &FormView| view.paper == name && !running_text(view).is_empty();
        let views = papers_of_forms(&register, Language::Chinese, |view| {
            !view.blank && wanted(view)
        });
        let sets = set(&register, &views);
        let mut measured = 0;
        for (view, set) in &sets {
            for paragraph in running_text(view) {
                if let Some(indent) = set.indent_of(&paragraph) {
                    // an opening mark hangs into the space before it
                    let first = paragraph.chars().next().unwrap();
                    let slack = if "《“（".contains(first) {
                        character
                    } else {
                        1.0
                    };
                    let off = (indent - 2.0 * character).abs();
                    assert!(off < slack, "{}: {indent}: {paragraph}", view.file_name);
                    measured += 1;
                }
            }
        }
        assert!(sets.is_empty() || measured > 5, "{name}: {measured}");
    }
}
