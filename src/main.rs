//! The command line: parse arguments, dispatch, exit code.

use std::process::ExitCode;

/// Pages are made of many small strings on all cores at once: with the
/// system's allocator a fifth of a build's time goes into it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    taizhang::cli::run()
}
