//! Typesetting: Typst sources and JSON data in, PDF bytes or diagnostics out.
//! Nothing here knows what a record or a form is.
//!
//! ```text
//! Engine::typeset ── Pool ──frames──▶ worker process: serve ── compile ── World
//! (jobs in order)    limits           one document at a time    PDF       memory only
//! ```
//!
//! Typst runs in worker processes of this same binary, because a template can
//! loop for ever or take any amount of memory, and only a process can be taken
//! down without taking the caller with it.
//!
//! Invariants:
//! - The same job gives the same bytes, whatever the number of workers: fonts
//!   are built in or among the job's files, the date is the job's, no file,
//!   package, clock or environment is within a template's reach.
//! - A job that fails is one [`TypesetError`]; the others go on.
//! - Nothing is dropped silently: every Typst warning and every character
//!   without a glyph is an error.
//! - Errors are data; who calls words them.
//!
//! Without the cargo feature `pdf` all of this compiles and every job is
//! answered with [`TypesetError::NotBuilt`].

#[cfg(feature = "pdf")]
mod compile;
mod error;
#[cfg(feature = "pdf")]
mod fonts;
#[cfg(feature = "pdf")]
mod glyphs;
mod installed;
mod job;
mod memory;
mod pool;
mod process;
mod program;
mod protocol;
mod worker;
#[cfg(feature = "pdf")]
mod world;

pub use error::{Diagnostic, Hint, MissingGlyph, Place, Severity, TypesetError};
pub use installed::{FoundFonts, faces_of, installed_fonts};
pub use job::{Attachment, DATA_PATH, Document, Job, TemplateFiles};
pub use pool::{Pool, PoolSettings};
pub use program::TypstProgram;
pub use worker::serve;

/// What can turn jobs into PDF. [`Pool`] is the built-in one, [`TypstProgram`]
/// an installed one.
pub trait Engine {
    /// Typesets every job and calls `done` with its index as soon as it is
    /// ready, in no particular order and possibly from several threads. For
    /// many documents: nothing is kept.
    fn typeset_each(
        &self,
        jobs: &[Job],
        done: &(dyn Fn(usize, Result<Document, TypesetError>) + Sync),
    );

    /// What tells its documents from those of another engine or version.
    fn edition(&self) -> String {
        concat!("taizhang ", env!("CARGO_PKG_VERSION")).to_owned()
    }

    /// Typesets every job; the results stand in the order of the jobs.
    /// `progress` is called with the number of jobs finished so far.
    fn typeset(
        &self,
        jobs: &[Job],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Vec<Result<Document, TypesetError>> {
        let results: Vec<_> = jobs.iter().map(|_| std::sync::OnceLock::new()).collect();
        let finished = std::sync::atomic::AtomicUsize::new(0);
        self.typeset_each(jobs, &|index, result| {
            if let Some(place) = results.get(index) {
                // An engine answers a job once; a second answer is ignored.
                if place.set(result).is_ok() {
                    progress(finished.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1);
                }
            }
        });
        results
            .into_iter()
            .map(|result| result.into_inner().unwrap_or(Err(TypesetError::Unanswered)))
            .collect()
    }
}
