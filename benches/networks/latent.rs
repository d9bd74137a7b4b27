//! Small diffusion over Sketch-RNN's latent vector: the drawings of Sketch-RNN's case, each vector at several noise levels.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::config::{ModelSettings, TrainSettings};
use denoodle::diffusion::parametrisation::Preconditioning;
use denoodle::model::latent::Prior;
use denoodle::model::ops::squared_error;
use denoodle::model::sketch_rnn::SketchRnn;
use denoodle::model::weights;
use denoodle::util::{Error, Result};

use super::recurrent::{CATEGORIES, DRAWINGS, Rows, random};
use super::{Case, awake};

/// What the denoiser learns from in a shard: row i is of drawing i modulo their number.
struct Noisy {
    /// `sigma * epsilon`: (rows, latent).
    noise: Tensor,
    /// `c_in`, `c_skip` and `1 / c_out` of every row, (rows, 1) each.
    scales: [Tensor; 3],
    /// `c_noise` of every row.
    levels: Vec<f32>,
    categories: Vec<u32>,
}

impl Noisy {
    /// For drawings of these categories; every tenth row is told none.
    fn new(shard: usize, categories: &[u32], (latent, none): (usize, u32), settings: &TrainSettings) -> Result<Self> {
        let (device, drawings) = (Device::Cpu, categories.len());
        let rows = drawings * settings.noise_draws;
        let mut numbers = random(3 * shard + 2, rows * (1 + latent));
        let mut noise = numbers.split_off(rows);
        let sigmas: Vec<f64> = numbers.iter().map(|&n| (settings.sigma_log_mean + settings.sigma_log_std * f64::from(n)).exp()).collect();
        for (noise, sigma) in noise.chunks_exact_mut(latent).zip(&sigmas) {
            noise.iter_mut().for_each(|epsilon| *epsilon *= *sigma as f32);
        }
        let all: Vec<Preconditioning> = sigmas.iter().map(|&sigma| Preconditioning::at(sigma)).collect();
        let column = |of: fn(&Preconditioning) -> f64| {
            let column: Vec<f32> = all.iter().map(|p| of(p) as f32).collect();
            Tensor::from_vec(column, (rows, 1), &device)
        };
        Ok(Self {
            noise: Tensor::from_vec(noise, (rows, latent), &device)?,
            scales: [column(|p| p.input)?, column(|p| p.skip)?, column(|p| 1.0 / p.out)?],
            levels: all.iter().map(|p| p.noise as f32).collect(),
            categories: (0..rows).map(|i| if i % 10 == 9 { none } else { categories[i % drawings] }).collect(),
        })
    }

    /// For the peer: by drawing, then by noise level.
    fn dump(&self, shard: usize, drawings: usize, batch: &mut HashMap<String, Tensor>) -> Result<()> {
        let [input, skip, out] = self.scales.clone();
        let levels = Tensor::new(self.levels.as_slice(), &Device::Cpu)?; // (rows)
        let categories = Tensor::new(self.categories.as_slice(), &Device::Cpu)?; // (rows)
        let all = [
            ("noise", self.noise.clone()),
            ("input", input),
            ("skip", skip),
            ("out", out),
            ("levels", levels),
            ("row_categories", categories),
        ];
        for (name, tensor) in all {
            let draws = tensor.dim(0)? / drawings;
            let by_drawing = tensor.reshape((draws, drawings, ()))?.transpose(0, 1)?.contiguous()?; // (drawings, draws, …)
            batch.insert(format!("batch.{shard}.{name}"), by_drawing);
        }
        Ok(())
    }
}

pub fn case(shards: usize) -> Result<Case> {
    let preset = super::preset("latent_small");
    let ModelSettings::Latent(sizes) = &preset.model else { return Err(Error::new("latent_small is another system")) };
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let mut build = awake(weights::fresh(1, &device, &mut parameters));
    let sketch_rnn = SketchRnn::new(&sizes.sketch_rnn(), CATEGORIES, &mut build)?;
    let prior = Prior::new(sizes, CATEGORIES, &mut build)?;
    drop(build);
    let (mut batch, mut parts) = (HashMap::new(), Vec::new());
    for shard in 0..shards {
        let rows = Rows::new(shards, shard, sizes.latent, &mut batch)?;
        let noisy = Noisy::new(shard, &rows.categories, (sizes.latent, prior.no_category()), &preset.train)?;
        noisy.dump(shard, rows.categories.len(), &mut batch)?;
        parts.push((rows, noisy));
    }
    let points: usize = parts.iter().map(|(rows, _)| rows.tokens()).sum();
    let (kl_weight, draws) = (preset.train.kl_weight, preset.train.noise_draws);
    batch.insert("batch.kl_weight".into(), Tensor::new(&[kl_weight as f32], &device)?);
    let even = Tensor::full(1.0 / (DRAWINGS * draws * sizes.latent) as f32, sizes.latent, &device)?; // (latent)
    let loss = move |i: usize| {
        let (rows, Noisy { noise, scales: [input, skip, out], levels, categories }) = &parts[i];
        let (bound, latents) = rows.bound(&sketch_rnn, points, kl_weight)?; // (drawings, latent)
        let clean = latents.detach().repeat((draws, 1))?; // (rows, latent)
        let noisy = (&clean + noise)?; // (rows, latent)
        let targets = (clean - noisy.broadcast_mul(skip)?)?.broadcast_mul(out)?; // (rows, latent)
        let said = prior.forward(&noisy.broadcast_mul(input)?, levels, categories)?; // (rows, latent)
        Ok((bound + squared_error(&said, &targets, &even)?)?)
    };
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: None })
}
