//! The objective of the diffusion transformer that draws stroke by stroke: which noise the movements of every stroke have been given, and how
//! many points it has, given the strokes before it.
//!
//! All strokes of a drawing are learnt from together: each is read once, and sees those before it. What is read may be blurred
//! (`history_noise`): every point is moved a little, the network is told by how much, and the first movement of the stroke to denoise leads
//! from where the blurred stroke before it ends to where the stroke really begins. So mistakes of that size are made good in drawing.
//!
//! A stroke of more points than the network takes is simplified until it fits. Among the data set's drawings these are rare: the loss, a
//! mean over the drawings' own points, is as good as one over what is left of them.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::noised::{Noised, pair};
use super::objective::{Counts, Drawing, Lesson, Losses, Objective, Prepared, number, weighed};
use crate::config::{ModelSettings, Preset};
use crate::diffusion::schedule::linear_sigma;
use crate::model::history_dit::{Batch, History, HistoryDit, ROW, rows};
use crate::model::weights::Builder;
use crate::model::{Coding, Network};
use crate::sketch::codec::Deltas;
use crate::sketch::{Point, Sketch, rdp_to};
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Error, Result};

/// Mean squared error of the noise, over the movements' numbers; cross entropy of a stroke's number of points, or of the drawing's end in
/// its place, over strokes and ends.
pub(super) const NAMES: [&str; 2] = ["noise", "count"];

/// The network and what its losses need.
#[derive(Clone)]
pub(super) struct HistoryDitObjective {
    network: HistoryDit,
    deltas: Deltas,
    /// Points of a stroke, at most.
    most: usize,
    pen_weight: f64,
    history_noise: f32,
    condition_dropout: f32,
    device: Device,
}

struct HistoryDitShard {
    of: Arc<HistoryDitObjective>,
    batch: Batch,
    counts: Counts,
}

/// The numbers of a batch in the making.
#[derive(Default)]
struct Rows {
    points: Vec<[f32; ROW]>,
    x: Vec<[f32; 2]>,
    noise: Vec<[f32; 2]>,
    moved: Vec<f32>,
    ends: Vec<usize>,
    pens: Vec<[f32; 2]>,
    /// Points of each stroke, and 0 behind the last stroke of each drawing.
    counts: Vec<usize>,
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

impl HistoryDitObjective {
    pub fn new(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>, device: &Device) -> Result<Self> {
        let ModelSettings::HistoryDit(sizes) = &preset.model else { return Err(Error::new("the settings are those of another system")) };
        Ok(Self {
            network: HistoryDit::build(preset, coding, categories, build)?,
            deltas: coding.deltas()?.clone(),
            most: sizes.stroke_points,
            pen_weight: preset.train.pen_weight,
            history_noise: preset.train.history_noise as f32,
            condition_dropout: preset.train.condition_dropout as f32,
            device: device.clone(),
        })
    }

    /// Draws for each drawing how far it is blurred, and how; and for each stroke a time, whether its category is dropped, and the noise.
    fn batch(&self, shard: &[Drawing], random: &mut ChaCha8Rng) -> Result<Batch> {
        let (mut all, scale) = (Rows::default(), self.deltas.scale);
        let (mut timesteps, mut classes, mut blurs) = (Vec::new(), Vec::new(), Vec::with_capacity(shard.len()));
        for (category, sketch) in shard {
            let blur = rng::uniform(random, 0.0, self.history_noise);
            blurs.push(blur);
            let clean: Vec<Vec<Point>> = sketch.strokes.iter().map(|stroke| rdp_to(stroke, self.most, 0.0).points).collect();
            let mut blurred = |p: &Point| {
                let by = pair(random);
                [p[0] + blur * scale * by[0], p[1] + blur * scale * by[1]]
            };
            let read: Vec<Vec<Point>> = clean.iter().map(|stroke| stroke.iter().map(&mut blurred).collect()).collect();
            let origin = read.first().and_then(|stroke| stroke.first()).copied().unwrap_or_default();
            let mut before: Option<Point> = None;
            for (clean, read) in clean.iter().zip(&read) {
                all.points.extend(rows(read, before, origin, scale));
                all.pens.push(before.map_or([0.0; 2], |at| minus(at, origin)));
                let noised = Noised::draw(*category, self.network.no_class(), self.condition_dropout, linear_sigma, random);
                timesteps.push(noised.time);
                classes.push(noised.class);
                for (i, &at) in clean.iter().enumerate() {
                    let from = if i == 0 { before } else { Some(clean[i - 1]) };
                    let epsilon = from.map_or([0.0; 2], |_| pair(random));
                    all.x.push(from.map_or([0.0; 2], |from| noised.noisy(minus(at, from).map(|v| v / scale), epsilon)));
                    all.noise.push(epsilon);
                    all.moved.push(f32::from(from.is_some()));
                }
                all.ends.push(all.x.len());
                all.counts.push(clean.len());
                before = read.last().copied();
            }
            all.counts.push(0);
        }
        let (points, strokes, device) = (all.x.len(), all.ends.len(), &self.device);
        let one = |&n: &usize| (0..=self.most).map(move |i| f32::from(i == n));
        let counts: Vec<f32> = all.counts.iter().flat_map(one).collect();
        Ok(Batch {
            history: History {
                points: Tensor::from_vec(all.points.into_flattened(), (points, ROW), device)?,
                ends: all.ends,
                lengths: shard.iter().map(|(_, sketch)| sketch.strokes.len()).collect(),
                noise: blurs,
            },
            x: Tensor::from_vec(all.x.into_flattened(), (points, 2), device)?,
            noise_target: Tensor::from_vec(all.noise.into_flattened(), (points, 2), device)?,
            moved: Tensor::from_vec(all.moved, (points, 1), device)?,
            pens: Tensor::from_vec(all.pens.into_flattened(), (strokes, 2), device)?,
            timesteps,
            classes,
            counts: Tensor::from_vec(counts, (all.counts.len(), 1 + self.most), device)?,
            drawn: shard.iter().map(|(category, _)| *category).collect(),
        })
    }
}

impl Objective for HistoryDitObjective {
    fn category_tables(&self) -> &'static [&'static str] {
        HistoryDit::CATEGORY_TABLES
    }

    fn work(&self, sketch: &Sketch) -> usize {
        sketch.points().count()
    }

    fn prepare(self: Arc<Self>, shard: &[Drawing], counts: Counts, _: Lesson, random: &mut ChaCha8Rng) -> Result<Box<dyn Prepared>> {
        let batch = self.batch(shard, random)?;
        Ok(Box::new(HistoryDitShard { of: self, batch, counts }))
    }

    fn recoded(&self, coding: &Coding) -> Result<Arc<dyn Objective>> {
        Ok(Arc::new(Self { deltas: coding.deltas()?.clone(), ..self.clone() }))
    }
}

impl Prepared for HistoryDitShard {
    fn losses(&self) -> Result<(Losses, Tensor)> {
        let Self { of, batch, counts } = self;
        let [noise, pen] = of.network.losses(batch)?;
        let noise = (noise / (2 * (counts.points - counts.drawings)) as f64)?; // ()
        let pen = (pen / (counts.strokes + counts.drawings) as f64)?; // ()
        let loss = (&noise + weighed(&pen, of.pen_weight)?)?; // ()
        Ok((Losses { names: &NAMES, main: number(&noise)?, side: number(&pen)?, judged: number(&loss)?, figure: None }, loss))
    }
}
