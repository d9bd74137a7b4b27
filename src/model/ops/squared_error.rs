//! The EDM-weighted loss in one pass: squared errors, each entry with its weight, summed.

use candle_core::{Result, Shape, Tensor};

use super::fused::{Fused, Input, apply, fused};
use super::math::wide;

/// `sum over rows i and entries j of weights[j] * (said[i, j] - target[i, j])^2`, a single number.
///
/// `said` and `targets` (rows, width), `weights` (width). With EDM's preconditioning the weight of every noise level is 1
/// (Karras et al. 2022, equation 8). The weights are constants: they get no gradient.
pub fn squared_error(said: &Tensor, targets: &Tensor, weights: &Tensor) -> Result<Tensor> {
    if fused(said) { apply(SquaredError, &[said, targets, weights]) } else { squared_error_plain(said, targets, weights) }
}

/// The same of tensor functions.
pub fn squared_error_plain(said: &Tensor, targets: &Tensor, weights: &Tensor) -> Result<Tensor> {
    (said - targets)?.sqr()?.broadcast_mul(weights)?.sum_all()
}

struct SquaredError;

impl Fused for SquaredError {
    const NAME: &'static str = "squared-error";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let [said, targets, weights] = inputs else { candle_core::bail!("squared error: 3 inputs") };
        let width = said.width();
        if said.dims != targets.dims || weights.values.len() != width {
            candle_core::bail!("squared error: {:?}, {:?} and {:?}", said.dims, targets.dims, weights.dims);
        }
        let mut sums = vec![0.0f32; width];
        let mut total = 0.0;
        // Some rows at a time in f32, these in f64: thousands of rows lose nothing.
        for (said, targets) in said.values.chunks(32 * width).zip(targets.values.chunks(32 * width)) {
            sums.fill(0.0);
            wide(
                #[inline(always)]
                || {
                    for (said, targets) in said.chunks_exact(width).zip(targets.chunks_exact(width)) {
                        sums.iter_mut().zip(said.iter().zip(targets)).for_each(|(sum, (s, t))| *sum += (s - t) * (s - t));
                    }
                },
            );
            total += sums.iter().zip(weights.values).map(|(sum, weight)| f64::from(sum * weight)).sum::<f64>();
        }
        Ok((vec![total as f32], ().into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [said, targets, weights] = inputs else { candle_core::bail!("squared error: 3 inputs") };
        let (width, g) = (said.width(), gradient[0]);
        let mut d_said = vec![0.0; said.values.len()];
        wide(
            #[inline(always)]
            || {
                let rows = said.values.chunks_exact(width).zip(targets.values.chunks_exact(width));
                for (out, (said, targets)) in d_said.chunks_exact_mut(width).zip(rows) {
                    for j in 0..width {
                        out[j] = 2.0 * g * weights.values[j] * (said[j] - targets[j]);
                    }
                }
            },
        );
        let d_targets = wanted[1].then(|| d_said.iter().map(|v| -v).collect());
        Ok(vec![Some(d_said), d_targets, None])
    }
}
