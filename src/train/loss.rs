//! What the flagship is trained to make small.

use candle_core::{Device, Tensor};

use super::batch::Noisy;
use super::objective::{Losses, weighed};
use crate::config::TrainSettings;
use crate::model::{StrokeDiffusion, ops};
use crate::sketch::{Codec, codec};
use crate::util::Result;

/// Weighted squared error of the network's output (EDM), averaged over entries; cross-entropy of "the drawing is finished", averaged over
/// strokes.
pub(super) const NAMES: [&str; 2] = ["diffusion", "stop"];

/// A shard's part of the losses of a batch that has `(strokes, tokens)` in all its shards, and the number to differentiate.
///
/// `weights`: those of [`entry_weights`].
pub fn losses(
    network: &StrokeDiffusion,
    noisy: &Noisy,
    settings: &TrainSettings,
    weights: &Tensor,
    (strokes, tokens): (usize, usize),
) -> Result<(Losses, Tensor)> {
    let states = network.states(&noisy.history)?.all; // (tokens, width)
    let share = settings.stop_share;
    let for_stop = ((&states * share)? + (states.detach() * (1.0 - share))?)?; // (tokens, width)
    let logits = network.stop_logits(&for_stop)?; // (tokens)
    // Cross-entropy of a logit l and a target t: max(l, 0) - l t + ln(1 + exp(-|l|)).
    let soft = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?; // (tokens)
    let stop = ((logits.relu()? - (&logits * &noisy.finished)?)? + soft)?.sum_all()?;
    let stop = (stop / tokens as f64)?;
    let condition = network.condition(&network.pick(&states, &noisy.tokens)?, &noisy.categories)?; // (rows, denoiser width)
    let said = network.denoise(&noisy.inputs, &noisy.levels, &condition)?; // (rows, codec width)
    let error = ops::squared_error(&said, &noisy.targets, weights)?;
    let diffusion = (error / (strokes * settings.noise_draws * noisy.targets.dim(1)?) as f64)?;
    let (main, side) = (f64::from(diffusion.to_scalar::<f32>()?), f64::from(stop.to_scalar::<f32>()?));
    // The stop loss overfits first: it must not decide which model is kept.
    let losses = Losses { names: &NAMES, main, side, judged: main, figure: None };
    Ok((losses, (diffusion + weighed(&stop, settings.stop_weight)?)?))
}

/// The weight of each entry in the loss: the box's as set, a component's by its deviation but never below the floor; mean 1: (codec width).
pub fn entry_weights(settings: &TrainSettings, codec: &Codec, device: &Device) -> Result<Tensor> {
    let floor = settings.component_floor as f32;
    let shape = codec.importance().into_iter().map(|importance| floor + (1.0 - floor) * importance);
    let weights: Vec<f32> = std::iter::repeat_n(settings.box_weight as f32, codec::BOX).chain(shape).collect();
    let mean = weights.iter().sum::<f32>() / weights.len() as f32;
    Ok((Tensor::from_vec(weights, codec.width(), device)? / f64::from(mean))?)
}
