//! The driver as git calls it.

use crate::common::Repository;
use crate::common::git::GitRepository;

const PATH: &str = "records/2026/XT-2026-0001.toml";

const RECORD: &str = r#"kind = "collaboration"
id = "XT-2026-0001"
title = "样机评审"
state = "executing"

[request]
department = "rd"
person = "zhang-wei"
due_on = 2026-05-25

[[actions]]
id = "A1"
task = "备料"
owner = "zhang-wei"
due_on = 2026-05-20
"#;

const PROGRESS_OF_OURS: &str = r#"
[[progress]]
at = 2026-05-08T16:00:00+08:00
by = "zhang-wei"
completed = "图纸已下发。"
"#;

const PROGRESS_OF_THEIRS: &str = r#"
[[progress]]
at = 2026-05-07T16:00:00+08:00
by = "li-na"
completed = "供应商已选定。"
"#;

/// A repository with a record and two branches, `ours` checked out.
fn branches(ours: &str, theirs: &str) -> GitRepository {
    let repository = GitRepository::of(Repository::new().file(PATH, RECORD));
    repository.write(".gitattributes", "records/**/*.toml merge=taizhang\n");
    repository.commit("begin");
    for (branch, text) in [("theirs", theirs), ("ours", ours)] {
        repository.git(&["checkout", "--quiet", "-B", branch, "main"]);
        repository.write(PATH, text);
        repository.commit(branch);
    }
    repository
}

/// The same with the driver.
fn with_driver(ours: &str, theirs: &str) -> GitRepository {
    let repository = branches(ours, theirs);
    install(&repository);
    repository
}

fn install(repository: &GitRepository) {
    let output = repository.taizhang(&["merge", "--install"]);
    assert!(output.status.success(), "{output:?}");
}

fn and(row: &str) -> String {
    format!("{RECORD}{row}")
}

#[test]
fn two_branches_that_each_append_a_row_merge_with_the_driver_only() {
    let (ours, theirs) = (and(PROGRESS_OF_OURS), and(PROGRESS_OF_THEIRS));
    let repository = branches(&ours, &theirs);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged, "{said}");

    let repository = with_driver(&ours, &theirs);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(merged, "{said}");
    let both = format!("{RECORD}{PROGRESS_OF_THEIRS}{PROGRESS_OF_OURS}");
    assert_eq!(repository.read(PATH), both);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn so_do_a_rebase_and_a_cherry_pick() {
    let (ours, theirs) = (and(PROGRESS_OF_OURS), and(PROGRESS_OF_THEIRS));
    for command in ["rebase", "cherry-pick"] {
        let repository = with_driver(&ours, &theirs);
        let (merged, said) = repository.try_git(&[command, "theirs"]);
        assert!(merged, "{command}: {said}");
        let both = format!("{RECORD}{PROGRESS_OF_THEIRS}{PROGRESS_OF_OURS}");
        assert_eq!(repository.read(PATH), both, "{command}");
    }
}

#[test]
fn a_record_that_one_side_has_moved_is_merged_where_it_lies_now() {
    let repository = with_driver(&and(PROGRESS_OF_OURS), &and(PROGRESS_OF_THEIRS));
    let moved = "records/rd/XT-2026-0001.toml";
    std::fs::create_dir_all(repository.root().join("records/rd")).unwrap();
    repository.git(&["mv", PATH, moved]);
    repository.commit("move");
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(merged, "{said}");
    let both = format!("{RECORD}{PROGRESS_OF_THEIRS}{PROGRESS_OF_OURS}");
    assert_eq!(repository.read(moved), both);
}

#[test]
fn what_does_not_go_together_is_marked_where_it_stands_and_told() {
    let ours = and(PROGRESS_OF_OURS)
        .replace("\"executing\"", "\"accepting\"")
        .replace("2026-05-20", "2026-05-22");
    let theirs = and(PROGRESS_OF_THEIRS)
        .replace("\"executing\"", "\"cancelled\"")
        .replace("2026-05-20", "2026-05-21");
    let repository = with_driver(&ours, &theirs);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged);
    assert!(
        said.contains("状态：一边改成“accepting”，另一边改成“cancelled”"),
        "{said}"
    );
    assert!(
        said.contains("行动项 › A1 › 完成时间：一边改成“2026-05-22”"),
        "{said}"
    );
    let expected = RECORD
        .replace(
            "state = \"executing\"\n",
            "<<<<<<< HEAD\nstate = \"accepting\"\n=======\nstate = \"cancelled\"\n>>>>>>> theirs\n",
        )
        .replace(
            "due_on = 2026-05-20\n",
            "<<<<<<< HEAD\ndue_on = 2026-05-22\n=======\ndue_on = 2026-05-21\n>>>>>>> theirs\n",
        );
    let expected = format!("{expected}{PROGRESS_OF_THEIRS}{PROGRESS_OF_OURS}");
    assert_eq!(repository.read(PATH), expected);

    // and check points at both, in the words of the form, and at no syntax
    let output = repository.taizhang(&["check"]);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("[merge-conflict]").count(), 2, "{said}");
    assert!(
        said.contains("行动项 A1 › 完成时间：上面是“2026-05-22”，下面是“2026-05-21”"),
        "{said}"
    );
    assert!(
        said.contains("状态：上面是“验收中”，下面是“已取消”"),
        "{said}"
    );
    assert!(!said.contains("toml-syntax"), "{said}");
}

#[test]
fn rows_of_the_same_name_are_left_whole_on_each_side() {
    let row = |task: &str| {
        and(&format!(
            "\n[[actions]]\nid = \"A2\"\ntask = \"{task}\"\nowner = \"li-na\"\n"
        ))
    };
    let repository = with_driver(&row("试产"), &row("打样"));
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged);
    assert!(
        said.contains("行动项 › A2：两边各新增了一行，内容不同"),
        "{said}"
    );
    let side =
        |task: &str| format!("[[actions]]\nid = \"A2\"\ntask = \"{task}\"\nowner = \"li-na\"\n");
    let conflict = format!(
        "\n<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n",
        side("试产"),
        side("打样")
    );
    assert_eq!(repository.read(PATH), and(&conflict));
}

#[test]
fn a_row_taken_out_here_and_changed_there_is_a_conflict() {
    let ours = RECORD.split("\n[[actions]]").next().unwrap().to_owned();
    let theirs = RECORD.replace("备料", "备料和打样");
    let repository = with_driver(&ours, &theirs);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged);
    assert!(
        said.contains("行动项 › A1：HEAD 删去了，另一边改成"),
        "{said}"
    );
    let row = theirs.split_once("\n[[actions]]").unwrap().1;
    let expected = format!("{ours}\n<<<<<<< HEAD\n=======\n[[actions]]{row}>>>>>>> theirs\n");
    assert_eq!(repository.read(PATH), expected);
}

#[test]
fn two_records_that_took_the_same_number_are_sent_to_renumber() {
    let repository = GitRepository::of(Repository::new());
    repository.commit("begin");
    for (branch, title) in [("theirs", "打样"), ("ours", "试产")] {
        repository.git(&["checkout", "--quiet", "-B", branch, "main"]);
        repository.write(PATH, RECORD.replace("样机评审", title));
        repository.commit(branch);
    }
    install(&repository);
    repository.commit("attributes");
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged);
    assert!(said.contains("taizhang renumber XT-2026-0001"), "{said}");
    // doing as told: what the branch has gets another number
    repository.git(&["merge", "--abort"]);
    let output = repository.taizhang(&["renumber", "XT-2026-0001"]);
    assert!(output.status.success(), "{output:?}");
    repository.commit("renumber");
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(merged, "{said}");
    assert!(repository.read(PATH).contains("打样"));
    assert!(
        repository
            .read("records/2026/XT-2026-0002.toml")
            .contains("试产")
    );
}

#[test]
fn what_is_no_toml_or_no_utf8_is_left_to_git() {
    let broken = format!("{RECORD}\nopen = [\n");
    let repository = with_driver(&RECORD.replace("样机", "新样机"), &broken);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(merged, "{said}");
    assert!(
        said.contains("不符合 TOML 写法，不能逐项合并，已由 git 按文本行合并"),
        "{said}"
    );
    assert!(repository.read(PATH).contains("新样机"));
    assert!(repository.read(PATH).contains("open = ["));

    let gbk = [RECORD.as_bytes(), b"# \xb1\xb8\xd7\xa2\n"].concat();
    let repository = branches(&and("# 一\n"), RECORD);
    install(&repository);
    repository.git(&["checkout", "--quiet", "theirs"]);
    repository.write(PATH, &gbk);
    repository.commit("gbk");
    repository.git(&["checkout", "--quiet", "ours"]);
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(!merged);
    assert!(
        said.contains("不是 UTF-8，不能逐项合并，由 git 按文本行合并时有冲突"),
        "{said}"
    );
}

#[test]
fn definitions_that_are_being_merged_themselves_do_not_stop_it() {
    let repository = with_driver(&and(PROGRESS_OF_OURS), &and(PROGRESS_OF_THEIRS));
    let kind = "templates/kinds/collaboration/kind.toml";
    repository.write(kind, "name = { zh = \"协作\"\n<<<<<<< HEAD\n");
    let (merged, said) = repository.try_git(&["merge", "theirs", "-m", "merge"]);
    assert!(merged, "{said}");
    let both = format!("{RECORD}{PROGRESS_OF_THEIRS}{PROGRESS_OF_OURS}");
    assert_eq!(repository.read(PATH), both);
}

#[test]
fn git_is_told_once_and_keeps_what_it_was_told_before() {
    let repository = GitRepository::of(Repository::new());
    repository.write(".gitattributes", "*.pdf binary");
    install(&repository);
    install(&repository);
    let expected = "*.pdf binary\nrecords/**/*.toml merge=taizhang\n";
    assert_eq!(repository.read(".gitattributes"), expected);
    let driver = repository.git(&["config", "--local", "merge.taizhang.driver"]);
    assert!(driver.ends_with(" merge %O %A %B %L %P %X %Y"), "{driver}");
}

#[test]
fn what_the_command_line_lacks_is_no_conflict() {
    let repository = GitRepository::of(Repository::new());
    let output = repository.taizhang(&["merge", "a", "b", "c", "7", "records/x.toml"]);
    assert_eq!(output.status.code(), Some(129), "{output:?}");
}
