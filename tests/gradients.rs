//! The gradients of whole networks, with the losses that they are trained by, are those of finite differences.

mod common;

use common::network::{alone, check, losses, shake, untrained};
use common::{small_latent, small_sketch_rnn, small_unet1d};
use denoodle::config::Preset;
use denoodle::model::{Parameter, ops};
use denoodle::train::Lesson;

/// The divergence with its whole weight from the first step on, and no floor, below which it would have no gradient.
fn bound_tightly(mut preset: Preset) -> Preset {
    (preset.train.kl_weight, preset.train.kl_start, preset.train.kl_floor) = (1.0, 1.0, 0.0);
    preset
}

/// At the start latent vectors are nearly those of the prior, where the divergence is flat.
fn shake_latent_vectors(parameters: &[Parameter]) {
    let says = |parameter: &&Parameter| {
        parameter.weights.iter().all(|weight| ["rnn.mean", "rnn.spread"].iter().any(|of| weight.name.starts_with(of)))
    };
    let layers: Vec<Parameter> = parameters.iter().filter(says).cloned().collect();
    assert_eq!(layers.len(), 4, "two weights and two biases");
    shake(&layers);
}

#[test]
fn of_sketch_rnn_with_its_reader_and_the_divergence() {
    let _alone = alone();
    let (objective, parameters, drawings) = untrained(&bound_tightly(small_sketch_rnn()), 2);
    shake_latent_vectors(&parameters);
    let told = || losses(&objective, &drawings, Lesson::Step(0), 0);
    assert!(told().0.side > 0.01, "{:?}: the divergence must count", told().0);
    check(&|| Ok(told().1), &ops::use_plain, &parameters);
}

#[test]
fn of_diffusion_over_a_latent_vector_apart_for_sketch_rnn_and_the_prior() {
    let _alone = alone();
    let (objective, parameters, drawings) = untrained(&bound_tightly(small_latent()), 2);
    let of_prior = |parameter: &Parameter| parameter.weights.iter().all(|weight| weight.name.starts_with("prior."));
    let (prior, sketch_rnn): (Vec<Parameter>, Vec<Parameter>) = parameters.into_iter().partition(of_prior);
    shake_latent_vectors(&sketch_rnn);
    let told = || losses(&objective, &drawings, Lesson::Step(0), 0);
    // What the denoiser says of the vectors depends on who reads them, but leads nobody there: the slope is that of the rest.
    let bound = || {
        let (losses, loss) = told();
        Ok((loss - losses.side)?)
    };
    check(&bound, &ops::use_plain, &sketch_rnn);
    shake(&prior);
    check(&|| Ok(told().1), &ops::use_plain, &prior);
}

#[test]
fn of_the_unet_with_its_pen() {
    let _alone = alone();
    let (objective, parameters, drawings) = untrained(&small_unet1d(), 2);
    check(&|| Ok(losses(&objective, &drawings, Lesson::Step(0), 0).1), &ops::use_plain, &parameters);
}
