//! Scores: how close one set of drawings is to another.
//!
//! Two kinds of measures. Those of [`Features`], the vectors that some extractor gives for pictures: [`frechet`] (FID),
//! [`kernel`] (KID), [`coverage`] (precision, recall, density, coverage, copying). And those of the strokes themselves:
//! [`characteristics`], compared by [`wasserstein`]. No score says anything without the extractor, the renderer and the
//! counts that it rests on: whoever shows one must name them.
//!
//! All numbers are f64. Long work is spread over the rayon pool that the caller is in, and no result depends on its size.

pub mod characteristics;
mod compare;
mod comparison;
pub mod coverage;
mod evaluate;
pub mod explain;
pub mod extractor;
mod features;
pub mod frechet;
mod grams;
pub mod guess;
mod histogram;
pub mod kernel;
mod pair;
mod plan;
pub mod protocol;
pub mod recognise;
pub mod reference;
pub mod report;
mod resample;
mod scores;
pub mod sets;
mod spread;
mod summary;
pub mod wasserstein;
pub mod weights;

pub use compare::check_side_by_side;
pub use comparison::{Compared, Comparison, TrainingTime};
pub use evaluate::{DRAWINGS_MIN, Means, Plan, Scored, Watch, evaluate};
pub use explain::{Better, Explained, SCORES, ScoreKind};
pub use features::{FEATURE_MAX, Features};
pub use pair::score_features;
pub use plan::Stage;
pub use protocol::Protocol;
pub use scores::{Against, Basis, COPYING, CharacteristicScore, DataFacts, Floor, Histogram, Measured, Origin, Score, Scores, Versus};
