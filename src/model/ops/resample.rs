//! A sequence of half or twice the length, channels last. Each is the other's gradient but for a factor.

use candle_core::{Result, Shape, Tensor};

use super::fused::{Fused, Input, apply, fused};
use super::math::wide;

/// The mean of every two points: (batch, length, width) -> (batch, length / 2, width); the length is even.
pub fn halve(x: &Tensor) -> Result<Tensor> {
    if fused(x) { apply(Halve, &[x]) } else { halve_plain(x) }
}

/// The same of tensor functions.
pub fn halve_plain(x: &Tensor) -> Result<Tensor> {
    let (batch, length, width) = halves(x.dims())?;
    x.reshape((batch, length, 2, width))?.mean(2) // (batch, length / 2, width)
}

/// Every point twice: (batch, length, width) -> (batch, 2 * length, width)
pub fn double(x: &Tensor) -> Result<Tensor> {
    if fused(x) { apply(Double, &[x]) } else { double_plain(x) }
}

/// The same of tensor functions.
pub fn double_plain(x: &Tensor) -> Result<Tensor> {
    let (batch, length, width) = x.dims3()?;
    x.unsqueeze(2)?.broadcast_as((batch, length, 2, width))?.reshape((batch, 2 * length, width))
}

/// Sizes of what [`halve`] returns.
fn halves(dims: &[usize]) -> Result<(usize, usize, usize)> {
    match *dims {
        [batch, length, width] if length.is_multiple_of(2) && width > 0 => Ok((batch, length / 2, width)),
        _ => candle_core::bail!("a sequence of {dims:?} cannot be halved"),
    }
}

/// `factor` times the sum of every two rows.
fn pairs(x: &[f32], width: usize, factor: f32) -> Vec<f32> {
    let mut out = vec![0.0; x.len() / 2];
    wide(
        #[inline(always)]
        || {
            for (out, pair) in out.chunks_exact_mut(width).zip(x.chunks_exact(2 * width)) {
                let (a, b) = pair.split_at(width);
                out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = factor * (a + b));
            }
        },
    );
    out
}

/// `factor` times every row, twice.
fn twice(x: &[f32], width: usize, factor: f32) -> Vec<f32> {
    let mut out = vec![0.0; 2 * x.len()];
    wide(
        #[inline(always)]
        || {
            for (pair, x) in out.chunks_exact_mut(2 * width).zip(x.chunks_exact(width)) {
                let (a, b) = pair.split_at_mut(width);
                a.iter_mut().zip(b).zip(x).for_each(|((a, b), x)| (*a, *b) = (factor * x, factor * x));
            }
        },
    );
    out
}

struct Halve;

impl Fused for Halve {
    const NAME: &'static str = "halve";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let (batch, length, width) = halves(inputs[0].dims)?;
        Ok((pairs(inputs[0].values, width, 0.5), (batch, length, width).into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        Ok(vec![Some(twice(gradient, inputs[0].width(), 0.5))])
    }
}

struct Double;

impl Fused for Double {
    const NAME: &'static str = "double";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        match *inputs[0].dims {
            [batch, length, width] if width > 0 => Ok((twice(inputs[0].values, width, 1.0), (batch, 2 * length, width).into(), ())),
            _ => candle_core::bail!("a sequence of {:?} cannot be doubled", inputs[0].dims),
        }
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        Ok(vec![Some(pairs(gradient, inputs[0].width(), 1.0))])
    }
}
