//! The kernel distance: with Inception features, the kernel inception distance (KID).
//!
//! Binkowski et al., "Demystifying MMD GANs" (2018): the squared maximum mean discrepancy under the kernel
//! `k(x, y) = (x·y / width + 1)³`, by the unbiased estimate
//! `Σ_{i≠j} k(x_i, x_j) / (n (n-1)) + Σ_{i≠j} k(y_i, y_j) / (m (m-1)) - 2 Σ_{i,j} k(x_i, y_j) / (n m)`,
//! averaged over random subsets. Being unbiased, it may be below 0, and sets of unequal size can be compared.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use rand::RngCore;
use rayon::prelude::*;

use super::Features;
use crate::util::rng::{Stream, stream};
use crate::util::{Error, Result};

/// The usual number of subsets.
pub const SUBSETS: usize = 100;

/// The usual size of a subset.
pub const SUBSET: usize = 1000;

/// Rows of a tile: its products stay in the cache.
const TILE: usize = 256;

/// A kernel distance. All its parts are in units of the kernel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kid {
    /// Mean over the subsets.
    pub mean: f64,
    /// Standard deviation over the subsets (divided by their number). Subsets that are whole sets do not differ: then it is
    /// 0 up to rounding and tells nothing.
    pub deviation: f64,
    /// The estimate from all rows of both sets at once.
    pub whole: f64,
    /// Subsets that were drawn.
    pub subsets: usize,
    /// Rows of each subset: as many as asked for, or as the smaller set has.
    pub size: usize,
}

/// The kernel distance between two sets, over `subsets` subsets of at most `size` rows ([`SUBSETS`] and [`SUBSET`] are usual).
///
/// # Errors
/// Unequal widths; fewer than 2 rows in a set or a subset; no subsets.
pub fn kid(a: &Features, b: &Features, subsets: usize, size: usize, seed: u64) -> Result<Kid> {
    a.check_comparable(b)?;
    let size = subset_size([a.count(), b.count()], subsets, size)?;
    let one = |index: u64| {
        let [rows_a, rows_b] = subset(seed, index, [a.count(), b.count()], size);
        let (x, y) = (a.select(&rows_a), b.select(&rows_b));
        mmd2(MatRef::from_row_major_slice(&x, size, a.width()), MatRef::from_row_major_slice(&y, size, b.width()))
    };
    let values: Vec<f64> = (0..subsets as u64).into_par_iter().map(one).collect();
    Ok(Kid::of(&values, mmd2(a.matrix(), b.matrix()), size))
}

impl Kid {
    /// From the estimates of the subsets, of `size` rows each, and of the whole.
    pub(super) fn of(values: &[f64], whole: f64, size: usize) -> Self {
        let subsets = values.len();
        let mean = values.iter().sum::<f64>() / subsets as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / subsets as f64;
        Self { mean, deviation: variance.sqrt(), whole, subsets, size }
    }
}

/// The size of subsets of sets with `counts` rows: what is asked for, or what the smaller set has.
pub(super) fn subset_size(counts: [usize; 2], subsets: usize, size: usize) -> Result<usize> {
    let size = size.min(counts[0]).min(counts[1]);
    if size < 2 || subsets == 0 {
        let what = format!("a kernel distance needs at least 1 subset of at least 2 drawings, not {subsets} of {size}");
        return Err(Error::new(what).advise("Compare more drawings."));
    }
    Ok(size)
}

/// The unbiased estimate from the kernel's sums: over pairs of different rows of each set, and over pairs of both.
pub(super) fn estimate(within: [f64; 2], between: f64, n: f64, m: f64) -> f64 {
    within[0] / (n * (n - 1.0)) + within[1] / (m * (m - 1.0)) - 2.0 * between / (n * m)
}

/// The rows of subset `index`: `size` different ones of each of two sets with `counts` rows, drawn from the stream
/// (seed, Subset, index), the first set's before the second's.
///
/// Fisher-Yates, broken off: place `i` of 0..n is exchanged with place `i + floor(u (n - i) / 2^64)`, where `u` is the
/// stream's next number of 64 bits, for `i` below `size`; the first `size` places are the subset. A `size` above a count
/// takes every row.
pub fn subset(seed: u64, index: u64, counts: [usize; 2], size: usize) -> [Vec<usize>; 2] {
    let mut rng = stream(seed, Stream::Subset, index);
    counts.map(|n| {
        let mut rows: Vec<usize> = (0..n).collect();
        for i in 0..size.min(n) {
            let step = (u128::from(rng.next_u64()) * (n - i) as u128) >> 64;
            rows.swap(i, i + step as usize);
        }
        rows.truncate(size);
        rows
    })
}

/// The unbiased estimate of the squared maximum mean discrepancy; both sets have at least 2 rows and one width.
fn mmd2(x: MatRef<'_, f64>, y: MatRef<'_, f64>) -> f64 {
    let (n, m) = (x.nrows() as f64, y.nrows() as f64);
    estimate([within(x), within(y)], between(x, y), n, m)
}

/// The kernel's sum over all pairs of rows from two sets.
fn between(x: MatRef<'_, f64>, y: MatRef<'_, f64>) -> f64 {
    sum(x, y, |_, _| 1.0)
}

/// The kernel's sum over all pairs of different rows of one set; the kernel being symmetric, half of them are computed.
fn within(x: MatRef<'_, f64>) -> f64 {
    sum(x, x, |i, j| if i > j { 2.0 } else { 0.0 })
}

/// The kernel's sum over pairs of rows (i, j), each with its weight; tiles whose last weight is 0 everywhere are skipped.
fn sum(x: MatRef<'_, f64>, y: MatRef<'_, f64>, weight: impl Fn(usize, usize) -> f64 + Sync) -> f64 {
    let scale = 1.0 / x.ncols() as f64;
    let starts = |rows: usize| (0..rows).step_by(TILE);
    let tiles: Vec<(usize, usize)> = starts(x.nrows()).flat_map(|i| starts(y.nrows()).map(move |j| (i, j))).collect();
    let tile = |&(i0, j0): &(usize, usize)| {
        let (rows, columns) = (TILE.min(x.nrows() - i0), TILE.min(y.nrows() - j0));
        if weight(i0 + rows - 1, j0) == 0.0 {
            return 0.0;
        }
        let mut gram = Mat::zeros(rows, columns);
        let (x, y) = (x.subrows(i0, rows), y.subrows(j0, columns));
        matmul(gram.as_mut(), Accum::Replace, x, y.transpose(), scale, Par::Seq);
        // A column lies together.
        let column = |j: usize| (0..rows).map(|i| weight(i0 + i, j0 + j) * (gram[(i, j)] + 1.0).powi(3)).sum::<f64>();
        (0..columns).map(column).sum::<f64>()
    };
    // In order, so that the sum does not depend on who was faster.
    tiles.par_iter().map(tile).collect::<Vec<f64>>().iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subset_has_different_rows_and_repeats() {
        let [a, b] = subset(3, 1, [50, 20], 20);
        let distinct = |rows: &[usize]| rows.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!((distinct(&a), distinct(&b)), (20, 20));
        assert!(a.iter().all(|&i| i < 50) && b.iter().all(|&i| i < 20));
        assert_eq!(subset(3, 1, [50, 20], 20), [a.clone(), b]);
        assert_ne!(subset(3, 2, [50, 20], 20)[0], a);
        assert_eq!(subset(3, 1, [5, 0], 9).map(|rows| rows.len()), [5, 0]);
    }

    #[test]
    fn tiles_add_up_to_the_whole() {
        let values: Vec<f64> = (0..3 * 600).map(|i| f64::from(i * 37 % 101) / 50.0 - 1.0).collect();
        let x = MatRef::from_row_major_slice(&values, 600, 3);
        let k = |i: usize, j: usize| ((0..3).map(|c| x[(i, c)] * x[(j, c)]).sum::<f64>() / 3.0 + 1.0).powi(3);
        let all: f64 = (0..600).map(|i| (0..600).map(|j| k(i, j)).sum::<f64>()).sum();
        let diagonal: f64 = (0..600).map(|i| k(i, i)).sum();
        assert!((between(x, x) / all - 1.0).abs() < 1e-12);
        assert!((within(x) / (all - diagonal) - 1.0).abs() < 1e-12);
    }
}
