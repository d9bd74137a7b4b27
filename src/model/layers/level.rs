//! How a network is told the noise level.

use std::sync::LazyLock;

use candle_core::Tensor;

use super::Linear;
use crate::model::ops::Activation;
use crate::model::weights::Builder;
use crate::util::Result;

/// Sines and cosines of a level.
const FEATURES: usize = 128;

/// A noise level as a vector: its sines and cosines through two layers.
#[derive(Debug, Clone)]
pub struct NoiseLevel {
    enter: Linear,
    up: Linear,
}

impl NoiseLevel {
    /// `width` numbers; the weights are named `{name}_in` and `{name}_up`.
    pub fn new(name: &str, width: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            enter: Linear::new(&format!("{name}_in"), FEATURES, width, build)?.then(Activation::Silu),
            up: Linear::new(&format!("{name}_up"), width, width, build)?,
        })
    }

    /// Noise levels as `c_noise` (Karras et al. 2022, table 1) -> (levels, width)
    pub fn forward(&self, levels: &[f32]) -> Result<Tensor> {
        let all: Vec<f32> = levels.iter().flat_map(|&level| features(level)).collect();
        let all = Tensor::from_vec(all, (levels.len(), FEATURES), self.up.parts().0.device())?; // (levels, features)
        self.up.forward(&self.enter.forward(&all)?)
    }
}

/// Sines and cosines of a noise level (Vaswani et al. 2017, with the level times 1000 as the position).
fn features(level: f32) -> impl Iterator<Item = f32> {
    static RATES: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let half = FEATURES / 2;
        (0..half).map(|i| 1000.0 * (-(10_000f32.ln()) * i as f32 / half as f32).exp()).collect()
    });
    let angles = move || RATES.iter().map(move |rate| level * rate);
    angles().map(f32::sin).chain(angles().map(f32::cos))
}
