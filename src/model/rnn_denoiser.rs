//! A recurrent denoiser along a sequence of points (Das et al. 2023, "ChiroDiff"): it is given a drawing's noisy movements and its noisy pen,
//! how noisy they are and what they draw, and says the clean ones.
//!
//! Layers of gated recurrent units in both directions, each behind a norm that level and category modulate (FiLM, Perez et al. 2018), and
//! added to what came in. Beside the movements it is fed the places that they lead to. Drawings of unequal length lie one behind the
//! other: there is no padding, and a drawing's length is part of what it is given.
//!
//! What it says is EDM's F (Karras et al. 2022, equation 7), which for data of deviation 1 is `v` of Salimans & Ho 2022 but for its sign, and not
//! the noise: where nearly all is noise, a small error in the noise is a large one in the drawing, and a place is the sum of all movements
//! before it. Movements have deviation 1 by their codec, and a pen of plus or minus 1 has it by itself.

use candle_core::{D, Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Bidirectional, Gru, Linear, NoiseLevel};
use super::ops;
use super::weights::{Builder, Start, weight};
use crate::config::{ModelSettings, Preset, RnnDenoiserSettings};
use crate::util::{Error, Result};

/// Numbers of a movement: dx, dy, and the pen: 1 where it is lifted on the way, -1 where it draws.
pub const NUMBERS: usize = 3;
/// The same with the place that it leads to.
const SEEN: usize = NUMBERS + 2;
/// Places are told in units of so many deviations of the movements: as large as a drawing's half, or the way of noise through it.
const PLACE: f32 = 4.0;

/// Drawings to learn from, one behind the other.
#[derive(Debug, Clone)]
pub struct Batch {
    /// `c_in * (x0 + sigma * epsilon)`, (movements, 3), row by row.
    pub x: Vec<f32>,
    /// What the network should say, (movements, 3).
    pub targets: Tensor,
    /// The end of each drawing's movements.
    pub ends: Vec<usize>,
    /// `c_noise` of each drawing.
    pub levels: Vec<f32>,
    /// The category of each, or [`RnnDenoiser::no_category`].
    pub categories: Vec<u32>,
}

/// The network.
#[derive(Debug, Clone)]
pub struct RnnDenoiser {
    level: NoiseLevel,
    category: Tensor,
    enter: Linear,
    layers: Vec<Layer>,
    film: Linear,
    out: Linear,
    gate: Linear,
}

/// Norm, modulated; gated recurrent units in both directions.
#[derive(Debug, Clone)]
struct Layer {
    film: Linear,
    read: Bidirectional<Gru>,
}

impl Network for RnnDenoiser {
    const CATEGORY_TABLES: &'static [&'static str] = &["gru.category"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::RnnDenoiser(settings) = &preset.model else { return Err(another_system()) };
        Self::new(settings, categories, build)
    }
}

impl RnnDenoiser {
    /// For so many categories.
    pub fn new(settings: &RnnDenoiserSettings, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let RnnDenoiserSettings { hidden, layers } = *settings;
        let width = 2 * hidden;
        let layer = |i: usize, build: &mut Builder<'_>| -> Result<Layer> {
            Ok(Layer {
                film: Linear::new(&format!("gru.layer{i:02}.film"), hidden, 2 * width, build)?,
                read: Bidirectional::new(&format!("gru.layer{i:02}"), width, hidden, build)?,
            })
        };
        Ok(Self {
            level: NoiseLevel::new("gru.level", hidden, build)?,
            category: weight(build, "gru.category", &[categories + 1, hidden], Start::TABLE)?,
            enter: Linear::new("gru.enter", SEEN, width, build)?,
            layers: (0..layers).map(|i| layer(i, build)).collect::<Result<_>>()?,
            film: Linear::new("gru.film", hidden, 2 * width, build)?,
            out: Linear::zeros("gru.out", width, NUMBERS, build)?,
            gate: Linear::zeros("gru.gate", width, NUMBERS, build)?,
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

    /// The network's output F for inputs scaled to unit variance: `x` (movements, 3), row by row, of drawings that end at `ends`; `c_noise` and
    /// category of each drawing -> (movements, 3).
    pub fn forward(&self, x: &[f32], ends: &[usize], levels: &[f32], categories: &[u32]) -> Result<Tensor> {
        let movements = ends.last().copied().unwrap_or(0);
        if x.len() != movements * NUMBERS || !ends.is_sorted() || levels.len() != ends.len() || categories.len() != ends.len() {
            let (numbers, levels, categories) = (x.len(), levels.len(), categories.len());
            let text = format!("{numbers} numbers, {levels} levels and {categories} categories of drawings that end at {ends:?}");
            return Err(Error::new(text));
        }
        let categories = self.category.index_select(&Tensor::new(categories, self.device())?, 0)?; // (drawings, hidden)
        let condition = ops::silu(&(self.level.forward(levels)? + categories)?)?; // (drawings, hidden)
        let seen = Tensor::from_vec(with_places(x, ends), (movements, SEEN), self.device())?; // (movements, 5)
        let mut h = self.enter.forward(&seen)?; // (movements, width)
        for layer in &self.layers {
            let read = modulated(&h, &layer.film, &condition, ends)?; // (movements, width)
            h = (h + layer.read.forward(&read, ends)?)?; // (movements, width)
        }
        let h = modulated(&h, &self.film, &condition, ends)?; // (movements, width)
        // As in the flagship: what is affine in each number is said apart, the rest learns the mean and more.
        let affine = (self.gate.forward(&h)? * seen.narrow(1, 0, NUMBERS)?)?; // (movements, 3)
        Ok((self.out.forward(&h)? + affine)?)
    }

    /// Sums of squared errors, single numbers: of the movements' numbers, and of the pen's.
    pub fn losses(&self, batch: &Batch) -> Result<[Tensor; 2]> {
        let said = self.forward(&batch.x, &batch.ends, &batch.levels, &batch.categories)?; // (movements, 3)
        let error = |weights: [f32; NUMBERS]| ops::squared_error(&said, &batch.targets, &Tensor::new(&weights, self.device())?);
        Ok([error([1.0, 1.0, 0.0])?, error([0.0, 0.0, 1.0])?])
    }
}

/// `normalise(h) * (1 + scale) + shift`, both of a drawing's condition (drawings, hidden): (movements, width) -> the same shape.
fn modulated(h: &Tensor, film: &Linear, condition: &Tensor, ends: &[usize]) -> Result<Tensor> {
    let film = film.forward(condition)?.chunk(2, D::Minus1)?; // 2 of (drawings, width)
    Ok(ops::modulated_norm_packed(h, &film[0].contiguous()?, &film[1].contiguous()?, ends)?)
}

/// Movements, (movements, 3), each with the place that it leads to from its drawing's first point: (movements, 5).
fn with_places(x: &[f32], ends: &[usize]) -> Vec<f32> {
    let mut seen = Vec::with_capacity(x.len() / NUMBERS * SEEN);
    for movements in ops::sequences(ends) {
        let mut at = [0.0f32; 2];
        for by in x[movements.start * NUMBERS..movements.end * NUMBERS].chunks_exact(NUMBERS) {
            at = [at[0] + by[0], at[1] + by[1]];
            seen.extend([by[0], by[1], by[2], at[0] / PLACE, at[1] / PLACE]);
        }
    }
    seen
}
