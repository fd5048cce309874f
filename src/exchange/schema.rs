//! JSON Schema (draft 2020-12) of a kind's records, for editors that complete
//! and check TOML while it is written (Taplo, Even Better TOML, Tombi).
//!
//! Invariant: a record in which `check` finds nothing satisfies the schema.
//! The schema finds less: conditions and rules are beyond it.
//! Editors show TOML's dates to a schema as strings.

use serde_json::{Map, Value, json};

use crate::definition::field::{Field, FieldType};
use crate::definition::{Audience, Kind, Phase, Priority, Section};
use crate::register::Register;
use crate::text::{Language, Text};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// With its offset, or without one as company time.
const INSTANT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?$";
const MONEY: &str = "^ *[+-]?[0-9][0-9,_，]*([.][0-9]{1,2})? *(元|人民币|[A-Z]{3})? *$";

/// The schema of a kind's records.
pub fn schema(register: &Register, kind: &Kind, language: Language) -> Value {
    Writer {
        register,
        kind,
        language,
    }
    .record()
}

/// The schema of a kind's records as a file.
pub fn text(register: &Register, kind: &Kind, language: Language) -> String {
    format!("{:#}\n", schema(register, kind, language))
}

/// The name of a kind's schema in a folder of them.
pub fn file_name(kind: &Kind) -> String {
    format!("{}.json", kind.id)
}

struct Writer<'r> {
    register: &'r Register,
    kind: &'r Kind,
    language: Language,
}

/// A word that records use, and what it means.
type Word<'w> = (&'w str, String);

impl Writer<'_> {
    fn text(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }

    /// What a key of the envelope is called.
    fn envelope(&self, key: &str) -> String {
        let name = format!("schema.{key}");
        let words = self.register.words(self.language);
        words.get(&name).to_owned()
    }

    fn record(&self) -> Value {
        let kind = self.kind;
        let mut properties = Map::new();
        properties.insert(
            "kind".into(),
            json!({ "title": self.envelope("kind"), "const": &*kind.id, "description": self.text(&kind.name) }),
        );
        let mut id = string();
        id["pattern"] = kind.number.expression().into();
        self.add(&mut properties, "id", id);
        let mut title = json!({ "type": "string", "minLength": 1 });
        if let Some(hint) = &kind.title_hint {
            title["description"] = self.text(hint).into();
        }
        self.add(&mut properties, "title", title);
        let states: Vec<Word<'_>> = kind
            .states
            .iter()
            .map(|state| (&*state.id, self.text(&state.label)))
            .collect();
        self.add(&mut properties, "state", one_of(&states));
        let profile = self.register.profile();
        let priorities =
            Priority::ALL.map(|priority| (priority.name(), self.text(profile.priority(priority))));
        self.add(
            &mut properties,
            "priority",
            or_left_open(one_of(&priorities)),
        );
        let audiences = Audience::ALL.map(|audience| {
            let name = audience.name();
            (name, self.envelope(&format!("audiences.{name}")))
        });
        self.add(&mut properties, "audience", one_of(&audiences));
        self.add(
            &mut properties,
            "visible_to",
            list(json!({ "anyOf": [
                reference("department"), reference("person"), reference("party"),
            ] })),
        );
        self.add(&mut properties, "project", string());
        self.add(&mut properties, "related", list(string()));
        for section in &kind.sections {
            properties.insert(section.id.to_string(), self.section(section));
        }
        let mut all = Vec::new();
        for from in 0..kind.states.len() {
            all.extend(self.required_from(from));
        }
        let mut record = json!({
            "$schema": DIALECT,
            "title": self.text(&kind.name),
            "description": self.text(&kind.description),
            "type": "object",
            "required": ["kind", "id", "title", "state"],
            "properties": properties,
            "additionalProperties": false,
            "$defs": self.definitions(),
        });
        if !all.is_empty() {
            record["allOf"] = all.into();
        }
        record
    }

    fn add(&self, properties: &mut Map<String, Value>, key: &str, mut value: Value) {
        value["title"] = self.envelope(key).into();
        properties.insert(key.to_owned(), value);
    }

    fn section(&self, section: &Section) -> Value {
        let mut row = self.row(&section.fields);
        let value = if section.repeated {
            json!({ "type": "array", "items": row })
        } else {
            row.take()
        };
        self.described(
            value,
            &section.label,
            section.hint.as_ref(),
            section.clause.as_deref(),
        )
    }

    fn row(&self, fields: &[Field]) -> Value {
        let properties: Map<String, Value> = fields
            .iter()
            .map(|field| (field.id.to_string(), self.field(field)))
            .collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    fn field(&self, field: &Field) -> Value {
        let one = self.one(field);
        let value = if field.many {
            let mut many = list(one.clone());
            if let Some(maximum) = field.maximum {
                many["maxItems"] = (maximum as u64).into();
            }
            // one value may stand where a list may
            json!({ "anyOf": [many, one] })
        } else {
            match field.kind {
                FieldType::Text { .. } | FieldType::Markdown => one,
                _ => or_left_open(one),
            }
        };
        self.described(
            value,
            &field.label,
            field.hint.as_ref(),
            field.clause.as_deref(),
        )
    }

    fn described(
        &self,
        mut value: Value,
        label: &Text,
        hint: Option<&Text>,
        clause: Option<&str>,
    ) -> Value {
        let label = self.text(label);
        let description: Vec<String> = [Some(label.clone()), hint.map(|hint| self.text(hint))]
            .into_iter()
            .flatten()
            .chain(clause.map(|clause| format!("[{clause}]")))
            .collect();
        value["title"] = label.into();
        value["description"] = description.join(" · ").into();
        value
    }

    fn one(&self, field: &Field) -> Value {
        match &field.kind {
            FieldType::Text { pattern } => match pattern {
                // an empty text is missing, not malformed
                Some(pattern) => {
                    json!({ "type": "string", "pattern": format!("^$|{}", pattern.as_str()) })
                }
                None => string(),
            },
            FieldType::Markdown => string(),
            FieldType::Date => reference("date"),
            FieldType::Instant => reference("instant"),
            FieldType::Period => reference("period"),
            FieldType::Duration => json!({ "type": "string", "minLength": 1 }),
            FieldType::Money => {
                json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": MONEY }] })
            }
            FieldType::Number => {
                let mut number = json!({ "type": "number" });
                for (key, bound) in [("minimum", field.minimum), ("maximum", field.maximum)] {
                    if let Some(bound) = bound.filter(|_| !field.many) {
                        number[key] = bound.into();
                    }
                }
                number
            }
            FieldType::Boolean => json!({ "type": "boolean" }),
            FieldType::Choice(choices) => {
                let words: Vec<Word<'_>> = choices
                    .iter()
                    .map(|choice| (&*choice.id, self.text(&choice.label)))
                    .collect();
                one_of(&words)
            }
            FieldType::Person => reference("person"),
            FieldType::Department => reference("department"),
            FieldType::Party => reference("party"),
            FieldType::Reference(kinds) => {
                let patterns: Vec<String> = self
                    .register
                    .kinds
                    .iter()
                    .filter(|kind| kinds.is_empty() || kinds.contains(&kind.id))
                    .map(|kind| kind.number.expression())
                    .collect();
                json!({ "type": "string", "pattern": patterns.join("|") })
            }
            FieldType::Attachment => reference("attachment"),
            FieldType::Signature => reference("signature"),
            FieldType::Table { columns, .. } => {
                let mut rows = list(self.row(columns));
                if let Some(maximum) = field.maximum {
                    rows["maxItems"] = (maximum as u64).into();
                }
                rows
            }
        }
    }

    /// What plain sections have to say from a state on, where no condition
    /// decides: sections that then must be there, and their fields.
    fn required_from(&self, from: usize) -> Option<Value> {
        let kind = self.kind;
        let states: Vec<&str> = kind
            .states
            .iter()
            .filter(|state| state.phase != Phase::Draft && state.rank >= kind.states[from].rank)
            .map(|state| &*state.id)
            .collect();
        let mut sections = Map::new();
        for section in kind.sections.iter().filter(|section| !section.repeated) {
            let fields: Vec<&str> = section
                .fields
                .iter()
                .filter(|field| {
                    field.required.from == Some(from) && field.required.condition.is_none()
                })
                .map(|field| &*field.id)
                .collect();
            if !fields.is_empty() {
                sections.insert(section.id.to_string(), json!({ "required": fields }));
            }
        }
        if sections.is_empty() || states.is_empty() {
            return None;
        }
        let names: Vec<&String> = sections.keys().collect();
        Some(json!({
            "if": { "properties": { "state": { "enum": states } }, "required": ["state"] },
            "then": { "required": names, "properties": sections },
        }))
    }

    /// What fields have in common, the organisation's names among it.
    fn definitions(&self) -> Value {
        let organisation = &self.register.organisation;
        let people: Vec<Word<'_>> = organisation
            .people
            .iter()
            .map(|person| (&*person.id, self.text(&person.name)))
            .collect();
        let departments: Vec<Word<'_>> = organisation
            .departments
            .iter()
            .map(|department| (&*department.id, self.text(&department.name)))
            .collect();
        let parties: Vec<Word<'_>> = organisation
            .parties
            .iter()
            .map(|party| (&*party.id, self.text(&party.name)))
            .collect();
        json!({
            "date": { "type": "string", "format": "date", "pattern": DATE },
            "instant": { "type": "string", "pattern": INSTANT },
            "moment": { "anyOf": [reference("date"), reference("instant")] },
            "period": {
                "type": "object",
                "required": ["from", "to"],
                "properties": { "from": reference("moment"), "to": reference("moment") },
                "additionalProperties": false,
            },
            "signature": {
                "type": "object",
                "properties": {
                    "person": reference("person"),
                    "name": string(),
                    "at": reference("moment"),
                    "opinion": string(),
                },
                "additionalProperties": false,
            },
            "attachment": { "anyOf": [
                string(),
                {
                    "type": "object",
                    "properties": { "name": string(), "file": string() },
                    "anyOf": [{ "required": ["name"] }, { "required": ["file"] }],
                    "additionalProperties": false,
                },
            ] },
            "person": one_of(&people),
            "department": one_of(&departments),
            "party": one_of(&parties),
        })
    }
}

fn string() -> Value {
    json!({ "type": "string" })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// One of these words. `x-taplo` is where the TOML editors look for what each
/// of them means.
/// The value, or the empty text of a field that nobody has filled in yet.
fn or_left_open(value: Value) -> Value {
    json!({ "anyOf": [value, { "const": "" }] })
}

fn one_of(words: &[Word<'_>]) -> Value {
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    let meanings: Vec<&String> = words.iter().map(|(_, meaning)| meaning).collect();
    json!({
        "type": "string",
        "enum": names,
        "x-taplo": { "docs": { "enumValues": meanings } },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::path::Path;

    use toml::de::DeValue;

    use super::*;
    use crate::check::sample;
    use crate::register::load;

    /// TOML as editors show it to a schema: dates are strings.
    fn as_json(value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                json!(i64::from_str_radix(number.as_str(), number.radix()).unwrap())
            }
            DeValue::Float(number) => json!(number.as_str().parse::<f64>().unwrap()),
            DeValue::Boolean(value) => json!(value),
            DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
            DeValue::Array(items) => items.iter().map(|item| as_json(item.get_ref())).collect(),
            DeValue::Table(table) => Value::Object(
                table
                    .iter()
                    .map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref())))
                    .collect(),
            ),
        }
    }

    fn parsed(text: &str) -> Value {
        let table = toml::de::DeTable::parse(text).unwrap();
        as_json(&DeValue::Table(table.into_inner()))
    }

    fn errors(schema: &Value, text: &str) -> Vec<String> {
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(schema)
            .unwrap();
        validator
            .iter_errors(&parsed(text))
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect()
    }

    #[test]
    fn schemas_are_schemas_and_accept_every_sound_record_of_the_demonstration() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let loaded = load(root, &crate::register::LoadOptions::default());
        let register = &loaded.register;
        let mut wrong = loaded.findings.clone();
        wrong.extend(crate::check::check(register));
        let mut seen = 0;
        for language in [Language::Chinese, Language::English] {
            for kind in &register.kinds {
                let schema = schema(register, kind, language);
                assert!(jsonschema::meta::is_valid(&schema), "{}", kind.id);
                let of_kind = register
                    .records
                    .iter()
                    .filter(|record| *register.kind_of(record).id == *kind.id)
                    .filter(|record| wrong.iter().all(|found| found.place.file != record.file));
                for record in of_kind {
                    let text = &register.sources.file(record.file).text;
                    assert_eq!(
                        errors(&schema, text),
                        Vec::<String>::new(),
                        "{}",
                        record.id.value
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 0);
    }

    const SECTIONS: &str = r#"
[sections.request]
label = { zh = "需求", en = "Request" }
clause = "P1"
fields.person = { type = "person", required_from = "open", label = { zh = "发起人", en = "By" }, hint = { zh = "只写一人", en = "One person" } }
fields.code = { type = "text", pattern = "[A-Z]+", label = "代号" }
fields.due_on = { type = "date", label = "截止" }
fields.sent_at = { type = "instant", label = "发出" }
fields.time = { type = "period", label = "时间" }
fields.amount = { type = "money", label = "金额" }
fields.count = { type = "number", minimum = 1, label = "数" }
fields.who = { type = "person", many = true, maximum = 2, label = "谁" }
fields.files = { type = "attachment", many = true, label = "附件" }
fields.signature = { type = "signature", label = "签字" }
fields.before = { type = "reference", kinds = ["sample"], label = "前件" }
fields.way = { type = "choice", label = "方式", choices = [ { id = "mail", label = "邮件" } ] }
fields.parts.type = "table"
fields.parts.label = "部分"
fields.parts.columns.what = { type = "text", label = "内容" }
[sections.actions]
label = "任务"
repeated = true
fields.task = { type = "text", label = "任务" }
"#;

    fn sample_schema() -> Value {
        let loaded = sample::register(SECTIONS, &[]);
        schema(
            &loaded.register,
            &loaded.register.kinds[0],
            Language::Chinese,
        )
    }

    #[test]
    fn values_of_every_type_are_accepted_as_they_are_written() {
        let schema = sample_schema();
        for rest in [
            "due_on = 2026-05-20",
            "sent_at = 2026-05-06T09:30:00+08:00",
            "sent_at = 2026-05-06 09:30:00",
            "time = { from = 2026-05-08T14:00:00+08:00, to = 2026-05-08T15:30:00+08:00 }",
            "time = { from = 2026-05-08, to = 2026-05-09 }",
            "amount = 12\ncount = 1.5",
            "amount = \"12,000.50 CNY\"",
            "amount = \"12000元\"",
            "who = [\"li-na\", \"wang-wei\"]",
            "who = \"li-na\"",
            "files = \"无\"",
            "files = [\"a.pdf\", { name = \"b\", file = \"records/b.pdf\" }]",
            "signature = { person = \"li-na\", at = 2026-05-06T15:10:00+08:00, opinion = \"同意\" }",
            "before = \"YL-2026-0002\"\nway = \"mail\"\ncode = \"\"",
            "parts = [ { what = \"壳\" } ]",
        ] {
            let text = sample::record("open", &format!("[request]\nperson = \"li-na\"\n{rest}\n"));
            assert_eq!(errors(&schema, &text), Vec::<String>::new(), "{rest}");
        }
        assert_eq!(
            errors(&schema, &sample::record("draft", "")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_records_cannot_say_is_refused() {
        let schema = sample_schema();
        for rest in [
            "due_on = \"5月20日\"",
            "due_on = 2026-05-20T10:00:00+08:00",
            "sent_at = 2026-05-06",
            "time = { from = 2026-05-08 }",
            "amount = \"很多\"",
            "count = 0",
            "who = [\"nobody\"]",
            "who = [\"li-na\", \"li-na\", \"wang-wei\"]",
            "signature = \"li-na\"",
            "signature = { person = \"li-na\", when = 2026-05-06 }",
            "before = \"XT-2026-0002\"",
            "way = \"fax\"",
            "code = \"abc\"",
            "parts = [ { waht = \"壳\" } ]",
            "unknown = 1",
        ] {
            let text = sample::record("open", &format!("[request]\nperson = \"li-na\"\n{rest}\n"));
            assert_ne!(errors(&schema, &text), Vec::<String>::new(), "{rest}");
        }
        for record in [
            sample::record("opne", ""),
            sample::record("draft", "unknown = 1"),
            sample::record("draft", "priority = \"high\""),
            sample::record("draft", "").replace("YL-2026-0001", "YL-26-1"),
            sample::record("draft", "[actions]\ntask = \"x\""),
            // required from this state on: the section, and the field in it
            sample::record("open", ""),
            sample::record("open", "[request]\ncode = \"A\""),
        ] {
            assert_ne!(errors(&schema, &record), Vec::<String>::new(), "{record}");
        }
    }

    #[test]
    fn labels_hints_and_clauses_are_shown_in_the_language_asked_for() {
        let loaded = sample::register(SECTIONS, &[]);
        let kind = &loaded.register.kinds[0];
        let of = |language| schema(&loaded.register, kind, language);
        let person = "/properties/request/properties/person/description";
        assert_eq!(
            of(Language::Chinese).pointer(person).unwrap(),
            "发起人 · 只写一人"
        );
        assert_eq!(
            of(Language::English).pointer(person).unwrap(),
            "By · One person"
        );
        let request = "/properties/request/description";
        assert_eq!(
            of(Language::Chinese).pointer(request).unwrap(),
            "需求 · [P1]"
        );
        let states = "/properties/state/x-taplo/docs/enumValues/1";
        assert_eq!(of(Language::Chinese).pointer(states).unwrap(), "进行中");
    }
}
