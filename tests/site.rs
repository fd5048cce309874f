//! The site of a small repository: what a reader finds on its pages.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::pages::{Making, site_of, words};
use taizhang::outlook::{Outlook, Viewer};
use taizhang::register::{LoadOptions, load};
use taizhang::site::{Forms, PrintedForm, SiteFiles, check};
use taizhang::source::Tree;
use taizhang::text::Language;

/// A repository with a kind of its own, so that the test knows every word.
struct Repository(tempfile::TempDir);

const KIND: &str = r#"
name = { zh = "借用", en = "Loan" }
description = { zh = "借用样机。", en = "Lending samples." }
number = "JY-{year}-{seq:4}"
internal = false
responsible = "request.person"
department = "request.department"
[sections.request]
label = { zh = "申请", en = "Request" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "借用人", en = "Borrower" } }
fields.at = { type = "instant", event = true, label = { zh = "申请时间", en = "Requested" } }
fields.why = { type = "markdown", label = { zh = "用途", en = "Purpose" } }
[[sections_placeholder]]
[[states]]
id = "draft"
label = { zh = "草拟", en = "Draft" }
phase = "draft"
[[states]]
id = "lent"
label = { zh = "已借出", en = "Lent" }
phase = "open"
entered = "request.at"
[[states]]
id = "returned"
label = { zh = "已归还", en = "Returned" }
phase = "closed"
[[limits]]
id = "return"
label = { zh = "归还样机", en = "Return the sample" }
clause = "P1.6"
from = "request.at"
to = "back.at"
owed_by = "request.person"
owed_to = "request.department.head"
[sections.back]
label = { zh = "归还", en = "Return" }
fields.at = { type = "instant", label = { zh = "归还时间", en = "Returned" } }
"#;

const PROFILE: &str = r#"
name = { zh = "测试制度", en = "Test rules" }
due_soon = "5wd"
[priority]
urgent = { zh = "紧急", en = "Urgent" }
important = { zh = "重要", en = "Important" }
routine = { zh = "常规", en = "Routine" }
[limits.loan.return]
length = "3wd"
clause = "T13"
escalate = [ { after = "48h", to = "head", clause = "T22" } ]
"#;

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository(folder);
        repository.write("taizhang.toml", "name = \"青禾仪表\"\nprofile = \"test\"\n");
        repository.write(
            "templates/kinds/loan/kind.toml",
            &KIND.replace("[[sections_placeholder]]\n", ""),
        );
        repository.write("templates/profiles/test.toml", PROFILE);
        repository.write(
            "records/organisation/departments.toml",
            "[rd]\nname = \"研发部\"\nhead = \"wu\"\n[lab]\nname = \"实验室\"\nhead = \"qin\"\n",
        );
        repository.write(
            "records/organisation/people.toml",
            "[wu]\nname = \"吴越\"\ndepartment = \"rd\"\n[qin]\nname = \"秦朗\"\ndepartment = \"lab\"\n\
             [mo]\nname = \"莫凡\"\ndepartment = \"rd\"\n",
        );
        repository
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn loan(&self, number: u32, title: &str, envelope: &str, why: &str) -> &Self {
        self.write(
            &format!("records/JY-2026-{number:04}.toml"),
            &format!(
                "kind = \"loan\"\nid = \"JY-2026-{number:04}\"\ntitle = '''{title}'''\nstate = \"lent\"\n{envelope}\n\
                 [request]\ndepartment = \"rd\"\nperson = \"mo\"\nat = 2026-05-06T09:30:00+08:00\nwhy = '''{why}'''\n"
            ),
        )
    }

    fn site(&self, as_of: &str, language: Language) -> BTreeMap<String, String> {
        let root = self.0.path();
        let loaded = load(root, &LoadOptions::default());
        let outlook = Outlook::new(&loaded.register, as_of.parse().unwrap(), Viewer::Internal);
        let making = Making {
            findings: &loaded.findings,
            language,
            files: SiteFiles::of_repository(&Tree::folder(root)),
            ..Making::default()
        };
        site_of(&outlook, &making)
    }
}

const BEFORE: &str = "2026-05-07T09:00:00+08:00";
const AFTER: &str = "2026-05-14T09:00:00+08:00";

#[test]
fn what_is_due_is_told_on_the_overview_and_to_both_sides() {
    let repository = Repository::new();
    repository.loan(1, "三号样机借用两天", "", "比对功耗。");
    let site = repository.site(BEFORE, Language::Chinese);
    let overview = words(&site["index.html"]);
    assert!(overview.contains("1 项在 5 个工作日内到期"), "{overview}");
    // 6 May was a Wednesday, and Saturday the 9th was worked for the May holiday.
    assert!(
        overview.contains("2026-05-09 周六 18:00 还有 2 个工作日"),
        "{overview}"
    );
    let debtor = words(&site["people/mo.html"]);
    assert!(
        debtor.contains("要办 1 项，其中逾期 0 项；在等 0 项"),
        "{debtor}"
    );
    let creditor = words(&site["people/wu.html"]);
    assert!(
        creditor.contains("要办 0 项，其中逾期 0 项；在等 1 项"),
        "{creditor}"
    );
}

#[test]
fn what_is_late_says_since_when_and_who_has_it_now() {
    let repository = Repository::new();
    repository.loan(1, "三号样机借用两天", "priority = \"urgent\"", "比对功耗。");
    let site = repository.site(AFTER, Language::Chinese);
    let record = words(&site["records/JY-2026-0001.html"]);
    assert!(record.contains("逾期 5 天"), "{record}");
    assert!(
        record.contains("已于 2026-05-11 18:00 升级至吴越"),
        "{record}"
    );
    assert!(
        record.contains("自申请时间 2026-05-06 起算，3 个工作日 · P1.6 · T13"),
        "{record}"
    );
    assert!(record.contains("紧急"), "{record}");
}

const UPKEEP: &str = r#"
name = { zh = "保养", en = "Upkeep" }
description = { zh = "设备保养。", en = "Upkeep of a machine." }
number = "BY-{year}-{seq:4}"
responsible = "plan.person"
[sections.plan]
label = { zh = "计划", en = "Plan" }
fields.person = { type = "person", label = { zh = "保养人", en = "By" } }
fields.on = { type = "date", event = true, label = { zh = "计划日期", en = "Planned" } }
[sections.visits]
label = { zh = "保养记录", en = "Visits" }
repeated = true
identity = "id"
fields.id = { type = "text", label = { zh = "编号", en = "Number" } }
fields.on = { type = "date", event = true, label = { zh = "保养日期", en = "Done" } }
[[states]]
id = "running"
label = { zh = "使用中", en = "Running" }
phase = "open"
[[limits]]
id = "visit"
label = { zh = "按期保养", en = "Regular upkeep" }
from = "plan.on"
to = "visits.on"
recurring = true
owed_by = "plan.person"
"#;

#[test]
fn past_rounds_stand_together_and_the_history_names_the_row() {
    let repository = Repository::new();
    repository
        .write("templates/kinds/upkeep/kind.toml", UPKEEP)
        .write(
            "templates/profiles/test.toml",
            &format!("{PROFILE}[limits.upkeep.visit]\nlength = \"1w\"\n"),
        )
        .write(
            "records/BY-2026-0001.toml",
            "kind = \"upkeep\"\nid = \"BY-2026-0001\"\ntitle = \"贴片机\"\nstate = \"running\"\n\
             [plan]\nperson = \"mo\"\non = 2026-04-08\n\
             [[visits]]\nid = \"B1\"\non = 2026-04-14\n\
             [[visits]]\nid = \"B2\"\non = 2026-04-29\n",
        );
    let site = repository.site(BEFORE, Language::Chinese);
    let page = &site["records/BY-2026-0001.html"];
    let record = words(page);
    // 15 April met, 22 April missed, 29 April met; 6 May is late and stands by itself.
    assert!(
        record.contains("按期保养，共 3 次 按时办结 2、未办 1"),
        "{record}"
    );
    assert_eq!(page.matches("class=\"rounds\"").count(), 1);
    assert!(record.contains("按期保养（第 4 次）"), "{record}");
    assert!(record.contains("保养记录 B2 · 保养日期"), "{record}");
    assert!(record.contains("2026-04-08 周三 计划日期"), "{record}");
}

#[test]
fn a_value_of_a_record_is_never_markup() {
    let repository = Repository::new();
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"&";
    repository.loan(
        1,
        hostile,
        &format!("project = '''{hostile}'''"),
        &format!("a\n\n{hostile}"),
    );
    for (path, page) in repository.site(BEFORE, Language::Chinese) {
        if path.ends_with(".html") {
            let own = page.matches("<script src=\"").count();
            assert_eq!(page.matches("<script").count(), own, "{path}");
            assert!(!page.contains("<img"), "{path}");
        }
    }
}

#[test]
fn a_confidential_record_leaves_no_trace_in_the_internal_site() {
    let repository = Repository::new();
    repository.loan(
        1,
        "公开的借用",
        "related = [\"JY-2026-0002\"]",
        "比对功耗。",
    );
    repository.loan(
        2,
        "秘密的借用",
        "audience = \"confidential\"\nvisible_to = [\"lab\"]",
        "机密用途。",
    );
    let site = repository.site(AFTER, Language::Chinese);
    assert!(!site.contains_key("records/JY-2026-0002.html"));
    for (path, page) in site {
        for secret in ["秘密的借用", "机密用途", "JY-2026-0002"] {
            assert!(!page.contains(secret), "{path}: {secret}");
        }
    }
}

#[test]
fn a_record_of_this_year_leaves_the_search_of_last_year_as_it_is() {
    let repository = Repository::new();
    repository.loan(1, "今年的借用", "", "比对功耗。").write(
        "records/JY-2025-0001.toml",
        "kind = \"loan\"\nid = \"JY-2025-0001\"\ntitle = \"去年的借用\"\nstate = \"lent\"\n\
         [request]\ndepartment = \"rd\"\nperson = \"mo\"\nat = 2025-05-06T09:30:00+08:00\nwhy = \"比对功耗。\"\n",
    );
    let of = |year: &str, site: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        let start = format!("search/{year}");
        let files = site.iter().filter(|(path, _)| path.starts_with(&start));
        files
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect()
    };
    let before = repository.site(AFTER, Language::Chinese);
    repository.loan(2, "又一次借用", "", "核对尺寸。");
    let after = repository.site(AFTER, Language::Chinese);
    assert!(of("2025", &before).len() > 3);
    assert_eq!(of("2025", &before), of("2025", &after));
    assert_ne!(of("2026", &before), of("2026", &after));
}

#[test]
fn a_clause_leads_to_what_carries_it_and_only_insiders_see_that() {
    let repository = Repository::new();
    repository.write(
        "templates/clauses/house.toml",
        "[handbooks.house]\nname = \"借用办法\"\n[[clauses]]\nid = \"JY-1\"\nhandbook = \"house\"\n\
         asks = \"样机须归还\"\ncarrier = \"由前台登记\"\n",
    );
    repository.write(
        "records/organisation/parties.toml",
        "[harbour]\nname = \"港湾检测\"\n",
    );
    repository.loan(
        1,
        "三号样机",
        "audience = \"public\"\nvisible_to = [\"harbour\"]",
        "比对。",
    );
    let site = repository.site(AFTER, Language::Chinese);
    let record = &site["records/JY-2026-0001.html"];
    assert!(record.contains(r#"<a class="clause" href="../clauses/S1.html#T13">T13</a>"#));
    let page = &site["clauses/S1.html"];
    assert!(page.contains("<tr id=\"T13\">"));
    let of_length = words(page.split("<tr id=\"T13\">").nth(1).unwrap());
    assert!(
        of_length.contains("时长 测试制度：借用 · 归还样机（3 个工作日"),
        "{of_length}"
    );
    let house = words(&site["clauses/house.html"]);
    assert!(house.contains("JY-1 样机须归还 程序 由前台登记"), "{house}");
    assert!(record.contains("href=\"../clauses/S0.html\">条款对照"));

    let loaded = load(repository.0.path(), &LoadOptions::default());
    let lab = loaded.register.organisation.find_party("harbour").unwrap();
    let outlook = Outlook::new(
        &loaded.register,
        AFTER.parse().unwrap(),
        Viewer::Public(lab),
    );
    let making = Making {
        files: SiteFiles::of_repository(&Tree::folder(repository.0.path())),
        ..Making::default()
    };
    let outside = site_of(&outlook, &making);
    assert!(outside.contains_key("records/JY-2026-0001.html"));
    for (path, page) in outside.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!path.starts_with("clauses/"), "{path}");
        assert!(!page.contains("clauses/"), "{path}");
    }
}

#[test]
fn every_link_leads_somewhere_and_nothing_comes_from_elsewhere() {
    let repository = Repository::new();
    repository.loan(1, "三号样机", "", "见 [说明](https://example.com)。");
    repository.loan(2, "四号样机", "related = [\"JY-2026-0001\"]", "比对。");
    repository.write(
        "site/pages/10-loans.md",
        "# 借用办法\n\n## 期限\n\n三天。\n\n## 归还\n\n见[总览](../index.html)。\n",
    );
    let site = repository.site(AFTER, Language::Chinese);
    for (path, page) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        for attribute in ["href=\"", "src=\"", "data-list=\"", "data-names=\""] {
            for rest in page.split(attribute).skip(1) {
                let address = rest.split('"').next().unwrap();
                if address.starts_with("https://example.com") || address.starts_with("mailto:") {
                    assert_eq!(attribute, "href=\"", "{path} loads {address}");
                    continue;
                }
                let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
                let file = file.split_once('?').map_or(file, |(file, _)| file);
                let target = resolve(path, file);
                let found = site
                    .get(&target)
                    .unwrap_or_else(|| panic!("{path} leads to {address}"));
                assert!(
                    fragment.is_empty() || found.contains(&format!(" id=\"{fragment}\"")),
                    "{path} leads to {address}"
                );
            }
        }
    }
}

/// The path that a relative address leads to.
fn resolve(from: &str, address: &str) -> String {
    if address.is_empty() {
        return from.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let repository = Repository::new();
    for number in 1..40 {
        repository.loan(number, &format!("{number} 号样机"), "", "比对功耗。");
    }
    let once = repository.site(AFTER, Language::Chinese);
    assert!(once == repository.site(AFTER, Language::Chinese));
}

#[test]
fn a_long_register_is_cut_into_pages() {
    let repository = Repository::new();
    for number in 1..=101 {
        repository.loan(number, &format!("{number} 号样机"), "", "比对功耗。");
    }
    let site = repository.site(AFTER, Language::Chinese);
    assert!(site["registers/loan.html"].contains("JY-2026-0101"));
    assert!(!site["registers/loan.html"].contains("JY-2026-0001<"));
    assert!(site["registers/loan-2.html"].contains("JY-2026-0001<"));
    // the data have all of them, whichever page they stand on
    let data = &site["data/loan-2026.js"];
    for number in 1..=101 {
        assert!(data.contains(&format!("\"JY-2026-{number:04}\"")));
    }
}

/// A page is 200 KB at most, and its size does not grow with the records.
#[test]
fn no_page_grows_with_the_records() {
    let repository = Repository::new();
    let title = "三号样机借给实验室比对功耗并在归还前完成一次低温复测".repeat(2);
    let largest = |count: u32| {
        for number in 1..=count {
            let envelope = "priority = \"urgent\"\nproject = \"样机管理\"";
            repository.loan(number, &title, envelope, "比对功耗。");
        }
        let mut largest = BTreeMap::new();
        for (path, page) in repository.site(AFTER, Language::Chinese) {
            if !path.ends_with(".html") {
                continue;
            }
            assert!(page.len() <= 200_000, "{path}: {} bytes", page.len());
            let folder = path.split('/').next().unwrap().trim_end_matches(".html");
            let folder = folder.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
            let size: &mut usize = largest.entry(folder.to_owned()).or_default();
            *size = page.len().max(*size);
        }
        largest
    };
    let few = largest(220);
    let many = largest(900);
    for (folder, size) in &many {
        let before = few.get(folder).unwrap_or_else(|| panic!("{folder} is new"));
        // longer numbers and a longer row of pages, nothing else
        assert!(*size < before + 2_000, "{folder}: {before} → {size}");
    }
}

const CONSENT: &str = r#"
name = { zh = "同意", en = "Consent" }
description = { zh = "请人同意。", en = "Asking for consent." }
number = "TY-{year}-{seq:4}"
responsible = "request.person"
[sections.request]
label = { zh = "申请", en = "Request" }
fields.person = { type = "person", label = { zh = "申请人", en = "By" } }
fields.approver = { type = "person", label = { zh = "审批人", en = "Approver" } }
fields.at = { type = "instant", event = true, label = { zh = "申请时间", en = "Asked" } }
fields.cost = { type = "money", label = { zh = "费用", en = "Cost" } }
[sections.consent]
label = { zh = "同意", en = "Consent" }
fields.signature = { type = "signature", label = { zh = "审批意见", en = "Opinion" } }
[[states]]
id = "asked"
label = { zh = "待审批", en = "Asked" }
phase = "open"
entered = "request.at"
[[states]]
id = "given"
label = { zh = "已同意", en = "Given" }
phase = "closed"
entered = "consent.signature"
[[limits]]
id = "sign"
label = { zh = "审批", en = "Approve" }
from = "request.at"
to = "consent.signature"
owed_by = "request.approver"
owed_to = "request.person"
"#;

#[test]
fn a_person_sees_what_to_sign_what_was_signed_and_what_was_concluded() {
    let repository = Repository::new();
    let request =
        "[request]\nperson = \"mo\"\napprover = \"qin\"\nat = 2026-05-12T09:30:00+08:00\n";
    repository
        .write("templates/kinds/consent/kind.toml", CONSENT)
        .write(
            "templates/profiles/test.toml",
            &format!("{PROFILE}[limits.consent.sign]\nlength = \"3wd\"\n"),
        )
        .write(
            "records/TY-2026-0001.toml",
            &format!(
                "kind = \"consent\"\nid = \"TY-2026-0001\"\ntitle = \"采购夹具\"\nstate = \"asked\"\n{request}"
            ),
        )
        .write(
            "records/TY-2026-0002.toml",
            &format!(
                "kind = \"consent\"\nid = \"TY-2026-0002\"\ntitle = \"外借相机\"\nstate = \"given\"\n{request}\
                 cost = \"1200.50 CNY\"\n\
                 [consent]\nsignature = {{ person = \"qin\", at = 2026-05-13, opinion = \"同意，周五归还\" }}\n"
            ),
        );
    let site = repository.site(AFTER, Language::Chinese);
    let section = |page: &str, id: &str| -> String {
        let rest = page.split(&format!("id=\"{id}\"")).nth(1);
        words(rest.unwrap_or("").split("</section>").next().unwrap())
    };
    let signer = &site["people/qin.html"];
    let to_sign = section(signer, "signs");
    assert!(to_sign.contains("采购夹具"), "{to_sign}");
    assert!(!to_sign.contains("外借相机"), "{to_sign}");
    let signed = section(signer, "signed");
    assert!(
        signed.contains("2026-05-13 周三 外借相机 审批意见 TY-2026-0002 同意，周五归还"),
        "{signed}"
    );
    let asker = &site["people/mo.html"];
    let awaits = section(asker, "awaits");
    assert!(awaits.contains("秦朗 2026-05-12 周二 09:30"), "{awaits}");
    assert!(section(asker, "concluded").contains("外借相机"));
    assert_eq!(section(asker, "signs"), "", "nothing to sign: no such list");
    // a sum is put in order by its amount, shown in words
    let more = &site["data/consent-2026-more.js"];
    assert!(more.contains("[1200.5,\""), "{more}");
}

/// As many printed papers of every register paper as one likes.
struct Papers(usize);

impl Forms for Papers {
    fn of_record(&self, _: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
    fn of_kind(&self, _: usize) -> Vec<PrintedForm> {
        Vec::new()
    }
    fn of_register(&self, _: usize) -> Vec<PrintedForm> {
        let paper = |number| PrintedForm {
            id: String::new(),
            name: format!("第 {number} 份"),
            clause: None,
            files: vec![("PDF".to_owned(), format!("forms/{number}.pdf"))],
        };
        (1..=self.0).map(paper).collect()
    }
}

#[test]
fn papers_of_which_there_are_many_have_pages_of_their_own() {
    let repository = Repository::new();
    repository.loan(1, "三号样机", "", "比对。");
    let loaded = load(repository.0.path(), &LoadOptions::default());
    let outlook = Outlook::new(&loaded.register, AFTER.parse().unwrap(), Viewer::Internal);
    let pages = |count: usize| {
        let making = Making {
            forms: &Papers(count),
            ..Making::default()
        };
        site_of(&outlook, &making)
    };
    let paper = &loaded.register.register_papers[0].id;
    let own = format!("lists/papers-{paper}-1.html");
    let few = pages(40);
    assert!(!few.contains_key(&own));
    assert!(few["registers.html"].contains("forms/40.pdf"));
    let many = pages(101);
    let registers = &many["registers.html"];
    assert!(registers.contains(&own) && !registers.contains("forms/1.pdf"));
    assert!(many[&own].contains("href=\"../forms/100.pdf\""));
    let second = &many[&format!("lists/papers-{paper}-2.html")];
    assert!(second.contains("href=\"../forms/101.pdf\""));
}

#[test]
fn a_long_list_of_a_person_goes_on_in_pages_of_its_own() {
    let repository = Repository::new();
    for number in 1..=140 {
        repository.loan(number, &format!("{number} 号样机"), "", "比对功耗。");
    }
    let site = repository.site(AFTER, Language::Chinese);
    let page = &site["people/mo.html"];
    assert!(page.contains("href=\"../lists/people-mo-owes-1.html\""));
    let listed: usize = ["lists/people-mo-owes-1.html", "lists/people-mo-owes-2.html"]
        .map(|path| site[path].matches("class=\"title\"").count())
        .iter()
        .sum();
    assert_eq!(listed, 140);
}

#[test]
fn an_english_site_has_no_chinese_label() {
    let repository = Repository::new();
    repository.loan(1, "sample three", "", "compare.");
    let site = repository.site(AFTER, Language::English);
    let record = words(&site["records/JY-2026-0001.html"]);
    assert!(record.contains("Return the sample"), "{record}");
    // Names are the organisation's own and stay.
    let labels = record
        .replace("研发部", "")
        .replace("青禾仪表", "")
        .replace("莫凡", "")
        .replace("吴越", "");
    let chinese: String = labels
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .collect();
    assert!(chinese.is_empty(), "{chinese}");
}

#[test]
fn an_organisation_changes_a_template_and_the_rest_stays() {
    let repository = Repository::new();
    repository.loan(1, "三号样机", "", "比对。").write(
        "templates/site/overview.html",
        "{% extends \"builtin/site/overview.html\" %}{% block main %}<p>欢迎</p>{{ super() }}{% endblock main %}",
    );
    let site = repository.site(BEFORE, Language::Chinese);
    assert!(site["index.html"].contains("<p>欢迎</p>"));
    assert!(site["index.html"].contains("三号样机"));
}

#[test]
fn a_broken_template_is_a_finding_that_names_it() {
    let repository = Repository::new();
    repository.write(
        "templates/site/overview.html",
        "{% extends \"builtin/site/base.html\" %}{{ page.",
    );
    let loaded = load(repository.0.path(), &LoadOptions::default());
    let found = check(&SiteFiles::built_in(), &loaded.register);
    assert_eq!(found.len(), 1, "{found:?}");
    let file = loaded.register.sources.file(found[0].place.file);
    assert_eq!(file.path, "templates/site/overview.html");
    assert!(
        repository
            .site(BEFORE, Language::Chinese)
            .contains_key("index.html")
    );
}

#[test]
fn every_word_that_the_site_asks_for_is_there_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut asked = std::collections::BTreeSet::new();
    for folder in [
        "src/site",
        "src/site/charts",
        "templates/site",
        "templates/site/components",
    ] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let prefix = if path.extension().unwrap() == "rs" {
                "\"site."
            } else {
                "words.site."
            };
            for rest in text.split(prefix).skip(1) {
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
                    .collect();
                // Names put together at run time end in a dot or a bracket.
                let whole = !name.ends_with('.') && !rest[name.len()..].starts_with(['[', '{']);
                if whole {
                    asked.insert(format!("site.{name}"));
                }
            }
        }
    }
    assert!(asked.len() > 100, "{asked:?}");
    // scripts say what stands under [script], and two words that pages share
    for entry in fs::read_dir(root.join("site/assets")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        for rest in fs::read_to_string(&path).unwrap().split(" words.").skip(1) {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if !matches!(&*name, "" | "weekdays" | "nobody" | "normalize") {
                asked.insert(format!("script.{name}"));
            }
        }
    }
    let loaded = load(root, &LoadOptions::default());
    for words in &loaded.register.words {
        let missing: Vec<_> = asked
            .iter()
            .filter(|name| words.find(name).is_none())
            .collect();
        assert!(missing.is_empty(), "{:?}: {missing:?}", words.language);
    }
}
