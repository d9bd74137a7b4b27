//! The Frechet distance many times over: of resamples, for its interval; of fewer drawings, to extrapolate it to many.
//!
//! Faster than [`super::frechet`] and good to about six digits. `Tr (S1^½ S2 S1^½)^½` is the sum of the singular values of `X Yᵀ`, with
//! centred rows over the square root of the degrees of freedom; these are square roots of the eigenvalues of whichever symmetric matrix is
//! smallest: of the features' dimension, or of the fewer rows.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par, Side};
use rand::Rng;
use rayon::prelude::*;

use super::Features;
use super::frechet::failed;
use super::resample::{RESAMPLES, interval_around, resample};
use crate::util::rng::{Stream, stream};
use crate::util::{Cancel, Result};

/// A symmetric matrix with more rows takes too long to take apart a hundred times.
pub const MATRIX_MAX: usize = 512;

/// Extrapolating needs so many drawings for every feature: half of them must still be twice the features.
pub const ROWS_A_FEATURE: usize = 4;

/// Numbers of drawings that the line is laid through.
const SIZES: usize = 5;

/// Random subsets of every number, against chance.
const SUBSETS: usize = 4;

/// Why there is no interval, if there is none.
pub(super) fn no_interval(real: &Features, generated: &Features) -> Option<String> {
    let matrix = real.width().min(real.count()).min(generated.count());
    (matrix > MATRIX_MAX).then(|| {
        format!("a hundred resamples take too long with {} features of {} and {} drawings", real.width(), real.count(), generated.count())
    })
}

/// The interval of a Frechet distance.
pub(super) fn frechet_interval(real: &Features, generated: &Features, score: f64, seed: u64, cancel: &Cancel) -> Result<Option<[f64; 2]>> {
    let one = |index: usize| {
        cancel.check()?;
        let [a, b] = resample(seed, index, [real.count(), generated.count()]);
        distance(&Cloud::of(real, &a), &Cloud::of(generated, &b))
    };
    let resamples = (0..RESAMPLES).into_par_iter().map(one).collect::<Result<Vec<f64>>>()?;
    Ok(interval_around(score, resamples))
}

/// Why FID cannot be extrapolated, if it cannot.
pub(super) fn no_extrapolation(real: &Features, generated: &Features) -> Option<String> {
    let (rows, least) = (real.count().min(generated.count()), ROWS_A_FEATURE * real.width());
    (rows < least)
        .then(|| {
            format!(
                "extrapolating needs at least {least} drawings on both sides ({ROWS_A_FEATURE} for each of {} features), there are {rows}",
                real.width()
            )
        })
        .or_else(|| (real.width() > MATRIX_MAX).then(|| format!("extrapolating takes too long with {} features", real.width())))
}

/// FID of infinitely many drawings: distances of random halves up to the whole, equally many on both sides, on a line over 1 / n.
///
/// Chong and Forsyth, "Effectively unbiased FID and inception score" (2020), let the generated drawings alone grow; here both sides are few.
pub(super) fn extrapolated(real: &Features, generated: &Features, seed: u64, cancel: &Cancel) -> Result<f64> {
    let rows = real.count().min(generated.count());
    let (most, fewest) = (1.0 / rows as f64, 2.0 / rows as f64);
    let one = |index: usize| {
        cancel.check()?;
        // Evenly along the line, not along the numbers.
        let inverse = fewest + (most - fewest) * (index % SIZES) as f64 / (SIZES - 1) as f64;
        let size = ((1.0 / inverse).round() as usize).clamp(2, rows);
        let mut rng = stream(seed, Stream::Extrapolate, index as u64);
        let chosen = [real, generated].map(|features| {
            let mut weights = vec![0; features.count()];
            let mut order: Vec<usize> = (0..features.count()).collect();
            for i in 0..size {
                let other = rng.random_range(i as u64..features.count() as u64) as usize;
                order.swap(i, other);
                weights[order[i]] = 1;
            }
            Cloud::of(features, &weights)
        });
        Ok((1.0 / size as f64, distance(&chosen[0], &chosen[1])?))
    };
    let points = (0..SIZES * SUBSETS).into_par_iter().map(one).collect::<Result<Vec<_>>>()?;
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
    let slope = mean(&|p| (p.0 - x) * (p.1 - y)) / mean(&|p| (p.0 - x).powi(2));
    Ok(y - slope * x)
}

/// Rows of features, each counted so often.
struct Cloud {
    mean: Vec<f64>,
    /// (rows that count, width): centred, times the root of their weight over the degrees of freedom.
    rows: Mat<f64>,
    /// The covariance's trace.
    trace: f64,
}

impl Cloud {
    fn of(features: &Features, weights: &[u32]) -> Self {
        let counted = || features.rows().zip(weights).filter(|(_, weight)| **weight > 0);
        let count: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        let mut mean = vec![0.0; features.width()];
        for (row, &weight) in counted() {
            mean.iter_mut().zip(row).for_each(|(sum, v)| *sum += f64::from(weight) * v);
        }
        mean.iter_mut().for_each(|sum| *sum /= count);
        let mut rows = Mat::zeros(counted().count(), features.width());
        for (i, (row, &weight)) in counted().enumerate() {
            let scale = (f64::from(weight) / (count - 1.0).max(1.0)).sqrt();
            for (j, (v, m)) in row.iter().zip(&mean).enumerate() {
                rows[(i, j)] = (v - m) * scale;
            }
        }
        Self { mean, trace: rows.squared_norm_l2(), rows }
    }
}

fn distance(a: &Cloud, b: &Cloud) -> Result<f64> {
    let means: f64 = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b).powi(2)).sum();
    Ok(means + (a.trace + b.trace - 2.0 * root_trace(&a.rows, &b.rows)?).max(0.0))
}

/// The sum of the singular values of `x yᵀ`.
fn root_trace(x: &Mat<f64>, y: &Mat<f64>) -> Result<f64> {
    let (few, many) = if x.nrows() <= y.nrows() { (x, y) } else { (y, x) };
    let width = x.ncols();
    let product = |a: faer::MatRef<'_, f64>, b: faer::MatRef<'_, f64>| {
        let mut out = Mat::zeros(a.nrows(), b.ncols());
        matmul(out.as_mut(), Accum::Replace, a, b, 1.0, Par::Seq);
        out
    };
    let symmetric = if few.nrows() > width {
        let (s, t) = (product(few.transpose(), few.as_ref()), product(many.transpose(), many.as_ref()));
        let factor = match s.llt(Side::Lower) {
            Ok(factor) => factor.L().to_owned(),
            // No full rank: a feature that is always the same, say.
            Err(_) => {
                let eigen = s.self_adjoint_eigen(Side::Lower).map_err(failed)?;
                Mat::from_fn(width, width, |i, j| eigen.U()[(i, j)] * eigen.S().column_vector()[j].max(0.0).sqrt())
            }
        };
        product(product(factor.transpose(), t.as_ref()).as_ref(), factor.as_ref())
    } else {
        let across = product(few.as_ref(), many.transpose());
        product(across.as_ref(), across.transpose())
    };
    let values = symmetric.self_adjoint_eigenvalues(Side::Lower).map_err(failed)?;
    // Below rounding there is nothing but its root.
    let noise = values.iter().copied().fold(0.0, f64::max) * f64::EPSILON * symmetric.nrows() as f64;
    Ok(values.into_iter().filter(|&value| value > noise).map(f64::sqrt).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::frechet::frechet;
    use crate::util::rng::normal;

    fn features(seed: u64, rows: usize, width: usize, shift: f32) -> Features {
        let row = |i: usize| normal(&mut stream(seed, Stream::Evaluate, i as u64), width);
        let scaled = |i| row(i).into_iter().enumerate().map(|(j, v)| shift + v * (1.0 + j as f32)).collect::<Vec<f32>>();
        Features::from_rows(&(0..rows).map(scaled).collect::<Vec<_>>()).expect("features")
    }

    #[test]
    fn it_is_the_frechet_distance_whichever_side_is_small() -> Result<()> {
        for (n, m, width) in [(60, 50, 5), (20, 90, 30), (90, 20, 30), (10, 12, 40), (31, 200, 30)] {
            let (a, b) = (features(1, n, width, 0.0), features(2, m, width, 0.5));
            let slow = frechet(&a, &b)?.distance;
            let fast = distance(&Cloud::of(&a, &vec![1; n]), &Cloud::of(&b, &vec![1; m]))?;
            assert!((fast / slow - 1.0).abs() < 1e-6, "{n} {m} {width}: {fast} {slow}");
        }
        Ok(())
    }

    #[test]
    fn a_weight_is_a_repeated_row() -> Result<()> {
        let (a, b) = (features(1, 9, 3, 0.0), features(2, 8, 3, 0.5));
        let weights = [2, 0, 1, 1, 3, 0, 1, 1, 0];
        let repeated: Vec<f64> =
            a.rows().zip(weights).flat_map(|(row, times)| std::iter::repeat_n(row, times as usize)).flatten().copied().collect();
        let slow = frechet(&Features::new(repeated, 3)?, &b)?.distance;
        let fast = distance(&Cloud::of(&a, &weights), &Cloud::of(&b, &[1; 8]))?;
        assert!((fast / slow - 1.0).abs() < 1e-6, "{fast} {slow}");
        Ok(())
    }

    #[test]
    fn extrapolating_takes_most_of_the_bias_away() -> Result<()> {
        let (mut plain, mut infinite) = (0.0, 0.0);
        for seed in 0..12 {
            let (a, b) = (features(2 * seed, 300, 8, 0.0), features(2 * seed + 1, 300, 8, 0.0));
            plain += frechet(&a, &b)?.distance;
            infinite += extrapolated(&a, &b, seed, &Cancel::default())?;
        }
        assert!(infinite.abs() < plain / 3.0, "{infinite} of {plain}");
        let a = features(1, 400, 12, 0.0);
        assert!(no_extrapolation(&a, &features(2, 47, 12, 0.0)).is_some_and(|why| why.contains("48")));
        Ok(())
    }
}
