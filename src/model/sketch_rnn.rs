//! Sketch-RNN (Ha & Eck 2017): a drawing is read into a latent vector by an LSTM in both directions, and written point by point by another
//! one, which says where the next point may lie (a mixture of normal distributions of two variables, Graves 2013) and what the pen does
//! there. Without an encoder there is no latent vector, and the writer is alone.
//!
//! A drawing of n points has n rows of five numbers: the movement to the point (none for the first one), and one 1 of three: the pen stays
//! down, is lifted, or the drawing ends here. Rows of drawings of unequal length lie one behind the other: there is no padding.

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Bidirectional, Direction, Linear, Lstm, Mixture, ROW, Recurrent};
use super::ops;
use super::weights::{Builder, Start, weight};
use crate::config::{ModelSettings, Preset, SketchRnnSettings};
use crate::util::{Error, Result};

/// Numbers by which the writer is told the category.
const CATEGORY: usize = 32;

/// The sum of the divergences of latent vectors from the standard normal prior (Kingma & Welling 2014, appendix B), a single number: mean, and
/// ln of the variance, (drawings, latent) both.
pub fn divergence(mean: &Tensor, spread: &Tensor) -> Result<Tensor> {
    let divergence = ((mean.sqr()? + spread.exp()?)? - (spread + 1.0)?)?; // (drawings, latent)
    Ok((divergence.sum_all()? * 0.5)?)
}

/// The network.
#[derive(Debug, Clone)]
pub struct SketchRnn {
    category: Tensor,
    encoder: Option<Encoder>,
    begin: Linear,
    decoder: Lstm,
    say: Linear,
}

/// The reader: what it ends with becomes mean and spread of the latent vector.
#[derive(Debug, Clone)]
struct Encoder {
    read: Bidirectional<Lstm>,
    mean: Linear,
    spread: Linear,
    latent: usize,
}

impl Network for SketchRnn {
    const CATEGORY_TABLES: &'static [&'static str] = &["rnn.category"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::SketchRnn(settings) = &preset.model else { return Err(another_system()) };
        Self::new(settings, categories, build)
    }
}

impl SketchRnn {
    /// For so many categories.
    pub fn new(settings: &SketchRnnSettings, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let SketchRnnSettings { encoder, decoder, latent, mixtures } = *settings;
        let category = weight(build, "rnn.category", &[categories, CATEGORY], Start::TABLE)?;
        let encoder = if encoder > 0 { Some(Encoder::new(encoder, latent, build)?) } else { None };
        let told = CATEGORY + encoder.as_ref().map_or(0, |encoder| encoder.latent);
        Ok(Self {
            category,
            encoder,
            begin: Linear::new("rnn.begin", told, 2 * decoder, build)?,
            decoder: Lstm::new("rnn.decoder", ROW + told, decoder, Direction::Ahead, build)?.remembering()?,
            say: Linear::new("rnn.say", decoder, Mixture::width(mixtures), build)?,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.category.device()
    }

    /// Numbers of the latent vector; 0 without an encoder.
    pub fn latent(&self) -> usize {
        self.encoder.as_ref().map_or(0, |encoder| encoder.latent)
    }

    /// Width of the writer's output.
    pub fn width(&self) -> usize {
        self.decoder.state() / 2
    }

    /// Mean, and ln of the variance, of the latent vectors of drawings whose rows (tokens, 5) end at `ends`: (drawings, latent) both.
    ///
    /// # Errors
    /// There is no encoder.
    pub fn encode(&self, rows: &Tensor, ends: &[usize]) -> Result<[Tensor; 2]> {
        let encoder = self.encoder.as_ref().ok_or_else(|| Error::usage("this model was trained without an encoder"))?;
        let seen = encoder.read.summary(rows, ends)?; // (drawings, 2 encoder)
        Ok([encoder.mean.forward(&seen)?, encoder.spread.forward(&seen)?])
    }

    /// What the writer is told of each drawing: (drawings, told). `latent` (drawings, latent), where there is an encoder.
    pub fn told(&self, latent: Option<&Tensor>, categories: &[u32]) -> Result<Tensor> {
        let categories = self.category.index_select(&Tensor::new(categories, self.device())?, 0)?; // (drawings, 32)
        Ok(match latent {
            Some(latent) => Tensor::cat(&[latent, &categories], 1)?, // (drawings, told)
            None => categories,
        })
    }

    /// The writer's state before its first row: (drawings, told) -> (drawings, 2 decoder)
    pub fn begin(&self, told: &Tensor) -> Result<Tensor> {
        Ok(self.begin.forward(told)?.tanh()?)
    }

    /// The writer's states behind rows: `rows` (tokens, 5) of drawings that end at `ends`, what it is told of each, (drawings, told), and
    /// its states before, (drawings, 2 decoder) -> (tokens, 2 decoder)
    pub fn write(&self, rows: &Tensor, ends: &[usize], told: &Tensor, before: &Tensor) -> Result<Tensor> {
        let told = told.index_select(&Tensor::new(ops::sequence_of(ends), self.device())?, 0)?; // (tokens, told)
        self.decoder.states(&Tensor::cat(&[rows, &told], 1)?, ends, before)
    }

    /// The output of states: (tokens, 2 decoder) -> (tokens, decoder)
    pub fn output(&self, states: &Tensor) -> Result<Tensor> {
        Ok(states.narrow(1, 0, self.width())?.contiguous()?)
    }

    /// What is said of the next row: outputs (tokens, decoder) -> (tokens, [`Mixture::width`])
    pub fn say(&self, output: &Tensor) -> Result<Tensor> {
        self.say.forward(output)
    }
}

impl Encoder {
    fn new(width: usize, latent: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            read: Bidirectional::new("rnn.encoder", ROW, width, build)?,
            mean: Linear::new("rnn.mean", 2 * width, latent, build)?,
            spread: Linear::new("rnn.spread", 2 * width, latent, build)?,
            latent,
        })
    }
}
