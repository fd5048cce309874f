//! `taizhang sign`, in real repositories of git: whose turn it is, what is
//! written, what is committed, and at which level it then stands.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::process::{Command, Output};

use common::Repository;
use common::git::{Author, GitRepository, LI_NA, ZHANG_WEI};

const KIND: &str = r#"
name = { zh = "试验", en = "Trial" }
number = "SY-{year}-{seq:4}"
department = "main.department"
responsible = "main.person"

[sections.main]
label = { zh = "事项", en = "Matter" }
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.person = { type = "person", label = { zh = "负责人", en = "Responsible" } }
fields.amount = { type = "text", required_from = "open", label = { zh = "金额", en = "Amount" } }
fields.head_signature = { type = "signature", required_from = "open", label = { zh = "部门负责人", en = "Head" } }
fields.leader_signature = { type = "signature", label = { zh = "分管领导", en = "Executive" } }

[sections.replies]
label = { zh = "反馈", en = "Replies" }
repeated = true
identity = "department"
fields.department = { type = "department", label = { zh = "部门", en = "Department" } }
fields.text = { type = "text", label = { zh = "意见", en = "Opinion" } }
fields.signature = { type = "signature", label = { zh = "部门签字", en = "Signed" } }

[sections.result]
label = { zh = "结果", en = "Result" }
[sections.result.fields.signatures]
type = "table"
identity = "department"
label = { zh = "各方签字", en = "Signed by all" }
columns.department = { type = "department", label = { zh = "部门", en = "Department" } }
columns.signature = { type = "signature", label = { zh = "签字", en = "Signature" } }

[[states]]
id = "draft"
label = { zh = "草稿", en = "Draft" }
phase = "draft"
[[states]]
id = "open"
label = { zh = "办理中", en = "Open" }
phase = "open"

[[rules]]
id = "trial-signed-by-head"
title = { zh = "由部门负责人签", en = "Signed by the head" }
explain = { zh = "谁的部门谁签。", en = "By the head of the department." }
when = "has(main.head_signature)"
assert = "main.head_signature.person == head_of(main.department)"
at = "main.head_signature"
message = { zh = "应由部门负责人签", en = "the head has to sign" }
[[rules]]
id = "trial-signed-by-leader"
title = { zh = "由分管领导签", en = "Signed by the executive" }
explain = { zh = "谁分管谁签。", en = "By the executive." }
when = "has(main.leader_signature)"
assert = "main.leader_signature.person == leader_of(main.department)"
at = "main.leader_signature"
message = { zh = "应由分管领导签", en = "the executive has to sign" }
"#;

const FILE: &str = "records/SY-2026-0001.toml";
const ID: &str = "SY-2026-0001";
const RECORD: &str = r#"# 夹具试制
kind = "trial"
id = "SY-2026-0001"
title = "夹具试制"
state = "draft"

[main] # 发起部门填
department = "rd"
person   = "zhang-wei"
amount = "3万元" # 不含税

[[replies]]
department = "marketing"
text = "同意"

[[replies]]
department = "rd"
text = "无"
"#;

fn company(record: &str) -> GitRepository {
    let people = "[zhang-wei]\nname = \"张伟\"\ndepartment = \"rd\"\nemail = \"zhang.wei@example.com\"\n\
         [li-na]\nname = \"李娜\"\ndepartment = \"marketing\"\nemail = \"li.na@example.com\"\n\
         [sun-li]\nname = \"孙丽\"\ndepartment = \"admin\"\n[zhao-min]\nname = \"赵敏\"\ndepartment = \"admin\"\n";
    let repository = GitRepository::of(
        Repository::new()
            .file("templates/kinds/trial/kind.toml", KIND)
            .file("records/organisation/people.toml", people)
            .file(FILE, record),
    );
    repository.commit("立项");
    repository
}

fn sign(repository: &GitRepository, who: Author, more: &[&str]) -> Output {
    repository.git(&["config", "user.name", who.name]);
    repository.git(&["config", "user.email", who.email]);
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(repository.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .args(["--as-of", "2026-05-06T09:30:00+08:00", "sign", ID])
        .args(more)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_head_signs_what_is_the_heads_and_it_is_one_commit_of_one_file() {
    let repository = company(RECORD);
    repository.write("records/notes.txt", "别的文件");
    repository.git(&["add", "--all"]);
    let output = sign(
        &repository,
        ZHANG_WEI,
        &["--section", "main", "--opinion", "同意"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(
        told(&output).contains("“事项 / 部门负责人”：张伟，本人提交"),
        "{}",
        told(&output)
    );
    let entry = "head_signature = { person = \"zhang-wei\", at = 2026-05-06T09:30:00+08:00, opinion = \"同意\" }\n";
    let expected = RECORD.replace("# 不含税\n", &format!("# 不含税\n{entry}"));
    assert_eq!(repository.read(FILE), expected);
    assert_eq!(
        repository.git(&["show", "--format=%an %s", "--name-only"]),
        format!("张伟 签字：{ID} 事项 / 部门负责人（张伟）\n\n{FILE}")
    );
    assert_eq!(
        repository.git(&["status", "--porcelain"]),
        "A  records/notes.txt"
    );
}

#[test]
fn it_is_not_everybodys_turn_and_not_twice() {
    let repository = company(RECORD);
    let output = sign(&repository, LI_NA, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("应由"), "{}", told(&output));
    assert_eq!(repository.read(FILE), RECORD);
    assert_eq!(
        sign(&repository, ZHANG_WEI, &["--section", "main"])
            .status
            .code(),
        Some(0)
    );
    let again = sign(&repository, ZHANG_WEI, &["--section", "main"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(told(&again).contains("已经签过"), "{}", told(&again));
    assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]), "2");
}

#[test]
fn what_is_missing_is_told_and_may_be_left_for_later() {
    let repository = company(&RECORD.replace("amount = \"3万元\" # 不含税\n", ""));
    let output = sign(&repository, ZHANG_WEI, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("金额"), "{}", told(&output));
    let output = sign(
        &repository,
        ZHANG_WEI,
        &["--section", "main", "--incomplete"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn everybody_signs_the_row_of_their_department() {
    let repository = company(RECORD);
    let output = sign(&repository, LI_NA, &["--section", "replies"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let entry = "signature = { person = \"li-na\", at = 2026-05-06T09:30:00+08:00 }\n";
    let expected = RECORD.replace("text = \"同意\"\n", &format!("text = \"同意\"\n{entry}"));
    assert_eq!(repository.read(FILE), expected);
}

#[test]
fn a_row_that_says_only_who_signs_is_begun_in_the_layout_of_the_others() {
    let table = "\n[result]\nsignatures = [\n  { department = \"rd\" }, # 发起部门\n]\n";
    let repository = company(&format!("{RECORD}{table}"));
    let output = sign(&repository, LI_NA, &["--section", "result"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let text = repository.read(FILE);
    let row = "{ department = \"marketing\", signature = { person = \"li-na\", at = 2026-05-06T09:30:00+08:00 } }";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("  { department = \"rd\" }"), "{text}");
    let own = sign(&repository, ZHANG_WEI, &["--section", "result"]);
    assert_eq!(own.status.code(), Some(0), "{}", told(&own));
    assert!(
        repository
            .read(FILE)
            .contains("{ department = \"rd\", signature = { person = \"zhang-wei\"")
    );
}

#[test]
fn a_file_with_edits_is_not_signed_and_one_that_is_only_written_is_not_committed() {
    let repository = company(RECORD);
    repository.write(FILE, RECORD.replace("3万元", "4万元"));
    let output = sign(&repository, ZHANG_WEI, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("没有提交的改动"),
        "{}",
        told(&output)
    );
    let output = sign(
        &repository,
        ZHANG_WEI,
        &["--section", "main", "--no-commit"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(repository.read(FILE).contains("head_signature = {"));
    assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]), "1");
}

#[test]
fn whoever_signs_for_another_is_told_that_it_is_only_a_name() {
    let repository = company(RECORD);
    let output = sign(
        &repository,
        LI_NA,
        &["--section", "main", "--as", "zhang-wei"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("只算署名"), "{}", told(&output));
    assert!(told(&output).contains("署名（"), "{}", told(&output));
    let nobody = Author {
        name: "某人",
        email: "nobody@example.com",
    };
    let output = sign(&repository, nobody, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("nobody@example.com"),
        "{}",
        told(&output)
    );
}

#[test]
fn a_commit_that_fails_leaves_nothing_behind() {
    let repository = company(RECORD);
    let hook = repository.files.path(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\nexit 1\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&hook, mode).unwrap();
    let output = sign(&repository, ZHANG_WEI, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(repository.read(FILE), RECORD);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn with_a_key_of_ones_own_the_commit_is_signed() {
    let repository = company(RECORD);
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.unwrap().success());
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let people = repository.read("records/organisation/people.toml");
    let listed = format!(
        "email = \"zhang.wei@example.com\"\nkeys = [\"{}\"]",
        public.trim()
    );
    repository.write(
        "records/organisation/people.toml",
        people.replace("email = \"zhang.wei@example.com\"", &listed),
    );
    repository.commit("登记公钥");
    repository.git(&["config", "gpg.format", "ssh"]);
    repository.git(&["config", "user.signingkey", &key.display().to_string()]);
    let output = sign(&repository, ZHANG_WEI, &["--section", "main"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(
        told(&output).contains("张伟，已签名验证"),
        "{}",
        told(&output)
    );
}
