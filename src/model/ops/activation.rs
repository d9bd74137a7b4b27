//! Activations: SiLU, `x * sigmoid(x)` (Elfwing et al. 2018), and GELU, `x * Phi(x)` (Hendrycks & Gimpel 2016, with the error function).

use candle_core::{Result, Shape, Tensor};

use super::fused::{Fused, Input, apply, fused};
use super::math::{erf, exp, sigmoid, wide};

/// What follows a linear layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    None,
    /// `x * sigmoid(x)`
    Silu,
    /// `x * Phi(x)`, exact.
    Gelu,
}

impl Activation {
    /// Its value.
    #[inline(always)]
    pub(super) fn at(self, x: f32) -> f32 {
        match self {
            Self::None => x,
            Self::Silu => x * sigmoid(x),
            Self::Gelu => 0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)),
        }
    }

    /// Its derivative.
    #[inline(always)]
    pub(super) fn slope(self, x: f32) -> f32 {
        /// 1 / sqrt(2 pi)
        const NORMAL: f32 = 0.398_942_3;
        match self {
            Self::None => 1.0,
            Self::Silu => {
                let s = sigmoid(x);
                s * (1.0 + x * (1.0 - s))
            }
            Self::Gelu => 0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)) + x * NORMAL * exp(-0.5 * x * x),
        }
    }

    /// `out = act(x)`
    pub(super) fn forward(self, x: &[f32], out: &mut [f32]) {
        // One loop for each, so that the choice is made outside of it.
        macro_rules! each {
            ($kind:expr) => {
                wide(
                    #[inline(always)]
                    || out.iter_mut().zip(x).for_each(|(out, x)| *out = $kind.at(*x)),
                )
            };
        }
        match self {
            Self::None => out.copy_from_slice(x),
            Self::Silu => each!(Self::Silu),
            Self::Gelu => each!(Self::Gelu),
        }
    }

    /// `gradient *= act'(x)`
    pub(super) fn backward(self, x: &[f32], gradient: &mut [f32]) {
        macro_rules! each {
            ($kind:expr) => {
                wide(
                    #[inline(always)]
                    || gradient.iter_mut().zip(x).for_each(|(g, x)| *g *= $kind.slope(*x)),
                )
            };
        }
        match self {
            Self::None => {}
            Self::Silu => each!(Self::Silu),
            Self::Gelu => each!(Self::Gelu),
        }
    }
}

/// Any shape.
pub fn silu(x: &Tensor) -> Result<Tensor> {
    activate(x, Activation::Silu)
}

/// Any shape.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    activate(x, Activation::Gelu)
}

/// Any shape.
pub fn activate(x: &Tensor, activation: Activation) -> Result<Tensor> {
    if fused(x) { apply(Activate(activation), &[x]) } else { activate_plain(x, activation) }
}

/// The same of tensor functions.
pub fn activate_plain(x: &Tensor, activation: Activation) -> Result<Tensor> {
    match activation {
        Activation::None => Ok(x.clone()),
        Activation::Silu => x.silu(),
        Activation::Gelu => x.gelu_erf(),
    }
}

struct Activate(Activation);

impl Fused for Activate {
    const NAME: &'static str = "activation";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let x = &inputs[0];
        let mut out = vec![0.0; x.values.len()];
        self.0.forward(x.values, &mut out);
        Ok((out, x.dims.into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let mut d_x = gradient.to_vec();
        self.0.backward(inputs[0].values, &mut d_x);
        Ok(vec![Some(d_x)])
    }
}
