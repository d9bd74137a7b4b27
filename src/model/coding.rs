//! How drawings become the numbers that a network sees: fitted to training drawings, and kept in the model file beside the weights.

use candle_core::{Device, Tensor};

use super::weights::Weights;
use crate::config::CodecSettings;
use crate::sketch::codec::{BOX, Components, Deltas, Rhythms};
use crate::sketch::{Codec, Sketch};
use crate::util::{Error, Result, stride};

/// So many strokes tell a covariance of 64 numbers well enough.
const STROKES: usize = 50_000;

/// A fitted codec, of whichever kind the preset names.
#[derive(Debug, Clone, PartialEq)]
pub enum Coding {
    /// Of strokes, each a vector.
    Strokes(Codec),
    /// Of whole drawings, as movements of the pen.
    Deltas(Deltas),
    /// The same, and what is kept of the training drawings' pens.
    Rhythms(Deltas, Rhythms),
}

impl Coding {
    /// Fits to training drawings in the model frame, each with its category; with `mirrored`, to their mirror images as well.
    ///
    /// # Errors
    /// Nothing to fit to.
    pub fn fit(settings: &CodecSettings, drawings: &[(u32, Sketch)], mirrored: bool) -> Result<Self> {
        let sketches = drawings.iter().map(|(_, sketch)| sketch);
        match *settings {
            CodecSettings::Components { points, components, simplify } => {
                let strokes: Vec<_> = sketches.flat_map(|sketch| &sketch.strokes).collect();
                let some = strokes.iter().copied().step_by(stride(strokes.len(), STROKES));
                Ok(Self::Strokes(Codec::fit(some, points, components, simplify, mirrored)?))
            }
            CodecSettings::Deltas { simplify, .. } => Ok(Self::Deltas(Deltas::fit(sketches, simplify)?)),
            CodecSettings::Rhythms { simplify, rhythms, .. } => {
                Ok(Self::Rhythms(Deltas::fit(sketches, simplify)?, Rhythms::fit(drawings, rhythms)?))
            }
        }
    }

    /// The same statistics, for going on with other drawings: what is kept of each category's drawings is theirs.
    ///
    /// # Errors
    /// Nothing to keep.
    pub fn for_drawings(&self, settings: &CodecSettings, drawings: &[(u32, Sketch)]) -> Result<Self> {
        match (self, settings) {
            (Self::Rhythms(deltas, _), CodecSettings::Rhythms { rhythms, .. }) => {
                Ok(Self::Rhythms(deltas.clone(), Rhythms::fit(drawings, *rhythms)?))
            }
            _ => Ok(self.clone()),
        }
    }

    /// The codec of strokes.
    ///
    /// # Errors
    /// If it is another one.
    pub fn strokes(&self) -> Result<&Codec> {
        match self {
            Self::Strokes(codec) => Ok(codec),
            Self::Deltas(_) | Self::Rhythms(..) => Err(Error::new("this system draws strokes, but the codec is one of movements")),
        }
    }

    /// The codec of movements.
    ///
    /// # Errors
    /// If it is another one.
    pub fn deltas(&self) -> Result<&Deltas> {
        match self {
            Self::Deltas(deltas) | Self::Rhythms(deltas, _) => Ok(deltas),
            Self::Strokes(_) => Err(Error::new("this system draws points, but the codec is one of strokes")),
        }
    }

    /// The pen rhythms of training drawings.
    ///
    /// # Errors
    /// If it keeps none.
    pub fn rhythms(&self) -> Result<&Rhythms> {
        match self {
            Self::Rhythms(_, rhythms) => Ok(rhythms),
            Self::Strokes(_) | Self::Deltas(_) => Err(Error::new("this system needs rhythms of the pen, but the codec keeps none")),
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
            Self::Deltas(deltas) => Ok([row("scale", &[deltas.scale])?].into()),
            Self::Rhythms(deltas, rhythms) => Ok([row("scale", &[deltas.scale])?, row("rhythms", &rhythms.numbers())?].into()),
        }
    }

    /// The inverse of [`Coding::parts`].
    ///
    /// # Errors
    /// Parts that are missing, or of the wrong size.
    pub(super) fn of(settings: &CodecSettings, parts: &Weights) -> Result<Self> {
        let any = |name: &str| -> Result<Vec<f32>> {
            let tensor = parts.get(name).ok_or_else(|| Error::new(format!("the model file has no codec: '{name}' is missing")))?;
            Ok(tensor.flatten_all()?.to_vec1::<f32>()?)
        };
        let part = |name: &str, length: usize| -> Result<Vec<f32>> {
            let values = any(name)?;
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
            CodecSettings::Deltas { simplify, .. } => Ok(Self::Deltas(Deltas { simplify, scale: part("scale", 1)?[0] })),
            CodecSettings::Rhythms { simplify, most_points, .. } => {
                let deltas = Deltas { simplify, scale: part("scale", 1)?[0] };
                Ok(Self::Rhythms(deltas, Rhythms::of(&any("rhythms")?, most_points)?))
            }
        }
    }
}
