//! Precision, recall, density and coverage, and how near generated drawings are to those that were trained on.
//!
//! A set's manifold is guessed as balls around its rows, each just reaching its `k`-th nearest neighbour in the set (itself
//! not counted). **Precision** and **recall** (Kynkäänniemi et al., "Improved precision and recall metric for assessing
//! generative models", 2019, eq. 1 to 3) are the shares of generated rows in the real manifold and of real rows in the
//! generated one. **Density** and **coverage** (Naeem et al., "Reliable fidelity and diversity metrics for generative
//! models", 2020, eq. 4 and 5) count the real balls around a generated row, over `k`, and the share of real balls with a
//! generated row in them; they are less at the mercy of outliers.
//!
//! Balls are closed, as the papers have it. Squared distances are sums of squared differences, not taken from products:
//! copies are at distance 0 exactly.

use rayon::prelude::*;

use super::Features;
use crate::util::{Error, Result};

/// The usual neighbour for density and coverage (Naeem et al. 2020).
pub const NEAREST: usize = 5;

/// The usual neighbour for precision and recall (Kynkäänniemi et al. 2019).
pub const NEAREST_IMPROVED: usize = 3;

/// How well generated rows lie where real ones do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Share of generated rows in the real manifold: 0 to 1.
    pub precision: f64,
    /// Share of real rows in the generated manifold: 0 to 1.
    pub recall: f64,
    /// Real balls around a generated row on average, over `k`: about 1 for equal distributions, may be more.
    pub density: f64,
    /// Share of real balls with a generated row: 0 to 1.
    pub coverage: f64,
}

/// All four, with balls that reach the `k`-th nearest neighbour ([`NEAREST`], [`NEAREST_IMPROVED`]).
///
/// # Errors
/// Unequal widths; `k` of 0, or a set without `k` neighbours.
pub fn coverage(real: &Features, generated: &Features, k: usize) -> Result<Coverage> {
    real.check_comparable(generated)?;
    let (a, b) = (radii(real, &[k])?, radii(generated, &[k])?);
    Ok(membership((real, &a[0]), (generated, &b[0])).coverage(k))
}

/// Who lies in whose manifold, row by row: what all four are means of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Membership {
    /// For every generated row, the real balls around it.
    pub balls: Vec<u32>,
    /// For every real row, whether it lies in a generated ball.
    pub recalled: Vec<bool>,
    /// For every real row, whether its ball has a generated row.
    pub covered: Vec<bool>,
}

impl Membership {
    /// The four.
    pub(super) fn coverage(&self, k: usize) -> Coverage {
        let share = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count() as f64 / flags.len() as f64;
        let generated = self.balls.len() as f64;
        Coverage {
            precision: self.balls.iter().filter(|&&balls| balls > 0).count() as f64 / generated,
            recall: share(&self.recalled),
            density: self.balls.iter().map(|&balls| u64::from(balls)).sum::<u64>() as f64 / (k as f64 * generated),
            coverage: share(&self.covered),
        }
    }
}

/// Of real and generated rows, each with the [`radii`] of its rows for one `k`.
pub(super) fn membership(real: (&Features, &[f64]), generated: (&Features, &[f64])) -> Membership {
    let rows: Vec<(&[f64], f64)> = real.0.rows().zip(real.1.iter().copied()).collect();
    let empty = || vec![0u32; generated.0.count()];
    let look = |(mut balls, mut flags): (Vec<u32>, Vec<(usize, bool, bool)>), (i, &(row, reach)): (usize, &(&[f64], f64))| {
        let (mut recalled, mut covered) = (false, false);
        for ((other, radius), balls) in generated.0.rows().zip(generated.1).zip(&mut balls) {
            let d = squared_distance(row, other);
            if d <= reach {
                (covered, *balls) = (true, *balls + 1);
            }
            recalled |= d <= *radius;
        }
        flags.push((i, recalled, covered));
        (balls, flags)
    };
    let join = |(mut a, mut flags): (Vec<u32>, Vec<(usize, bool, bool)>), (b, more): (Vec<u32>, Vec<(usize, bool, bool)>)| {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        flags.extend(more);
        (a, flags)
    };
    let (balls, flags) = rows.par_iter().enumerate().fold(|| (empty(), Vec::new()), look).reduce(|| (empty(), Vec::new()), join);
    let (mut recalled, mut covered) = (vec![false; rows.len()], vec![false; rows.len()]);
    for (i, is_recalled, is_covered) in flags {
        (recalled[i], covered[i]) = (is_recalled, is_covered);
    }
    Membership { balls, recalled, covered }
}

/// Distance of each row to its nearest in `training`, in units of the features: 0 for a copy.
///
/// # Errors
/// Unequal widths.
pub fn nearest(rows: &Features, training: &Features) -> Result<Vec<f64>> {
    rows.check_comparable(training)?;
    let least = |row: &[f64]| training.rows().map(|other| squared_distance(row, other)).fold(f64::INFINITY, f64::min).sqrt();
    Ok(rows.rows().collect::<Vec<_>>().into_par_iter().map(least).collect())
}

/// Distance of each of these rows of `training` to its nearest other one: what a training drawing would have if it had been kept out.
pub(super) fn nearest_other(training: &Features, rows: &[usize]) -> Vec<f64> {
    let all: Vec<&[f64]> = training.rows().collect();
    let least = |&i: &usize| {
        let others = all.iter().enumerate().filter(|&(j, _)| j != i);
        others.map(|(_, other)| squared_distance(all[i], other)).fold(f64::INFINITY, f64::min).sqrt()
    };
    rows.par_iter().map(least).collect()
}

/// The median of [`nearest`]. Generated drawings much nearer to the training set than real ones that were kept out of it
/// are copies: always show that figure beside this one.
///
/// # Errors
/// Unequal widths.
pub fn median_nearest(rows: &Features, training: &Features) -> Result<f64> {
    Ok(median(&nearest(rows, training)?))
}

/// The value in the middle of at least one, or between the two in the middle.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

/// For every `k`, and for every row, the squared distance to its `k`-th nearest neighbour in the same set.
pub(super) fn radii(features: &Features, ks: &[usize]) -> Result<Vec<Vec<f64>>> {
    if let Some(&k) = ks.iter().find(|&&k| k == 0 || k >= features.count()) {
        let what = format!("a set of {} drawings has no neighbour number {k}", features.count());
        return Err(Error::new(what).advise("Compare more drawings, or choose a nearer neighbour (at least the first)."));
    }
    let rows: Vec<&[f64]> = features.rows().collect();
    let reach = |i: usize| -> Vec<f64> {
        let others = rows.iter().enumerate().filter(|&(j, _)| j != i);
        let mut distances: Vec<f64> = others.map(|(_, row)| squared_distance(rows[i], row)).collect();
        ks.iter().map(|&k| *distances.select_nth_unstable_by(k - 1, f64::total_cmp).1).collect()
    };
    let of_rows: Vec<Vec<f64>> = (0..rows.len()).into_par_iter().map(reach).collect();
    Ok((0..ks.len()).map(|k| of_rows.iter().map(|row| row[k]).collect()).collect())
}

/// The same, whichever of the two comes first.
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    // Several sums, so that the processor need not wait for each addition.
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (wide_a, wide_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = wide_a.remainder().iter().zip(wide_b.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in wide_a.zip(wide_b) {
        for lane in 0..LANES {
            sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest
}
