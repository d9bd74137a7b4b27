//! The recurrent denoiser's objective: the movements and the pen of a whole drawing, of which it sees noisy ones.

use std::sync::Arc;

use candle_core::{Device, Tensor};
use rand::Rng;

use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared, number, weighed};
use crate::config::Preset;
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::schedule::cosine_sigma;
use crate::model::rnn_denoiser::{Batch, NUMBERS, RnnDenoiser};
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::Sketch;
use crate::sketch::codec::Deltas;
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng};

/// Mean squared error of what the network says of the movements, over their numbers; of what it says of the pen, over movements. Both are
/// near 1 where nothing is known but the mean.
pub(super) const NAMES: [&str; 2] = ["movement", "pen"];

/// Times of the cosine schedule that are practised: beyond them there is nothing but noise, or none.
const TIMES: (f32, f32) = (0.001, 0.999);

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct RnnDenoiserObjective {
    network: RnnDenoiser,
    deltas: Deltas,
    pen_weight: f64,
    condition_dropout: f32,
    device: Device,
}

struct RnnDenoiserShard {
    of: Arc<RnnDenoiserObjective>,
    batch: Batch,
    counts: Counts,
}

impl RnnDenoiserObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        Ok(Self {
            network: RnnDenoiser::build(preset, coding, categories, build)?,
            deltas: coding.deltas()?.clone(),
            pen_weight: preset.train.pen_weight,
            condition_dropout: preset.train.condition_dropout as f32,
            device: device.clone(),
        })
    }

    /// Draws for each drawing a time, whether its category is dropped, and the noise.
    fn batch(&self, shard: &[Drawing], random: &mut ChaCha8Rng) -> Result<Batch> {
        let (mut x, mut targets, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(shard.len()));
        let (mut levels, mut categories) = (Vec::with_capacity(shard.len()), Vec::with_capacity(shard.len()));
        for (category, sketch) in shard {
            let sigma = cosine_sigma(f64::from(rng::uniform(random, TIMES.0, TIMES.1)));
            let dropped = random.random::<f32>() < self.condition_dropout;
            categories.push(if dropped { self.network.no_category() } else { *category });
            let p = Preconditioning::at(sigma);
            levels.push(p.noise as f32);
            let trail = self.deltas.encode(sketch);
            for (by, &lifted) in trail.moves.iter().zip(&trail.lifted) {
                let pen = if lifted { 1.0 } else { -1.0 };
                for (x0, epsilon) in [by[0], by[1], pen].into_iter().zip(rng::normal(random, NUMBERS)) {
                    let (x0, noisy) = (f64::from(x0), f64::from(x0) + sigma * f64::from(epsilon));
                    x.push((p.input * noisy) as f32);
                    targets.push(p.target(x0, noisy) as f32);
                }
            }
            ends.push(x.len() / NUMBERS);
        }
        let shape = (x.len() / NUMBERS, NUMBERS);
        Ok(Batch { x, targets: Tensor::from_vec(targets, shape, &self.device)?, ends, levels, categories })
    }
}

impl Objective for RnnDenoiserObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        RnnDenoiser::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.points().count()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, _: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let batch = self.batch(shard, random)?;
        Ok(Box::new(RnnDenoiserShard { of: self, batch, counts }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { deltas: coding.deltas()?.clone(), ..self.clone() }))
    }
}

impl Prepared for RnnDenoiserShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let Self { of, batch, counts } = self;
        let moves = (counts.points - counts.drawings) as f64;
        let [movement, pen] = of.network.losses(batch)?;
        let (movement, pen) = ((movement / (2.0 * moves))?, (pen / moves)?);
        let loss = (&movement + weighed(&pen, of.pen_weight)?)?;
        // A drawing is no better than its pen: both count.
        Ok((Losses { names: &NAMES, main: number(&movement)?, side: number(&pen)?, judged: number(&loss)?, figure: None }, loss))
    }
}
