//! The Wasserstein distance of order 1 between samples of one quantity, also called the earth mover's distance.
//!
//! In one dimension it is the area between the two distribution functions (Vallender 1974), in the units of the quantity:
//! how far, on average, a value must be moved to make one sample into the other.

use crate::util::{Error, Result};

/// Wasserstein-1 between two samples, in any order and of any sizes.
///
/// # Errors
/// An empty sample; values that are not finite, or so large that their distance is not.
pub fn wasserstein(a: &[f64], b: &[f64]) -> Result<f64> {
    let (a, b) = (sorted(a)?, sorted(b)?);
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j, mut area) = (0, 0, 0.0);
    let mut at = a[0].min(b[0]);
    while let Some(next) = [a.get(i), b.get(j)].into_iter().flatten().copied().reduce(f64::min) {
        area += (next - at) * (i as f64 / n - j as f64 / m).abs();
        at = next;
        i += a[i..].iter().take_while(|&&v| v == next).count();
        j += b[j..].iter().take_while(|&&v| v == next).count();
    }
    if area.is_finite() { Ok(area) } else { Err(Error::new("the values of the two samples are too far apart to be compared")) }
}

fn sorted(values: &[f64]) -> Result<Vec<f64>> {
    if values.is_empty() {
        return Err(Error::new("there are no values to compare"));
    }
    if let Some(at) = values.iter().position(|v| !v.is_finite()) {
        return Err(Error::new(format!("value {} is {}, which cannot be compared", at + 1, values[at])));
    }
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_are_right_by_hand() -> Result<()> {
        assert_eq!(wasserstein(&[0.0, 1.0, 3.0], &[5.0, 6.0, 8.0])?, 5.0);
        assert_eq!(wasserstein(&[2.0], &[1.0, 3.0, 3.0, 2.0])?, 0.75);
        assert_eq!(wasserstein(&[1.0, 1.0, 2.0, 2.0], &[2.0, 1.0])?, 0.0);
        Ok(())
    }

    #[test]
    fn what_has_no_distance_is_refused() {
        for (a, b) in [(vec![], vec![1.0]), (vec![1.0], vec![]), (vec![f64::NAN], vec![1.0]), (vec![f64::MAX], vec![f64::MIN])] {
            assert!(wasserstein(&a, &b).is_err());
        }
    }
}
