//! How drawings become the numbers that a network sees: fitted to training drawings, and kept in the model file beside the weights.

use candle_core::{Device, Tensor};

use super::weights::Weights;
use crate::config::CodecSettings;
use crate::sketch::codec::{BOX, Components, Deltas, Lengths};
use crate::sketch::{Codec, Sketch};
use crate::util::{Error, Result};

/// The name of [`Lengths`] in a file.
const LENGTHS: &str = "lengths";

/// So many strokes tell a covariance of 64 numbers well enough.
const STROKES: usize = 50_000;

/// A fitted codec, of whichever kind the preset names.
#[derive(Debug, Clone, PartialEq)]
pub enum Coding {
    /// Of strokes, each a vector.
    Strokes(Codec),
    /// Of whole drawings, as movements of the pen; with how many there are, where that is settled before drawing.
    Deltas(Deltas, Option<Lengths>),
}

impl Coding {
    /// Fits to training drawings in the model frame; with `mirrored`, to their mirror images as well.
    ///
    /// # Errors
    /// Nothing to fit to.
    pub fn fit<'a>(settings: &CodecSettings, sketches: impl Iterator<Item = &'a Sketch>, mirrored: bool) -> Result<Self> {
        match *settings {
            CodecSettings::Components { points, components, simplify } => {
                let strokes = sketches.flat_map(|sketch| &sketch.strokes).take(STROKES);
                Ok(Self::Strokes(Codec::fit(strokes, points, components, simplify, mirrored)?))
            }
            CodecSettings::Deltas { simplify, .. } => Ok(Self::Deltas(Deltas::fit(sketches, simplify)?, None)),
        }
    }

    /// The same codec with the lengths of these drawings; that of strokes has none.
    #[must_use]
    pub fn counting(self, lengths: Lengths) -> Self {
        match self {
            Self::Deltas(deltas, _) => Self::Deltas(deltas, Some(lengths)),
            strokes @ Self::Strokes(_) => strokes,
        }
    }

    /// How long drawings are.
    ///
    /// # Errors
    /// If that is not known.
    pub fn lengths(&self) -> Result<&Lengths> {
        match self {
            Self::Deltas(_, Some(lengths)) => Ok(lengths),
            Self::Deltas(_, None) | Self::Strokes(_) => Err(Error::new("the model file has no lengths of drawings")),
        }
    }

    /// The codec of strokes.
    ///
    /// # Errors
    /// If it is another one.
    pub fn strokes(&self) -> Result<&Codec> {
        match self {
            Self::Strokes(codec) => Ok(codec),
            Self::Deltas(..) => Err(Error::new("this system draws strokes, but the codec is one of movements")),
        }
    }

    /// The codec of movements.
    ///
    /// # Errors
    /// If it is another one.
    pub fn deltas(&self) -> Result<&Deltas> {
        match self {
            Self::Deltas(deltas, _) => Ok(deltas),
            Self::Strokes(_) => Err(Error::new("this system draws points, but the codec is one of strokes")),
        }
    }

    /// Its numbers by their names.
    pub(super) fn parts(&self) -> Result<Weights> {
        let row = |name: &str, values: &[f32]| Ok((name.to_owned(), Tensor::new(values, &Device::Cpu)?));
        match self {
            Self::Strokes(codec) => {
                let shape = &codec.shape;
                let basis = Tensor::from_slice(&shape.basis, (2 * shape.points, shape.width()), &Device::Cpu)?; // (2 points, components)
                let rows = [("box_mean", &codec.box_mean), ("box_scale", &codec.box_scale), ("mean", &shape.mean), ("scale", &shape.scale)];
                rows.into_iter().map(|(name, values)| row(name, values)).chain([Ok(("basis".into(), basis))]).collect()
            }
            Self::Deltas(deltas, lengths) => {
                let mut parts = Weights::from([row("scale", &[deltas.scale])?]);
                if let Some(Lengths { counts }) = lengths {
                    parts.insert(LENGTHS.into(), Tensor::new(counts.clone(), &Device::Cpu)?); // (categories, most points)
                }
                Ok(parts)
            }
        }
    }

    /// The inverse of [`Coding::parts`], for so many categories.
    ///
    /// # Errors
    /// Parts that are missing, or of the wrong size.
    pub(super) fn of(settings: &CodecSettings, categories: usize, parts: &Weights) -> Result<Self> {
        let part = |name: &str, length: usize| -> Result<Vec<f32>> {
            let tensor = parts.get(name).ok_or_else(|| Error::new(format!("the model file has no codec: '{name}' is missing")))?;
            let values = tensor.flatten_all()?.to_vec1::<f32>()?;
            if values.len() != length {
                return Err(Error::new(format!("the codec's '{name}' has {} numbers instead of {length}", values.len())));
            }
            Ok(values)
        };
        match *settings {
            CodecSettings::Components { points, components, simplify } => {
                let (mean, scale) = (part("mean", 2 * points)?, part("scale", components)?);
                let shape = Components { points, mean, basis: part("basis", 2 * points * components)?, scale };
                Ok(Self::Strokes(Codec { simplify, box_mean: part("box_mean", BOX)?, box_scale: part("box_scale", BOX)?, shape }))
            }
            CodecSettings::Deltas { simplify, most_points } => {
                let lengths = if parts.contains_key(LENGTHS) {
                    let counts = part(LENGTHS, categories * most_points)?;
                    Some(Lengths { counts: counts.chunks_exact(most_points).map(<[f32]>::to_vec).collect() })
                } else {
                    None
                };
                Ok(Self::Deltas(Deltas { simplify, scale: part("scale", 1)?[0] }, lengths))
            }
        }
    }
}
