//! Papers with all that goes with them: what stands on them, where it comes
//! from, the date they bear, the record that travels inside.
//!
//! Invariant: `print`, `build` and `verify` make their papers here, so that
//! the same paper is the same bytes whoever asks for it.

use jiff::civil::Date;

use super::offer::FormRef;
use super::origin::{Origin, PaperOf};
use super::provenance::{Provenance, Version};
use super::view::{Filling, FormView, blank_register, view};
use super::{Gathered, Papers};
use crate::calendar::Moment;
use crate::definition::form::Form;
use crate::definition::{Audience, Kind, RegisterPaper};
use crate::finding::{Place, Span};
use crate::outlook::{Outlook, timeline};
use crate::source::SourceFile;
use crate::text::Language;

/// A paper, ready to be set.
pub struct Sheet<'r> {
    /// What stands on it.
    pub view: FormView,
    /// The place that findings about it point at.
    pub place: Place,
    /// Where it comes from, and the date it bears.
    pub origin: Origin,
    /// The record's file, where it may travel inside.
    pub source: Option<&'r str>,
}

/// Makes sheets.
#[derive(Clone, Copy)]
pub struct Sheets<'o, 'r> {
    /// As of when.
    pub outlook: &'o Outlook<'r>,
    /// Which versions the records are of.
    pub provenance: &'o Provenance,
    /// The language.
    pub language: Language,
    /// Whether somebody said that papers are for the outlook's viewer, and each
    /// shall tell so. Either way they name only what that viewer may see.
    pub for_viewer: bool,
    /// The templates they will be set with.
    pub papers: &'o Papers,
    /// What will set them, as [`super::typeset::Engine::edition`] names it.
    pub program: &'o str,
}

impl<'r> Sheets<'_, 'r> {
    /// A form of the record at this index.
    pub fn form(&self, index: usize, form: &FormRef<'r>) -> Sheet<'r> {
        let register = self.outlook.register;
        let mut view = form.view_for(self.outlook, self.language);
        let record = form.record;
        let file = register.sources.file(record.file);
        let inside = !self.for_viewer || self.outlook.viewer.is_insider();
        let mut of = PaperOf::Record {
            record: record.id.value.to_string(),
            path: String::new(),
            digest: String::new(),
            kind: form.kind.id.to_string(),
            form: form.form.id.to_string(),
            row: form.row.map(|row| row + 1),
            commit: None,
            author: None,
            committed_at: None,
            edited: false,
        };
        // what may leave the company carries nothing that is not printed on it
        let stays = inside && record.audience.value != Audience::Public;
        // nor does what names a record that its reader may not know of
        let travels = stays && !register.names_hidden(&file.text, &record.id.value);
        if inside {
            let version = self.provenance.of(&file.path);
            view.printed_of = self.printed_of(version);
            self.tell_version(&mut of, file, version, stays);
        } else if let PaperOf::Record { digest: seen, .. } = &mut of {
            // what else the record says is not told even by its digest
            *seen = digest_of_view(&view);
        }
        let date = self.last_day(&[index]);
        let audience = self.for_viewer.then(|| self.audience());
        Sheet {
            view,
            place: record.place(record.id.span),
            origin: self.origin(date, audience, of),
            source: travels.then_some(&*file.text),
        }
    }

    /// Which version of its file a paper of a record is of.
    fn tell_version(&self, of: &mut PaperOf, file: &SourceFile, version: Version<'_>, stays: bool) {
        let PaperOf::Record {
            path,
            digest: text,
            commit,
            author,
            committed_at,
            edited,
            ..
        } = of
        else {
            return;
        };
        *path = file.path.clone();
        *text = digest(file.text.as_bytes());
        *edited = version.edited;
        if let Some(found) = version.commit {
            *commit = Some(found.id.clone());
            *committed_at = Some(found.at);
            *author = stays.then(|| found.author.clone());
        }
    }

    /// A form to be filled in by hand.
    pub fn blank(&self, kind: &Kind, form: &Form) -> Sheet<'r> {
        let register = self.outlook.register;
        let of = PaperOf::Blank {
            kind: Some(kind.id.to_string()),
            form: form.id.to_string(),
        };
        Sheet {
            view: view(register, kind, form, Filling::Blank, self.language),
            place: Place {
                file: kind.file,
                span: Span::default(),
            },
            origin: self.origin(self.first_of_year(), self.outsider(), of),
            source: None,
        }
    }

    /// A paper gathered from many records; always for the outlook's viewer.
    pub fn gathered(&self, gathered: &Gathered<'_>) -> Sheet<'r> {
        let view = gathered.view(self.outlook, self.language);
        let date = self.last_day(&gathered.records);
        let of = PaperOf::Register {
            register: gathered.paper.id.to_string(),
            name: view.file_name.clone(),
            as_of: self.outlook.as_of,
        };
        Sheet {
            view,
            place: place_of(gathered.paper),
            origin: self.origin(date, Some(self.audience()), of),
            source: None,
        }
    }

    /// A register paper to be filled in by hand.
    pub fn blank_register(&self, paper: &RegisterPaper) -> Sheet<'r> {
        let of = PaperOf::Blank {
            kind: None,
            form: paper.id.to_string(),
        };
        Sheet {
            view: blank_register(self.outlook.register, paper, self.language),
            place: place_of(paper),
            origin: self.origin(self.first_of_year(), None, of),
            source: None,
        }
    }

    fn origin(&self, date: Date, audience: Option<String>, of: PaperOf) -> Origin {
        Origin {
            program: self.program.to_owned(),
            templates: self.papers.version().to_owned(),
            language: self.language.tag().to_owned(),
            date,
            audience,
            of,
        }
    }

    /// For whom a blank form is: outsiders have fewer of its fields.
    fn outsider(&self) -> Option<String> {
        let outside = self.for_viewer && !self.outlook.viewer.is_insider();
        outside.then(|| self.audience())
    }

    fn audience(&self) -> String {
        self.outlook
            .viewer
            .name(&self.outlook.register.organisation)
    }

    /// `26cb4a615（有未提交的修改）`; nothing where git knows nothing.
    fn printed_of(&self, version: Version<'_>) -> Option<String> {
        let words = self.outlook.register.words(self.language);
        match (version.commit, version.edited) {
            (Some(commit), false) => Some(commit.short().to_owned()),
            (Some(commit), true) => {
                let values = [("version", commit.short())];
                Some(words.filled("print.paper.edited", &values))
            }
            (None, true) => Some(words.get("print.paper.uncommitted").to_owned()),
            (None, false) => None,
        }
    }

    /// The day of the last thing that the records tell: it does not change
    /// from day to day, and neither do the bytes.
    fn last_day(&self, records: &[usize]) -> Date {
        records
            .iter()
            .filter_map(|record| timeline(self.outlook, *record).last().map(|last| last.at))
            .map(|at| match at {
                Moment::Date(date) => date,
                instant => self.outlook.register.calendar.date(instant),
            })
            .max()
            .unwrap_or_else(|| self.first_of_year())
    }

    fn first_of_year(&self) -> Date {
        self.outlook.today.first_of_year()
    }
}

fn place_of(paper: &RegisterPaper) -> Place {
    Place {
        file: paper.file,
        span: Span::default(),
    }
}

/// What identifies what an outsider sees of a record.
pub(super) fn digest_of_view(view: &FormView) -> String {
    // a view is strings and numbers: it always becomes JSON
    digest(&serde_json::to_vec(view).unwrap_or_default())
}

/// What identifies a record's text, in 64 letters.
pub(super) fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
