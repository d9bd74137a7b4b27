//! The denoiser's residual block as one operation: a two-layer perceptron, modulated by a condition and gated by it (adaLN-zero,
//! Peebles & Xie 2023).

use candle_core::{D, Result, Shape, Tensor};

use super::activation::Activation;
use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::linear::linear;
use super::math::wide;
use super::matrix::{affine, affine_input, affine_weights};
use super::norm::{self, Affine, AffineGradient, modulated_norm};
use super::packed::{split, split_mut, total, views};

/// The perceptron's activation.
pub(crate) const ACT: Activation = Activation::Silu;

/// The weights of a block, in the order in which they are packed. `modulation` says shift, scale and gate, in that order.
pub fn modulated_shapes(width: usize) -> [(&'static str, [usize; 2]); 6] {
    [
        ("modulation.weight", [width, 3 * width]),
        ("modulation.bias", [1, 3 * width]),
        ("up.weight", [width, width]),
        ("up.bias", [1, width]),
        ("down.weight", [width, width]),
        ("down.bias", [1, width]),
    ]
}

/// `x + gate * (act((normalise(x) * (1 + scale) + shift) w_up + b_up) w_down + b_down)`
///
/// `x` (rows, width), `condition` (rows, width), activated; `packed` as [`modulated_shapes`] says -> (rows, width)
pub fn modulated_block(x: &Tensor, condition: &Tensor, packed: &Tensor) -> Result<Tensor> {
    if fused(x) { apply(Modulated, &[x, condition, packed]) } else { modulated_block_plain(x, condition, packed) }
}

/// The same of smaller operations.
pub fn modulated_block_plain(x: &Tensor, condition: &Tensor, packed: &Tensor) -> Result<Tensor> {
    let w = views(packed, &modulated_shapes(x.dim(1)?))?;
    let parts = linear(condition, &w[0], &w[1], Activation::None)?.chunk(3, D::Minus1)?; // 3 of (rows, width)
    let h = modulated_norm(x, &parts[1].contiguous()?, &parts[0].contiguous()?)?; // (rows, width)
    let h = linear(&linear(&h, &w[2], &w[3], ACT)?, &w[4], &w[5], Activation::None)?; // (rows, width)
    x + (&parts[2] * h)?
}

/// How the norm reads rows of modulation: a row's own (`stride` 3 width) or the same one for all (0).
pub(crate) fn shift_and_scale(modulation: &[f32], width: usize, stride: usize) -> Affine<'_> {
    Affine { shift: modulation, scale: modulation.get(width..).unwrap_or_default(), stride, plus: 1.0 }
}

/// `to += gate * down`, row by row; the gate is the last third of a row's modulation, `stride` as in [`shift_and_scale`].
pub(crate) fn add_gated(to: &mut [f32], modulation: &[f32], down: &[f32], width: usize, stride: usize) {
    wide(
        #[inline(always)]
        || {
            for (i, (to, down)) in to.chunks_exact_mut(width).zip(down.chunks_exact(width)).enumerate() {
                let gate = &modulation[i * stride + 2 * width..][..width];
                to.iter_mut().zip(gate.iter().zip(down)).for_each(|(to, (gate, down))| *to += gate * down);
            }
        },
    );
}

struct Modulated;

/// What the forward pass keeps.
struct Kept {
    /// Shift, scale and gate, (rows, 3 width).
    modulation: Buffer,
    /// Before the activation, (rows, width).
    up: Buffer,
    /// Before the gate, (rows, width).
    down: Buffer,
}

impl Fused for Modulated {
    const NAME: &'static str = "modulated-block";
    type Kept = Kept;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Kept)> {
        let [x, condition, packed] = inputs else { candle_core::bail!("modulated block: 3 inputs") };
        let (n, width) = (x.values.len(), x.width());
        let shapes = modulated_shapes(width);
        if condition.dims != x.dims || packed.values.len() != total(&shapes) {
            candle_core::bail!("modulated block: {:?}, {:?}, {} weights", x.dims, condition.dims, packed.values.len());
        }
        let w = split(packed.values, &shapes);
        let mut modulation = Buffer::any(3 * n);
        affine(&mut modulation, condition.values, w[0], w[1]);
        let mut inner = Buffer::any(n);
        norm::forward(x.values, width, shift_and_scale(&modulation, width, 3 * width), &mut inner);
        let mut up = Buffer::any(n);
        affine(&mut up, &inner, w[2], w[3]);
        ACT.forward(&up, &mut inner);
        let mut down = Buffer::any(n);
        affine(&mut down, &inner, w[4], w[5]);
        let mut out = x.values.to_vec();
        add_gated(&mut out, &modulation, &down, width, 3 * width);
        Ok((out, x.dims.into(), Kept { modulation, up, down }))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Kept, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [x, condition, packed] = inputs else { candle_core::bail!("modulated block: 3 inputs") };
        let (n, width) = (x.values.len(), x.width());
        let shapes = modulated_shapes(width);
        let w = split(packed.values, &shapes);
        let mut d_packed = vec![0.0; packed.values.len()];
        let [w_modulation, b_modulation, w_up, b_up, w_down, b_down] = split_mut(&mut d_packed, &shapes);
        let mut d_modulation = Buffer::zeros(3 * n);
        let mut d_down = Buffer::any(n);
        wide(
            #[inline(always)]
            || {
                let rows = gradient.chunks_exact(width).zip(kept.down.chunks_exact(width)).zip(d_down.chunks_exact_mut(width));
                let modulation = kept.modulation.chunks_exact(3 * width).zip(d_modulation.chunks_exact_mut(3 * width));
                for (((g, down), d_down), (modulation, d_modulation)) in rows.zip(modulation) {
                    let (gate, d_gate) = (&modulation[2 * width..], &mut d_modulation[2 * width..]);
                    for j in 0..width {
                        d_down[j] = g[j] * gate[j];
                        d_gate[j] = g[j] * down[j];
                    }
                }
            },
        );
        let mut inner = Buffer::any(n);
        ACT.forward(&kept.up, &mut inner);
        affine_weights(w_down, b_down, &inner, &d_down);
        let mut d_up = Buffer::any(n);
        affine_input(&mut d_up, &d_down, w[4], width);
        ACT.backward(&kept.up, &mut d_up);
        let read = shift_and_scale(&kept.modulation, width, 3 * width);
        norm::forward(x.values, width, read, &mut inner);
        affine_weights(w_up, b_up, &inner, &d_up);
        let d_inner = &mut inner;
        affine_input(d_inner, &d_up, w[2], width);
        let mut d_x = gradient.to_vec();
        let to = AffineGradient { values: &mut d_modulation, scale_at: width, shift_at: 0 };
        norm::backward(x.values, width, read, d_inner, &mut d_x, to);
        affine_weights(w_modulation, b_modulation, condition.values, &d_modulation);
        let d_condition = wanted[1].then(|| {
            let mut d_condition = vec![0.0; n];
            affine_input(&mut d_condition, &d_modulation, w[0], 3 * width);
            d_condition
        });
        Ok(vec![Some(d_x), d_condition, Some(d_packed)])
    }
}
