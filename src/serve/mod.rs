//! `taizhang serve`: the site as the files are now, in a browser.
//!
//! ```text
//! watch ──changed──▶ keeper: refresh → check → outlook → site ◀──asks── http ◀── browser
//!                      └──what holds (generation, findings)──▶ events ──▶ live.js
//! ```
//!
//! One thread keeps the register and answers; when files change it lets go of
//! everything made of it and reads those files again. Invariants:
//! - Nothing is written to the disk, and of the disk nothing is handed out: an
//!   address is looked up among those of the site.
//! - No state of the files ends it: what cannot be read or drawn is shown.

mod findings;
mod http;
mod keeper;
mod kept;
mod page;
mod repository;
mod watch;

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::mpsc;

use jiff::Timestamp;

use crate::register::LoadOptions;
use crate::text::Language;

/// What is asked of a server.
pub struct ServeOptions {
    /// The repository.
    pub root: PathBuf,
    /// How it is read.
    pub load: LoadOptions,
    /// The instant asked for.
    pub as_of: Option<Timestamp>,
    /// The languages asked for; none for those of the repository.
    pub languages: Vec<Language>,
    /// Whom the site is for, as [`crate::outlook::Viewer::parse`] reads it.
    pub audience: String,
}

/// How many ports after the one wished for are tried.
pub const TRIES: u16 = 50;

/// Takes the port, or the next free one after it; port 0 is any free one.
pub fn listen(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    let mut last = None;
    for port in port..=port.saturating_add(TRIES) {
        match TcpListener::bind(SocketAddr::new(host, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Serves until the process ends; returns only when it cannot begin.
pub fn serve(options: &ServeOptions, listener: TcpListener) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    let watcher = watch::Watcher::new(&options.root, sender.clone())?;
    let (holds, held) = tokio::sync::watch::channel(keeper::Holds::default());
    let server = http::Server::new(sender.clone(), held);
    let serving = std::thread::spawn(move || server.run(listener));
    keeper::keep(options, watcher, &sender, &receiver, &holds);
    serving
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the server ended")))
}
