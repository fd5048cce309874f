//! taizhang 台账: coordination records kept as TOML files in git, checked,
//! rendered as a static site and printed as forms and minutes.
//!
//! The pipeline runs one way: `source` reads files, `definition` and
//! `organisation` give them meaning, `record` types them, `register` holds
//! them all, `archive` says how they are filed, `check` judges them, `outlook`
//! places them in time, `gathering` puts what many records say into tables,
//! `site` and `print` make pages and paper, `publish` writes. `history` says
//! what git knows of the files, `change` what differs between two versions,
//! `past` what became of every record, `review` what a change means. A module uses only those named before it.
//! `start` begins repositories and records; it needs no more than a register.
//! `merge` puts together what two branches have made of a record; it needs no
//! more, either. `serve` shows a site while its files change.

pub mod archive;
pub mod build;
pub mod calendar;
pub mod change;
pub mod check;
pub mod cli;
pub mod confirmation;
pub mod definition;
mod digest;
pub mod display;
pub mod exchange;
pub mod finding;
pub mod gathering;
pub mod history;
pub mod markdown;
pub mod merge;
pub mod organisation;
pub mod outlook;
pub mod past;
pub mod print;
pub mod publish;
pub mod record;
pub mod register;
pub mod report;
pub mod review;
pub mod serve;
pub mod site;
pub mod source;
pub mod start;
pub mod tera_templates;
pub mod text;
pub mod words;
