//! How a signature stands (D9), in words.

use super::Display;
use crate::calendar::Moment;
use crate::definition::Confirmation;
use crate::record::{Brought, Doubt, Signature};

/// How a signature stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingText {
    /// 署名, 本人提交, 已签名验证; or that nobody knows.
    pub level: String,
    /// The commit that added it: `2f41ab98c，2026-05-06`.
    pub commit: Option<String>,
    /// Why it does not confirm more strongly.
    pub doubt: Option<String>,
    /// 签后已改: that it is void, and by what.
    pub void: Option<String>,
}

impl Display<'_> {
    /// The name of a level.
    pub fn confirmation(&self, level: Confirmation) -> &str {
        self.words.get(match level {
            Confirmation::Typed => "site.confirmation.typed",
            Confirmation::Committed => "site.confirmation.committed",
            Confirmation::Signed => "site.confirmation.signed",
        })
    }

    /// Why a signature does not confirm more strongly.
    pub fn doubt(&self, doubt: &Doubt) -> String {
        let day = doubt.day().map(|day| self.date(day)).unwrap_or_default();
        let name = format!("site.confirmation.doubt.{}", doubt.name());
        self.words.filled(&name, &[("day", &day)])
    }

    /// A commit beside a signature: its name and its day.
    pub fn brought(&self, commit: &Brought) -> String {
        let day = self.date(self.register.calendar.date(Moment::Instant(commit.at)));
        let values = [("commit", &*commit.id), ("day", &*day)];
        self.words.filled("site.confirmation.commit", &values)
    }

    /// How a signature stands; none where nobody has asked git.
    pub fn standing(&self, signature: &Signature) -> Option<StandingText> {
        let standing = signature.standing.as_deref()?;
        let level = match standing.level {
            Some(level) => self.confirmation(level),
            None => self.words.get("site.confirmation.unknown"),
        };
        let void = standing
            .changed
            .as_ref()
            .map(|changed| match &changed.commit {
                Some(commit) => {
                    let commit_text = self.brought(commit);
                    let values = [("commit", &*commit_text), ("author", &*commit.author)];
                    self.words.filled("site.confirmation.changed", &values)
                }
                None => self.words.get("site.confirmation.changed-plain").to_owned(),
            });
        Some(StandingText {
            level: level.to_owned(),
            commit: standing.commit.as_ref().map(|commit| self.brought(commit)),
            doubt: standing.doubt.as_ref().map(|doubt| self.doubt(doubt)),
            void,
        })
    }
}
