//! Many documents over several worker processes.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Engine;
use super::error::TypesetError;
use super::job::{Document, Job};
use super::process::{Watched, Worker, keeps_worker};

/// How often the watch looks at running workers.
const WATCH: Duration = Duration::from_millis(10);

/// How a pool runs its workers.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// The binary to start: this one, unless said otherwise.
    pub program: PathBuf,
    /// What makes it a worker: `typeset-worker`.
    pub arguments: Vec<OsString>,
    /// Processes at most; at least one.
    pub workers: usize,
    /// Longest a document may take.
    pub time_limit: Duration,
    /// Most resident memory a worker may hold, in bytes. An idle one holds 60
    /// MB.
    pub memory_limit: u64,
    /// Most bytes of sources, data and attachments of a job. Unbroken text of
    /// 10 MB takes half a minute and 4 GB.
    pub input_limit: usize,
    /// Most bytes of fonts among the files, which every worker keeps. One with
    /// all characters of Chinese has 20 MB.
    pub font_limit: usize,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            // Where the system cannot say, starting fails and says so.
            program: std::env::current_exe().unwrap_or_default(),
            arguments: vec!["typeset-worker".into()],
            workers: thread::available_parallelism().map_or(1, usize::from),
            time_limit: Duration::from_secs(20),
            memory_limit: 1 << 30,
            input_limit: 8 << 20,
            font_limit: 256 << 20,
        }
    }
}

/// Worker processes, started when the first jobs come and kept until the pool
/// is dropped.
pub struct Pool {
    settings: PoolSettings,
    seats: Vec<Seat>,
}

/// Where a worker sits while there is one.
#[derive(Default)]
struct Seat {
    worker: Mutex<Option<Worker>>,
    watched: Arc<Watched>,
}

impl Pool {
    /// A pool; starts nothing yet.
    pub fn new(settings: PoolSettings) -> Self {
        let seats = (0..settings.workers.max(1))
            .map(|_| Seat::default())
            .collect();
        Self { settings, seats }
    }

    fn run_job(&self, seat: &Seat, job: &Job) -> Result<Document, TypesetError> {
        if let Some(error) = too_large(job, &self.settings) {
            return Err(error);
        }
        let mut place = seat.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = place.take();
        let reused = kept.is_some();
        let (mut worker, mut result) = self.attempt(seat, kept, job)?;
        if reused && matches!(result, Err(TypesetError::Crashed { .. })) {
            // What it went through before, or while it waited, is not this
            // job's doing.
            drop(worker);
            (worker, result) = self.attempt(seat, None, job)?;
        }
        if result.as_ref().err().is_none_or(keeps_worker) {
            *place = Some(worker);
        }
        result
    }

    fn attempt(
        &self,
        seat: &Seat,
        kept: Option<Worker>,
        job: &Job,
    ) -> Result<(Worker, Result<Document, TypesetError>), TypesetError> {
        let mut worker = match kept {
            Some(worker) => worker,
            None => Worker::start(&self.settings, seat.watched.clone())?,
        };
        let result = worker.typeset(job, &self.settings);
        Ok((worker, result))
    }
}

/// Why a job is not begun: its input is larger than the settings allow.
pub(super) fn too_large(job: &Job, settings: &PoolSettings) -> Option<TypesetError> {
    let sizes = [
        (job.input_size(), settings.input_limit),
        (job.files.font_size(), settings.font_limit),
    ];
    let over = sizes.into_iter().find(|(size, limit)| size > limit);
    over.map(|(size, limit)| TypesetError::TooLarge { size, limit })
}

impl Engine for Pool {
    fn typeset_each(
        &self,
        jobs: &[Job],
        done: &(dyn Fn(usize, Result<Document, TypesetError>) + Sync),
    ) {
        if cfg!(not(feature = "pdf")) {
            for index in 0..jobs.len() {
                done(index, Err(TypesetError::NotBuilt));
            }
            return;
        }
        let next = AtomicUsize::new(0);
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let watch = scope.spawn(|| {
                while !over.load(Ordering::Acquire) {
                    for seat in &self.seats {
                        seat.watched.inspect(self.settings.memory_limit);
                    }
                    thread::park_timeout(WATCH);
                }
            });
            // Ends the watch even when `done` panics.
            let _end = EndOfWatch {
                over: &over,
                watch: watch.thread(),
            };
            thread::scope(|scope| {
                for seat in self.seats.iter().take(jobs.len()) {
                    scope.spawn(|| {
                        loop {
                            let index = next.fetch_add(1, Ordering::Relaxed);
                            let Some(job) = jobs.get(index) else { break };
                            done(index, self.run_job(seat, job));
                        }
                    });
                }
            });
        });
    }
}

struct EndOfWatch<'a> {
    over: &'a AtomicBool,
    watch: &'a thread::Thread,
}

impl Drop for EndOfWatch<'_> {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        self.watch.unpark();
    }
}

#[cfg(all(test, not(feature = "pdf")))]
mod tests {
    use super::*;
    use crate::print::typeset::TemplateFiles;

    #[test]
    fn without_the_engine_every_job_is_told_so() {
        let job = Job {
            name: String::new(),
            main: "/main.typ".to_owned(),
            files: TemplateFiles::new([]),
            data: Vec::new(),
            attachments: Vec::new(),
            today: jiff::civil::date(2026, 5, 7),
            archive: false,
        };
        let results = Pool::new(PoolSettings::default()).typeset(&[job.clone(), job], &|_| {});
        assert_eq!(
            results,
            [Err(TypesetError::NotBuilt), Err(TypesetError::NotBuilt)]
        );
    }
}
