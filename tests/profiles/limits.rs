//! Every time rule of the five handbooks (T01–T32), through the profile that
//! has it: a small record, and the instant worked out by hand.
//!
//! The days behind the numbers (国办 2025 for 2026): Spring Festival is off
//! from Sunday 15 to Monday 23 February, with the Saturdays 14 and 28 February
//! worked; Labour Day is off from Friday 1 to Tuesday 5 May, with Saturday
//! 9 May worked; business closes at 18:00.

use std::collections::BTreeSet;

use taizhang::definition::Retention;
use taizhang::outlook::{Outlook, Viewer};

use crate::common::Repository;
use crate::one_record::{at, local, register_of};

/// A time rule as one handbook has it, with a record it applies to.
struct Rule {
    clause: &'static str,
    profile: &'static str,
    /// `kind.limit`.
    limit: &'static str,
    /// The record's state and sections.
    record: &'static str,
    /// Looked at then.
    as_of: &'static str,
    /// When it is due, each round or row, in the company's time.
    due: &'static [&'static str],
    /// Who owes it.
    owed_by: &'static str,
}

/// When what happened, most of it in the first working week of May 2026.
const RULES: &[Rule] = &[
    // ------------------------------------------------ S0 flow-handbook
    Rule {
        clause: "T01",
        profile: "flow-handbook",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-13T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-02-13T11:00:00+08:00",
        // the next working day is the Saturday before the festival
        due: &["2026-02-14 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T01",
        profile: "flow-handbook",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-14T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-02-14T11:00:00+08:00",
        // this handbook has one limit for every priority
        due: &["2026-02-24 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T02",
        profile: "flow-handbook",
        limit: "customer.assessment",
        record: "state = \"received\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\ndemand_class = \"complex\"\nreceived_at = 2026-04-29T16:00:00+08:00\n",
        as_of: "2026-04-29T17:00:00+08:00",
        due: &["2026-05-06 18:00"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T03",
        profile: "flow-handbook",
        limit: "collaboration.progress",
        record: "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-05T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n[execution]\nstarted_on = 2026-02-09\n",
        as_of: "2026-02-26T09:00:00+08:00",
        // both Mondays of the festival end on the first day after it
        due: &["2026-02-24 18:00", "2026-03-02 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T04",
        profile: "flow-handbook",
        limit: "customer.use-visit",
        record: "state = \"executing\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-04-10T10:00:00+08:00\n[execution]\nstarted_on = 2026-04-15\nin_use_on = 2026-04-24\n",
        as_of: "2026-04-27T09:00:00+08:00",
        // a week later is Labour Day: the first working day after it
        due: &["2026-05-06 18:00"],
        owed_by: "li-na",
    },
    Rule {
        // “regularly” is no length: the day agreed with the customer counts
        clause: "T05",
        profile: "flow-handbook",
        limit: "customer.agreed-sync",
        record: "state = \"executing\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-04-10T10:00:00+08:00\n[[contacts]]\ndue_on = 2026-05-08\n",
        as_of: "2026-05-06T09:00:00+08:00",
        due: &["2026-05-08 18:00"],
        owed_by: "li-na",
    },
    // --------------------------------------------- S1 liaison-standard
    Rule {
        clause: "T06",
        profile: "liaison-standard",
        limit: "notice.acknowledge",
        record: "state = \"issued\"\n[notice]\ndepartment = \"rd\"\ndrafter = \"zhang-wei\"\neveryone = true\nimportant = true\n[issue]\nissued_at = 2026-05-06T09:30:00+08:00\n[[acknowledgements]]\nperson = \"wang-qiang\"\nstatus = \"pending\"\n",
        as_of: "2026-05-06T10:00:00+08:00",
        // marketing has a row; of the other department its head
        due: &["2026-05-06 17:00", "2026-05-06 17:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T07",
        profile: "liaison-standard",
        limit: "notice.acknowledge-by",
        record: "state = \"issued\"\n[notice]\ndepartment = \"rd\"\ndrafter = \"zhang-wei\"\nreceivers = [\"marketing\"]\nimportant = true\nacknowledge_by = 2026-05-08T12:00:00+08:00\n[issue]\nissued_at = 2026-05-06T09:30:00+08:00\n",
        as_of: "2026-05-06T10:00:00+08:00",
        due: &["2026-05-08 12:00"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T09",
        profile: "liaison-standard",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-13T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-02-13T11:00:00+08:00",
        // Saturday 14 February is the first, Tuesday 24 the second
        due: &["2026-02-24 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T10",
        profile: "liaison-standard",
        limit: "customer.first-contact",
        record: "state = \"received\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-05-08T17:50:00+08:00\n",
        as_of: "2026-05-08T17:55:00+08:00",
        // Saturday 9 May is worked
        due: &["2026-05-09 18:00"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T11",
        profile: "liaison-standard",
        limit: "customer.formal-reply",
        record: "state = \"replying\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-04-27T10:00:00+08:00\n[solution]\nsettled_on = 2026-04-30\n",
        as_of: "2026-05-06T09:00:00+08:00",
        due: &["2026-05-07 18:00"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T12",
        profile: "liaison-standard",
        limit: "customer.sync",
        record: "state = \"executing\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-04-27T10:00:00+08:00\n[execution]\nstarted_on = 2026-05-06\n",
        as_of: "2026-05-10T09:00:00+08:00",
        // Saturday 9 May is worked, Tuesday 12 May is the round that runs
        due: &["2026-05-09 18:00", "2026-05-12 18:00"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T13",
        profile: "liaison-standard",
        limit: "customer.visit",
        record: "state = \"solved\"\n[intake]\ncustomer = \"lanjing\"\ndepartment = \"marketing\"\nhandler = \"li-na\"\nreceived_at = 2026-04-27T10:00:00+08:00\n[solving]\nsolved_on = 2026-05-07\n",
        as_of: "2026-05-07T19:00:00+08:00",
        // Friday 8, Saturday 9 (worked), Monday 11
        due: &["2026-05-11 18:00"],
        owed_by: "li-na",
    },
    Rule {
        // 30 April, 6 and 7 May; the supplier owes it
        clause: "T14",
        profile: "liaison-standard",
        limit: "supplier.quotation",
        record: "state = \"enquired\"\n[enquiry]\nparty = \"huaxin\"\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsent_at = 2026-04-29T10:00:00+08:00\n",
        as_of: "2026-04-29T11:00:00+08:00",
        due: &["2026-05-07 18:00"],
        owed_by: "huaxin",
    },
    Rule {
        clause: "T15",
        profile: "liaison-standard",
        limit: "supplier.quarterly",
        record: "state = \"performing\"\n[enquiry]\nmode = \"framework\"\nparty = \"huaxin\"\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsent_at = 2026-01-05T10:00:00+08:00\n[contract]\nsigned_on = 2026-01-31\n",
        as_of: "2026-05-06T09:00:00+08:00",
        // April has no 31st; a round is counted from the start, not from the last one
        due: &["2026-04-30 18:00", "2026-07-31 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        // 周报: every week
        clause: "T16",
        profile: "liaison-standard",
        limit: "collaboration.progress",
        record: "state = \"executing\"\npriority = \"routine\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-05T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n[execution]\nstarted_on = 2026-03-02\n",
        as_of: "2026-03-10T09:00:00+08:00",
        due: &["2026-03-09 18:00", "2026-03-16 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        // 日报: every working day, for what is urgent
        clause: "T16",
        profile: "liaison-standard",
        limit: "collaboration.progress",
        record: "state = \"executing\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-05T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n[execution]\nstarted_on = 2026-02-12\n",
        as_of: "2026-02-23T09:00:00+08:00",
        due: &["2026-02-13 18:00", "2026-02-14 18:00", "2026-02-24 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        // no handbook has a number for it: the project's own
        clause: "TR3",
        profile: "liaison-standard",
        limit: "collaboration.written-record",
        record: "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nchat_at = 2026-05-08T20:00:00+08:00\n",
        as_of: "2026-05-08T21:00:00+08:00",
        due: &["2026-05-09 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "TR3",
        profile: "liaison-standard",
        limit: "notice.written-record",
        record: "state = \"approving\"\n[notice]\ndepartment = \"rd\"\ndrafter = \"zhang-wei\"\n[issue]\nchat_at = 2026-04-30T20:00:00+08:00\n",
        as_of: "2026-04-30T21:00:00+08:00",
        due: &["2026-05-06 18:00"],
        owed_by: "zhang-wei",
    },
    // ------------------------------------------------- S2 record-guide
    Rule {
        clause: "T17",
        profile: "record-guide",
        limit: "meeting.distribute",
        record: "state = \"held\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\ntime = { from = 2026-04-30T14:00:00+08:00, to = 2026-04-30T15:30:00+08:00 }\n",
        as_of: "2026-04-30T16:00:00+08:00",
        due: &["2026-05-07 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T18",
        profile: "record-guide",
        limit: "meeting.sign",
        record: "state = \"recorded\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\ntime = { from = 2026-05-06T14:00:00+08:00, to = 2026-05-06T15:30:00+08:00 }\n[attendance]\npeople = [ { person = \"wang-qiang\", role = [\"execution\"], presence = \"present\" } ]\n[minutes]\ndistributed_at = 2026-05-06T17:00:00+08:00\nobjections_by = 2026-05-09\n",
        as_of: "2026-05-07T09:00:00+08:00",
        due: &["2026-05-09 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T19",
        profile: "record-guide",
        limit: "meeting.track",
        record: "state = \"recorded\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\ntime = { from = 2026-04-22T14:00:00+08:00, to = 2026-04-22T15:30:00+08:00 }\n[minutes]\ndistributed_at = 2026-04-24T17:00:00+08:00\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-20\n",
        as_of: "2026-05-07T09:00:00+08:00",
        // Friday 1 May is off: the round ends on the 6th; the next is the 8th
        due: &["2026-05-06 18:00", "2026-05-08 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T19",
        profile: "record-guide",
        limit: "collaboration.action",
        record: "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-20T10:00:00+08:00\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-09\n",
        as_of: "2026-05-06T09:00:00+08:00",
        due: &["2026-05-09 18:00"],
        owed_by: "wang-qiang",
    },
    // ----------------------------------------------- S3 platform-guide
    Rule {
        // hours run on: through the evening and through the festival
        clause: "T20",
        profile: "platform-guide",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-14T17:30:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-02-14T18:00:00+08:00",
        due: &["2026-02-14 19:30"],
        owed_by: "wang-qiang",
    },
    Rule {
        // 普通 is 中 and 低
        clause: "T21",
        profile: "platform-guide",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"important\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-14T17:30:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-02-14T18:00:00+08:00",
        due: &["2026-02-15 17:30"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T21",
        profile: "platform-guide",
        limit: "notice.acknowledge",
        record: "state = \"issued\"\npriority = \"routine\"\n[notice]\ndepartment = \"rd\"\ndrafter = \"zhang-wei\"\nreceivers = [\"marketing\"]\nimportant = true\n[issue]\nissued_at = 2026-05-06T09:30:00+08:00\n",
        as_of: "2026-05-06T10:00:00+08:00",
        due: &["2026-05-07 09:30"],
        owed_by: "li-na",
    },
    Rule {
        clause: "T23",
        profile: "platform-guide",
        limit: "meeting.upload",
        record: "state = \"held\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\nrecorder = \"wang-qiang\"\ntime = { from = 2026-05-06T16:00:00+08:00, to = 2026-05-06T17:45:00+08:00 }\n",
        as_of: "2026-05-06T18:00:00+08:00",
        due: &["2026-05-06 18:45"],
        owed_by: "wang-qiang",
    },
    Rule {
        // before the old date has passed
        clause: "T24",
        profile: "platform-guide",
        limit: "collaboration.announce-delay",
        record: "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-20T10:00:00+08:00\n[[delays]]\nitem = \"A1\"\nby = \"wang-qiang\"\nold_due = 2026-05-08\nnew_due = 2026-05-11\n",
        as_of: "2026-05-07T09:00:00+08:00",
        due: &["2026-05-08 18:00"],
        owed_by: "wang-qiang",
    },
    // ------------------------------------------- S4 coordination-guide
    Rule {
        clause: "T25",
        profile: "coordination-guide",
        limit: "collaboration.confirm",
        record: "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-29T10:00:00+08:00\n",
        as_of: "2026-04-29T11:00:00+08:00",
        // 30 April, 6 and 7 May
        due: &["2026-05-07 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T26",
        profile: "coordination-guide",
        limit: "collaboration.draft-plan",
        record: "state = \"submitted\"\npriority = \"important\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-05-06T10:00:00+08:00\n",
        as_of: "2026-05-06T11:00:00+08:00",
        // the week's last working day is its Saturday
        due: &["2026-05-09 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T27",
        profile: "coordination-guide",
        limit: "collaboration.draft-plan",
        record: "state = \"submitted\"\npriority = \"routine\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-01-20T10:00:00+08:00\n",
        as_of: "2026-01-20T11:00:00+08:00",
        // the last working day of February is its last Saturday
        due: &["2026-02-28 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T28",
        profile: "coordination-guide",
        limit: "meeting.notice",
        record: "state = \"scheduled\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\ntime = { from = 2026-03-02T14:00:00+08:00, to = 2026-03-02T15:00:00+08:00 }\n",
        as_of: "2026-02-25T09:00:00+08:00",
        // counted back from Monday 2 March: Saturday 28 February (worked), Friday 27
        due: &["2026-02-27 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T29",
        profile: "coordination-guide",
        limit: "meeting.distribute",
        record: "state = \"held\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\ntime = { from = 2026-02-14T14:00:00+08:00, to = 2026-02-14T15:30:00+08:00 }\n",
        as_of: "2026-02-14T16:00:00+08:00",
        due: &["2026-02-24 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T30",
        profile: "coordination-guide",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"urgent\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-30T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-04-30T11:00:00+08:00",
        due: &["2026-05-01 10:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T30",
        profile: "coordination-guide",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"important\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-30T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-04-30T11:00:00+08:00",
        due: &["2026-05-08 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T30",
        profile: "coordination-guide",
        limit: "collaboration.reply",
        record: "state = \"submitted\"\npriority = \"routine\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-04-24T10:00:00+08:00\npartners = [ { department = \"marketing\", contact = \"wang-qiang\", duty = \"x\" } ]\n",
        as_of: "2026-04-24T11:00:00+08:00",
        // a week later is Labour Day
        due: &["2026-05-06 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T31",
        profile: "coordination-guide",
        limit: "collaboration.track",
        record: "state = \"executing\"\n[request]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\nsubmitted_at = 2026-02-05T10:00:00+08:00\n[execution]\nstarted_on = 2026-05-06\n",
        as_of: "2026-05-14T09:00:00+08:00",
        due: &["2026-05-13 18:00", "2026-05-20 18:00"],
        owed_by: "zhang-wei",
    },
    Rule {
        clause: "T31",
        profile: "coordination-guide",
        limit: "meeting.announce-delay",
        record: "state = \"recorded\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-12\ndelayed_from = 2026-05-09\n",
        as_of: "2026-05-07T09:00:00+08:00",
        due: &["2026-05-09 18:00"],
        owed_by: "wang-qiang",
    },
    Rule {
        clause: "T32",
        profile: "coordination-guide",
        limit: "meeting.meeting-action",
        record: "state = \"recorded\"\n[meeting]\ndepartment = \"rd\"\nlead = \"zhang-wei\"\n[[actions]]\nid = \"A1\"\ntask = \"x\"\nowner = \"wang-qiang\"\ndue_on = 2026-05-10\n",
        as_of: "2026-05-07T09:00:00+08:00",
        // a date in the record is the date, a Sunday, too
        due: &["2026-05-10 18:00"],
        owed_by: "wang-qiang",
    },
];

#[test]
fn every_time_rule_is_due_when_its_handbook_says() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (kind, limit) = rule.limit.split_once('.').unwrap();
        let register = register_of(rule.profile, kind, rule.record);
        let outlook = Outlook::new(&register, rule.as_of.parse().unwrap(), Viewer::Internal);
        assert!(outlook.findings.is_empty(), "{:?}", outlook.findings);
        let found = at(&outlook, limit);
        let due: Vec<String> = found
            .iter()
            .map(|obligation| local(&register, obligation.due.instant))
            .collect();
        if due != rule.due {
            wrong.push(format!("{} {}: {due:?}", rule.clause, rule.limit));
            continue;
        }
        let first = found[0];
        let owed_by = first.owed_by.map(|who| register.organisation.id_of(who));
        if owed_by != Some(rule.owed_by) || first.clause.as_deref() != Some(rule.clause) {
            let clause = &first.clause;
            wrong.push(format!(
                "{} {}: {owed_by:?} {clause:?}",
                rule.clause, rule.limit
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Time rules that are no limit of a profile, and what carries them.
const CARRIED_OTHERWISE: [(&str, &str); 2] = [
    ("T08", "保存期限: `retention` of each kind, see below"),
    (
        "T22",
        "超时48小时升级: what follows T20 and T21, see `differences`",
    ),
];

#[test]
fn no_time_rule_of_a_handbook_is_left_out() {
    let register = Repository::new().clean().register;
    let all: BTreeSet<String> = register
        .clauses
        .iter()
        .map(|clause| clause.id.to_string())
        .filter(|id| id.starts_with('T') && id[1..].parse::<u32>().is_ok())
        .collect();
    assert_eq!(all.len(), 32);
    let shown: BTreeSet<String> = RULES
        .iter()
        .map(|rule| rule.clause.to_owned())
        .chain(CARRIED_OTHERWISE.map(|(clause, _)| clause.to_owned()))
        .filter(|id| all.contains(id))
        .collect();
    let lacking: Vec<&String> = all.difference(&shown).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn a_time_rule_stands_in_the_profile_of_its_handbook() {
    let register = Repository::new().clean().register;
    for rule in RULES {
        let Some(clause) = register
            .clauses
            .iter()
            .find(|clause| *clause.id == *rule.clause)
        else {
            panic!("{} is no clause", rule.clause);
        };
        let profile = register
            .profiles
            .iter()
            .find(|profile| *profile.id == *rule.profile)
            .unwrap();
        assert_eq!(
            profile.handbook.as_deref(),
            Some(&*clause.handbook),
            "{} in {}",
            rule.clause,
            rule.profile
        );
    }
}

#[test]
fn records_are_kept_for_a_year_at_least() {
    // T08; a class of DA/T 22 is longer
    let register = Repository::new().clean().register;
    for kind in &register.kinds {
        let kept = match kind.retention {
            Retention::Years(years) => years >= 1,
            Retention::Permanent => true,
        };
        assert!(kept, "{} is kept for {:?}", kind.id, kind.retention);
    }
}
