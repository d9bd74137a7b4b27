//! Drawing with the recurrent denoiser: how many movements a drawing has is settled first, as many as a training drawing of its category
//! that is drawn by lot; then all movements and the pen come out of noise together.
//!
//! The pen is a number like the others, 1 where it is lifted and -1 where it draws. The best guess of it is the mean of the two, `2 p - 1`, so
//! that half of 1 more than the guess is the probability `p` that it is lifted.

use std::ops::Range;

use candle_core::Device;

use super::whole_canvas::LONGEST;
use super::{Artist, Capabilities, Job, Moment, Part, Trace, finite, forward, grouped, without_start};
use crate::config::DrawSettings;
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::{noise_levels, sample};
use crate::model::rnn_denoiser::{NUMBERS, RnnDenoiser};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, Rhythms, Trail};
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Cancel, Result, threads};

/// The recurrent denoiser with trained weights.
pub struct SequenceArtist {
    network: RnnDenoiser,
    deltas: Deltas,
    rhythms: Rhythms,
    info: ModelInfo,
    pool: rayon::ThreadPool,
}

impl SequenceArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        Ok(Self {
            network: file.network(device)?,
            deltas: file.coding.deltas()?.clone(),
            rhythms: file.coding.rhythms()?.clone(),
            info: file.info.clone(),
            pool: threads::pool(threads)?,
        })
    }

    /// Some drawings from their noise to their end; with all moments on the way if they are to be followed.
    fn group(&self, job: &Job, numbers: Range<usize>, levels: &[f64], follow: bool, cancel: &Cancel) -> Result<Vec<Trace>> {
        let mut random: Vec<ChaCha8Rng> = numbers.map(|number| job.random(number)).collect();
        let lengths: Vec<usize> = random.iter_mut().map(|random| self.rhythms.pick(job.category, random).len()).collect();
        let ends: Vec<usize> = lengths
            .iter()
            .scan(0, |end, length| {
                *end += length;
                Some(*end)
            })
            .collect();
        // All numbers of each drawing.
        let spans: Vec<Range<usize>> = ends.iter().zip(&lengths).map(|(end, length)| (end - length) * NUMBERS..end * NUMBERS).collect();
        let mut noise = |out: &mut [f32]| {
            spans.iter().zip(&mut random).for_each(|(span, random)| rng::fill_normal(random, &mut out[span.clone()]));
        };
        let mut x = vec![0.0; spans.last().map_or(0, |span| span.end)];
        noise(&mut x);
        x.iter_mut().for_each(|v| *v *= levels[0] as f32);
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| self.predict(job, x, &ends, levels[level], x0);
        let mut moments: Vec<Vec<Moment>> = vec![Vec::new(); spans.len()];
        sample(job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut |step| {
            if follow {
                let of = |span: &Range<usize>| self.moment(step.sigma, &step.x[span.clone()], &step.x0[span.clone()]);
                moments.iter_mut().zip(&spans).for_each(|(moments, span)| moments.push(of(span)));
            }
            cancel.check()
        })?;
        finite(&x)?;
        let trace = |(mut moments, span): (Vec<Moment>, &Range<usize>)| {
            let sketch = self.deltas.finish(&self.deltas.decode(&trail(&x[span.clone()], 1.0)));
            if !follow {
                return Trace { sketch, ..Trace::default() };
            }
            moments.push(Moment::last_with_pen(&sketch, 0));
            Trace { parts: vec![Part { moments, ..Part::default() }], sketch, end: None }
        };
        Ok(moments.into_iter().zip(&spans).map(trace).collect())
    }

    /// The guess of the clean numbers behind noisy ones of drawings that end at `ends`; `x` and `x0` (movements, 3).
    fn predict(&self, job: &Job, x: &[f32], ends: &[usize], sigma: f64, x0: &mut [f32]) -> Result<()> {
        let (network, p) = (&self.network, Preconditioning::at(sigma));
        let mut scaled: Vec<f32> = x.iter().map(|v| v * p.input as f32).collect();
        let (drawings, movements) = (ends.len(), x.len() / NUMBERS);
        let (mut ends, mut categories) = (ends.to_vec(), vec![job.category; drawings]);
        let guidance = job.settings.guidance as f32;
        if guidance != 1.0 {
            // The same drawings once more, without their category: one pass for both.
            scaled.extend_from_within(..);
            ends.extend_from_within(..);
            ends[drawings..].iter_mut().for_each(|end| *end += movements);
            categories.resize(2 * drawings, network.no_category());
        }
        let said = network.forward(&scaled, &ends, &vec![p.noise as f32; ends.len()], &categories)?; // (movements or twice as many, 3)
        let said = said.flatten_all()?.to_vec1::<f32>()?;
        let (with, without) = said.split_at(x.len());
        for (i, x0) in x0.iter_mut().enumerate() {
            let said = without.get(i).map_or(with[i], |without| without + guidance * (with[i] - without));
            let most = if i % NUMBERS < 2 { LONGEST } else { 1.0 };
            *x0 = (p.skip as f32 * x[i] + p.out as f32 * said).clamp(-most, most);
        }
        Ok(())
    }

    /// What noisy numbers and the guess of the clean ones, (movements, 3), look like.
    fn moment(&self, sigma: f64, x: &[f32], x0: &[f32]) -> Moment {
        let lines = |numbers: &[f32], scale: f32| self.deltas.decode(&trail(numbers, scale)).to_data_frame();
        // Behind the last point the pen is lifted for good.
        let lifted = x0.chunks_exact(NUMBERS).map(|by| (1.0 + by[2]) / 2.0).chain([1.0]).collect();
        Moment { sigma, x_t: lines(x, Preconditioning::at(sigma).input as f32), x0: lines(x0, 1.0), lifted, over: Vec::new() }
    }

    /// Drawings with or without their moments.
    fn traces(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), follow: bool) -> Result<Vec<Trace>> {
        without_start(job)?;
        let levels = noise_levels(&job.settings);
        grouped(&self.pool, job.count, |numbers| self.group(job, numbers, &levels, follow, cancel), done)
    }
}

/// The way of the pen of its numbers, (movements, 3), times a scale.
fn trail(numbers: &[f32], scale: f32) -> Trail {
    let movements = || numbers.chunks_exact(NUMBERS);
    Trail { moves: movements().map(|by| [by[0] * scale, by[1] * scale]).collect(), lifted: movements().map(|by| by[2] > 0.0).collect() }
}

/// The numbers of a way of the pen, (movements, 3): the inverse of [`trail`].
fn numbers(trail: &Trail) -> Vec<f32> {
    let pen = |lifted: bool| if lifted { 1.0 } else { -1.0 };
    trail.moves.iter().zip(&trail.lifted).flat_map(|(by, &lifted)| [by[0], by[1], pen(lifted)]).collect()
}

impl Artist for SequenceArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { canvas_trace: true, forward: true, guidance: true, ..Capabilities::default() }
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
        let x0 = numbers(&self.deltas.encode(&sketch.to_model_frame()));
        forward::whole(sketch, &x0, settings, seed, |sigma, x| self.moment(sigma, x, &x0))
    }
}
