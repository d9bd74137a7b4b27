//! From drawings to the numbers of a training step: order, augmentation, encoding, noise.

use candle_core::{Device, Tensor};
use rand::Rng;

use crate::config::TrainSettings;
use crate::diffusion::parametrisation::Preconditioning;
use crate::model::History;
use crate::model::stroke_diffusion::UNKNOWN;
use crate::sketch::{Codec, Sketch};
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng, Stream};

/// The drawings of a run, split.
#[derive(Debug, Clone, Default)]
pub struct TrainSet {
    /// Names; drawings refer to them by number.
    pub categories: Vec<String>,
    /// Which of them may be mirrored.
    pub mirror: Vec<bool>,
    /// Category and drawing.
    pub train: Vec<(u32, Sketch)>,
    /// Category and drawing; never learnt from.
    pub test: Vec<(u32, Sketch)>,
    /// Where they come from: `category: sha256`.
    pub sources: Vec<String>,
}

/// Drawings of one shard, encoded.
#[derive(Debug, Clone, Default)]
pub struct Shard {
    /// (strokes, codec width), row by row.
    pub strokes: Vec<f32>,
    /// Strokes of each drawing.
    pub lengths: Vec<usize>,
    /// Category of each drawing.
    pub categories: Vec<u32>,
}

/// A shard with its noise: everything that the losses need.
pub struct Noisy {
    /// The noised history.
    pub history: History,
    /// For every noisy row, the token that precedes its stroke, or [`UNKNOWN`] where the history is dropped.
    pub tokens: Vec<u32>,
    /// For every noisy row, the category of its drawing, or none where that is dropped too.
    pub categories: Vec<u32>,
    /// `c_in * (x0 + sigma * epsilon)`: (rows, codec width).
    pub inputs: Tensor,
    /// `c_noise`, one a row.
    pub levels: Vec<f32>,
    /// What the network should say: (rows, codec width).
    pub targets: Tensor,
    /// 1 for the last token of each drawing: (tokens).
    pub finished: Tensor,
}

/// The order of an epoch, by its number.
pub type Epoch = (u64, Vec<u32>);

/// Which drawings step `step` sees: every epoch is a new permutation, and batches run on across its end. `epoch` keeps the last one.
pub fn rows(epoch: &mut Option<Epoch>, seed: u64, step: u64, batch: usize, drawings: usize) -> Vec<u32> {
    let first = step * batch as u64;
    let row = |i: u64| {
        let (number, at) = (i / drawings as u64, (i % drawings as u64) as usize);
        let (_, order) = match epoch {
            Some(known) if known.0 == number => known,
            _ => epoch.insert((number, rng::permutation(&mut rng::stream(seed, Stream::Order, number), drawings))),
        };
        order[at]
    };
    (first..first + batch as u64).map(row).collect()
}

/// A drawing in the model frame, changed a little.
pub fn augmented(sketch: &Sketch, settings: &TrainSettings, mirror: bool, random: &mut ChaCha8Rng) -> Sketch {
    let augment = &settings.augment;
    let mut within = |limit: f64| rng::uniform(random, -1.0, 1.0) * limit as f32;
    let (sin, cos) = within(augment.rotate_degrees.to_radians()).sin_cos();
    let (mut wide, high) = (1.0 + within(augment.stretch), 1.0 + within(augment.stretch));
    let flip = random.random::<bool>();
    if augment.flip && mirror && flip {
        wide = -wide;
    }
    sketch.map(|p| {
        let (x, y) = (p[0] * wide, p[1] * high);
        [x * cos - y * sin, x * sin + y * cos]
    })
}

impl Shard {
    /// Adds a drawing in the model frame.
    pub fn push(&mut self, category: u32, sketch: &Sketch, codec: &Codec) {
        for stroke in &sketch.strokes {
            self.strokes.extend(codec.encode(stroke));
        }
        self.lengths.push(sketch.strokes.len());
        self.categories.push(category);
    }

    /// Draws all noise of the shard from `random`, in a fixed order. `width`: the codec's; `states`: width of the transformer; `none`:
    /// the category that stands for none.
    pub fn noisy(
        &self,
        settings: &TrainSettings,
        (width, states, none): (usize, usize, u32),
        random: &mut ChaCha8Rng,
        device: &Device,
    ) -> Result<Noisy> {
        let strokes = self.strokes.len() / width;
        let noise: Vec<f32> = self.lengths.iter().map(|_| rng::uniform(random, 0.0, settings.history_noise as f32)).collect();
        let mut history = self.strokes.clone();
        let of_stroke = self.lengths.iter().zip(&noise).flat_map(|(&n, &level)| std::iter::repeat_n(level, n));
        for (row, level) in history.chunks_exact_mut(width).zip(of_stroke) {
            row.iter_mut().zip(rng::normal(random, width)).for_each(|(v, e)| *v += level * e);
        }
        let draws = settings.noise_draws;
        let rows = strokes * draws;
        let (alone, both) = (settings.condition_dropout, settings.condition_dropout * settings.category_dropout);
        // Of each row: whether its history is dropped, and whether its category is dropped with it.
        let mut drop = || {
            let v = random.random::<f32>();
            (v < alone as f32, v < both as f32)
        };
        let dropped: Vec<(bool, bool)> = (0..rows).map(|_| drop()).collect();
        let (mut inputs, mut targets, mut levels) =
            (Vec::with_capacity(rows * width), Vec::with_capacity(rows * width), Vec::with_capacity(rows));
        for row in 0..rows {
            let x0 = &self.strokes[row % strokes * width..][..width];
            let sigma = (settings.sigma_log_mean + settings.sigma_log_std * f64::from(rng::normal(random, 1)[0])).exp();
            let p = Preconditioning::at(sigma);
            levels.push(p.noise as f32);
            for (&x0, epsilon) in x0.iter().zip(rng::normal(random, width)) {
                let x = f64::from(x0) + sigma * f64::from(epsilon);
                inputs.push((p.input * x) as f32);
                targets.push(p.target(f64::from(x0), x) as f32);
            }
        }
        let (mut tokens, mut finished) = (Vec::with_capacity(rows), Vec::new());
        for &n in &self.lengths {
            tokens.extend((0..n).map(|k| (finished.len() + k) as u32));
            finished.extend((0..=n).map(|k| f32::from(k == n)));
        }
        let mut dropped_out = || dropout(settings.dropout as f32, (finished.len(), states), random, device);
        let dropout = dropped_out()?.zip(dropped_out()?).map(|(read, said)| [read, said]); // (tokens, width) both
        let tokens = tokens.repeat(draws).into_iter().zip(&dropped).map(|(token, (dropped, _))| if *dropped { UNKNOWN } else { token });
        let of_drawing = self.lengths.iter().zip(&self.categories).flat_map(|(&n, &category)| std::iter::repeat_n(category, n));
        let of_row = of_drawing.collect::<Vec<_>>().repeat(draws);
        let categories = of_row.into_iter().zip(&dropped).map(|(category, (_, dropped))| if *dropped { none } else { category });
        Ok(Noisy {
            history: History {
                strokes: Tensor::from_vec(history, (strokes, width), device)?,
                lengths: self.lengths.clone(),
                categories: self.categories.clone(),
                noise,
                dropout,
            },
            tokens: tokens.collect(),
            categories: categories.collect(),
            inputs: Tensor::from_vec(inputs, (rows, width), device)?,
            levels,
            targets: Tensor::from_vec(targets, (rows, width), device)?,
            finished: Tensor::new(finished, device)?,
        })
    }
}

/// Factors that leave out a share of the numbers and make up for it in the others; none for a share of 0.
pub(super) fn dropout(share: f32, shape: (usize, usize), random: &mut ChaCha8Rng, device: &Device) -> Result<Option<Tensor>> {
    if share <= 0.0 {
        return Ok(None);
    }
    let factor = |_| if random.random::<f32>() < share { 0.0 } else { 1.0 / (1.0 - share) };
    let factors: Vec<f32> = (0..shape.0 * shape.1).map(factor).collect();
    Ok(Some(Tensor::from_vec(factors, shape, device)?)) // (tokens, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_sees_every_drawing_once_whatever_the_batch() {
        for batch in [1, 7, 10, 64] {
            let seen: Vec<u32> = (0..10u64).flat_map(|step| rows(&mut None, 3, step, batch, 10)).collect();
            for epoch in seen.chunks_exact(10) {
                let mut epoch = epoch.to_vec();
                epoch.sort_unstable();
                assert_eq!(epoch, (0..10).collect::<Vec<_>>(), "batch {batch}");
            }
        }
    }

    #[test]
    fn different_epochs_have_different_orders() {
        let mut epoch = None;
        assert_ne!(rows(&mut epoch, 3, 0, 100, 100), rows(&mut epoch, 3, 1, 100, 100));
        assert_eq!(rows(&mut epoch, 3, 0, 100, 100), rows(&mut None, 3, 0, 100, 100));
    }
}
