//! Elementary functions that the compiler can compute side by side: no branches, no calls of the C library.

/// Runs a loop with the widest instructions that this processor has.
///
/// Everything in the closure must be inlined: what it calls is marked `#[inline(always)]`.
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// e^x within 2 units in the last place (Cephes' `expf`: Moshier 1992); below -87 it stays at 1.6e-38, above 88 at 1.7e38.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    /// Added and taken away again, it rounds to a whole number, which then lies in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    // ln 2 in two parts, the first exact in few bits.
    let r = (x - whole * 0.693_359_4) - whole * -2.121_944_4e-4;
    let p = ((((1.987_569_1e-4 * r + 1.398_199_9e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 1.666_666_5e-1) * r + 0.5;
    let p = (p * r) * r + r + 1.0;
    let power = (shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23;
    f32::from_bits(power) * p
}

/// 1 / (1 + e^-x)
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Hyperbolic tangent within 3 units in the last place, near 0 too (a polynomial there, as in Cephes' `tanhf`: Moshier 1992).
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let z = x * x;
    let p = (((-5.704_988_7e-3 * z + 2.063_908_8e-2) * z - 5.373_971_6e-2) * z + 1.333_144_2e-1) * z - 3.333_328e-1;
    let near = p * z * x + x;
    let far = 1.0 - 2.0 / (1.0 + exp(2.0 * x));
    if x.abs() < 0.625 { near } else { far }
}

/// The error function within 2e-7 (Abramowitz & Stegun 1964, 7.1.26).
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let a = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * a);
    let p = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_8) * t - 0.284_496_72) * t + 0.254_829_6) * t;
    (1.0 - p * exp(-a * a)).copysign(x)
}

/// Sixteen running sums: added side by side, in an order that is the same on every machine.
#[inline(always)]
pub(crate) fn sum(values: &[f32]) -> f32 {
    fold(values, |v| v)
}

/// The sum of `of(v)`, in the order of [`sum`].
#[inline(always)]
pub(crate) fn fold(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 16];
    let parts = values.chunks_exact(16);
    let rest: f32 = parts.remainder().iter().map(|&v| of(v)).sum();
    for part in parts {
        for (lane, &v) in lanes.iter_mut().zip(part) {
            *lane += of(v);
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// The sum of `of(a, b)`, in the order of [`sum`].
#[inline(always)]
pub(crate) fn fold2(a: &[f32], b: &[f32], of: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (left, right) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(&a, &b)| of(a, b)).sum();
    for (left, right) in left.zip(right) {
        for i in 0..16 {
            lanes[i] += of(left[i], right[i]);
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Adds every row of `values` to `sums`, which is one row.
#[inline(always)]
pub(crate) fn add_rows(sums: &mut [f32], values: &[f32]) {
    for row in values.chunks_exact(sums.len()) {
        add(sums, row);
    }
}

/// `to += from`
#[inline(always)]
pub(crate) fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn functions_are_those_of_the_library(x in -90.0..90.0f32) {
            let close = |a: f32, b: f64, error: f64| (f64::from(a) - b).abs() <= error;
            let y = f64::from(x);
            prop_assert!(!(-87.0..=88.0).contains(&x) || (f64::from(exp(x)) / y.exp() - 1.0).abs() < 3e-7, "exp({x}) = {}", exp(x));
            prop_assert!(close(sigmoid(x), 1.0 / (1.0 + (-y).exp()), 2e-7));
            prop_assert!(close(tanh(x / 10.0), (y / 10.0).tanh(), 2e-7));
            let (small, exact) = (x / 100.0, f64::from(x / 100.0).tanh());
            prop_assert!(close(tanh(small), exact, 3e-7 * exact.abs()), "tanh({small}) = {}", tanh(small));
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so_and_the_ends_are_finite() {
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
        assert!(exp(1e9).is_finite() && exp(-1e9) >= 0.0);
        assert_eq!((sigmoid(1e9), tanh(1e9), tanh(-1e9), exp(0.0)), (1.0, 1.0, -1.0, 1.0));
        // From tables: erf(0.5), erf(1), erf(2).
        for (x, y) in [(0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3), (6.0, 1.0)] {
            assert!((erf(x) - y).abs() < 3e-7 && (erf(-x) + y).abs() < 3e-7, "erf({x})");
        }
    }

    #[test]
    fn sums_are_sums() {
        let values: Vec<f32> = (0..37).map(|i| i as f32).collect();
        assert_eq!(sum(&values), 666.0);
        assert_eq!(fold(&values, |v| 2.0 * v), 1332.0);
        assert_eq!(fold2(&values, &values, |a, b| a - b), 0.0);
        let mut sums = [1.0, 2.0];
        add_rows(&mut sums, &[10.0, 20.0, 30.0, 40.0]);
        assert_eq!(sums, [41.0, 62.0]);
    }
}
