//! The learning rate: a linear rise, then a cosine fall (Loshchilov & Hutter 2017).

use crate::config::TrainSettings;

/// The rate of step `step` (from 0) of `steps`; without a plan yet it stays at its height after the rise.
pub fn rate(settings: &TrainSettings, step: u64, steps: Option<u64>) -> f64 {
    settings.learning_rate * share(settings.warmup_steps, settings.final_rate, step, steps)
}

/// The same as a share of the highest rate: a rise of `warmup` steps, a fall to `last`.
pub fn share(warmup: u64, last: f64, step: u64, steps: Option<u64>) -> f64 {
    let rise = ((step + 1) as f64 / warmup.max(1) as f64).min(1.0);
    let progress = steps.map_or(0.0, |steps| (step as f64 / steps.max(1) as f64).min(1.0));
    let fall = 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
    rise * (last + (1.0 - last) * fall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_to_the_rate_and_falls_to_the_final_share() {
        let settings = crate::config::load("quick").expect("built in").train;
        let at = |step| rate(&settings, step, Some(10_000)) / settings.learning_rate;
        assert!((at(0) - 0.01).abs() < 1e-6);
        assert!(at(99) > 0.99 && at(5000) < 0.52 && at(5000) > 0.5);
        assert!((at(10_000) - settings.final_rate).abs() < 1e-9);
        assert!((at(20_000) - settings.final_rate).abs() < 1e-9);
        assert_eq!(rate(&settings, 5000, None), settings.learning_rate);
    }
}
