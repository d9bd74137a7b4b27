//! The objective of the sequence-to-sequence network: every next point of a drawing, given the category, the strokes before a place at
//! which the drawing is cut, and the points since.
//!
//! The writer is told a share of its own points instead of those that were drawn (scheduled sampling, Bengio et al. 2015), as it will be
//! when it draws. Its layers are computed for all points at once, so this is done in two passes (Mihaylova & Martins 2019): in the first
//! one it is told the true points, and what it would draw there takes some of their places in the second one, which is differentiated.
//! What is learnt behind a point of its own is the movement that the person made there, from wherever the pen has come to: the drawing goes
//! on beside itself. (The movement back to the person's own next point is no such thing: where the pen went astray it is a long line.)

use std::sync::Arc;

use candle_core::{Device, Tensor};
use rand::Rng;

use super::batch::dropout;
use super::objective::{Counts, Drawing, Figure, Lesson, Losses, Objective, Prepared, number, weighed};
use crate::config::{Preset, TrainSettings};
use crate::model::layers::ROW;
use crate::model::seq2seq::{CATEGORY, READ, Reading, Seq2seq, moved, place, points, waiting};
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::Sketch;
use crate::sketch::codec::Deltas;
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// Minus the log density of the movements, or their mean squared error; cross entropy of the pen. Both are means over points.
pub(super) const NAMES: [&str; 2] = ["movement", "pen"];

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct Seq2seqObjective {
    network: Seq2seq,
    deltas: Deltas,
    settings: TrainSettings,
    device: Device,
}

struct Seq2seqShard {
    of: Arc<Seq2seqObjective>,
    counts: Counts,
    /// Points of all its drawings, read ones too.
    points: usize,
    /// What is read of each drawing, one behind the other, and where each ends.
    read: Vec<[f32; READ]>,
    read_ends: Vec<usize>,
    /// The point before each that is written.
    before: Vec<[f32; READ]>,
    /// The rows of those that are written, and where each drawing ends.
    rows: Vec<[f32; ROW]>,
    ends: Vec<usize>,
    categories: Vec<u32>,
    /// Whether the writer is told its own point before each, where there is one.
    own: Vec<bool>,
    /// Factors of the outputs of the writer's layers, (tokens, decoder).
    dropout: Option<[Tensor; 2]>,
    /// Goes on behind all of the above: its own points are drawn from it.
    random: ChaCha8Rng,
}

impl Seq2seqObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        let network = Seq2seq::build(preset, coding, categories, build)?;
        Ok(Self { network, deltas: coding.deltas()?.clone(), settings: preset.train.clone(), device: device.clone() })
    }

    /// The share of points that the writer is told as they were drawn.
    fn teacher_forcing(&self, lesson: Lesson) -> f64 {
        let TrainSettings { teacher_forcing: first, teacher_forcing_final: last, teacher_forcing_fall_steps: steps, .. } = self.settings;
        match lesson {
            Lesson::Step(step) => last + (first - last) * (-(step as f64) / steps.max(1) as f64).exp(),
            // Losses of one step can be compared with those of another.
            Lesson::Test => 1.0,
        }
    }

    /// The numbers of a shard.
    fn shard(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Seq2seqShard> {
        let (mut read, mut read_ends) = (Vec::new(), Vec::with_capacity(shard.len()));
        let (mut before, mut rows, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(shard.len()));
        let mut all = 0;
        for (_, sketch) in shard {
            // Turned and stretched as it may be: places lie within the frame here as they do in drawing.
            let sketch = sketch.to_model_frame();
            let strokes = random.random_range(0..sketch.strokes.len().max(1));
            let cut = sketch.strokes[..strokes].iter().map(|stroke| stroke.points.len()).sum();
            let points = points(&sketch, self.deltas.scale);
            all += points.len();
            read.push(CATEGORY);
            read.extend(&points[..cut]);
            read_ends.push(read.len());
            before.push(if cut == 0 { waiting() } else { points[cut - 1] });
            before.extend(&points[cut..points.len() - 1]);
            rows.extend(points[cut..].iter().map(|[dx, dy, down, up, end, ..]| [*dx, *dy, *down, *up, *end]));
            ends.push(rows.len());
        }
        let share = if lesson == Lesson::Test { 0.0 } else { self.settings.dropout as f32 };
        let mut dropped = || dropout(share, (rows.len(), self.network.width()), random, &self.device);
        let dropout = dropped()?.zip(dropped()?).map(|(low, high)| [low, high]); // (tokens, decoder) both
        let forced = self.teacher_forcing(lesson) as f32;
        let own = rows.iter().map(|_| random.random::<f32>() >= forced).collect();
        Ok(Seq2seqShard {
            counts,
            points: all,
            read,
            read_ends,
            before,
            rows,
            ends,
            categories: shard.iter().map(|(category, _)| *category).collect(),
            own,
            dropout,
            random: random.clone(),
            of: self,
        })
    }
}

impl Objective for Seq2seqObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        Seq2seq::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.points().count()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, lesson: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        Ok(Box::new(self.shard(shard, counts, lesson, random)?))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { deltas: coding.deltas()?.clone(), ..self.clone() }))
    }
}

impl Seq2seqShard {
    fn tensor<const N: usize>(&self, rows: &[[f32; N]]) -> Result<Tensor> {
        Ok(Tensor::from_slice(rows.as_flattened(), (rows.len(), N), &self.of.device)?) // (tokens, N)
    }

    /// The second pass's points before each that is learnt.
    fn mixed(&self, reading: &Reading) -> Result<Vec<[f32; READ]>> {
        let mut before = self.before.clone();
        if !self.own.contains(&true) {
            return Ok(before);
        }
        let Seq2seqObjective { network, deltas, .. } = &*self.of;
        let true_ones = self.tensor(&self.before)?; // (tokens, 7)
        let (said, _) = network.write(&true_ones, &self.ends, &self.categories, reading, &reading.begin, None)?; // (tokens, width)
        let said = said.flatten_all()?.to_vec1::<f32>()?;
        let (head, mut random) = (network.head(), self.random.clone());
        for token in 1..before.len() {
            // The first point of a drawing has none of its own before it.
            if !self.own[token] || self.ends.contains(&token) {
                continue;
            }
            let said = &said[(token - 1) * head.width()..token * head.width()];
            let [dx, dy, down, up, end] = head.draw(said, 1.0, true, &mut random);
            let at = moved(place(&self.before[token - 1]), [dx, dy], deltas.scale);
            // It was not over: there the pen does what it did.
            let pen = if end > 0.0 { &self.before[token][2..ROW] } else { &[down, up, end] };
            before[token] = [dx, dy, pen[0], pen[1], pen[2], at[0], at[1]];
        }
        Ok(before)
    }
}

impl Prepared for Seq2seqShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let network = &self.of.network;
        let reading = network.read(&self.tensor(&self.read)?, &self.read_ends, &self.categories)?;
        let before = self.tensor(&self.mixed(&reading)?)?; // (tokens, 7)
        let (said, _) = network.write(&before, &self.ends, &self.categories, &reading, &reading.begin, self.dropout.as_ref())?; // (tokens, width)
        let [movement, pen] = network.head().losses(&said, &self.tensor(&self.rows)?)?;
        // How many points are written is thrown shard by shard: a mean over them, by the shard's share of all points.
        let of_all = self.points as f64 / self.counts.points as f64;
        let share = of_all / self.rows.len() as f64;
        let (movement, pen) = ((movement * share)?, (pen * share)?);
        let loss = (&movement + weighed(&pen, self.of.settings.pen_weight)?)?;
        let right = network.head().pens_right(&said.flatten_all()?.to_vec1::<f32>()?, &self.rows) as f64;
        let figure = Some(Figure { name: "pen_accuracy", value: share * right });
        // A drawing is no better than its pen: both count.
        Ok((Losses { names: &NAMES, main: number(&movement)?, side: number(&pen)?, judged: number(&loss)?, figure }, loss))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;
    use crate::model::weights;
    use crate::sketch::Stroke;
    use crate::train::batch::augmented;
    use crate::util::rng::{Stream, stream};

    #[test]
    fn places_lie_in_the_frame_however_a_drawing_is_turned_and_stretched() -> Result<()> {
        let mut preset = load("seq2seq_small")?;
        preset.train.augment.rotate_degrees = 45.0;
        let square = Stroke::new(vec![[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -0.9]]);
        let drawings = vec![(0, Sketch { strokes: vec![square.clone(), square] })];
        let (device, coding) = (Device::Cpu, Coding::fit(&preset.codec, &drawings, false)?);
        let mut parameters = Vec::new();
        let objective = Seq2seqObjective::new(&preset, &coding, 1, &mut weights::fresh(1, &device, &mut parameters), &device)?;
        let objective: Arc<Seq2seqObjective> = Arc::new(objective);
        for number in 0..20 {
            let mut random = stream(1, Stream::Noise, number);
            let turned = augmented(&drawings[0].1, &preset.train, true, &mut random);
            let counts = Counts::of([&turned].into_iter());
            let shard = Arc::clone(&objective).shard(&[(0, turned)], counts, Lesson::Step(number), &mut random)?;
            let places = shard.read.iter().chain(&shard.before).flat_map(place);
            assert!(places.into_iter().all(|v| v.abs() <= 0.5 + 1e-5));
        }
        Ok(())
    }
}
