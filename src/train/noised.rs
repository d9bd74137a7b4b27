//! What is drawn by lot for a sequence to denoise: how noisy it is, and whether it is told what it draws.

use rand::Rng;

use crate::diffusion::parametrisation::Preconditioning;
use crate::model::layers::TIMES;
use crate::sketch::Point;
use crate::util::rng::{self, ChaCha8Rng};

/// Two normal numbers.
pub(super) fn pair(random: &mut ChaCha8Rng) -> Point {
    let mut pair = [0.0; 2];
    rng::fill_normal(random, &mut pair);
    pair
}

/// One sequence's lot.
pub(super) struct Noised {
    /// The timestep, 1 to [`TIMES`] - 1: the last one is nothing but noise.
    pub time: f32,
    /// Its class, or the one that stands for none.
    pub class: u32,
    signal: f32,
    noise: f32,
}

impl Noised {
    /// All times of the schedule `sigma` (of time 0 to 1) are equally likely; the class is dropped by its own throw.
    pub fn draw(class: u32, none: u32, dropout: f32, sigma: fn(f64) -> f64, random: &mut ChaCha8Rng) -> Self {
        let time = random.random_range(1..TIMES);
        let dropped = random.random::<f32>() < dropout;
        let sigma = sigma(f64::from(time) / f64::from(TIMES));
        let scale = Preconditioning::at(sigma).input;
        Self { time: time as f32, class: if dropped { none } else { class }, signal: scale as f32, noise: (scale * sigma) as f32 }
    }

    /// A clean movement with this noise, of unit variance.
    pub fn noisy(&self, x0: Point, epsilon: Point) -> Point {
        [self.signal * x0[0] + self.noise * epsilon[0], self.signal * x0[1] + self.noise * epsilon[1]]
    }
}
