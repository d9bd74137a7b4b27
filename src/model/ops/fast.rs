//! The pieces of fused operations on plain slices, for loops that draw and keep no gradients.

pub(crate) use super::matrix::affine;
pub(crate) use super::modulated::add_gated;

use super::modulated::{ACT, modulated_shapes, shift_and_scale};
use super::norm;
use super::packed::split;

/// The weights of a modulated block.
pub(crate) fn modulated_parts(packed: &[f32], width: usize) -> [&[f32]; 6] {
    split(packed, &modulated_shapes(width))
}

/// The norm of a modulated block; `stride` is 3 width for a modulation a row, 0 for the same one for all.
pub(crate) fn modulated_norm(x: &[f32], modulation: &[f32], width: usize, stride: usize, out: &mut [f32]) {
    norm::forward(x, width, shift_and_scale(modulation, width, stride), out);
}

/// The activation of a modulated block.
pub(crate) fn activate(x: &[f32], out: &mut [f32]) {
    ACT.forward(x, out);
}
