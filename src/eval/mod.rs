//! Scores: how close one set of drawings is to another.
//!
//! Two kinds of measures. Those of [`Features`], the vectors that some extractor gives for pictures: [`frechet`] (FID),
//! [`kernel`] (KID), [`coverage`] (precision, recall, density, coverage, copying). And those of the strokes themselves:
//! [`characteristics`], compared by [`wasserstein`]. No score says anything without the extractor, the renderer and the
//! counts that it rests on: whoever shows one must name them.
//!
//! All numbers are f64. Long work is spread over the rayon pool that the caller is in, and no result depends on its size.

pub mod characteristics;
pub mod coverage;
pub mod extractor;
mod features;
pub mod frechet;
pub mod kernel;
pub mod wasserstein;
pub mod weights;

pub use features::{FEATURE_MAX, Features};
