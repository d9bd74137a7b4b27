//! `denoodle data` as a person, or a program, calls it.

mod data_common;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use data_common::{lines, put};
use serde_json::Value;

/// Runs in a folder of its own, away from the user's data.
fn call(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("denoodle").expect("built");
    command.current_dir(folder).env("DENOODLE_CACHE", "off").env("XDG_DATA_HOME", folder.join("home")).env("HOME", folder.join("home"));
    command.arg("data").args(arguments).output().expect("it runs")
}

fn good(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = call(folder, arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

fn bad(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = call(folder, arguments);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(code), ""), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON and nothing else on standard output")
}

#[test]
fn a_newcomer_can_try_everything_without_a_download() {
    let folder = tempfile::tempdir().expect("a folder");
    let (out, err) = good(folder.path(), &["sample", "--out", "mine", "--count", "24"]);
    assert_eq!(out.lines().count(), 3);
    assert!(err.contains("procedural") && err.contains("denoodle train --category cat --data mine"), "{err}");
    // No `--subset`: the splits are found in the folder of drawings.
    let info = json(&good(folder.path(), &["info", "cat", "--data", "mine", "--json"]).0);
    assert_eq!(
        (&info["drawings"], &info["procedural"], &info["split"]["train"], &info["split"]["test"]),
        (&24.into(), &true.into(), &20.into(), &4.into())
    );
    let list = json(&good(folder.path(), &["list", "--data", "mine", "--here", "--json"]).0);
    let names: Vec<_> = list.as_array().expect("a list").iter().map(|row| row["name"].as_str().unwrap_or("")).collect();
    assert_eq!(names, ["bus", "cat", "rabbit"]);
    // The same seed draws the same, and again is allowed; real drawings are never replaced.
    let before = std::fs::read(folder.path().join("mine/cat.ndjson")).expect("written");
    good(folder.path(), &["sample", "--out", "mine", "--count", "24"]);
    assert_eq!(std::fs::read(folder.path().join("mine/cat.ndjson")).ok(), Some(before));
    put(&folder.path().join("mine/rabbit.ndjson"), lines("rabbit", 9));
    assert!(bad(folder.path(), &["sample", "--out", "mine"], 2).contains("rabbit.ndjson"));
    // Nor is a split that is there without drawings.
    put(&folder.path().join("other/subset/cat/indices.json"), "{}");
    assert!(bad(folder.path(), &["sample", "--out", "other"], 2).contains("indices.json"));
    assert!(!folder.path().join("other/cat.ndjson").exists());
}

#[test]
fn the_list_names_all_categories_and_what_is_here() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder.path().join("d/The Eiffel Tower.ndjson"), lines("The Eiffel Tower", 9));
    put(&folder.path().join("s/The Eiffel Tower/indices.json"), "nonsense");
    let place = ["--data", "d", "--subset", "s"];
    let (out, err) = good(folder.path(), &[&["list"], &place[..]].concat());
    assert_eq!(out.lines().count(), 345);
    assert!(out.lines().any(|l| l.starts_with("cat ") && l.ends_with("not here")));
    assert!(out.lines().any(|l| l.starts_with("The Eiffel Tower") && l.contains("kB  split unreadable")), "{out}");
    assert!(err.contains("1 of 345 categories"), "{err}");
    let rows = json(&good(folder.path(), &[&["list", "--json"], &place[..]].concat()).0);
    let cat = rows.as_array().and_then(|rows| rows.iter().find(|row| row["name"] == "cat").cloned()).expect("listed");
    assert_eq!((&cat["official_lines"], &cat["file"], &cat["may_mirror"]), (&123_202.into(), &Value::Null, &true.into()));
}

#[test]
fn bad_lines_and_odd_splits_are_told_beside_the_result() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder.path().join("cat.ndjson"), lines("cat", 5) + "oops\n" + &lines("cat", 4));
    put(&folder.path().join("subset/cat/indices.json"), "{\"train\": [0, 0, 5, 99], \"test\": [0]}");
    let (out, err) = good(folder.path(), &["info", "cat", "--data", "."]);
    assert!(out.contains("cat: 9 drawings") && out.contains("1 repeat, 1 in both lists, 1 past the end, 1 on bad lines"), "{out}");
    assert!(err.contains("cat.ndjson, line 6: this is not JSON") && err.contains("1 of 10 lines was left out: 1 not JSON"), "{err}");
    let info = json(&good(folder.path(), &["info", "cat.ndjson", "--json"]).0);
    assert_eq!((&info["left_out"]["not JSON"], &info["split"]), (&1.into(), &Value::Null));
}

#[test]
fn splits_are_made_by_seed_and_not_replaced_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder.path().join("d/hot dog.ndjson"), lines("hot dog", 60));
    let path = folder.path().join("d/subset/hot dog/indices.json");
    let split = |more: &[&str], code: i32| {
        let arguments = [&["split", "hot dog", "--data", "d", "--subset", "d/subset"], more].concat();
        if code == 0 { good(folder.path(), &arguments).0 } else { bad(folder.path(), &arguments, code) }
    };
    assert!(split(&[], 0).starts_with("hot dog: 50 to train, 10 to test with"));
    let first = std::fs::read_to_string(&path).expect("written");
    split(&[], 0);
    assert!(split(&["--seed", "2"], 2).contains("--replace"));
    assert!(split(&["--train", "60", "--test", "10"], 2).contains("cannot be split"));
    assert!(split(&["--train", "60"], 2).contains("--test"));
    assert!(split(&["--official"], 2).contains("not known"));
    assert_eq!(std::fs::read_to_string(&path).ok(), Some(first.clone()));
    assert!(split(&["--train", "6", "--test", "3", "--seed", "2", "--replace"], 0).contains("6 to train, 3 to test with"));
    assert_ne!(std::fs::read_to_string(&path).ok(), Some(first));
    // The repository's own splits: no file is needed.
    good(folder.path(), &["split", "cat", "--official", "--subset", "mine"]);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("subset/cat/indices.json");
    assert_eq!(std::fs::read(folder.path().join("mine/cat/indices.json")).ok(), std::fs::read(shipped).ok());
}

#[test]
fn imported_files_are_told_with_what_was_made_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder.path().join("full_simplified_cat.ndjson"), lines("cat", 30) + "oops\n");
    let place = ["--data", "d", "--subset", "s"];
    let (out, err) = good(folder.path(), &[&["import", "full_simplified_cat.ndjson"], &place[..]].concat());
    assert!(out.contains("cat: 30 drawings, now d"), "{out}");
    assert!(err.contains("line 31") && err.contains("cat had no split; made the usual one (25 to train, 5 to test with)"), "{err}");
    put(&folder.path().join("page.ndjson"), "<html>");
    assert!(bad(folder.path(), &[&["import", "page.ndjson"], &place[..]].concat(), 1).contains("page.ndjson"));
    assert!(bad(folder.path(), &[&["import", "missing.zip"], &place[..]].concat(), 1).contains("missing.zip"));
}

#[test]
fn wrong_calls_end_with_2_and_failures_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(bad(folder.path(), &["fetch", "rabit"], 2).contains("Did you mean rabbit?"));
    assert!(bad(folder.path(), &["fetch"], 2).contains("<CATEGORY>"));
    assert!(bad(folder.path(), &["info", "cat"], 1).contains("denoodle data fetch"));
    assert!(bad(folder.path(), &["info", "../no/such"], 2).contains("cannot be the name of a category"));
    assert!(bad(folder.path(), &["sample", "--count", "1"], 2).contains("--count"));
}
