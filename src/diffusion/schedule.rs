//! Noise levels: which sigmas a sampler visits, from the largest down to 0. All in f64.

use std::f64::consts::FRAC_PI_2;

use crate::config::{DrawSettings, NoiseSchedule};

use super::parametrisation::{alpha_bar, sigma};

/// The offset of the cosine schedule (Nichol & Dhariwal 2021, equation 17).
const COSINE_OFFSET: f64 = 0.008;

/// Ends of the linear schedule's rate in continuous time (Song et al. 2021, VP-SDE; 0.0001 … 0.02 over 1000 steps).
const LINEAR_BETAS: (f64, f64) = (0.1, 20.0);

/// `steps + 1` noise levels, strictly falling from `sigma_max`; the one before the last is `sigma_min`, the last is 0.
pub fn noise_levels(settings: &DrawSettings) -> Vec<f64> {
    let DrawSettings { schedule, steps, sigma_min, sigma_max, rho, .. } = *settings;
    let at = |t: f64| match schedule {
        // EDM, equation 5.
        NoiseSchedule::Karras => {
            let (high, low) = (sigma_max.powf(1.0 / rho), sigma_min.powf(1.0 / rho));
            (high + t * (low - high)).powf(rho)
        }
        NoiseSchedule::Cosine => between(t, sigma_max, sigma_min, cosine_sigma, cosine_time),
        NoiseSchedule::Linear => between(t, sigma_max, sigma_min, linear_sigma, linear_time),
    };
    (0..steps).map(|i| if steps == 1 { sigma_max } else { at(i as f64 / (steps - 1) as f64) }).chain([0.0]).collect()
}

/// The level at a share `t` of the schedule's own time between two levels.
fn between(t: f64, high: f64, low: f64, sigma_at: fn(f64) -> f64, time_at: fn(f64) -> f64) -> f64 {
    let (from, to) = (time_at(high), time_at(low));
    sigma_at(from + t * (to - from))
}

/// The cosine schedule at time 0 (clean) to 1 (noise): `alpha_bar` is a squared cosine.
pub fn cosine_sigma(time: f64) -> f64 {
    let angle = |t: f64| ((t + COSINE_OFFSET) / (1.0 + COSINE_OFFSET) * FRAC_PI_2).cos().powi(2);
    sigma(angle(time) / angle(0.0))
}

/// The time at which the cosine schedule has this level: the inverse of [`cosine_sigma`].
pub fn cosine_time(level: f64) -> f64 {
    let start = (COSINE_OFFSET / (1.0 + COSINE_OFFSET) * FRAC_PI_2).cos();
    let angle = (alpha_bar(level).sqrt() * start).acos();
    angle / FRAC_PI_2 * (1.0 + COSINE_OFFSET) - COSINE_OFFSET
}

/// The linear schedule at time 0 (clean) to 1 (noise): `alpha_bar = exp(-integral of beta)`.
pub fn linear_sigma(time: f64) -> f64 {
    let (low, high) = LINEAR_BETAS;
    (low * time + (high - low) * time * time / 2.0).exp_m1().sqrt()
}

/// The time at which the linear schedule has this level: the inverse of [`linear_sigma`].
pub fn linear_time(level: f64) -> f64 {
    let (low, high) = LINEAR_BETAS;
    let integral = (level * level).ln_1p();
    let slope = high - low;
    ((low * low + 2.0 * slope * integral).sqrt() - low) / slope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DrawSettings, load};
    use proptest::prelude::*;

    fn settings(schedule: NoiseSchedule, steps: usize, sigma_min: f64, sigma_max: f64) -> DrawSettings {
        DrawSettings { schedule, steps, sigma_min, sigma_max, ..load("quick").expect("built in").draw }
    }

    proptest! {
        #[test]
        fn every_schedule_falls_strictly_between_its_ends(
            steps in 2usize..200, low in 0.001..0.1f64, high in 1.0..80.0f64,
            schedule in prop::sample::select(vec![NoiseSchedule::Karras, NoiseSchedule::Cosine, NoiseSchedule::Linear]),
        ) {
            let levels = noise_levels(&settings(schedule, steps, low, high));
            prop_assert_eq!(levels.len(), steps + 1);
            prop_assert!(levels.windows(2).all(|w| w[0] > w[1] && w[1] >= 0.0));
            prop_assert!((levels[0] / high - 1.0).abs() < 1e-6 && (levels[steps - 1] / low - 1.0).abs() < 1e-6);
        }

        #[test]
        fn time_and_level_are_inverse(time in 0.01..0.99f64) {
            prop_assert!((cosine_time(cosine_sigma(time)) - time).abs() < 1e-9);
            prop_assert!((linear_time(linear_sigma(time)) - time).abs() < 1e-9);
        }
    }

    #[test]
    fn levels_agree_with_the_papers_discrete_forms() {
        // Nichol & Dhariwal 2021: alpha_bar(t) = f(t) / f(0); DDPM's betas 1e-4 … 0.02 multiply up to nearly the same alpha_bar.
        let mut product = 1.0;
        for t in 0..500 {
            product *= 1.0 - (1e-4 + (0.02 - 1e-4) * f64::from(t) / 999.0);
        }
        assert!((alpha_bar(linear_sigma(0.5)) / product - 1.0).abs() < 0.02);
        assert!((alpha_bar(cosine_sigma(0.5)) - 0.4938).abs() < 1e-3);
        // EDM, table 1 with rho 7: the second of 18 levels from 80 to 0.002.
        let levels = noise_levels(&settings(NoiseSchedule::Karras, 18, 0.002, 80.0));
        assert!((levels[1] - 57.586).abs() < 1e-2, "{}", levels[1]);
    }
}
