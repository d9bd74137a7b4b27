//! How a drawing came out of noise, to be looked at.

use crate::diffusion::parametrisation;
use crate::sketch::{Sketch, Stroke};

/// A drawing's way out of noise: one part for each stroke of a model that draws stroke by stroke, one part in all for one that denoises
/// the whole canvas.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// In the order in which they were drawn. Strokes that were given have none.
    pub parts: Vec<Part>,
    /// What came of it, in the data frame: equal to what [`super::Artist::draw`] draws for the same number.
    pub sketch: Sketch,
    /// The probability, 0 to 1, that the model gave to being finished *after* the last part; `None` where it does not decide so, or was
    /// not asked because the page was full.
    pub end: Option<f32>,
}

/// What was denoised together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// From pure noise to the finished line: one more than denoising steps.
    pub moments: Vec<Moment>,
    /// The probability, 0 to 1, that the model gave to being finished *before* this part; `None` where it does not decide so.
    pub stop: Option<f32>,
    /// How much each earlier stroke was attended to, given strokes included: shares that sum to 1 with what went to none of them; empty
    /// for models without such a history.
    pub attention: Vec<f32>,
}

/// One noise level on the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moment {
    /// The noise level: x_t = x0 + sigma * epsilon, in the units of the codec (Karras et al. 2022). In the variance-preserving form
    /// alpha_bar = 1 / (1 + sigma^2), and the signal-to-noise ratio is 1 / sigma^2. 0 at the end.
    pub sigma: f64,
    /// What the noisy numbers look like as lines, in the data frame: x_t / sqrt(1 + sigma^2), which stays as large as a drawing; with the
    /// noise level of each number, where they differ. All moments of a part have the same number of points.
    pub x_t: Sketch,
    /// The x0 that the model predicts here, as lines, in the data frame.
    pub x0: Sketch,
    /// The probability that the pen is lifted after each point of `x0`, as far as it is settled here; empty where the pen is not denoised.
    pub lifted: Vec<f32>,
    /// The probability that the drawing is over behind each point of the canvas, those behind the end of `x0` too, as far as it is settled
    /// here; empty where how many points there are is settled before the noise, or is no question.
    pub over: Vec<f32>,
}

impl Moment {
    /// The last one: what was drawn, without noise.
    pub(super) fn last(drawn: &Sketch) -> Self {
        Self { sigma: 0.0, x_t: drawn.clone(), x0: drawn.clone(), ..Self::default() }
    }

    /// The last one where the pen was denoised too: all is settled, and it is lifted behind the last point of each stroke. `canvas`: the
    /// points that there were to choose the end from; 0 where it was no question.
    pub(super) fn last_with_pen(drawn: &Sketch, canvas: usize) -> Self {
        let ends = |stroke: &Stroke| {
            let n = stroke.points.len();
            (1..=n).map(move |i| f32::from(i == n))
        };
        let lifted: Vec<f32> = drawn.strokes.iter().flat_map(ends).collect();
        // A dot has two points once it is a drawing's.
        let fields = if canvas > 0 { canvas.max(lifted.len()) } else { 0 };
        let over = (1..=fields).map(|i| f32::from(i >= lifted.len())).collect();
        Self { lifted, over, ..Self::last(drawn) }
    }

    /// The share of signal in the variance-preserving form.
    pub fn alpha_bar(&self) -> f64 {
        parametrisation::alpha_bar(self.sigma)
    }

    /// The signal-to-noise ratio; infinite at the end.
    pub fn snr(&self) -> f64 {
        parametrisation::snr(self.sigma)
    }
}

impl Trace {
    /// The probability of being finished before the part of that number, or after the last one for their count.
    pub fn stop_before(&self, part: usize) -> Option<f32> {
        if part == self.parts.len() { self.end } else { self.parts.get(part)?.stop }
    }
}
