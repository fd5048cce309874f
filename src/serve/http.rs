//! HTTP: who may ask, and what an address means.
//!
//! Invariants: only GET and HEAD; a request whose `Host` is neither an address
//! nor this machine's own name is refused, so that no foreign page can have its
//! name point here and read along; what is asked for by a foreign page is
//! refused, unless it is somebody who follows a link, since scripts with data
//! could be run there; no foreign page has this one in a frame; nothing is kept
//! by browsers.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use percent_encoding::percent_decode_str;
use tokio::sync::{mpsc, oneshot, watch};

use super::keeper::{Answer, Holds, Message};
use super::page;

/// Answers browsers with what the keeper says.
#[derive(Clone)]
pub(super) struct Server {
    keeper: Sender<Message>,
    holds: watch::Receiver<Holds>,
}

impl Server {
    pub(super) fn new(keeper: Sender<Message>, holds: watch::Receiver<Holds>) -> Self {
        Server { keeper, holds }
    }

    /// Answers until the process ends.
    pub(super) fn run(self, listener: TcpListener) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        listener.set_nonblocking(true)?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let router = Router::new().fallback(answer).with_state(self);
            axum::serve(listener, router).await
        })
    }
}

async fn answer(State(server): State<Server>, request: Request) -> Response {
    if !is_meant(&request) || is_foreign(request.headers()) {
        return refuse(StatusCode::FORBIDDEN);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(path) = address(request.uri().path()) else {
        return refuse(StatusCode::BAD_REQUEST);
    };
    let mut response = match path.strip_prefix(page::RESERVED) {
        Some("events") => events(server.holds).into_response(),
        Some("live.js") => typed("live.js", 200, page::SCRIPT.into()),
        Some("live.css") => typed("live.css", 200, page::STYLE.into()),
        Some("findings.json") => {
            let told = server.holds.borrow().told.to_string();
            typed("findings.json", 200, told.into())
        }
        Some(_) => refuse(StatusCode::NOT_FOUND),
        None => {
            let (reply, replied) = oneshot::channel();
            let ask = Message::Ask {
                path: path.clone(),
                reply,
            };
            if server.keeper.send(ask).is_err() {
                return refuse(StatusCode::SERVICE_UNAVAILABLE);
            }
            match replied.await {
                Ok(Answer {
                    status,
                    is_page,
                    bytes,
                }) => {
                    let name = if is_page { "page.html" } else { &path };
                    typed(name, status, bytes.into())
                }
                Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE),
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What browsers are told of every answer; pages bring a policy of their own.
const GUARDS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
];

/// Whether a request is for this server, by all the names that it gives it.
fn is_meant(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let only = hosts.next().filter(|_| hosts.next().is_none());
    let own = only.is_some_and(|host| host.to_str().is_ok_and(is_own));
    own && request.uri().host().is_none_or(is_own)
}

/// Whether a page of another server asks for something, and not somebody who
/// follows a link there.
fn is_foreign(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let foreign = matches!(said("sec-fetch-site"), Some(b"cross-site" | b"same-site"));
    let follows =
        said("sec-fetch-mode") == Some(b"navigate") && said("sec-fetch-dest") == Some(b"document");
    foreign && !follows
}

/// The address from the site's root that a request means; none when it is no
/// address at all. Pages of folders are `index.html`.
fn address(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = path.strip_prefix('/')?;
    let strange = path.contains(['\0', '\\']) || path.starts_with('/');
    if strange || path.split('/').any(|part| part == ".." || part == ".") {
        return None;
    }
    Some(match path {
        path if path.is_empty() || path.ends_with('/') => format!("{path}index.html"),
        path => path.to_owned(),
    })
}

/// Whether a `Host` is an address, or a name that nobody else can have.
fn is_own(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

fn refuse(status: StatusCode) -> Response {
    (status, status.to_string()).into_response()
}

fn typed(name: &str, status: u16, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let value = HeaderValue::from_static(content_type(name));
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

/// What a file is, by its name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "atom" => "application/atom+xml",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "txt" | "md" | "toml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// What holds, at once and whenever it changes.
fn events(mut holds: watch::Receiver<Holds>) -> Sse<axum::response::sse::KeepAliveStream<Events>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let data = {
                let now = holds.borrow_and_update();
                format!("{}.{}", now.generation, u8::from(now.checked))
            };
            let event = Event::default().event("holds").data(data);
            if sender.send(event).await.is_err() {
                return;
            }
            tokio::select! {
                () = sender.closed() => return,
                changed = holds.changed() => if changed.is_err() { return },
            }
        }
    });
    Sse::new(Events(receiver)).keep_alive(KeepAlive::default())
}

/// Events as axum takes them.
struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_in_the_site() {
        assert_eq!(address("/").as_deref(), Some("index.html"));
        assert_eq!(
            address("/a%20b/%E5%8F%B0.html").as_deref(),
            Some("a b/台.html")
        );
        for path in [
            "/../x",
            "/%2e%2e/x",
            "/a/%2E./x",
            "//etc/passwd",
            "/a%00",
            "/a%5cb",
            "/%ff",
            "*",
        ] {
            assert_eq!(address(path), None, "{path}");
        }
    }

    #[test]
    fn a_host_is_an_address_or_this_machine() {
        for host in [
            "localhost:80",
            "127.0.0.1:8080",
            "[::1]:80",
            "192.168.1.4",
            "a.localhost",
        ] {
            assert!(is_own(host), "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com:80",
            "",
        ] {
            assert!(!is_own(host), "{host}");
        }
    }
}
