//! The flagship's objective: the next stroke denoised given those before it, and whether it is the last one.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::batch::{Noisy, Shard};
use super::loss::{entry_weights, losses};
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared};
use crate::config::{Preset, TrainSettings};
use crate::model::weights::Builder;
use crate::model::{Coding, Network, StrokeDiffusion};
use crate::sketch::{Codec, Sketch};
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct StrokeObjective {
    network: StrokeDiffusion,
    settings: TrainSettings,
    codec: Codec,
    /// Weight of each entry of a stroke's vector in the loss, mean 1: (codec width).
    entry_weights: Tensor,
    device: Device,
}

struct StrokeShard {
    of: Arc<StrokeObjective>,
    noisy: Noisy,
    counts: Counts,
}

impl StrokeObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        let network = StrokeDiffusion::build(preset, coding, categories, build)?;
        let codec = coding.strokes()?.clone();
        Ok(Self {
            network,
            settings: preset.train.clone(),
            entry_weights: entry_weights(&preset.train, &codec, device)?,
            codec,
            device: device.clone(),
        })
    }
}

impl Objective for StrokeObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        StrokeDiffusion::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.strokes.len()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let mut encoded = Shard::default();
        shard.iter().for_each(|(category, sketch)| encoded.push(*category, sketch, &self.codec));
        let dropout = if lesson == Lesson::Test { 0.0 } else { self.settings.dropout };
        let settings = TrainSettings { dropout, ..self.settings.clone() };
        let sizes = (self.codec.width(), self.network.width(), self.network.no_category());
        let noisy = encoded.noisy(&settings, sizes, random, &self.device)?;
        Ok(Box::new(StrokeShard { of: self, noisy, counts }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        let codec = coding.strokes()?.clone();
        let entry_weights = entry_weights(&self.settings, &codec, &self.device)?;
        Ok(Arc::new(Self { codec, entry_weights, ..self.clone() }))
    }
}

impl Prepared for StrokeShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let Self { of, noisy, counts } = self;
        // A drawing has one token more than strokes.
        losses(&of.network, noisy, &of.settings, &of.entry_weights, (counts.strokes, counts.strokes + counts.drawings))
    }
}
