//! Kernel distances of the same two sets many times over: the kernel is computed once, and every subset or resample only adds it up.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use rayon::prelude::*;

use super::Features;
use super::kernel::{Kid, estimate, subset, subset_size};
use super::resample::{RESAMPLES, Weights, interval, resample};
use crate::util::{Cancel, Result};

/// Numbers in the three tables of two sets together: 400 MB. Beyond that [`super::kernel::kid`] computes what it needs anew.
pub const ENTRIES_MAX: usize = 50_000_000;

/// Columns that one thread computes together.
const COLUMNS: usize = 128;

/// The kernel between all rows of a set and all rows of another (or the same): (rows of the first, rows of the second).
#[derive(Debug, Clone)]
pub(super) struct Gram(Mat<f64>);

/// Whether the tables of two sets fit into memory.
pub(super) fn fit(n: usize, m: usize) -> bool {
    n.saturating_mul(n).saturating_add(m.saturating_mul(m)).saturating_add(n.saturating_mul(m)) <= ENTRIES_MAX
}

impl Gram {
    /// `k(x, y) = (x·y / width + 1)³`, as in [`super::kernel`].
    pub(super) fn new(x: &Features, y: &Features, cancel: &Cancel) -> Result<Self> {
        let mut table = Mat::zeros(x.count(), y.count());
        let (rows, columns) = (x.matrix(), y.matrix());
        let block = |(number, mut part): (usize, faer::MatMut<'_, f64>)| {
            cancel.check()?;
            let from = columns.subrows(number * COLUMNS, part.ncols());
            matmul(part.as_mut(), Accum::Replace, rows, from.transpose(), 1.0 / x.width() as f64, Par::Seq);
            part.col_iter_mut().for_each(|column| column.iter_mut().for_each(|v| *v = (*v + 1.0).powi(3)));
            Ok(())
        };
        let mut parts = Vec::with_capacity(y.count().div_ceil(COLUMNS));
        let mut rest = table.as_mut();
        while rest.ncols() > 0 {
            let width = COLUMNS.min(rest.ncols());
            let (part, after) = rest.split_at_col_mut(width);
            parts.push(part);
            rest = after;
        }
        parts.into_par_iter().enumerate().map(block).collect::<Result<()>>()?;
        Ok(Self(table))
    }

    /// The kernel's sum over pairs of these rows and columns.
    fn sum(&self, rows: &[usize], columns: &[usize]) -> f64 {
        let table: MatRef<'_, f64> = self.0.as_ref();
        let column = |&j: &usize| {
            let column = table.col(j);
            rows.iter().map(|&i| column[i]).sum::<f64>()
        };
        columns.iter().map(column).sum()
    }

    /// The kernel's sum over pairs of different ones of these rows, of a set with itself.
    fn sum_within(&self, rows: &[usize]) -> f64 {
        self.sum(rows, rows) - rows.iter().map(|&i| self.0[(i, i)]).sum::<f64>()
    }

    /// For every resample, the kernel's weighted sum over all pairs.
    fn weighted(&self, left: &Mat<f64>, right: &Mat<f64>) -> Vec<f64> {
        let mut across = Mat::zeros(self.0.nrows(), right.ncols());
        matmul(across.as_mut(), Accum::Replace, self.0.as_ref(), right.as_ref(), 1.0, Par::Seq);
        (0..right.ncols()).map(|b| (0..left.nrows()).map(|i| left[(i, b)] * across[(i, b)]).sum()).collect()
    }
}

/// What [`super::kernel::kid`] gives, and the intervals of its mean over subsets and of its estimate from all rows.
pub(super) struct KidWithIntervals {
    pub kid: Kid,
    pub mean_interval: Option<[f64; 2]>,
    pub whole_interval: Option<[f64; 2]>,
}

/// From the tables of the sets with themselves and with one another.
pub(super) fn kid(xx: &Gram, yy: &Gram, xy: &Gram, subsets: usize, size: usize, seed: u64, cancel: &Cancel) -> Result<KidWithIntervals> {
    let counts = [xy.0.nrows(), xy.0.ncols()];
    let size = subset_size(counts, subsets, size)?;
    let one = |index: usize| {
        cancel.check()?;
        let [a, b] = subset(seed, index as u64, counts, size);
        let s = size as f64;
        Ok(estimate([xx.sum_within(&a), yy.sum_within(&b)], xy.sum(&a, &b), s, s))
    };
    let values = (0..subsets).into_par_iter().map(one).collect::<Result<Vec<f64>>>()?;
    let all = counts.map(|n| (0..n).collect::<Vec<usize>>());
    let [n, m] = counts.map(|n| n as f64);
    let whole = estimate([xx.sum_within(&all[0]), yy.sum_within(&all[1])], xy.sum(&all[0], &all[1]), n, m);
    let resampled = resampled(xx, yy, xy, seed, cancel)?;
    Ok(KidWithIntervals {
        kid: Kid::of(&values, whole, size),
        mean_interval: interval(resampled.clone()),
        whole_interval: interval(resampled),
    })
}

/// The estimate of every resample. Copies of one row are no pair: they would look alike for no reason but resampling.
fn resampled(xx: &Gram, yy: &Gram, xy: &Gram, seed: u64, cancel: &Cancel) -> Result<Vec<f64>> {
    let counts = [xy.0.nrows(), xy.0.ncols()];
    let drawn: Vec<[Weights; 2]> = (0..RESAMPLES).map(|b| resample(seed, b, counts)).collect();
    let table = |side: usize| Mat::from_fn(counts[side], RESAMPLES, |i, b| f64::from(drawn[b][side][i]));
    let weights = [table(0), table(1)];
    cancel.check()?;
    let sums: Vec<Vec<f64>> = [(xx, 0, 0), (yy, 1, 1), (xy, 0, 1)]
        .into_par_iter()
        .map(|(gram, left, right)| gram.weighted(&weights[left], &weights[right]))
        .collect();
    // Pairs that there are: of n drawn rows, without those of a row with itself.
    let pairs = |side: usize, b: usize| {
        let n = counts[side] as f64;
        n * n - drawn[b][side].iter().map(|&w| f64::from(w).powi(2)).sum::<f64>()
    };
    let own = |gram: &Gram, side: usize, b: usize| {
        drawn[b][side].iter().enumerate().map(|(i, &w)| f64::from(w).powi(2) * gram.0[(i, i)]).sum::<f64>()
    };
    let one = |b: usize| {
        let within = |gram: &Gram, side: usize| (sums[side][b] - own(gram, side, b)) / pairs(side, b);
        within(xx, 0) + within(yy, 1) - 2.0 * sums[2][b] / (counts[0] * counts[1]) as f64
    };
    Ok((0..RESAMPLES).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::kernel;
    use crate::util::rng::{Stream, normal, stream};

    fn features(seed: u64, rows: usize, shift: f32) -> Features {
        let row = |i: usize| normal(&mut stream(seed, Stream::Evaluate, i as u64), 6).into_iter().map(|v| v + shift).collect();
        Features::from_rows(&(0..rows).map(row).collect::<Vec<Vec<f32>>>()).expect("features")
    }

    #[test]
    fn it_is_the_kernel_distance_with_its_interval() -> Result<()> {
        let (a, b, cancel) = (features(1, 300, 0.0), features(2, 170, 0.4), Cancel::default());
        let (xx, yy, xy) = (Gram::new(&a, &a, &cancel)?, Gram::new(&b, &b, &cancel)?, Gram::new(&a, &b, &cancel)?);
        let found = kid(&xx, &yy, &xy, 20, 100, 3, &cancel)?;
        let slow = kernel::kid(&a, &b, 20, 100, 3)?;
        for (fast, slow) in [(found.kid.mean, slow.mean), (found.kid.deviation, slow.deviation), (found.kid.whole, slow.whole)] {
            assert!((fast / slow - 1.0).abs() < 1e-9, "{fast} {slow}");
        }
        let [low, high] = found.whole_interval.expect("resamples");
        assert!(low < slow.whole && slow.whole < high && low > 0.0, "{low} {high}");
        Ok(())
    }

    #[test]
    fn resamples_are_those_of_repeated_rows_without_their_own_pairs() -> Result<()> {
        let (a, b, cancel) = (features(1, 7, 0.0), features(2, 5, 0.4), Cancel::default());
        let (xx, yy, xy) = (Gram::new(&a, &a, &cancel)?, Gram::new(&b, &b, &cancel)?, Gram::new(&a, &b, &cancel)?);
        let [u, v] = resample(4, 2, [7, 5]);
        let mean = |gram: &Gram, left: &[u32], right: &[u32], own: bool| {
            let (mut sum, mut pairs) = (0.0, 0.0);
            for (i, &u) in left.iter().enumerate() {
                for (j, &v) in right.iter().enumerate().filter(|(j, _)| own || *j != i) {
                    let weight = f64::from(u) * f64::from(v);
                    (sum, pairs) = (sum + weight * gram.0[(i, j)], pairs + weight);
                }
            }
            sum / pairs
        };
        let by_hand = mean(&xx, &u, &u, false) + mean(&yy, &v, &v, false) - 2.0 * mean(&xy, &u, &v, true);
        assert!((resampled(&xx, &yy, &xy, 4, &cancel)?[2] / by_hand - 1.0).abs() < 1e-9);
        Ok(())
    }
}
