//! The loops of a convolution.

use std::array::from_fn;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::Conv2d;
use crate::model::ops::map::Map;

/// Outputs come in panels of two or three units, or of a single one where there is no more: a unit is the widest vector.
pub(super) const UNIT: usize = 16;

/// What a tile reads of the picture should stay in the second cache beside a panel of weights: bytes.
const TILE: usize = 256 << 10;

/// The outputs of every panel; the last ones may reach beyond `outputs`.
pub(super) fn panels(outputs: usize) -> impl Iterator<Item = Range<usize>> {
    let all = outputs.div_ceil(UNIT);
    let mut at = 0;
    std::iter::from_fn(move || {
        let units = match all - at {
            left @ (0 | 1 | 3) => left,
            _ => 2,
        };
        at += units;
        (units > 0).then(|| (at - units) * UNIT..at * UNIT)
    })
}

/// A convolution with its picture and the place of its result, all of sizes that fit.
pub(super) struct Layer<'a> {
    pub conv: &'a Conv2d,
    pub x: &'a Map,
    pub out: &'a mut Map,
    /// The first channel of `out`.
    pub first: usize,
}

/// A row of neighbouring pixels, and a panel: what is summed up at once.
struct Strip<'a> {
    /// The picture from the first number that the first pixel's window sees.
    seen: &'a [f32],
    /// From one window to the next.
    step: usize,
    /// From one row of the picture to the next, and from one pixel to the next.
    apart: [usize; 2],
    /// Pieces of a window's row that lie without a gap: all of it is one, or every pixel is.
    pieces: usize,
    /// Numbers of such a piece.
    run: usize,
    weight: &'a [f32],
    bias: &'a [f32],
    relu: bool,
    /// Channels of the panel that are outputs.
    channels: usize,
    /// From one pixel of the result to the next.
    pitch: usize,
}

impl Layer<'_> {
    /// Computes everything, with the widest instructions that this processor has.
    pub fn run(self) {
        pulp::Arch::new().dispatch(self);
    }
}

impl WithSimd for Layer<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { conv, x, out, first } = self;
        let ([kernel, across], stride) = (conv.geometry.kernel, conv.geometry.stride);
        let [mut height, mut width, _] = out.dims();
        let (step, row, pitch, out_row) = (stride * x.pitch(), x.row(), out.pitch(), out.row());
        let mut columns = width;
        // Where every pixel is a window, and pixels follow one another without a border, rows do not matter.
        if conv.geometry.kernel == [1, 1] && stride == 1 && x.border() == [0, 0] && out.border() == [0, 0] {
            (height, width) = (1, height * width);
            columns = (TILE / size_of::<f32>() / step).next_multiple_of(60);
        }
        let lines = (TILE / size_of::<f32>() / (stride * row)).max(1);
        let [above, before] = conv.geometry.padding;
        let (from, to) = (x.at(0, 0) - above * row - before * x.pitch(), out.at(0, 0) + first);
        let (seen, result) = (x.raw(), out.raw_mut());
        let taps = kernel * across * conv.inputs;
        let pieces = if x.pitch() == conv.inputs { 1 } else { across };
        for (top, left) in (0..height).step_by(lines).flat_map(|top| (0..width).step_by(columns).map(move |left| (top, left))) {
            let (bottom, right) = (height.min(top + lines), width.min(left + columns));
            for panel in panels(conv.outputs) {
                let strip = Strip {
                    seen: &[],
                    step,
                    apart: [row, x.pitch()],
                    pieces,
                    run: across / pieces * conv.inputs,
                    weight: &conv.weight[panel.start * taps..panel.end * taps],
                    bias: &conv.bias[panel.clone()],
                    relu: conv.relu,
                    channels: panel.len().min(conv.outputs - panel.start),
                    pitch,
                };
                let most = most::<S>(panel.len() / UNIT);
                for y in top..bottom {
                    for pixels in even(left..right, most) {
                        let seen = &seen[from + y * stride * row + pixels.start * step..];
                        let result = &mut result[to + y * out_row + pixels.start * pitch + panel.start..];
                        Strip { seen, ..strip }.choose(simd, pixels.len(), result);
                    }
                }
            }
        }
    }
}

/// Pixels in a strip at most: as many as leave registers for the weights and the pixels, whatever the width of a vector. More would do
/// by count, but then the compiler keeps some of the sums in memory.
#[inline(always)]
fn most<S: Simd>(units: usize) -> usize {
    match (S::F32_LANES, units) {
        (16, 3) => 6,
        (16, 2) => 10,
        (16, _) => 12,
        (8, 3) => 2,
        (8, 2) => 3,
        (4, 3) => 2,
        (4, 2) => 3,
        (8 | 4, _) => 6,
        _ => 1,
    }
}

/// A range in pieces of at most so many, all about as long: a short rest would be slow.
#[inline(always)]
fn even(range: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let pieces = range.len().div_ceil(most);
    (0..pieces).map(move |i| range.start + i * range.len() / pieces..range.start + (i + 1) * range.len() / pieces)
}

impl Strip<'_> {
    /// Computes a strip of so many pixels, by a loop made for just as many and for these vectors.
    #[inline(always)]
    fn choose<S: Simd>(self, simd: S, pixels: usize, out: &mut [f32]) {
        /// `vectors` in a panel; so many pixels, or else the last number of them.
        macro_rules! by_pixels {
            ($vectors:literal: $($count:literal)* | $last:literal) => {
                match pixels {
                    $($count => self.sum::<S, $count, $vectors>(simd, out),)*
                    _ => self.sum::<S, $last, $vectors>(simd, out),
                }
            };
        }
        match (S::F32_LANES, self.bias.len() / UNIT) {
            (16, 1) => by_pixels!(1: 1 2 3 4 5 6 7 8 9 10 11 | 12),
            (16, 2) => by_pixels!(2: 1 2 3 4 5 6 7 8 9 | 10),
            (16, _) => by_pixels!(3: 1 2 3 4 5 | 6),
            (8, 1) => by_pixels!(2: 1 2 3 4 5 | 6),
            (8, 2) => by_pixels!(4: 1 2 | 3),
            (8, _) => by_pixels!(6: 1 | 2),
            (4, 1) => by_pixels!(4: 1 2 3 4 5 | 6),
            (4, 2) => by_pixels!(8: 1 2 | 3),
            (4, _) => by_pixels!(12: 1 | 2),
            _ => self.sum_plainly(out),
        }
    }

    /// Where a piece of the first pixel's window begins.
    #[inline(always)]
    fn piece(&self, number: usize) -> usize {
        number / self.pieces * self.apart[0] + number % self.pieces * self.apart[1]
    }

    #[inline(always)]
    fn sum<S: Simd, const PIXELS: usize, const VECTORS: usize>(&self, simd: S, out: &mut [f32]) {
        let bias: [S::f32s; VECTORS] = from_fn(|j| simd.partial_load_f32s(&self.bias[j * S::F32_LANES..][..S::F32_LANES]));
        let mut sums = [bias; PIXELS];
        let (weight, _) = S::as_simd_f32s(self.weight).0.as_chunks::<VECTORS>();
        for (line, weight) in weight.chunks_exact(self.run).enumerate() {
            let seen: [&[f32]; PIXELS] = from_fn(|i| &self.seen[self.piece(line) + i * self.step..][..self.run]);
            for (k, weight) in (0..self.run).zip(weight) {
                for i in 0..PIXELS {
                    let value = simd.splat_f32s(seen[i][k]);
                    for j in 0..VECTORS {
                        sums[i][j] = simd.mul_add_e_f32s(value, weight[j], sums[i][j]);
                    }
                }
            }
        }
        // A copy: the sums themselves are never looked at by a number that is not a constant, so they need no memory.
        let done = sums;
        let least = simd.splat_f32s(if self.relu { 0.0 } else { f32::NEG_INFINITY });
        for (i, sums) in done.iter().enumerate() {
            let out = &mut out[i * self.pitch..][..self.channels];
            for (out, sum) in out.chunks_mut(S::F32_LANES).zip(sums) {
                simd.partial_store_f32s(out, simd.max_f32s(*sum, least));
            }
        }
    }

    /// One pixel, for processors whose vectors are not known here.
    #[inline(always)]
    fn sum_plainly(&self, out: &mut [f32]) {
        let width = self.bias.len();
        let mut sums = [0.0; 3 * UNIT];
        sums[..width].copy_from_slice(self.bias);
        for (line, weight) in self.weight.chunks_exact(self.run * width).enumerate() {
            let seen = &self.seen[self.piece(line)..][..self.run];
            for (value, weight) in seen.iter().zip(weight.chunks_exact(width)) {
                sums.iter_mut().zip(weight).for_each(|(sum, weight)| *sum += value * weight);
            }
        }
        for (out, sum) in out[..self.channels].iter_mut().zip(sums) {
            *out = if self.relu { sum.max(0.0) } else { sum };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ops::Geometry;
    use pulp::{Scalar, Scalar128b, Scalar256b, Scalar512b};

    #[test]
    fn panels_cover_all_outputs_in_twos_and_threes() {
        let units = |outputs: usize| panels(outputs).map(|panel| panel.len() / UNIT).collect::<Vec<_>>();
        assert_eq!([units(1), units(16), units(48), units(80)], [vec![1], vec![1], vec![3], vec![2, 3]]);
        for outputs in 1..300 {
            let ends: Vec<usize> = panels(outputs).map(|panel| panel.end).collect();
            assert!(panels(outputs).zip([0].iter().chain(&ends)).all(|(panel, end)| panel.start == *end));
            assert_eq!(ends.last(), Some(&outputs.next_multiple_of(UNIT)));
        }
    }

    #[test]
    fn pieces_are_about_as_long() {
        for (length, most) in [(17, 10), (35, 12), (1, 12), (100, 7)] {
            let pieces: Vec<_> = even(5..5 + length, most).collect();
            assert!(pieces.iter().all(|piece| (1..=most).contains(&piece.len()) && piece.len() * pieces.len() + pieces.len() > length));
            assert!(pieces.windows(2).all(|two| two[0].end == two[1].start));
            assert_eq!((pieces[0].start, pieces[pieces.len() - 1].end), (5, 5 + length));
        }
    }

    /// Vectors of every width, whatever this processor has: also those of another one.
    #[test]
    fn every_width_of_vector_gives_the_same() -> candle_core::Result<()> {
        for (kernel, stride, padding, inputs, outputs, width) in
            [([1, 1], 1, [0, 0], 5, 40, 13), ([3, 3], 1, [1, 1], 3, 48, 29), ([1, 5], 2, [0, 2], 4, 83, 23), ([3, 1], 1, [1, 0], 7, 7, 9)]
        {
            let number = |i: usize| ((i * 7919 + 13) % 1009) as f32 / 504.5 - 1.0;
            let numbers = |n: usize| (0..n).map(number).collect::<Vec<f32>>();
            let geometry = Geometry { kernel, stride, padding };
            let conv = Conv2d::new(&numbers(kernel[0] * kernel[1] * inputs * outputs), &numbers(outputs), geometry, true)?;
            let x = Map::new(&numbers(6 * width * inputs), [6, width, inputs], padding)?;
            let expected = conv.forward(&x, [0, 0])?.values();
            for lanes in [1, 4, 8, 16] {
                let [height, width, channels] = conv.dims(x.dims())?;
                let mut out = Map::any(height, width, channels, [0, 0]);
                let layer = Layer { conv: &conv, x: &x, out: &mut out, first: 0 };
                match lanes {
                    1 => layer.with_simd(Scalar),
                    4 => layer.with_simd(Scalar128b),
                    8 => layer.with_simd(Scalar256b),
                    _ => layer.with_simd(Scalar512b),
                }
                let off = out.values().iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(off < 1e-5, "{lanes} lanes, {geometry:?}: {off}");
            }
        }
        Ok(())
    }
}
