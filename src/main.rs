//! The command line: parse arguments, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == "typeset-worker")
    {
        return match taizhang::print::typeset::serve(std::io::stdin(), std::io::stdout()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                #[allow(clippy::print_stderr)]
                {
                    eprintln!("typeset-worker: {error}");
                }
                ExitCode::from(2)
            }
        };
    }
    ExitCode::SUCCESS
}
