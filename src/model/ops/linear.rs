//! A linear layer with its activation: one product forward, two backward, and nothing else that touches all numbers more than once.

use candle_core::{Result, Shape, Tensor};

use super::activation::{Activation, activate_plain};
use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::matrix::{affine, affine_input, affine_weights};

/// `act(x w + b)`: `x` (rows, in), `weight` (in, out), `bias` (out) -> (rows, out)
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor, activation: Activation) -> Result<Tensor> {
    if fused(x) { apply(Linear(activation), &[x, weight, bias]) } else { linear_plain(x, weight, bias, activation) }
}

/// The same of tensor functions.
pub fn linear_plain(x: &Tensor, weight: &Tensor, bias: &Tensor, activation: Activation) -> Result<Tensor> {
    activate_plain(&x.matmul(weight)?.broadcast_add(bias)?, activation) // (rows, out)
}

struct Linear(Activation);

impl Fused for Linear {
    const NAME: &'static str = "linear";
    /// What the activation was applied to.
    type Kept = Buffer;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Buffer)> {
        let [x, weight, bias] = inputs else { candle_core::bail!("linear: 3 inputs") };
        let (rows, outputs) = (x.rows(), bias.values.len());
        if weight.dims != [x.width(), outputs] || x.dims.len() != 2 {
            candle_core::bail!("linear: {:?} times {:?} plus {:?}", x.dims, weight.dims, bias.dims);
        }
        let mut out = vec![0.0; rows * outputs];
        let mut kept = Buffer::default();
        if self.0 == Activation::None {
            affine(&mut out, x.values, weight.values, bias.values);
        } else {
            kept = Buffer::any(rows * outputs);
            affine(&mut kept, x.values, weight.values, bias.values);
            self.0.forward(&kept, &mut out);
        }
        Ok((out, (rows, outputs).into(), kept))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Buffer, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [x, weight, bias] = inputs else { candle_core::bail!("linear: 3 inputs") };
        let inner = (self.0 != Activation::None).then(|| {
            let mut inner = Buffer::any(gradient.len());
            inner.copy_from_slice(gradient);
            self.0.backward(kept, &mut inner);
            inner
        });
        let gradient = inner.as_deref().unwrap_or(gradient);
        let outputs = bias.values.len();
        let d_x = wanted[0].then(|| {
            let mut d_x = vec![0.0; x.values.len()];
            affine_input(&mut d_x, gradient, weight.values, outputs);
            d_x
        });
        let (mut d_weight, mut d_bias) = (vec![0.0; weight.values.len()], vec![0.0; outputs]);
        affine_weights(&mut d_weight, &mut d_bias, x.values, gradient);
        Ok(vec![d_x, Some(d_weight), Some(d_bias)])
    }
}
