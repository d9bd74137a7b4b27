//! The objective of diffusion over a latent vector: Sketch-RNN's own, and beside it the denoising of the latent vectors that it reads.
//!
//! Both are learnt in one run. No gradient of the denoiser reaches Sketch-RNN, so the vectors are what they would be without it, and the
//! denoiser follows them while they change; as the learning rate falls, they come to rest. Two phases would need to know beforehand when
//! the first one ends (a run in minutes does not), a state between the two, and for the second a model that can still read drawings:
//! all that for vectors that are the same in the end. A vector is denoised at several noise levels a step ([`TrainSettings::noise_draws`]),
//! since that costs little beside reading and writing.

use std::sync::Arc;

use candle_core::{Device, Tensor};
use rand::Rng;

use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared};
use super::sketch_rnn::{SketchRnnObjective, SketchRnnShard};
use crate::config::{Preset, TrainSettings};
use crate::diffusion::parametrisation::Preconditioning;
use crate::model::latent::{Latent, Prior};
use crate::model::weights::Builder;
use crate::model::{Coding, Network, ops};
use crate::sketch::Sketch;
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Error, Result};

/// Sketch-RNN's bound on the likelihood, its reconstruction and the weighted divergence together; the mean squared error of what the denoiser says
/// of the latent vectors, over their numbers, near 1 where nothing is known but the mean.
pub(super) const NAMES: [&str; 2] = ["bound", "diffusion"];

/// The networks and what their losses need.
#[derive(Clone)]
pub(super) struct LatentObjective {
    sketch_rnn: Arc<SketchRnnObjective>,
    prior: Prior,
    latent: usize,
    settings: TrainSettings,
    device: Device,
}

struct LatentShard {
    of: Arc<LatentObjective>,
    counts: Counts,
    sketch_rnn: SketchRnnShard,
    /// Of every noisy row, `sigma * epsilon`: (rows, latent), where row i is of drawing i modulo their number.
    noise: Tensor,
    /// Of every row, `c_in`, `c_skip` and `1 / c_out`: (rows, 1) each.
    input: Tensor,
    skip: Tensor,
    out: Tensor,
    /// `c_noise` of every row.
    levels: Vec<f32>,
    categories: Vec<u32>,
}

impl LatentObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        let Latent { sketch_rnn, prior } = Latent::build(preset, coding, categories, build)?;
        Ok(Self {
            latent: sketch_rnn.latent(),
            sketch_rnn: Arc::new(SketchRnnObjective::of(sketch_rnn, preset, coding, device)?),
            prior,
            settings: preset.train.clone(),
            device: device.clone(),
        })
    }
}

impl Objective for LatentObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        Latent::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        self.sketch_rnn.work(sketch)
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let sketch_rnn = self.sketch_rnn.clone().shard(shard, counts, lesson, random)?;
        let TrainSettings { sigma_log_mean, sigma_log_std, noise_draws, condition_dropout, .. } = self.settings;
        let rows = shard.len() * noise_draws;
        let (mut noise, mut scales) = (Vec::with_capacity(rows * self.latent), [const { Vec::new() }; 3]);
        let (mut levels, mut categories) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for row in 0..rows {
            let sigma = (sigma_log_mean + sigma_log_std * f64::from(rng::normal(random, 1)[0])).exp();
            let p = Preconditioning::at(sigma);
            scales.iter_mut().zip([p.input, p.skip, 1.0 / p.out]).for_each(|(scales, scale)| scales.push(scale as f32));
            levels.push(p.noise as f32);
            let dropped = random.random::<f32>() < condition_dropout as f32;
            categories.push(if dropped { self.prior.no_category() } else { shard[row % shard.len()].0 });
            noise.extend(rng::normal(random, self.latent).into_iter().map(|epsilon| sigma as f32 * epsilon));
        }
        let [input, skip, out] = scales.map(|scales| Tensor::from_vec(scales, (rows, 1), &self.device));
        Ok(Box::new(LatentShard {
            counts,
            sketch_rnn,
            noise: Tensor::from_vec(noise, (rows, self.latent), &self.device)?,
            input: input?,
            skip: skip?,
            out: out?,
            levels,
            categories,
            of: self,
        }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { sketch_rnn: Arc::new(self.sketch_rnn.with(coding)?), ..self.clone() }))
    }
}

impl Prepared for LatentShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let (bound, loss, latents) = self.sketch_rnn.bound()?;
        let latents = latents.ok_or_else(|| Error::new("without a reader there is no latent vector to denoise"))?; // (drawings, latent)
        let draws = self.of.settings.noise_draws;
        let clean = latents.detach().repeat((draws, 1))?; // (rows, latent)
        let noisy = (&clean + &self.noise)?; // (rows, latent)
        let targets = (clean - noisy.broadcast_mul(&self.skip)?)?.broadcast_mul(&self.out)?; // (rows, latent)
        let said = self.of.prior.forward(&noisy.broadcast_mul(&self.input)?, &self.levels, &self.categories)?; // (rows, latent)
        let even = Tensor::ones(self.of.latent, said.dtype(), said.device())?; // (latent)
        let numbers = (self.counts.drawings * draws * self.of.latent) as f64;
        let diffusion = (ops::squared_error(&said, &targets, &even)? / numbers)?; // ()
        let (main, side) = (bound.judged, f64::from(diffusion.to_scalar::<f32>()?));
        // A drawing needs a likely vector and a writer that makes something of it.
        Ok((Losses { names: &NAMES, main, side, judged: main + side, figure: None }, (loss + diffusion)?))
    }
}
