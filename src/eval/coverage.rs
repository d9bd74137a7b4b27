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
    let (real_radii, generated_radii) = (radii(real, k)?, radii(generated, k)?);
    let real_rows: Vec<&[f64]> = real.rows().collect();
    let empty = || Seen { balls: vec![0; generated.count()], recalled: 0, covered: 0 };
    let look = |mut seen: Seen, i: usize| {
        let (mut covered, mut recalled) = (false, false);
        for ((row, radius), balls) in generated.rows().zip(&generated_radii).zip(&mut seen.balls) {
            let d = squared_distance(real_rows[i], row);
            if d <= real_radii[i] {
                (covered, *balls) = (true, *balls + 1);
            }
            recalled |= d <= *radius;
        }
        Seen { covered: seen.covered + usize::from(covered), recalled: seen.recalled + usize::from(recalled), ..seen }
    };
    let seen = (0..real_rows.len()).into_par_iter().fold(empty, look).reduce(empty, Seen::and);
    let (n, m) = (real.count() as f64, generated.count() as f64);
    Ok(Coverage {
        precision: seen.balls.iter().filter(|&&balls| balls > 0).count() as f64 / m,
        recall: seen.recalled as f64 / n,
        density: seen.balls.iter().sum::<u64>() as f64 / (k as f64 * m),
        coverage: seen.covered as f64 / n,
    })
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

/// The median of [`nearest`]. Generated drawings much nearer to the training set than real ones that were kept out of it
/// are copies: always show that figure beside this one.
///
/// # Errors
/// Unequal widths.
pub fn median_nearest(rows: &Features, training: &Features) -> Result<f64> {
    let mut distances = nearest(rows, training)?;
    distances.sort_unstable_by(f64::total_cmp);
    let middle = distances.len() / 2;
    Ok(if distances.len() % 2 == 1 { distances[middle] } else { f64::midpoint(distances[middle - 1], distances[middle]) })
}

/// What was counted so far.
struct Seen {
    /// For every generated row, the real balls around it.
    balls: Vec<u64>,
    recalled: usize,
    covered: usize,
}

impl Seen {
    fn and(mut self, other: Self) -> Self {
        self.balls.iter_mut().zip(other.balls).for_each(|(a, b)| *a += b);
        Self { balls: self.balls, recalled: self.recalled + other.recalled, covered: self.covered + other.covered }
    }
}

/// For every row, the squared distance to its `k`-th nearest neighbour in the same set.
fn radii(features: &Features, k: usize) -> Result<Vec<f64>> {
    if k == 0 || k >= features.count() {
        let what = format!("a set of {} drawings has no neighbour number {k}", features.count());
        return Err(Error::new(what).advise("Compare more drawings, or choose a nearer neighbour (at least the first)."));
    }
    let rows: Vec<&[f64]> = features.rows().collect();
    let radius = |i: usize| {
        let others = rows.iter().enumerate().filter(|&(j, _)| j != i);
        let mut distances: Vec<f64> = others.map(|(_, row)| squared_distance(rows[i], row)).collect();
        *distances.select_nth_unstable_by(k - 1, f64::total_cmp).1
    };
    Ok((0..rows.len()).into_par_iter().map(radius).collect())
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
