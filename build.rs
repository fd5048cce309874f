//! Templates and assets are part of the binary: a change of them rebuilds it.
#![allow(clippy::print_stdout)]

fn main() {
    for path in ["build.rs", "templates", "site/assets"] {
        println!("cargo:rerun-if-changed={path}");
    }
}
