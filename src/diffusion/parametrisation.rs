//! How a network's output is read: EDM preconditioning, and the field's three predictions in one another's terms.

/// EDM preconditioning for `sigma_data` = 1 (Karras et al. 2022, table 1):
/// `x0 = c_skip * x + c_out * F(c_in * x, c_noise)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preconditioning {
    /// Share of the noisy input in the prediction.
    pub skip: f64,
    /// Share of the network's output in it.
    pub out: f64,
    /// Scales the noisy input to unit variance.
    pub input: f64,
    /// What the network is told of sigma: ln(sigma) / 4.
    pub noise: f64,
}

impl Preconditioning {
    /// At this noise level, sigma > 0.
    pub fn at(sigma: f64) -> Self {
        let square = 1.0 + sigma * sigma;
        Self { skip: 1.0 / square, out: sigma / square.sqrt(), input: 1.0 / square.sqrt(), noise: sigma.ln() / 4.0 }
    }

    /// What the network should say, so that the prediction is `x0`. Its squared error has the EDM loss weight
    /// `(sigma^2 + 1) / sigma^2 * c_out^2 = 1` at every noise level.
    pub fn target(&self, x0: f64, x: f64) -> f64 {
        (x0 - self.skip * x) / self.out
    }
}

/// `alpha_bar` of the variance-preserving form at this noise level.
pub fn alpha_bar(sigma: f64) -> f64 {
    1.0 / (1.0 + sigma * sigma)
}

/// The noise level of an `alpha_bar` in (0, 1].
pub fn sigma(alpha_bar: f64) -> f64 {
    ((1.0 - alpha_bar) / alpha_bar).sqrt()
}

/// Signal-to-noise ratio for data of unit variance.
pub fn snr(sigma: f64) -> f64 {
    1.0 / (sigma * sigma)
}

/// `epsilon` that explains `x` given a prediction of `x0`.
pub fn epsilon(x: f64, x0: f64, sigma: f64) -> f64 {
    (x - x0) / sigma
}

/// `v = sqrt(alpha_bar) * epsilon - sqrt(1 - alpha_bar) * x0` (Salimans & Ho 2022).
pub fn velocity(x: f64, x0: f64, sigma: f64) -> f64 {
    let a = alpha_bar(sigma);
    a.sqrt() * epsilon(x, x0, sigma) - (1.0 - a).sqrt() * x0
}

/// `x0` from a predicted `v`: the inverse of [`velocity`].
pub fn x0_of_velocity(x: f64, v: f64, sigma: f64) -> f64 {
    let a = alpha_bar(sigma);
    // In the variance-preserving form x_t = sqrt(a) x, and x0 = sqrt(a) x_t - sqrt(1 - a) v.
    a * x - (1.0 - a).sqrt() * v
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_target_gives_x0_back(x0 in -4.0..4.0f64, e in -4.0..4.0f64, log in -5.0..4.0f64) {
            let s = log.exp();
            let x = x0 + s * e;
            let p = Preconditioning::at(s);
            prop_assert!((p.skip * x + p.out * p.target(x0, x) - x0).abs() < 1e-9);
            prop_assert!((((s * s + 1.0) / (s * s)) * p.out * p.out - 1.0).abs() < 1e-9);
        }

        #[test]
        fn the_three_predictions_agree(x0 in -4.0..4.0f64, e in -4.0..4.0f64, log in -5.0..4.0f64) {
            let s = log.exp();
            let x = x0 + s * e;
            prop_assert!((epsilon(x, x0, s) - e).abs() < 1e-6);
            prop_assert!((x0_of_velocity(x, velocity(x, x0, s), s) - x0).abs() < 1e-6);
            prop_assert!((sigma(alpha_bar(s)) - s).abs() < 1e-6 * s.max(1.0));
        }
    }
}
