//! Layers that networks share.

use candle_core::{D, Tensor};

use super::ops;
use super::weights::{Builder, Start};
use crate::util::Result;

/// `x w + b`: (rows, in) -> (rows, out). The weight is kept as (in, out), so that its gradient needs no transposing.
#[derive(Debug, Clone)]
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
}

impl Linear {
    /// Starts uniform in plus or minus 1 / sqrt(in), as PyTorch does.
    pub fn new(name: &str, inputs: usize, outputs: usize, build: &mut Builder<'_>) -> Result<Self> {
        Self::starting(name, inputs, outputs, Start::Uniform((inputs as f64).powf(-0.5)), build)
    }

    /// Starts at 0: the layer says nothing at first.
    pub fn zeros(name: &str, inputs: usize, outputs: usize, build: &mut Builder<'_>) -> Result<Self> {
        Self::starting(name, inputs, outputs, Start::Zeros, build)
    }

    fn starting(name: &str, inputs: usize, outputs: usize, start: Start, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            weight: build(&format!("{name}.weight"), &[inputs, outputs], start)?,
            bias: build(&format!("{name}.bias"), &[outputs], start)?,
        })
    }

    /// (rows, in) -> (rows, out)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(x.matmul(&self.weight)?.broadcast_add(&self.bias)?)
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
            gain: build(&format!("{name}.gain"), &[width], Start::Ones)?,
            bias: build(&format!("{name}.bias"), &[width], Start::Zeros)?,
        })
    }

    /// (rows, width) -> (rows, width)
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(ops::normalise(x)?.broadcast_mul(&self.gain)?.broadcast_add(&self.bias)?)
    }
}

/// A causal transformer block over packed sequences: attention and a two-layer perceptron, each behind a layer norm.
#[derive(Debug, Clone)]
pub struct Block {
    norm_attention: LayerNorm,
    qkv: Linear,
    out: Linear,
    norm_mlp: LayerNorm,
    up: Linear,
    down: Linear,
    heads: usize,
}

impl Block {
    /// `heads` divides `width`.
    pub fn new(name: &str, width: usize, heads: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            norm_attention: LayerNorm::new(&format!("{name}.norm_attention"), width, build)?,
            qkv: Linear::new(&format!("{name}.qkv"), width, 3 * width, build)?,
            out: Linear::new(&format!("{name}.out"), width, width, build)?,
            norm_mlp: LayerNorm::new(&format!("{name}.norm_mlp"), width, build)?,
            up: Linear::new(&format!("{name}.up"), width, 4 * width, build)?,
            down: Linear::new(&format!("{name}.down"), 4 * width, width, build)?,
            heads,
        })
    }

    /// (tokens, width) -> (tokens, width); `ends` are the ends of the packed sequences.
    pub fn forward(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor> {
        let qkv = self.qkv.forward(&self.norm_attention.forward(x)?)?; // (tokens, 3 width)
        let mixed = ops::causal_attention(&qkv, ends, self.heads)?; // (tokens, width)
        let x = (x + self.out.forward(&mixed)?)?; // (tokens, width)
        let hidden = ops::silu(&self.up.forward(&self.norm_mlp.forward(&x)?)?)?; // (tokens, 4 width)
        Ok((&x + self.down.forward(&hidden)?)?)
    }
}

/// A residual two-layer perceptron, modulated by a condition (adaLN-zero, Peebles & Xie 2023): it starts as the identity.
#[derive(Debug, Clone)]
pub struct Modulated {
    up: Linear,
    down: Linear,
    modulation: Linear,
}

impl Modulated {
    /// Width of the rows and of the condition.
    pub fn new(name: &str, width: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            up: Linear::new(&format!("{name}.up"), width, width, build)?,
            down: Linear::new(&format!("{name}.down"), width, width, build)?,
            modulation: Linear::zeros(&format!("{name}.modulation"), width, 3 * width, build)?,
        })
    }

    /// (rows, width), activated condition (rows, width) -> (rows, width)
    pub fn forward(&self, x: &Tensor, condition: &Tensor) -> Result<Tensor> {
        let parts = self.modulation.forward(condition)?.chunk(3, D::Minus1)?; // 3 of (rows, width)
        let (shift, scale, gate) = (&parts[0], &parts[1], &parts[2]);
        let h = ((ops::normalise(x)? * (scale + 1.0)?)? + shift)?; // (rows, width)
        let h = self.down.forward(&ops::silu(&self.up.forward(&h)?)?)?; // (rows, width)
        Ok((x + (gate * h)?)?)
    }
}
