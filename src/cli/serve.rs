//! `taizhang serve`: the site while one writes.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use super::Common;
use super::complaint::complain;
use crate::register::LoadOptions;
use crate::serve::{ServeOptions, TRIES, listen, serve};

/// Where it is looked for first.
const PORT: u16 = 8020;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The address to listen at; others than 127.0.0.1 and ::1 let the network in
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The port; the next free one when it is taken, any when 0
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Whom the site is for: internal, public:PARTY or confidential:GROUP
    #[arg(long, default_value = "internal")]
    audience: String,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(loaded) = common.open() else {
        return ExitCode::from(2);
    };
    let words = loaded
        .register
        .words(common.language(&loaded.register))
        .clone();
    // it is read again as soon as changes are watched
    drop(loaded);
    let failed = |error: std::io::Error| {
        let detail = error.to_string();
        complain(&words, "cli.not-served", &[("detail", &detail)]);
        ExitCode::from(2)
    };
    let wished = arguments.port;
    let listener = match listen(arguments.host, wished) {
        Ok(listener) => listener,
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let ports = [wished, wished.saturating_add(TRIES)].map(|port| port.to_string());
            let values = [("first", &*ports[0]), ("last", &*ports[1])];
            complain(&words, "cli.ports-taken", &values);
            return ExitCode::from(2);
        }
        Err(error) => return failed(error),
    };
    let address = match listener.local_addr() {
        Ok(address) => address,
        Err(error) => return failed(error),
    };
    if wished != 0 && address.port() != wished {
        let ports = [wished, address.port()].map(|port| port.to_string());
        let values = [("port", &*ports[0]), ("next", &*ports[1])];
        eprintln!("{}", words.filled("cli.port-taken", &values));
    }
    let address = format!("http://{address}/");
    eprintln!("{}", words.get("cli.serving"));
    println!("{address}");
    if !arguments.host.is_loopback() {
        eprintln!("{}", words.get("cli.served-to-all"));
    }
    let options = ServeOptions {
        root: common.root.clone(),
        load: LoadOptions {
            profile: common.profile.clone(),
            templates: None,
        },
        as_of: common.as_of,
        languages: common.lang.clone(),
        audience: arguments.audience.clone(),
    };
    match serve(&options, listener) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error),
    }
}
