//! The worker's side of the conversation: what `taizhang typeset-worker` runs.

use std::io::{self, Read, Write};

/// Answers requests from `input` on `output` until `input` ends.
///
/// Fails with `UnexpectedEof` where the stream is torn and with `InvalidData`
/// where it is not the protocol's; there is no way back from either. With
/// `Unsupported` where the engine is not built in.
#[cfg(not(feature = "pdf"))]
pub fn serve(_input: impl Read + Send + 'static, _output: impl Write) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "built without the feature `pdf`",
    ))
}

#[cfg(feature = "pdf")]
pub use with_engine::serve;

#[cfg(feature = "pdf")]
mod with_engine {
    use std::collections::VecDeque;
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{Read, Write, io};
    use crate::print::typeset::compile::{Request as Compile, compile};
    use crate::print::typeset::job::DATA_PATH;
    use crate::print::typeset::protocol::{Request, Response, cut, read_frame, write_frame};
    use crate::print::typeset::world::{Base, FileSet};

    /// Deep nesting in a template needs a deep stack: the 8 MB of a main
    /// thread are not enough for what Typst itself allows.
    const STACK: usize = 64 << 20;
    /// How long a document may go on once nobody is left to send it to, so
    /// that an endless one does not outlive a killed caller.
    const GRACE: Duration = Duration::from_secs(10);
    /// Sets of shared files kept at a time.
    const KEPT_SETS: usize = 8;

    type Frame = (Request, Vec<u8>);
    type Answer = (Response, Vec<u8>);

    enum Event {
        Answer(io::Result<Answer>),
        InputEnded(io::Result<()>),
    }

    /// Answers requests from `input` on `output` until `input` ends.
    ///
    /// Fails with `UnexpectedEof` where the stream is torn and with
    /// `InvalidData` where it is not the protocol's; there is no way back from
    /// either.
    pub fn serve(input: impl Read + Send + 'static, mut output: impl Write) -> io::Result<()> {
        let base = Base::shared()?;
        let ready = Response::Ready {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        write_frame(&mut output, &ready, &[])?;

        let (to_setter, requests) = sync_channel::<Frame>(1);
        let (events, incoming) = channel::<Event>();
        let from_setter = events.clone();
        thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || set_documents(base, &requests, &from_setter))?;
        thread::Builder::new().spawn(move || {
            let mut input = io::BufReader::new(input);
            let ended = loop {
                match read_frame::<Request>(&mut input) {
                    Ok(Some(frame)) => {
                        if to_setter.send(frame).is_err() {
                            break Ok(());
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            drop(to_setter);
            let _ = events.send(Event::InputEnded(ended));
        })?;

        let mut ended = Ok(());
        let mut deadline = None;
        loop {
            let event = match deadline {
                None => incoming.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(deadline) => {
                    let left = Instant::saturating_duration_since(&deadline, Instant::now());
                    incoming.recv_timeout(left)
                }
            };
            match event {
                Ok(Event::Answer(answer)) => {
                    let (header, body) = answer?;
                    write_frame(&mut output, &header, &[&body])?;
                }
                Ok(Event::InputEnded(how)) => {
                    ended = how;
                    deadline = Some(Instant::now() + GRACE);
                }
                // Both threads are through.
                Err(RecvTimeoutError::Disconnected) if deadline.is_some() => return ended,
                // The setter's panic is on standard error already.
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the typesetting thread ended"));
                }
                Err(RecvTimeoutError::Timeout) => return ended,
            }
        }
    }

    fn set_documents(base: Arc<Base>, requests: &Receiver<Frame>, events: &Sender<Event>) {
        let mut sets: VecDeque<Arc<FileSet>> = VecDeque::new();
        while let Ok((request, body)) = requests.recv() {
            let answer = match answer(&base, &mut sets, request, &body) {
                Ok(None) => continue,
                Ok(Some(answer)) => Ok(answer),
                Err(error) => Err(error),
            };
            let failed = answer.is_err();
            if events.send(Event::Answer(answer)).is_err() || failed {
                return;
            }
        }
    }

    fn answer(
        base: &Arc<Base>,
        sets: &mut VecDeque<Arc<FileSet>>,
        request: Request,
        body: &[u8],
    ) -> io::Result<Option<Answer>> {
        match request {
            Request::Files { hash, files } => {
                let parts = cut(body, files.iter().map(|file| file.length))?;
                let files = files.into_iter().map(|file| file.path).zip(parts);
                sets.push_back(Arc::new(FileSet::new(base, hash, files.collect())));
                if sets.len() > KEPT_SETS {
                    sets.pop_front();
                }
                Ok(None)
            }
            Request::Job {
                files,
                main,
                today,
                archive,
                data,
                attachments,
            } => {
                let Some(set) = sets.iter().find(|set| set.hash() == files) else {
                    return Ok(Some((Response::UnknownFiles, Vec::new())));
                };
                let lengths = attachments.iter().map(|file| file.length);
                let mut parts = cut(body, std::iter::once(data).chain(lengths))?.into_iter();
                let data = parts.next().unwrap_or_default();
                let own = attachments
                    .into_iter()
                    .map(|file| file.path)
                    .zip(parts)
                    .chain(std::iter::once((DATA_PATH.to_owned(), data)));
                let request = Compile {
                    files: set.clone(),
                    own,
                    main: &main,
                    today,
                    archive,
                };
                let answer = compile(base.clone(), request);
                // Typst remembers every document for the next, and the memory
                // would grow without bound. What the last one did not share
                // with the one before never comes again; the templates do.
                typst::comemo::evict(1);
                Ok(Some(answer))
            }
        }
    }
}
