//! Meetings with minutes, for `generate`'s company: a table of points that were
//! discussed, what was agreed, what is to be done, ten people who were there.
//! On paper two pages of form, or three to four of minutes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use jiff::civil::date;

use crate::generate::{DEPARTMENTS, Numbers, SENTENCES, TITLES, Wording, markdown, weekdays_after};

const CONCLUSIONS: [&str; 6] = [
    "改用第二家供应商的电芯，首批200只在5个工作日内到货。",
    "气密测试工位增加1台设备，节拍由52秒降到41秒。",
    "印刷前由质量部核对12项参数，错一项不放行。",
    "新夹具验收后再切换，切换当天安排2名工艺人员跟线。",
    "物料编码差异分3批处理，每批处理完给出清单。",
    "试产数量定为200台，直通率低于95%时停线分析。",
];

/// Adds `count` meetings whose minutes were sent to the repository at `root`.
pub fn generate(root: &Path, count: usize, wording: &Wording) -> io::Result<()> {
    for index in 0..count {
        let (year, sequence) = (2025 + index % 2, index / 2 + 1);
        let id = format!("HY-{year}-{sequence:04}");
        fs::write(
            root.join(format!("records/{year}/{id}.toml")),
            meeting(index, year, &id, wording),
        )?;
    }
    Ok(())
}

fn meeting(index: usize, year: usize, id: &str, wording: &Wording) -> String {
    let mut numbers = Numbers(0x4d65_6574 ^ index as u64);
    let begin = if year == 2025 {
        date(2025, 6, 2)
    } else {
        date(2026, 1, 5)
    };
    let held = weekdays_after(begin, 5 + numbers.below(60));
    let on = |days| weekdays_after(held, days);
    let (told, sent) = (weekdays_after(begin, 1), on(1));
    let first = numbers.below(10);
    let (own, _, _) = DEPARTMENTS[first];
    let there: Vec<&str> = (0..5)
        .map(|step| DEPARTMENTS[(first + step) % 10].0)
        .collect();

    let mut text = format!(
        r#"kind = "meeting"
id = "{id}"
title = "{}"
state = "recorded"

[meeting]
type = "internal"
purpose = ["decision"]
form = "onsite"
time = {{ from = {held}T14:00:00+08:00, to = {held}T16:{:02}:00+08:00 }}
place = "{}号楼{}层会议室"
department = "{own}"
lead = "{own}-1"
chair = "{own}-1"
recorder = "{own}-3"
goal = "确定{}轮试验的样机数量与完成日期"
agenda = [
  {{ topic = "上一轮试验结果", presenter = "{}-2", minutes = 30 }},
  {{ topic = "本轮安排", presenter = "{own}-2", minutes = 40 }},
]

[attendance]
people = [
"#,
        numbers.one_of(&TITLES),
        numbers.below(60),
        1 + numbers.below(9),
        1 + numbers.below(20),
        1 + numbers.below(30),
        there[1],
    );
    for (at, department) in there.iter().enumerate() {
        for number in [1, 2] {
            let person = format!("{department}-{number}");
            let role = if at == 0 && number == 1 {
                "chair"
            } else {
                "execution"
            };
            let signed = if numbers.below(5) > 0 {
                format!(
                    ", signature = {{ person = \"{person}\", at = {sent}T1{}:{:02}:00+08:00 }}",
                    numbers.below(8),
                    numbers.below(60)
                )
            } else {
                String::new()
            };
            let _ = writeln!(
                text,
                "  {{ person = \"{person}\", role = [\"{role}\"], presence = \"present\"{signed} }},"
            );
        }
    }
    let _ = write!(
        text,
        r#"]

[notice]
sent_at = {told}T10:00:00+08:00
sent_by = "{own}-1"
channels = ["oa"]
requirements = "各部门带上一轮试验记录，会前通读问题清单。"

[record]
background = """
{}"""
read_back = true
points = [
"#,
        markdown(&mut numbers, 3, wording),
    );
    for topic in ["试验结果", "产能", "物料", "夹具", "下一步"]
        .iter()
        .take(3 + numbers.below(3))
    {
        let _ = writeln!(
            text,
            "  {{ topic = \"{topic}{}\", discussion = \"{}\", conclusion = \"{}\" }},",
            1 + numbers.below(40),
            numbers.one_of(&SENTENCES).replace("**", ""),
            numbers.one_of(&CONCLUSIONS),
        );
    }
    text.push_str("]\n");
    for (number, owner) in there.iter().enumerate().skip(1).take(2) {
        let _ = write!(
            text,
            "\n[[consensus]]\nid = \"G{number}\"\ncontent = \"{}\"\nowner = \"{}-2\"\ndue_on = {}\nstandard = \"记录{}份，结论经质量部签字\"\n",
            numbers.one_of(&CONCLUSIONS),
            owner,
            on(3 + number),
            10 + numbers.below(90),
        );
    }
    let _ = write!(
        text,
        r#"
[minutes]
uploaded_at = {held}T17:30:00+08:00
distributed_at = {sent}T09:{:02}:00+08:00
prepared_by = "{own}-3"
receivers = ["{}", "{}"]
copied_to = ["office"]
objections_by = {}
attachments = "无"
"#,
        numbers.below(60),
        there[0],
        there[1],
        on(3),
    );
    for number in 1..=3 + numbers.below(3) {
        let department = there[number % 5];
        let _ = write!(
            text,
            "\n[[actions]]\nid = \"A{number}\"\ntask = \"完成第{}轮对比试验\"\ndepartment = \"{department}\"\nowner = \"{department}-3\"\ndue_on = {}\nstandard = \"试验记录{}份，结论经质量部签字\"\nstatus = \"doing\"\nupdated_on = {sent}\n",
            1 + numbers.below(30),
            on(4 + number),
            50 + numbers.below(100),
        );
    }
    text
}
