//! A commit as git keeps it: whose it is, and what a signature of it is of.

use jiff::Timestamp;

use super::git::{Git, GitError};

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitObject {
    /// Mail address of who wrote it, as they wrote it.
    pub author: String,
    /// When it was made, as its maker says.
    pub at: Timestamp,
    /// The commits it rests on.
    pub parents: Vec<String>,
    /// Its signature, armoured; none of one that is not signed.
    pub signature: Option<String>,
    /// What is signed: everything but the signature.
    pub payload: Vec<u8>,
}

impl CommitObject {
    /// A commit from its bytes; none of what is no commit.
    pub fn parse(bytes: &[u8]) -> Option<CommitObject> {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n");
        let end = end.map_or(bytes.len(), |end| end + 1);
        let (head, message) = bytes.split_at(end);
        let mut payload = Vec::with_capacity(bytes.len());
        let (mut author, mut at, mut parents) = (None, None, Vec::new());
        let mut signature: Option<String> = None;
        // whether what a blank continues is a signature, and which
        let mut within: Option<bool> = None;
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            if let Some(more) = line.strip_prefix(b" ") {
                match within {
                    Some(true) => signature
                        .as_mut()?
                        .push_str(std::str::from_utf8(more).ok()?),
                    Some(false) => {}
                    None => payload.extend_from_slice(line),
                }
                continue;
            }
            within = None;
            let text = String::from_utf8_lossy(line);
            let (key, value) = text
                .trim_end_matches('\n')
                .split_once(' ')
                .unwrap_or_default();
            match key {
                "gpgsig" => {
                    // of two it would have to be told which holds
                    if signature.is_some() {
                        return None;
                    }
                    signature = Some(format!("{value}\n"));
                    within = Some(true);
                    continue;
                }
                // the same by another hash: signed is the commit without both
                _ if key.starts_with("gpgsig") => {
                    within = Some(false);
                    continue;
                }
                "parent" => parents.push(value.to_owned()),
                "author" if author.is_none() => author = Some(person(value)?.0.to_owned()),
                "committer" if at.is_none() => at = Some(person(value)?.1),
                _ => {}
            }
            payload.extend_from_slice(line);
        }
        payload.extend_from_slice(message);
        Some(CommitObject {
            author: author?,
            at: at?,
            parents,
            signature,
            payload,
        })
    }
}

/// Mail address and time of `Name <address> seconds zone`.
fn person(value: &str) -> Option<(&str, Timestamp)> {
    let (before, time) = value.rsplit_once('>')?;
    let address = before.rsplit_once('<')?.1;
    let seconds = time.split_whitespace().next()?.parse().ok()?;
    Some((address, Timestamp::from_second(seconds).ok()?))
}

impl Git {
    /// Commits by their names, in this order; none for what is no commit here,
    /// and for one that is larger than any person's.
    pub fn commits(&self, ids: &[&str]) -> Result<Vec<Option<CommitObject>>, GitError> {
        let objects = self.small_objects(ids)?;
        let parsed = objects
            .into_iter()
            .map(|bytes| CommitObject::parse(&bytes?));
        Ok(parsed.collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SIGNED: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
        parent 1111111111111111111111111111111111111111\n\
        author 张伟 <zhang.wei@example.com> 1778031000 +0800\n\
        committer 代码平台 <noreply@forge.example> 1778034600 +0800\n\
        gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n\
        encoding UTF-8\n\n签字\n\ngpgsig is only said here\n";

    #[test]
    fn what_is_signed_is_the_commit_without_its_signature() {
        let commit = CommitObject::parse(SIGNED.as_bytes()).unwrap();
        assert_eq!(commit.author, "zhang.wei@example.com");
        assert_eq!(commit.at.as_second(), 1_778_034_600);
        assert_eq!(commit.parents.len(), 1);
        let armour = commit.signature.unwrap();
        assert!(armour.starts_with("-----BEGIN") && armour.ends_with("SIGNATURE-----\n"));
        let payload = String::from_utf8(commit.payload).unwrap();
        assert!(payload.contains("encoding UTF-8\n\n签字\n\ngpgsig is only said here\n"));
        assert!(!payload.contains("BEGIN"));
    }

    #[test]
    fn two_signatures_are_none() {
        let twice = SIGNED.replace("encoding UTF-8", "gpgsig -----BEGIN PGP SIGNATURE-----");
        assert_eq!(CommitObject::parse(twice.as_bytes()), None);
    }
}
