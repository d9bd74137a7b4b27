//! What the session does for whoever looks at runs: the list, a note, another name, deleting one, losses read back.

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use common::{ended, failure, heads, set, small, small_unet1d, trainer};
use denoodle::config::{DeviceChoice, Preset};
use denoodle::session::{ChangeRunRequest, Command, Event, NOTE_MOST, Outcome, RunChange, RunChanged, RunCurves, RunInfo};
use denoodle::train::{Progress, RunRecord, best, newest};
use denoodle::util::atomic;
use denoodle::util::series::{BUCKETS, RECENT};

fn listed(runs: &Path) -> Vec<RunInfo> {
    match ended(Command::Runs(runs.into())) {
        Event::Finished(Outcome::Runs(list)) => list,
        other => panic!("ended with {other:?}"),
    }
}

/// A run's folder with its record, written so many seconds after the first.
fn recorded(runs: &Path, name: &str, preset: Preset, after: u64) -> PathBuf {
    let folder = runs.join(name);
    let record = RunRecord {
        program: "test".into(),
        started: String::new(),
        categories: vec!["head".into()],
        seed: 1,
        steps: Some(500),
        device: DeviceChoice::Cpu,
        threads: 1,
        drawings: "drawings".into(),
        subset: "subset".into(),
        sources: Vec::new(),
        from: None,
        preset,
    };
    record.write(&folder).expect("written");
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + after);
    File::options().write(true).open(folder.join("run.ron")).and_then(|file| file.set_modified(at)).expect("a time");
    folder
}

fn change(runs: &Path, folder: &Path, change: RunChange) -> Command {
    Command::ChangeRun(Box::new(ChangeRunRequest { runs: runs.into(), folder: folder.into(), active: None, change }))
}

fn changed(command: Command) -> RunChanged {
    match ended(command) {
        Event::Finished(Outcome::RunChanged(changed)) => changed,
        other => panic!("ended with {other:?}"),
    }
}

fn curves(folder: &Path) -> RunCurves {
    match ended(Command::Curves(folder.into())) {
        Event::Finished(Outcome::Curves(curves)) => *curves,
        other => panic!("ended with {other:?}"),
    }
}

fn write(path: &Path, text: &str) {
    atomic::write_bytes(path, text.as_bytes()).expect("written");
}

#[test]
fn runs_are_listed_with_how_far_they_came_and_damaged_ones_with_what_is_wrong() {
    let there = tempfile::tempdir().expect("a folder");
    let runs = there.path();
    assert!(listed(&runs.join("none")).is_empty(), "a folder that is not there holds no runs");

    let good = recorded(runs, "good", small(), 0);
    let mut trainer = trainer(small(), set(heads(12), heads(4)), 1, 1);
    for _ in 0..3 {
        trainer.step(Some(500)).expect("a step");
    }
    let loss = trainer.test().expect("tested").expect("test drawings").judged;
    trainer.averaged().expect("a model").write(&best(&good), false).expect("written");
    trainer.step(Some(500)).expect("a step");
    let progress =
        Progress { step: 4, steps: Some(500), seed: 1, cursor: 32, rate_scale: 1.0, rollbacks: 0, best: Some(loss), elapsed_secs: 1.0 };
    trainer.save(&newest(&good), &progress).expect("saved");
    write(&good.join("note.txt"), "with whiskers");
    let begun = recorded(runs, "begun", small_unet1d(), 0);
    let damaged = recorded(runs, "damaged", small(), 10);
    write(&damaged.join("run.ron"), "(program: 3");
    let half = recorded(runs, "half", small(), 20);
    write(&newest(&half), "no model at all");
    write(&runs.join("exports/cat.gif"), "no run");
    write(&runs.join("file"), "no run");

    let list = listed(runs);
    let find = |name: &str| list.iter().find(|run| run.name == name).expect("listed");
    assert_eq!(list.len(), 4);
    assert_eq!(list.last().map(|run| run.name.as_str()), Some("begun"), "what was written last comes first");
    let facts = find("good").facts.as_ref().expect("sound");
    assert_eq!((facts.steps, facts.planned, facts.categories.as_slice()), (Some(4), Some(500), ["head".to_owned()].as_slice()));
    assert_eq!(facts.best.map(|best| (best.step, best.loss)), Some((3, loss)));
    assert_eq!(facts.preset, small());
    assert_eq!(find("good").note, "with whiskers");
    let sizes = fs::read_dir(&good).expect("there").map(|entry| entry.and_then(|entry| entry.metadata()).expect("there").len());
    assert_eq!(find("good").bytes, sizes.sum::<u64>());
    let facts = find("begun").facts.as_ref().expect("sound");
    assert_eq!((facts.steps, facts.planned, facts.best), (None, Some(500), None));
    assert!(!facts.preset.measures_like(&small()));
    assert_eq!(find("begun").folder, begun);
    for (name, says) in [("damaged", "the run's record cannot be read"), ("half", "this is not a model file")] {
        let why = find(name).facts.as_ref().expect_err("damaged");
        assert!(why.contains(says) && why.contains(name), "{why}");
    }
}

#[test]
fn a_note_is_kept_and_taken_away() {
    let there = tempfile::tempdir().expect("a folder");
    let runs = there.path();
    let folder = recorded(runs, "cat", small(), 0);
    let note = |text: &str| change(runs, &folder, RunChange::Note(text.into()));
    let text = "Größer,\nund mit Schnurrhaaren: 猫";
    assert_eq!(changed(note(text)), RunChanged { from: folder.clone(), to: Some(folder.clone()) });
    assert_eq!(listed(runs)[0].note, text);
    assert_eq!(changed(note(&"é".repeat(NOTE_MOST))).to, Some(folder.clone()));
    assert_eq!(listed(runs)[0].note.chars().count(), NOTE_MOST);
    let too_long = failure(note(&"é".repeat(NOTE_MOST + 1)));
    assert!(too_long.contains("2000") && too_long.contains("2001"), "{too_long}");
    // One that was written by other means is shown as far as notes go.
    write(&folder.join("note.txt"), &"猫".repeat(3 * NOTE_MOST));
    assert_eq!(listed(runs)[0].note.chars().count(), NOTE_MOST);
    changed(note("  "));
    assert!(!folder.join("note.txt").exists() && listed(runs)[0].note.is_empty());
    changed(note(""));
}

#[test]
fn a_run_is_renamed_and_nothing_is_ever_replaced() {
    let there = tempfile::tempdir().expect("a folder");
    let runs = there.path();
    let folder = recorded(runs, "old", small(), 0);
    recorded(runs, "other", small(), 10);
    write(&runs.join("file"), "no run");
    let rename = |name: &str| change(runs, &folder, RunChange::Rename(name.into()));
    for (name, says) in [
        ("other", "already"),
        ("file", "already"),
        ("a/b", "'/'"),
        ("..", "dot"),
        ("", "needs a name"),
        ("NUL", "device"),
        ("base", "shipped model"),
    ] {
        let why = failure(rename(name));
        assert!(why.contains(says), "{name}: {why}");
        assert!(folder.join("run.ron").is_file());
    }
    let busy = ChangeRunRequest {
        runs: runs.into(),
        folder: folder.clone(),
        active: Some(runs.join("other/../old")),
        change: RunChange::Rename("new".into()),
    };
    assert!(failure(Command::ChangeRun(Box::new(busy))).contains("a model is being trained"));
    let new = runs.join("my best cats");
    assert_eq!(changed(rename("my best cats")), RunChanged { from: folder.clone(), to: Some(new.clone()) });
    assert!(!folder.exists() && new.join("run.ron").is_file());
    assert!(failure(rename("again")).contains("there is no such run"));
}

#[test]
fn only_a_run_is_deleted_and_nothing_that_links_lead_to() {
    let there = tempfile::tempdir().expect("a folder");
    let runs = there.path().join("runs");
    let folder = recorded(&runs, "cat", small(), 0);
    write(&folder.join("scores/scores.json"), "{}");
    let outside = there.path().join("outside");
    write(&outside.join("precious"), "mine");
    write(&runs.join("exports/precious"), "mine");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, folder.join("link")).expect("a link");
        std::os::unix::fs::symlink(outside.join("precious"), folder.join("file link")).expect("a link");
    }
    let delete = |folder: &Path| change(&runs, folder, RunChange::Delete);
    recorded(there.path(), "elsewhere", small(), 0);
    for (folder, says) in [
        (runs.join("exports"), "holds no run"),
        (runs.join("none"), "there is no such run"),
        (there.path().join("elsewhere"), "not in the folder of runs"),
        (runs.join("cat/scores"), "not in the folder of runs"),
        (runs.join(".."), "not in the folder of runs"),
        (runs.clone(), "not in the folder of runs"),
    ] {
        let why = failure(delete(&folder));
        assert!(why.contains(says), "{}: {why}", folder.display());
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(there.path().join("elsewhere"), runs.join("linked")).expect("a link");
        assert!(failure(delete(&runs.join("linked"))).contains("a link"));
    }
    assert!(there.path().join("elsewhere/run.ron").is_file() && runs.join("exports/precious").is_file());
    let request = |active: &Path| ChangeRunRequest {
        runs: runs.clone(),
        folder: folder.clone(),
        active: Some(active.into()),
        change: RunChange::Delete,
    };
    assert!(failure(Command::ChangeRun(Box::new(request(&folder)))).contains("a model is being trained"));
    assert!(folder.join("scores/scores.json").is_file());
    let other = Command::ChangeRun(Box::new(request(&runs.join("another"))));
    assert_eq!(changed(other), RunChanged { from: folder.clone(), to: None });
    assert!(!folder.exists() && outside.join("precious").is_file());

    // One that cannot be read is deleted like any other.
    let damaged = recorded(&runs, "damaged", small(), 0);
    write(&damaged.join("run.ron"), "nonsense");
    changed(delete(&damaged));
    assert!(!damaged.exists());
}

#[test]
fn losses_are_read_back_smoothed_and_in_bounded_memory() {
    let there = tempfile::tempdir().expect("a folder");
    let folder = recorded(there.path(), "cat", small(), 0);
    assert!(failure(Command::Curves(folder.clone())).contains("metrics.jsonl"));
    let train = |step: u64, loss: f64| format!("{{\"kind\":\"train\",\"step\":{step},\"diffusion\":{loss},\"stop\":0.1}}\n");
    let test = |step: u64, loss: f64| format!("{{\"kind\":\"test\",\"step\":{step},\"diffusion\":{loss},\"judged\":9.0}}\n");
    let mut text: String = (1..=20_000).map(|step| train(step, if step % 2 == 0 { 0.4 } else { 0.6 })).collect();
    text += &test(10_000, 0.5);
    text += &test(20_000, 0.25);
    let metrics = folder.join("metrics.jsonl");
    // The last line broke off when the run was killed.
    write(&metrics, &(text.clone() + "{\"kind\":\"train\",\"step\":20001,\"diffu"));
    let read = curves(&folder);
    assert!(read.train.held() <= RECENT + 2 * BUCKETS, "{}", read.train.held());
    let points = read.train.pieces(0.0, 1e9, 100_000).concat();
    assert_eq!(points.last().map(|point| point[0]), Some(20_000.0));
    assert!(points.iter().skip(200).all(|point| (point[1] - 0.5).abs() < 0.02), "it is smoothed");
    assert_eq!(read.test.pieces(0.0, 1e9, 100).concat(), [[10_000.0, 0.5], [20_000.0, 0.25]]);

    // After a roll-back the steps are made again.
    text += "{\"kind\":\"rollback\",\"step\":15000,\"why\":\"the loss is NaN\"}\n";
    text += &train(15_001, 0.5);
    write(&metrics, &text);
    let read = curves(&folder);
    assert_eq!(read.train.pieces(0.0, 1e9, 100_000).concat().last().map(|point| point[0]), Some(15_001.0));
    assert_eq!(read.test.pieces(0.0, 1e9, 100).concat(), [[10_000.0, 0.5]]);

    // What it drew meanwhile comes with them, and stays as it lies there.
    assert!(read.previews.sheets().is_empty());
    let sheets = "{\"step\":100,\"sketches\":[[[[1,2],[3,4]]]]}\n{\"step\":200,\"sketches\":[[]]}\n{\"step\":300,\"ske";
    write(&folder.join("previews.ndjson"), sheets);
    let read = curves(&folder);
    let steps: Vec<_> = read.previews.sheets().iter().map(|sheet| (sheet.step, sheet.sketches.len())).collect();
    assert_eq!(steps, [(100, 1), (200, 1)]);
    assert_eq!(fs::read_to_string(folder.join("previews.ndjson")).expect("there"), sheets);

    // Another system has another main loss.
    let other = recorded(there.path(), "unet", small_unet1d(), 0);
    write(&other.join("metrics.jsonl"), "{\"kind\":\"train\",\"step\":1,\"noise\":0.75,\"pen\":0.1}\n");
    assert_eq!(curves(&other).train.last(), Some(0.75));
}
