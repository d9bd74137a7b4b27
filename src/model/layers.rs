//! Layers that networks share: named weights, and the operations that they belong to.

mod condition;
mod level;
mod mixture;
mod points;
mod recurrent;
mod trunk;

pub use condition::{Condition, TIMES, waves};
pub use level::NoiseLevel;
pub use mixture::{Mixture, mixture_losses};
pub use points::{PENS, Pen, ROW, draw_pen, row, rows};
pub use recurrent::{Bidirectional, Direction, Gru, Lstm, Recurrent};
pub use trunk::{Trunk, noise_error};

use candle_core::Tensor;

use super::ops::{self, Activation, Mask};
use super::weights::{Builder, Start, Weight, weight};
use crate::util::Result;

/// `act(x w + b)`: (rows, in) -> (rows, out). The weight is kept as (in, out), so that its gradient needs no transposing.
#[derive(Debug, Clone)]
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
    activation: Activation,
}

/// Uniform in plus or minus 1 / sqrt(in), as PyTorch starts a linear layer.
fn linear_start(inputs: usize) -> Start {
    Start::Uniform((inputs as f64).powf(-0.5))
}

impl Linear {
    /// Starts uniform in plus or minus 1 / sqrt(in).
    pub fn new(name: &str, inputs: usize, outputs: usize, build: &mut Builder<'_>) -> Result<Self> {
        Self::starting(name, inputs, outputs, linear_start(inputs), build)
    }

    /// Starts at 0: the layer says nothing at first.
    pub fn zeros(name: &str, inputs: usize, outputs: usize, build: &mut Builder<'_>) -> Result<Self> {
        Self::starting(name, inputs, outputs, Start::Zeros, build)
    }

    fn starting(name: &str, inputs: usize, outputs: usize, start: Start, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            weight: weight(build, &format!("{name}.weight"), &[inputs, outputs], start)?,
            bias: weight(build, &format!("{name}.bias"), &[outputs], start)?,
            activation: Activation::None,
        })
    }

    /// The same layer with an activation behind it.
    pub fn then(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }

    /// (rows, in) -> (rows, out)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(ops::linear(x, &self.weight, &self.bias, self.activation)?)
    }

    /// Weight (in, out) and bias (out).
    pub(super) fn parts(&self) -> (&Tensor, &Tensor) {
        (&self.weight, &self.bias)
    }
}

/// `act(conv(x) + b)` along a sequence, channels last, with kernel / 2 zeros on both sides. The weight is kept as (kernel * in, out).
#[derive(Debug, Clone)]
pub struct Conv1d {
    weight: Tensor,
    bias: Tensor,
    stride: usize,
    activation: Activation,
}

impl Conv1d {
    /// Starts uniform in plus or minus 1 / sqrt(kernel * in), as in PyTorch. The kernel is odd.
    pub fn new(name: &str, inputs: usize, outputs: usize, kernel: usize, build: &mut Builder<'_>) -> Result<Self> {
        let start = linear_start(kernel * inputs);
        Ok(Self {
            weight: weight(build, &format!("{name}.weight"), &[kernel * inputs, outputs], start)?,
            bias: weight(build, &format!("{name}.bias"), &[outputs], start)?,
            stride: 1,
            activation: Activation::None,
        })
    }

    /// The same layer for every `stride`-th point only.
    pub fn every(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// The same layer with an activation behind it.
    pub fn then(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }

    /// (batch, length, in) -> (batch, ceil(length / stride), out)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(ops::conv1d(x, &self.weight, &self.bias, self.stride, self.activation)?)
    }
}

/// Layer normalisation over the last axis, with gain and bias.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    gain: Tensor,
    bias: Tensor,
}

impl LayerNorm {
    /// Starts as plain normalisation.
    pub fn new(name: &str, width: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            gain: weight(build, &format!("{name}.gain"), &[width], Start::Ones)?,
            bias: weight(build, &format!("{name}.bias"), &[width], Start::Zeros)?,
        })
    }

    /// (rows, width) -> (rows, width)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(ops::layer_norm(x, &self.gain, &self.bias)?)
    }
}

/// Asks for the weights of a block behind one another: matrices start as those of [`Linear`], gains at 1, norms' biases at 0.
fn packed(name: &str, shapes: &[(&str, [usize; 2])], zero: &str, build: &mut Builder<'_>) -> Result<Tensor> {
    let mut inputs = 1;
    let weights: Vec<Weight> = shapes
        .iter()
        .map(|(part, [rows, columns])| {
            if part.ends_with(".weight") {
                inputs = *rows;
            }
            let start = match part.split_once('.') {
                Some((layer, _)) if layer == zero => Start::Zeros,
                Some((_, "gain")) => Start::Ones,
                Some((layer, "bias")) if layer.starts_with("norm") => Start::Zeros,
                _ => linear_start(inputs),
            };
            let shape = if part.ends_with(".weight") { vec![*rows, *columns] } else { vec![*columns] };
            Weight { name: format!("{name}.{part}"), shape, start }
        })
        .collect();
    build(&weights)
}

/// A transformer block over packed sequences: attention and a two-layer perceptron, each behind a layer norm.
#[derive(Debug, Clone)]
pub struct Block {
    packed: Tensor,
    heads: usize,
}

impl Block {
    /// `heads` divides `width`.
    pub fn new(name: &str, width: usize, heads: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self { packed: packed(name, &ops::block_shapes(width), "", build)?, heads })
    }

    /// (tokens, width) -> (tokens, width)
    pub fn forward(&self, x: &Tensor, mask: &Mask) -> Result<Tensor> {
        Ok(ops::transformer_block(x, &self.packed, mask, self.heads)?)
    }

    /// One more token of each sequence, causal: `x` (sequences, width), `seen` what [`Block::step`] returned for the tokens before.
    pub fn step(&self, x: &Tensor, seen: Option<&Tensor>) -> Result<(Tensor, Tensor)> {
        Ok(ops::transformer_block_step(x, &self.packed, self.heads, seen)?)
    }

    /// How the newest token of each sequence attends to all of them: `x` as [`Block::step`] was given it, `seen` as it returned it
    /// -> (sequences, tokens)
    pub fn shares(&self, x: &Tensor, seen: &Tensor) -> Result<Tensor> {
        Ok(ops::transformer_block_shares(x, &self.packed, self.heads, seen)?)
    }
}

/// A transformer block over packed sequences, each of which has a condition of its own that modulates it (adaLN-zero, Peebles & Xie 2023):
/// it starts as the identity.
#[derive(Debug, Clone)]
pub struct Adaptive {
    packed: Tensor,
    heads: usize,
}

impl Adaptive {
    /// Width of the tokens and of the conditions; `heads` divides it.
    pub fn new(name: &str, width: usize, heads: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self { packed: packed(name, &ops::adaptive_shapes(width), "modulation", build)?, heads })
    }

    /// (tokens, width) of sequences that end at `ends`, activated conditions (sequences, width) -> (tokens, width)
    pub fn forward(&self, x: &Tensor, condition: &Tensor, ends: &[usize]) -> Result<Tensor> {
        Ok(ops::adaptive_block(x, condition, &self.packed, ends, self.heads)?)
    }
}

/// A residual two-layer perceptron, modulated by a condition (adaLN-zero, Peebles & Xie 2023): it starts as the identity.
#[derive(Debug, Clone)]
pub struct Modulated {
    packed: Tensor,
}

impl Modulated {
    /// Width of the rows and of the condition.
    pub fn new(name: &str, width: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self { packed: packed(name, &ops::modulated_shapes(width), "modulation", build)? })
    }

    /// (rows, width), activated condition (rows, width) -> (rows, width)
    pub fn forward(&self, x: &Tensor, condition: &Tensor) -> Result<Tensor> {
        Ok(ops::modulated_block(x, condition, &self.packed)?)
    }

    /// All its weights, packed as [`ops::modulated_shapes`] says.
    pub(super) fn packed(&self) -> &Tensor {
        &self.packed
    }
}
