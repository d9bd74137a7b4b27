//! Things that lie behind one another in one tensor: several weights, so that a whole block is one operation with one gradient, and
//! sequences of unequal length.

use std::ops::Range;

/// The tokens of each packed sequence, given their ends.
pub(crate) fn sequences(ends: &[usize]) -> impl Iterator<Item = Range<usize>> {
    std::iter::once(0).chain(ends.iter().copied()).zip(ends).map(|(start, &end)| start..end)
}

/// The number of the packed sequence that each token belongs to, given their ends.
pub(crate) fn sequence_of(ends: &[usize]) -> Vec<u32> {
    sequences(ends).zip(0u32..).flat_map(|(span, sequence)| std::iter::repeat_n(sequence, span.len())).collect()
}

/// The `N` stretches of a packed tensor, given their shapes.
pub(super) fn split<'a, const N: usize>(mut packed: &'a [f32], shapes: &[(&'static str, [usize; 2]); N]) -> [&'a [f32]; N] {
    shapes.map(|(_, [rows, columns])| {
        let (part, rest) = packed.split_at(rows * columns);
        packed = rest;
        part
    })
}

/// The same to write into.
pub(super) fn split_mut<'a, const N: usize>(packed: &'a mut [f32], shapes: &[(&'static str, [usize; 2]); N]) -> [&'a mut [f32]; N] {
    let mut packed = Some(packed);
    shapes.map(|(_, [rows, columns])| {
        let (part, rest) = packed.take().unwrap_or_default().split_at_mut(rows * columns);
        packed = Some(rest);
        part
    })
}

/// Numbers in all stretches together.
pub(super) fn total(shapes: &[(&'static str, [usize; 2])]) -> usize {
    shapes.iter().map(|(_, [rows, columns])| rows * columns).sum()
}

/// The same of tensors, for the plain twins: biases and gains have one row and are returned as (columns).
pub(super) fn views<const N: usize>(
    packed: &candle_core::Tensor,
    shapes: &[(&'static str, [usize; 2]); N],
) -> candle_core::Result<[candle_core::Tensor; N]> {
    let mut at = 0;
    let mut out = Vec::with_capacity(N);
    for (_, [rows, columns]) in shapes {
        let part = packed.narrow(0, at, rows * columns)?;
        out.push(if *rows == 1 { part } else { part.reshape((*rows, *columns))? });
        at += rows * columns;
    }
    out.try_into().map_err(|_| candle_core::Error::Msg("a packed tensor lost a part".into()))
}
