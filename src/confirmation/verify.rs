//! Whether a commit is signed by one of a person's keys, at a time when that
//! key counted.

use jiff::Timestamp;
use ssh_key::SshSig;

use super::openpgp;
use crate::calendar::{Calendar, Moment};
use crate::history::CommitObject;
use crate::organisation::{Key, PublicKey};
use crate::record::Doubt;

/// What git has SSH sign a commit for.
const NAMESPACE: &str = "git";

/// Whether a commit, made at that time, is signed by one of these keys; else
/// why it is not. `at` is the commit's own time, or that of what it rests on
/// where that is later.
pub fn verify(
    commit: &CommitObject,
    at: Timestamp,
    keys: &[Key],
    calendar: &Calendar,
) -> Result<(), Doubt> {
    let Some(armour) = &commit.signature else {
        return Err(Doubt::Unsigned);
    };
    let key = match armour.starts_with("-----BEGIN SSH SIGNATURE") {
        true => by_ssh(armour, &commit.payload, keys),
        false => openpgp::verify(armour, &commit.payload, keys, at, calendar),
    }?;
    counts(key, at, calendar)
}

fn by_ssh<'k>(armour: &str, payload: &[u8], keys: &'k [Key]) -> Result<&'k Key, Doubt> {
    let signature = SshSig::from_pem(armour).map_err(|_| Doubt::Broken)?;
    let listed = keys.iter().find_map(|key| match &key.key {
        PublicKey::Ssh(ssh) if ssh.key_data() == signature.public_key() => Some((key, ssh)),
        _ => None,
    });
    let (key, ssh) = listed.ok_or(Doubt::ForeignKey)?;
    ssh.verify(NAMESPACE, payload, &signature)
        .map_err(|_| Doubt::Broken)?;
    Ok(key)
}

/// Whether a key counted then, as the list says.
fn counts(key: &Key, at: Timestamp, calendar: &Calendar) -> Result<(), Doubt> {
    let day = calendar.date(Moment::Instant(at));
    if let Some(revoked) = key.revoked.filter(|revoked| day >= *revoked) {
        return Err(Doubt::Revoked(revoked));
    }
    if key.from.is_some_and(|from| day < from) {
        return Err(Doubt::NotYet);
    }
    match key.until.filter(|until| day > *until) {
        Some(until) => Err(Doubt::Expired(until)),
        None => Ok(()),
    }
}
