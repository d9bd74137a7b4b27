//! The recurrent denoiser and the denoiser of latent vectors: shapes, gradients, both ways of computing them, and that they learn.

mod common;

use candle_core::{Device, Tensor};
use common::network::{numbers, random};
use common::{heads, set, small_rnn_denoiser, trainer};
use denoodle::config::{LatentSettings, ModelSettings, RnnDenoiserSettings, load};
use denoodle::generate::{self, Job};
use denoodle::model::latent::Prior;
use denoodle::model::rnn_denoiser::{Batch, NUMBERS, RnnDenoiser};
use denoodle::model::weights::{Parameter, fresh};
use denoodle::model::{ModelFile, ops};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::train::{TrainSet, Trainer};
use denoodle::util::Cancel;

const TINY: RnnDenoiserSettings = RnnDenoiserSettings { hidden: 8, layers: 2 };

fn network(settings: &RnnDenoiserSettings) -> (RnnDenoiser, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let network = RnnDenoiser::new(settings, 3, &mut fresh(1, &Device::Cpu, &mut parameters)).expect("a network");
    // What starts at 0 says nothing, and lets no gradient through.
    stir(&parameters);
    (network, parameters)
}

fn stir(parameters: &[Parameter]) {
    for (i, Parameter { var, .. }) in parameters.iter().enumerate() {
        let more = (random(var.dims(), 100 + i as u64) * 0.05).expect("a little");
        var.set(&(var.as_tensor() + more).expect("moved")).expect("set");
    }
}

fn batch(ends: &[usize]) -> Batch {
    let movements = ends.last().copied().unwrap_or(0);
    Batch {
        x: numbers(&random(&[movements, NUMBERS], 1)),
        targets: random(&[movements, NUMBERS], 2),
        ends: ends.to_vec(),
        levels: (0..ends.len()).map(|i| i as f32 / 3.0 - 0.8).collect(),
        categories: (0..ends.len()).map(|i| (i % 4) as u32).collect(),
    }
}

fn said(network: &RnnDenoiser, batch: &Batch) -> denoodle::util::Result<Tensor> {
    network.forward(&batch.x, &batch.ends, &batch.levels, &batch.categories)
}

#[test]
fn it_is_as_large_as_its_preset_says() {
    for (name, from, to) in [("rnn_denoiser_small", 650_000, 750_000), ("rnn_denoiser", 2_700_000, 3_200_000)] {
        let ModelSettings::RnnDenoiser(settings) = load(name).expect("built in").model else { panic!("another system") };
        let (network, parameters) = network(&settings);
        let count: usize = parameters.iter().map(|parameter| parameter.var.elem_count()).sum();
        assert!((from..to).contains(&count), "{name}: {count} weights");
        assert_eq!(said(&network, &batch(&[3, 4, 9])).expect("an answer").dims(), [9, NUMBERS]);
    }
}

#[test]
fn drawings_know_nothing_of_one_another_but_of_their_places_their_level_and_their_category() {
    let (network, _) = network(&TINY);
    let all = batch(&[3, 8, 12]);
    let together = numbers(&said(&network, &all).expect("an answer"));
    let alone = Batch { x: all.x[9..24].to_vec(), ends: vec![5], levels: vec![all.levels[1]], categories: vec![1], ..all.clone() };
    let own = numbers(&said(&network, &alone).expect("an answer"));
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart(&own, &together[9..24]) < 1e-5);
    for other in [
        Batch { levels: vec![0.9], ..alone.clone() },
        Batch { categories: vec![network.no_category()], ..alone.clone() },
        Batch { x: all.x[9..21].to_vec(), ends: vec![4], ..alone.clone() },
    ] {
        assert!(apart(&numbers(&said(&network, &other).expect("an answer")), &own) > 1e-4);
    }
    // The last movement is heard at the first one, and the first at the last.
    for (moved, heard) in [(12, 0..3), (0, 12..15)] {
        let mut x = alone.x.clone();
        x[moved] += 1.0;
        let other = numbers(&said(&network, &Batch { x, ..alone.clone() }).expect("an answer"));
        assert!(apart(&other[heard.clone()], &own[heard]) > 1e-6);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (network, _) = network(&TINY);
    let right = batch(&[3, 8]);
    assert!(said(&network, &right).is_ok());
    let wrong = [
        Batch { ends: vec![3, 7], ..right.clone() },
        Batch { ends: vec![9, 8], ..right.clone() },
        Batch { ends: vec![8], ..right.clone() },
        Batch { levels: vec![0.0], ..right.clone() },
        Batch { categories: vec![0, network.no_category() + 1], ..right.clone() },
        Batch { x: right.x[1..].to_vec(), ..right.clone() },
    ];
    wrong.iter().for_each(|batch| assert!(said(&network, batch).is_err(), "{batch:?}"));
    assert!(network.losses(&Batch { targets: random(&[7, NUMBERS], 0), ..right }).is_err());
}

/// Value and gradients of a loss.
fn gradients(parameters: &[Parameter], loss: &dyn Fn() -> Tensor, plain: bool) -> (f32, Vec<Vec<f32>>) {
    ops::use_plain(plain);
    let loss = loss();
    let store = loss.backward().expect("gradients");
    ops::use_plain(false);
    let gradient = |parameter: &Parameter| numbers(store.get(&parameter.var).unwrap_or_else(|| panic!("{:?}", parameter.weights)));
    (numbers(&loss)[0], parameters.iter().map(gradient).collect())
}

/// One test, since `use_plain` is for the whole process: the other tests are right either way, only slower meanwhile.
#[test]
fn every_weight_gets_its_gradient_whether_fused_or_plain() {
    let (network, parameters) = network(&TINY);
    let batch = batch(&[3, 4, 9]);
    let loss = || {
        let [movement, pen] = network.losses(&batch).expect("losses");
        (movement + pen).expect("a sum")
    };
    agree(&parameters, &loss);
    let mut of_prior = Vec::new();
    let sizes = LatentSettings { encoder: 8, decoder: 8, latent: 5, mixtures: 2, denoiser_width: 16, denoiser_blocks: 2 };
    let prior = Prior::new(&sizes, 3, &mut fresh(1, &Device::Cpu, &mut of_prior)).expect("a network");
    stir(&of_prior);
    let (x, target) = (random(&[4, 5], 3), random(&[4, 5], 4));
    let loss = || {
        let said = prior.forward(&x, &[-0.5, 0.0, 0.1, 0.9], &[0, 1, 2, prior.no_category()]).expect("an answer");
        (said - &target).and_then(|off| off.sqr()?.sum_all()).expect("a loss")
    };
    agree(&of_prior, &loss);
}

/// Both ways of computing agree, and the slope along a direction of all weights is the gradient's.
fn agree(parameters: &[Parameter], loss: &dyn Fn() -> Tensor) {
    let ((fused_loss, fused), (plain_loss, plain)) = (gradients(parameters, loss, false), gradients(parameters, loss, true));
    assert!((fused_loss - plain_loss).abs() < 1e-4 * plain_loss, "{fused_loss} and {plain_loss}");
    for ((fused, plain), parameter) in fused.iter().zip(&plain).zip(parameters) {
        let size = plain.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        let off = fused.iter().zip(plain).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(size > 0.0 && off < 1e-4 * size.max(1e-2), "{:?}: {off} of {size}", parameter.weights);
    }
    let directions: Vec<Tensor> = parameters.iter().enumerate().map(|(i, p)| random(p.var.dims(), 500 + i as u64)).collect();
    let moved = |by: f64| {
        for (Parameter { var, .. }, direction) in parameters.iter().zip(&directions) {
            var.set(&(var.as_tensor() + (direction * by).expect("a step")).expect("moved")).expect("set");
        }
        f64::from(numbers(&loss())[0])
    };
    // From one step ahead to one behind, and back.
    let slope = (moved(1e-3) - moved(-2e-3)) / 2e-3;
    moved(1e-3);
    let along = |(gradient, direction): (&Vec<f32>, &Tensor)| -> f64 {
        gradient.iter().zip(numbers(direction)).map(|(a, b)| f64::from(*a) * f64::from(b)).sum()
    };
    let expected: f64 = fused.iter().zip(&directions).map(along).sum();
    assert!((slope - expected).abs() < 0.01 * expected.abs().max(1.0), "the slope is {slope}, not {expected}");
}

#[test]
fn drawings_are_as_long_as_the_training_drawings_of_their_category() {
    // Zigzags of 5 and of 9 points, which no simplification shortens; the test drawing is longer than both.
    let zigzag = |points: usize| {
        let point = |i: usize| [i as f32 * 20.0, if i.is_multiple_of(2) { 0.0 } else { 200.0 }];
        Sketch { strokes: vec![Stroke::new((0..points).map(point).collect())] }
    };
    let drawings = |categories: [&str; 2], of: [usize; 2]| TrainSet {
        categories: categories.map(str::to_owned).to_vec(),
        mirror: vec![true; 2],
        train: (0..12).map(|i| (i % 2, zigzag(of[i as usize % 2]))).collect(),
        test: vec![(0, zigzag(30))],
        sources: vec![],
    };
    let mut first = trainer(small_rnn_denoiser(), drawings(["short", "long"], [5, 9]), 1, 1);
    first.step(Some(10)).expect("a step");
    let file = first.averaged().expect("weights");
    let lengths = |file: &ModelFile, category: u32| -> Vec<usize> {
        let back = ModelFile::parse(&file.bytes(false).expect("bytes")).expect("reads");
        assert_eq!(back.coding, file.coding);
        let mut settings = file.info.preset.draw.clone();
        settings.steps = 2;
        let job = Job { category, count: 20, first: 0, seed: 1, settings, start: None };
        let artist = generate::of(&back, &Device::Cpu, 1).expect("an artist");
        let traces = artist.trace(&job, &Cancel::default()).expect("traces");
        traces.iter().map(|trace| trace.parts[0].moments[0].x0.points().count()).collect()
    };
    assert_eq!((lengths(&file, 0), lengths(&file, 1)), (vec![5; 20], vec![9; 20]));
    // Who goes on with it learns the lengths of other drawings.
    let next = drawings(["long", "new"], [7, 4]);
    let (next, _) = Trainer::new(small_rnn_denoiser(), next, 1, Some(&file), Device::Cpu, 1).expect("a trainer");
    let file = next.averaged().expect("weights");
    assert_eq!((lengths(&file, 0), lengths(&file, 1)), (vec![7; 20], vec![4; 20]));
}

#[test]
fn a_model_without_rhythms_is_refused() {
    let file = trainer(small_rnn_denoiser(), set(heads(12), vec![]), 1, 1).averaged().expect("weights");
    let coding = denoodle::model::Coding::Deltas(file.coding.deltas().expect("movements").clone());
    let error = generate::of(&ModelFile { coding, ..file }, &Device::Cpu, 1).map(|_| ()).expect_err("no rhythms");
    assert!(error.to_string().contains("rhythms"), "{error}");
}
