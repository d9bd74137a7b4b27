//! A diffusion transformer over the points of a drawing (Peebles & Xie 2023): it is given noisy pen movements, how noisy they are and what
//! they draw, and says the noise, and of every point what the pen does behind it. Or it is given what the pen does, and says the noise.
//!
//! A drawing of n points is a sequence of n tokens, and drawings of unequal length lie one behind the other: no token is padding, so none
//! can be attended to. The first token starts the drawing: there is no movement to the first point. Time and class modulate every block
//! (adaLN-zero). A token is told its place from both ends.

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Condition, Linear, Trunk, noise_error};
use super::ops;
use super::weights::Builder;
use crate::config::{CodecSettings, DitSettings, ModelSettings, Preset};
use crate::util::{Error, Result};

/// Numbers of what the pen does behind a point: one 1 of three, in the order of [`super::layers::Pen`].
pub const PEN: usize = 3;

/// Drawings to learn from, one behind the other.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Noisy movement to each point, 0 to the first one of a drawing: (points, 2).
    pub x: Tensor,
    /// The noise in it: (points, 2).
    pub noise_target: Tensor,
    /// 1 where there is a movement, 0 at first points: (points, 1).
    pub moved: Tensor,
    /// 1 where the pen was lifted for the movement, else 0: (points, 1).
    pub lifted: Tensor,
    /// What the pen does behind each point: (points, 3).
    pub pen: Tensor,
    /// The end of each drawing.
    pub ends: Vec<usize>,
    /// How noisy each drawing is, 0 to [`super::layers::TIMES`].
    pub timesteps: Vec<f32>,
    /// The class of each drawing.
    pub classes: Vec<u32>,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Dit {
    condition: Condition,
    trunk: Trunk,
    noise: Linear,
    /// What the pen does; of a network that is told, nothing.
    pen: Option<Linear>,
}

impl Network for Dit {
    const CATEGORY_TABLES: &'static [&'static str] = &["dit.class"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let CodecSettings::Rhythms { most_points, .. } = preset.codec else { return Err(another_system()) };
        match &preset.model {
            ModelSettings::Dit(sizes) => Self::new(sizes, most_points, false, categories, build),
            ModelSettings::DitPen(sizes) => Self::new(sizes, most_points, true, categories, build),
            _ => Err(another_system()),
        }
    }
}

impl Dit {
    /// For drawings of at most so many points; `given`: it is told what the pen does. Sizes that do not go together are refused.
    pub fn new(sizes: &DitSettings, most_points: usize, given: bool, classes: usize, build: &mut Builder<'_>) -> Result<Self> {
        let width = sizes.width;
        Ok(Self {
            trunk: Trunk::new("dit", if given { 2 + PEN } else { 2 }, most_points, sizes, build)?,
            condition: Condition::new("dit", width, width, classes, build)?,
            noise: Linear::zeros("dit.noise", width, 2, build)?,
            pen: if given { None } else { Some(Linear::new("dit.pen", width, PEN, build)?) },
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.condition.device()
    }

    /// The class that stands for none of them.
    pub fn no_class(&self) -> u32 {
        self.condition.no_class()
    }

    /// Whether it is told what the pen does.
    pub fn pen_is_given(&self) -> bool {
        self.pen.is_none()
    }

    /// Movements `x` (points, 2) of drawings that end at `ends`, what the `pen` does (points, 3), where that is given, and a timestep and a
    /// class for each drawing -> the noise (points, 2), and, where it is not given, logits of what the pen does (points, 3).
    pub fn forward(
        &self,
        x: &Tensor,
        pen: Option<&Tensor>,
        ends: &[usize],
        timesteps: &[f32],
        classes: &[u32],
    ) -> Result<(Tensor, Option<Tensor>)> {
        let condition = self.condition.forward(timesteps, classes)?; // (drawings, width)
        let tokens = match (pen, self.pen_is_given()) {
            (Some(pen), true) => Tensor::cat(&[x, pen], 1)?, // (points, 5)
            (None, false) => x.clone(),
            (_, given) => return Err(Error::new(format!("a network that is told what the pen does: {given}; and it is told: {}", !given))),
        };
        if ends.len() != classes.len() || tokens.dim(0)? != ends.last().copied().unwrap_or(0) {
            return Err(Error::new(format!("{:?} numbers of {} drawings that end at {ends:?}", tokens.dims(), classes.len())));
        }
        let features = self.trunk.forward(&tokens, ends, &condition, |_, h| Ok(h))?; // (points, width)
        let pen = self.pen.as_ref().map(|pen| pen.forward(&features)).transpose()?; // (points, 3)
        Ok((self.noise.forward(&features)?, pen))
    }

    /// Two sums, single numbers: of the squared error of the noise, where there are movements; and of the cross entropy of what the pen
    /// does, or, where that is given, of the same squared error at lifted movements alone, which has no gradient.
    pub fn losses(&self, batch: &Batch) -> Result<[Tensor; 2]> {
        let Batch { x, noise_target, moved, lifted, pen, ends, timesteps, classes } = batch;
        let given = self.pen_is_given().then_some(pen);
        let (noise, logits) = self.forward(x, given, ends, timesteps, classes)?; // (points, 2), (points, 3)
        let error = noise_error(&noise, noise_target, moved)?; // ()
        let side = match logits {
            Some(logits) => ops::cross_entropy(&logits, pen)?,
            None => noise_error(&noise.detach(), noise_target, lifted)?,
        };
        Ok([error, side])
    }
}
