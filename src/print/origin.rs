//! Where a paper comes from: what it tells about itself to whoever finds it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What made a PDF, and of what. It travels inside the PDF, so that
/// [`super::verify`] can make the same paper again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What set it, with its version: `taizhang 0.1.0`.
    pub program: String,
    /// Identifies all templates of papers.
    pub templates: String,
    /// Language tag: `zh-CN`.
    pub language: String,
    /// The date that the PDF bears.
    pub date: Date,
    /// Whom it was made for, as `--audience` names it; none where nobody said:
    /// then it is for the company, and of a confidential record for those who
    /// may see that.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audience: Option<String>,
    /// What it is a paper of.
    #[serde(flatten)]
    pub of: PaperOf,
}

/// What a paper is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "kebab-case")]
pub enum PaperOf {
    /// A record.
    Record {
        /// Its number.
        record: String,
        /// Its file, from the root of the repository.
        path: String,
        /// BLAKE3 of that file.
        digest: String,
        /// Its kind.
        kind: String,
        /// The form.
        form: String,
        /// Which row the paper is for, from 1, where each row has one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        row: Option<usize>,
        /// The commit that changed the record last.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        commit: Option<String>,
        /// Who wrote that commit; not told outside the company.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        author: Option<String>,
        /// When it was made.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        committed_at: Option<Timestamp>,
        /// Whether the record said something else than in that commit.
        edited: bool,
    },
    /// Many records.
    Register {
        /// The register paper.
        register: String,
        /// Which of its papers: the name of the file without extension.
        name: String,
        /// The instant it is true at.
        as_of: Timestamp,
    },
    /// Nothing yet: a form to be filled in by hand.
    Blank {
        /// The kind, of forms of one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        kind: Option<String>,
        /// The form or register paper.
        form: String,
    },
}

impl Origin {
    /// What of it changes the paper: all but the instant.
    pub(super) fn lasting(&self) -> Origin {
        let mut origin = self.clone();
        if let PaperOf::Register { as_of, .. } = &mut origin.of {
            *as_of = Timestamp::UNIX_EPOCH;
        }
        origin
    }
}
