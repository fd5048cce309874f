//! A repository of any size, the same on every machine: a company of 10
//! departments and 40 people, and records of the kind `collaboration` of about
//! 2.7 KB: 25 fields, 3 to 6 tables, 150 Chinese words of Markdown. Half of
//! them are replied to, a quarter is being carried out, and `check` finds no
//! error in them; some of their limits are missed.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// The instant at which the generated records are looked at.
pub const AS_OF: &str = "2026-05-07T09:00:00+08:00";

pub(crate) const DEPARTMENTS: [(&str, &str, &str); 10] = [
    ("research", "研究中心", "Research"),
    ("hardware", "硬件部", "Hardware"),
    ("software", "软件部", "Software"),
    ("quality", "质量部", "Quality"),
    ("factory", "制造部", "Manufacturing"),
    ("purchasing", "采购部", "Purchasing"),
    ("market", "市场部", "Marketing"),
    ("sales", "销售部", "Sales"),
    ("finance", "财务部", "Finance"),
    ("office", "综合部", "Administration"),
];

/// Sentences of eleven to fifteen words each, with what a reader would count.
pub(crate) const SENTENCES: [&str; 12] = [
    "上一批样机在低温箱内连续运行72小时，有3台出现屏幕闪烁，需要确认排线压接的余量。",
    "渠道门店反馈表带卡扣的拆装次数不足200次，影响第二季度的换新活动。",
    "两条产线的节拍相差11秒，瓶颈在气密测试工位，目前靠加班弥补。",
    "供应商提供的电芯批次合格率为98.2%，低于合同约定的99%。",
    "各部门使用的物料编码仍有46条对不上，盘点时要逐条人工核对。",
    "本次协作只涉及国内版本，海外认证资料由另一事项跟踪。",
    "包装说明书的三处参数与实测数据不一致，印刷前必须改正。",
    "**范围**：结构、固件、工艺文件三部分，不含外观更改。",
    "测试记录按批次存放在协作平台，每份记录写明设备编号与操作人。",
    "试产安排在月中，数量200台，结束后两个工作日内给出直通率。",
    "现有夹具只能装一种表壳，新夹具到位前由工艺组调整工序顺序。",
    "客服统计的退换原因中，充电接触不良占27%，居第一位。",
];

const GOALS: [&str; 4] = [
    "把直通率由91%提高到96%，并给出100台的对比数据。",
    "换新活动开始前完成200次拆装试验，失效不超过1件。",
    "物料编码差异由46条减到0条，盘点用时不超过4小时。",
    "充电接触不良的退换占比由27%降到10%以下。",
];

pub(crate) const TITLES: [&str; 5] = [
    "手表S5－试产－确定装配节拍",
    "手环B2－选型－核定电芯批次",
    "耳机E1－认证－补齐测试资料",
    "表带T3－改型－完成卡扣试验",
    "系统M4－盘点－统一物料编码",
];

/// Numbers that look random and are the same everywhere (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    pub(crate) fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// What the Markdown of records is made of.
pub enum Wording {
    /// Twelve sentences, again and again.
    Sentences,
    /// Two to four of these phrases a sentence, the first ones most often: as
    /// many different words as people use.
    Phrases(Vec<String>),
}

impl Wording {
    fn sentence(&self, numbers: &mut Numbers, step: usize) -> String {
        let Wording::Phrases(phrases) = self else {
            return SENTENCES[step % SENTENCES.len()].to_owned();
        };
        let mut picked = (0..2 + numbers.below(3)).map(|_| {
            let (one, other) = (numbers.below(phrases.len()), numbers.below(phrases.len()));
            phrases[one * other / phrases.len()].as_str()
        });
        let mut sentence = picked.next().unwrap_or_default().to_owned();
        for phrase in picked {
            sentence.push('，');
            sentence.push_str(phrase);
        }
        sentence.push('。');
        sentence
    }
}

/// Writes a repository of `count` records below `root`, which must not exist.
pub fn generate(root: &Path, count: usize, wording: &Wording) -> io::Result<()> {
    let organisation = root.join("records/organisation");
    fs::create_dir_all(&organisation)?;
    fs::write(root.join("taizhang.toml"), settings())?;
    fs::write(organisation.join("departments.toml"), departments())?;
    fs::write(organisation.join("people.toml"), people())?;
    fs::write(organisation.join("parties.toml"), "")?;
    // Two years, as in a repository whose folders are years.
    for year in [2025, 2026] {
        fs::create_dir_all(root.join(format!("records/{year}")))?;
    }
    for index in 0..count {
        let (year, sequence) = (2025 + index % 2, index / 2 + 1);
        let id = format!("XT-{year}-{sequence:04}");
        fs::write(
            root.join(format!("records/{year}/{id}.toml")),
            record(index, year, &id, wording),
        )?;
    }
    Ok(())
}

fn settings() -> String {
    format!(
        r#"name = {{ zh = "计量用公司", en = "Company for measuring" }}
short_name = {{ zh = "计量", en = "Measuring" }}
language = "zh"
time_zone = "Asia/Shanghai"
profile = "default"
coordination_office = "office"
as_of = {AS_OF}
"#
    )
}

fn departments() -> String {
    let mut text = String::new();
    for (id, zh, en) in DEPARTMENTS {
        let _ = write!(
            text,
            "[{id}]\nname = {{ zh = \"{zh}\", en = \"{en}\" }}\nhead = \"{id}-1\"\nleader = \"office-1\"\n\n"
        );
    }
    text
}

fn people() -> String {
    const FAMILY: [&str; 10] = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈"];
    const GIVEN: [&str; 4] = ["立新", "晓岚", "文博", "雨桐"];
    let mut text = String::new();
    for (department, family) in DEPARTMENTS.iter().zip(FAMILY) {
        for (number, given) in (1..).zip(GIVEN) {
            let id = format!("{}-{number}", department.0);
            let _ = write!(
                text,
                "[{id}]\nname = \"{family}{given}\"\ndepartment = \"{}\"\nemail = \"{id}@example.com\"\n\n",
                department.0
            );
        }
    }
    text
}

/// `days` weekdays after `start`; a holiday here and there is a fact of life.
pub(crate) fn weekdays_after(start: Date, days: usize) -> Date {
    let mut day = start;
    let mut left = days;
    loop {
        let off = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !off {
            if left == 0 {
                return day;
            }
            left -= 1;
        }
        day = day.saturating_add(1.day());
    }
}

pub(crate) fn markdown(numbers: &mut Numbers, sentences: usize, wording: &Wording) -> String {
    let first = numbers.below(SENTENCES.len());
    let mut text = String::new();
    for step in 0..sentences {
        let sentence = wording.sentence(numbers, first + step * 5);
        let _ = writeln!(text, "{}{sentence}", if step % 3 == 2 { "- " } else { "" });
    }
    text
}

fn record(index: usize, year: usize, id: &str, wording: &Wording) -> String {
    let mut numbers = Numbers(index as u64);
    let executing = index % 4 == 3;
    let replied = executing || index.is_multiple_of(2);
    let begin = if year == 2025 {
        date(2025, 6, 2)
    } else {
        date(2026, 1, 5)
    };
    let asked = weekdays_after(begin, numbers.below(if year == 2025 { 130 } else { 65 }));
    let on = |days| weekdays_after(asked, days);
    let first = numbers.below(10);
    let (own, _, _) = DEPARTMENTS[first];
    let partners: Vec<&str> = (1..=if executing { 1 } else { 2 })
        .map(|step| DEPARTMENTS[(first + step * 3) % 10].0)
        .collect();
    let person = format!("{own}-{}", 2 + numbers.below(3));
    let state = if executing { "executing" } else { "submitted" };
    let priority = ["routine", "important", "routine"][index % 3];

    let mut text = format!(
        r#"kind = "collaboration"
id = "{id}"
title = "{}"
state = "{state}"
priority = "{priority}"

[request]
department = "{own}"
person = "{person}"
submitted_at = {asked}T{:02}:{:02}:00+08:00
scenario = "{}"
lead_department = "{own}"
background = """
{}"""
scope = "包含：样机、夹具、工艺文件。不包含：外观与包装。"
goal = "{}"
tasks = """
{}"""
outcome = "对比数据表1份，更新后的工艺文件1份。"
starts_on = {}
due_on = {}
attachments = "无"
head_signature = {{ person = "{own}-1", at = {asked}T08:40:00+08:00, opinion = "同意发起" }}
partners = [
"#,
        numbers.one_of(&TITLES),
        9 + numbers.below(3),
        numbers.below(60),
        numbers.one_of(&["project", "resources", "problem", "improvement"]),
        markdown(&mut numbers, if executing { 2 } else { 5 }, wording),
        numbers.one_of(&GOALS),
        markdown(&mut numbers, if executing { 3 } else { 4 }, wording),
        on(1),
        on(20),
    );
    for partner in &partners {
        let _ = writeln!(
            text,
            "  {{ department = \"{partner}\", contact = \"{partner}-2\", duty = \"提供测试数据并安排1名对接人\" }},"
        );
    }
    text.push_str("]\n");
    if index % 3 != 1 {
        let _ = write!(
            text,
            "resources = [\n  {{ category = \"people\", what = \"测试工程师\", quantity = \"{}人天\", provider = \"{}\", needed_on = {} }},\n]\n",
            3 + numbers.below(9),
            partners[0],
            on(3),
        );
    }
    if replied {
        for partner in &partners {
            // One in eight replies after the limit.
            let days = if numbers.below(8) == 0 { 4 } else { 1 };
            let at = on(days);
            let _ = write!(
                text,
                "\n[[replies]]\ndepartment = \"{partner}\"\nby = \"{partner}-2\"\nat = {at}T10:{:02}:00+08:00\ndecision = \"accept\"\ncapacity = {}\nchannel = \"platform\"\nsignature = {{ person = \"{partner}-1\", at = {at}T11:30:00+08:00, opinion = \"同意承接\" }}\n",
                numbers.below(60),
                2 + numbers.below(8),
            );
        }
    }
    let _ = write!(
        text,
        "\n[[milestones]]\nname = \"试验完成\"\ndue_at = {}T17:00:00+08:00\nowner = \"{person}\"\n",
        on(12)
    );
    if executing {
        let (partner, planned) = (partners[0], on(5));
        let _ = write!(
            text,
            r#"
[[department_plans]]
department = "{partner}"
by = "{partner}-2"
submitted_on = {}
duties = "完成100台样机的对比试验。"
resources = "测试工程师1人"
starts_on = {}
ends_on = {}
needs = "无"

[plan]
version = "V1.0"
approach = "先试验后改文件，每周三同步一次。"
feasibility = "yes"
resources_match = "yes"
schedule_holds = "yes"
review = "各部门线上评审，意见已并入方案。"
approved_on = {planned}
signatures = [
  {{ department = "{partner}", signature = {{ person = "{partner}-1", at = {planned}T15:00:00+08:00, opinion = "同意" }} }},
]

[execution]
started_on = {}
"#,
            on(4),
            on(6),
            on(14),
            on(6)
        );
    }
    let done = executing && index % 8 == 3;
    for (number, (owner, days)) in [(person.as_str(), 10), ("", 15)].into_iter().enumerate() {
        let (department, owner) = if owner.is_empty() {
            (partners[0], format!("{}-3", partners[0]))
        } else {
            (own, owner.to_owned())
        };
        let _ = write!(
            text,
            "\n[[actions]]\nid = \"A{}\"\ntask = \"完成第{}轮对比试验\"\ndepartment = \"{department}\"\nowner = \"{owner}\"\ndue_on = {}\nstandard = \"试验记录100份，结论经质量部签字\"\nstatus = \"{}\"\n",
            number + 1,
            number + 1,
            on(days),
            if done { "done" } else { "doing" },
        );
        if done {
            let _ = writeln!(text, "done_on = {}", on(days - 1));
        }
    }
    text
}
