//! What a system is trained to make small: the seam between training, which is the same for all, and the systems.
//!
//! A system brings an [`Objective`]: it turns drawings into the numbers of a shard, with all their noise, and those into losses and a
//! number to differentiate. Its network, its codec and its part of the settings are its own affair.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::dit::DitObjective;
use super::history_dit::HistoryDitObjective;
use super::latent::LatentObjective;
use super::rnn_denoiser::RnnDenoiserObjective;
use super::seq2seq::Seq2seqObjective;
use super::sketch_rnn::SketchRnnObjective;
use super::strokes::StrokeObjective;
use super::unet1d::Unet1dObjective;
use crate::config::{ModelSettings, Preset};
use crate::model::Coding;
use crate::model::weights::Builder;
use crate::sketch::Sketch;
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// Mean losses of a step or of the test split. Every system has two, of which it says the names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Losses {
    /// What the two are called in `metrics.jsonl` and in words: `diffusion` and `stop`.
    pub names: &'static [&'static str; 2],
    /// That of what is drawn.
    pub main: f64,
    /// That of what goes with it.
    pub side: f64,
    /// What a run's best model is chosen by: the lower on the test split, the better. Each system says whether the second one counts.
    pub judged: f64,
    /// What a system likes to tell beside them.
    pub figure: Option<Figure>,
}

/// A share, 0 to 1, of what a system gets right, for people to look at: nothing is differentiated or chosen by it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// What it is called in `metrics.jsonl`: `pen_accuracy`.
    pub name: &'static str,
    /// The share.
    pub value: f64,
}

impl Figure {
    /// What it is called in words.
    pub fn words(&self) -> String {
        self.name.replace('_', " ")
    }
}

impl Losses {
    /// True unless something is infinite or not a number.
    pub fn finite(&self) -> bool {
        self.main.is_finite() && self.side.is_finite() && self.judged.is_finite()
    }

    /// The sum of the parts of a batch, which has at least one.
    pub(super) fn sum(parts: &[Self]) -> Self {
        let add = |a: Self, b: &Self| Self {
            names: a.names,
            main: a.main + b.main,
            side: a.side + b.side,
            judged: a.judged + b.judged,
            figure: a.figure.zip(b.figure).map(|(a, b)| Figure { name: a.name, value: a.value + b.value }),
        };
        parts.split_first().map_or(Self { names: &[""; 2], main: 0.0, side: 0.0, judged: 0.0, figure: None }, |(first, rest)| {
            rest.iter().fold(*first, add)
        })
    }
}

/// What a whole batch has in all its shards: losses are means over it, whatever the shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Drawings.
    pub drawings: usize,
    /// Their strokes.
    pub strokes: usize,
    /// Their points.
    pub points: usize,
}

impl Counts {
    /// Of some drawings.
    pub fn of<'a>(sketches: impl Iterator<Item = &'a Sketch>) -> Self {
        sketches.fold(Self::default(), |counts, sketch| Self {
            drawings: counts.drawings + 1,
            strokes: counts.strokes + sketch.strokes.len(),
            points: counts.points + sketch.points().count(),
        })
    }
}

/// What a shard is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesson {
    /// Training step number so much, counted from 0.
    Step(u64),
    /// A look at the test split: of the whole network, with all weights of the loss as they are at the end.
    Test,
}

/// A category, and a drawing of it in the model frame.
pub type Drawing = (u32, Sketch);

/// A system in training, or in a test.
pub trait Objective: Send + Sync {
    /// Names of the weights of which each row belongs to a category ([`crate::model::Network::CATEGORY_TABLES`]).
    fn category_tables(&self) -> &'static [&'static str];

    /// How much work a drawing is, compared with others: every shard gets large and small ones.
    fn work(&self, sketch: &Sketch) -> usize;

    /// The numbers of a shard of a batch that has `counts` in all its shards. All randomness comes from `random`, in a fixed order.
    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>>;

    /// The same network with another codec of its kind.
    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>>;
}

/// A shard, ready to be computed.
pub trait Prepared: Send + Sync {
    /// Its part of the batch's losses, and the number to differentiate.
    fn losses(&self) -> Result<(Losses, Tensor)>;
}

/// A loss as a number.
pub(super) fn number(loss: &Tensor) -> Result<f64> {
    Ok(f64::from(loss.to_scalar::<f32>()?))
}

/// A loss times its weight, which may be 0: candle has no gradient for what is multiplied by the number 0, not even one of zeros, and a weight
/// without a gradient is taken for a fault.
pub(super) fn weighed(loss: &Tensor, weight: f64) -> Result<Tensor> {
    Ok((loss * Tensor::new(weight as f32, loss.device())?)?) // ()
}

/// Whether a system can learn from a drawing.
pub fn fits(preset: &Preset, sketch: &Sketch) -> bool {
    let strokes = 1..=preset.model.most_strokes().unwrap_or(usize::MAX);
    // A drawing without a movement is none to learn movements from.
    let points = preset.codec.most_points().map(|most| 2..=most);
    strokes.contains(&sketch.strokes.len()) && points.is_none_or(|points| points.contains(&sketch.points().count()))
}

/// What a system's two losses are called: see [`Losses::names`].
pub fn loss_names(model: &ModelSettings) -> &'static [&'static str; 2] {
    match model {
        ModelSettings::StrokeDiffusion(_) => &super::loss::NAMES,
        ModelSettings::Unet1d(_) => &super::unet1d::NAMES,
        ModelSettings::SketchRnn(_) => &super::sketch_rnn::NAMES,
        ModelSettings::RnnDenoiser(_) => &super::rnn_denoiser::NAMES,
        ModelSettings::Latent(_) => &super::latent::NAMES,
        ModelSettings::Seq2seq(_) => &super::seq2seq::NAMES,
        ModelSettings::Dit(_) => &super::dit::NAMES,
        ModelSettings::DitPen(_) => &super::dit::NAMES_GIVEN,
        ModelSettings::HistoryDit(_) => &super::history_dit::NAMES,
    }
}

/// The objective of the preset's system, its network made of the weights that `build` gives.
pub fn objective(
    preset: &Preset,
    coding: &Coding,
    categories: usize,
    build: &mut Builder<'_>,
    device: &Device,
) -> Result<Arc<dyn Objective>> {
    match &preset.model {
        ModelSettings::StrokeDiffusion(_) => Ok(Arc::new(StrokeObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::Unet1d(_) => Ok(Arc::new(Unet1dObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::SketchRnn(_) => Ok(Arc::new(SketchRnnObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::RnnDenoiser(_) => Ok(Arc::new(RnnDenoiserObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::Latent(_) => Ok(Arc::new(LatentObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::Seq2seq(_) => Ok(Arc::new(Seq2seqObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::Dit(_) | ModelSettings::DitPen(_) => Ok(Arc::new(DitObjective::new(preset, coding, categories, build, device)?)),
        ModelSettings::HistoryDit(_) => Ok(Arc::new(HistoryDitObjective::new(preset, coding, categories, build, device)?)),
    }
}
