//! What a denoiser is told of a sequence as a whole: how noisy it is, and what it draws.

use candle_core::{Device, Tensor};

use super::Linear;
use crate::model::ops::Activation;
use crate::model::weights::{Builder, Start, weight};
use crate::util::{Error, Result};

/// Timesteps: 0 is a clean sequence, so many are pure noise.
pub const TIMES: u32 = 1000;

/// `half` sines and as many cosines of a timestep or a place (Vaswani et al. 2017).
pub fn waves(at: f32, half: usize) -> impl Iterator<Item = f32> {
    let angles = move || (0..half).map(move |i| at * (-(10_000f32.ln()) * i as f32 / half as f32).exp());
    angles().map(f32::sin).chain(angles().map(f32::cos))
}

/// Time and class of each sequence as one vector. One class more, the last, stands for none of them: classifier-free guidance (Ho & Salimans
/// 2022).
#[derive(Debug, Clone)]
pub struct Condition {
    time_in: Linear,
    time_up: Linear,
    class: Tensor,
    features: usize,
}

impl Condition {
    /// Vectors of `width` numbers for so many classes; the time comes as `features` waves, an even number. The weights are `time_in`,
    /// `time_up` and `class` of `name`.
    pub fn new(name: &str, features: usize, width: usize, classes: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            time_in: Linear::new(&format!("{name}.time_in"), features, width, build)?.then(Activation::Silu),
            time_up: Linear::new(&format!("{name}.time_up"), width, width, build)?,
            class: weight(build, &format!("{name}.class"), &[classes + 1, width], Start::Normal(0.02))?,
            features,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.class.device()
    }

    /// The class that stands for none of them.
    pub fn no_class(&self) -> u32 {
        self.class.dims()[0] as u32 - 1
    }

    /// A timestep (0 to [`TIMES`]) and a class for each sequence -> (sequences, width), not activated
    ///
    /// # Errors
    /// A class that there is not; not as many times as classes.
    pub fn forward(&self, timesteps: &[f32], classes: &[u32]) -> Result<Tensor> {
        if let Some(class) = classes.iter().find(|class| **class > self.no_class()) {
            return Err(Error::new(format!("there is no class {class} among {}", self.no_class())));
        }
        if timesteps.len() != classes.len() {
            return Err(Error::new(format!("{} times for {} classes", timesteps.len(), classes.len())));
        }
        let features: Vec<f32> = timesteps.iter().flat_map(|&time| waves(time, self.features / 2)).collect();
        let features = Tensor::from_vec(features, (timesteps.len(), self.features), self.device())?; // (sequences, features)
        let time = self.time_up.forward(&self.time_in.forward(&features)?)?; // (sequences, width)
        let class = self.class.index_select(&Tensor::new(classes, self.device())?, 0)?; // (sequences, width)
        Ok((time + class)?)
    }
}
