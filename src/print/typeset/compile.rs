//! One document: sources and data to PDF bytes, or all that is wrong with them.

use std::sync::Arc;

use typst::diag::{Severity as TypstSeverity, SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst::syntax::DiagSpan;
use typst::{World as _, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::error::{Diagnostic, Hint, MissingGlyph, Place, Severity};
use super::glyphs::missing_glyphs;
use super::protocol::Response;
use super::world::{Base, FileSet, World, project_file};

/// What the PDF says it was made by.
const CREATOR: &str = concat!("taizhang ", env!("CARGO_PKG_VERSION"));
/// So many diagnostics are reported: the rest follows from them.
const MOST: usize = 50;

/// A job as the worker has it.
pub(super) struct Request<'a, I> {
    pub files: Arc<FileSet>,
    pub own: I,
    pub main: &'a str,
    pub today: jiff::civil::Date,
    pub archive: bool,
}

/// Typesets one document: the answer and its body.
pub(super) fn compile<I>(base: Arc<Base>, request: Request<'_, I>) -> (Response, Vec<u8>)
where
    I: Iterator<Item = (String, Vec<u8>)>,
{
    match document(base, request) {
        Ok((pages, pdf)) => (Response::Done { pages }, pdf),
        Err(response) => (response, Vec::new()),
    }
}

fn document<I>(base: Arc<Base>, request: Request<'_, I>) -> Result<(u32, Vec<u8>), Response>
where
    I: Iterator<Item = (String, Vec<u8>)>,
{
    let main = project_file(request.main)
        .ok_or_else(|| plain_error(format!("not a path within the job: {:?}", request.main)))?;
    let (today, midnight) = dates(request.today)
        .ok_or_else(|| plain_error(format!("not a date for a document: {}", request.today)))?;
    let world = World::new(base, request.files, request.own, main, today);

    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let document = output.map_err(|mut errors| {
        errors.extend(warnings.iter().cloned());
        diagnostics(&world, &errors)
    })?;

    // Before the warnings: a missing glyph may be warned of as well, and then
    // the character says more.
    let missing: Vec<_> = missing_glyphs(&document)
        .into_iter()
        .map(|missing| MissingGlyph {
            character: missing.character,
            context: missing.context,
            page: missing.page,
            place: place(&world, missing.span.into()),
        })
        .collect();
    if !missing.is_empty() {
        return Err(Response::MissingGlyphs(missing));
    }
    // Content that did not fit is dropped with no more than a warning.
    if !warnings.is_empty() {
        return Err(diagnostics(&world, &warnings));
    }

    let standards: &[PdfStandard] = if request.archive {
        &[PdfStandard::A_3a, PdfStandard::Ua_1]
    } else {
        &[]
    };
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        timestamp: Some(Timestamp::new_utc(midnight)),
        standards: PdfStandards::new(standards)
            .map_err(|error| plain_error(error.message().to_string()))?,
        tagged: true,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| diagnostics(&world, &errors))?;
    Ok((document.pages().len() as u32, pdf))
}

fn dates(date: jiff::civil::Date) -> Option<(Datetime, Datetime)> {
    let (year, month, day) = (
        i32::from(date.year()),
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    );
    Some((
        Datetime::from_ymd(year, month, day)?,
        Datetime::from_ymd_hms(year, month, day, 0, 0, 0)?,
    ))
}

fn plain_error(message: String) -> Response {
    Response::Diagnostics(vec![Diagnostic {
        severity: Severity::Error,
        message,
        place: None,
        hints: Vec::new(),
        trace: Vec::new(),
    }])
}

fn diagnostics(world: &World, found: &[SourceDiagnostic]) -> Response {
    Response::Diagnostics(
        found
            .iter()
            .take(MOST)
            .map(|one| diagnostic(world, one))
            .collect(),
    )
}

fn diagnostic(world: &World, found: &SourceDiagnostic) -> Diagnostic {
    Diagnostic {
        severity: match found.severity {
            TypstSeverity::Error => Severity::Error,
            TypstSeverity::Warning => Severity::Warning,
        },
        message: found.message.to_string(),
        place: place(world, found.span),
        hints: found
            .hints
            .iter()
            .map(|hint| Hint {
                message: hint.v.to_string(),
                place: place(world, hint.span),
            })
            .collect(),
        trace: found
            .trace
            .iter()
            .map(|step| Hint {
                message: step.v.to_string(),
                place: place(world, step.span.into()),
            })
            .collect(),
    }
}

/// Line and column of a span, in Typst sources and in data alike.
fn place(world: &World, span: DiagSpan) -> Option<Place> {
    let id = span.id()?;
    let range = world.range(span)?;
    let lines = world.file(id).ok()?.lines().ok()?;
    let (line, column) = lines.byte_to_line_column(range.start)?;
    Some(Place {
        file: id.get().vpath().get_with_slash().to_owned(),
        line: line + 1,
        column: column + 1,
        start: range.start,
        end: range.end,
    })
}
