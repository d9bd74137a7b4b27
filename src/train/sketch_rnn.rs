//! Sketch-RNN's objective (Ha & Eck 2017): every next row of a drawing, given those before it and a latent vector of the whole, which is kept
//! close to what it is drawn from when there is no drawing to read.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::batch::dropout;
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared};
use crate::config::{Preset, TrainSettings};
use crate::model::layers::{ROW, mixture_losses, rows};
use crate::model::sketch_rnn::{SketchRnn, divergence};
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::Sketch;
use crate::sketch::codec::Deltas;
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng};

/// Minus the log likelihood of movement and pen, a mean over points; the divergence of the latent vectors from the prior, a mean over their
/// numbers.
pub(super) const NAMES: [&str; 2] = ["reconstruction", "kl"];

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct SketchRnnObjective {
    network: SketchRnn,
    deltas: Deltas,
    settings: TrainSettings,
    device: Device,
}

pub(super) struct SketchRnnShard {
    of: Arc<SketchRnnObjective>,
    counts: Counts,
    /// (tokens, 5)
    rows: Tensor,
    /// The row before each; zeros before the first: (tokens, 5).
    before: Tensor,
    /// 0 for the first row of each drawing, else 1: (tokens, 1).
    moved: Tensor,
    ends: Vec<usize>,
    categories: Vec<u32>,
    /// From which the latent vectors are drawn, (drawings, latent), where there are any.
    epsilon: Option<Tensor>,
    /// Factors of the writer's outputs, (tokens, decoder).
    dropout: Option<Tensor>,
    /// The weight of the divergence in this step.
    kl_weight: f64,
}

impl SketchRnnObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        Self::of(SketchRnn::build(preset, coding, categories, build)?, preset, coding, device)
    }

    /// With this network, which may be part of a larger one.
    pub fn of(network: SketchRnn, preset: &Preset, coding: &Coding, device: &Device) -> Result<Self> {
        Ok(Self { network, deltas: coding.deltas()?.clone(), settings: preset.train.clone(), device: device.clone() })
    }

    /// With another codec.
    pub fn with(&self, coding: &Coding) -> Result<Self> {
        Ok(Self { deltas: coding.deltas()?.clone(), ..self.clone() })
    }

    /// It rises from a share of the whole: a writer that is not yet able to write would learn to do without the latent vector.
    fn kl_weight(&self, lesson: Lesson) -> f64 {
        let TrainSettings { kl_weight, kl_start, kl_rise_steps, .. } = self.settings;
        match lesson {
            Lesson::Step(step) => kl_weight * (1.0 - (1.0 - kl_start) * (-(step as f64) / kl_rise_steps.max(1) as f64).exp()),
            Lesson::Test => kl_weight,
        }
    }
}

impl SketchRnnObjective {
    /// The numbers of a shard.
    pub fn shard(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<SketchRnnShard> {
        let (mut all, mut before) = (Vec::<[f32; ROW]>::new(), Vec::<[f32; ROW]>::new());
        let (mut moved, mut ends) = (Vec::<f32>::new(), Vec::with_capacity(shard.len()));
        for (_, sketch) in shard {
            let rows = rows(&self.deltas.encode(sketch));
            before.push([0.0; ROW]);
            before.extend(&rows[..rows.len() - 1]);
            moved.extend((0..rows.len()).map(|i| f32::from(i > 0)));
            all.extend(rows);
            ends.push(all.len());
        }
        let (tokens, latent, width) = (all.len(), self.network.latent(), self.network.width());
        let device = &self.device;
        let epsilon = rng::normal(random, shard.len() * latent);
        let epsilon = if latent > 0 { Some(Tensor::from_vec(epsilon, (shard.len(), latent), device)?) } else { None }; // (drawings, latent)
        let share = if lesson == Lesson::Test { 0.0 } else { self.settings.dropout as f32 };
        let dropout = dropout(share, (tokens, width), random, device)?; // (tokens, decoder)
        Ok(SketchRnnShard {
            counts,
            rows: Tensor::from_vec(all.into_flattened(), (tokens, ROW), device)?,
            before: Tensor::from_vec(before.into_flattened(), (tokens, ROW), device)?,
            moved: Tensor::from_vec(moved, (tokens, 1), device)?,
            ends,
            categories: shard.iter().map(|(category, _)| *category).collect(),
            epsilon,
            dropout,
            kl_weight: self.kl_weight(lesson),
            of: self,
        })
    }
}

impl Objective for SketchRnnObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        SketchRnn::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.points().count()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        Ok(Box::new(self.shard(shard, counts, lesson, random)?))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(self.with(coding)?))
    }
}

impl SketchRnnShard {
    /// Latent vectors, drawn from what the reader says, (drawings, latent), and the sum of their divergences from the prior, a single number.
    fn latent(&self, epsilon: &Tensor) -> Result<(Tensor, Tensor)> {
        let [mean, spread] = self.of.network.encode(&self.rows, &self.ends)?; // (drawings, latent) both
        let drawn = (&mean + ((&spread * 0.5)?.exp()? * epsilon)?)?; // (drawings, latent)
        Ok((drawn, divergence(&mean, &spread)?))
    }

    /// The losses, the number to differentiate, and the latent vectors that were drawn, (drawings, latent), where there are any.
    pub fn bound(&self) -> Result<(Losses, Tensor, Option<Tensor>)> {
        let (network, settings) = (&self.of.network, &self.of.settings);
        let latent = self.epsilon.as_ref().map(|epsilon| self.latent(epsilon)).transpose()?;
        let told = network.told(latent.as_ref().map(|(drawn, _)| drawn), &self.categories)?; // (drawings, told)
        let states = network.write(&self.before, &self.ends, &told, &network.begin(&told)?)?; // (tokens, 2 decoder)
        let mut output = network.output(&states)?; // (tokens, decoder)
        if let Some(dropout) = &self.dropout {
            output = (output * dropout)?; // (tokens, decoder)
        }
        let [offset, pen] = mixture_losses(&network.say(&output)?, &self.rows, &self.moved)?;
        let mut loss = ((offset + pen)? / self.counts.points as f64)?;
        let main = f64::from(loss.to_scalar::<f32>()?);
        let mut kl = 0.0;
        if let Some((_, divergence)) = &latent {
            let here = self.ends.len() as f64;
            let mean = (divergence / (here * network.latent() as f64))?; // ()
            let (of_shard, share) = (f64::from(mean.to_scalar::<f32>()?), here / self.counts.drawings as f64);
            kl = of_shard * share;
            // Below the floor there is nothing to gain: some of the latent vector is always used (Ha & Eck 2017, equation 11).
            // There it is the batch's mean that counts. Shards are computed apart, and here it is the mean of each: a few drawings more or
            // less on either side of the floor.
            if of_shard > settings.kl_floor {
                loss = (loss + (mean * (self.kl_weight * share))?)?;
            }
        }
        // The bound on the likelihood: drawings are made from the prior, so that a latent vector far from it is no good.
        let losses = Losses { names: &NAMES, main, side: kl, judged: main + settings.kl_weight * kl, figure: None };
        Ok((losses, loss, latent.map(|(drawn, _)| drawn)))
    }
}

impl Prepared for SketchRnnShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        self.bound().map(|(losses, loss, _)| (losses, loss))
    }
}
