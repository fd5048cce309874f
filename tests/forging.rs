//! Attempts to forge signatures, in real repositories of git with real keys of
//! ssh-keygen and gpg: each fails, and its honest twin does not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Repository;
use common::git::{Author, GitRepository, LI_NA, ZHANG_WEI};
use serde_json::Value;
use taizhang::change::{Version, given};
use taizhang::confirmation::{Asked, establish};
use taizhang::definition::Confirmation;
use taizhang::history::{Git, Log};
use taizhang::record::Altered;
use taizhang::register::{LoadOptions, Register, Viewer, load};

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"
confirmation = "signed"

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.amount = { type = "text", label = { zh = "金额", en = "Amount" } }
fields.remark = { type = "text", label = { zh = "备注", en = "Remark" } }
fields.signature = { type = "signature", label = { zh = "负责人签字", en = "Signature" } }

[sections.replies]
label = { zh = "反馈", en = "Replies" }
repeated = true
identity = "department"
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.text = { type = "text", label = { zh = "意见", en = "Opinion" } }
fields.signature = { type = "signature", level = "committed", label = { zh = "部门签字", en = "Signed" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"
"#;

const FILE: &str = "records/SY-2026-0001.toml";
const AT: &str = "2026-05-06T10:00:00+08:00";
const LATER: &str = "2026-05-07T10:00:00+08:00";
const SIGNATURE: &str =
    "signature = { person = \"zhang-wei\", at = 2026-05-06T09:55:00+08:00, opinion = \"同意\" }\n";
const FORGE: Author = Author {
    name: "代码平台",
    email: "noreply@forge.example",
};

fn matter(number: u32, signature: &str) -> String {
    format!(
        "kind = \"trial\"\nid = \"SY-2026-{number:04}\"\ntitle = \"夹具试制\"\nstate = \"open\"\n\n\
         [main]\ndepartment = \"rd\"\nperson = \"zhang-wei\"\namount = \"3万元\"\n{signature}"
    )
}

/// A key of ssh-keygen: its file, and the line to list it by.
struct SshKey {
    file: PathBuf,
    listed: String,
}

/// A company whose people have mail addresses, and keys of theirs.
struct Company {
    repository: GitRepository,
    keys: tempfile::TempDir,
}

impl Company {
    fn new() -> Company {
        let files = Repository::new().file("templates/kinds/trial/kind.toml", KIND);
        let company = Company {
            repository: GitRepository::of(files),
            keys: tempfile::tempdir().unwrap(),
        };
        company.list(&[]);
        company.repository.write(FILE, matter(1, ""));
        company
            .repository
            .commit_as(ZHANG_WEI, "2026-05-06T09:00:00+08:00", "立项");
        company
    }

    fn ssh_key(&self, name: &str) -> SshKey {
        let file = self.keys.path().join(name);
        run(Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
            .arg(&file));
        let listed = std::fs::read_to_string(file.with_extension("pub")).unwrap();
        let listed = format!("\"{}\"", listed.trim());
        SshKey { file, listed }
    }

    /// Lists 张伟's and 李娜's keys.
    fn list(&self, keys: &[(&str, &str)]) {
        let of = |person: &str| -> String {
            let own = keys.iter().filter(|(name, _)| *name == person);
            own.map(|(_, key)| format!("{key}, ")).collect()
        };
        let people = format!(
            "[zhang-wei]\nname = \"张伟\"\ndepartment = \"rd\"\nemail = \"Zhang.Wei@example.com\"\nkeys = [{}]\n\
             [li-na]\nname = \"李娜\"\ndepartment = \"marketing\"\nemail = \"li.na@example.com\"\nkeys = [{}]\n\
             [sun-li]\nname = \"孙丽\"\ndepartment = \"admin\"\n[zhao-min]\nname = \"赵敏\"\ndepartment = \"admin\"\n",
            of("zhang-wei"),
            of("li-na"),
        );
        self.repository
            .write("records/organisation/people.toml", people);
    }

    fn listed(&self, keys: &[(&str, &str)]) {
        self.list(keys);
        self.repository
            .commit_as(FORGE, "2026-05-06T09:30:00+08:00", "登记公钥");
    }

    fn edit(&self, change: impl Fn(&str) -> String) {
        let text = self.repository.read(FILE);
        let changed = change(&text);
        assert_ne!(text, changed);
        self.repository.write(FILE, changed);
    }

    fn commit(&self, author: Author, at: &str) -> String {
        self.repository.commit_as(author, at, "签字")
    }

    fn commit_signed(&self, author: Author, at: &str, key: &SshKey) -> String {
        let key = format!("user.signingkey={}", key.file.display());
        let options = ["-c", "gpg.format=ssh", "-c", &key];
        self.commit_with(author, at, &options)
    }

    fn commit_with(&self, author: Author, at: &str, options: &[&str]) -> String {
        self.repository.git_as(author, at, &["add", "--all"]);
        let commit = [options, &["commit", "-q", "-S", "-m", "签字"]].concat();
        self.repository.git_as(author, at, &commit);
        self.repository.git(&["rev-parse", "HEAD"])
    }

    /// What `check` says of signatures, as `rule level: message`.
    fn said(&self) -> Vec<String> {
        self.said_with(&[])
    }

    fn said_with(&self, more: &[&str]) -> Vec<String> {
        let arguments = [&["check", "--format", "json"], more].concat();
        // by what is left of the version before, by what this one left, by nothing
        let output = self.repository.taizhang(&arguments);
        let again = self.repository.taizhang(&arguments);
        assert_eq!(again.stdout, output.stdout);
        let kept = self.repository.files.path(".git/taizhang");
        if kept.exists() {
            std::fs::remove_dir_all(kept).unwrap();
        }
        let afresh = self.repository.taizhang(&arguments);
        assert_eq!(afresh.stdout, output.stdout);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let findings = report["findings"].as_array().unwrap().iter();
        let said = findings.filter_map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let ours = ["signature-level", "signed-section", "bad-key"];
            let rule = text("rule");
            ours.contains(&&*rule)
                .then(|| format!("{rule} {}: {}", text("level"), text("message")))
        });
        said.collect()
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// The first characters of a commit's name, as they are shown.
fn short(commit: &str) -> &str {
    &commit[..9]
}

fn level(needed: &str, level: &str, why: &str) -> String {
    format!("signature-level error: “负责人签字”要张伟“{needed}”，现在是“{level}”：{why}")
}

fn signed_in(text: &str) -> String {
    format!("{text}{SIGNATURE}")
}

/// A company with a record that 张伟 signed with a listed key.
fn honest() -> (Company, SshKey) {
    let company = Company::new();
    let key = company.ssh_key("zhang-wei");
    company.listed(&[("zhang-wei", &key.listed)]);
    company.edit(signed_in);
    company.commit_signed(ZHANG_WEI, AT, &key);
    (company, key)
}

#[test]
fn an_honest_signature_is_verified() {
    let (company, _) = honest();
    assert_eq!(company.said(), Vec::<String>::new());
}

#[test]
fn a_commit_of_ones_own_without_a_key_is_committed() {
    let company = Company::new();
    company.edit(signed_in);
    company.commit(ZHANG_WEI, AT);
    let unsigned = level("已签名验证", "本人提交", "提交没有数字签名");
    assert_eq!(company.said(), [unsigned]);
}

#[test]
fn a_name_in_an_uncommitted_file_is_typed_and_may_still_be_committed() {
    let company = Company::new();
    company.edit(signed_in);
    assert_eq!(
        company.said(),
        ["signature-level note: “负责人签字”要张伟“已签名验证”，还没有提交"]
    );
}

#[test]
fn a_spoofed_author_gets_no_further_than_the_name_of_the_commit() {
    let company = Company::new();
    let (his, hers) = (company.ssh_key("zhang-wei"), company.ssh_key("li-na"));
    company.listed(&[("zhang-wei", &his.listed), ("li-na", &hers.listed)]);
    company.edit(signed_in);
    // 李娜 writes 张伟's name over her commit, and signs with what she has
    company.commit_signed(ZHANG_WEI, AT, &hers);
    let foreign = level("已签名验证", "本人提交", "提交的签名不是本人名下的密钥");
    assert_eq!(company.said(), [foreign]);
}

#[test]
fn an_entry_that_somebody_else_added_is_typed() {
    let company = Company::new();
    let key = company.ssh_key("li-na");
    company.listed(&[("li-na", &key.listed)]);
    company.edit(signed_in);
    company.commit_signed(LI_NA, AT, &key);
    let typed = level("已签名验证", "署名", "提交不是本人写的");
    assert_eq!(company.said(), std::slice::from_ref(&typed));
    // that he edits the file later makes it no more his
    company.edit(|text| text.replace("夹具试制", "夹具试制与验证"));
    company.commit(ZHANG_WEI, LATER);
    assert_eq!(company.said(), [typed]);
}

#[test]
fn what_was_signed_and_changed_is_void_and_says_so() {
    let (company, _) = honest();
    company.edit(|text| text.replace("3万元", "30万元"));
    assert_eq!(
        company.said(),
        ["signed-section error: “负责人签字”签后已改（还没有提交），签字不再算数"]
    );
    let changed = company.commit(LI_NA, LATER);
    let void = format!(
        "signed-section error: “负责人签字”签后已改：李娜于 2026-05-07 改动（{}），签字不再算数",
        short(&changed)
    );
    assert_eq!(company.said(), std::slice::from_ref(&void));
    // the change request says it, too
    assert_eq!(company.said_with(&["--base", "HEAD~1"]), [void]);
    // put back, it says again what was signed
    company.edit(|text| text.replace("30万元", "3万元"));
    company.commit(LI_NA, LATER);
    assert_eq!(company.said(), Vec::<String>::new());
}

#[test]
fn what_was_empty_may_be_filled_in_and_comments_and_other_sections_are_free() {
    let (company, _) = honest();
    company.edit(|text| {
        let text = text.replace("amount", "# 不含税\nremark = \"分两批\"\namount");
        format!("{text}\n[[replies]]\ndepartment = \"marketing\"\ntext = \"无意见\"\n")
    });
    company.commit(LI_NA, LATER);
    assert_eq!(company.said(), Vec::<String>::new());
}

#[test]
fn a_signed_section_may_change_when_its_signature_goes() {
    let (company, _) = honest();
    company.edit(|text| text.replace("3万元", "30万元").replace(SIGNATURE, ""));
    company.commit(LI_NA, LATER);
    assert_eq!(
        company.said_with(&["--base", "HEAD~1"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_change_of_what_was_signed_is_found_between_two_versions_without_the_past() {
    let (company, _) = honest();
    company.edit(|text| text.replace("3万元", "30万元"));
    company.commit(LI_NA, LATER);
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", company.repository.root().display());
    company.repository.git(&[
        "clone",
        "--quiet",
        "--depth",
        "2",
        &url,
        &clone.path().display().to_string(),
    ]);
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(clone.path())
        .args(["check", "--base", "HEAD~1", "--format", "json"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("“事项 / 金额”是签过字的，改了，“负责人签字”还留着"),
        "{text}"
    );
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("没有完整的 git 历史"), "{said}");
    assert!(!text.contains("signature-level"), "{text}");
}

#[test]
fn a_signature_copied_from_another_record_is_typed() {
    let (company, _) = honest();
    let copy = "records/SY-2026-0002.toml";
    company.repository.write(copy, matter(2, SIGNATURE));
    company.commit(LI_NA, LATER);
    let typed = level("已签名验证", "署名", "提交不是本人写的");
    assert_eq!(company.said(), [typed]);
}

#[test]
fn a_signature_copied_into_another_row_is_typed_and_ones_own_row_is_not() {
    let company = Company::new();
    let reply = |department: &str, person: &str| {
        format!(
            "\n[[replies]]\ndepartment = \"{department}\"\ntext = \"同意\"\n\
             signature = {{ person = \"{person}\", at = 2026-05-06T09:58:00+08:00 }}\n"
        )
    };
    company.edit(|text| text.to_owned() + &reply("rd", "zhang-wei"));
    company.commit(ZHANG_WEI, AT);
    assert_eq!(company.said(), Vec::<String>::new());
    company.edit(|text| text.to_owned() + &reply("marketing", "zhang-wei"));
    company.commit(LI_NA, LATER);
    assert_eq!(
        company.said(),
        ["signature-level error: “部门签字”要张伟“本人提交”，现在是“署名”：提交不是本人写的"]
    );
}

#[test]
fn rewritten_history_verifies_no_more() {
    let (company, _) = honest();
    // somebody rewrites the commit: its author stays, its signature does not
    company.repository.git_as(
        FORGE,
        LATER,
        &[
            "commit",
            "-q",
            "--amend",
            "--no-gpg-sign",
            "--author",
            "张伟 <zhang.wei@example.com>",
            "-m",
            "签字（整理）",
        ],
    );
    let unsigned = level("已签名验证", "本人提交", "提交没有数字签名");
    assert_eq!(company.said(), [unsigned]);
}

#[test]
fn a_signature_put_onto_another_commit_is_broken() {
    let (company, _) = honest();
    let object = company.repository.git(&["cat-file", "commit", "HEAD"]);
    let forged = object.replace("\n\n签字", "\n\n同意一切\n");
    assert_ne!(object, forged);
    let file = company.keys.path().join("commit");
    std::fs::write(&file, forged).unwrap();
    let path = file.display().to_string();
    let commit = company
        .repository
        .git(&["hash-object", "-t", "commit", "-w", &path]);
    company.repository.git(&["reset", "-q", "--hard", &commit]);
    let broken = level("已签名验证", "本人提交", "提交的签名与内容不符");
    assert_eq!(company.said(), [broken]);
}

#[test]
fn a_commit_that_a_forge_signed_is_committed() {
    let company = Company::new();
    let (his, forge) = (company.ssh_key("zhang-wei"), company.ssh_key("forge"));
    company.listed(&[("zhang-wei", &his.listed)]);
    company.edit(signed_in);
    company.repository.git(&["add", "--all"]);
    let key = format!("user.signingkey={}", forge.file.display());
    company.repository.git_as(
        FORGE,
        AT,
        &[
            "-c",
            "gpg.format=ssh",
            "-c",
            &key,
            "commit",
            "-q",
            "-S",
            "--author",
            "张伟 <zhang.wei@example.com>",
            "-m",
            "合并请求 #12",
        ],
    );
    let foreign = level("已签名验证", "本人提交", "提交的签名不是本人名下的密钥");
    assert_eq!(company.said(), [foreign]);
}

#[test]
fn a_revoked_key_counts_until_the_day_before() {
    let (company, key) = honest();
    let revoked = |day: &str| {
        format!(
            "{{ key = {}, revoked = {day}, why = \"丢失\" }}",
            key.listed
        )
    };
    company.listed(&[("zhang-wei", &revoked("2026-05-06"))]);
    let refused = level("已签名验证", "本人提交", "密钥自 2026-05-06 起作废");
    assert_eq!(company.said(), [refused]);
    company.listed(&[("zhang-wei", &revoked("2026-05-07"))]);
    assert_eq!(company.said(), Vec::<String>::new());
}

#[test]
fn a_key_counts_from_its_first_day_to_its_last() {
    let (company, key) = honest();
    let during = |from: &str, until: &str| {
        let key = format!("{{ key = {}, from = {from}, until = {until} }}", key.listed);
        company.listed(&[("zhang-wei", &key)]);
        company.said()
    };
    let refused = |why: &str| [level("已签名验证", "本人提交", why)];
    assert_eq!(
        during("2026-01-01", "2026-05-05"),
        refused("密钥只到 2026-05-05 有效")
    );
    assert_eq!(
        during("2026-05-07", "2026-12-31"),
        refused("当时密钥还没有生效")
    );
    assert_eq!(during("2026-05-06", "2026-05-06"), Vec::<String>::new());
}

#[test]
fn a_date_written_back_before_what_the_commit_rests_on_does_not_help() {
    let company = Company::new();
    let key = company.ssh_key("zhang-wei");
    let listed = format!("{{ key = {}, until = 2026-05-05 }}", key.listed);
    company.listed(&[("zhang-wei", &listed)]);
    company.edit(signed_in);
    company.commit_signed(ZHANG_WEI, "2026-05-01T10:00:00+08:00", &key);
    let expired = level("已签名验证", "本人提交", "密钥只到 2026-05-05 有效");
    assert_eq!(company.said(), [expired]);
}

#[test]
fn a_key_that_the_same_change_lists_does_not_vouch_for_it_yet() {
    let company = Company::new();
    let key = company.ssh_key("li-na");
    company.edit(signed_in);
    // 李娜 writes her own key and address into 张伟's entry, and signs as him
    company.list(&[("zhang-wei", &key.listed)]);
    company.commit_signed(ZHANG_WEI, AT, &key);
    let foreign = level("已签名验证", "本人提交", "提交的签名不是本人名下的密钥");
    assert_eq!(company.said_with(&["--base", "HEAD~1"]), [foreign]);
}

#[test]
fn a_key_that_the_base_revoked_meanwhile_vouches_for_no_older_branch() {
    let company = Company::new();
    let key = company.ssh_key("zhang-wei");
    company.listed(&[("zhang-wei", &key.listed)]);
    company
        .repository
        .git(&["checkout", "--quiet", "-b", "mine"]);
    company.edit(signed_in);
    company.commit_signed(ZHANG_WEI, AT, &key);
    assert_eq!(company.said_with(&["--base", "main"]), Vec::<String>::new());
    company.repository.git(&["checkout", "--quiet", "main"]);
    let revoked = format!("{{ key = {}, revoked = 2026-05-06 }}", key.listed);
    company.listed(&[("zhang-wei", &revoked)]);
    company.repository.git(&["checkout", "--quiet", "mine"]);
    let refused = level("已签名验证", "本人提交", "密钥自 2026-05-06 起作废");
    assert_eq!(company.said_with(&["--base", "main"]), [refused]);
}

#[test]
fn branches_that_sign_side_by_side_both_count_and_a_merge_of_its_own_making_does_not() {
    let company = Company::new();
    let reply = |department: &str, person: &str| {
        format!(
            "[[replies]]\ndepartment = \"{department}\"\ntext = \"同意\"\n\
             signature = {{ person = \"{person}\", at = 2026-05-06T09:58:00+08:00 }}\n\n"
        )
    };
    let repository = &company.repository;
    company.edit(|text| text.to_owned() + "\n" + &reply("admin", "zhao-min"));
    company.commit(LI_NA, "2026-05-06T09:40:00+08:00");
    repository.git(&["checkout", "-q", "-b", "marketing"]);
    company.edit(|text| {
        text.replace(
            "[[replies]]",
            &(reply("marketing", "li-na") + "[[replies]]"),
        )
    });
    company.commit(LI_NA, AT);
    repository.git(&["checkout", "-q", "main"]);
    company.edit(|text| text.to_owned() + &reply("rd", "zhang-wei"));
    company.commit(ZHANG_WEI, LATER);
    repository.git_as(FORGE, LATER, &["merge", "-q", "--no-edit", "marketing"]);
    let admin =
        "signature-level error: “部门签字”要赵敏“本人提交”，现在是“署名”：人员名单里没有本人邮箱";
    assert_eq!(company.said(), [admin]);
    // a third entry that only the merge brings in
    repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repository.git_as(
        FORGE,
        LATER,
        &["merge", "-q", "--no-commit", "--no-ff", "marketing"],
    );
    company.edit(signed_in_main);
    company.commit(ZHANG_WEI, LATER);
    assert_eq!(
        company.said(),
        [
            level("已签名验证", "署名", "由合并带入，看不出出自谁手").as_str(),
            admin
        ]
    );
}

fn signed_in_main(text: &str) -> String {
    text.replace(
        "amount = \"3万元\"\n",
        &format!("amount = \"3万元\"\n{SIGNATURE}"),
    )
}

#[test]
fn a_record_that_moves_keeps_its_signatures() {
    let (company, _) = honest();
    std::fs::create_dir_all(company.repository.files.path("records/2026")).unwrap();
    company
        .repository
        .git(&["mv", FILE, "records/2026/SY-2026-0001.toml"]);
    company.commit(LI_NA, LATER);
    assert_eq!(company.said(), Vec::<String>::new());
}

#[test]
fn a_party_outside_sees_the_level_and_nothing_of_the_commit() {
    let (company, _) = honest();
    let kind = format!("internal = false\n{KIND}");
    company
        .repository
        .write("templates/kinds/trial/kind.toml", kind);
    company.edit(|text| {
        let text = text.replace("3万元", "30万元");
        text.replace(
            "state =",
            "audience = \"public\"\nvisible_to = [\"lanjing\"]\nstate =",
        )
    });
    company.commit(LI_NA, LATER);
    let mut register = load(company.repository.root(), &LoadOptions::default()).register;
    let git = Git::open(company.repository.root()).unwrap();
    let asked = Asked {
        only: None,
        git: &git,
        log: &Log::of(&git).unwrap(),
        edited: &git.edited().unwrap(),
        trusted: None,
    };
    establish(&mut register, &asked).unwrap();
    let standing = |register: &Register| {
        let version = Version::new(register, &register.records[0]);
        let given = given(version);
        assert_eq!(given.len(), 1);
        (*given[0].signature.standing.clone().unwrap()).clone()
    };
    let inside = standing(&register);
    assert_eq!(inside.level, Some(Confirmation::Signed));
    assert!(inside.commit.is_some() && inside.changed.unwrap().commit.is_some());
    let viewer = Viewer::parse("public:lanjing", &register.organisation, &register.settings);
    let outside = standing(register.seen_by(&viewer.unwrap()));
    assert_eq!(outside.level, Some(Confirmation::Signed));
    assert!(outside.commit.is_none() && outside.doubt.is_none());
    assert_eq!(outside.changed, Some(Altered { commit: None }));
}

#[test]
fn a_review_tells_at_which_level_a_signature_came() {
    let (company, _) = honest();
    let arguments = ["review", "--base", "HEAD~1", "--head", "HEAD"];
    let text = company.repository.taizhang(&arguments).stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("已签名验证"), "{text}");
    let json = [&arguments[..], &["--format", "json"]].concat();
    let json = company.repository.taizhang(&json).stdout;
    let json = String::from_utf8(json).unwrap();
    assert!(json.contains("\"level\": \"signed\""), "{json}");
}

/// gpg with its own home, so that no other key is near.
struct Gpg<'c> {
    company: &'c Company,
    home: PathBuf,
}

impl<'c> Gpg<'c> {
    fn new(company: &'c Company) -> Self {
        // a socket's path is short: not below the tests' own folders
        let home = tempfile::Builder::new()
            .prefix("g")
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        let gpg = Gpg { company, home };
        std::fs::write(gpg.home.join("gpg.conf"), "batch\npinentry-mode loopback\n").unwrap();
        std::fs::set_permissions(
            &gpg.home,
            std::os::unix::fs::PermissionsExt::from_mode(0o700),
        )
        .unwrap();
        gpg
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("gpg")
            .env("GNUPGHOME", &self.home)
            .args(["--batch", "--yes", "--passphrase", ""])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "gpg {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A key made at the start of 2026 that holds so long.
    fn key(&self, length: &str) -> String {
        self.run(&[
            "--faked-system-time",
            "20260101T000000!",
            "--quick-generate-key",
            "张伟 <zhang.wei@example.com>",
            "ed25519",
            "sign",
            length,
        ]);
        self.exported()
    }

    fn exported(&self) -> String {
        format!("'''\n{}'''", self.run(&["--armor", "--export"]))
    }

    /// Commits, signed as gpg signs at that time.
    fn commit(&self, at: &str, faked: &str) {
        let program = self.home.join("sign");
        let script = format!(
            "#!/bin/sh\nGNUPGHOME={} exec gpg --faked-system-time {faked} --passphrase '' \"$@\"\n",
            self.home.display()
        );
        write_program(&program, &script);
        let program = format!("gpg.program={}", program.display());
        let options = [
            "-c",
            "gpg.format=openpgp",
            "-c",
            &program,
            "-c",
            "user.signingkey=zhang.wei@example.com",
        ];
        self.company.commit_with(ZHANG_WEI, at, &options);
    }
}

impl Drop for Gpg<'_> {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .env("GNUPGHOME", &self.home)
            .args(["--kill", "all"])
            .output();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn write_program(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(path, mode).unwrap();
}

#[test]
fn an_openpgp_key_counts_as_long_as_it_says_itself() {
    let company = Company::new();
    let gpg = Gpg::new(&company);
    let key = gpg.key("20260601T000000");
    company.listed(&[("zhang-wei", &key)]);
    company.edit(signed_in);
    gpg.commit(AT, "20260506T020000!");
    assert_eq!(company.said(), Vec::<String>::new());
    // the same key, shortened to before the signature
    let fingerprint = gpg.run(&["--list-keys", "--with-colons"]);
    let fingerprint = fingerprint
        .lines()
        .find_map(|line| line.strip_prefix("fpr:::::::::"));
    let fingerprint = fingerprint.unwrap().trim_end_matches(':').to_owned();
    gpg.run(&[
        "--faked-system-time",
        "20260110T000000!",
        "--quick-set-expire",
        &fingerprint,
        "20260501T000000",
    ]);
    company.listed(&[("zhang-wei", &gpg.exported())]);
    let said = company.said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("“本人提交”：密钥只到 2026-05-01 有效"),
        "{said:?}"
    );
}

#[test]
fn an_openpgp_key_that_revokes_itself_counts_no_more() {
    let company = Company::new();
    let gpg = Gpg::new(&company);
    let key = gpg.key("20270101T000000");
    company.listed(&[("zhang-wei", &key)]);
    company.edit(signed_in);
    gpg.commit(AT, "20260506T020000!");
    assert_eq!(company.said(), Vec::<String>::new());
    let certificate = std::fs::read_dir(gpg.home.join("openpgp-revocs.d"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(&certificate).unwrap();
    std::fs::write(&certificate, text.replace(":-----BEGIN", "-----BEGIN")).unwrap();
    gpg.run(&["--import", &certificate.display().to_string()]);
    company.listed(&[("zhang-wei", &gpg.exported())]);
    let said = company.said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("“本人提交”：密钥自 2026-01-01 起作废"),
        "{said:?}"
    );
}

#[test]
fn an_openpgp_key_of_nobody_here_does_not_count() {
    let company = Company::new();
    let gpg = Gpg::new(&company);
    gpg.key("20270101T000000");
    company.edit(signed_in);
    gpg.commit(AT, "20260506T020000!");
    let foreign = level("已签名验证", "本人提交", "提交的签名不是本人名下的密钥");
    assert_eq!(company.said(), [foreign]);
}

#[test]
fn a_key_is_one_persons() {
    let company = Company::new();
    let key = company.ssh_key("zhang-wei");
    company.listed(&[("zhang-wei", &key.listed), ("li-na", &key.listed)]);
    assert_eq!(company.said(), ["bad-key error: 这把公钥已列在张伟名下"]);
}
