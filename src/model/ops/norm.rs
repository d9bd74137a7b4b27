//! Layer normalisation (Ba et al. 2016) with a scale and a shift: the same for all rows, or a row's own (adaLN, Peebles & Xie 2023).

use std::ops::Range;

use candle_core::{D, Result, Shape, Tensor};

use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::math::{add, fold, fold2, sum, wide};
use super::packed::sequences;

/// Keeps a row of equal numbers finite; PyTorch's value.
const EPSILON: f32 = 1e-5;

/// `normalise(x) * gain + bias`: `x` (rows, width); `gain` and `bias` (width).
pub fn layer_norm(x: &Tensor, gain: &Tensor, bias: &Tensor) -> Result<Tensor> {
    if fused(x) { apply(Norm { plus: 0.0, ends: None }, &[x, gain, bias]) } else { layer_norm_plain(x, gain, bias) }
}

/// The same of tensor functions.
pub fn layer_norm_plain(x: &Tensor, gain: &Tensor, bias: &Tensor) -> Result<Tensor> {
    normalise_plain(x)?.broadcast_mul(gain)?.broadcast_add(bias)
}

/// `normalise(x) * (1 + scale) + shift`: `x` (rows, width); `scale` and `shift` (rows, width), or (groups, width) where as many rows
/// that follow one another are of the same group.
pub fn modulated_norm(x: &Tensor, scale: &Tensor, shift: &Tensor) -> Result<Tensor> {
    if fused(x) { apply(Norm { plus: 1.0, ends: None }, &[x, scale, shift]) } else { modulated_norm_plain(x, scale, shift) }
}

/// The same of tensor functions.
pub fn modulated_norm_plain(x: &Tensor, scale: &Tensor, shift: &Tensor) -> Result<Tensor> {
    let (groups, width) = scale.dims2()?;
    let normal = normalise_plain(x)?.reshape((groups, (), width))?; // (groups, rows of each, width)
    let out = normal.broadcast_mul(&(scale + 1.0)?.unsqueeze(1)?)?.broadcast_add(&shift.unsqueeze(1)?)?; // (groups, rows of each, width)
    out.reshape(x.shape())
}

/// The same with groups of unequal length, of which `ends` holds the end of each: `x` (rows, width); `scale` and `shift` (groups, width).
pub fn modulated_norm_packed(x: &Tensor, scale: &Tensor, shift: &Tensor, ends: &[usize]) -> Result<Tensor> {
    if !fused(x) {
        return modulated_norm_packed_plain(x, scale, shift, ends);
    }
    apply(Norm { plus: 1.0, ends: Some(ends.to_vec()) }, &[x, scale, shift])
}

/// The same of tensor functions.
pub fn modulated_norm_packed_plain(x: &Tensor, scale: &Tensor, shift: &Tensor, ends: &[usize]) -> Result<Tensor> {
    let of = sequences(ends).zip(0u32..).flat_map(|(rows, group)| std::iter::repeat_n(group, rows.len()));
    let of = Tensor::from_iter(of, x.device())?; // (rows)
    modulated_norm_plain(x, &scale.index_select(&of, 0)?, &shift.index_select(&of, 0)?)
}

/// Every row to mean 0 and variance 1, of tensor functions: (…, width) -> (…, width).
pub(super) fn normalise_plain(x: &Tensor) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?; // (…, width)
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?; // (…, 1)
    centred.broadcast_div(&(variance + f64::from(EPSILON))?.sqrt()?)
}

/// Where a row finds its scale and shift: `plus + scale[i * stride..]`; a stride of 0 is the same for all rows.
#[derive(Clone, Copy)]
pub(super) struct Affine<'a> {
    pub scale: &'a [f32],
    pub shift: &'a [f32],
    pub stride: usize,
    pub plus: f32,
}

/// Mean and 1 / deviation of a row.
#[inline(always)]
fn moments(row: &[f32]) -> (f32, f32) {
    let n = row.len() as f32;
    let mean = sum(row) / n;
    let variance = fold(row, |v| (v - mean) * (v - mean)) / n;
    (mean, 1.0 / (variance + EPSILON).sqrt())
}

/// `out = normalise(x) * (plus + scale) + shift`, row by row.
pub(super) fn forward(x: &[f32], width: usize, affine: Affine<'_>, out: &mut [f32]) {
    let Affine { scale, shift, stride, plus } = affine;
    wide(
        #[inline(always)]
        || {
            for (i, (row, out)) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
                let (mean, inverse) = moments(row);
                let (scale, shift) = (&scale[i * stride..][..width], &shift[i * stride..][..width]);
                for j in 0..width {
                    out[j] = (row[j] - mean) * inverse * (plus + scale[j]) + shift[j];
                }
            }
        },
    );
}

/// Where the gradients of scale and shift go: in one slice, from these places on, with the stride of the [`Affine`].
pub(super) struct AffineGradient<'a> {
    pub values: &'a mut [f32],
    pub scale_at: usize,
    pub shift_at: usize,
}

/// Backward: adds the gradients of the input and of scale and shift.
pub(super) fn backward(x: &[f32], width: usize, affine: Affine<'_>, gradient: &[f32], d_x: &mut [f32], to: AffineGradient<'_>) {
    let Affine { scale, stride, plus, .. } = affine;
    let AffineGradient { values, scale_at, shift_at } = to;
    let (mut normal, mut inner) = (Buffer::any(width), Buffer::any(width));
    let n = width as f32;
    wide(
        #[inline(always)]
        || {
            for (i, ((row, g), d_x)) in x.chunks_exact(width).zip(gradient.chunks_exact(width)).zip(d_x.chunks_exact_mut(width)).enumerate()
            {
                let (mean, inverse) = moments(row);
                let (normal, inner) = (&mut normal[..width], &mut inner[..width]);
                let scale = &scale[i * stride..][..width];
                for j in 0..width {
                    normal[j] = (row[j] - mean) * inverse;
                    inner[j] = g[j] * (plus + scale[j]);
                }
                let d_scale = &mut values[scale_at + i * stride..][..width];
                d_scale.iter_mut().zip(g.iter().zip(&*normal)).for_each(|(d, (g, normal))| *d += g * normal);
                add(&mut values[shift_at + i * stride..][..width], g);
                let along = fold2(normal, inner, |a, b| a * b) / n;
                let mean = sum(inner) / n;
                for j in 0..width {
                    d_x[j] += inverse * (inner[j] - mean - normal[j] * along);
                }
            }
        },
    );
}

struct Norm {
    plus: f32,
    /// The ends of groups of unequal length.
    ends: Option<Vec<usize>>,
}

/// Rows with the same or their own scales, as places in the input and in the scales, and how they find them.
type Part<'a> = (Range<usize>, Range<usize>, Affine<'a>);

impl Norm {
    /// All rows at once where each has its own scale, group by group elsewhere; and the width.
    fn parts<'a>(&self, inputs: &'a [Input<'a>]) -> Result<(usize, Vec<Part<'a>>)> {
        let [x, scale, shift] = inputs else { candle_core::bail!("layer norm: 3 inputs") };
        let (width, rows) = (x.width(), x.rows());
        let groups = scale.values.len().checked_div(width).unwrap_or(0);
        let fits = match &self.ends {
            Some(ends) => ends.len() == groups && ends.is_sorted() && ends.last().copied().unwrap_or(0) == rows,
            None => groups > 0 && rows.is_multiple_of(groups),
        };
        if !fits || scale.values.len() != groups * width || shift.values.len() != groups * width {
            candle_core::bail!("layer norm: {:?} with {:?} and {:?} of groups {:?}", x.dims, scale.dims, shift.dims, self.ends);
        }
        let part = |at: Range<usize>, own: Range<usize>, stride| {
            let own = own.start * width..own.end * width;
            let affine = Affine { scale: &scale.values[own.clone()], shift: &shift.values[own.clone()], stride, plus: self.plus };
            (at.start * width..at.end * width, own, affine)
        };
        let group = |(i, at)| part(at, i..i + 1, 0);
        let parts = match (&self.ends, rows / groups.max(1)) {
            (Some(ends), _) => sequences(ends).enumerate().map(group).collect(),
            (None, 1) => vec![part(0..rows, 0..rows, width)],
            (None, each) => (0..groups).map(|i| group((i, i * each..(i + 1) * each))).collect(),
        };
        Ok((width, parts))
    }
}

impl Fused for Norm {
    const NAME: &'static str = "layer-norm";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let (width, parts) = self.parts(inputs)?;
        let x = &inputs[0];
        let mut out = vec![0.0; x.values.len()];
        for (at, _, affine) in parts {
            forward(&x.values[at.clone()], width, affine, &mut out[at]);
        }
        Ok((out, x.dims.into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let (width, parts) = self.parts(inputs)?;
        let (x, n) = (inputs[0].values, inputs[1].values.len());
        let (mut d_x, mut d_scale) = (vec![0.0; x.len()], vec![0.0; 2 * n]);
        for (at, own, affine) in parts {
            let to = AffineGradient { values: &mut d_scale, scale_at: own.start, shift_at: n + own.start };
            backward(&x[at.clone()], width, affine, &gradient[at.clone()], &mut d_x[at], to);
        }
        let d_shift = d_scale.split_off(n);
        Ok(vec![Some(d_x), Some(d_scale), Some(d_shift)])
    }
}
