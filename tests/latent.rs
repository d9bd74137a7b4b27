//! Latent vectors: drawings are read into them and drawn from them, and who has none says so.

mod common;

use candle_core::Device;
use common::{head, heads, set, small_latent, small_sketch_rnn, systems, trainer};
use denoodle::config::{DrawSettings, ModelSettings};
use denoodle::generate::{self, Job, between};
use denoodle::sketch::Sketch;
use denoodle::util::Cancel;

#[test]
fn who_has_no_latent_vectors_says_so() {
    for preset in systems() {
        let file = trainer(preset, set(heads(12), vec![]), 1, 1).averaged().expect("weights");
        let artist = generate::of(&file, &Device::Cpu, 1).expect("an artist");
        let capable = artist.capabilities().latent;
        let job = Job { category: 0, count: 1, first: 0, seed: 1, settings: file.info.preset.draw.clone(), start: None };
        assert_eq!(artist.encode(&[head()]).is_ok(), capable, "{}", file.info.preset.name);
        let latents = artist.encode(&[head()]).unwrap_or_else(|_| vec![vec![0.0; 8]]);
        assert_eq!(artist.decode(&latents, &job, &Cancel::default()).is_ok(), capable, "{}", file.info.preset.name);
        assert!(artist.encode(&[Sketch::default()]).is_err());
        assert!(artist.decode(&[vec![0.0; 3]], &job, &Cancel::default()).is_err());
    }
}

#[test]
fn two_drawings_come_back_from_their_vectors() {
    let mut preset = small_sketch_rnn();
    preset.train.augment = denoodle::config::Augment { flip: false, rotate_degrees: 0.0, stretch: 0.0 };
    preset.train.learning_rate = 2e-2;
    preset.train.clip_norm = 10.0;
    preset.train.batch = 4;
    preset.train.ema_decay = 0.98;
    preset.train.dropout = 0.0;
    preset.train.kl_start = 1.0;
    preset.train.shards = 2;
    // A head with all its strokes, and one without ears and eyes.
    let (one, mut other) = (head(), head());
    other.strokes.truncate(1);
    let mut trainer = trainer(preset, set(vec![(0, one.clone()), (0, other.clone())], vec![]), 1, 2);
    for _ in 0..800 {
        trainer.step(Some(800)).expect("a step");
    }
    let file = trainer.averaged().expect("weights");
    let artist = generate::of(&file, &Device::Cpu, 2).expect("an artist");
    let latents = artist.encode(&[one.clone(), other]).expect("latent vectors");
    assert!(latents[0].iter().zip(&latents[1]).any(|(a, b)| (a - b).abs() > 0.1), "{latents:?}");
    assert_eq!(artist.encode(&[one]).expect("the same alone")[0].len(), latents[0].len());
    let settings = DrawSettings { temperature: 0.05, ..file.info.preset.draw.clone() };
    let job = Job { category: 0, count: 1, first: 0, seed: 1, settings, start: None };
    let draw = |latents: &[Vec<f32>]| artist.decode(latents, &job, &Cancel::default()).expect("drawings");
    let strokes: Vec<usize> = draw(&latents).iter().map(|sketch| sketch.strokes.len()).collect();
    assert_eq!(strokes, [5, 1]);
    let (ends, way) = (draw(&latents), [0.0, 0.5, 1.0].map(|t| between(&latents[0], &latents[1], t)));
    // A drawing does not depend on what is drawn beside it, nor does the way between two leave its ends.
    assert_eq!(draw(&way[..1]), ends[..1]);
    assert_eq!(draw(&way).len(), 3);
}

#[test]
fn the_denoiser_of_latent_vectors_changes_nothing_about_them() {
    let mut preset = small_latent();
    // The gradient is cut as a whole: not here.
    preset.train.clip_norm = 1000.0;
    let ModelSettings::Latent(sizes) = &preset.model else { panic!("another system") };
    let alone = denoodle::config::Preset { model: ModelSettings::SketchRnn(sizes.sketch_rnn()), ..preset.clone() };
    let weights = |preset| {
        let mut trainer = trainer(preset, set(heads(20), vec![]), 1, 2);
        (0..6).for_each(|_| assert!(trainer.step(Some(20)).expect("a step").losses.finite()));
        trainer.averaged().expect("weights").weights
    };
    let (with, without) = (weights(preset), weights(alone));
    assert!(with.len() > without.len());
    for (name, tensor) in without {
        let numbers = |tensor: &candle_core::Tensor| tensor.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("numbers");
        assert_eq!(numbers(&tensor), numbers(&with[&name]), "{name}");
    }
}

#[test]
fn the_way_between_two_vectors_keeps_their_length() {
    let (a, b) = ([3.0f32, 0.0, 0.0], [0.0f32, 0.0, 3.0]);
    let middle = between(&a, &b, 0.5);
    assert!((middle.iter().map(|v| v * v).sum::<f32>().sqrt() - 3.0).abs() < 1e-5, "{middle:?}");
    assert_eq!((between(&a, &b, 0.0), between(&a, &a, 0.5)), (a.to_vec(), a.to_vec()));
}
