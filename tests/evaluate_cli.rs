//! `denoodle evaluate` and `denoodle audit-split` as a person calls them.

mod data_common;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use data_common::{lines, put};

fn call(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("denoodle").expect("built");
    let home = folder.join("home");
    command.current_dir(folder).env("DENOODLE_CACHE", folder.join("cache")).env("XDG_DATA_HOME", &home).env("HOME", &home);
    command.args(arguments).output().expect("it runs")
}

fn good(folder: &Path, arguments: &[&str]) -> String {
    let output = call(folder, arguments);
    assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

fn bad(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = call(folder, arguments);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(code), ""), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn absent_weights_are_told_before_anything_is_computed() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder.path().join("mine.ndjson"), lines("cat", 30));
    let said = bad(folder.path(), &["evaluate", "--drawings", "mine.ndjson", "--category", "cat", "--protocol", "pytorch-fid"], 1);
    assert!(said.contains("the weights of the Inception network are absent"), "{said}");
}

#[test]
fn wrong_calls_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    put(&here.join("out/scores.json"), "{}");
    for (arguments, words) in [
        (&["evaluate"][..], "--model"),
        (&["evaluate", "--model", "m", "--count", "0"], "call.scored is 0, but must lie between 2 and"),
        (&["evaluate", "--model", "m", "--count", "1"], "must lie between 2 and"),
        (&["evaluate", "--model", "m", "--seeds", "0"], "call.seeds is 0"),
        (&["evaluate", "--model", "m", "--protocol", "fid"], "none of sketch, pytorch-fid, clean-fid"),
        (&["evaluate", "--model", "m", "--drawings", "d", "--category", "c"], "cannot be used with"),
        (&["evaluate", "--drawings", "d"], "--category"),
        (
            &["evaluate", "--model", "a", "--model", "b", "--category", "c", "--category", "d", "--category", "e"],
            "2 sources and 3 categories",
        ),
        (&["evaluate", "--model", "m", "--out", "out"], "there are scores in this folder already"),
        (&["audit-split", "--subset", "."], "there is no split in this folder"),
    ] {
        let said = bad(here, arguments, 2);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn scores_are_explained_and_the_cache_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = good(folder.path(), &["evaluate", "--explain"]);
    for part in ["FID (lower is better; Heusel", "copying ratio", "floor", "--protocol clean-fid"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(good(folder.path(), &["evaluate", "--list-cache"]).contains("0 files"));
    assert!(good(folder.path(), &["evaluate", "--clear-cache"]).contains("removed 0 files"));
}

#[test]
fn a_split_is_audited_with_and_without_drawings() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    put(&here.join("subset/cat/indices.json"), "{\"train\": [0, 1, 1, 2, 3], \"test\": [3, 3, 4, 4, 5, 99]}");
    put(&here.join("subset/bus/indices.json"), "{\"train\": [0, 1], \"test\": [2]}");
    put(&here.join("subset/notes.txt"), "not a split");
    let said = good(here, &["audit-split", "--subset", "subset", "--data", "nowhere"]);
    assert!(said.starts_with("bus: nothing leaks"), "{said}");
    for part in [
        "cat: test drawings leak into training",
        "train      5 entries, 4 different, 1 repeat",
        "test       6 entries, 4 different, 2 repeats",
        "in both    1 different index, 2 entries of the test list",
        "would train with 4 and test with 3 different drawings",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(!said.contains("hidden"), "{said}");
    // With drawings: line 5 is line 0 again, under another key; line 99 is past the end.
    let all = lines("cat", 6);
    let mut all: Vec<String> = all.lines().map(str::to_owned).collect();
    all[5] = all[0].replace("\"key_id\":\"0\"", "\"key_id\":\"77\"");
    put(&here.join("cat.ndjson"), all.join("\n"));
    let json = good(here, &["audit-split", "cat", "--subset", "subset", "--data", ".", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let number = |pointer: &str| json[0].pointer(pointer).and_then(serde_json::Value::as_u64);
    assert_eq!((number("/shared"), number("/clean_test"), number("/past_end")), (Some(1), Some(3), Some(1)));
    assert_eq!(
        (number("/drawings/same_strokes"), number("/drawings/same_key"), number("/drawings/without_drawing")),
        (Some(1), Some(0), Some(1))
    );
    let said = good(here, &["audit-split", "cat", "--subset", "subset", "--data", "."]);
    assert!(said.contains("0 more test drawings have the key of a training drawing, 1 its very strokes"), "{said}");
}

#[test]
fn the_assignments_lists_leak_as_many_as_is_known() {
    let subset = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/assignment_subset");
    if !subset.is_dir() {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: the assignment's lists are not at {}", subset.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let said = good(folder.path(), &["audit-split", "--json", "--data", "nowhere", "--subset", &subset.to_string_lossy()]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&said).expect("JSON");
    let found: Vec<_> = json.iter().map(|one| (one["category"].as_str().unwrap_or_default(), one["shared"].as_u64())).collect();
    assert_eq!(found, [("bus", Some(109)), ("cat", Some(166)), ("rabbit", Some(134))]);
}
