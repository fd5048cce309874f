//! What follows a missed limit, as the handbook has it: nothing, a reminder,
//! or a reminder and then the next level.

use taizhang::organisation::Subject;
use taizhang::outlook::{Obligation, Outlook, Status};

use crate::common::{Repository, outlook};

const KIND: &str = r#"
name = { zh = "通告", en = "Bulletin" }
number = "TG-{year}-{seq:4}"
responsible = "bulletin.drafter"
department = "bulletin.department"

[sections.bulletin]
label = "通告"
fields.department = { type = "department", label = "发文部门" }
fields.drafter = { type = "person", label = "拟稿人" }
fields.at = { type = "instant", label = "发布时间", event = true }
fields.everyone = { type = "boolean", label = "全体部门" }
fields.receivers = { type = "department", many = true, label = "接收部门" }

[sections.receipts]
label = "回执"
repeated = true
identity = "person"
fields.person = { type = "person", label = "回执人" }
fields.at = { type = "instant", label = "回执时间" }

[[states]]
id = "draft"
label = "草稿"
phase = "draft"
[[states]]
id = "issued"
label = "已发布"
phase = "open"
entered = "bulletin.at"

[[limits]]
id = "receipt"
label = "回执"
from = "bulletin.at"
each = "receipts"
expected = { departments = ["bulletin.receivers"], everyone = "bulletin.everyone" }
to = "receipts.at"
owed_by = "receipts.person"
owed_to = "bulletin.drafter"

[[forms]]
id = "sheet"
name = "回执单"
style = "form"
layout = [ { obligations = ["receipt"], words = { open = "待回执", met = "已回执" } } ]
"#;

const PROFILE: &str = r#"
name = "测试制度"
priority = { urgent = "紧急", important = "重要", routine = "常规" }
[limits.bulletin.receipt]
length = "1wd"
clause = "T01"
"#;

/// Issued by the research department on Thursday 30 April 2026; the first
/// working day after Labour Day is 6 May. Of three departments marketing has a
/// row, and not its head's.
const BODY: &str = r#"
[bulletin]
department = "rd"
drafter = "zhang-wei"
at = 2026-04-30T10:00:00+08:00
everyone = true
[[receipts]]
person = "wang-qiang"
"#;

fn bulletin(profile: &str, body: &str) -> taizhang::register::Loaded {
    let head = "kind = \"bulletin\"\nid = \"TG-2026-0001\"\ntitle = \"试装－首批－确认节拍\"\nstate = \"issued\"\n";
    Repository::new()
        .file("templates/kinds/bulletin/kind.toml", KIND)
        .file(
            "templates/profiles/default.toml",
            format!("{PROFILE}{profile}"),
        )
        .file("records/TG-2026-0001.toml", format!("{head}{body}"))
        .clean()
}

fn id<'o>(outlook: &'o Outlook<'_>, subject: Option<Subject>) -> &'o str {
    subject.map_or("", |subject| outlook.register.organisation.id_of(subject))
}

fn owed_by<'o>(outlook: &'o Outlook<'_>) -> Vec<&'o str> {
    let obligations = outlook.obligations.iter();
    obligations
        .map(|obligation| id(outlook, obligation.owed_by))
        .collect()
}

const LATER: &str = "2026-05-07T09:00:00+08:00";

#[test]
fn to_everyone_is_every_head_but_for_departments_that_are_named() {
    let loaded = bulletin("", BODY);
    let outlook = outlook(&loaded, LATER);
    // the issuing department owes itself nothing; li-na's department has a row
    assert_eq!(owed_by(&outlook), ["wang-qiang", "sun-li"]);
    for obligation in &outlook.obligations {
        assert_eq!(obligation.due.date.to_string(), "2026-05-06");
        assert_eq!(obligation.status, Status::Overdue);
    }
}

#[test]
fn to_some_departments_is_their_heads() {
    let some = |receivers: &str| {
        let body = BODY
            .replace("everyone = true", receivers)
            .replace("[[receipts]]\nperson = \"wang-qiang\"\n", "");
        let loaded = bulletin("", &body);
        let outlook = outlook(&loaded, LATER);
        owed_by(&outlook)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(some("receivers = [\"marketing\", \"rd\"]"), ["li-na"]);
    assert_eq!(some("everyone = false"), [] as [&str; 0]);
    // a department that is named twice owes it once
    assert_eq!(
        some("receivers = [\"admin\", \"marketing\", \"admin\"]"),
        ["sun-li", "li-na"]
    );
}

#[test]
fn the_sheet_shows_who_has_not_answered() {
    use taizhang::print::forms_of;
    use taizhang::text::Language;
    let answered = BODY.replace(
        "person = \"wang-qiang\"",
        "person = \"wang-qiang\"\nat = 2026-05-06T17:00:00+08:00",
    );
    let loaded = bulletin("", &answered);
    let register = &loaded.register;
    let papers = forms_of(register, &register.records[0]);
    let view = papers[0].view(register, Language::Chinese);
    let json = serde_json::to_value(&view.blocks).unwrap();
    let rows: Vec<Vec<&str>> = json[0]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let cells = row.as_array().unwrap().iter();
            cells
                .map(|cell| cell["lines"][0].as_str().unwrap_or(""))
                .collect()
        })
        .collect();
    assert_eq!(
        rows,
        [
            [
                "市场部",
                "王强",
                "2026-05-06 18:00",
                "2026-05-06 17:00",
                "已回执"
            ],
            ["行政部", "孙丽", "2026-05-06 18:00", "", "待回执"],
        ]
    );
}

fn reminded(outlook: &Outlook<'_>, obligation: &Obligation) -> Vec<(String, Vec<String>, bool)> {
    obligation
        .reminders
        .iter()
        .map(|step| {
            let to = step.to.iter().map(|who| id(outlook, Some(*who)).to_owned());
            let at = step
                .at
                .to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
            (
                at.strftime("%m-%d %H:%M").to_string(),
                to.collect(),
                step.reached,
            )
        })
        .collect()
}

fn steps(profile: &str, as_of: &str) -> Vec<(String, Vec<String>, bool)> {
    let loaded = bulletin(profile, BODY);
    let outlook = outlook(&loaded, as_of);
    reminded(&outlook, &outlook.obligations[0])
}

#[test]
fn a_handbook_that_says_nothing_reminds_nobody() {
    assert_eq!(steps("", LATER), []);
}

#[test]
fn the_owner_is_reminded_and_both_heads_are_copied() {
    let profile = "remind = [ { to = [\"owner\", \"both-heads\"], clause = \"T19\" } ]\n";
    let all = ["wang-qiang", "li-na", "zhang-wei"]
        .map(str::to_owned)
        .to_vec();
    let at = "05-06 18:00".to_owned();
    // at the very last instant nothing is missed yet
    assert_eq!(
        steps(profile, "2026-05-06T18:00:00+08:00"),
        [(at.clone(), all.clone(), false)]
    );
    assert_eq!(
        steps(profile, "2026-05-06T18:00:01+08:00"),
        [(at, all, true)]
    );
}

#[test]
fn within_one_department_no_heads_are_copied() {
    let profile = "remind = [ { to = [\"both-heads\"] } ]\n";
    let inside = BODY.replace("person = \"wang-qiang\"", "person = \"zhang-wei\"");
    let loaded = bulletin(profile, &inside);
    let outlook = outlook(&loaded, LATER);
    assert_eq!(reminded(&outlook, &outlook.obligations[0]), []);
}

#[test]
fn a_reminder_can_come_before_and_again_after() {
    let profile = "remind = [ { after = \"24h\", to = [\"head\", \"leader\", \"office\", \"creditor\"] }, { after = \"-1wd\", to = [\"owner\"] } ]\n";
    let first = (
        "04-30 18:00".to_owned(),
        vec!["wang-qiang".to_owned()],
        true,
    );
    let second = ["li-na", "zhao-min", "sun-li", "zhang-wei"].map(str::to_owned);
    let second = ("05-07 18:00".to_owned(), second.to_vec(), false);
    assert_eq!(steps(profile, LATER), [first, second]);
}

#[test]
fn who_has_answered_is_not_reminded() {
    let profile = "remind = [ { to = [\"owner\"] } ]\n";
    let answered = BODY.replace(
        "person = \"wang-qiang\"",
        "person = \"wang-qiang\"\nat = 2026-05-07T08:00:00+08:00",
    );
    let loaded = bulletin(profile, &answered);
    let outlook = outlook(&loaded, LATER);
    assert_eq!(outlook.obligations[0].status, Status::MetLate);
    assert_eq!(reminded(&outlook, &outlook.obligations[0]), []);
}

#[test]
fn a_misspelt_recipient_is_pointed_at() {
    let loaded = Repository::new()
        .file("templates/kinds/bulletin/kind.toml", KIND)
        .file(
            "templates/profiles/default.toml",
            format!("{PROFILE}remind = [ {{ to = [\"onwer\"] }}, {{ clause = \"T19\" }} ]\n"),
        )
        .load();
    let rules: Vec<(&str, &str)> = loaded
        .findings
        .iter()
        .map(|finding| (&*finding.rule, loaded.register.sources.words(finding.place)))
        .collect();
    assert_eq!(rules[0], ("unknown-word", "\"onwer\""));
    assert_eq!(rules[1].0, "missing-key");
    assert_eq!(rules.len(), 2);
}
