//! Layer normalisation without gain and bias (Ba et al. 2016): every row to mean 0 and variance 1.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, D, Layout, Result, Shape, Tensor};

use super::{fused, slice};

/// Keeps a row of equal numbers finite; PyTorch's value.
const EPSILON: f32 = 1e-5;

/// (…, width) -> (…, width)
pub fn normalise(x: &Tensor) -> Result<Tensor> {
    if fused(x) { x.contiguous()?.apply_op1(Normalise) } else { normalise_plain(x) }
}

/// The same of tensor functions.
pub fn normalise_plain(x: &Tensor) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?; // (…, width)
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?; // (…, 1)
    centred.broadcast_div(&(variance + f64::from(EPSILON))?.sqrt()?)
}

struct Normalise;
struct NormaliseBackward;

/// Eight running sums: the compiler may add them side by side, and the order is the same on every machine.
fn sum(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let mut lanes = [0.0f32; 8];
    for (i, value) in values.enumerate() {
        lanes[i % 8] += value;
    }
    lanes.iter().sum()
}

/// Mean and 1 / deviation of a row.
fn moments(row: &[f32]) -> (f32, f32) {
    let n = row.len() as f32;
    let mean = sum(row.iter().copied()) / n;
    let variance = sum(row.iter().map(|v| (v - mean) * (v - mean))) / n;
    (mean, 1.0 / (variance + EPSILON).sqrt())
}

fn width(layout: &Layout) -> usize {
    layout.dims().last().copied().unwrap_or(1).max(1)
}

impl CustomOp1 for Normalise {
    fn name(&self) -> &'static str {
        "normalise"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = slice(storage, layout)?;
        let mut out = Vec::with_capacity(x.len());
        for row in x.chunks_exact(width(layout)) {
            let (mean, inverse) = moments(row);
            out.extend(row.iter().map(|v| (v - mean) * inverse));
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        x.contiguous()?.apply_op2_no_bwd(&grad.contiguous()?, &NormaliseBackward).map(Some)
    }
}

impl CustomOp2 for NormaliseBackward {
    fn name(&self) -> &'static str {
        "normalise-backward"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout, grad: &CpuStorage, lg: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, grad, width) = (slice(x, lx)?, slice(grad, lg)?, width(lx));
        let mut out = Vec::with_capacity(x.len());
        for (row, g) in x.chunks_exact(width).zip(grad.chunks_exact(width)) {
            let (mean, inverse) = moments(row);
            let n = width as f32;
            let g_mean = sum(g.iter().copied()) / n;
            let g_along = sum(row.iter().zip(g).map(|(v, g)| (v - mean) * inverse * g)) / n;
            out.extend(row.iter().zip(g).map(|(v, g)| inverse * (g - g_mean - (v - mean) * inverse * g_along)));
        }
        Ok((CpuStorage::F32(out), lx.shape().clone()))
    }
}
