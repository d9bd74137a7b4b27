//! The session as a window uses it: train, watch, pause, stop, draw, export.

mod common;

use std::time::Duration;

use common::small;
use denoodle::config::DeviceChoice;
use denoodle::data::{Folders, sketchbook};
use denoodle::export::Export;
use denoodle::session::{Command, DrawRequest, Event, ExportRequest, Handle, Length, Outcome, PreviewPlan, SurveyRequest, TrainRequest};
use denoodle::util::Reason;

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
    let handle = Handle::start(Command::Train(Box::new(request)), || {}).expect("starts");
    let (mut steps, mut tests, mut preview) = (0, 0, None);
    while steps < 12 || tests < 1 || preview.is_none() {
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
        preview = handle.preview().or(preview);
    }
    assert_eq!(preview.map(|p| p.sketches.len()), Some(3));
    handle.stop(Reason::Stopped);
    let events = rest(&handle);
    let Some(Event::Finished(Outcome::Trained { steps, model, complete: false })) = events.last() else { panic!("{:?}", events.last()) };
    assert!(*steps >= 12 && model.exists());

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
    let drawn = outcome(Command::Draw(request));
    let Outcome::Drawn { sketches, category, .. } = drawn else { panic!("{drawn:?}") };
    assert_eq!((sketches.len(), category.as_str()), (2, "rabbit"));
    let path = here.join("deep/rabbit.gif");
    let form = Export::for_path(&path).expect("a known ending");
    let wrote = outcome(Command::Export(ExportRequest { sketches, word: category, form, path: path.clone() }));
    assert!(matches!(wrote, Outcome::Exported { bytes, .. } if bytes == path.metadata().expect("the file").len()));
}
