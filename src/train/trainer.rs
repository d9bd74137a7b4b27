//! One training step, and all state that a run has.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{Device, Tensor};
use rayon::prelude::*;

use super::batch::{Shard, TrainSet, augmented, rows};
use super::optimiser::Optimiser;
use super::rate::rate;
use crate::config::{CodecSettings, ModelSettings, Preset, TrainSettings};
use crate::model::{ModelFile, ModelInfo, StrokeDiffusion, Weights, file::ATTRIBUTION, ops, weights};
use crate::sketch::{Codec, Sketch};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Error, Result, threads};

/// Test drawings that the test loss looks at; more would cost more than they tell.
const TEST_MOST: usize = 1024;
/// Drawings in one piece of the test.
const TEST_PIECE: usize = 64;

/// Mean losses of a step or of the test split.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Losses {
    /// Weighted squared error of the network's output (EDM), averaged over entries.
    pub diffusion: f64,
    /// Cross-entropy of "the drawing is finished", averaged over strokes.
    pub stop: f64,
}

impl Losses {
    /// True unless something is infinite or not a number.
    pub fn finite(&self) -> bool {
        self.diffusion.is_finite() && self.stop.is_finite()
    }
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepReport {
    /// Its losses, before it.
    pub losses: Losses,
    /// The learning rate.
    pub rate: f64,
    /// Norm of the gradient before clipping.
    pub gradient_norm: f64,
}

/// A network in training. All randomness comes from (seed, step), so the state below is everything.
pub struct Trainer {
    pub(super) preset: Preset,
    pub(super) categories: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) seed: u64,
    pub(super) codec: Codec,
    pub(super) optimiser: Optimiser,
    /// Steps made.
    pub(super) step: u64,
    /// Halved after every roll-back.
    pub(super) rate_scale: f64,
    pub(super) test_loss: Option<f64>,
    network: StrokeDiffusion,
    mirror: Vec<bool>,
    train: Vec<(u32, Sketch)>,
    test: Vec<(u32, Sketch)>,
    /// Weight of each entry of a stroke's vector in the loss, mean 1: (codec width).
    entry_weights: Tensor,
    device: Device,
    pool: rayon::ThreadPool,
}

impl Trainer {
    /// A fresh network, or one with the weights, sizes and codec of `from`.
    ///
    /// Drawings with more strokes than the network takes are left out; the second value counts them.
    pub fn new(
        mut preset: Preset,
        set: TrainSet,
        seed: u64,
        from: Option<&ModelFile>,
        device: Device,
        threads: usize,
    ) -> Result<(Self, usize)> {
        if let Some(source) = from {
            preset.model = source.info.preset.model.clone();
            preset.codec = source.info.preset.codec.clone();
        }
        let ModelSettings::StrokeDiffusion(model) = &preset.model;
        let before = set.train.len() + set.test.len();
        let fits = |(category, sketch): &(u32, Sketch)| {
            let n = sketch.strokes.len();
            (1..=model.max_strokes).contains(&n).then(|| (*category, sketch.to_model_frame()))
        };
        let train: Vec<_> = set.train.iter().filter_map(fits).collect();
        let mut test: Vec<_> = set.test.iter().filter_map(fits).collect();
        let left_out = before - train.len() - test.len();
        test.truncate(TEST_MOST);
        if train.is_empty() {
            return Err(Error::new("there are no training drawings").advise("`denoodle data info CATEGORY` tells what there is."));
        }
        let codec = match from {
            Some(source) => source.codec.clone(),
            None => {
                let CodecSettings::Components { points, components, simplify } = preset.codec;
                // 50 000 strokes tell a covariance of 64 numbers well enough.
                let strokes = train.iter().flat_map(|(_, sketch)| &sketch.strokes).take(50_000);
                Codec::fit(strokes, points, components, simplify, preset.train.augment.flip)?
            }
        };
        let mut parameters = Vec::new();
        let network =
            StrokeDiffusion::new(model, codec.width(), set.categories.len(), &mut weights::fresh(seed, &device, &mut parameters))?;
        let mut optimiser = Optimiser::new(parameters)?;
        if let Some(source) = from {
            optimiser.adopt(&adopted(source, &set.categories)?)?;
        }
        let entry_weights = entry_weights(&preset.train, &codec, &device)?;
        let trainer = Self {
            preset,
            categories: set.categories,
            sources: set.sources,
            seed,
            codec,
            optimiser,
            step: 0,
            rate_scale: 1.0,
            test_loss: None,
            network,
            mirror: set.mirror,
            train,
            test,
            entry_weights,
            device,
            pool: threads::pool(threads)?,
        };
        Ok((trainer, left_out))
    }

    /// Steps made.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Drawings seen, repeats counted.
    pub fn drawings(&self) -> u64 {
        self.step * self.preset.train.batch as u64
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> usize {
        self.optimiser.parameters()
    }

    /// Training and test drawings.
    pub fn drawings_there(&self) -> (usize, usize) {
        (self.train.len(), self.test.len())
    }

    /// Where the drawings come from: `category: sha256`.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// All settings; the network's sizes may be those of the model that it started from.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// One step. If a loss or the gradient is not finite, nothing is changed and the report says so.
    pub fn step(&mut self, steps: Option<u64>) -> Result<StepReport> {
        let settings = &self.preset.train;
        let (step, seed) = (self.step, self.seed);
        let picked = rows(seed, step, settings.batch, self.train.len());
        // Every shard gets drawings of all lengths, so that none is waited for.
        let mut order: Vec<usize> = (0..picked.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(self.train[picked[i] as usize].1.strokes.len()));
        let (strokes, tokens) = totals(picked.iter().map(|&i| &self.train[i as usize].1));
        let shard = |number: usize| -> Result<(Losses, GradStore)> {
            let mut shard = Shard::default();
            for &i in order.iter().skip(number).step_by(settings.shards) {
                let (category, sketch) = &self.train[picked[i] as usize];
                let mut random = rng::stream(seed, Stream::Augment, step * settings.batch as u64 + i as u64);
                let sketch = augmented(sketch, settings, self.mirror[*category as usize], &mut random);
                shard.push(*category, &sketch, &self.codec);
            }
            let mut random = rng::stream(seed, Stream::Noise, step * settings.shards as u64 + number as u64);
            let (losses, total) = self.losses(&self.network, &shard, &mut random, strokes, tokens)?;
            Ok((losses, total.backward()?))
        };
        let parts: Vec<(Losses, GradStore)> =
            self.pool.install(|| (0..settings.shards).into_par_iter().map(shard).collect::<Result<_>>())?;
        let losses = parts
            .iter()
            .fold(Losses::default(), |sum, (part, _)| Losses { diffusion: sum.diffusion + part.diffusion, stop: sum.stop + part.stop });
        let gradients: Vec<GradStore> = parts.into_iter().map(|(_, gradients)| gradients).collect();
        let gradient_norm = self.optimiser.norm(&gradients, &self.pool)?;
        let rate = rate(settings, step, steps) * self.rate_scale;
        if losses.finite() && gradient_norm.is_finite() {
            self.optimiser.step(&gradients, settings, step, rate, gradient_norm, &self.pool)?;
            self.step += 1;
        }
        Ok(StepReport { losses, rate, gradient_norm })
    }

    /// A shard's part of the losses of a batch with so many strokes and tokens, and the tensor to differentiate.
    fn losses(
        &self,
        network: &StrokeDiffusion,
        shard: &Shard,
        random: &mut ChaCha8Rng,
        strokes: usize,
        tokens: usize,
    ) -> Result<(Losses, Tensor)> {
        let settings = &self.preset.train;
        let width = self.codec.width();
        let noisy = shard.noisy(settings, width, random, &self.device)?;
        let states = network.states(&noisy.history)?.all; // (tokens, width)
        let share = settings.stop_share;
        let for_stop = ((&states * share)? + (states.detach() * (1.0 - share))?)?; // (tokens, width)
        let logits = network.stop_logits(&for_stop)?; // (tokens)
        // Cross-entropy of a logit l and a target t: max(l, 0) - l t + ln(1 + exp(-|l|)).
        let soft = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?; // (tokens)
        let stop = ((logits.relu()? - (&logits * &noisy.finished)?)? + soft)?.sum_all()?;
        let stop = (stop / tokens as f64)?;
        let condition = network.condition(&network.pick(&states, &noisy.tokens)?)?; // (rows, denoiser width)
        let said = network.denoise(&noisy.inputs, &noisy.levels, &condition)?; // (rows, codec width)
        let error = ops::squared_error(&said, &noisy.targets, &self.entry_weights)?;
        let diffusion = (error / (strokes * settings.noise_draws * width) as f64)?;
        let losses = Losses { diffusion: f64::from(diffusion.to_scalar::<f32>()?), stop: f64::from(stop.to_scalar::<f32>()?) };
        Ok((losses, (diffusion + (stop * settings.stop_weight)?)?))
    }

    /// Losses on the test split with the averaged weights and always the same noise; `None` without test drawings.
    pub fn test(&mut self) -> Result<Option<Losses>> {
        if self.test.is_empty() {
            return Ok(None);
        }
        let network = self.averaged()?.network(&self.device)?;
        let (strokes, tokens) = totals(self.test.iter().map(|(_, sketch)| sketch));
        let piece = |(number, drawings): (usize, &[(u32, Sketch)])| -> Result<Losses> {
            let mut shard = Shard::default();
            drawings.iter().for_each(|(category, sketch)| shard.push(*category, sketch, &self.codec));
            let mut random = rng::stream(self.seed, Stream::Evaluate, number as u64);
            Ok(self.losses(&network, &shard, &mut random, strokes, tokens)?.0)
        };
        let parts: Vec<Losses> = self.pool.install(|| self.test.par_chunks(TEST_PIECE).enumerate().map(piece).collect::<Result<_>>())?;
        let sum = |f: fn(&Losses) -> f64| parts.iter().map(f).sum::<f64>();
        let losses = Losses { diffusion: sum(|l| l.diffusion), stop: sum(|l| l.stop) };
        self.test_loss = Some(losses.diffusion);
        Ok(Some(losses))
    }

    /// The model as it would be shipped now: averaged weights, settings, codec.
    pub fn averaged(&self) -> Result<ModelFile> {
        let info = ModelInfo {
            preset: self.preset.clone(),
            categories: self.categories.clone(),
            steps: self.step,
            drawings: self.drawings(),
            seed: self.seed,
            test_loss: self.test_loss,
            data: self.sources.clone(),
            attribution: ATTRIBUTION.into(),
        };
        Ok(ModelFile {
            info,
            codec: self.codec.clone(),
            weights: self.optimiser.averages()?,
            others: Weights::new(),
            notes: BTreeMap::new(),
        })
    }
}

/// Strokes and tokens (a drawing has one more than strokes) of some drawings.
fn totals<'a>(sketches: impl Iterator<Item = &'a Sketch>) -> (usize, usize) {
    sketches.fold((0, 0), |(strokes, tokens), s| (strokes + s.strokes.len(), tokens + s.strokes.len() + 1))
}

/// The weight of each entry in the loss: the box's as set, a component's by its deviation but never below the floor; mean 1.
fn entry_weights(settings: &TrainSettings, codec: &Codec, device: &Device) -> Result<Tensor> {
    let floor = settings.component_floor as f32;
    let largest = codec.scale.first().copied().unwrap_or(1.0);
    let shape = codec.scale.iter().map(|scale| floor + (1.0 - floor) * scale / largest);
    let weights: Vec<f32> = std::iter::repeat_n(settings.box_weight as f32, crate::sketch::codec::BOX).chain(shape).collect();
    let mean = weights.iter().sum::<f32>() / weights.len() as f32;
    Ok((Tensor::from_vec(weights, codec.width(), device)? / f64::from(mean))?)
}

/// A model's weights for other categories: a known one keeps its own, a new one begins as the mean of all.
fn adopted(source: &ModelFile, categories: &[String]) -> Result<Weights> {
    const CATEGORY: &str = "history.category";
    let mut weights = source.weights.clone();
    if let Some(table) = weights.get(CATEGORY) {
        let mean = table.mean_keepdim(0)?; // (1, width)
        let row = |name: &String| match source.info.categories.iter().position(|known| known == name) {
            Some(i) => table.narrow(0, i, 1),
            None => Ok(mean.clone()),
        };
        let table = Tensor::cat(&categories.iter().map(row).collect::<candle_core::Result<Vec<_>>>()?, 0)?;
        weights.insert(CATEGORY.into(), table);
    }
    Ok(weights)
}
