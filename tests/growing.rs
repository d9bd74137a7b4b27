//! A drawing that is made point by point or stroke by stroke can be watched: what is seen is always a beginning of what comes of it, and watching changes
//! nothing.

mod common;

use std::sync::Mutex;
use std::time::Duration;

use candle_core::Device;
use common::{head, heads, mean_seq2seq, set, small, small_history_dit, small_seq2seq, small_sketch_rnn, trainer, writer_alone};
use denoodle::config::{DeviceChoice, Preset};
use denoodle::generate::{self, Job};
use denoodle::model::ModelFile;
use denoodle::session::{Command, DrawRequest, Event, Handle, Outcome};
use denoodle::sketch::{Sketch, codec};
use denoodle::util::Cancel;

fn untrained(preset: Preset) -> ModelFile {
    trainer(preset, set(heads(12), vec![]), 1, 1).averaged().expect("weights")
}

/// All points, each with the number of its stroke.
fn points(sketch: &Sketch) -> Vec<(usize, [f32; 2])> {
    sketch.strokes.iter().enumerate().flat_map(|(k, stroke)| stroke.points.iter().map(move |&point| (k, point))).collect()
}

#[test]
fn what_is_seen_grows_into_the_first_drawing() {
    for preset in [small_seq2seq(), mean_seq2seq(), small_sketch_rnn(), writer_alone()] {
        let name = preset.name.clone();
        let file = untrained(preset);
        let artist = generate::of(&file, &Device::Cpu, 2).expect("an artist");
        // So many are drawn in several groups; one alone is watched.
        let job = Job { category: 0, count: 20, first: 5, seed: 3, settings: file.info.preset.draw.clone(), start: None };
        let seen = Mutex::new(Vec::new());
        let watch = |sketch: Sketch| seen.lock().expect("no panic before").push(sketch);
        let drawn = artist.draw_watched(&job, &Cancel::default(), &mut |_| {}, &watch).expect("drawings");
        assert_eq!(drawn, artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings"), "{name}: watching changes nothing");
        let seen = seen.into_inner().expect("no panic before");
        let last = seen.last().expect("it was seen");
        assert_eq!(file.coding.deltas().expect("movements").finish(last), drawn[0], "{name}: at last all of it");
        let whole = points(last);
        assert!(seen.len() >= whole.len() / 4, "{name}: seen {} times with {} points", seen.len(), whole.len());
        assert!(seen.iter().all(|sketch| whole.starts_with(&points(sketch))), "{name}: a beginning");
        assert!(seen.windows(2).all(|pair| points(&pair[0]).len() < points(&pair[1]).len()), "{name}: it grows");
    }
}

#[test]
fn strokes_are_seen_one_after_another() {
    for preset in [small(), small_history_dit()] {
        let name = preset.name.clone();
        let file = untrained(preset);
        let artist = generate::of(&file, &Device::Cpu, 2).expect("an artist");
        let given = Sketch { strokes: head().strokes[..1].to_vec() };
        for start in [None, Some(given)] {
            let fixed = start.as_ref().map_or(0, |given| given.strokes.len());
            let job = Job { category: 0, count: 20, first: 5, seed: 3, settings: file.info.preset.draw.clone(), start };
            let seen = Mutex::new(Vec::new());
            let watch = |sketch: Sketch| seen.lock().expect("no panic before").push(sketch);
            let drawn = artist.draw_watched(&job, &Cancel::default(), &mut |_| {}, &watch).expect("drawings");
            assert_eq!(drawn, artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings"), "{name}: watching changes nothing");
            let seen = seen.into_inner().expect("no panic before");
            let strokes: Vec<usize> = seen.iter().map(|sketch| sketch.strokes.len()).collect();
            let last = seen.last().cloned().or(job.start.as_ref().map(Sketch::from_canvas)).expect("strokes");
            assert_eq!(strokes, (fixed + 1..=last.strokes.len()).collect::<Vec<_>>(), "{name}: every stroke once");
            assert!(seen.iter().all(|sketch| last.strokes.starts_with(&sketch.strokes)), "{name}: a beginning");
            let finished = match file.coding.strokes() {
                Ok(codec) => codec.finish(&last, fixed),
                Err(_) => codec::finish(&last, fixed, file.coding.deltas().expect("movements").simplify),
            };
            assert_eq!(finished, drawn[0], "{name}: at last all of it");
        }
    }
}

#[test]
fn a_session_hands_over_the_newest_of_it() {
    let folder = tempfile::tempdir().expect("folder");
    let model = folder.path().join("seq2seq.safetensors");
    untrained(small_seq2seq()).write(&model, false).expect("written");
    let (device, threads) = (DeviceChoice::Cpu, 1);
    let request = DrawRequest { model, category: None, count: 2, first: 0, seed: 1, settings: None, start: None, device, threads };
    let handle = Handle::start(Command::Draw(Box::new(request)), || {}).expect("starts");
    let last = std::iter::from_fn(|| handle.next_event(Duration::from_secs(60))).last();
    let Some(Event::Finished(Outcome::Drawn { sketches, .. })) = last else { panic!("ended with {last:?}") };
    let seen = handle.growing().expect("it grew");
    assert_eq!(seen.strokes.len(), sketches[0].strokes.len());
    assert!(handle.growing().is_none(), "once");
}
