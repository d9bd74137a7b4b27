//! One training step, and all state that a run has.

use std::collections::BTreeMap;
use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::batch::{Epoch, TrainSet, augmented, rows};
use super::engine::Engine;
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared, fits, objective};
use super::rate::rate;
use crate::config::{Preset, own};
use crate::model::{Coding, ModelFile, ModelInfo, Weights, weights};
use crate::sketch::ATTRIBUTION;
use crate::util::rng::{self, Stream};
use crate::util::{Error, Result, stride};

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
    pub(super) coding: Coding,
    pub(super) engine: Engine,
    /// Steps made.
    pub(super) step: u64,
    /// Halved after every roll-back.
    pub(super) rate_scale: f64,
    pub(super) test_loss: Option<f64>,
    pub(super) objective: Arc<dyn Objective>,
    mirror: Vec<bool>,
    train: Vec<Drawing>,
    test: Vec<Drawing>,
    device: Device,
    /// The epoch that batches are being taken from.
    order: Option<Epoch>,
    /// The batch of the step to come, prepared while the last one was computed.
    pub(super) ready: Option<Batch>,
}

/// A batch with its noise, ready to be computed.
pub(super) struct Batch {
    step: u64,
    shards: Vec<Box<dyn Prepared>>,
}

/// Which drawings a batch has, and how it is cut into shards.
struct Plan {
    step: u64,
    picked: Vec<u32>,
    /// Indices into `picked`: dealt out in turn, every shard gets drawings of all lengths, so that none is waited for.
    dealt: Vec<usize>,
    counts: Counts,
}

impl Trainer {
    /// A fresh network, or one with the weights, sizes and codec of `from`.
    ///
    /// Drawings that the network cannot take are left out; the second value counts them.
    pub fn new(
        mut preset: Preset,
        set: TrainSet,
        seed: u64,
        from: Option<&ModelFile>,
        device: Device,
        threads: usize,
    ) -> Result<(Self, usize)> {
        if let Some(source) = from {
            if std::mem::discriminant(&preset.model) != std::mem::discriminant(&source.info.preset.model) {
                let (own, its) = (&preset.name, &source.info.preset.name);
                return Err(Error::usage(format!(
                    "the preset '{own}' is of another system than the model to start from, which is '{its}'"
                ))
                .advise("Choose a preset of the model's own system."));
            }
            preset.model = source.info.preset.model.clone();
            preset.codec = source.info.preset.codec.clone();
        }
        let before = set.train.len() + set.test.len();
        let taken = |(category, sketch): &Drawing| fits(&preset, sketch).then(|| (*category, sketch.to_model_frame()));
        let train: Vec<_> = set.train.iter().filter_map(taken).collect();
        let test: Vec<_> = set.test.iter().filter_map(taken).collect();
        let left_out = before - train.len() - test.len();
        let every = stride(test.len(), TEST_MOST);
        let test: Vec<_> = test.into_iter().step_by(every).collect();
        if train.is_empty() {
            return Err(match left_out {
                0 => Error::new("there are no training drawings")
                    .advise("`denoodle data info CATEGORY` tells what there is.")
                    .in_window("Categories tells what there is."),
                _ => Error::new(format!("all drawings are left out: none of {before} is as short as the network takes"))
                    .advise("Raise `codec.most_points`, or `model.max_strokes`, in the preset."),
            });
        }
        let coding = match from {
            Some(source) => source.coding.for_drawings(&preset.codec, &train)?,
            None => Coding::fit(&preset.codec, &train, preset.train.augment.flip)?,
        };
        let mut parameters = Vec::new();
        let objective = objective(&preset, &coding, set.categories.len(), &mut weights::fresh(seed, &device, &mut parameters), &device)?;
        let mut engine = Engine::new(parameters, threads)?;
        if let Some(source) = from {
            engine.optimiser.adopt(&adopted(source, objective.category_tables(), &set.categories)?)?;
        }
        let trainer = Self {
            preset,
            categories: set.categories,
            sources: set.sources,
            seed,
            coding,
            engine,
            step: 0,
            rate_scale: 1.0,
            test_loss: None,
            objective,
            mirror: set.mirror,
            train,
            test,
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
        let shard = |i: usize| batch.shards[i].losses();
        let (parts, gradients, shards) = self.engine.gradients(batch.shards.len(), shard, |i| this.prepared(&next, i))?;
        self.ready = Some(Batch { step: next.step, shards });
        let losses = Losses::sum(&parts);
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
        dealt.sort_by_key(|&i| std::cmp::Reverse(self.objective.work(&self.train[picked[i] as usize].1)));
        let counts = Counts::of(picked.iter().map(|&i| &self.train[i as usize].1));
        Plan { step, picked, dealt, counts }
    }

    /// Augments, encodes and noises the drawings of a step.
    fn batch(&self, plan: &Plan) -> Result<Batch> {
        let shards = self.engine.each(self.preset.train.shards, |i| self.prepared(plan, i))?;
        Ok(Batch { step: plan.step, shards })
    }

    /// One shard of it.
    fn prepared(&self, plan: &Plan, number: usize) -> Result<Box<dyn Prepared>> {
        let (settings, seed) = (&self.preset.train, self.seed);
        let drawing = |&i: &usize| {
            let (category, sketch) = &self.train[plan.picked[i] as usize];
            let mut random = rng::stream(seed, Stream::Augment, plan.step * settings.batch as u64 + i as u64);
            (*category, augmented(sketch, settings, self.mirror[*category as usize], &mut random))
        };
        let shard: Vec<Drawing> = plan.dealt.iter().skip(number).step_by(settings.shards).map(drawing).collect();
        let mut random = rng::stream(seed, Stream::Noise, plan.step * settings.shards as u64 + number as u64);
        self.objective.clone().prepare(&shard, plan.counts, Lesson::Step(plan.step), &mut random)
    }

    /// Losses on the test split with the averaged weights and always the same noise; `None` without test drawings.
    pub fn test(&mut self) -> Result<Option<Losses>> {
        if self.test.is_empty() {
            return Ok(None);
        }
        let weights = self.engine.optimiser.averages()?;
        let mut build = weights::given(&weights, &self.device);
        let objective = objective(&self.preset, &self.coding, self.categories.len(), &mut build, &self.device)?;
        let counts = Counts::of(self.test.iter().map(|(_, sketch)| sketch));
        let pieces: Vec<&[Drawing]> = self.test.chunks(TEST_PIECE).collect();
        let piece = |number: usize| -> Result<Losses> {
            let mut random = rng::stream(self.seed, Stream::Evaluate, number as u64);
            Ok(objective.clone().prepare(pieces[number], counts, Lesson::Test, &mut random)?.losses()?.0)
        };
        let losses = Losses::sum(&self.engine.each(pieces.len(), piece)?);
        self.test_loss = Some(losses.judged);
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
            coding: self.coding.clone(),
            weights: self.engine.optimiser.averages()?,
            others: Weights::new(),
            notes: BTreeMap::new(),
        })
    }
}

/// A model's weights for other categories: a known one keeps its own, a collection of the user's own begins as what it is of, a new one
/// as the mean of all.
fn adopted(source: &ModelFile, tables: &[&str], categories: &[String]) -> Result<Weights> {
    let known = &source.info.categories;
    let mut weights = source.weights.clone();
    // What is behind the known categories' rows stands for none of them, and stays.
    for name in tables {
        let Some(table) = weights.get_mut(*name) else { continue };
        let (rows, mean) = (table.narrow(0, 0, known.len())?, table.narrow(0, 0, known.len())?.mean_keepdim(0)?); // (known, width), (1, width)
        let place = |name: &str| known.iter().position(|known| known == name);
        let row = |name: &String| match place(name).or_else(|| place(own::bare(name))) {
            Some(i) => rows.narrow(0, i, 1),
            None => Ok(mean.clone()),
        };
        let mut parts = categories.iter().map(row).collect::<candle_core::Result<Vec<_>>>()?;
        let rest = table.dim(0)? - known.len();
        if rest > 0 {
            parts.push(table.narrow(0, known.len(), rest)?); // (none of them, width)
        }
        *table = Tensor::cat(&parts, 0)?; // (categories and none, width)
    }
    Ok(weights)
}
