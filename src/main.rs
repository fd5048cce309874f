//! The command line: parse arguments, dispatch, exit code.

fn main() {}
