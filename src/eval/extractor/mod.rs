//! Extractors: a picture in, a feature vector out. One a file; adding one is adding a file.

mod inception;
mod sketch;

pub use sketch::SketchFeatures;

use rayon::prelude::*;

use super::Features;
use crate::raster::{Pixmap, Renderer};
use crate::sketch::Sketch;
use crate::util::{Cancel, Result};

pub use inception::{Inception, Resizing};

/// Pictures that are rendered and looked at together.
const PIECE: usize = 16;

/// What tells two extractors apart: scores of different ones must not be compared.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ExtractorId {
    /// The network and what is done to a picture before it, for people: `inception-v3-2015-12-05, bilinear 299`.
    pub name: String,
    /// SHA-256 of its weights' file, 64 hexadecimal digits.
    pub sha256: String,
}

/// A trained network that describes pictures by numbers.
pub trait Extractor: Send + Sync {
    /// Which one this is.
    fn id(&self) -> &ExtractorId;

    /// Features of a picture.
    fn width(&self) -> usize;

    /// What makes the pictures that it was made for.
    fn renderer(&self) -> &(dyn Renderer + Sync);

    /// (pictures, width), row by row; computed on the calling thread alone. A row does not depend on the rows beside it.
    fn features(&self, pictures: &[Pixmap]) -> Result<Vec<f32>>;

    /// What it can tell apart, if it is a classifier too.
    fn classifier(&self) -> Option<&dyn Classifier> {
        None
    }
}

/// An extractor that also knows categories.
pub trait Classifier {
    /// Their names; a class is its place in here.
    fn classes(&self) -> &[String];

    /// How much each class is spoken for by one row of features: (classes), the largest is the guess.
    fn logits(&self, features: &[f64]) -> Vec<f64>;
}

/// The features of all drawings, in their order: rendered and looked at in pieces, on the rayon pool that the caller is in.
///
/// `done` is told of pieces as they are finished, in any order.
///
/// # Errors
/// No drawings; a drawing that cannot be rendered; features that are not finite; cancelled.
pub fn extract(extractor: &dyn Extractor, sketches: &[Sketch], cancel: &Cancel, done: &(dyn Fn(usize) + Sync)) -> Result<Features> {
    let piece = |sketches: &[Sketch]| -> Result<Vec<f32>> {
        cancel.check()?;
        let pictures = sketches.iter().map(|sketch| extractor.renderer().render(sketch)).collect::<Result<Vec<_>>>()?;
        let features = extractor.features(&pictures)?;
        done(sketches.len());
        Ok(features)
    };
    let pieces: Vec<Vec<f32>> = sketches.par_chunks(PIECE).map(piece).collect::<Result<_>>()?;
    Features::from_f32(&pieces.concat(), extractor.width())
}
