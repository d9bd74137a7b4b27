//! The sequence-to-sequence network: its gradients, the points that it is told in training, and that it goes on with what it is given.

mod common;

use candle_core::{Device, Tensor};
use common::network::{losses, untrained};
use common::{head, mean_seq2seq, set, small_seq2seq, trainer};
use denoodle::config::DrawSettings;
use denoodle::generate::{self, Job};
use denoodle::model::Parameter;
use denoodle::sketch::{Sketch, Stroke, distance, resample};
use denoodle::train::Lesson;
use denoodle::util::Cancel;

#[test]
fn the_gradient_is_that_of_finite_differences() {
    for mut preset in [small_seq2seq(), mean_seq2seq()] {
        let system = preset.name.clone();
        // Own points are drawn and not differentiated, so that there would be no telling.
        (preset.train.teacher_forcing, preset.train.teacher_forcing_final) = (1.0, 1.0);
        let (objective, parameters, drawings) = untrained(&preset, 6);
        let loss = || losses(&objective, &drawings, Lesson::Step(0), 0).1;
        let value = |loss: Tensor| f64::from(loss.to_scalar::<f32>().expect("a number"));
        let store = loss().backward().expect("gradients");
        for parameter in &parameters {
            let names: Vec<&str> = parameter.weights.iter().map(|weight| weight.name.as_str()).collect();
            let (var, gradient) = (&parameter.var, store.get(&parameter.var).expect("a gradient").clone());
            let norm = value(gradient.sqr().and_then(|g| g.sum_all()?.sqrt()).expect("a norm"));
            assert!(norm > 0.0, "{system}: {names:?} got no gradient");
            // Along the gradient the loss rises by its norm, and so by every number of it.
            let start = var.as_tensor().copy().expect("a copy");
            let step = 2e-3 / norm.max(0.1);
            let at = |by: f64| {
                var.set(&(&start + (&gradient * (by / norm)).expect("scaled")).expect("moved")).expect("set");
                value(loss())
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            var.set(&start).expect("set back");
            assert!((slope - norm).abs() < 0.02 * norm + 2e-4, "{system}: {names:?}: {slope} instead of {norm}");
        }
    }
}

/// Lets the writer say nothing but 0.
fn silence(parameters: &[Parameter]) {
    for parameter in parameters {
        for (weight, _) in parameter.parts().filter(|(weight, _)| weight.name.starts_with("seq2seq.say")) {
            parameter.var.set(&Tensor::zeros(weight.shape.as_slice(), candle_core::DType::F32, &Device::Cpu).expect("zeros")).expect("set");
        }
    }
}

#[test]
fn a_share_of_points_is_its_own_and_what_is_learnt_there_is_what_the_person_did() {
    let mut preset = small_seq2seq();
    preset.train.dropout = 0.0;
    (preset.train.teacher_forcing, preset.train.teacher_forcing_final, preset.train.teacher_forcing_fall_steps) = (1.0, 0.0, 10);
    let (objective, parameters, drawings) = untrained(&preset, 6);
    let of = |lesson| losses(&objective, &drawings, lesson, 0).0;
    // At first nothing is its own; the test is as the first step, whenever it is.
    assert_eq!(of(Lesson::Step(0)), of(Lesson::Test));
    let (some, all) = (of(Lesson::Step(5)), of(Lesson::Step(1_000_000)));
    assert!(some.finite() && all.finite() && some != of(Lesson::Test) && some != all);
    assert_eq!(all, of(Lesson::Step(1_000_000)), "what it draws for itself comes from the shard's stream");
    // A writer that says the same wherever it is: its losses tell what is to be learnt, which does not depend on where its pen has come to.
    silence(&parameters);
    let (all, test) = (of(Lesson::Step(1_000_000)), of(Lesson::Test));
    assert!((all.main, all.side) == (test.main, test.side), "{all:?} instead of {test:?}");
}

#[test]
fn losses_are_means_over_points_wherever_drawings_are_cut() {
    let mut preset = mean_seq2seq();
    preset.train.dropout = 0.0;
    (preset.train.teacher_forcing, preset.train.teacher_forcing_final) = (1.0, 1.0);
    let (objective, parameters, drawings) = untrained(&preset, 24);
    // A writer that says nothing but 0: the pen's cross entropy is ln 3 of every point, and it takes every pen for down.
    silence(&parameters);
    for shard in 0..8 {
        let told = losses(&objective, &drawings, Lesson::Step(0), shard).0;
        assert!((told.side - 3f64.ln()).abs() < 1e-5, "{told:?}");
        let right = told.figure.expect("it tells how often the pen is right");
        assert!(right.name == "pen_accuracy" && (0.5..1.0).contains(&right.value), "{right:?}");
    }
}

/// Points of equal arc length.
fn along(strokes: &[Stroke]) -> Vec<[f32; 2]> {
    strokes.iter().flat_map(|stroke| resample(&stroke.points, 32)).collect()
}

#[test]
fn it_goes_on_with_what_it_is_given_and_in_the_right_place() {
    let mut preset = small_seq2seq();
    preset.train.augment = denoodle::config::Augment { flip: false, rotate_degrees: 0.0, stretch: 0.0 };
    preset.train.learning_rate = 5e-3;
    preset.train.clip_norm = 10.0;
    preset.train.dropout = 0.0;
    preset.train.ema_decay = 0.98;
    preset.train.batch = 4;
    preset.train.shards = 2;
    let mut trainer = trainer(preset, set(vec![(0, head())], vec![]), 1, 2);
    for _ in 0..3000 {
        trainer.step(Some(3000)).expect("a step");
    }
    let file = trainer.averaged().expect("weights");
    let artist = generate::of(&file, &Device::Cpu, 2).expect("an artist");
    let settings = DrawSettings { temperature: 0.05, ..file.info.preset.draw.clone() };
    let whole = head().to_data_frame();
    for given in 1..5 {
        let start = Sketch { strokes: whole.strokes[..given].to_vec() };
        let job = Job { category: 0, count: 2, first: 0, seed: 1, settings: settings.clone(), start: Some(start.clone()) };
        for drawn in artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings") {
            assert_eq!(drawn.strokes.len(), whole.strokes.len(), "{given} strokes were given");
            // As they are, unless what follows leaves the frame, into which all is fitted then.
            for (ours, theirs) in drawn.strokes.iter().zip(&start.strokes) {
                assert_eq!(ours.points.len(), theirs.points.len(), "given strokes keep their points");
                assert!(ours.points.iter().zip(&theirs.points).all(|(&a, &b)| distance(a, b) < 24.0), "{ours:?} instead of {theirs:?}");
            }
            let (ours, theirs) = (along(&drawn.strokes[given..]), along(&whole.strokes[given..]));
            let off = ours.iter().zip(&theirs).map(|(&a, &b)| distance(a, b)).sum::<f32>() / ours.len() as f32;
            assert!(off < 24.0, "{off} of 255 off behind {given} strokes");
        }
    }
    let long = Sketch { strokes: vec![Stroke::new((0..300).map(|i| [i as f32 % 255.0, (i / 2) as f32]).collect())] };
    let job = Job { category: 0, count: 1, first: 0, seed: 1, settings, start: Some(long) };
    let error = artist.draw(&job, &Cancel::default(), &mut |_| {}).expect_err("too long").to_string();
    assert!(error.contains("300 points"), "{error}");
}
