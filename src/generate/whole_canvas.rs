//! Drawing all movements of a drawing at once, from noise: what the systems that do so share.
//!
//! What a network says of the pen is not read at the last step alone: its logits are averaged over all steps, each weighed by the share of
//! signal in what the network saw there (`alpha_bar`).

mod dit;
mod unet1d;

pub use dit::DitCanvas;
pub use unet1d::UnetCanvas;

use std::cell::RefCell;
use std::ops::Range;

use super::{Artist, Capabilities, Job, Moment, Part, Trace, finite, forward, grouped};
use crate::config::DrawSettings;
use crate::diffusion::parametrisation::{Preconditioning, alpha_bar};
use crate::diffusion::{Step, noise_levels, sample};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, Rhythm, Trail};
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Cancel, Result, threads};

/// No movement is longer, in deviations: longer ones are a network's mistakes at high noise levels, where they are magnified.
pub(super) const LONGEST: f32 = 12.0;

/// A network that denoises a canvas.
pub trait Canvas: Send + Sync {
    /// What it can be asked for beside following the whole canvas from noise to drawing.
    fn capabilities(&self) -> Capabilities;

    /// What is settled before a drawing's noise: so many movements, and, where the pen is given, for which of them it is lifted.
    ///
    /// # Errors
    /// Strokes to begin with, for those who cannot; a rhythm of more points than the network takes.
    fn rhythm(&self, job: &Job, random: &mut ChaCha8Rng) -> Result<Rhythm>;

    /// Numbers that are said of the pen of a drawing of so many movements.
    fn said(&self, movements: usize) -> usize;

    /// The guess of the movements behind noisy ones, `x` and `x0` (all movements, 2), of drawings of these rhythms; and what is said of
    /// the pen, drawing by drawing.
    fn predict(&self, job: &Job, rhythms: &[Rhythm], x: &[f32], sigma: f64, x0: &mut [f32], pen: &mut [f32]) -> Result<()>;

    /// What the pen does behind the points of a drawing, by what was said of it.
    fn pens(&self, rhythm: &[bool], pen: &[f32]) -> Pens;
}

/// What the pen does behind points, in probabilities.
#[derive(Debug, Clone, Default)]
pub struct Pens {
    /// It is lifted for each movement; a movement behind the end has none.
    pub lifted: Vec<f32>,
    /// The drawing is over behind each point; empty where that is settled beforehand.
    pub over: Vec<f32>,
}

/// Such a network with trained weights.
pub struct CanvasArtist<C> {
    canvas: C,
    deltas: Deltas,
    info: ModelInfo,
    pool: rayon::ThreadPool,
}

/// What was said of the pen, summed over the steps, and the sum of their weights.
#[derive(Default)]
struct Said {
    sums: Vec<f32>,
    weights: f32,
}

impl Said {
    /// Adds what was said at one step.
    fn add(&mut self, pen: &[f32], weight: f32) {
        self.sums.resize(pen.len(), 0.0);
        self.sums.iter_mut().zip(pen).for_each(|(sum, said)| *sum += weight * said);
        self.weights += weight;
    }

    /// The mean of some of the numbers.
    fn mean(&self, at: &Range<usize>) -> Vec<f32> {
        self.sums[at.clone()].iter().map(|sum| sum / self.weights).collect()
    }
}

/// `count(i)` numbers for each of some drawings, one behind the other: where each drawing's lie.
fn places(rhythms: &[Rhythm], count: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let next = |at: &mut usize, rhythm: &Rhythm| {
        let from = *at;
        *at += count(rhythm.len());
        Some(from..*at)
    };
    rhythms.iter().scan(0, next).collect()
}

impl<C: Canvas> CanvasArtist<C> {
    /// Of the file that the canvas has its weights from.
    pub fn new(canvas: C, file: &ModelFile, threads: usize) -> Result<Self> {
        Ok(Self { canvas, deltas: file.coding.deltas()?.clone(), info: file.info.clone(), pool: threads::pool(threads)? })
    }

    /// Some drawings from their noise to their end; `look` says whether their moments are kept.
    fn group(&self, job: &Job, numbers: Range<usize>, levels: &[f64], cancel: &Cancel, look: bool) -> Result<Vec<Trace>> {
        let canvas = &self.canvas;
        let mut random: Vec<ChaCha8Rng> = numbers.map(|number| job.random(number)).collect();
        let rhythms: Vec<Rhythm> = random.iter_mut().map(|random| canvas.rhythm(job, random)).collect::<Result<_>>()?;
        let (moves, pens) = (places(&rhythms, |n| 2 * n), places(&rhythms, |n| canvas.said(n)));
        let first = levels[0] as f32;
        let noise = random.iter_mut().zip(&moves).flat_map(|(random, at)| rng::normal(random, at.len()));
        let mut x: Vec<f32> = noise.map(|e| e * first).collect();
        let mut pen = vec![0.0; pens.last().map_or(0, |at| at.end)];
        let said = RefCell::new(Said::default());
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| {
            canvas.predict(job, &rhythms, x, levels[level], x0, &mut pen)?;
            said.borrow_mut().add(&pen, alpha_bar(levels[level]) as f32);
            Ok(())
        };
        let mut noise = |out: &mut [f32]| {
            moves.iter().zip(&mut random).for_each(|(at, random)| rng::fill_normal(random, &mut out[at.clone()]));
        };
        let settled = |i: usize, said: &Said| canvas.pens(&rhythms[i], &said.mean(&pens[i]));
        let mut parts = vec![Part::default(); rhythms.len()];
        let mut watch = |step: Step<'_>| {
            cancel.check()?;
            if look {
                let said = said.borrow();
                let of = |i: usize| {
                    let at = moves[i].clone();
                    self.moment(step.sigma, &step.x[at.clone()], &step.x0[at], settled(i, &said))
                };
                parts.iter_mut().enumerate().for_each(|(i, part)| part.moments.push(of(i)));
            }
            Ok(())
        };
        sample(job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut watch)?;
        finite(&x)?;
        let said = said.borrow();
        let finished = |(i, mut part): (usize, Part)| {
            let Pens { lifted, over } = settled(i, &said);
            let sketch = self.deltas.finish(&self.decoded(&x[moves[i].clone()], &lifted));
            if look {
                part.moments.push(Moment::last_with_pen(&sketch, over.len()));
            }
            Trace { parts: if look { vec![part] } else { Vec::new() }, sketch, end: None }
        };
        Ok(parts.into_iter().enumerate().map(finished).collect())
    }

    /// What noisy movements of one drawing and the guess of the clean ones, (movements, 2), look like.
    fn moment(&self, sigma: f64, x: &[f32], x0: &[f32], pens: Pens) -> Moment {
        let Pens { mut lifted, over } = pens;
        let size = Preconditioning::at(sigma).input as f32;
        let noisy: Vec<f32> = x.iter().map(|v| v * size).collect();
        let shown = |moves: &[f32]| self.decoded(moves, &lifted).to_data_frame();
        let (x_t, x0) = (shown(&noisy), shown(x0));
        // A drawing's last point is the last one of its stroke, too.
        lifted.push(1.0);
        Moment { sigma, x_t, x0, lifted, over }
    }

    /// The drawing of movements, (movements, 2), and of the probability that the pen is lifted for each of the first of them, in the model
    /// frame's units.
    fn decoded(&self, moves: &[f32], lifted: &[f32]) -> Sketch {
        let moves = moves.chunks_exact(2).take(lifted.len()).map(|by| [by[0], by[1]]).collect();
        self.deltas.decode(&Trail { moves, lifted: lifted.iter().map(|&p| p > 0.5).collect() })
    }

    /// Drawings with or without their moments.
    fn traces(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), look: bool) -> Result<Vec<Trace>> {
        let levels = noise_levels(&job.settings);
        grouped(&self.pool, job.count, |numbers| self.group(job, numbers, &levels, cancel, look), done)
    }
}

impl<C: Canvas> Artist for CanvasArtist<C> {
    fn capabilities(&self) -> Capabilities {
        Capabilities { canvas_trace: true, forward: true, ..self.canvas.capabilities() }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        Ok(self.traces(job, cancel, done, false)?.into_iter().map(|trace| trace.sketch).collect())
    }

    fn trace(&self, job: &Job, cancel: &Cancel) -> Result<Vec<Trace>> {
        self.traces(job, cancel, &mut |_| {}, true)
    }

    fn noised(&self, sketch: &Sketch, settings: &DrawSettings, seed: u64) -> Result<Trace> {
        let Trail { moves, lifted } = self.deltas.encode(&sketch.to_model_frame());
        // Only the movements are noised: what the pen does is said of them, or given with them.
        let (x0, lifted) = (moves.into_flattened(), lifted.into_iter().map(f32::from).collect::<Vec<f32>>());
        forward::whole(sketch, &x0, settings, seed, |sigma, x| {
            self.moment(sigma, x, &x0, Pens { lifted: lifted.clone(), over: Vec::new() })
        })
    }
}

/// The probability of a logit.
fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
