//! Signatures of OpenPGP: by which key, and what the key says of itself:
//! which parts of it sign, until when, and whether it was revoked.
//!
//! Only what the key itself has signed is believed of it.

use jiff::Timestamp;
use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey, SignedPublicSubKey};
use pgp::packet::{RevocationCode, Signature, SignatureType};
use pgp::types::{KeyDetails, Tag, VerifyingKey};

use crate::calendar::{Calendar, Moment};
use crate::organisation::{Key, PublicKey};
use crate::record::Doubt;

/// The key that signed something, among those listed; else why none counts.
pub(super) fn verify<'k>(
    armour: &str,
    payload: &[u8],
    keys: &'k [Key],
    at: Timestamp,
    calendar: &Calendar,
) -> Result<&'k Key, Doubt> {
    let (signature, _) = DetachedSignature::from_string(armour).map_err(|_| Doubt::Broken)?;
    let signature = signature.signature;
    let plain = matches!(
        signature.typ(),
        Some(SignatureType::Binary | SignatureType::Text)
    );
    if !plain {
        return Err(Doubt::Broken);
    }
    let when = When { at, calendar };
    for key in keys {
        let PublicKey::OpenPgp(listed) = &key.key else {
            continue;
        };
        let part = part_of(listed, &signature);
        match part {
            None => continue,
            Some(Part::Primary) => {
                check(&signature, &listed.primary_key, payload)?;
                when.primary(listed, true)?;
            }
            Some(Part::Sub(sub)) => {
                check(&signature, &sub.key, payload)?;
                when.primary(listed, false)?;
                when.sub(listed, sub)?;
            }
        }
        when.of_signature(&signature)?;
        return Ok(key);
    }
    Err(Doubt::ForeignKey)
}

/// Which part of a key signed.
enum Part<'k> {
    Primary,
    Sub(&'k SignedPublicSubKey),
}

fn part_of<'k>(key: &'k SignedPublicKey, signature: &Signature) -> Option<Part<'k>> {
    if issued(signature, &key.primary_key) {
        return Some(Part::Primary);
    }
    let mut subs = key.public_subkeys.iter();
    subs.find(|sub| issued(signature, &sub.key)).map(Part::Sub)
}

/// Whether a signature says that it is of this key; that it is has still to be
/// verified.
fn issued(signature: &Signature, key: &impl KeyDetails) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    match fingerprints.is_empty() {
        true => signature.issuer_key_id().contains(&&key.legacy_key_id()),
        false => fingerprints.contains(&&key.fingerprint()),
    }
}

fn check(signature: &Signature, key: &impl VerifyingKey, payload: &[u8]) -> Result<(), Doubt> {
    signature.verify(key, payload).map_err(|_| Doubt::Broken)
}

struct When<'c> {
    at: Timestamp,
    calendar: &'c Calendar,
}

impl When<'_> {
    /// Whether the key as a whole counted, and, where it signed itself, may sign.
    fn primary(&self, key: &SignedPublicKey, signs: bool) -> Result<(), Doubt> {
        let primary = &key.primary_key;
        let revocations = key.details.revocation_signatures.iter();
        self.not_revoked(revocations.filter(|revocation| revocation.verify_key(primary).is_ok()))?;
        let direct = key.details.direct_signatures.iter();
        let direct = direct.filter(|own| own.verify_key(primary).is_ok());
        let users = key.details.users.iter().flat_map(|user| {
            user.signatures.iter().filter(|own| {
                own.typ() != Some(SignatureType::CertRevocation)
                    && own
                        .verify_certification(primary, Tag::UserId, &user.id)
                        .is_ok()
            })
        });
        self.newest(direct.chain(users), primary, signs)
    }

    /// Whether a part of the key counted and may sign, as the key itself says,
    /// and whether the part says that it is of this key.
    fn sub(&self, key: &SignedPublicKey, sub: &SignedPublicSubKey) -> Result<(), Doubt> {
        let primary = &key.primary_key;
        let own = |typ: SignatureType| {
            sub.signatures.iter().filter(move |own| {
                own.typ() == Some(typ) && own.verify_subkey_binding(primary, &sub.key).is_ok()
            })
        };
        self.not_revoked(own(SignatureType::SubkeyRevocation))?;
        let both = own(SignatureType::SubkeyBinding).filter(|binding| {
            let back = binding.embedded_signature();
            back.is_some_and(|back| back.verify_primary_key_binding(&sub.key, primary).is_ok())
        });
        self.newest(both, &sub.key, true)
    }

    /// What the newest of a key's own statements says of it.
    fn newest<'s>(
        &self,
        own: impl Iterator<Item = &'s Signature>,
        key: &impl KeyDetails,
        signs: bool,
    ) -> Result<(), Doubt> {
        let newest = own.max_by_key(|own| own.created().map(|at| at.as_secs()));
        let newest = newest.ok_or(Doubt::Broken)?;
        let flags = newest.key_flags();
        let may_sign = flags.sign() || flags == Default::default();
        if signs && !may_sign {
            return Err(Doubt::ForeignKey);
        }
        let created = i64::from(key.created_at().as_secs());
        if self.at.as_second() < created {
            return Err(Doubt::NotYet);
        }
        self.within(created, newest.key_expiration_time())
    }

    /// Whether a signature holds only for a time that is over.
    fn of_signature(&self, signature: &Signature) -> Result<(), Doubt> {
        let created = signature.created().ok_or(Doubt::Broken)?;
        self.within(
            i64::from(created.as_secs()),
            signature.signature_expiration_time(),
        )
    }

    fn within(&self, from: i64, length: Option<pgp::types::Duration>) -> Result<(), Doubt> {
        let length = length.map_or(0, |length| i64::from(length.as_secs()));
        if length > 0 && self.at.as_second() >= from + length {
            return Err(Doubt::Expired(self.day(from + length)));
        }
        Ok(())
    }

    /// A key that was only given up counts for what it signed before; one that
    /// was lost, or of which nobody says why it was revoked, for nothing.
    fn not_revoked<'s>(
        &self,
        revocations: impl Iterator<Item = &'s Signature>,
    ) -> Result<(), Doubt> {
        for revocation in revocations {
            let at = i64::from(revocation.created().map_or(0, |at| at.as_secs()));
            let given_up = matches!(
                revocation.revocation_reason_code(),
                Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired)
            );
            if !given_up || self.at.as_second() >= at {
                return Err(Doubt::Revoked(self.day(at)));
            }
        }
        Ok(())
    }

    fn day(&self, second: i64) -> jiff::civil::Date {
        let at = Timestamp::from_second(second).unwrap_or_default();
        self.calendar.date(Moment::Instant(at))
    }
}
