//! The U-Net's objective: which noise a whole drawing has been given, where its pen is lifted, and where it is over.
//!
//! Sequences are as long as the network; behind a drawing's last movement they are filled up with no movement, and noised like the rest,
//! because that is what the network sees when it draws. But it is not asked what noise is there: only which points are behind the end. So
//! no capacity goes into drawing nothing, and drawing takes the two answers together ([`crate::generate`]).

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::noised::Noised;
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared, number, weighed};
use crate::config::Preset;
use crate::diffusion::schedule::cosine_sigma;
use crate::model::unet1d::{Batch, Unet1d};
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::Sketch;
use crate::sketch::codec::Deltas;
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng};

/// Mean squared error of the noise, over the movements' numbers; cross-entropy of "lifted", over movements, plus that of "over", over all
/// points of the sequences.
pub(super) const NAMES: [&str; 2] = ["noise", "pen"];

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct Unet1dObjective {
    network: Unet1d,
    deltas: Deltas,
    pen_weight: f64,
    condition_dropout: f32,
    device: Device,
}

struct Unet1dShard {
    of: Arc<Unet1dObjective>,
    batch: Batch,
    counts: Counts,
}

impl Unet1dObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        Ok(Self {
            network: Unet1d::build(preset, coding, categories, build)?,
            deltas: coding.deltas()?.clone(),
            pen_weight: preset.train.pen_weight,
            condition_dropout: preset.train.condition_dropout as f32,
            device: device.clone(),
        })
    }

    /// Draws for each drawing a time, whether its category is dropped, and the noise.
    fn batch(&self, shard: &[Drawing], random: &mut ChaCha8Rng) -> Result<Batch> {
        let (rows, length) = (shard.len(), self.network.length());
        let (mut x, mut targets) = (Vec::with_capacity(rows * length * 2), Vec::with_capacity(rows * length * 2));
        let (mut inside, mut pen) = (Vec::with_capacity(rows * length), Vec::with_capacity(rows * length * 2));
        let (mut timesteps, mut classes) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for (category, sketch) in shard {
            let noised = Noised::draw(*category, self.network.no_class(), self.condition_dropout, cosine_sigma, random);
            timesteps.push(noised.time);
            classes.push(noised.class);
            let trail = self.deltas.encode(sketch);
            for (i, epsilon) in rng::normal(random, 2 * length).chunks_exact(2).enumerate() {
                let there = trail.moves.get(i);
                let epsilon = [epsilon[0], epsilon[1]];
                x.extend(noised.noisy(there.copied().unwrap_or_default(), epsilon));
                targets.extend(if there.is_some() { epsilon } else { [0.0; 2] });
                inside.push(f32::from(there.is_some()));
                pen.extend([f32::from(trail.lifted.get(i) == Some(&true)), f32::from(there.is_none())]);
            }
        }
        Ok(Batch {
            x: Tensor::from_vec(x, (rows, length, 2), &self.device)?,
            noise_target: Tensor::from_vec(targets, (rows, length, 2), &self.device)?,
            timesteps,
            classes,
            inside: Tensor::from_vec(inside, (rows, length), &self.device)?,
            pen_target: Tensor::from_vec(pen, (rows, length, 2), &self.device)?,
        })
    }
}

impl Objective for Unet1dObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        Unet1d::CATEGORY_TABLES
    }

    fn work(&self, _: &Sketch) -> usize {
        // Sequences are all of one length.
        1
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, _: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let batch = self.batch(shard, random)?;
        Ok(Box::new(Unet1dShard { of: self, batch, counts }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { deltas: coding.deltas()?.clone(), ..self.clone() }))
    }
}

impl Prepared for Unet1dShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let Self { of, batch, counts } = self;
        let moves = (counts.points - counts.drawings) as f64;
        let points = (counts.drawings * of.network.length()) as f64;
        let [noise, lifted, over] = of.network.losses(batch)?;
        let noise = (noise / (2.0 * moves))?;
        let pen = ((lifted / moves)? + (over / points)?)?;
        let loss = (&noise + weighed(&pen, of.pen_weight)?)?;
        // A drawing is no better than its pen: both count.
        Ok((Losses { names: &NAMES, main: number(&noise)?, side: number(&pen)?, judged: number(&loss)?, figure: None }, loss))
    }
}
