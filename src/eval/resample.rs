//! Intervals by resampling: how much a score would change if other drawings had been drawn.
//!
//! The bootstrap (Efron 1979): rows are drawn with replacement, as many as there are, and scored again. A resample is held as the
//! number of times that each row was drawn. Intervals are percentiles. Repeats alone raise FID, so its percentiles are moved until the
//! resamples' mean lies on the score itself.

use rand::Rng;

use crate::util::rng::{Stream, stream};

/// Resamples of a score.
pub const RESAMPLES: usize = 100;

/// The share of resamples in an interval.
const SHARE: f64 = 0.95;

/// How often each row of one set was drawn.
pub(super) type Weights = Vec<u32>;

/// Resample `index` of sets with `counts` rows, the first set's rows drawn before the second's.
pub(super) fn resample(seed: u64, index: usize, counts: [usize; 2]) -> [Weights; 2] {
    let mut rng = stream(seed, Stream::Resample, index as u64);
    counts.map(|n| {
        let mut weights = vec![0; n];
        for _ in 0..n {
            weights[rng.random_range(0..n as u64) as usize] += 1;
        }
        weights
    })
}

/// The interval that resamples around `score` give, for scores that repeats alone change.
pub(super) fn interval_around(score: f64, resamples: Vec<f64>) -> Option<[f64; 2]> {
    let mean = resamples.iter().sum::<f64>() / resamples.len() as f64;
    interval(resamples.into_iter().map(|v| v - mean + score).collect())
}

/// The interval that resamples give.
pub(super) fn interval(mut resamples: Vec<f64>) -> Option<[f64; 2]> {
    if resamples.is_empty() || resamples.iter().any(|v| !v.is_finite()) {
        return None;
    }
    resamples.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (resamples.len() - 1) as f64;
        let (low, part) = (place.floor() as usize, place.fract());
        let high = (low + 1).min(resamples.len() - 1);
        resamples[low] + part * (resamples[high] - resamples[low])
    };
    Some([at((1.0 - SHARE) / 2.0), at((1.0 + SHARE) / 2.0)])
}

/// The mean of `values`, each counted so often.
pub(super) fn weighted_mean(values: &[f64], weights: &[u32]) -> f64 {
    let sum: f64 = values.iter().zip(weights).map(|(value, &weight)| value * f64::from(weight)).sum();
    sum / weights.iter().map(|&weight| f64::from(weight)).sum::<f64>()
}

/// Of values that are sorted, each counted so often, the least that at least one in `one_in` of them does not exceed: with 2 the median
/// (the lower one of two in the middle).
pub(super) fn weighted_quantile(sorted: &[(f64, usize)], weights: &[u32], one_in: u64) -> f64 {
    let wanted = weights.iter().map(|&weight| u64::from(weight)).sum::<u64>().div_ceil(one_in);
    let mut seen = 0;
    for &(value, row) in sorted {
        seen += u64::from(weights[row]);
        if seen >= wanted {
            return value;
        }
    }
    f64::NAN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resample_has_as_many_rows_and_repeats_by_seed() {
        let [a, b] = resample(1, 0, [30, 7]);
        assert_eq!((a.len(), a.iter().sum::<u32>(), b.iter().sum::<u32>()), (30, 30, 7));
        assert_eq!(resample(1, 0, [30, 7]), [a.clone(), b]);
        assert_ne!(resample(1, 1, [30, 7])[0], a);
        assert_ne!(resample(2, 0, [30, 7])[0], a);
    }

    #[test]
    fn an_interval_lies_around_its_score() {
        let resamples = || (0..=100).map(f64::from).collect::<Vec<f64>>();
        let close = |found: Option<[f64; 2]>, ends: [f64; 2]| found.is_some_and(|found| (0..2).all(|i| (found[i] - ends[i]).abs() < 1e-9));
        assert!(close(interval(resamples()), [2.5, 97.5]));
        assert!(close(interval_around(3.0, resamples()), [3.0 - 47.5, 3.0 + 47.5]));
        assert_eq!((interval(vec![]), interval_around(3.0, vec![]), interval(vec![1.0, f64::NAN])), (None, None, None));
    }

    #[test]
    fn weighted_means_and_quantiles_are_those_of_the_repeated_values() {
        assert_eq!(weighted_mean(&[1.0, 5.0], &[3, 1]), 2.0);
        let sorted = [(1.0, 2), (4.0, 0), (9.0, 1)];
        assert_eq!(weighted_quantile(&sorted, &[1, 1, 1], 2), 4.0);
        assert_eq!(weighted_quantile(&sorted, &[0, 3, 0], 2), 9.0);
        assert_eq!([3, 4].map(|one_in| weighted_quantile(&sorted, &[1, 2, 1], one_in)), [4.0, 1.0]);
    }

    #[test]
    fn the_interval_of_a_mean_holds_the_truth_about_as_often_as_it_says() {
        let covered = (0..200).filter(|&trial| {
            let values: Vec<f64> =
                crate::util::rng::normal(&mut stream(trial, Stream::Evaluate, 0), 60).into_iter().map(f64::from).collect();
            let resampled = (0..RESAMPLES).map(|i| weighted_mean(&values, &resample(trial, i, [60, 1])[0])).collect();
            interval(resampled).is_some_and(|[low, high]| low <= 0.0 && 0.0 <= high)
        });
        let share = covered.count() as f64 / 200.0;
        assert!((0.88..=0.99).contains(&share), "{share}");
    }
}
