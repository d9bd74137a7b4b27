//! The binary as a person meets it: help, exit codes, the whole way from made-up drawings to a GIF, stopping and going on.

use std::path::Path;
use std::process::Command as Process;
use std::time::Duration;

use assert_cmd::Command;

fn denoodle(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_denoodle"));
    // Nothing of the person's own must be touched, and no display found.
    command.current_dir(folder).env("HOME", folder).env("XDG_DATA_HOME", folder.join("share")).env("XDG_CACHE_HOME", folder.join("cache"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").timeout(Duration::from_secs(240));
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Standard error of a call that must fail with this code.
fn fails(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stderr).expect("text")
}

fn succeeds(command: &mut Command) -> String {
    let output = command.assert().success().get_output().clone();
    String::from_utf8(output.stdout).expect("text")
}

/// A preset that trains in seconds, in the folder.
fn tiny(folder: &Path) -> &'static str {
    let (_, quick) = denoodle::config::PRESETS[0];
    let text = [
        ("width: 160", "width: 32"),
        ("layers: 4", "layers: 1"),
        ("heads: 5", "heads: 2"),
        ("denoiser_width: 320", "denoiser_width: 96"),
        ("batch: 128", "batch: 8"),
    ]
    .iter()
    .fold(quick.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    denoodle::util::atomic::write_bytes(&folder.join("tiny.ron"), text.as_bytes()).expect("writes");
    "tiny.ron"
}

#[test]
fn every_subcommand_explains_itself() {
    let folder = folder();
    let all = [
        "presets",
        "data",
        "train",
        "draw",
        "interpolate",
        "share",
        "evaluate",
        "compare",
        "recognise",
        "audit-split",
        "features",
        "doctor",
    ];
    for words in all.iter().map(std::slice::from_ref).chain([&[][..], &["data", "fetch"]]) {
        let help = succeeds(denoodle(folder.path()).args(words).arg("--help"));
        assert!(help.contains("Usage: denoodle"), "{help}");
    }
}

#[test]
fn without_a_display_the_bare_command_says_what_is_missing() {
    let folder = folder();
    let text = fails(&mut denoodle(folder.path()), 1);
    assert!(text.contains("DISPLAY") && text.contains("denoodle train"), "{text}");
}

#[test]
fn wrong_calls_exit_with_2_and_say_what_is_right() {
    let folder = folder();
    let cases: [(&[&str], &str); 13] = [
        (&["train"], "--category"),
        (&["train", "--category", "cat", "--steps", "0"], "between 1"),
        (&["train", "--category", "cat", "--minutes", "NaN"], "between"),
        (&["train", "--category", "cat", "--preset", "fast"], "quick, finetune, standard, large"),
        (&["train", "--category", "cat", "--device", "tpu"], "auto, cpu, cuda, metal"),
        (&["draw", "--model", "x", "--count", "5", "--out", "cat.bmp"], ".gif"),
        (&["draw", "--model", "nowhere", "--out", "cat.png"], "no such model"),
        (&["draw", "--model", "cat", "--colours", "pink", "--out", "cat.png"], "order-on-slate"),
        (&["draw", "--model", "cat", "--transparent", "--out", "cat.ndjson"], "have no look"),
        (&["interpolate", "--model", "cat", "--out", "way.png"], "no latent vector"),
        (&["interpolate", "--model", "cat", "--count", "1", "--out", "way.png"], "between 2"),
        (&["presets", "show", "nosuch"], "quick"),
        (&["train", "--resume", "--out", "nowhere"], "no run"),
    ];
    for (words, says) in cases {
        let text = fails(denoodle(folder.path()).args(words), 2);
        assert!(text.contains(says), "{words:?}: {text}");
    }
}

#[test]
fn presets_are_listed_shown_and_checked() {
    let folder = folder();
    let list = succeeds(denoodle(folder.path()).args(["presets", "list", "--json"]));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(denoodle::config::PRESETS.len()));
    let shown = succeeds(denoodle(folder.path()).args(["presets", "show", "standard"]));
    denoodle::util::atomic::write_bytes(&folder.path().join("mine.ron"), shown.as_bytes()).expect("writes");
    succeeds(denoodle(folder.path()).args(["presets", "check", "mine.ron"]));
    denoodle::util::atomic::write_bytes(&folder.path().join("mine.ron"), shown.replace("layers: 4", "layers: 99").as_bytes())
        .expect("writes");
    let text = fails(denoodle(folder.path()).args(["presets", "check", "mine.ron"]), 2);
    assert!(text.contains("mine.ron, line") && text.contains("model.layers is 99"), "{text}");
}

#[test]
fn a_model_with_a_latent_vector_draws_what_lies_between() {
    let folder = folder();
    let here = folder.path();
    let (_, small) = denoodle::config::PRESETS.iter().find(|(name, _)| *name == "sketch_rnn_small").expect("built in");
    let sizes = [("encoder: 96", "encoder: 8"), ("decoder: 256", "decoder: 16"), ("latent: 64", "latent: 4"), ("batch: 64", "batch: 4")];
    let text = sizes.iter().fold((*small).to_owned(), |text, (from, to)| text.replace(from, to));
    denoodle::util::atomic::write_bytes(&here.join("tiny.ron"), text.as_bytes()).expect("writes");
    succeeds(denoodle(here).args(["data", "sample", "--out", "book", "--count", "40", "--seed", "3"]));
    let place = ["--data", "book", "--subset", "book/subset"];
    succeeds(denoodle(here).args(["train", "--category", "cat", "--preset", "tiny.ron", "--steps", "3", "--out", "run"]).args(place));
    let mine = "{\"word\":\"cat\",\"drawing\":[[[0,200,255],[20,30,200]]]}\n";
    denoodle::util::atomic::write_bytes(&here.join("mine.ndjson"), mine.as_bytes()).expect("writes");
    let way = |second: &str, count: &str, out: &str| {
        let mut command = denoodle(here);
        let ends = ["interpolate", "--model", "run", "--first", "mine.ndjson", "--second", second];
        command.args(ends).args(["--count", count, "--out", out]).args(place);
        command
    };
    let lines = |out: &str| std::fs::read_to_string(here.join(out)).expect("drawings").lines().map(str::to_owned).collect::<Vec<_>>();
    succeeds(&mut way("real:2", "5", "way.ndjson"));
    let five = lines("way.ndjson");
    // Both drawings as they were read, around their reconstructions and what lies between.
    assert_eq!((five.len(), five[0].contains("[[[0,200,255],[20,30,200]]]")), (7, true), "{}", five[0]);
    succeeds(&mut way("real:2", "2", "short.ndjson"));
    let two = lines("short.ndjson");
    assert_eq!([&two[0], &two[1], &two[2], &two[3]], [&five[0], &five[1], &five[5], &five[6]], "the ends do not depend on what is between");
    succeeds(&mut way("drawn:1", "3", "way.png"));
    assert!(std::fs::read(here.join("way.png")).expect("the picture").starts_with(b"\x89PNG"));
    for (second, says) in [("real:x", "not the number"), ("nowhere.ndjson", "nowhere.ndjson")] {
        let text = String::from_utf8(way(second, "3", "no.png").assert().failure().get_output().stderr.clone()).expect("text");
        assert!(text.contains(says) && !here.join("no.png").exists(), "{second}: {text}");
    }
}

/// Draws with the model of the folder's run, always with the same seed and settings.
fn draw(folder: &Path, count: &str, out: &str) -> Command {
    let mut command = denoodle(folder);
    command.args(["draw", "--model", "run", "--seed", "5", "--steps", "4", "--guidance", "1.2", "--count", count, "--out", out]);
    command
}

#[test]
fn from_made_up_drawings_to_a_gif() {
    let folder = folder();
    let here = folder.path();
    let preset = tiny(here);
    succeeds(denoodle(here).args(["data", "sample", "--out", "book", "--count", "60", "--seed", "3"]));
    let train = ["train", "--category", "cat", "--data", "book", "--subset", "book/subset", "--preset", preset, "--out", "run"];
    let said = succeeds(denoodle(here).args(train).args(["--steps", "12", "--seed", "2"]));
    assert!(said.contains("run"), "{said}");
    for (file, start) in [("cats.ndjson", "{\"word\":\"cat\""), ("cats.svg", "<"), ("cats.png", "\u{89}PNG"), ("cats.gif", "GIF89a")] {
        succeeds(&mut draw(here, "3", file));
        let bytes = std::fs::read(here.join(file)).expect("the file");
        let start: Vec<u8> = start.chars().map(|c| c as u8).collect();
        assert!(bytes.starts_with(&start), "{file}");
    }
    // The drawings of a seed are the same, alone or among others.
    succeeds(&mut draw(here, "1", "one.ndjson"));
    let (all, one) = (std::fs::read_to_string(here.join("cats.ndjson")), std::fs::read_to_string(here.join("one.ndjson")));
    assert_eq!(all.expect("cats").lines().next(), one.expect("one").lines().next());
    // Going on with given strokes keeps them.
    let first = "{\"word\":\"cat\",\"drawing\":[[[10,200,120],[20,30,200]]]}\n";
    denoodle::util::atomic::write_bytes(&here.join("start.ndjson"), first.as_bytes()).expect("writes");
    succeeds(denoodle(here).args(["draw", "--model", "run", "--start", "start.ndjson", "--count", "2", "--out", "went_on.ndjson"]));
    for line in std::fs::read_to_string(here.join("went_on.ndjson")).expect("drawings").lines() {
        let drawing: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(drawing["drawing"].as_array().is_some_and(|strokes| !strokes.is_empty()));
        assert_eq!(drawing["drawing"][0][0].as_array().map(Vec::len), Some(3), "{line}");
    }
    let facts = succeeds(denoodle(here).args(["doctor", "--model", "run", "--json"]));
    let facts: serde_json::Value = serde_json::from_str(&facts).expect("JSON");
    assert_eq!((facts["steps"].as_u64(), facts["categories"][0].as_str()), (Some(12), Some("cat")));
    let doctor = succeeds(denoodle(here).args(["doctor", "--runs", ".", "--data", "book"]));
    assert!(doctor.contains("CPU"), "{doctor}");
}

#[test]
fn a_rhythm_is_drawn_by_those_who_can() {
    let folder = folder();
    let here = folder.path();
    let text = [("batch: 64", "batch: 8"), ("width: 96", "width: 16"), ("layers: 4", "layers: 1"), ("steps: 100,", "steps: 4,")]
        .iter()
        .fold(succeeds(denoodle(here).args(["presets", "show", "dit_pen_small"])), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
    denoodle::util::atomic::write_bytes(&here.join("pen.ron"), text.as_bytes()).expect("writes");
    succeeds(denoodle(here).args(["data", "sample", "--out", "book", "--count", "60"]));
    let train = ["train", "--category", "cat", "--data", "book", "--subset", "book/subset", "--preset", "pen.ron", "--out", "run"];
    succeeds(denoodle(here).args(train).args(["--steps", "3"]));
    let rhythm = "{\"word\":\"cat\",\"drawing\":[[[10,200,120],[20,30,200]],[[5,9],[90,200]]]}\n";
    denoodle::util::atomic::write_bytes(&here.join("mine.ndjson"), rhythm.as_bytes()).expect("writes");
    let draw = |model: &str, how: &str| {
        let mut command = denoodle(here);
        command.args(["draw", "--model", model, how, "mine.ndjson", "--count", "3", "--out", "drawn.ndjson"]);
        command
    };
    succeeds(&mut draw("run", "--rhythm"));
    let drawn = std::fs::read_to_string(here.join("drawn.ndjson")).expect("drawings");
    assert_eq!(drawn.lines().count(), 3);
    for line in drawn.lines() {
        let drawing: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(drawing["drawing"].as_array().map(Vec::len), Some(2), "{line}");
    }
    let text = fails(&mut draw("run", "--start"), 2);
    assert!(text.contains("cannot go on") && text.contains("--rhythm"), "{text}");
    let text = fails(&mut draw("cat", "--rhythm"), 2);
    assert!(text.contains("cannot draw with a given rhythm") && text.contains("dit_pen"), "{text}");
    // What means nothing to the model's system is refused, and what it has is named.
    let (few, more) = ("--steps, --guidance.", "--steps, --guidance, --category-guidance.");
    for (flag, model, has) in [("--temperature", "run", few), ("--category-guidance", "run", few), ("--temperature", "cat", more)] {
        let text = fails(denoodle(here).args(["draw", "--model", model, flag, "0.5", "--out", "drawn.ndjson"]), 2);
        assert!(text.contains(&format!("{flag} means nothing to this model")) && text.contains(has), "{text}");
    }
    let both = ["draw", "--model", "run", "--rhythm", "mine.ndjson", "--start", "mine.ndjson", "--out", "drawn.ndjson"];
    fails(denoodle(here).args(both), 2);
}

#[test]
fn a_run_a_drawing_and_the_doctor_name_the_same_device_and_the_choice_is_kept() {
    let folder = folder();
    let here = folder.path();
    let preset = tiny(here);
    let said = |command: &mut Command| String::from_utf8_lossy(&command.output().expect("runs").stderr).into_owned();
    let doctor = succeeds(denoodle(here).args(["doctor", "--json", "--data", "book"]));
    let doctor: serde_json::Value = serde_json::from_str(&doctor).expect("JSON");
    let device = doctor["auto_device"].as_str().expect("words");
    assert!(cfg!(any(feature = "cuda", feature = "metal")) || device.starts_with("CPU ("), "{device}");
    succeeds(denoodle(here).args(["data", "sample", "--out", "book", "--count", "60"]));
    let train = ["train", "--category", "cat", "--data", "book", "--subset", "book/subset", "--preset", preset, "--out", "run"];
    let trained = said(denoodle(here).args(train).args(["--steps", "3"]));
    assert!(trained.contains(device), "{trained}");
    let drawn = said(&mut draw(here, "1", "cat.svg"));
    assert!(drawn.contains(device), "{drawn}");
    // A run of a build that knew no `auto`, or of a person who chose: it goes on as it was begun.
    let record = std::fs::read_to_string(here.join("run/run.ron")).expect("a record");
    assert!(record.contains("device: auto,"), "{record}");
    let write = |device: &str| {
        let text = record.replace("device: auto,", &format!("device: {device},"));
        denoodle::util::atomic::write_bytes(&here.join("run/run.ron"), text.as_bytes()).expect("writes");
    };
    write("cpu");
    succeeds(denoodle(here).args(["train", "--resume", "--out", "run", "--steps", "5"]));
    assert!(std::fs::read_to_string(here.join("run/run.ron")).expect("a record").contains("device: cpu,"));
    if cfg!(not(feature = "cuda")) {
        write("cuda");
        let text = fails(denoodle(here).args(["train", "--resume", "--out", "run", "--steps", "7"]), 2);
        assert!(text.contains("no cuda support") && text.contains("--device cpu"), "{text}");
        succeeds(denoodle(here).args(["train", "--resume", "--out", "run", "--steps", "7", "--device", "cpu"]));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_saves_and_the_run_goes_on() {
    let folder = folder();
    let here = folder.path();
    let preset = tiny(here);
    succeeds(denoodle(here).args(["data", "sample", "--out", "book", "--count", "60"]));
    let mut child = Process::new(env!("CARGO_BIN_EXE_denoodle"))
        .current_dir(here)
        .env("XDG_CACHE_HOME", here.join("cache"))
        .args([
            "train",
            "--category",
            "bus",
            "--data",
            "book",
            "--subset",
            "book/subset",
            "--preset",
            preset,
            "--out",
            "run",
            "--steps",
            "1000000",
        ])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("starts");
    // Interrupt it once it has made a few steps.
    let metrics = here.join("run/metrics.jsonl");
    let steps = || std::fs::read_to_string(&metrics).map_or(0, |text| text.lines().count());
    for _ in 0..600 {
        if steps() > 5 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(steps() > 5, "training did not start");
    let killed = Process::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let status = child.wait().expect("ends");
    assert_eq!(status.code(), Some(0));
    let said = succeeds(denoodle(here).args(["doctor", "--model", "run/newest.safetensors", "--json"]));
    let facts: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let made = facts["steps"].as_u64().expect("a number");
    assert_eq!(steps() as u64, made, "every step of the saved run is in the metrics, and no other");
    let more = (made + 3).to_string();
    let said = succeeds(denoodle(here).args(["train", "--resume", "--out", "run", "--steps", &more]));
    assert!(said.contains(&format!("trained {more} steps")), "{said}");
}

#[test]
fn weights_for_scores_are_the_official_ones_or_none() {
    let folder = folder();
    let status = || succeeds(denoodle(folder.path()).args(["features", "status"]));
    assert!(status().contains("not on this machine") && status().contains("denoodle features fetch inception"));
    denoodle::util::atomic::write_bytes(&folder.path().join("other.pth"), b"other weights").expect("writes");
    let error = fails(denoodle(folder.path()).args(["features", "import", "other.pth"]), 1);
    assert!(error.contains("not the official file") && error.contains("pt_inception-2015-12-05-6726825d.pth"), "{error}");
    fails(denoodle(folder.path()).args(["features", "import", "nothing.pth"]), 1);
    fails(denoodle(folder.path()).args(["features", "fetch", "inception", "--from", "ftp://127.0.0.1/x"]), 2);
    fails(denoodle(folder.path()).args(["features", "fetch", "alexnet"]), 2);
    let json = succeeds(denoodle(folder.path()).args(["features", "status", "--json"]));
    assert!(json.contains("\"absent\"") && json.contains("\"inception\""), "{json}");
}

#[test]
fn a_shared_model_draws_as_a_preset_says() {
    let folder = folder();
    let read = |name: &str| denoodle::model::ModelFile::read(&folder.path().join(name)).expect("a model");
    succeeds(denoodle(folder.path()).args(["share", "--model", "cat", "--out", "own.safetensors"]));
    succeeds(denoodle(folder.path()).args(["share", "--model", "cat", "--draw-as", "large", "--out", "large.safetensors"]));
    let (own, large, preset) = (read("own.safetensors"), read("large.safetensors"), denoodle::config::load("large").expect("built in"));
    assert_eq!((&large.info.preset.draw, &large.info.preset.train), (&preset.draw, &own.info.preset.train));
    assert_ne!(own.info.preset.draw, preset.draw);
    assert!(large.weights.iter().all(|(name, weight)| {
        let numbers = |x: &candle_core::Tensor| x.flatten_all().and_then(|x| x.to_vec1::<f32>()).expect("numbers");
        numbers(weight) == numbers(&own.weights[name])
    }));
    let text = fails(denoodle(folder.path()).args(["share", "--model", "cat", "--draw-as", "unet1d_small", "--out", "no.safetensors"]), 2);
    assert!(text.contains("of another system") && !folder.path().join("no.safetensors").exists(), "{text}");
}

#[test]
fn a_shared_model_is_the_same_bytes_and_overwrites_no_run() {
    let folder = folder();
    let share = |model: &str, out: &str| {
        let mut command = denoodle(folder.path());
        command.args(["share", "--model", model, "--out", out]);
        command
    };
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    let first = succeeds(&mut share("cat", "one.safetensors"));
    assert!(first.starts_with("wrote one.safetensors"), "{first}");
    succeeds(&mut share("cat", "two.safetensors"));
    assert_eq!(bytes("one.safetensors"), bytes("two.safetensors"));
    denoodle::util::atomic::write_bytes(&folder.path().join("mine.ndjson"), b"mine").expect("written");
    assert!(fails(&mut share("cat", "mine.ndjson"), 2).contains(".safetensors") && bytes("mine.ndjson") == b"mine");
    assert!(fails(&mut share("one.safetensors", "one.safetensors"), 2).contains("not written over"));
    std::fs::create_dir(folder.path().join("run")).expect("a folder");
    denoodle::util::atomic::write_bytes(&folder.path().join("run/run.ron"), b"()").expect("written");
    assert!(fails(&mut share("cat", "run/best.safetensors"), 2).contains("not written over"));
}

#[test]
fn what_is_left_of_a_run_is_neither_replaced_nor_believed_blindly() {
    let folder = folder();
    let preset = tiny(folder.path());
    succeeds(denoodle(folder.path()).args(["data", "sample", "--out", "s", "--count", "24"]));
    let train = |more: &[&str]| {
        let mut command = denoodle(folder.path());
        command.args(["train", "--data", "s", "--threads", "1", "--out", "run"]).args(more);
        command
    };
    let anew = ["--category", "cat", "--steps", "2", "--preset", preset];
    succeeds(&mut train(&anew));
    let run = folder.path().join("run");
    std::fs::rename(run.join("newest.safetensors"), run.join("kept")).expect("renamed");
    assert!(fails(&mut train(&anew), 2).contains("what is left of one"));
    std::fs::rename(run.join("kept"), run.join("newest.safetensors")).expect("renamed");
    // Other drawings under the same name.
    succeeds(denoodle(folder.path()).args(["data", "sample", "--out", "s", "--count", "24", "--seed", "2"]));
    let resume = ["--resume", "--steps", "4"];
    assert!(fails(&mut train(&resume), 2).contains("not those that this run was started with"));
    succeeds(denoodle(folder.path()).args(["data", "sample", "--out", "s", "--count", "24"]));
    let record = std::fs::read_to_string(run.join("run.ron")).expect("a record");
    let broken: String =
        record.lines().map(|line| if line.contains("learning_rate:") { "learning_rate: NaN,\n" } else { line }.to_owned() + "\n").collect();
    denoodle::util::atomic::write_bytes(&run.join("run.ron"), broken.as_bytes()).expect("written");
    let text = fails(&mut train(&resume), 1);
    assert!(text.contains("settings cannot be used") && text.contains("learning_rate"), "{text}");
    denoodle::util::atomic::write_bytes(&run.join("run.ron"), record.as_bytes()).expect("written");
    succeeds(&mut train(&resume));
}
