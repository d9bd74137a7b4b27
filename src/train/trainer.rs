//! One training step, and all state that a run has.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};

use super::batch::{Epoch, Noisy, Shard, TrainSet, augmented, rows, stride};
use super::engine::Engine;
use super::loss::{Losses, entry_weights, losses};
use super::rate::rate;
use crate::config::{CodecSettings, ModelSettings, Preset, TrainSettings};
use crate::model::{ModelFile, ModelInfo, StrokeDiffusion, Weights, file::ATTRIBUTION, weights};
use crate::sketch::{Codec, Sketch};
use crate::util::rng::{self, Stream};
use crate::util::{Error, Result};

/// Test drawings that the test loss looks at; more would cost more than they tell.
const TEST_MOST: usize = 1024;
/// Drawings in one piece of the test.
const TEST_PIECE: usize = 64;

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
    pub(super) engine: Engine,
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
    /// How much more noise each entry gets than the level says: (codec width).
    noise_scales: Vec<f32>,
    device: Device,
    /// The epoch that batches are being taken from.
    order: Option<Epoch>,
    /// The batch of the step to come, prepared while the last one was computed.
    pub(super) ready: Option<Batch>,
}

/// A batch with its noise, ready to be computed.
pub(super) struct Batch {
    step: u64,
    strokes: usize,
    tokens: usize,
    shards: Vec<Noisy>,
}

/// Which drawings a batch has, and how it is cut into shards.
struct Plan {
    step: u64,
    picked: Vec<u32>,
    /// Indices into `picked`: dealt out in turn, every shard gets drawings of all lengths, so that none is waited for.
    dealt: Vec<usize>,
    strokes: usize,
    tokens: usize,
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
        let test: Vec<_> = set.test.iter().filter_map(fits).collect();
        let left_out = before - train.len() - test.len();
        let every = stride(test.len(), TEST_MOST);
        let test: Vec<_> = test.into_iter().step_by(every).collect();
        if train.is_empty() {
            return Err(Error::new("there are no training drawings").advise("`denoodle data info CATEGORY` tells what there is."));
        }
        let codec = match from {
            Some(source) => source.codec.clone(),
            None => {
                // 50 000 strokes tell a covariance of 64 numbers well enough.
                let strokes = train.iter().flat_map(|(_, sketch)| &sketch.strokes).take(50_000);
                let flip = preset.train.augment.flip;
                let CodecSettings::Components { points, components, simplify } = preset.codec;
                Codec::fit(strokes, points, components, simplify, flip)?
            }
        };
        let mut parameters = Vec::new();
        let network =
            StrokeDiffusion::new(model, codec.width(), set.categories.len(), &mut weights::fresh(seed, &device, &mut parameters))?;
        let mut engine = Engine::new(parameters, threads)?;
        if let Some(source) = from {
            engine.optimiser.adopt(&adopted(source, &set.categories)?)?;
        }
        let noise_scales = codec.noise_scales(model.coarse_first);
        let entry_weights = entry_weights(&preset.train, &codec, &device)?;
        let trainer = Self {
            preset,
            categories: set.categories,
            sources: set.sources,
            seed,
            codec,
            engine,
            step: 0,
            rate_scale: 1.0,
            test_loss: None,
            network,
            mirror: set.mirror,
            train,
            test,
            entry_weights,
            noise_scales,
            device,
            order: None,
            ready: None,
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
        self.engine.optimiser.parameters()
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
        let batch = match self.ready.take() {
            Some(batch) if batch.step == self.step => batch,
            _ => {
                let plan = self.plan(self.step);
                self.batch(&plan)?
            }
        };
        let next = self.plan(self.step + 1);
        let this = &*self;
        let shard = |i: usize| this.losses(&this.network, &batch.shards[i], batch.strokes, batch.tokens);
        let (parts, gradients, shards) = self.engine.gradients(batch.shards.len(), shard, |i| this.noisy(&next, i))?;
        self.ready = Some(Batch { step: next.step, strokes: next.strokes, tokens: next.tokens, shards });
        let losses = sum(&parts);
        let rate = rate(&self.preset.train, self.step, steps) * self.rate_scale;
        let gradient_norm = self.engine.norm(&gradients)?;
        if losses.finite() && gradient_norm.is_finite() {
            self.engine.update(&gradients, &self.preset.train, self.step, rate, gradient_norm)?;
            self.step += 1;
        }
        Ok(StepReport { losses, rate, gradient_norm })
    }

    /// Picks the drawings of a step.
    fn plan(&mut self, step: u64) -> Plan {
        let picked = rows(&mut self.order, self.seed, step, self.preset.train.batch, self.train.len());
        let mut dealt: Vec<usize> = (0..picked.len()).collect();
        dealt.sort_by_key(|&i| std::cmp::Reverse(self.train[picked[i] as usize].1.strokes.len()));
        let (strokes, tokens) = totals(picked.iter().map(|&i| &self.train[i as usize].1));
        Plan { step, picked, dealt, strokes, tokens }
    }

    /// Augments, encodes and noises the drawings of a step.
    fn batch(&self, plan: &Plan) -> Result<Batch> {
        let shards = self.engine.each(self.preset.train.shards, |i| self.noisy(plan, i))?;
        Ok(Batch { step: plan.step, strokes: plan.strokes, tokens: plan.tokens, shards })
    }

    /// One shard of it.
    fn noisy(&self, plan: &Plan, number: usize) -> Result<Noisy> {
        let (settings, seed) = (&self.preset.train, self.seed);
        let mut shard = Shard::default();
        for &i in plan.dealt.iter().skip(number).step_by(settings.shards) {
            let (category, sketch) = &self.train[plan.picked[i] as usize];
            let mut random = rng::stream(seed, Stream::Augment, plan.step * settings.batch as u64 + i as u64);
            let sketch = augmented(sketch, settings, self.mirror[*category as usize], &mut random);
            shard.push(*category, &sketch, &self.codec);
        }
        let mut random = rng::stream(seed, Stream::Noise, plan.step * settings.shards as u64 + number as u64);
        shard.noisy(settings, self.sizes(), &mut random, &self.device)
    }

    /// Scales of the noise, the width of the transformer, and the category that stands for none.
    fn sizes(&self) -> (&[f32], usize, u32) {
        (&self.noise_scales, self.network.width(), self.network.no_category())
    }

    /// A shard's part of the losses of a batch with so many strokes and tokens, and the number to differentiate.
    fn losses(&self, network: &StrokeDiffusion, noisy: &Noisy, strokes: usize, tokens: usize) -> Result<(Losses, Tensor)> {
        losses(network, noisy, &self.preset.train, &self.entry_weights, (strokes, tokens))
    }

    /// Losses on the test split with the averaged weights and always the same noise; `None` without test drawings.
    pub fn test(&mut self) -> Result<Option<Losses>> {
        if self.test.is_empty() {
            return Ok(None);
        }
        let network = self.averaged()?.network(&self.device)?;
        let (strokes, tokens) = totals(self.test.iter().map(|(_, sketch)| sketch));
        // A test is of the whole network.
        let settings = TrainSettings { dropout: 0.0, ..self.preset.train.clone() };
        let pieces: Vec<&[(u32, Sketch)]> = self.test.chunks(TEST_PIECE).collect();
        let piece = |number: usize| -> Result<Losses> {
            let mut shard = Shard::default();
            pieces[number].iter().for_each(|(category, sketch)| shard.push(*category, sketch, &self.codec));
            let mut random = rng::stream(self.seed, Stream::Evaluate, number as u64);
            let noisy = shard.noisy(&settings, self.sizes(), &mut random, &self.device)?;
            Ok(self.losses(&network, &noisy, strokes, tokens)?.0)
        };
        let losses = sum(&self.engine.each(pieces.len(), piece)?);
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
            weights: self.engine.optimiser.averages()?,
            others: Weights::new(),
            notes: BTreeMap::new(),
        })
    }
}

fn sum(parts: &[Losses]) -> Losses {
    let add = |sum: Losses, part: &Losses| Losses { diffusion: sum.diffusion + part.diffusion, stop: sum.stop + part.stop };
    parts.iter().fold(Losses::default(), add)
}

/// Strokes and tokens (a drawing has one more than strokes) of some drawings.
fn totals<'a>(sketches: impl Iterator<Item = &'a Sketch>) -> (usize, usize) {
    sketches.fold((0, 0), |(strokes, tokens), s| (strokes + s.strokes.len(), tokens + s.strokes.len() + 1))
}

/// A model's weights for other categories: a known one keeps its own, a new one begins as the mean of all.
fn adopted(source: &ModelFile, categories: &[String]) -> Result<Weights> {
    let known = &source.info.categories;
    let mut weights = source.weights.clone();
    // What is behind the known categories' rows stands for none of them, and stays.
    for name in ["history.category", "denoiser.category"] {
        let Some(table) = weights.get_mut(name) else { continue };
        let (rows, mean) = (table.narrow(0, 0, known.len())?, table.narrow(0, 0, known.len())?.mean_keepdim(0)?); // (known, width), (1, width)
        let row = |name: &String| match known.iter().position(|known| known == name) {
            Some(i) => rows.narrow(0, i, 1),
            None => Ok(mean.clone()),
        };
        let mut parts = categories.iter().map(row).collect::<candle_core::Result<Vec<_>>>()?;
        parts.push(table.narrow(0, known.len(), table.dim(0)? - known.len())?);
        *table = Tensor::cat(&parts, 0)?; // (categories and none, width)
    }
    Ok(weights)
}
