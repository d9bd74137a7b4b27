//! The comparison of models as a person meets it: tables, the picture, and what is refused.

use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use denoodle::eval::Comparison;
use denoodle::util::atomic;

fn denoodle(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_denoodle"));
    command.current_dir(folder).env("HOME", folder).env("XDG_DATA_HOME", folder.join("share")).env("XDG_CACHE_HOME", folder.join("cache"));
    command.timeout(Duration::from_secs(240));
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// Made-up cats and buses, a run of the recurrent denoiser that has hardly learnt anything, and a file of the shipped cats' weights.
fn book(here: &Path) {
    denoodle(here).args(["data", "sample", "--out", "book", "--count", "60"]).assert().success();
    let shown = denoodle(here).args(["presets", "show", "rnn_denoiser_small"]).assert().success();
    let preset = text(&shown.get_output().stdout).replace("batch: 128", "batch: 8");
    atomic::write_bytes(&here.join("tiny.ron"), preset.as_bytes()).expect("writes");
    let train = ["train", "--category", "cat", "--data", "book", "--subset", "book/subset", "--preset", "tiny.ron", "--out", "run"];
    denoodle(here).args(train).args(["--steps", "2"]).assert().success();
}

fn compare(here: &Path, models: &str, more: &[&str]) -> Command {
    let mut command = denoodle(here);
    let place = ["--data", "book", "--subset", "book/subset", "--count", "8", "--shown", "3"];
    command.args(["compare", "--models", models, "--category", "cat", "--out", "side"]).args(place).args(more);
    command
}

#[test]
fn models_stand_side_by_side_in_tables_and_a_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    book(here);
    let table = text(&compare(here, "cat,run", &[]).assert().success().get_output().stdout);
    for words in ["StrokeDiffusion", "RnnDenoiser", "weights", "a drawing alone", "FID", "KID"] {
        assert!(table.contains(words), "{words} is missing in\n{table}");
    }
    let json = std::fs::read_to_string(here.join("side/comparison.json")).expect("numbers");
    let comparison: Comparison = serde_json::from_str(&json).expect("a comparison");
    let [shipped, run] = &comparison.models[..] else { panic!("{} models", comparison.models.len()) };
    assert!(shipped.training.is_none() && run.training.is_some_and(|time| time.secs > 0.0), "only a run's folder knows its time");
    assert!(shipped.parameters > 3_000_000 && run.parameters > 100_000 && run.steps == 2);
    assert!([shipped, run].iter().all(|model| model.alone_ms > 0.0 && model.together_ms > 0.0 && model.scores.generated == 8));
    for file in ["comparison.md", "comparison.tex", "comparison.csv"] {
        let written = std::fs::read_to_string(here.join("side").join(file)).expect("a table");
        assert!(written.contains("RnnDenoiser") && written.contains("StrokeDiffusion"), "{file}:\n{written}");
    }
    let csv = std::fs::read_to_string(here.join("side/comparison.csv")).expect("a table");
    let cells: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert!(cells.len() > 2 && cells.windows(2).all(|pair| pair[0] == pair[1]), "rows are as long as their head: {cells:?}");
    let picture = std::fs::read(here.join("side/comparison.png")).expect("a picture");
    assert!(picture.starts_with(b"\x89PNG"));

    // What stands there is not replaced by chance, and nothing is half-written.
    let error = text(&compare(here, "cat,run", &[]).assert().code(2).get_output().stderr);
    assert!(error.contains("--force"), "{error}");
    compare(here, "cat,run", &["--force", "--json"]).assert().success();
}

#[test]
fn what_cannot_be_compared_is_told_before_anything_is_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    denoodle(here).args(["data", "sample", "--out", "book", "--count", "60"]).assert().success();
    for (models, words) in [("cat", "two models"), ("cat,nowhere", "nowhere"), ("cat,bus", "'cat'")] {
        let error = text(&compare(here, models, &[]).assert().code(2).get_output().stderr);
        assert!(error.contains(words), "{models}: {error}");
        assert!(!here.join("side").exists(), "{models}");
    }
    let mut command = denoodle(here);
    command.args(["compare", "--models", "cat,rabbit", "--count", "8", "--data", "book", "--subset", "book/subset", "--out", "side"]);
    let error = text(&command.assert().code(2).get_output().stderr);
    assert!(error.contains("one of these models draws cat, another rabbit") && !here.join("side").exists(), "{error}");
}
