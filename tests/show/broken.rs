//! A broken copy: every planted fault is found where it was planted, nothing
//! else is, and the other records still load.

use std::collections::{BTreeMap, BTreeSet};

use super::demonstration::{AS_OF, Demonstration};

/// Path, line, column, end line, end column, level, rule.
type Found = (String, u64, u64, u64, u64, String, String);

struct Broken {
    repository: Demonstration,
    /// Files with the faults in them, each between two copies of its mark.
    texts: BTreeMap<String, String>,
    /// Level and rule of the fault of each mark.
    marks: Vec<(String, String)>,
    expected: BTreeSet<Found>,
}

/// The mark around fault `number`: a character that no record has.
fn mark(number: usize) -> char {
    char::from_u32(0xe000 + number as u32).unwrap()
}

fn is_mark(character: char) -> bool {
    ('\u{e000}'..'\u{f000}').contains(&character)
}

impl Broken {
    /// Replaces `from` in the file by `to`, in which «» stand around the words
    /// that must be pointed at.
    fn fault(&mut self, path: &str, from: &str, to: &str, rule: &str) {
        self.plant(path, from, to, "error", rule);
    }

    fn plant(&mut self, path: &str, from: &str, to: &str, level: &str, rule: &str) {
        let path = format!("records/{path}.toml");
        let text = self
            .texts
            .entry(path)
            .or_insert_with_key(|path| self.repository.read(path));
        assert!(text.contains(from), "no {from} in\n{text}");
        let mark = mark(self.marks.len());
        let to = to.replace(['«', '»'], &mark.to_string());
        *text = text.replacen(from, &to, 1);
        self.marks.push((level.to_owned(), rule.to_owned()));
    }

    /// A file without a place in it to point at.
    fn whole(&mut self, path: &str, rule: &str) {
        let path = format!("records/{path}");
        self.expect(path, (1, 1), (1, 1), "error", rule);
    }

    fn expect(&mut self, path: String, from: (u64, u64), to: (u64, u64), level: &str, rule: &str) {
        let (level, rule) = (level.to_owned(), rule.to_owned());
        self.expected
            .insert((path, from.0, from.1, to.0, to.1, level, rule));
    }

    /// Writes the faults to the files.
    fn finish(mut self) -> Self {
        for (path, text) in std::mem::take(&mut self.texts) {
            let position = |at: usize| {
                let before = &text[..at];
                let line = before.matches('\n').count() as u64 + 1;
                let last = before.rsplit('\n').next().unwrap();
                let column = last.chars().filter(|c| !is_mark(*c)).count() as u64 + 1;
                (line, column)
            };
            for number in 0..self.marks.len() {
                let (Some(start), Some(end)) = (text.find(mark(number)), text.rfind(mark(number)))
                else {
                    continue;
                };
                let (level, rule) = self.marks[number].clone();
                self.expect(path.clone(), position(start), position(end), &level, &rule);
            }
            self.repository.write(&path, text.replace(is_mark, ""));
        }
        self
    }

    fn found(&self) -> BTreeSet<Found> {
        let findings = self.repository.findings();
        findings
            .iter()
            .map(|finding| {
                let text = |key: &str| finding[key].as_str().unwrap().to_owned();
                let number = |key: &str| finding[key].as_u64().unwrap();
                (
                    text("path"),
                    number("line"),
                    number("column"),
                    number("end_line"),
                    number("end_column"),
                    text("level"),
                    text("rule"),
                )
            })
            .collect()
    }
}

fn broken() -> Broken {
    let repository = Demonstration::new();
    let mut broken = Broken {
        repository,
        texts: BTreeMap::new(),
        marks: Vec::new(),
        expected: BTreeSet::new(),
    };
    // the three warnings that the demonstration is meant to have
    broken.expected = broken.found();
    assert_eq!(broken.expected.len(), 3);
    plant_values(&mut broken);
    plant_wording(&mut broken);
    plant_matters(&mut broken);
    plant_files(&mut broken);
    broken.finish()
}

/// Keys, types and names.
fn plant_values(broken: &mut Broken) {
    let xt12 = "2026/XT-2026-0012";
    broken.fault(xt12, "tool = \"周报", "«toool» = \"周报", "unknown-key");
    broken.fault(
        xt12,
        "project = \"星曜S3 Pro\"",
        "project = «3»",
        "wrong-type",
    );
    broken.fault(
        xt12,
        "with = [\"li-na\"]",
        "with = [«\"li-nn\"»]",
        "unknown-person",
    );
    broken.fault(
        xt12,
        "{ department = \"quality\", signature",
        "{ department = «\"qualty\"», signature",
        "unknown-department",
    );
    broken.fault(
        xt12,
        "related = [\"XT-2026-0006\", \"XT-2026-0009\",",
        "related = [\"XT-2026-0006\", «\"XT-2026-0099\"»,",
        "unknown-reference",
    );
    broken.fault(
        "2026/HY-2026-0013",
        "parties = [\"chaoliu-weekly\"]",
        "parties = [«\"chaoliu-weakly\"»]",
        "unknown-party",
    );
    broken.fault(
        "2026/HY-2026-0013",
        "form = \"onsite\"",
        "form = «\"onside\"»",
        "unknown-choice",
    );
    broken.fault(
        "2026/XT-2026-0014",
        "needed_on = 2026-05-06",
        "needed_on = «\"5月6日\"»",
        "inexact-date",
    );
    broken.fault(
        "2026/XT-2026-0014",
        "amount = \"48000.00 CNY\"",
        "amount = «\"四万八\"»",
        "bad-amount",
    );
    broken.fault(
        "2026/XT-2026-0009",
        "state = \"executing\"",
        "state = «\"excuting\"»",
        "unknown-state",
    );
}

/// What the handbooks ask of words, names and dates.
fn plant_wording(broken: &mut Broken) {
    broken.fault(
        "2026/HY-2026-0008",
        "owner = \"zhu-hao\"\ndue_on = 2026-04-10\nstandard = \"付款凭证\"",
        "owner = «\"朱浩、魏兰\"»\ndue_on = 2026-04-10\nstandard = \"付款凭证\"",
        "several-owners",
    );
    broken.fault(
        "2026/HY-2026-0008",
        "owner = \"zhang-wei\"\ndue_on = 2026-04-30",
        "owner = \"zhang-wei\"\ndue_on = «\"11.03\"»",
        "inexact-date",
    );
    broken.plant(
        "2026/HY-2026-0008",
        "owner = \"wei-lan\"\ndue_on = 2026-04-24",
        "owner = «\"purchasing\"»\ndue_on = 2026-04-24",
        "note",
        "department-as-owner",
    );
    broken.fault(
        "2026/XT-2026-0016",
        "生产部给出可供数量；采购部确认物料",
        "生产部«尽快»给出可供数量；采购部确认物料",
        "vague-wording",
    );
    broken.fault(
        "2026/XT-2026-0016",
        "outcome = \"备货计划、分仓表、客服排班。\"",
        "outcome = \"«待定»\"",
        "placeholder-wording",
    );
    broken.plant(
        "2026/XT-2026-0014",
        "attachments = [\"夜班人力测算V1.0-20260421.xlsx\"]",
        "attachments = [«\"夜班人力测算最终版.xlsx\"»]",
        "warning",
        "attachment-name",
    );
    broken.fault(
        "2026/XT-2026-0014",
        "head_signature = { person = \"luo-tao\", at = 2026-04-22T09:34:00+08:00, opinion = \"同意发起\" }",
        "head_signature = «{ person = \"luo-tao\", opinion = \"同意发起\" }»",
        "signature-complete",
    );
}

/// What a matter must have and how its parts agree.
fn plant_matters(broken: &mut Broken) {
    // asked for once the matter is submitted; the draft without it stays silent
    broken.fault(
        "2026/XT-2026-0016",
        "[request]\ndepartment = \"sales\"\nperson = \"huang-lei\"\n",
        "«[request]»\ndepartment = \"sales\"\n",
        "required-field",
    );
    broken.fault(
        "2026/XT-2026-0012",
        "[[problems]]\nid = \"Q2\"",
        "[[problems]]\nid = «\"Q1\"»",
        "row-identity",
    );
    broken.fault(
        "2026/XT-2026-0012",
        "period = { from = 2026-04-27, to = 2026-05-01 }",
        "period = { from = 2026-04-27, to = «2026-04-24» }",
        "period-order",
    );
    broken.fault(
        "2026/TZ-2026-0012",
        "[notice]",
        "[issue]\nissued_at = «2027-01-08T09:00:00+08:00»\n\n[notice]",
        "calendar-year",
    );
    // what was issued is no draft any more
    let draft = ("state = \"draft\"", "state = «\"draft\"»");
    broken.plant(
        "2026/TZ-2026-0012",
        draft.0,
        draft.1,
        "warning",
        "state-event",
    );
    broken.fault(
        "2026/TZ-2026-0011",
        "drafter = ",
        "«department» = \"rd\"\ndrafter = ",
        "toml-syntax",
    );
    broken.fault(
        "organisation/people",
        "name_en = \"Hao Zhu\"",
        "name_en = «7»",
        "wrong-type",
    );
}

/// Files that are no records, and files that only look strange.
fn plant_files(broken: &mut Broken) {
    let draft = broken.repository.read("records/2026/XT-2026-0017.toml");
    let numbered = |number: &str| draft.replace("XT-2026-0017", number);
    let twin = ("id = \"XT-2026-0017\"", "id = «\"XT-2026-0017\"»");
    let write = |path: &str, content: &[u8]| {
        broken
            .repository
            .write(&format!("records/2026/{path}.toml"), content);
    };
    write("再来一份", draft.as_bytes());
    write("empty", b"");
    write(
        "XT-2026-0090",
        b"kind = \"notice\"\ntitle = \"\xc6\xc0\xc9\xf3\"\n",
    );
    write("XT-2026-0091", &vec![b'#'; 2 << 20]);
    write("XT-2026-0092", &vec![b'#'; 10 << 20]);
    // from an editor on Windows: nothing is wrong with it
    let crlf = numbered("XT-2026-0093").replace('\n', "\r\n");
    write("XT-2026-0093", format!("\u{feff}{crlf}").as_bytes());
    write("XT-2026-0094", numbered("XT-2026-0094").as_bytes());
    broken.fault("2026/再来一份", twin.0, twin.1, "duplicate-number");
    broken.whole("2026/empty.toml", "empty-file");
    for number in ["XT-2026-0091", "XT-2026-0092"] {
        broken.whole(&format!("2026/{number}.toml"), "unreadable-file");
    }
    let gbk = "records/2026/XT-2026-0090.toml".to_owned();
    broken.expect(gbk, (2, 10), (2, 11), "error", "unreadable-file");
    // what follows the bracket is read as if it were closed
    broken.fault(
        "2026/XT-2026-0094",
        "title = ",
        "related = «[»\"XT-2026-0001\",\n  \"XT-2026-0002\"\ntitle = ",
        "toml-syntax",
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let links = [
            ("elsewhere", "/etc"),
            ("2026/XT-2026-0095.toml", "/etc/hostname"),
            ("2026/circle", ".."),
        ];
        for (link, target) in links {
            let path = broken.repository.path(&format!("records/{link}"));
            symlink(target, path).unwrap();
            broken.whole(link, "unreadable-file");
        }
    }
}

#[test]
fn every_planted_fault_is_found_at_its_line_and_column_and_nothing_else() {
    let broken = broken();
    let found = broken.found();
    let missed: Vec<&Found> = broken.expected.difference(&found).collect();
    let surplus: Vec<&Found> = found.difference(&broken.expected).collect();
    assert!(broken.marks.len() > 20);
    assert!(
        missed.is_empty() && surplus.is_empty(),
        "not found: {missed:#?}\nfound besides: {surplus:#?}"
    );
}

#[test]
fn the_records_beside_broken_ones_are_published() {
    let repository = broken().repository;
    let arguments = [
        "build",
        "--as-of",
        AS_OF,
        "--forms",
        "none",
        "--out",
        "site-of-it",
    ];
    repository.exits(1, &arguments);
    for sound in [
        "XT-2026-0013",
        "HY-2026-0009",
        "TZ-2026-0009",
        "XT-2026-0093",
    ] {
        let page = repository.read(&format!("site-of-it/records/{sound}.html"));
        assert!(page.contains(sound));
    }
    // a record with a wrong value is shown with what is right in it
    let page = repository.read("site-of-it/records/XT-2026-0012.html");
    assert!(page.contains("星曜S3 Pro－硬件设计－冻结V2.0成本与结构"));
}

#[test]
fn records_with_useless_numbers_are_left_out_and_the_site_is_built() {
    let repository = Demonstration::new();
    let draft = repository.read("records/2026/XT-2026-0017.toml");
    let numbers = [
        String::new(),
        String::new(),
        "字".repeat(3000),
        "xt-2026-0012".to_owned(),
        "../../etc/passwd".to_owned(),
    ];
    for (index, number) in numbers.iter().enumerate() {
        let text = draft.replace("XT-2026-0017", number);
        repository.write(&format!("records/2026/strange-{index}.toml"), text);
    }
    let arguments = [
        "build",
        "--as-of",
        AS_OF,
        "--forms",
        "html",
        "--out",
        "site-of-it",
    ];
    repository.exits(1, &arguments);
    let findings = repository.findings();
    for index in 0..numbers.len() {
        let path = format!("records/2026/strange-{index}.toml");
        let errors = |f: &serde_json::Value| f["path"] == path && f["level"] == "error";
        assert!(findings.iter().any(errors), "{path}");
    }
    let pages = repository.path("site-of-it/records").read_dir().unwrap();
    let names: Vec<String> = pages
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.contains("-202"))
        .collect();
    assert_eq!(names, ["~2e.~2f..~2fetc~2fpasswd.html"]);
}
