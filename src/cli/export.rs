//! `taizhang export`: registers, lists, calendars, feeds and single records in
//! the formats of other programs.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Common;
use crate::exchange::{Exchange, Format, Item};
use crate::outlook::{Outlook, Viewer};
use crate::past::Past;
use crate::register::Loaded;
use crate::site::{NoForms, SiteFiles, SiteInput, page_of_record};
use crate::source::Tree;
use crate::words::Words;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// What: a kind, actions, deadlines, obligations, archive, changes, history, notices, person:ID, department:ID or the number of a record; without it they are listed
    what: Option<String>,
    /// csv, xlsx, json, ics, atom or html [default: what --out ends in, else the first there is]
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// File or folder to write to [default: standard output]
    #[arg(long)]
    out: Option<PathBuf>,
    /// For whom: internal, public:PARTY or confidential:GROUP
    #[arg(long, default_value = "internal")]
    audience: String,
}

fn format(text: &str) -> Result<Format, String> {
    Format::from_name(text).ok_or_else(|| "csv, xlsx, json, ics, atom, html".to_owned())
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let Some(Loaded { mut register, .. }) = common.open() else {
        return ExitCode::from(2);
    };
    common.confirmed(&mut register, None);
    let language = common.language(&register);
    let words = register.words(language);
    let refuse = |text: String| {
        eprintln!("{text}");
        ExitCode::from(2)
    };
    let viewer = Viewer::parse(
        &arguments.audience,
        &register.organisation,
        &register.settings,
    );
    let Some(viewer) = viewer else {
        let values = [("name", &*arguments.audience)];
        return refuse(words.filled("cli.unknown-audience", &values));
    };
    let outlook = Outlook::new(&register, common.as_of(&register), viewer);
    let names = Item::names(&outlook).join("\n  ");
    let Some(what) = &arguments.what else {
        return refuse(words.filled("cli.export.what", &[("names", &names)]));
    };
    let Some(item) = Item::named(&outlook, what) else {
        let values = [("name", &**what), ("names", &names)];
        return refuse(words.filled("cli.export.unknown", &values));
    };
    let format = match chosen(item.formats(&outlook), arguments) {
        Ok(format) => format,
        Err(format) => {
            let known: Vec<&str> = item
                .formats(&outlook)
                .iter()
                .map(|f| f.extension())
                .collect();
            let values = [
                ("name", &**what),
                ("format", format.extension()),
                ("known", &*known.join(", ")),
            ];
            return refuse(words.filled("cli.export.no-format", &values));
        }
    };
    let needs_git = matches!(format, Format::Ics | Format::Atom) || item == Item::History;
    let past = match needs_git {
        true => common.past(&register, words),
        false => Past::default(),
    };
    let made = match &item {
        Item::Record(index) => {
            let files = SiteFiles::of_repository(&Tree::folder(&common.root));
            let input = SiteInput {
                outlook: &outlook,
                findings: &[],
                language,
                files: &files,
                forms: &NoForms,
                past: &past,
            };
            match page_of_record(input, *index) {
                Ok(bytes) => Some(bytes),
                Err(error) => return refuse(error.to_string()),
            }
        }
        item => Exchange::new(&outlook, language, &past).file(item, format),
    };
    let path = item.path(&outlook, format);
    match write(&made.unwrap_or_default(), &path, arguments, words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => refuse(text),
    }
}

/// The format asked for, by name or by the end of the file's name; the one at
/// fault where the thing has no such format.
fn chosen(formats: &[Format], arguments: &Arguments) -> Result<Format, Format> {
    let of_path = arguments
        .out
        .as_ref()
        .filter(|path| !path.is_dir())
        .and_then(|path| Format::from_name(path.extension()?.to_str()?));
    match arguments.format.or(of_path) {
        Some(format) if formats.contains(&format) => Ok(format),
        Some(format) => Err(format),
        None => Ok(formats.first().copied().unwrap_or(Format::Json)),
    }
}

fn write(bytes: &[u8], name: &str, arguments: &Arguments, words: &Words) -> Result<(), String> {
    let Some(out) = &arguments.out else {
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() && bytes.starts_with(b"PK") {
            return Err(words.get("cli.export.binary").to_owned());
        }
        return match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            // whoever reads may have read enough
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
            _ => Ok(()),
        };
    };
    let file = if out.is_dir() {
        out.join(name.rsplit('/').next().unwrap_or(name))
    } else {
        out.clone()
    };
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    parent
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(&file, bytes))
        .map_err(|error| {
            let values = [
                ("path", &*file.display().to_string()),
                ("detail", &error.to_string()),
            ];
            words.filled("cli.export.unwritable", &values)
        })?;
    println!("{}", file.display());
    Ok(())
}
