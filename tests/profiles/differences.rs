//! Where the handbooks differ: what follows a missed limit, which steps have
//! one at all, what priorities are called. What is a date in the record holds
//! under every one of them.

use taizhang::organisation::Subject;
use taizhang::outlook::{Outlook, Status, Viewer};
use taizhang::register::Register;

use crate::common::Repository;
use crate::one_record::{at, local, register_of};

const URGENT: &str = "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-05-06T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n";

/// Who is reminded since when, and to whom it goes when.
fn followed(register: &Register, limit: &str, as_of: &str) -> (Vec<String>, Vec<String>) {
    let outlook = Outlook::new(register, as_of.parse().unwrap(), Viewer::Internal);
    let found = at(&outlook, limit);
    assert_eq!(found[0].status, Status::Overdue);
    let organisation = &register.organisation;
    let reminded = found[0].reminders.iter().map(|step| {
        let to: Vec<&str> = step.to.iter().map(|who| organisation.id_of(*who)).collect();
        format!("{} {}", local(register, step.at), to.join(" "))
    });
    let escalated = found[0].escalation.iter().map(|step| {
        let to = step
            .to
            .map_or("", |who| organisation.id_of(Subject::Person(who)));
        format!("{} {to}", local(register, step.at))
    });
    (reminded.collect(), escalated.collect())
}

#[test]
fn t22_the_platform_reminds_and_48_hours_later_it_goes_to_the_head() {
    let register = register_of("platform-guide", "collaboration", URGENT);
    let (reminded, escalated) = followed(&register, "reply", "2026-05-06T12:00:01+08:00");
    assert_eq!(reminded, ["2026-05-06 12:00 wang-qiang"]);
    // counted from the breach (D5)
    assert_eq!(escalated, ["2026-05-08 12:00 li-na"]);
}

#[test]
fn d5_a_company_may_count_the_48_hours_from_the_start() {
    let shipped = include_str!("../../templates/profiles/platform-guide.toml");
    let own = shipped.replace(
        "escalation_from = \"breach\"",
        "escalation_from = \"start\"",
    );
    assert_ne!(shipped, own);
    let head =
        "kind = \"collaboration\"\nid = \"XT-2026-0001\"\ntitle = \"试装－首批－确认节拍\"\n";
    let loaded = Repository::new()
        .file("templates/profiles/default.toml", own)
        .file("records/XT-2026-0001.toml", format!("{head}{URGENT}"))
        .clean();
    let (_, escalated) = followed(&loaded.register, "reply", "2026-05-06T12:00:01+08:00");
    assert_eq!(escalated, ["2026-05-08 10:00 li-na"]);
}

#[test]
fn t19_the_record_guide_reminds_copies_both_heads_and_escalates_nothing() {
    let action = "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-20T10:00:00+08:00\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-06\n";
    let register = register_of("record-guide", "collaboration", action);
    let (reminded, escalated) = followed(&register, "action", "2026-05-20T09:00:00+08:00");
    assert_eq!(reminded, ["2026-05-06 18:00 wang-qiang li-na zhang-wei"]);
    assert_eq!(escalated, [] as [&str; 0]);
}

#[test]
fn t06_the_liaison_standard_reminds_who_has_not_looked() {
    let notice = "state = \"issued\"\n[notice]\ndepartment = \"rd\"\ndrafter = \"zhang-wei\"\nreceivers = [\"marketing\"]\nimportant = true\n[issue]\nissued_at = 2026-05-06T09:30:00+08:00\n";
    let register = register_of("liaison-standard", "notice", notice);
    let (reminded, escalated) = followed(&register, "acknowledge", "2026-05-06T17:00:01+08:00");
    assert_eq!(reminded, ["2026-05-06 17:00 li-na"]);
    assert_eq!(escalated, [] as [&str; 0]);
}

#[test]
fn the_others_do_neither() {
    for profile in ["flow-handbook", "coordination-guide"] {
        let register = register_of(profile, "collaboration", URGENT);
        let (reminded, escalated) = followed(&register, "reply", "2026-05-20T09:00:00+08:00");
        assert_eq!((reminded.len(), escalated.len()), (0, 0), "{profile}");
    }
}

#[test]
fn the_default_reminds_and_goes_up_two_levels() {
    let register = register_of("default", "collaboration", URGENT);
    let (reminded, escalated) = followed(&register, "reply", "2026-05-06T12:00:01+08:00");
    assert_eq!(reminded, ["2026-05-06 12:00 wang-qiang"]);
    // five working days after the breach, with Saturday 9 May worked: Tuesday 12
    assert_eq!(
        escalated,
        ["2026-05-08 12:00 li-na", "2026-05-12 18:00 zhao-min"]
    );
}

#[test]
fn t18_silence_is_shown_and_is_no_consent() {
    let minutes = "state = \"recorded\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\n[attendance]\npeople = [ { person = \"wang-qiang\", role = [\"execution\"], presence = \"present\" } ]\n[minutes]\ndistributed_at = 2026-05-06T17:00:00+08:00\nobjections_by = 2026-05-08\n";
    for profile in crate::demonstration::PROFILES {
        let register = register_of(profile, "meeting", minutes);
        let as_of = "2026-05-09T09:00:00+08:00".parse().unwrap();
        let outlook = Outlook::new(&register, as_of, Viewer::Internal);
        assert_eq!(at(&outlook, "sign")[0].status, Status::Overdue, "{profile}");
    }
}

#[test]
fn dates_in_the_record_hold_under_every_profile() {
    let record = "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-20T10:00:00+08:00\ndue_on = 2026-05-29\n[[milestones]]\nname = \"样机\"\ndue_at = 2026-05-12T12:00:00+08:00\nowner = \"zhang-wei\"\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-09\n[[problems]]\nid = \"Q1\"\nissue = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-11\n";
    for profile in crate::demonstration::PROFILES {
        let register = register_of(profile, "collaboration", record);
        let as_of = "2026-05-06T09:00:00+08:00".parse().unwrap();
        let outlook = Outlook::new(&register, as_of, Viewer::Internal);
        for (limit, due) in [
            ("action", "2026-05-09 18:00"),
            ("problem", "2026-05-11 18:00"),
            ("milestone", "2026-05-12 12:00"),
            ("finish", "2026-05-29 18:00"),
        ] {
            let found = at(&outlook, limit);
            assert_eq!(found.len(), 1, "{limit} under {profile}");
            assert_eq!(
                local(&register, found[0].due.instant),
                due,
                "{limit} under {profile}"
            );
        }
    }
}

#[test]
fn priorities_are_called_what_the_handbook_calls_them() {
    use taizhang::definition::Priority;
    use taizhang::text::Language;
    for (profile, words) in [
        ("platform-guide", ["高（紧急）", "中", "低"]),
        ("coordination-guide", ["紧急", "重要", "常规"]),
        ("flow-handbook", ["紧急", "复杂", "常规"]),
    ] {
        let register = crate::demonstration::demonstration(profile).register;
        let found = Priority::ALL.map(|priority| {
            register
                .profile()
                .priority(priority)
                .get(Language::Chinese)
                .to_owned()
        });
        assert_eq!(found, words, "{profile}");
    }
}

#[test]
fn minutes_and_notices_of_meetings_have_other_limits_in_other_handbooks() {
    let held = "state = \"held\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\nrecorder = \"wang-qiang\"\ntime = { from = 2026-05-08T14:00:00+08:00, to = 2026-05-08T15:30:00+08:00 }\n[notice]\nsent_at = 2026-05-07T09:00:00+08:00\n";
    // notice, upload, distribute
    let expected: [(&str, [Option<&str>; 3]); 6] = [
        (
            "default",
            [
                Some("2026-05-06 18:00"),
                Some("2026-05-08 16:30"),
                Some("2026-05-09 18:00"),
            ],
        ),
        ("flow-handbook", [None, None, None]),
        ("liaison-standard", [None, None, None]),
        ("record-guide", [None, None, Some("2026-05-11 18:00")]),
        ("platform-guide", [None, Some("2026-05-08 16:30"), None]),
        (
            "coordination-guide",
            [Some("2026-05-06 18:00"), None, Some("2026-05-09 18:00")],
        ),
    ];
    for (profile, due) in expected {
        let register = register_of(profile, "meeting", held);
        let as_of = "2026-05-08T16:00:00+08:00".parse().unwrap();
        let outlook = Outlook::new(&register, as_of, Viewer::Internal);
        for (limit, due) in ["notice", "upload", "distribute"].into_iter().zip(due) {
            let found = at(&outlook, limit);
            let found = found
                .first()
                .map(|found| local(&register, found.due.instant));
            assert_eq!(found.as_deref(), due, "{limit} under {profile}");
        }
    }
}
