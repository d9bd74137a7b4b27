//! The plain twins alone, which a GPU computes with, train the flagship along the same losses and draw the same drawings as the fused
//! operations. The switch is the process's, so this file has one test.

mod common;

use common::{heads, set, small, trainer};
use denoodle::generate::{self, Job};
use denoodle::model::ops;
use denoodle::sketch::Sketch;
use denoodle::util::Cancel;

/// Losses of every step, the test loss, and drawings of the trained model.
fn run(plain: bool) -> (Vec<f64>, f64, Vec<Sketch>) {
    ops::use_plain(plain);
    let mut trainer = trainer(small(), set(heads(40), heads(12)), 1, 2);
    let losses = (0..150).map(|_| trainer.step(Some(150)).expect("a step").losses.main).collect();
    let test = trainer.test().expect("tests").expect("test drawings").main;
    let file = trainer.averaged().expect("weights");
    let artist = generate::of(&file, &candle_core::Device::Cpu, 2).expect("an artist");
    let job = Job { category: 0, count: 10, first: 0, seed: 3, settings: file.info.preset.draw.clone(), start: None };
    let drawn = artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings");
    (losses, test, drawn)
}

/// Relative difference allowed between two losses: rounding, grown over 150 steps of training.
const LOSS: f64 = 1e-4;

#[test]
fn the_plain_twins_train_and_draw_the_same() {
    let (fused, plain) = (run(false), run(true));
    let off = |a: f64, b: f64| (a - b).abs() / b;
    let worst = fused.0.iter().zip(&plain.0).map(|(a, b)| off(*a, *b)).fold(0.0, f64::max);
    println!("150 steps: losses differ by at most {worst:.1e} of themselves, test losses by {:.1e}", off(fused.1, plain.1));
    assert!(worst < LOSS && off(fused.1, plain.1) < LOSS);
    assert_ne!(fused.0, plain.0, "two ways of rounding: both forms were used");
    assert!(fused.0[149] < 0.9 * fused.0[0], "something was learnt");
    for (a, b) in fused.2.iter().zip(&plain.2) {
        let lengths = |sketch: &Sketch| sketch.strokes.iter().map(|stroke| stroke.points.len()).collect::<Vec<_>>();
        assert_eq!(lengths(a), lengths(b), "the same strokes and points");
        let points = |sketch: &Sketch| sketch.strokes.iter().flat_map(|stroke| stroke.points.clone()).collect::<Vec<_>>();
        for (p, q) in points(a).iter().zip(points(b)) {
            assert!((p[0] - q[0]).abs() < 1.0 && (p[1] - q[1]).abs() < 1.0, "{p:?} instead of {q:?}, of 255");
        }
    }
}
