//! Diffusion over a latent vector (Rombach et al. 2022, "Latent diffusion"; Vahdat et al. 2021, with a prior that is learnt beside the
//! autoencoder): Sketch-RNN reads drawings into latent vectors and writes them from these, and a small network learns to denoise such
//! vectors, so that new ones come out of noise rather than out of the normal distribution.
//!
//! The denoiser is the flagship's for strokes: residual perceptrons, modulated by noise level and category, with EDM's preconditioning. That
//! asks for numbers of mean square 1, and nothing need be measured for it: of all scales of a latent number, the divergence from the
//! normal prior is smallest where its mean square is 1 (its derivative by the scale vanishes there), and the reconstruction does not care.

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Linear, Modulated, NoiseLevel};
use super::ops;
use super::sketch_rnn::SketchRnn;
use super::weights::{Builder, Start, weight};
use crate::config::{LatentSettings, ModelSettings, Preset};
use crate::util::Result;

/// The networks.
#[derive(Debug, Clone)]
pub struct Latent {
    /// Reads and writes drawings.
    pub sketch_rnn: SketchRnn,
    /// Denoises its latent vectors.
    pub prior: Prior,
}

impl Network for Latent {
    const CATEGORY_TABLES: &'static [&'static str] = &["rnn.category", "prior.category"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::Latent(settings) = &preset.model else { return Err(another_system()) };
        Ok(Self { sketch_rnn: SketchRnn::new(&settings.sketch_rnn(), categories, build)?, prior: Prior::new(settings, categories, build)? })
    }
}

/// The denoiser of latent vectors.
#[derive(Debug, Clone)]
pub struct Prior {
    level: NoiseLevel,
    category: Tensor,
    enter: Linear,
    blocks: Vec<Modulated>,
    out: Linear,
    gate: Linear,
}

impl Prior {
    /// For so many categories.
    pub fn new(settings: &LatentSettings, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let (latent, width) = (settings.latent, settings.denoiser_width);
        Ok(Self {
            level: NoiseLevel::new("prior.level", width, build)?,
            category: weight(build, "prior.category", &[categories + 1, width], Start::TABLE)?,
            enter: Linear::new("prior.enter", latent, width, build)?,
            blocks: (0..settings.denoiser_blocks)
                .map(|i| Modulated::new(&format!("prior.block{i:02}"), width, build))
                .collect::<Result<_>>()?,
            out: Linear::zeros("prior.out", width, latent, build)?,
            gate: Linear::zeros("prior.gate", width, latent, build)?,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.category.device()
    }

    /// The category that stands for none of them: classifier-free guidance (Ho & Salimans 2022).
    pub fn no_category(&self) -> u32 {
        self.category.dims()[0] as u32 - 1
    }

    /// The network's raw output F for vectors scaled to unit variance: `x` (rows, latent) is `c_in * (x0 + sigma * epsilon)`, `levels` is `c_noise`
    /// of each row -> (rows, latent)
    pub fn forward(&self, x: &Tensor, levels: &[f32], categories: &[u32]) -> Result<Tensor> {
        let categories = self.category.index_select(&Tensor::new(categories, self.device())?, 0)?; // (rows, width)
        let condition = ops::silu(&(self.level.forward(levels)? + categories)?)?; // (rows, width)
        let mut h = self.enter.forward(x)?; // (rows, width)
        for block in &self.blocks {
            h = block.forward(&h, &condition)?; // (rows, width)
        }
        let affine = (self.gate.forward(&condition)? * x)?; // (rows, latent)
        Ok((self.out.forward(&h)? + affine)?)
    }
}
