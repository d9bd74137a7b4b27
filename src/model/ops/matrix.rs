//! Products of matrices that lie in slices, row by row. The work is faer's, on the calling thread alone.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// All of `values` as rows of `columns` numbers.
pub(crate) fn rows(values: &[f32], columns: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(values, values.len() / columns.max(1), columns)
}

/// The same to write into.
pub(crate) fn rows_mut(values: &mut [f32], columns: usize) -> MatMut<'_, f32> {
    MatMut::from_row_major_slice_mut(values, values.len() / columns.max(1), columns)
}

/// The first `count` of the rows of `columns` numbers that begin `stride` numbers apart; where that is less than a row, rows overlap.
pub(crate) fn windows(values: &[f32], count: usize, columns: usize, stride: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice_with_stride(values, count, columns, stride)
}

/// The first `count` of the rows of `columns` numbers that begin `stride` numbers apart, which is at least a row.
pub(crate) fn rows_apart_mut(values: &mut [f32], count: usize, columns: usize, stride: usize) -> MatMut<'_, f32> {
    // Not `from_row_major_slice_with_stride_mut`: in faer 0.24.4 it exchanges the strides of rows and columns.
    MatMut::from_column_major_slice_with_stride_mut(values, columns, count, stride).transpose_mut()
}

/// `to = a b`, or `to += a b`.
pub(crate) fn product(to: MatMut<'_, f32>, how: Accum, a: MatRef<'_, f32>, b: MatRef<'_, f32>) {
    matmul(to, how, a, b, 1.0f32, Par::Seq);
}

/// `x w + bias`, into `out`: (rows, in) -> (rows, out).
pub(crate) fn affine(out: &mut [f32], x: &[f32], weight: &[f32], bias: &[f32]) {
    out.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias));
    let inputs = weight.len() / bias.len();
    product(rows_mut(out, bias.len()), Accum::Add, rows(x, inputs), rows(weight, bias.len()));
}

/// Gradients of [`affine`] given that of its result: `(d_weight, d_bias) = (xᵀ g, sum of the rows of g)`.
pub(crate) fn affine_weights(d_weight: &mut [f32], d_bias: &mut [f32], x: &[f32], gradient: &[f32]) {
    let (inputs, outputs) = (d_weight.len() / d_bias.len(), d_bias.len());
    product(rows_mut(d_weight, outputs), Accum::Replace, rows(x, inputs).transpose(), rows(gradient, outputs));
    d_bias.fill(0.0);
    super::math::wide(
        #[inline(always)]
        || super::math::add_rows(d_bias, gradient),
    );
}

/// Gradient of [`affine`]'s input: `d_x = g wᵀ`.
pub(crate) fn affine_input(d_x: &mut [f32], gradient: &[f32], weight: &[f32], outputs: usize) {
    product(rows_mut(d_x, weight.len() / outputs), Accum::Replace, rows(gradient, outputs), rows(weight, outputs).transpose());
}
