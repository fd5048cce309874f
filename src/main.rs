//! The command line: parse arguments, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    taizhang::cli::run()
}
