//! The clauses and what carries them, for programs: one JSON object.
//!
//! Invariant: new keys may come; `version` changes when a key goes or changes
//! its meaning.

use serde::Serialize;

use crate::definition::Carrier;
use crate::register::Register;
use crate::text::{Language, Text};

/// Version of the shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Clauses<'r> {
    version: u32,
    language: &'static str,
    handbooks: Vec<HandbookOut<'r>>,
    clauses: Vec<ClauseOut<'r>>,
}

#[derive(Serialize)]
struct HandbookOut<'r> {
    id: &'r str,
    name: &'r str,
}

#[derive(Serialize)]
struct ClauseOut<'r> {
    id: &'r str,
    handbook: &'r str,
    asks: &'r str,
    /// What carries it where no definition does.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<&'r str>,
    carriers: Vec<CarrierOut<'r>>,
}

#[derive(Serialize)]
struct CarrierOut<'r> {
    what: &'static str,
    definition: &'r str,
    /// Names on the way to it in the file.
    keys: Vec<&'r str>,
    /// Labels on the way to it, the definition's own first.
    labels: Vec<&'r str>,
    path: &'r str,
    line: u32,
}

/// The clauses with their carriers as JSON; only those of one handbook where
/// it is named.
pub fn json(register: &Register, language: Language, handbook: Option<&str>) -> String {
    let wanted = |id: &str| handbook.is_none_or(|wanted| *id == *wanted);
    let clauses = Clauses {
        version: VERSION,
        language: language.code(),
        handbooks: register
            .handbooks
            .iter()
            .filter(|handbook| wanted(&handbook.id))
            .map(|handbook| HandbookOut {
                id: &handbook.id,
                name: handbook.name.get(language),
            })
            .collect(),
        clauses: register
            .clauses
            .iter()
            .filter(|clause| wanted(&clause.handbook))
            .map(|clause| ClauseOut {
                id: &clause.id,
                handbook: &clause.handbook,
                asks: clause.asks.get(language),
                program: clause
                    .carrier
                    .as_ref()
                    .map(|text: &Text| text.get(language)),
                carriers: register
                    .carriers
                    .iter()
                    .filter(|known| known.clause == clause.id)
                    .map(|known| carrier(register, language, known))
                    .collect(),
            })
            .collect(),
    };
    // strings and numbers only: nothing of it can fail to be written
    serde_json::to_string_pretty(&clauses).unwrap_or_default()
}

fn carrier<'r>(register: &'r Register, language: Language, carrier: &'r Carrier) -> CarrierOut<'r> {
    CarrierOut {
        what: carrier.what.name(),
        definition: &carrier.of,
        keys: carrier.path.iter().map(|name| &**name).collect(),
        labels: carrier
            .labels
            .iter()
            .map(|label| label.get(language))
            .collect(),
        path: &register.sources.file(carrier.place.file).path,
        line: register.sources.position(carrier.place).line,
    }
}
