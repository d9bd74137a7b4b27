//! What diffusion transformers share: tokens with their places, blocks that a condition modulates, and a modulated norm at the end.

use candle_core::{Device, Tensor};

use crate::config::DitSettings;
use crate::model::layers::{Adaptive, Linear, waves};
use crate::model::ops;
use crate::model::weights::Builder;
use crate::util::{Error, Result};

/// The transformer between what is known of a point and what is said of it.
#[derive(Debug, Clone)]
pub struct Trunk {
    token_in: Linear,
    /// A place's waves, half as many as the width, place after place.
    waves: Vec<f32>,
    width: usize,
    blocks: Vec<Adaptive>,
    last: Linear,
}

impl Trunk {
    /// For tokens of so many `numbers`, and sequences of at most so many tokens. Sizes that do not go together are refused.
    pub fn new(name: &str, numbers: usize, most: usize, sizes: &DitSettings, build: &mut Builder<'_>) -> Result<Self> {
        let DitSettings { width, layers, heads } = *sizes;
        if width == 0 || !width.is_multiple_of(4) || heads == 0 || !width.is_multiple_of(heads) || layers == 0 || most == 0 {
            return Err(Error::new(format!(
                "a transformer cannot have a width of {width} (a multiple of 4), {heads} heads that divide it, {layers} layers and {most} tokens"
            )));
        }
        Ok(Self {
            token_in: Linear::new(&format!("{name}.token_in"), numbers, width, build)?,
            waves: (0..most).flat_map(|place| waves(place as f32, width / 4)).collect(),
            width,
            blocks: (0..layers).map(|i| Adaptive::new(&format!("{name}.block{i:02}"), width, heads, build)).collect::<Result<_>>()?,
            last: Linear::new(&format!("{name}.last"), width, 2 * width, build)?,
        })
    }

    /// Width of what comes out.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Tokens (tokens, numbers) of sequences that end at `ends`, and their conditions (sequences, width), not activated -> (tokens, width)
    ///
    /// `between` does something more to the tokens before block number i: (tokens, width) -> (tokens, width).
    pub fn forward(
        &self,
        tokens: &Tensor,
        ends: &[usize],
        condition: &Tensor,
        mut between: impl FnMut(usize, Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let condition = ops::silu(condition)?; // (sequences, width)
        let mut h = (self.token_in.forward(tokens)? + self.places(ends, tokens.device())?)?; // (tokens, width)
        for (i, block) in self.blocks.iter().enumerate() {
            h = block.forward(&between(i, h)?, &condition, ends)?; // (tokens, width)
        }
        let last = self.last.forward(&condition)?.index_select(&Tensor::new(ops::sequence_of(ends), tokens.device())?, 0)?; // (tokens, 2 width)
        let part = |i: usize| last.narrow(1, i * self.width, self.width)?.contiguous(); // (tokens, width)
        Ok(ops::modulated_norm(&h, &part(1)?, &part(0)?)?)
    }

    /// Each token's place, counted from both ends of its sequence: so it is told how long the sequence is too. (tokens, width)
    fn places(&self, ends: &[usize], device: &Device) -> Result<Tensor> {
        let half = self.width / 2;
        let mut places = Vec::with_capacity(ends.last().map_or(0, |end| end * self.width));
        for span in ops::sequences(ends) {
            let n = span.len();
            if n * half > self.waves.len() {
                return Err(Error::new(format!("a sequence of {n} tokens, but this network reads at most {}", self.waves.len() / half)));
            }
            for place in 0..n {
                places.extend_from_slice(&self.waves[place * half..][..half]);
                places.extend_from_slice(&self.waves[(n - 1 - place) * half..][..half]);
            }
        }
        let tokens = places.len() / self.width;
        Ok(Tensor::from_vec(places, (tokens, self.width), device)?)
    }
}

/// The sum of the squared error of the noise in the points that `counted` (points, 1) has a 1 for: a single number.
pub fn noise_error(said: &Tensor, target: &Tensor, counted: &Tensor) -> Result<Tensor> {
    let even = Tensor::ones(2, said.dtype(), said.device())?; // (2)
    Ok(ops::squared_error(&said.broadcast_mul(counted)?, &target.broadcast_mul(counted)?, &even)?)
}
