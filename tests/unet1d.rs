//! The U-Net along a sequence: shapes, gradients, both ways of computing it, and that it learns.

mod common;

use candle_core::{Device, Tensor};
use common::network::{numbers, random};
use denoodle::model::ops;
use denoodle::model::unet1d::{Batch, Unet1d, Unet1dSettings};
use denoodle::model::weights::{Parameter, fresh};

fn network(settings: &Unet1dSettings) -> (Unet1d, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let network = Unet1d::new(settings, &mut fresh(1, &Device::Cpu, &mut parameters)).expect("a network");
    (network, parameters)
}

fn tiny() -> Unet1dSettings {
    Unet1dSettings { base: 8, multipliers: vec![1, 2, 3], blocks: 2, heads: 2, classes: 3, length: 16 }
}

fn batch(sequences: usize, length: usize, classes: usize) -> Batch {
    let ones = |of: candle_core::Result<Tensor>| of.and_then(|of| of.to_dtype(candle_core::DType::F32)).expect("zeros and ones");
    Batch {
        x: random(&[sequences, length, 2], 1),
        noise_target: random(&[sequences, length, 2], 2),
        timesteps: (0..sequences).map(|i| 999.0 * i as f32 / sequences as f32).collect(),
        classes: (0..sequences).map(|i| (i % (classes + 1)) as u32).collect(),
        inside: ones(random(&[sequences, length], 4).le(0.5)),
        pen_target: ones(random(&[sequences, length, 2], 3).ge(1.0)),
    }
}

#[test]
fn noise_and_pen_come_in_the_shape_of_the_sequence() {
    for (settings, most) in [(tiny(), 100_000), (Unet1dSettings::small(10), 1_200_000)] {
        let (network, parameters) = network(&settings);
        let batch = batch(3, settings.length, settings.classes);
        let (noise, pen) = network.forward(&batch.x, &batch.timesteps, &batch.classes).expect("an answer");
        assert_eq!((noise.dims(), pen.dims()), (&[3, settings.length, 2][..], &[3, settings.length, 2][..]));
        let count: usize = parameters.iter().map(|parameter| parameter.var.elem_count()).sum();
        println!("{count} weights");
        assert!(count < most, "{count} weights");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |settings: Unet1dSettings| Unet1d::new(&settings, &mut fresh(1, &Device::Cpu, &mut Vec::new())).is_err();
    assert!(!refused(tiny()));
    assert!(refused(Unet1dSettings { length: 18, ..tiny() }), "not twice divisible by 2");
    assert!(refused(Unet1dSettings { length: 0, ..tiny() }));
    assert!(refused(Unet1dSettings { base: 7, ..tiny() }) && refused(Unet1dSettings { base: 0, ..tiny() }));
    assert!(refused(Unet1dSettings { multipliers: vec![], ..tiny() }) && refused(Unet1dSettings { multipliers: vec![1, 0], ..tiny() }));
    assert!(refused(Unet1dSettings { multipliers: vec![1; 70], ..tiny() }) && refused(Unet1dSettings { blocks: 0, ..tiny() }));
    assert!(refused(Unet1dSettings { heads: 5, ..tiny() }) && refused(Unet1dSettings { heads: 0, ..tiny() }));
    let (network, _) = network(&tiny());
    let right = batch(2, 16, 3);
    assert!(network.forward(&right.x, &right.timesteps, &[0, network.no_class()]).is_ok());
    assert!(network.forward(&right.x, &right.timesteps, &[0, network.no_class() + 1]).is_err());
    assert!(network.forward(&right.x, &[1.0], &right.classes).is_err());
    assert!(network.forward(&random(&[2, 12, 2], 0), &right.timesteps, &right.classes).is_err());
    assert!(network.loss(&Batch { pen_target: random(&[2, 15, 2], 0), ..right }).is_err());
}

/// One test, since `use_plain` is for the whole process: the other tests are right either way, only slower meanwhile.
#[test]
fn every_weight_gets_its_gradient_whether_fused_or_plain() {
    let (network, parameters) = network(&tiny());
    let batch = batch(4, 16, 3);
    let run = |plain| {
        ops::use_plain(plain);
        let loss = network.loss(&batch).expect("a loss");
        let store = loss.backward().expect("gradients");
        ops::use_plain(false);
        let gradient = |parameter: &Parameter| numbers(store.get(&parameter.var).unwrap_or_else(|| panic!("{:?}", parameter.weights)));
        (numbers(&loss)[0], parameters.iter().map(gradient).collect::<Vec<_>>())
    };
    let ((fused_loss, fused), (plain_loss, plain)) = (run(false), run(true));
    assert!((fused_loss - plain_loss).abs() < 1e-4 * plain_loss, "{fused_loss} and {plain_loss}");
    for ((fused, plain), parameter) in fused.iter().zip(&plain).zip(&parameters) {
        let size = plain.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        let off = fused.iter().zip(plain).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(size > 0.0 && off < 1e-4 * size.max(1e-2), "{:?}: {off} of {size}", parameter.weights);
    }
}

#[test]
fn what_is_behind_the_end_is_not_asked_for() {
    let (network, _) = network(&tiny());
    let batch = batch(3, 16, 3);
    let of = |batch: &Batch| network.losses(batch).expect("losses").map(|sum| numbers(&sum)[0]);
    let [noise, lifted, over] = of(&batch);
    // Other targets behind the end change nothing but what is said of the end itself.
    let outside = (1.0 - &batch.inside).and_then(|o| o.unsqueeze(2)).expect("outside");
    let noise_target = batch.noise_target.broadcast_add(&(&outside * 7.0).expect("far")).expect("other noise");
    let pen_target = batch.pen_target.broadcast_add(&(&outside * 3.0).expect("far")).expect("another pen");
    let [same_noise, same_lifted, other_over] = of(&Batch { noise_target, pen_target, ..batch });
    assert_eq!((noise, lifted), (same_noise, same_lifted));
    assert_ne!(over, other_over);
}

#[test]
fn a_batch_is_learnt_by_heart() {
    let (network, parameters) = network(&Unet1dSettings { blocks: 1, ..tiny() });
    let batch = batch(2, 16, 3);
    let mut losses = Vec::new();
    for _ in 0..60 {
        let loss = network.loss(&batch).expect("a loss");
        losses.push(numbers(&loss)[0]);
        let store = loss.backward().expect("gradients");
        for Parameter { var, .. } in &parameters {
            let step = (store.get(var).expect("a gradient") * 0.1).expect("a step");
            var.set(&(var.as_tensor() - step).expect("the next")).expect("set");
        }
    }
    assert!(losses[59] < 0.5 * losses[0], "from {} to {}", losses[0], losses[59]);
}
