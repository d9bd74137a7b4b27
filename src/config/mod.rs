//! Settings: their schema, their limits, the presets that name good choices.

pub mod limits;
pub mod models;
pub mod own;
pub mod preset;
pub mod schema;
pub mod system;

pub use limits::{LIMITS, Limit};
pub use models::{
    DitSettings, HistoryDitSettings, LatentSettings, ModelSettings, RnnDenoiserSettings, Seq2seqSettings, SketchRnnSettings,
    StrokeDiffusionSettings, Unet1dSettings,
};
pub use preset::{FLAGSHIP_PRESETS, PRESETS, flagship_presets, load};
pub use schema::{Augment, CodecSettings, DeviceChoice, DrawSettings, NoiseSchedule, Preset, SamplerKind, TrainSettings};
