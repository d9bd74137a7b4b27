//! How values are spread, for showing two sides in one picture.

use super::scores::{Histogram, tidy};

/// Bars of a picture.
const BINS: usize = 24;

/// Whole numbers that span no more than this get a bar each.
const WHOLE_BARS: f64 = 40.0;

/// The share of values beyond either end.
const BEYOND: f64 = 0.005;

/// Of real and generated values; `None` if a side has none, or one that is no number.
pub(super) fn histogram(real: &[f64], generated: &[f64]) -> Option<Histogram> {
    let mut all: Vec<f64> = real.iter().chain(generated).copied().collect();
    if real.is_empty() || generated.is_empty() || all.iter().any(|v| !v.is_finite()) {
        return None;
    }
    all.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| all[((all.len() - 1) as f64 * share).round() as usize];
    let (low, high) = (at(BEYOND), at(1.0 - BEYOND));
    let whole = all.iter().all(|v| v.fract() == 0.0) && high - low <= WHOLE_BARS;
    let edges: Vec<f64> = if whole {
        (0..=(high - low) as usize + 1).map(|i| low - 0.5 + i as f64).collect()
    } else {
        let high = if high > low { high } else { low + 1.0 };
        (0..=BINS).map(|i| tidy(low + (high - low) * i as f64 / BINS as f64)).collect()
    };
    let shares = |values: &[f64]| {
        let mut counts = vec![0usize; edges.len() - 1];
        for value in values {
            let bin = edges.partition_point(|edge| edge <= value).saturating_sub(1).min(counts.len() - 1);
            counts[bin] += 1;
        }
        counts.into_iter().map(|count| tidy(count as f64 / values.len() as f64)).collect()
    };
    Some(Histogram { real: shares(real), generated: shares(generated), edges })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_get_a_bar_each_and_shares_add_up() {
        let found = histogram(&[1.0, 2.0, 2.0, 4.0], &[3.0]).expect("values");
        assert_eq!(found.edges, [0.5, 1.5, 2.5, 3.5, 4.5]);
        assert_eq!(found.real, [0.25, 0.5, 0.0, 0.25]);
        assert_eq!(found.generated, [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn what_lies_beyond_is_in_the_outer_bars() {
        let real: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0 + 0.0001).chain([1e9]).collect();
        let found = histogram(&real, &[-1e9, 0.5]).expect("values");
        assert_eq!(found.edges.len(), BINS + 1);
        assert!((found.real.iter().sum::<f64>() - 1.0).abs() < 1e-9 && found.generated[0] == 0.5);
        assert_eq!(histogram(&[], &[1.0]), None);
        assert_eq!(histogram(&[f64::NAN], &[1.0]), None);
        assert_eq!(histogram(&[0.25], &[0.25]).expect("values").real.iter().sum::<f64>(), 1.0);
    }
}
