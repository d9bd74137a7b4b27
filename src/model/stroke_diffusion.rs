//! The flagship: p(drawing) = product over strokes of p(stroke k | strokes before it, category).
//!
//! A causal transformer reads the strokes so far, each a vector of the stroke codec; a small residual network, told the
//! transformer's state, denoises the next stroke's vector (EDM preconditioning, Karras et al. 2022). The strokes
//! read are noised in training and the network is told by how much, which keeps drawing from drifting
//! (Valevski et al. 2024, "GameNGen"; Chen et al. 2024, "Diffusion Forcing"). A stop probability comes from the same state.

mod denoising;
mod reader;

pub use denoising::{Denoising, Guidance, StrokeDenoising};
pub use reader::Reader;

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Block, LayerNorm, Linear, Modulated, NoiseLevel};
use super::ops::{self, Activation, Mask};
use super::weights::{Builder, Start, weight};
use crate::config::{ModelSettings, Preset, StrokeDiffusionSettings};
use crate::util::Result;

/// In a list of tokens: no token, the history is unknown.
pub const UNKNOWN: u32 = u32::MAX;

/// The network. Its tensors are variables while it is trained, constants while it draws.
#[derive(Debug, Clone)]
pub struct StrokeDiffusion {
    begin: Tensor,
    category: Tensor,
    doubt: Linear,
    stroke_in: Linear,
    stroke_up: Linear,
    place: Tensor,
    blocks: Vec<Block>,
    norm: LayerNorm,
    stop: Linear,
    unknown: Tensor,
    told_category: Tensor,
    x_in: Linear,
    state_in: Linear,
    level: NoiseLevel,
    denoiser: Vec<Modulated>,
    x_out: Linear,
    x_gate: Linear,
}

/// Sketches of unequal length, packed one behind the other.
#[derive(Debug, Clone)]
pub struct History {
    /// All strokes of all sketches, (strokes, codec width).
    pub strokes: Tensor,
    /// Strokes of each sketch; 0 is an empty page.
    pub lengths: Vec<usize>,
    /// Category of each.
    pub categories: Vec<u32>,
    /// The noise level claimed for the strokes of each.
    pub noise: Vec<f32>,
    /// In training, factors of the tokens that go in and of the states that come out; both (tokens, width).
    pub dropout: Option<[Tensor; 2]>,
}

/// States of packed sketches: sketch b has `lengths[b] + 1` of them, state k tells of stroke k.
#[derive(Debug, Clone)]
pub struct States {
    /// (tokens, width)
    pub all: Tensor,
    /// The end of each sketch's states.
    pub ends: Vec<usize>,
}

impl Network for StrokeDiffusion {
    const CATEGORY_TABLES: &'static [&'static str] = &["history.category", "denoiser.category"];

    fn build(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::StrokeDiffusion(settings) = &preset.model else { return Err(another_system()) };
        Self::new(settings, coding.strokes()?.width(), categories, build)
    }
}

impl StrokeDiffusion {
    /// `stroke`: width of a stroke's vector; `categories`: how many there are.
    pub fn new(settings: &StrokeDiffusionSettings, stroke: usize, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let (d, w) = (settings.width, settings.denoiser_width);
        Ok(Self {
            begin: weight(build, "history.begin", &[1, d], Start::Zeros)?,
            category: weight(build, "history.category", &[categories, d], Start::TABLE)?,
            doubt: Linear::new("history.doubt", 1, d, build)?,
            stroke_in: Linear::new("history.stroke_in", stroke, d, build)?.then(Activation::Silu),
            stroke_up: Linear::new("history.stroke_up", d, d, build)?,
            place: weight(build, "history.place", &[settings.max_strokes + 1, d], Start::Normal(0.02))?,
            blocks: (0..settings.layers)
                .map(|i| Block::new(&format!("history.block{i:02}"), d, settings.heads, build))
                .collect::<Result<_>>()?,
            norm: LayerNorm::new("history.norm", d, build)?,
            stop: Linear::new("history.stop", d, 1, build)?,
            unknown: weight(build, "denoiser.unknown", &[1, d], Start::Zeros)?,
            told_category: weight(build, "denoiser.category", &[categories + 1, w], Start::TABLE)?,
            x_in: Linear::new("denoiser.x_in", stroke, w, build)?,
            state_in: Linear::new("denoiser.state_in", d, w, build)?,
            level: NoiseLevel::new("denoiser.level", w, build)?,
            denoiser: (0..settings.denoiser_blocks)
                .map(|i| Modulated::new(&format!("denoiser.block{i:02}"), w, build))
                .collect::<Result<_>>()?,
            x_out: Linear::zeros("denoiser.x_out", w, stroke, build)?,
            x_gate: Linear::zeros("denoiser.x_gate", w, stroke, build)?,
        })
    }

    /// Width of the transformer.
    pub fn width(&self) -> usize {
        self.place.dims()[1]
    }

    /// A drawing has no more strokes.
    pub fn most_strokes(&self) -> usize {
        self.place.dims()[0] - 1
    }

    /// Width of a stroke's vector.
    pub fn stroke_width(&self) -> usize {
        self.x_in.parts().0.dims()[0]
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.begin.device()
    }

    /// Reads the strokes so far.
    pub fn states(&self, history: &History) -> Result<States> {
        let device = self.device();
        let sketches = history.lengths.len();
        let begin = self.begin(&history.categories, &history.noise)?; // (sketches, width)
        // Token order: each sketch's begin token, then its strokes.
        let (mut order, mut places, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(sketches));
        let mut stroke = sketches as u32;
        for (sketch, &length) in history.lengths.iter().enumerate() {
            order.push(sketch as u32);
            order.extend(stroke..stroke + length as u32);
            stroke += length as u32;
            places.extend(0..=length as u32);
            ends.push(order.len());
        }
        let tokens = if order.len() == sketches {
            begin
        } else {
            let strokes = self.stroke_up.forward(&self.stroke_in.forward(&history.strokes)?)?; // (strokes, width)
            Tensor::cat(&[begin, strokes], 0)?.index_select(&Tensor::new(order, device)?, 0)? // (tokens, width)
        };
        let mut h = (tokens + self.place.index_select(&Tensor::new(places, device)?, 0)?)?; // (tokens, width)
        let mask = Mask::within(&ends, true);
        if let Some([read, _]) = &history.dropout {
            h = (h * read)?; // (tokens, width)
        }
        for block in &self.blocks {
            h = block.forward(&h, &mask)?; // (tokens, width)
        }
        let mut all = self.norm.forward(&h)?; // (tokens, width)
        if let Some([_, said]) = &history.dropout {
            all = (all * said)?; // (tokens, width)
        }
        Ok(States { all, ends })
    }

    /// The begin tokens: categories, and the noise levels claimed for the strokes that follow -> (sketches, width)
    fn begin(&self, categories: &[u32], noise: &[f32]) -> Result<Tensor> {
        let (device, sketches) = (self.device(), categories.len());
        let doubt = self.doubt.forward(&Tensor::from_slice(noise, (sketches, 1), device)?)?; // (sketches, width)
        let categories = Tensor::from_slice(categories, sketches, device)?;
        Ok((self.category.index_select(&categories, 0)?.broadcast_add(&self.begin)? + doubt)?)
    }

    /// States (rows, width) -> logits of "the drawing is finished" (rows).
    pub fn stop_logits(&self, states: &Tensor) -> Result<Tensor> {
        Ok(self.stop.forward(states)?.squeeze(1)?)
    }

    /// The state after the token `tokens[row]`, or that of an unknown history where it is [`UNKNOWN`]: (rows, width).
    pub fn pick(&self, states: &Tensor, tokens: &[u32]) -> Result<Tensor> {
        let unknown = states.dim(0)? as u32;
        let tokens: Vec<u32> = tokens.iter().map(|&token| if token == UNKNOWN { unknown } else { token }).collect();
        let all = Tensor::cat(&[states, &self.unknown], 0)?; // (tokens + 1, width)
        Ok(all.index_select(&Tensor::new(tokens, self.device())?, 0)?)
    }

    /// The category that stands for none.
    pub fn no_category(&self) -> u32 {
        self.told_category.dims()[0] as u32 - 1
    }

    /// What the denoiser needs of the states, and of each row's category, or [`StrokeDiffusion::no_category`]: (rows, denoiser width);
    /// computed once a stroke. It modulates every block of the denoiser.
    pub fn condition(&self, states: &Tensor, categories: &[u32]) -> Result<Tensor> {
        let categories = self.told_category.index_select(&Tensor::new(categories, self.device())?, 0)?; // (rows, denoiser width)
        Ok((self.state_in.forward(states)? + categories)?)
    }

    /// The network's raw output F for inputs scaled to unit variance.
    ///
    /// `x` (rows, stroke) is `c_in * (x0 + sigma * epsilon)`, `levels` is `c_noise` of each row, `condition` (rows, denoiser width).
    pub fn denoise(&self, x: &Tensor, levels: &[f32], condition: &Tensor) -> Result<Tensor> {
        self.denoise_told(x, &self.level.forward(levels)?, condition)
    }

    /// The same with levels as the denoiser is told of them: (rows or 1, denoiser width).
    fn denoise_told(&self, x: &Tensor, level: &Tensor, condition: &Tensor) -> Result<Tensor> {
        let condition = ops::silu(&condition.broadcast_add(level)?)?; // (rows, width)
        let mut h = self.x_in.forward(x)?; // (rows, width)
        for block in &self.denoiser {
            h = block.forward(&h, &condition)?;
        }
        // For entries that are normal and independent given the history, the best denoiser is affine in each entry with
        // a factor that depends on level and history alone: this term is that factor, the rest learns the mean and more.
        let gate = self.x_gate.forward(&condition)?; // (rows, stroke)
        Ok((self.x_out.forward(&h)? + gate.broadcast_mul(x)?)?)
    }
}
