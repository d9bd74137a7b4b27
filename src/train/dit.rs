//! The diffusion transformer's objective: which noise the movements of a whole drawing have been given, and what the pen does behind every
//! point; or, where the pen is given, the noise alone.
//!
//! The noise levels are those of the linear schedule (Ho et al. 2020) in continuous time: drawing takes as many steps through them as it is
//! set to, and a hundred steps end in the same noise as a thousand.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::noised::{Noised, pair};
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared, number, weighed};
use crate::config::Preset;
use crate::diffusion::schedule::linear_sigma;
use crate::model::dit::{Batch, Dit, PEN};
use crate::model::layers::rows;
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::Sketch;
use crate::sketch::codec::Deltas;
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// Mean squared error of the noise, over the movements' numbers; cross entropy of what the pen does, over points.
pub(super) const NAMES: [&str; 2] = ["noise", "pen"];
/// Where the pen is given: the same error over all movements, and over those alone for which the pen is lifted.
pub(super) const NAMES_GIVEN: [&str; 2] = ["noise", "lifted"];

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct DitObjective {
    network: Dit,
    deltas: Deltas,
    pen_weight: f64,
    condition_dropout: f32,
    device: Device,
}

struct DitShard {
    of: Arc<DitObjective>,
    batch: Batch,
    counts: Counts,
}

impl DitObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        Ok(Self {
            network: Dit::build(preset, coding, categories, build)?,
            deltas: coding.deltas()?.clone(),
            pen_weight: preset.train.pen_weight,
            condition_dropout: preset.train.condition_dropout as f32,
            device: device.clone(),
        })
    }

    /// Draws for each drawing a time, whether its category is dropped, and the noise.
    fn batch(&self, shard: &[Drawing], random: &mut ChaCha8Rng) -> Result<Batch> {
        let (mut x, mut noise, mut pen) = (Vec::<[f32; 2]>::new(), Vec::<[f32; 2]>::new(), Vec::<[f32; PEN]>::new());
        let (mut moved, mut lifted) = (Vec::<f32>::new(), Vec::<f32>::new());
        let (mut ends, mut timesteps, mut classes) = (Vec::new(), Vec::new(), Vec::new());
        for (category, sketch) in shard {
            let noised = Noised::draw(*category, self.network.no_class(), self.condition_dropout, linear_sigma, random);
            timesteps.push(noised.time);
            classes.push(noised.class);
            let trail = self.deltas.encode(sketch);
            for (i, [dx, dy, states @ ..]) in rows(&trail).into_iter().enumerate() {
                let first = i == 0;
                let epsilon = if first { [0.0; 2] } else { pair(random) };
                x.push(if first { [0.0; 2] } else { noised.noisy([dx, dy], epsilon) });
                noise.push(epsilon);
                moved.push(f32::from(!first));
                lifted.push(f32::from(!first && trail.lifted[i - 1]));
                pen.push(states);
            }
            ends.push(x.len());
        }
        let (points, device) = (x.len(), &self.device);
        Ok(Batch {
            x: Tensor::from_vec(x.into_flattened(), (points, 2), device)?,
            noise_target: Tensor::from_vec(noise.into_flattened(), (points, 2), device)?,
            moved: Tensor::from_vec(moved, (points, 1), device)?,
            lifted: Tensor::from_vec(lifted, (points, 1), device)?,
            pen: Tensor::from_vec(pen.into_flattened(), (points, PEN), device)?,
            ends,
            timesteps,
            classes,
        })
    }
}

impl Objective for DitObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        Dit::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.points().count()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, _: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let batch = self.batch(shard, random)?;
        Ok(Box::new(DitShard { of: self, batch, counts }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { deltas: coding.deltas()?.clone(), ..self.clone() }))
    }
}

impl Prepared for DitShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let Self { of, batch, counts } = self;
        let (moves, lifted) = (counts.points - counts.drawings, counts.strokes - counts.drawings);
        let [noise, side] = of.network.losses(batch)?;
        let noise = (noise / (2 * moves) as f64)?; // ()
        let main = number(&noise)?;
        if of.network.pen_is_given() {
            let side = number(&side)? / (2 * lifted).max(1) as f64;
            return Ok((Losses { names: &NAMES_GIVEN, main, side, judged: main, figure: None }, noise));
        }
        let pen = (side / counts.points as f64)?; // ()
        let loss = (noise + weighed(&pen, of.pen_weight)?)?; // ()
        // A drawing is no better than its pen: both count.
        Ok((Losses { names: &NAMES, main, side: number(&pen)?, judged: number(&loss)?, figure: None }, loss))
    }
}
