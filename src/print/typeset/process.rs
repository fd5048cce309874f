//! One worker process: starting it, talking with it, and stopping it when a
//! document takes too long or too much.
//!
//! The thread that talks blocks on the pipes. Limits are kept by the pool's
//! watch, another thread, that looks every few milliseconds at what is running
//! ([`Watched::inspect`]) and kills the process; then the pipes break and the
//! talking thread learns the reason from [`Watched`].

use std::io::{self, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::error::TypesetError;
use super::job::{Document, Job};
use super::memory::resident_bytes;
use super::pool::PoolSettings;
use super::protocol::{Part, Request, Response, read_frame, write_frame};

/// As much of a worker's standard error is kept.
const STDERR_KEPT: usize = 4096;
/// How long a worker may take to come up; no document's doing.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A worker process, from outside.
pub(super) struct Worker {
    watched: Arc<Watched>,
    requests: ChildStdin,
    responses: BufReader<ChildStdout>,
    stderr: Arc<Mutex<Vec<u8>>>,
    stderr_reader: Option<thread::JoinHandle<()>>,
}

/// What the watch knows of a worker.
#[derive(Default)]
pub(super) struct Watched(Mutex<State>);

#[derive(Default)]
struct State {
    child: Option<Child>,
    deadline: Option<Instant>,
    killed: Option<Killed>,
}

#[derive(Debug, Clone, Copy)]
enum Killed {
    TimedOut,
    OutOfMemory,
}

impl Watched {
    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned state is whole: no step between two fields can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, limit: Duration) {
        self.state().deadline = Instant::now().checked_add(limit);
    }

    fn end(&self) {
        self.state().deadline = None;
    }

    /// Kills the process if what it runs goes past a limit. Memory in bytes.
    pub fn inspect(&self, memory_limit: u64) {
        let mut state = self.state();
        let (Some(deadline), None) = (state.deadline, state.killed) else {
            return;
        };
        let Some(child) = state.child.as_mut() else {
            return;
        };
        let reason = if Instant::now() >= deadline {
            Killed::TimedOut
        } else if resident_bytes(child.id()).is_some_and(|bytes| bytes > memory_limit) {
            Killed::OutOfMemory
        } else {
            return;
        };
        // It may have ended by itself just now: then there is nothing to kill.
        if child.kill().is_ok() {
            state.killed = Some(reason);
        }
    }
}

impl Worker {
    /// Starts a process and waits until it is ready.
    pub fn start(settings: &PoolSettings, watched: Arc<Watched>) -> Result<Self, TypesetError> {
        let not_started = |error: io::Error| TypesetError::NotStarted {
            reason: error.to_string(),
        };
        let mut child = Command::new(&settings.program)
            .args(&settings.arguments)
            // The pool is the parallelism; a pool of threads in every worker
            // would only be in its way.
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(not_started)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(requests), Some(responses), Some(errors)) = pipes else {
            return Err(TypesetError::NotStarted {
                reason: "no pipes".to_owned(),
            });
        };
        *watched.state() = State {
            child: Some(child),
            ..State::default()
        };

        let stderr = Arc::new(Mutex::new(Vec::new()));
        let kept = stderr.clone();
        let stderr_reader = Some(thread::spawn(move || keep_tail(errors, &kept)));
        let responses = BufReader::new(responses);
        let mut worker = Self {
            watched,
            requests,
            responses,
            stderr,
            stderr_reader,
        };

        worker.watched.begin(START_LIMIT);
        let (response, _) = worker.receive(settings).map_err(|error| match error {
            TypesetError::TimedOut { .. } => TypesetError::TimedOut { limit: START_LIMIT },
            error => error,
        })?;
        worker.watched.end();
        match response {
            Response::Ready { version } if version == env!("CARGO_PKG_VERSION") => Ok(worker),
            Response::Ready { version } => Err(TypesetError::NotAWorker {
                reason: format!("version {version}, not {}", env!("CARGO_PKG_VERSION")),
            }),
            other => Err(not_an_answer(&other)),
        }
    }

    /// Typesets one job. After an error the worker is good for another job
    /// only if [`keeps_worker`] says so.
    pub fn typeset(
        &mut self,
        job: &Job,
        settings: &PoolSettings,
    ) -> Result<Document, TypesetError> {
        self.watched.begin(settings.time_limit);
        let result = self.converse(job, settings);
        self.watched.end();
        result
    }

    fn converse(&mut self, job: &Job, settings: &PoolSettings) -> Result<Document, TypesetError> {
        self.send_job(job, settings)?;
        let (mut response, mut body) = self.receive(settings)?;
        if response == Response::UnknownFiles {
            self.send_files(job, settings)?;
            self.send_job(job, settings)?;
            (response, body) = self.receive(settings)?;
        }
        match response {
            Response::Done { pages } => Ok(Document { pdf: body, pages }),
            Response::Diagnostics(found) => Err(TypesetError::Diagnostics(found)),
            Response::MissingGlyphs(found) => Err(TypesetError::MissingGlyphs(found)),
            other => Err(not_an_answer(&other)),
        }
    }

    fn send_job(&mut self, job: &Job, settings: &PoolSettings) -> Result<(), TypesetError> {
        let header = Request::Job {
            files: job.files.hash().to_owned(),
            main: job.main.clone(),
            today: job.today,
            archive: job.archive,
            data: job.data.len() as u64,
            attachments: job
                .attachments
                .iter()
                .map(|file| Part {
                    path: file.path.clone(),
                    length: file.bytes.len() as u64,
                })
                .collect(),
        };
        let mut body = vec![job.data.as_slice()];
        body.extend(job.attachments.iter().map(|file| file.bytes.as_slice()));
        self.send(&header, &body, settings)
    }

    fn send_files(&mut self, job: &Job, settings: &PoolSettings) -> Result<(), TypesetError> {
        let files = job.files.files();
        let header = Request::Files {
            hash: job.files.hash().to_owned(),
            files: files
                .iter()
                .map(|(path, bytes)| Part {
                    path: path.clone(),
                    length: bytes.len() as u64,
                })
                .collect(),
        };
        let body: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        self.send(&header, &body, settings)
    }

    fn send(
        &mut self,
        header: &Request,
        body: &[&[u8]],
        settings: &PoolSettings,
    ) -> Result<(), TypesetError> {
        // Gathered first: a write a part would be a system call a part.
        let mut frame = Vec::new();
        write_frame(&mut frame, header, body).map_err(|error| TypesetError::NotAWorker {
            reason: error.to_string(),
        })?;
        io::Write::write_all(&mut self.requests, &frame).map_err(|_| self.obituary(settings))
    }

    fn receive(&mut self, settings: &PoolSettings) -> Result<(Response, Vec<u8>), TypesetError> {
        match read_frame(&mut self.responses) {
            Ok(Some(frame)) => Ok(frame),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(TypesetError::NotAWorker {
                    reason: error.to_string(),
                })
            }
            Ok(None) | Err(_) => Err(self.obituary(settings)),
        }
    }

    /// Why the process is gone. Waits for its end.
    fn obituary(&mut self, settings: &PoolSettings) -> TypesetError {
        let child = self.watched.state().child.take();
        let code = child.and_then(|mut child| {
            // A process that closed its streams and stays is no use either.
            let _ = child.kill();
            child.wait().ok()?.code()
        });
        match self.watched.state().killed {
            Some(Killed::TimedOut) => TypesetError::TimedOut {
                limit: settings.time_limit,
            },
            Some(Killed::OutOfMemory) => TypesetError::OutOfMemory {
                limit: settings.memory_limit,
            },
            None => {
                if let Some(reader) = self.stderr_reader.take() {
                    let _ = reader.join();
                }
                let kept = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
                TypesetError::Crashed {
                    code,
                    stderr: String::from_utf8_lossy(&kept).into_owned(),
                }
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It holds nothing that is worth a farewell.
        if let Some(mut child) = self.watched.state().child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Whether the worker that gave this error waits for the next job.
pub(super) fn keeps_worker(error: &TypesetError) -> bool {
    matches!(
        error,
        TypesetError::Diagnostics(_) | TypesetError::MissingGlyphs(_)
    )
}

fn not_an_answer(response: &Response) -> TypesetError {
    TypesetError::NotAWorker {
        reason: format!("{response:?}"),
    }
}

/// Reads to the end, so that the process never waits for us, and keeps the
/// last of it.
fn keep_tail(mut from: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..length]);
        let surplus = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn only_the_last_of_standard_error_is_kept() {
        let kept = Mutex::new(Vec::new());
        let long = format!("{}end", "x".repeat(STDERR_KEPT * 2));
        keep_tail(long.as_bytes(), &kept);
        let kept = kept.into_inner().unwrap();
        assert_eq!(kept.len(), STDERR_KEPT);
        assert!(kept.ends_with(b"xend"));
    }
}
