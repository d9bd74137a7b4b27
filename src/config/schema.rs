//! Every setting of a model and of its training, with its meaning. Their limits are in [`super::limits`].

use serde::{Deserialize, Serialize};

use super::models::ModelSettings;
use super::system::neutral;
use crate::util::{Error, Result};

/// The version of the preset form that this program writes and reads.
pub const VERSION: u32 = 1;

/// A named, complete choice of all settings: a file in `presets/`, and part of every checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// [`VERSION`] of the form.
    pub version: u32,
    /// By which it is chosen.
    pub name: String,
    /// One or two sentences: for whom, how long it takes.
    pub about: String,
    /// How a stroke becomes a vector.
    pub codec: CodecSettings,
    /// The network.
    pub model: ModelSettings,
    /// How it is trained.
    pub train: TrainSettings,
    /// How it draws, unless told otherwise.
    pub draw: DrawSettings,
}

impl Preset {
    /// Draws from now on as another preset of the same system does: with its `draw`, and simplified as much.
    ///
    /// # Errors
    /// If that one is of another system.
    pub fn draw_as(&mut self, mut other: Self) -> Result<()> {
        let (own, others) = (self.model.system(), other.model.system());
        if own != others {
            return Err(Error::usage(format!("the preset '{}' is of another system, {others}: this model is of {own}", other.name)));
        }
        *self.codec.simplify() = *other.codec.simplify();
        self.draw = other.draw;
        Ok(())
    }
}

/// How a stroke becomes a vector and back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum CodecSettings {
    /// Box (centre, log half-size) + principal components of points of the normalised shape, all whitened.
    Components {
        /// Points that a stroke is divided into, its corners among them.
        points: usize,
        /// Principal components kept, at most 2 * points.
        components: usize,
        /// Tolerance of the simplification before encoding and after decoding, in the 0..255 frame; 0 keeps every point.
        simplify: f32,
    },
    /// The whole drawing as movements of the pen from point to point, divided by their deviation: for systems that draw points.
    Deltas {
        /// Longer drawings are left out of training, and no longer ones are drawn.
        most_points: usize,
        /// Tolerance of the simplification after decoding, in the 0..255 frame; 0 keeps every point.
        simplify: f32,
    },
    /// The same, with pen rhythms of training drawings: for systems to which it is given how many points a drawing has.
    Rhythms {
        /// As in `Deltas`.
        most_points: usize,
        /// As in `Deltas`.
        simplify: f32,
        /// So many rhythms are kept at most.
        rhythms: usize,
    },
}

impl CodecSettings {
    /// The most points of a drawing, where there is such a limit.
    pub fn most_points(&self) -> Option<usize> {
        match *self {
            Self::Components { .. } => None,
            Self::Deltas { most_points, .. } | Self::Rhythms { most_points, .. } => Some(most_points),
        }
    }

    /// The tolerance of the simplification.
    fn simplify(&mut self) -> &mut f32 {
        match self {
            Self::Components { simplify, .. } | Self::Deltas { simplify, .. } | Self::Rhythms { simplify, .. } => simplify,
        }
    }
}

/// How a model is trained. What only some systems have ([`super::system`]) may be left out by the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSettings {
    /// Steps, unless the call says otherwise.
    pub steps: u64,
    /// Drawings a step.
    pub batch: usize,
    /// Parts that a batch is computed in, at most one thread each. Part of the recipe: it changes the rounding of sums.
    pub shards: usize,
    /// AdamW: highest learning rate.
    pub learning_rate: f64,
    /// Steps of linear rise to it.
    pub warmup_steps: u64,
    /// The cosine ends at this share of it.
    pub final_rate: f64,
    /// AdamW: decay of the first moment.
    pub beta1: f64,
    /// AdamW: decay of the second moment.
    pub beta2: f64,
    /// AdamW: decoupled weight decay.
    pub weight_decay: f64,
    /// The gradient's global norm is cut to this.
    pub clip_norm: f64,
    /// Decay of the exponential moving average of the weights; ramps up as step / (step + 9).
    pub ema_decay: f64,
    /// Noise levels: mean of ln sigma (EDM, Karras et al. 2022, table 1).
    #[serde(default = "neutral::sigma_log_mean")]
    pub sigma_log_mean: f64,
    /// Noise levels: standard deviation of ln sigma.
    #[serde(default = "neutral::sigma_log_std")]
    pub sigma_log_std: f64,
    /// Noise levels drawn a stroke, or a latent vector, and step: what comes before is computed once and shared.
    #[serde(default = "neutral::once")]
    pub noise_draws: usize,
    /// Weight of the box's three numbers in the loss, before normalisation.
    #[serde(default = "neutral::one")]
    pub box_weight: f64,
    /// Weight of the smallest shape component; the largest has 1, between them it follows the standard deviation.
    #[serde(default = "neutral::one")]
    pub component_floor: f64,
    /// Weight of the stop loss.
    #[serde(default = "neutral::one")]
    pub stop_weight: f64,
    /// Share of the stop loss's gradient that reaches the transformer: it overfits first, so it may shape its own head only.
    #[serde(default = "neutral::one")]
    pub stop_share: f64,
    /// Weight of the loss of where the pen is lifted and where the drawing is over.
    #[serde(default = "neutral::one")]
    pub pen_weight: f64,
    /// Weight of the latent vectors' divergence from the prior.
    #[serde(default)]
    pub kl_weight: f64,
    /// The share of it that training begins with.
    #[serde(default = "neutral::one")]
    pub kl_start: f64,
    /// It approaches the whole with this time constant, in steps.
    #[serde(default = "neutral::once_u64")]
    pub kl_rise_steps: u64,
    /// A divergence below this, a mean over the latent vector's numbers, is not made any smaller.
    #[serde(default)]
    pub kl_floor: f64,
    /// Share of points that the writer is told as they were drawn, at the first step; for the others it is told what it would have drawn
    /// there itself (Bengio et al. 2015).
    #[serde(default = "neutral::one")]
    pub teacher_forcing: f64,
    /// What that share falls to.
    #[serde(default = "neutral::one")]
    pub teacher_forcing_final: f64,
    /// It falls with this time constant, in steps.
    #[serde(default = "neutral::once_u64")]
    pub teacher_forcing_fall_steps: u64,
    /// Noise added to the history is drawn from 0 to this, per drawing, and told to the network.
    #[serde(default)]
    pub history_noise: f64,
    /// Share of the numbers that the transformer reads and says which are dropped in training (Srivastava et al. 2014); 0 in files
    /// from before there was dropout.
    #[serde(default)]
    pub dropout: f64,
    /// Share of strokes whose history is dropped, or of drawings whose category is dropped, for guidance.
    #[serde(default)]
    pub condition_dropout: f64,
    /// Share of those whose category is dropped as well, for guidance by category.
    #[serde(default)]
    pub category_dropout: f64,
    /// Random changes to every drawing.
    pub augment: Augment,
    /// Steps between two evaluations on the test split.
    pub evaluate_every: u64,
    /// Steps between two checkpoints.
    pub save_every: u64,
}

/// Random changes to every training drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augment {
    /// Mirror half of the drawings, where the category allows it.
    pub flip: bool,
    /// Rotate by up to this, in degrees, either way.
    pub rotate_degrees: f64,
    /// Stretch x and y by up to this share, either way.
    pub stretch: f64,
}

/// How a model draws. What only some systems have ([`super::system`]) may be left out by the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawSettings {
    /// The sampler.
    #[serde(default)]
    pub sampler: SamplerKind,
    /// How the noise levels are spaced.
    #[serde(default)]
    pub schedule: NoiseSchedule,
    /// Denoising steps: a stroke, or a drawing.
    #[serde(default = "neutral::once")]
    pub steps: usize,
    /// Guidance scale: 1 is none; above, away from what an unknown history would give.
    #[serde(default = "neutral::one")]
    pub guidance: f64,
    /// The same for the category: away from what no category and no history would give.
    #[serde(default = "neutral::one")]
    pub category_guidance: f64,
    /// How much of the guidance counts for where a stroke goes; its shape gets all.
    #[serde(default = "neutral::one")]
    pub place_guidance: f64,
    /// How much of what places get counts for how large it is.
    #[serde(default = "neutral::one")]
    pub size_guidance: f64,
    /// How much of the guidance by history counts for the first stroke, which has nothing before it.
    #[serde(default = "neutral::one")]
    pub first_guidance: f64,
    /// Guidance is kept to an interval of noise levels (Kynkaanniemi et al. 2024): from this one …
    #[serde(default = "neutral::guidance_from")]
    pub guidance_from: f64,
    /// … down to this one.
    #[serde(default)]
    pub guidance_to: f64,
    /// The history noise that is claimed.
    #[serde(default)]
    pub history_noise: f64,
    /// The largest noise level.
    #[serde(default = "neutral::sigma_max")]
    pub sigma_max: f64,
    /// The smallest noise level before 0.
    #[serde(default = "neutral::sigma_min")]
    pub sigma_min: f64,
    /// Of what is drawn from distributions: 1 as they are, below 1 what is likely becomes likelier.
    #[serde(default = "neutral::one")]
    pub temperature: f64,
    /// How a Karras schedule is bent (EDM, equation 5).
    #[serde(default = "neutral::rho")]
    pub rho: f64,
}

/// Which sampler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SamplerKind {
    /// Heun's second-order method (EDM, algorithm 1, without churn).
    #[default]
    Heun,
    /// Deterministic DDIM (Song et al. 2021): Euler's method in sigma.
    Ddim,
    /// Ancestral sampling (Ho et al. 2020).
    Ddpm,
}

/// Where tensors are computed. Which of them this build and this machine have is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// An NVIDIA card or else an Apple GPU, if this build can use one and one answers; otherwise the processor.
    #[default]
    Auto,
    /// The processor: always there, and the one that is tested.
    Cpu,
    /// An NVIDIA card; needs a build with the feature `cuda`.
    Cuda,
    /// An Apple GPU; needs a build with the feature `metal`.
    Metal,
}

impl DeviceChoice {
    /// Whether this build can use the device at all; whether the machine has it is only known by opening it.
    pub const fn built_in(self) -> bool {
        match self {
            Self::Auto | Self::Cpu => true,
            Self::Cuda => cfg!(feature = "cuda"),
            Self::Metal => cfg!(feature = "metal"),
        }
    }
}

/// How noise levels are spaced between the largest and the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NoiseSchedule {
    /// Karras et al. 2022, equation 5.
    #[default]
    Karras,
    /// Nichol & Dhariwal 2021.
    Cosine,
    /// Ho et al. 2020, in continuous time.
    Linear,
}
