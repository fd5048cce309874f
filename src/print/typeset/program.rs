//! An installed `typst` behind the same interface as the built-in engine.
//!
//! A process a document, which is ten times slower; for companies that want
//! another version of Typst than the one inside. It sees a folder of its own
//! with the job's files and the built-in fonts, and no fonts of the machine.

use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Engine;
use super::error::{Diagnostic, Place, Severity, TypesetError};
use super::job::{DATA_PATH, Document, Job};
use super::memory::resident_bytes;
use super::pool::{PoolSettings, too_large};

/// How often a running process is looked at.
const WATCH: Duration = Duration::from_millis(5);

/// An installed Typst.
#[derive(Debug)]
pub struct TypstProgram {
    program: PathBuf,
    version: String,
    /// Limits and number of processes; what to start is not taken from them.
    settings: PoolSettings,
    fonts: OnceLock<Option<tempfile::TempDir>>,
}

impl TypstProgram {
    /// The Typst at this path, or of this name on the search path. Fails when
    /// there is none, or when it is no Typst. It keeps the limits of a pool with
    /// these settings.
    pub fn new(program: &Path, settings: PoolSettings) -> Result<Self, TypesetError> {
        let output = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| TypesetError::NotStarted {
                reason: format!("{}: {error}", program.display()),
            })?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || !version.starts_with("typst ") {
            let said: String = version.chars().take(80).collect();
            return Err(TypesetError::NotAWorker {
                reason: format!("{}: {said}", program.display()),
            });
        }
        Ok(TypstProgram {
            program: program.to_owned(),
            version,
            settings,
            fonts: OnceLock::new(),
        })
    }

    fn run(&self, job: &Job) -> Result<Document, TypesetError> {
        if let Some(error) = too_large(job, &self.settings) {
            return Err(error);
        }
        let not_started = |error: io::Error| TypesetError::NotStarted {
            reason: error.to_string(),
        };
        let folder = tempfile::tempdir().map_err(not_started)?;
        lay_out(job, folder.path()).map_err(not_started)?;
        let pdf = folder.path().join(".out.pdf");
        let mut said = tempfile::tempfile().map_err(not_started)?;
        let ended = self
            .ended(
                self.command(job, folder.path(), &pdf)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(said.try_clone().map_err(not_started)?),
            )
            .map_err(not_started)?;
        let status = match ended {
            Ended::By(status) => status,
            Ended::TimedOut => {
                let limit = self.settings.time_limit;
                return Err(TypesetError::TimedOut { limit });
            }
            Ended::OutOfMemory => {
                let limit = self.settings.memory_limit;
                return Err(TypesetError::OutOfMemory { limit });
            }
        };
        let mut messages = String::new();
        // what is no text is no message
        let _ = said
            .rewind()
            .and_then(|()| said.read_to_string(&mut messages));
        let mut found = diagnostics(&messages);
        for place in found.iter_mut().filter_map(|found| found.place.as_mut()) {
            place.start = offset(job, place);
            place.end = place.start;
        }
        // a warning means that content was lost
        if !found.is_empty() {
            return Err(TypesetError::Diagnostics(found));
        }
        match fs::read(&pdf) {
            Ok(bytes) if status.success() => Ok(Document {
                pages: pages(&bytes),
                pdf: bytes,
            }),
            _ => Err(TypesetError::Crashed {
                code: status.code(),
                stderr: messages,
            }),
        }
    }

    fn command(&self, job: &Job, root: &Path, pdf: &Path) -> Command {
        let mut command = Command::new(&self.program);
        let midnight = job.today.to_zoned(jiff::tz::TimeZone::UTC);
        let seconds = midnight.map_or(0, |midnight| midnight.timestamp().as_second());
        command
            .arg("compile")
            .arg("--root")
            .arg(root)
            .arg("--font-path")
            .arg(root)
            .args(["--ignore-system-fonts", "--jobs", "1"])
            .args(["--diagnostic-format", "short"])
            .args(["--features", "a11y-extras"])
            .args(["--creation-timestamp", &seconds.to_string()]);
        if let Some(fonts) = self.fonts() {
            command.arg("--font-path").arg(fonts);
        }
        if job.archive {
            command.args(["--pdf-standard", "a-3a,ua-1"]);
        }
        // packages are neither looked for nor fetched
        command
            .arg("--package-path")
            .arg(root)
            .arg("--package-cache-path")
            .arg(root)
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .arg(root.join(inner(&job.main)))
            .arg(pdf);
        command
    }

    /// The built-in fonts as files, unpacked once.
    fn fonts(&self) -> Option<&Path> {
        let unpacked = self.fonts.get_or_init(|| unpack_fonts().ok().flatten());
        unpacked.as_ref().map(tempfile::TempDir::path)
    }

    /// Runs to the end, or to a limit. Memory is measured, for the reason that
    /// a worker's is.
    fn ended(&self, command: &mut Command) -> io::Result<Ended> {
        let mut child = command.spawn()?;
        let began = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Ended::By(status));
            }
            let taken = resident_bytes(child.id());
            let reached = if began.elapsed() > self.settings.time_limit {
                Some(Ended::TimedOut)
            } else if taken.is_some_and(|bytes| bytes > self.settings.memory_limit) {
                Some(Ended::OutOfMemory)
            } else {
                None
            };
            if let Some(reached) = reached {
                child.kill()?;
                child.wait()?;
                return Ok(reached);
            }
            thread::sleep(WATCH);
        }
    }
}

/// How a process came to its end.
enum Ended {
    By(ExitStatus),
    TimedOut,
    OutOfMemory,
}

impl Engine for TypstProgram {
    fn edition(&self) -> String {
        self.version.clone()
    }

    fn typeset_each(
        &self,
        jobs: &[Job],
        done: &(dyn Fn(usize, Result<Document, TypesetError>) + Sync),
    ) {
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..self.settings.workers.max(1).min(jobs.len()) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(job) = jobs.get(index) else { break };
                        done(index, self.run(job));
                    }
                });
            }
        });
    }
}

/// A path of a job within its folder.
fn inner(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// Writes a job's files. A numbered folder has what it lacks from beside it.
fn lay_out(job: &Job, root: &Path) -> io::Result<()> {
    let own = job
        .attachments
        .iter()
        .map(|file| (&*file.path, &*file.bytes));
    let shared = job
        .files
        .files()
        .iter()
        .map(|(path, bytes)| (&**path, &**bytes));
    let data = std::iter::once((DATA_PATH, &*job.data));
    let mut folders: Vec<&str> = own
        .clone()
        .filter_map(|(path, _)| inner(path).split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.parse::<usize>().is_ok())
        .collect();
    folders.dedup();
    for folder in folders {
        for (path, bytes) in shared.clone() {
            write(root, &format!("{folder}{path}"), bytes)?;
        }
    }
    for (path, bytes) in shared.chain(own).chain(data) {
        write(root, inner(path), bytes)?;
    }
    Ok(())
}

fn write(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    // files of a job are named by templates: none leads out of the folder
    if path.split(['/', '\\']).any(|part| part == "..") {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

#[cfg(feature = "pdf")]
fn unpack_fonts() -> io::Result<Option<tempfile::TempDir>> {
    let folder = tempfile::tempdir()?;
    for (number, bytes) in super::fonts::unpacked()?.into_iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.ttf")), bytes)?;
    }
    Ok(Some(folder))
}

#[cfg(not(feature = "pdf"))]
fn unpack_fonts() -> io::Result<Option<tempfile::TempDir>> {
    Ok(None)
}

/// What Typst says in its short form: `form.typ:3:7: error: …`.
fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let kinds = [
        ("error: ", Severity::Error),
        ("warning: ", Severity::Warning),
    ];
    text.lines()
        .filter_map(|line| {
            let (at, word, severity) = kinds
                .iter()
                .filter_map(|(word, severity)| Some((line.find(word)?, word, *severity)))
                .min_by_key(|(at, ..)| *at)?;
            let before = line[..at].trim_end().trim_end_matches(':');
            let mut parts = before.rsplitn(3, ':');
            let mut number = || parts.next()?.parse::<usize>().ok();
            let (column, row) = (number(), number());
            let file = parts.next().unwrap_or_default().replace('\\', "/");
            Some(Diagnostic {
                severity,
                message: line[at + word.len()..].to_owned(),
                place: row.zip(column).map(|(line, column)| Place {
                    file: format!("/{}", file.trim_start_matches('/')),
                    line,
                    column,
                    start: 0,
                    end: 0,
                }),
                hints: Vec::new(),
                trace: Vec::new(),
            })
        })
        .collect()
}

/// The byte that a line and column stand for; 0 where the file is none of the
/// job's.
fn offset(job: &Job, place: &Place) -> usize {
    let own = job.attachments.iter().map(|file| (&file.path, &file.bytes));
    let shared = job.files.files().iter().map(|(path, bytes)| (path, bytes));
    let file = own.chain(shared).find(|(path, _)| **path == place.file);
    let Some(text) = file.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok()) else {
        return 0;
    };
    let before: usize = text
        .split_inclusive('\n')
        .take(place.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = text[before..].chars().take(place.column.saturating_sub(1));
    before + line.map(char::len_utf8).sum::<usize>()
}

fn pages(pdf: &[u8]) -> u32 {
    hayro_syntax::Pdf::new(pdf.to_vec()).map_or(0, |pdf| {
        u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_typst_says_is_read_with_its_place() {
        let found = diagnostics(
            "1/form.typ:3:7: error: unknown variable: x\nwarning: layout did not converge\n\n",
        );
        assert_eq!(found.len(), 2);
        let place = found[0].place.as_ref().unwrap();
        assert_eq!(
            (&*place.file, place.line, place.column),
            ("/1/form.typ", 3, 7)
        );
        assert_eq!(found[0].message, "unknown variable: x");
        assert_eq!(
            (found[1].severity, &found[1].place),
            (Severity::Warning, &None)
        );
    }

    #[test]
    fn no_file_leads_out_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path(), "../outside", b"").is_err());
        assert!(write(folder.path(), "1/form.typ", b"").is_ok());
    }
}
