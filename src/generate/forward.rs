//! The way into noise of a drawing: what the systems to which noise can be added share.

use super::{Moment, Part, Trace};
use crate::config::DrawSettings;
use crate::diffusion::noise_levels;
use crate::sketch::Sketch;
use crate::util::rng::{self, Stream};
use crate::util::{Error, Result};

/// Refuses a drawing without a point.
pub(super) fn drawn(sketch: &Sketch) -> Result<()> {
    if sketch.points().next().is_some() {
        return Ok(());
    }
    Err(Error::usage("this drawing is empty: there is nothing to add noise to"))
}

/// Clean numbers with noise of this level.
pub(super) fn noisy(x0: &[f32], noise: &[f32], sigma: f64) -> Vec<f32> {
    x0.iter().zip(noise).map(|(x0, e)| x0 + sigma as f32 * e).collect()
}

/// The way into noise of a drawing whose numbers are noised together; `moment` says what noisy ones look like.
pub(super) fn whole(
    sketch: &Sketch,
    x0: &[f32],
    settings: &DrawSettings,
    seed: u64,
    moment: impl Fn(f64, &[f32]) -> Moment,
) -> Result<Trace> {
    drawn(sketch)?;
    let noise = rng::normal(&mut rng::stream(seed, Stream::Forward, 0), x0.len());
    let moments = noise_levels(settings).into_iter().map(|sigma| moment(sigma, &noisy(x0, &noise, sigma))).collect();
    Ok(Trace { parts: vec![Part { moments, ..Part::default() }], sketch: sketch.clone(), end: None })
}
