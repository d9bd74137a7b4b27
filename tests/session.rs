//! The session as a window uses it: train, watch, pause, stop, draw, export.

mod common;

use std::time::Duration;

use common::small;
use denoodle::config::DeviceChoice;
use denoodle::data::{Folders, load, sketchbook};
use denoodle::export::Export;
use denoodle::session::{
    Between, Clean, Command, DrawRequest, End, Event, ExportRequest, GuessRequest, Handle, InterpolateRequest, KeepRequest, Length,
    NoiseRequest, Outcome, PreviewPlan, Previews, SampleRequest, SurveyRequest, TraceRequest, TrainRequest,
};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::{Cancel, Reason};

/// Events until the work has ended.
fn rest(handle: &Handle) -> Vec<Event> {
    std::iter::from_fn(|| handle.next_event(Duration::from_secs(60))).collect()
}

fn outcome(command: Command) -> Outcome {
    let handle = Handle::start(command, || {}).expect("starts");
    match rest(&handle).pop() {
        Some(Event::Finished(outcome)) => outcome,
        other => panic!("ended with {other:?}"),
    }
}

#[test]
fn train_watch_stop_draw_and_export() {
    let folder = tempfile::tempdir().expect("folder");
    let here = folder.path();
    sketchbook::write(here, 40, 1).expect("drawings");
    let split = r#"{"train": [0,1,2,3,4,5,6,7,8,9,10,11], "test": [20,21,22]}"#;
    denoodle::util::atomic::write_bytes(&here.join("subset/rabbit/indices.json"), split.as_bytes()).expect("a split");
    let folders = Folders { drawings: here.into(), subset: here.join("subset") };
    let request = TrainRequest {
        categories: vec!["rabbit".into()],
        preset: small(),
        folders: folders.clone(),
        out: here.join("runs/rabbit"),
        length: Length::Steps(1_000_000),
        seed: 1,
        device: DeviceChoice::Cpu,
        threads: 2,
        from: None,
        resume: false,
        preview: Some(PreviewPlan { count: 3, every_secs: 0.01 }),
    };
    let handle = Handle::start(Command::Train(Box::new(request.clone())), || {}).expect("starts");
    let (mut steps, mut tests, mut previews) = (0, 0, None);
    while steps < 12 || tests < 1 || previews.is_none() {
        match handle.next_event(Duration::from_secs(60)).expect("training goes on") {
            Event::Step(progress) => {
                steps += 1;
                assert_eq!(progress.steps, Some(1_000_000));
                assert!(progress.losses.finite() && progress.rate > 0.0);
            }
            Event::Tested(_) => tests += 1,
            Event::Failed(why) => panic!("{}", why.text),
            _ => {}
        }
        previews = handle.previews().or(previews);
    }
    let sheets = previews.as_ref().map_or(&[][..], Previews::sheets);
    assert!(sheets.iter().all(|sheet| sheet.sketches.len() == 3) && !sheets.is_empty());
    handle.stop(Reason::Stopped);
    let events = rest(&handle);
    let Some(Event::Finished(Outcome::Trained { steps, model, complete: false })) = events.last() else { panic!("{:?}", events.last()) };
    assert!(*steps >= 12 && model.exists());

    // Whoever goes on with the run sees how it drew before.
    let again = TrainRequest { resume: true, preview: None, ..request };
    let handle = Handle::start(Command::Train(Box::new(again)), || {}).expect("starts");
    while !matches!(handle.next_event(Duration::from_secs(60)).expect("training goes on"), Event::Step(_)) {}
    let earlier = handle.previews().expect("they are read before the first step");
    assert_eq!(earlier.sheets()[0].step, sheets[0].step);
    assert!(earlier.sheets().iter().all(|sheet| sheet.step <= *steps && sheet.sketches.len() == 3));
    handle.stop(Reason::Stopped);
    rest(&handle);

    let surveyed = outcome(Command::Survey(SurveyRequest { folders, runs: here.join("runs") }));
    let Outcome::Surveyed { categories, models } = surveyed else { panic!("{surveyed:?}") };
    // What was trained here comes before what is shipped.
    assert_eq!(models[..2], [here.join("runs/rabbit"), "cat".into()]);
    assert!(categories.iter().any(|c| c.name == "rabbit" && c.procedural && c.split == Some((12, 3))));

    let request = DrawRequest {
        model: models[0].clone(),
        category: None,
        count: 2,
        first: 0,
        seed: 1,
        settings: None,
        start: None,
        device: DeviceChoice::Cpu,
        threads: 1,
    };
    let drawn = outcome(Command::Draw(Box::new(request)));
    let Outcome::Drawn { sketches, category, .. } = drawn else { panic!("{drawn:?}") };
    assert_eq!((sketches.len(), category.as_str()), (2, "rabbit"));
    let path = here.join("deep/rabbit.gif");
    let form = Export::for_path(&path).expect("a known ending");
    let mut request = ExportRequest { sketches, word: category, form, path: path.clone(), replace: false };
    let wrote = outcome(Command::Export(request.clone()));
    assert!(matches!(wrote, Outcome::Exported { bytes, .. } if bytes == path.metadata().expect("the file").len()));
    request.sketches.truncate(1);
    denoodle::util::atomic::write_bytes(&path, b"precious").expect("written");
    let Outcome::Exists { path: there, again } = outcome(Command::Export(request.clone())) else { panic!("replaced unasked") };
    assert_eq!((there.as_path(), std::fs::read(&path).expect("the file")), (path.as_path(), b"precious".to_vec()));
    assert!(matches!(outcome(*again), Outcome::Exported { .. }));
    assert_ne!(std::fs::read(&path).expect("the file"), b"precious");
}

/// What a shipped model is asked for; it is small work, and needs no training.
fn of_shipped(model: &str, category: Option<&str>, count: usize) -> DrawRequest {
    DrawRequest {
        model: model.into(),
        category: category.map(str::to_owned),
        count,
        first: 4,
        seed: 2,
        settings: None,
        start: None,
        device: DeviceChoice::Cpu,
        threads: 1,
    }
}

#[test]
fn a_drawing_is_followed_with_other_settings_beside_it() {
    let draw = of_shipped("cat", None, 2);
    let Outcome::Drawn { sketches, .. } = outcome(Command::Draw(Box::new(draw.clone()))) else { panic!("nothing was drawn") };
    let Outcome::Traced(traced) = outcome(Command::Trace(Box::new(TraceRequest { draw: draw.clone(), beside: None }))) else {
        panic!("nothing was followed")
    };
    assert!(traced.capabilities.stroke_trace && traced.beside.is_empty() && traced.category == "cat");
    assert_eq!(traced.traces.iter().map(|trace| trace.sketch.clone()).collect::<Vec<_>>(), sketches);
    let other = denoodle::config::DrawSettings { guidance: 1.0, category_guidance: 1.0, steps: 5, ..traced.own.clone() };
    let Outcome::Traced(both) = outcome(Command::Trace(Box::new(TraceRequest { draw: draw.clone(), beside: Some(other) }))) else {
        panic!("nothing was followed")
    };
    assert_eq!((both.traces.len(), both.beside.len()), (2, 2));
    assert_eq!(both.traces, traced.traces);
    assert!(both.beside.iter().flat_map(|trace| &trace.parts).all(|part| part.moments.len() == 6));

    // A model of many categories must be told which.
    let handle =
        Handle::start(Command::Trace(Box::new(TraceRequest { draw: of_shipped("base", None, 1), beside: None })), || {}).expect("starts");
    assert!(matches!(rest(&handle).pop(), Some(Event::Failed(why)) if why.text.contains("345 categories")));
    // One that denoises nothing says what it can do, and that is all.
    let folder = tempfile::tempdir().expect("folder");
    let mut trainer = common::trainer(common::small_sketch_rnn(), common::set(common::heads(12), vec![]), 1, 1);
    trainer.step(Some(10)).expect("a step");
    let path = folder.path().join("rnn.safetensors");
    trainer.averaged().expect("a model").write(&path, false).expect("written");
    let draw = DrawRequest { model: path, ..of_shipped("", None, 1) };
    let Outcome::Traced(unable) = outcome(Command::Trace(Box::new(TraceRequest { draw, beside: None }))) else { panic!("not an error") };
    assert!(unable.traces.is_empty() && !unable.capabilities.stroke_trace && !unable.capabilities.canvas_trace);
}

#[test]
fn noise_is_added_to_given_and_to_real_drawings() {
    let folder = tempfile::tempdir().expect("folder");
    sketchbook::write(folder.path(), 6, 1).expect("drawings");
    let folders = Folders { drawings: folder.path().into(), subset: folder.path().join("subset") };
    let request = |what| NoiseRequest { model: "cat".into(), what, seed: 1, settings: None, device: DeviceChoice::Cpu, threads: 1 };
    let real = |category: &str, number| request(Clean::Real { category: category.into(), number, folders: folders.clone() });
    let Outcome::Noised(first) = outcome(Command::Noise(Box::new(real("cat", 0)))) else { panic!("no noise") };
    assert_eq!(first.parts.len(), first.sketch.strokes.len());
    assert!(first.parts.iter().all(|part| part.moments.len() == 17 && part.stop.is_none() && part.attention.is_empty()));
    // Past the last drawing it begins again.
    let Outcome::Noised(again) = outcome(Command::Noise(Box::new(real("cat", 6)))) else { panic!("no noise") };
    assert_eq!(again, first);
    let Outcome::Noised(given) = outcome(Command::Noise(Box::new(request(Clean::Given(first.sketch.clone()))))) else { panic!("no noise") };
    assert_eq!(given, first);
    for (request, says) in [(real("owl", 0), "there are no drawings of 'owl'"), (request(Clean::Given(Sketch::default())), "empty")] {
        let handle = Handle::start(Command::Noise(Box::new(request)), || {}).expect("starts");
        assert!(matches!(rest(&handle).pop(), Some(Event::Failed(why)) if why.text.contains(says)), "{says}");
    }
}

#[test]
fn a_drawing_is_guessed_after_each_of_its_strokes() {
    let guess = |sketch: &Sketch| match outcome(Command::Guess(Box::new(GuessRequest { sketch: sketch.clone(), most: 3, threads: 2 }))) {
        Outcome::Guessed(guesses) => guesses,
        other => panic!("no guesses but {other:?}"),
    };
    let sketch = sketchbook::drawing("cat", 1, 0).expect("a cat");
    let guesses = guess(&sketch);
    assert_eq!(guesses.len(), sketch.strokes.len());
    for after in &guesses {
        let sum: f64 = after.iter().map(|guess| guess.probability).sum();
        assert!(after.len() == 3 && sum > 0.0 && sum <= 1.0 + 1e-9, "{after:?}");
        assert!(after.iter().all(|guess| (0.0..=1.0).contains(&guess.probability) && !guess.category.is_empty()), "{after:?}");
        assert!(after.windows(2).all(|pair| pair[0].probability >= pair[1].probability), "{after:?}");
    }
    // What comes later changes nothing of what was guessed before; a stroke without points is none.
    let begun = Sketch { strokes: sketch.strokes[..2].iter().cloned().chain([Default::default()]).collect() };
    assert_eq!(guess(&begun), guesses[..2]);
    let nothing = Command::Guess(Box::new(GuessRequest { sketch: Sketch::default(), most: 3, threads: 1 }));
    let handle = Handle::start(nothing, || {}).expect("starts");
    assert!(matches!(rest(&handle).pop(), Some(Event::Failed(why)) if why.text.contains("no strokes to guess from")));
}

/// A file with a Sketch-RNN that has hardly learnt anything.
fn sketch_rnn(folder: &std::path::Path) -> std::path::PathBuf {
    let mut trainer = common::trainer(common::small_sketch_rnn(), common::set(common::heads(12), vec![]), 1, 1);
    for _ in 0..10 {
        trainer.step(Some(10)).expect("a step");
    }
    let path = folder.join("rnn.safetensors");
    trainer.averaged().expect("a model").write(&path, false).expect("written");
    path
}

#[test]
fn between_two_drawings_lies_a_way_that_begins_and_ends_with_their_reconstructions() {
    let folder = tempfile::tempdir().expect("folder");
    let model = sketch_rnn(folder.path());
    let shares: Vec<f32> = (0..9u8).map(|i| f32::from(i) / 8.0).collect();
    let drawn = |number| End::Drawn { seed: 3, number };
    let request = InterpolateRequest {
        model,
        category: None,
        ends: [drawn(0), drawn(1)],
        shares: shares.clone(),
        seed: 1,
        temperature: Some(0.3),
        device: DeviceChoice::Cpu,
        threads: 1,
    };
    let between = |request: &InterpolateRequest| -> Between {
        let Outcome::Interpolated(way) = outcome(Command::Interpolate(Box::new(request.clone()))) else { panic!("nothing between") };
        assert!(way.capabilities.latent && way.category == "head");
        way.between.expect("a model with latent vectors")
    };
    let way = between(&request);
    assert_eq!(way.drawings.len(), 9);
    assert_eq!([&way.drawings[0], &way.drawings[8]], [&way.reconstructions[0], &way.reconstructions[1]]);
    assert_ne!(way.originals[0], way.originals[1]);
    assert_eq!(between(&request), way, "the same seed, the same way");
    // A place alone is what it is on the whole way.
    let alone = between(&InterpolateRequest { shares: vec![shares[3]], ..request.clone() });
    assert_eq!(alone.drawings, [way.drawings[3].clone()]);
    // Other random numbers leave the ends as they were read.
    let other = between(&InterpolateRequest { seed: 2, temperature: None, ..request.clone() });
    assert_eq!(other.originals, way.originals);
    assert_ne!(other.drawings, way.drawings);
    // The same drawing at both ends leads nowhere.
    let still = between(&InterpolateRequest { ends: [drawn(0), drawn(0)], ..request.clone() });
    assert_eq!(still.reconstructions[0], still.reconstructions[1]);

    // A category without drawings on the disk.
    let folders = Folders { drawings: folder.path().into(), subset: folder.path().join("subset") };
    let request = InterpolateRequest { ends: [End::Real { number: 0, folders }, drawn(0)], ..request };
    let handle = Handle::start(Command::Interpolate(Box::new(request)), || {}).expect("starts");
    assert!(matches!(rest(&handle).pop(), Some(Event::Failed(why)) if why.text.contains("there are no drawings of 'head'")));
}

#[test]
fn a_model_without_latent_vectors_has_nothing_between() {
    let drawn = |number| End::Drawn { seed: 1, number };
    let request = InterpolateRequest {
        model: "cat".into(),
        category: None,
        ends: [drawn(0), drawn(1)],
        shares: vec![0.5],
        seed: 1,
        temperature: None,
        device: DeviceChoice::Cpu,
        threads: 1,
    };
    let Outcome::Interpolated(unable) = outcome(Command::Interpolate(Box::new(request))) else { panic!("not an error") };
    assert!(unable.between.is_none() && !unable.capabilities.latent);
}

#[test]
fn drawings_of_ones_own_are_kept_and_can_be_loaded_and_trained_on() {
    let folder = tempfile::tempdir().expect("folder");
    let folders = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") }.own();
    let page = |number: usize| {
        let far = 90.0 + 3.0 * number as f32;
        Sketch { strokes: vec![Stroke::new(vec![[60.0, 60.0], [200.0, 70.0], [90.0, far]]), Stroke::new(vec![[70.0, 70.0], [80.0, 80.0]])] }
    };
    let keep = |word: &str, sketch| Command::Keep(Box::new(KeepRequest { sketch, word: word.into(), folders: folders.clone() }));
    for number in 0..14 {
        let Outcome::Kept(kept) = outcome(keep("hat", page(number))) else { panic!("nothing was kept") };
        assert_eq!((kept.count, kept.split.is_some()), (number + 1, number >= 11));
        assert_eq!(kept.path, folder.path().join("mine/hat.ndjson"));
    }
    let Outcome::Collections(counted) = outcome(Command::Collections(folders.clone())) else { panic!("nothing was counted") };
    assert!(matches!(&counted[..], [hat] if (hat.word.as_str(), hat.count, hat.split) == ("hat", 14, Some((12, 2)))), "{counted:?}");
    let loaded = load(&folders, "hat", 1, &Cancel::default(), &mut |_, _| {}).expect("a data set");
    assert_eq!((loaded.train.len(), loaded.test.len(), loaded.category.as_str()), (12, 2, "hat"));
    assert!(loaded.notes.is_empty(), "{:?}", loaded.notes);
    assert!(loaded.train.iter().all(|sketch| sketch.strokes.len() == 2 && sketch.bounds().is_some_and(|bounds| bounds.side() == 255.0)));

    let beside = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") };
    let surveyed = outcome(Command::Survey(SurveyRequest { folders: beside.clone(), runs: folder.path().join("runs") }));
    let Outcome::Surveyed { categories, .. } = surveyed else { panic!("{surveyed:?}") };
    assert_eq!(
        (categories[0].name.as_str(), categories[0].split),
        ("mine: hat", Some((12, 2))),
        "a category of its own, before the others"
    );
    let loaded = load(&beside, "mine: hat", 1, &Cancel::default(), &mut |_, _| {}).expect("a data set");
    assert_eq!((loaded.train.len(), loaded.category.as_str(), loaded.notes.len()), (12, "mine: hat", 0));

    let fails = |command| match rest(&Handle::start(command, || {}).expect("starts")).pop() {
        Some(Event::Failed(why)) => why.text,
        other => panic!("ended with {other:?}"),
    };
    let before = std::fs::read(folder.path().join("mine/hat.ndjson")).expect("a file");
    assert!(fails(keep("hat", Sketch::default())).contains("the page is empty"));
    assert!(fails(keep("hat", page(3))).contains("is kept already"));
    assert!(fails(keep("../hat", page(20))).contains("cannot be the name of a category"));
    // Where a folder is in the way, nothing is written, and nothing is left beside it.
    std::fs::create_dir(folder.path().join("mine/shoe.ndjson")).expect("a folder");
    fails(keep("shoe", page(1)));
    let names: Vec<_> =
        std::fs::read_dir(folder.path().join("mine")).expect("there").map(|entry| entry.expect("there").file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(std::fs::read(folder.path().join("mine/hat.ndjson")).expect("a file"), before);
}

#[test]
fn a_model_says_what_it_can_do() {
    let Outcome::Described(cat) = outcome(Command::Describe("cat".into())) else { panic!("not described") };
    assert!(cat.capabilities.completion && cat.categories == ["cat"]);
    assert!(cat.preset.draw.steps > 1, "how it draws");
    let Outcome::Described(base) = outcome(Command::Describe("base".into())) else { panic!("not described") };
    assert_eq!(base.categories.len(), 345);
    let handle = Handle::start(Command::Describe("no/such".into()), || {}).expect("starts");
    assert!(matches!(rest(&handle).pop(), Some(Event::Failed(why)) if why.text.contains("there is no such model")));
}

#[test]
fn a_sketchbook_lies_where_the_drawings_are_and_can_be_trained_on() {
    let folder = tempfile::tempdir().expect("folder");
    let folders = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") };
    let sample = || outcome(Command::Sample(SampleRequest { folders: folders.clone(), threads: 2 }));
    let Outcome::Imported(files) = sample() else { panic!("nothing was made up") };
    assert_eq!(files.len(), 3);
    for category in sketchbook::CATEGORIES {
        let data = load(&folders, category, 2, &Cancel::default(), &mut |_, _| {}).expect("drawings with a split");
        assert_eq!((data.train.len(), data.test.len()), (1000, 200));
    }
    assert!(matches!(sample(), Outcome::Imported(again) if again.len() == 3), "the same once more is no harm");
}
