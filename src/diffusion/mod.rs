//! Diffusion without a network: noise levels, parametrisations, samplers; f64 and plain slices.
//!
//! Everything is said in the variance-exploding form of Karras et al. 2022 ("EDM"): a noisy sample is
//! `x = x0 + sigma * epsilon`. The variance-preserving form of DDPM is the same thing scaled,
//! `x_t = sqrt(alpha_bar) * x` with `sigma^2 = (1 - alpha_bar) / alpha_bar`.

pub mod parametrisation;
pub mod sampler;
pub mod schedule;

pub use sampler::{Step, sample};
pub use schedule::noise_levels;
