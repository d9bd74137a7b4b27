//! Which settings belong to which system.
//!
//! Most settings under `train` and `draw` are everybody's. Some mean something to a few systems only: a preset of another system leaves
//! them out, and they do not appear where it is shown or edited. There they have a neutral value, which changes nothing.

use super::models::ModelSettings;

/// Settings that are not everybody's, with their neutral values.
pub const SPECIAL: &[(&str, f64)] = &[
    ("train.sigma_log_mean", -1.2),
    ("train.sigma_log_std", 1.2),
    ("train.noise_draws", 1.0),
    ("train.box_weight", 1.0),
    ("train.component_floor", 1.0),
    ("train.stop_weight", 1.0),
    ("train.stop_share", 1.0),
    ("train.pen_weight", 1.0),
    ("train.kl_weight", 0.0),
    ("train.kl_start", 1.0),
    ("train.kl_rise_steps", 1.0),
    ("train.kl_floor", 0.0),
    ("train.teacher_forcing", 1.0),
    ("train.teacher_forcing_final", 1.0),
    ("train.teacher_forcing_fall_steps", 1.0),
    ("train.history_noise", 0.0),
    ("train.dropout", 0.0),
    ("train.condition_dropout", 0.0),
    ("train.category_dropout", 0.0),
    ("draw.steps", 1.0),
    ("draw.guidance", 1.0),
    ("draw.category_guidance", 1.0),
    ("draw.place_guidance", 1.0),
    ("draw.size_guidance", 1.0),
    ("draw.first_guidance", 1.0),
    ("draw.guidance_from", 1000.0),
    ("draw.guidance_to", 0.0),
    ("draw.history_noise", 0.0),
    ("draw.sigma_max", 80.0),
    ("draw.sigma_min", 0.002),
    ("draw.rho", 7.0),
    ("draw.temperature", 1.0),
];

/// Those of [`SPECIAL`] that the flagship has.
const STROKE_DIFFUSION: &[&str] = &[
    "train.sigma_log_mean",
    "train.sigma_log_std",
    "train.noise_draws",
    "train.box_weight",
    "train.component_floor",
    "train.stop_weight",
    "train.stop_share",
    "train.history_noise",
    "train.dropout",
    "train.condition_dropout",
    "train.category_dropout",
    "draw.steps",
    "draw.guidance",
    "draw.category_guidance",
    "draw.place_guidance",
    "draw.size_guidance",
    "draw.first_guidance",
    "draw.guidance_from",
    "draw.guidance_to",
    "draw.history_noise",
    "draw.sigma_max",
    "draw.sigma_min",
    "draw.rho",
];

/// Those of the U-Net.
const UNET1D: &[&str] = &["train.pen_weight", "train.condition_dropout", "draw.steps", "draw.guidance", "draw.sigma_max", "draw.sigma_min"];

/// Those of Sketch-RNN.
const SKETCH_RNN: &[&str] =
    &["train.kl_weight", "train.kl_start", "train.kl_rise_steps", "train.kl_floor", "train.dropout", "draw.temperature"];

/// Those of the sequence-to-sequence network.
const SEQ2SEQ: &[&str] = &[
    "train.pen_weight",
    "train.teacher_forcing",
    "train.teacher_forcing_final",
    "train.teacher_forcing_fall_steps",
    "train.dropout",
    "draw.temperature",
];

/// Those of the diffusion transformer.
const DIT: &[&str] = &["train.pen_weight", "train.condition_dropout", "draw.steps", "draw.guidance", "draw.sigma_max", "draw.sigma_min"];

/// Those of the same, which is given what the pen does.
const DIT_PEN: &[&str] = &["train.condition_dropout", "draw.steps", "draw.guidance", "draw.sigma_max", "draw.sigma_min"];

/// Those of the one that draws stroke by stroke.
const HISTORY_DIT: &[&str] = &[
    "train.pen_weight",
    "train.history_noise",
    "train.condition_dropout",
    "draw.steps",
    "draw.guidance",
    "draw.history_noise",
    "draw.sigma_max",
    "draw.sigma_min",
];

/// Those of the recurrent denoiser.
const RNN_DENOISER: &[&str] =
    &["train.pen_weight", "train.condition_dropout", "draw.steps", "draw.guidance", "draw.sigma_max", "draw.sigma_min"];

/// Those of diffusion over latent vectors: Sketch-RNN's, and a denoiser's.
const LATENT: &[&str] = &[
    "train.sigma_log_mean",
    "train.sigma_log_std",
    "train.noise_draws",
    "train.kl_weight",
    "train.kl_start",
    "train.kl_rise_steps",
    "train.kl_floor",
    "train.dropout",
    "train.condition_dropout",
    "draw.steps",
    "draw.guidance",
    "draw.sigma_max",
    "draw.sigma_min",
    "draw.rho",
    "draw.temperature",
];

/// Came later than the presets of some people: these may be missing there and are neutral then.
const LATER: &[&str] = &["train.dropout", "draw.size_guidance", "draw.guidance_from", "draw.guidance_to"];

impl ModelSettings {
    /// Those of [`SPECIAL`] that this system has.
    fn own(&self) -> &'static [&'static str] {
        match self {
            Self::StrokeDiffusion(_) => STROKE_DIFFUSION,
            Self::Unet1d(_) => UNET1D,
            Self::SketchRnn(_) => SKETCH_RNN,
            Self::Seq2seq(_) => SEQ2SEQ,
            Self::Dit(_) => DIT,
            Self::DitPen(_) => DIT_PEN,
            Self::HistoryDit(_) => HISTORY_DIT,
            Self::RnnDenoiser(_) => RNN_DENOISER,
            Self::Latent(_) => LATENT,
        }
    }

    /// Those of [`SPECIAL`] that a preset of this system must name.
    pub fn required(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.own().iter().copied().filter(|field| !LATER.contains(field))
    }

    /// The neutral value of a setting that this system does not have.
    pub fn foreign(&self, field: &str) -> Option<f64> {
        let (_, neutral) = SPECIAL.iter().find(|(special, _)| *special == field)?;
        (!self.own().contains(&field)).then_some(*neutral)
    }
}

/// The values of [`SPECIAL`] for serde (a test compares them).
pub(super) mod neutral {
    /// "Once", as a number of steps or draws.
    pub fn once() -> usize {
        1
    }

    /// The same.
    pub fn once_u64() -> u64 {
        1
    }

    /// A weight, or a guidance scale that guides nowhere.
    pub fn one() -> f64 {
        1.0
    }

    /// Above all noise levels, so that guidance holds from the beginning.
    pub fn guidance_from() -> f64 {
        1000.0
    }

    /// EDM's own (Karras et al. 2022, table 1).
    pub fn sigma_log_mean() -> f64 {
        -1.2
    }

    /// The same.
    pub fn sigma_log_std() -> f64 {
        1.2
    }

    /// The same.
    pub fn sigma_max() -> f64 {
        80.0
    }

    /// The same.
    pub fn sigma_min() -> f64 {
        0.002
    }

    /// The same.
    pub fn rho() -> f64 {
        7.0
    }
}
