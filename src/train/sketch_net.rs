//! Training of the sketch network: pictures of all categories, and which is which.
//!
//! Every drawing is changed a little before it is rendered: mirrored, turned, stretched, its strokes moved and now and then one left
//! out, its line thicker or thinner. The first half of the steps looks at small pictures, which is four times as fast and teaches
//! nearly as much (progressive resizing, Tan & Le 2021).

mod picture;
mod run;

pub use run::{SketchPlan, SketchWatcher, train};

use candle_core::{D, Device, Tensor};
use rand::Rng;
use serde::{Deserialize, Serialize};

use super::batch::{Epoch, TrainSet, rows};
use super::engine::Engine;
use super::optimiser::Hyper;
use super::rate;
use crate::model::sketch_net::patch_tensor;
use crate::model::{Accuracy, Picture, SketchFile, SketchInfo, SketchNet, SketchNetSettings, Weights, weights};
use crate::sketch::ATTRIBUTION;
use crate::util::rng::{self, Stream};
use crate::util::{Error, Result, stride};

/// Drawings in one piece of a test.
const TEST_PIECE: usize = 32;

/// How a sketch network is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SketchRecipe {
    /// How large it is.
    pub network: SketchNetSettings,
    /// How pictures are rendered at the end of training, and afterwards.
    pub picture: Picture,
    /// Sides of the pictures in training, each with the share of the steps at which it ends.
    pub sides: Vec<(f64, u32)>,
    /// Drawings a step.
    pub batch: usize,
    /// Parts that a batch is cut into.
    pub shards: usize,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// The last one, as a share of it.
    pub final_rate: f64,
    /// Steps of its rise.
    pub warmup_steps: u64,
    /// AdamW's.
    pub weight_decay: f64,
    /// Of the averaged weights.
    pub ema_decay: f64,
    /// A longer gradient is shortened to this norm.
    pub clip_norm: f64,
    /// Share of a target that is spread over all classes (label smoothing, Szegedy et al. 2016).
    pub smoothing: f64,
    /// Share of the features that are dropped before the decision.
    pub dropout: f64,
}

impl Default for SketchRecipe {
    fn default() -> Self {
        Self {
            network: SketchNetSettings::default(),
            picture: Picture { side: 64, margin: 0.06, line: 0.024 },
            sides: vec![(0.5, 32), (0.75, 48), (1.0, 64)],
            batch: 128,
            shards: 4,
            learning_rate: 2e-3,
            final_rate: 0.005,
            warmup_steps: 1000,
            weight_decay: 0.05,
            ema_decay: 0.999,
            clip_norm: 2.0,
            smoothing: 0.1,
            dropout: 0.2,
        }
    }
}

impl SketchRecipe {
    fn side(&self, step: u64, steps: u64) -> u32 {
        let at = step as f64 / steps.max(1) as f64;
        self.sides.iter().find(|(until, _)| at < *until).map_or(self.picture.side, |(_, side)| *side)
    }

    fn hyper(&self) -> Hyper {
        Hyper { clip_norm: self.clip_norm, beta1: 0.9, beta2: 0.99, weight_decay: self.weight_decay, ema_decay: self.ema_decay }
    }
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SketchStep {
    /// Mean cross-entropy with smoothed targets, in nats, before the step.
    pub loss: f64,
    /// Share of the batch whose first guess was right.
    pub right: f64,
    /// Norm of the gradient before clipping.
    pub gradient_norm: f64,
}

/// A sketch network in training. All randomness comes from (seed, step).
pub struct SketchTrainer {
    recipe: SketchRecipe,
    set: TrainSet,
    seed: u64,
    engine: Engine,
    network: SketchNet,
    step: u64,
    /// Steps of the whole run: the learning rate and the pictures' sizes follow it.
    steps: u64,
    accuracy: Option<Accuracy>,
    order: Option<Epoch>,
    ready: Option<(u64, Vec<Shard>)>,
}

/// A shard's pictures and answers.
struct Shard {
    /// (drawings, places, places, 16)
    patches: Tensor,
    /// (drawings, features): 0 or 1 / (1 - dropout).
    kept: Tensor,
    classes: Vec<u32>,
}

impl SketchTrainer {
    /// A fresh network for the set's categories, to be trained for `steps` steps.
    pub fn new(recipe: SketchRecipe, set: TrainSet, steps: u64, seed: u64, threads: usize) -> Result<Self> {
        if set.train.is_empty() || set.categories.len() < 2 {
            return Err(Error::usage("sketch features need training drawings of at least two categories")
                .advise("`denoodle data list` shows what there is; `denoodle data fetch` gets more."));
        }
        let mut parameters = Vec::new();
        let device = Device::Cpu;
        let network = SketchNet::new(&recipe.network, set.categories.len(), &mut weights::fresh(seed, &device, &mut parameters))?;
        let engine = Engine::new(parameters, threads)?;
        Ok(Self { recipe, set, seed, engine, network, step: 0, steps, accuracy: None, order: None, ready: None })
    }

    /// Steps made, and planned.
    pub fn steps(&self) -> (u64, u64) {
        (self.step, self.steps)
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> usize {
        self.engine.optimiser.parameters()
    }

    /// Training and test drawings.
    pub fn drawings_there(&self) -> (usize, usize) {
        (self.set.train.len(), self.set.test.len())
    }

    /// One step. If the loss or the gradient is not finite, nothing is changed and the report says so.
    pub fn step(&mut self) -> Result<SketchStep> {
        let shards = match self.ready.take() {
            Some((step, shards)) if step == self.step => shards,
            _ => {
                let picked = self.pick(self.step);
                self.engine.each(self.recipe.shards, |i| self.shard(self.step, &picked, i))?
            }
        };
        let (next, picked) = (self.step + 1, self.pick(self.step + 1));
        let this = &*self;
        let of = |i: usize| this.loss(&shards[i]);
        let (parts, gradients, ready) = self.engine.gradients(shards.len(), of, |i| this.shard(next, &picked, i))?;
        self.ready = Some((next, ready));
        let (loss, right) = parts.iter().fold((0.0, 0), |(loss, right), part| (loss + part.0, right + part.1));
        let gradient_norm = self.engine.norm(&gradients)?;
        if loss.is_finite() && gradient_norm.is_finite() {
            let share = rate::share(self.recipe.warmup_steps, self.recipe.final_rate, self.step, Some(self.steps));
            self.engine.update(&gradients, self.recipe.hyper(), self.step, self.recipe.learning_rate * share, gradient_norm)?;
            self.step += 1;
        }
        Ok(SketchStep { loss, right: right as f64 / self.recipe.batch as f64, gradient_norm })
    }

    fn pick(&mut self, step: u64) -> Vec<u32> {
        rows(&mut self.order, self.seed, step, self.recipe.batch, self.set.train.len())
    }

    /// Renders one shard of a step.
    fn shard(&self, step: u64, picked: &[u32], number: usize) -> Result<Shard> {
        let recipe = &self.recipe;
        let side = recipe.side(step, self.steps);
        let (mut patches, mut classes) = (Vec::new(), Vec::new());
        for (i, &row) in picked.iter().enumerate().skip(number).step_by(recipe.shards) {
            let (class, sketch) = &self.set.train[row as usize];
            let mut random = rng::stream(self.seed, Stream::Augment, step * recipe.batch as u64 + i as u64);
            picture::changed(sketch, side, recipe.picture, &mut random, &mut patches)?;
            classes.push(*class);
        }
        let mut random = rng::stream(self.seed, Stream::Noise, step * recipe.shards as u64 + number as u64);
        let (features, share) = (recipe.network.features(), recipe.dropout as f32);
        let kept = |_| if random.random::<f32>() < share { 0.0 } else { 1.0 / (1.0 - share) };
        let kept: Vec<f32> = (0..classes.len() * features).map(kept).collect();
        Ok(Shard {
            kept: Tensor::from_vec(kept, (classes.len(), features), &Device::Cpu)?,
            patches: patch_tensor(patches, side as usize, &Device::Cpu)?,
            classes,
        })
    }

    /// A shard's part of the batch's mean loss and how many it got right, and the number to differentiate.
    fn loss(&self, shard: &Shard) -> Result<((f64, usize), Tensor)> {
        let features = (self.network.features(&shard.patches)? * &shard.kept)?; // (drawings, features)
        let (loss, right) = cross_entropy(&self.network.logits(&features)?, &shard.classes, self.recipe.smoothing)?;
        let loss = (loss / self.recipe.batch as f64)?;
        Ok(((f64::from(loss.to_scalar::<f32>()?), right[0]), loss))
    }

    /// How the averaged weights do on `most` test drawings of all categories, at the size of picture that is trained with now;
    /// `None` without any.
    pub fn test(&mut self, most: usize) -> Result<Option<Accuracy>> {
        let side = self.recipe.side(self.step, self.steps);
        let (test, picture) = (&self.set.test, Picture { side, ..self.recipe.picture });
        if test.is_empty() {
            return Ok(None);
        }
        let network = self.averaged()?.network(&Device::Cpu)?;
        let rows: Vec<usize> = (0..test.len()).step_by(stride(test.len(), most)).collect();
        let pieces: Vec<&[usize]> = rows.chunks(TEST_PIECE).collect();
        let piece = |number: usize| -> Result<(f64, [usize; 2])> {
            let mut patches = Vec::new();
            for &row in pieces[number] {
                picture::plain(&test[row].1, picture, &mut patches)?;
            }
            let classes: Vec<u32> = pieces[number].iter().map(|&row| test[row].0).collect();
            let features = network.features(&patch_tensor(patches, picture.side as usize, &Device::Cpu)?)?; // (drawings, features)
            let (loss, right) = cross_entropy(&network.logits(&features)?, &classes, 0.0)?;
            Ok((f64::from(loss.to_scalar::<f32>()?), right))
        };
        let parts = self.engine.each(pieces.len(), piece)?;
        let n = rows.len() as f64;
        let sum = |of: fn(&(f64, [usize; 2])) -> f64| parts.iter().map(of).sum::<f64>() / n;
        let accuracy = Accuracy {
            drawings: rows.len(),
            top1: sum(|part| part.1[0] as f64),
            top5: sum(|part| part.1[1] as f64),
            loss: sum(|part| part.0),
        };
        self.accuracy = Some(accuracy);
        Ok(Some(accuracy))
    }

    /// The network as it would be shipped now: averaged weights.
    pub fn averaged(&self) -> Result<SketchFile> {
        let info = SketchInfo {
            network: self.recipe.network.clone(),
            categories: self.set.categories.clone(),
            picture: self.recipe.picture,
            steps: self.step,
            drawings: self.step * self.recipe.batch as u64,
            seed: self.seed,
            accuracy: self.accuracy,
            data: self.set.sources.clone(),
            attribution: ATTRIBUTION.into(),
        };
        Ok(SketchFile { info, weights: self.engine.optimiser.averages()?, others: Weights::new(), notes: Default::default() })
    }
}

/// The summed cross-entropy of some drawings, and how many have their class as the first guess, and among the first five.
///
/// `logits` (drawings, classes)
fn cross_entropy(logits: &Tensor, classes: &[u32], smoothing: f64) -> Result<(Tensor, [usize; 2])> {
    let (drawings, count) = logits.dims2()?;
    let mut right = [0, 0];
    for (row, &class) in logits.to_vec2::<f32>()?.iter().zip(classes) {
        let own = row[class as usize];
        let before = row.iter().filter(|v| **v > own).count();
        right[0] += usize::from(before == 0);
        right[1] += usize::from(before < 5);
    }
    let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?; // (drawings, classes)
    let log_sum = shifted.exp()?.sum(D::Minus1)?.log()?; // (drawings)
    let mut targets = vec![(smoothing / count as f64) as f32; drawings * count];
    for (i, &class) in classes.iter().enumerate() {
        targets[i * count + class as usize] += (1.0 - smoothing) as f32;
    }
    let targets = Tensor::from_vec(targets, (drawings, count), logits.device())?; // (drawings, classes)
    // The targets of a drawing sum to 1.
    Ok(((log_sum.sum_all()? - (shifted * targets)?.sum_all()?)?, right))
}
