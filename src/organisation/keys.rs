//! The keys that people sign with (D9), as `people.toml` lists them.
//!
//! Invariants: what stands here can verify signatures; a key that cannot was a
//! finding when it was read. A key is one person's.

use std::sync::Arc;

use jiff::civil::Date;
use pgp::composed::{Deserializable, SignedPublicKey};
use pgp::types::KeyDetails;
use ssh_key::public::KeyData;
use toml::Spanned;
use toml::de::DeValue;

use super::people::{Organisation, PersonId};
use crate::finding::{Finding, Place};
use crate::source::{Located, TableReader, civil_date};

/// The rule that tells of keys.
const RULE: &str = "bad-key";
/// How every armoured OpenPGP block begins.
const ARMOUR: &str = "-----BEGIN PGP";
/// An RSA key shorter than this, in bits, can be broken.
const LEAST_RSA: usize = 2048;

/// A public key.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// One of OpenSSH.
    Ssh(Arc<ssh_key::PublicKey>),
    /// One of OpenPGP, with what it says of itself.
    OpenPgp(Arc<SignedPublicKey>),
}

impl PublicKey {
    /// Whether both are one key, whatever is said beside it.
    pub fn is(&self, other: &PublicKey) -> bool {
        match (self, other) {
            (PublicKey::Ssh(one), PublicKey::Ssh(other)) => one.key_data() == other.key_data(),
            (PublicKey::OpenPgp(one), PublicKey::OpenPgp(other)) => {
                one.fingerprint() == other.fingerprint()
            }
            _ => false,
        }
    }
}

/// A key of a person, and when it counts.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub key: PublicKey,
    /// The first day on which it counts.
    pub from: Option<Date>,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// The day from which it does not count any more: it was lost or stolen.
    pub revoked: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// Reads `keys` of a person: strings, or tables that also say when.
pub(super) fn read_keys(
    organisation: &Organisation,
    person: PersonId,
    reader: &TableReader<'_>,
) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let Some(value) = reader.get("keys") else {
        return keys;
    };
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    for item in items {
        let Some(key) = read_key(reader, item) else {
            continue;
        };
        let others = organisation
            .people
            .iter()
            .enumerate()
            .flat_map(|(index, other)| {
                let id = PersonId(index as u32);
                other.keys.iter().map(move |key| (id, key))
            });
        let own = keys.iter().map(|key| (person, key));
        let same = others.chain(own).find(|(_, other)| other.key.is(&key.key));
        match same {
            Some((of, first)) => {
                let message = match of == person {
                    true => "twice",
                    false => "shared",
                };
                let mut finding = Finding::error(RULE, key.place)
                    .message(message)
                    .related(first.place);
                if of != person {
                    finding = finding.with("person", &organisation.person(of).name);
                }
                reader.report(finding);
            }
            None => keys.push(key),
        }
    }
    keys
}

fn read_key(reader: &TableReader<'_>, value: &Spanned<DeValue<'_>>) -> Option<Key> {
    match value.get_ref() {
        DeValue::String(text) => {
            let place = reader.place_of(value);
            let text = Located {
                value: text.as_ref(),
                place,
            };
            Some(Key {
                key: public_key(reader, &text)?,
                from: None,
                until: None,
                revoked: None,
                place,
            })
        }
        DeValue::Table(table) => {
            let reader = reader.nested(value.span(), table);
            let text = reader.required_string("key");
            let (from, until) = (date(&reader, "from"), date(&reader, "until"));
            let revoked = date(&reader, "revoked");
            reader.string("why");
            if let (Some(from), Some(until)) = (from, until)
                && until < from
            {
                let finding = Finding::error(RULE, reader.place)
                    .message("never")
                    .with("from", from.to_string())
                    .with("until", until.to_string());
                reader.report(finding);
            }
            let key = text.and_then(|text| {
                Some(Key {
                    key: public_key(&reader, &text)?,
                    from,
                    until,
                    revoked,
                    place: text.place,
                })
            });
            reader.finish();
            key
        }
        _ => {
            reader.wrong_type("keys", value, "string");
            None
        }
    }
}

fn date(reader: &TableReader<'_>, key: &'static str) -> Option<Date> {
    let value = reader.get(key)?;
    let date = match value.get_ref() {
        DeValue::Datetime(datetime) => civil_date(datetime),
        _ => None,
    };
    if date.is_none() {
        reader.wrong_type(key, value, "date");
    }
    date
}

fn public_key(reader: &TableReader<'_>, text: &Located<&str>) -> Option<PublicKey> {
    match parse(text.value) {
        Ok(key) => Some(key),
        Err(Unusable { message, detail }) => {
            let finding = Finding::error(RULE, text.place)
                .message(message)
                .with("detail", detail);
            reader.report(finding);
            None
        }
    }
}

/// Why a key cannot be used: the message of the rule, and what it is about.
#[derive(Debug, PartialEq, Eq)]
struct Unusable {
    message: &'static str,
    detail: String,
}

impl Unusable {
    fn new(message: &'static str, detail: impl ToString) -> Self {
        // libraries write sentences of their own; one line is enough
        let detail = detail.to_string();
        Unusable {
            message,
            detail: detail.lines().next().unwrap_or_default().to_owned(),
        }
    }
}

fn parse(text: &str) -> Result<PublicKey, Unusable> {
    let text = text.trim();
    if text.contains("PRIVATE KEY") {
        return Err(Unusable::new("private", ""));
    }
    match text.starts_with(ARMOUR) {
        true => parse_openpgp(text),
        false => parse_ssh(text),
    }
}

fn parse_ssh(text: &str) -> Result<PublicKey, Unusable> {
    let key = ssh_key::PublicKey::from_openssh(text).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
            let name = text.split_whitespace().next().unwrap_or_default();
            Unusable::new("unsupported", name)
        }
        error => Unusable::new("unreadable", error),
    })?;
    match key.key_data() {
        KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => {}
        KeyData::Ecdsa(key) if key.curve() != ssh_key::EcdsaCurve::NistP521 => {}
        KeyData::Rsa(rsa) => {
            let bits = rsa.n.as_positive_bytes().map_or(0, |bytes| bytes.len() * 8);
            if bits < LEAST_RSA {
                return Err(Unusable::new("weak", bits));
            }
        }
        _ => return Err(Unusable::new("unsupported", key.algorithm())),
    }
    Ok(PublicKey::Ssh(Arc::new(key)))
}

fn parse_openpgp(text: &str) -> Result<PublicKey, Unusable> {
    let (key, _) =
        SignedPublicKey::from_string(text).map_err(|error| Unusable::new("unreadable", error))?;
    Ok(PublicKey::OpenPgp(Arc::new(key)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2B+SH5w5qHSl18bgJ4dxf2xLgEW/cK2qIW3+oMOoxa 张伟";

    #[test]
    fn a_comment_makes_no_other_key() {
        let one = parse(ED25519).unwrap();
        let other = parse(ED25519.strip_suffix(" 张伟").unwrap()).unwrap();
        assert!(one.is(&other));
    }

    #[test]
    fn what_verifies_nothing_is_told_by_its_reason() {
        let message = |text: &str| parse(text).unwrap_err().message;
        assert_eq!(message("ssh-ed25519 AAAA"), "unreadable");
        assert_eq!(message("张伟的密钥"), "unsupported");
        assert_eq!(
            message("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n"),
            "private"
        );
        assert_eq!(
            message("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n"),
            "unreadable"
        );
    }
}
