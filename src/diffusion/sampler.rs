//! Samplers: from noise to a sample along falling noise levels, given something that predicts `x0`.

use crate::config::SamplerKind;
use crate::util::Result;

/// Writes the prediction of the clean sample for a noisy one at the noise level of that index: `predict(x, level, x0)`.
pub type Predict<'a> = dyn FnMut(&[f32], usize, &mut [f32]) -> Result<()> + 'a;

/// What a sampler has just done; for those who watch.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Its number, from 0.
    pub index: usize,
    /// The noise level that it started from.
    pub sigma: f64,
    /// The noisy sample that it started from.
    pub x: &'a [f32],
    /// The prediction of the clean sample there.
    pub x0: &'a [f32],
}

/// Brings `x`, which is noise of the first level, down to level 0.
///
/// - `levels`: strictly falling, the last 0 ([`super::noise_levels`]).
/// - `noise(out)`: fills with standard normal numbers; only [`SamplerKind::Ddpm`] asks for it.
/// - `watch`: sees every step; an error from it ends the sampling.
pub fn sample(
    kind: SamplerKind,
    levels: &[f64],
    x: &mut [f32],
    predict: &mut Predict<'_>,
    noise: &mut dyn FnMut(&mut [f32]),
    watch: &mut dyn FnMut(Step<'_>) -> Result<()>,
) -> Result<()> {
    let n = x.len();
    let (mut x0, mut next, mut x0_next, mut fresh) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for (index, pair) in levels.windows(2).enumerate() {
        let (now, then) = (pair[0], pair[1]);
        predict(x, index, &mut x0)?;
        watch(Step { index, sigma: now, x, x0: &x0 })?;
        match kind {
            SamplerKind::Ddim => toward(x, &x0, then / now),
            SamplerKind::Heun => {
                next.copy_from_slice(x);
                toward(&mut next, &x0, then / now);
                if then > 0.0 {
                    predict(&next, index + 1, &mut x0_next)?;
                    let step = (then - now) as f32;
                    for i in 0..n {
                        let slope = (x[i] - x0[i]) / now as f32;
                        let slope_next = (next[i] - x0_next[i]) / then as f32;
                        x[i] += step * (slope + slope_next) / 2.0;
                    }
                } else {
                    x.copy_from_slice(&next);
                }
            }
            SamplerKind::Ddpm => {
                // The posterior of the level below (Ho et al. 2020, equation 7, in sigma): down to `down`, then fresh noise up.
                let up = (then * then * (now * now - then * then) / (now * now)).max(0.0).sqrt();
                let down = (then * then - up * up).max(0.0).sqrt();
                toward(x, &x0, down / now);
                if up > 0.0 {
                    noise(&mut fresh);
                    x.iter_mut().zip(&fresh).for_each(|(x, e)| *x += up as f32 * e);
                }
            }
        }
    }
    Ok(())
}

/// Euler's step: the line from `x` to `x0`, with this share of the noise left.
fn toward(x: &mut [f32], x0: &[f32], left: f64) {
    x.iter_mut().zip(x0).for_each(|(x, x0)| *x = x0 + left as f32 * (*x - x0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DrawSettings, NoiseSchedule, load};
    use crate::diffusion::noise_levels;
    use crate::util::rng::{self, Stream, stream};

    const KINDS: [SamplerKind; 3] = [SamplerKind::Heun, SamplerKind::Ddim, SamplerKind::Ddpm];

    fn levels(steps: usize) -> Vec<f64> {
        let quick = load("quick").expect("built in").draw;
        noise_levels(&DrawSettings { steps, schedule: NoiseSchedule::Karras, sigma_max: 40.0, sigma_min: 0.01, ..quick })
    }

    /// Samples with the exact predictor of normal data of this mean and deviation.
    fn gaussian(kind: SamplerKind, steps: usize, n: usize, mean: f32, deviation: f64) -> Vec<f32> {
        let levels = levels(steps);
        let mut random = stream(5, Stream::Draw, 0);
        let mut x: Vec<f32> = rng::normal(&mut random, n).iter().map(|e| mean + e * levels[0] as f32).collect();
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| {
            let sigma = levels[level];
            let share = (deviation.powi(2) / (deviation.powi(2) + sigma * sigma)) as f32;
            x0.iter_mut().zip(x).for_each(|(x0, x)| *x0 = mean + share * (x - mean));
            Ok(())
        };
        let mut noise = |out: &mut [f32]| out.copy_from_slice(&rng::normal(&mut random, out.len()));
        sample(kind, &levels, &mut x, &mut predict, &mut noise, &mut |_| Ok(())).expect("nothing can fail");
        x
    }

    #[test]
    fn the_exact_predictor_gives_the_data_s_mean_and_variance() {
        for kind in KINDS {
            let x = gaussian(kind, 200, 20_000, 0.7, 0.5);
            let mean = x.iter().sum::<f32>() / x.len() as f32;
            let deviation = (x.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / x.len() as f32).sqrt();
            assert!((mean - 0.7).abs() < 0.02 && (deviation - 0.5).abs() < 0.02, "{kind:?}: {mean} +- {deviation}");
        }
    }

    #[test]
    fn a_certain_predictor_is_reached_exactly_by_all() {
        for kind in KINDS {
            for steps in [1, 2, 7] {
                assert!(gaussian(kind, steps, 10, 0.25, 0.0).iter().all(|v| (v - 0.25).abs() < 1e-5), "{kind:?}, {steps} steps");
            }
        }
    }

    #[test]
    fn heun_is_of_second_order_and_ddim_of_first() {
        let error = |kind, steps| {
            let (coarse, fine) = (gaussian(kind, steps, 50, 0.0, 1.0), gaussian(SamplerKind::Heun, 3000, 50, 0.0, 1.0));
            coarse.iter().zip(&fine).map(|(a, b)| f64::from(a - b).abs()).fold(0.0, f64::max)
        };
        // The last step, to 0, is Euler's for both; what it adds is far below these errors.
        let (heun, ddim) =
            (error(SamplerKind::Heun, 10) / error(SamplerKind::Heun, 40), error(SamplerKind::Ddim, 10) / error(SamplerKind::Ddim, 40));
        assert!(heun > 8.0, "four times the steps make Heun's error {heun} times smaller");
        assert!((2.5..8.0).contains(&ddim), "four times the steps make DDIM's error {ddim} times smaller");
    }

    #[test]
    fn watching_sees_every_step_and_can_stop() {
        let mut seen = Vec::new();
        let mut certain = |x: &[f32], _: usize, x0: &mut [f32]| {
            x0.copy_from_slice(x);
            Ok(())
        };
        let result = sample(SamplerKind::Heun, &levels(10), &mut [1.0; 4], &mut certain, &mut |_| {}, &mut |step| {
            seen.push(step.index);
            if step.index == 4 { Err(crate::util::Error::new("enough")) } else { Ok(()) }
        });
        assert!(result.is_err());
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }
}
