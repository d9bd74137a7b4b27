//! Pen rhythms: drawings have that of a training drawing, or of one that is given; and a model keeps those of its own drawings.

mod common;

use std::collections::BTreeSet;

use candle_core::Device;
use common::{head, heads, set, small_dit, small_dit_pen, trainer};
use denoodle::generate::{self, Artist, Job};
use denoodle::model::ModelFile;
use denoodle::sketch::codec::Rhythms;
use denoodle::sketch::{Sketch, Stroke};
use denoodle::train::Trainer;
use denoodle::util::Cancel;

fn file() -> ModelFile {
    let mut trainer = trainer(small_dit_pen(), set(heads(12), vec![]), 1, 1);
    trainer.step(Some(10)).expect("a step");
    trainer.averaged().expect("weights")
}

fn job(file: &ModelFile, start: Option<Sketch>) -> Job {
    Job { category: 0, count: 20, first: 0, seed: 3, settings: file.info.preset.draw.clone(), start }
}

/// Strokes of so many drawings.
fn strokes(artist: &dyn Artist, job: &Job) -> Vec<usize> {
    artist.draw(job, &Cancel::default(), &mut |_| {}).expect("drawings").iter().map(|drawn| drawn.strokes.len()).collect()
}

#[test]
fn drawings_have_the_rhythm_of_the_one_that_is_given() {
    let file = file();
    let artist = generate::of(&file, &Device::Cpu, 1).expect("an artist");
    assert!(artist.capabilities().rhythm && !artist.capabilities().completion);
    // By hand: many points on a line of three corners, and a dot.
    let wave = (0..300).map(|i| [i as f32 / 2.0, if i < 150 { i as f32 / 2.0 } else { (300 - i) as f32 / 2.0 }]).collect();
    let given = Sketch { strokes: vec![Stroke::new(wave), Stroke::new(vec![[200.0, 9.0]])] };
    assert_eq!(strokes(&*artist, &job(&file, Some(given.clone()))), [2; 20]);
    assert_eq!(strokes(&*artist, &job(&file, Some(head()))), [5; 20]);
    let drawn = artist.draw(&job(&file, Some(given)), &Cancel::default(), &mut |_| {}).expect("drawings");
    let is_dot = |stroke: &Stroke| stroke.points == [stroke.points[0]; 2];
    assert!(drawn.iter().all(|drawn| drawn.strokes[0].points.len() <= 3 && is_dot(&drawn.strokes[1])), "as many points at most");
    assert!(drawn.iter().any(|other| other != &drawn[0]), "the same rhythm, another drawing");
}

#[test]
fn without_one_it_is_a_training_drawing_s() {
    let file = file();
    let artist = generate::of(&file, &Device::Cpu, 1).expect("an artist");
    let known: BTreeSet<usize> = heads(12).iter().map(|(_, sketch)| sketch.strokes.len()).collect();
    let drawn: BTreeSet<usize> = strokes(&*artist, &job(&file, None)).into_iter().collect();
    assert!(drawn.len() > 1 && drawn.is_subset(&known), "{drawn:?} of {known:?}");
}

#[test]
fn rhythms_that_cannot_be_drawn_are_told() {
    let file = file();
    let artist = generate::of(&file, &Device::Cpu, 1).expect("an artist");
    let zigzag = Stroke::new((0..120).map(|i| [i as f32, if i % 2 == 0 { 0.0 } else { 200.0 }]).collect());
    for (given, says) in [(Sketch { strokes: vec![zigzag] }, "120 points"), (Sketch::default(), "2 to 96")] {
        let error = artist.draw(&job(&file, Some(given)), &Cancel::default(), &mut |_| {}).expect_err("no such rhythm");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn going_on_with_other_drawings_keeps_their_rhythms() {
    for preset in [small_dit(), small_dit_pen()] {
        let file = trainer(preset.clone(), set(heads(12), vec![]), 1, 1).averaged().expect("weights");
        let dots = Sketch { strokes: (0..7).map(|i| Stroke::new(vec![[i as f32, 2.0 * i as f32]])).collect() };
        let others = set(vec![(0, dots.clone())], vec![]);
        let (trainer, _) = Trainer::new(preset, others, 1, Some(&file), Device::Cpu, 1).expect("goes on");
        let coding = trainer.averaged().expect("weights").coding;
        assert_eq!(coding.deltas().expect("movements"), file.coding.deltas().expect("movements"));
        assert_eq!(coding.rhythms().expect("rhythms"), &Rhythms::fit(&[(0, dots)], 10).expect("rhythms"));
    }
}
