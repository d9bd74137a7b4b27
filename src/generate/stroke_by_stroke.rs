//! Drawing with the flagship: one stroke after another, each denoised from noise.

use candle_core::{Device, Tensor};
use rand::Rng;
use rayon::prelude::*;

use super::{Artist, Capabilities, Job};
use crate::config::ModelSettings;
use crate::diffusion::{noise_levels, sample};
use crate::model::{History, ModelFile, ModelInfo, StrokeDiffusion};
use crate::sketch::{Codec, Sketch};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Error, Result, threads};

/// Drawings that are made together. Fixed, so that the arithmetic of a drawing does not depend on the threads.
const GROUP: usize = 32;

/// The flagship with trained weights.
pub struct StrokeArtist {
    network: StrokeDiffusion,
    codec: Codec,
    info: ModelInfo,
    most_strokes: usize,
    pool: rayon::ThreadPool,
}

/// A drawing in the making.
struct Page {
    number: usize,
    random: ChaCha8Rng,
    /// Vectors of the strokes so far, one behind the other.
    vectors: Vec<f32>,
}

impl StrokeArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        let ModelSettings::StrokeDiffusion(model) = &file.info.preset.model;
        Ok(Self {
            network: file.network(device)?,
            codec: file.codec.clone(),
            most_strokes: model.max_strokes,
            info: file.info.clone(),
            pool: threads::pool(threads)?,
        })
    }

    /// Draws some pages to their end.
    fn group(&self, job: &Job, start: &[f32], numbers: std::ops::Range<usize>, cancel: &Cancel) -> Result<Vec<Vec<f32>>> {
        let width = self.codec.width();
        let page =
            |number| Page { number, random: rng::stream(job.seed, Stream::Draw, job.first + number as u64), vectors: start.to_vec() };
        let mut open: Vec<Page> = numbers.clone().map(page).collect();
        let mut finished: Vec<Vec<f32>> = vec![Vec::new(); numbers.len()];
        let levels = noise_levels(&job.settings);
        for strokes in start.len() / width..=self.most_strokes {
            let states = self.states(&open, strokes, job)?; // (pages, width)
            let stop = self.network.stop_logits(&states)?.to_vec1::<f32>()?;
            // An empty page is never finished.
            let ends = |page: &mut Page, logit: f32| page.random.random::<f32>() < 1.0 / (1.0 + (-logit).exp()) && strokes > 0;
            let going: Vec<bool> =
                open.iter_mut().zip(stop).map(|(page, logit)| !ends(page, logit) && strokes < self.most_strokes).collect();
            let keep: Vec<u32> = (0..open.len() as u32).filter(|&i| going[i as usize]).collect();
            let mut still = going.iter();
            open.retain_mut(|page| {
                let goes_on = still.next().copied().unwrap_or(false);
                if !goes_on {
                    finished[page.number - numbers.start] = std::mem::take(&mut page.vectors);
                }
                goes_on
            });
            if open.is_empty() {
                break;
            }
            let states = states.index_select(&Tensor::new(keep, self.network.device())?, 0)?; // (pages, width)
            self.stroke(&mut open, &states, &levels, job, cancel)?;
        }
        Ok(finished)
    }

    /// The state after the last stroke of every page: (pages, width).
    fn states(&self, pages: &[Page], strokes: usize, job: &Job) -> Result<Tensor> {
        let (device, width) = (self.network.device(), self.codec.width());
        let vectors: Vec<f32> = pages.iter().flat_map(|page| &page.vectors).copied().collect();
        let states = self.network.states(&History {
            strokes: Tensor::from_vec(vectors, (pages.len() * strokes, width), device)?,
            lengths: vec![strokes; pages.len()],
            categories: vec![job.category; pages.len()],
            noise: vec![job.settings.history_noise as f32; pages.len()],
        })?;
        let last: Vec<u32> = states.ends.iter().map(|&end| end as u32 - 1).collect();
        Ok(states.all.index_select(&Tensor::new(last, device)?, 0)?)
    }

    /// Adds one stroke to every page.
    fn stroke(&self, pages: &mut [Page], states: &Tensor, levels: &[f64], job: &Job, cancel: &Cancel) -> Result<()> {
        let (width, rows) = (self.codec.width(), pages.len());
        let guided = job.settings.guidance != 1.0;
        let scale = job.settings.guidance as f32;
        let known = self.network.condition(states)?; // (rows, denoiser width)
        // With guidance every row is predicted twice: with its history and with none.
        let condition = if guided {
            Tensor::cat(&[known, self.network.condition(&self.network.unknown(rows)?)?], 0)? // (2 rows, denoiser width)
        } else {
            known
        };
        let mut x: Vec<f32> =
            pages.iter_mut().flat_map(|page| rng::normal(&mut page.random, width)).map(|e| e * levels[0] as f32).collect();
        let mut predict = |x: &[f32], sigma: f64, x0: &mut [f32]| {
            if guided {
                let said = self.network.predict(&[x, x].concat(), sigma, &condition)?;
                let (with, without) = said.split_at(x.len());
                x0.iter_mut().zip(with.iter().zip(without)).for_each(|(x0, (with, without))| *x0 = without + scale * (with - without));
            } else {
                x0.copy_from_slice(&self.network.predict(x, sigma, &condition)?);
            }
            Ok(())
        };
        let mut noise = |out: &mut [f32]| {
            for (row, page) in out.chunks_exact_mut(width).zip(pages.iter_mut()) {
                row.copy_from_slice(&rng::normal(&mut page.random, width));
            }
        };
        sample(job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut |_| cancel.check())?;
        if x.iter().any(|v| !v.is_finite()) {
            return Err(Error::new("the model drew something that is not a number")
                .advise("Its training may have diverged: try an earlier checkpoint."));
        }
        pages.iter_mut().zip(x.chunks_exact(width)).for_each(|(page, row)| page.vectors.extend(row));
        Ok(())
    }

    /// Vectors of strokes that were given, as they lie on the canvas.
    fn given(&self, start: &Sketch) -> Result<Vec<f32>> {
        if start.strokes.len() >= self.most_strokes {
            return Err(Error::usage(format!(
                "the drawing to go on with has {} strokes, but this model ends at {}",
                start.strokes.len(),
                self.most_strokes
            )));
        }
        Ok(start.strokes.iter().flat_map(|stroke| self.codec.encode(stroke)).collect())
    }
}

impl Artist for StrokeArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { stroke_trace: true, completion: true, guidance: true }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        let width = self.codec.width();
        let given = job.start.as_ref().map(Sketch::from_canvas).unwrap_or_default();
        let start = self.given(&given)?;
        let fixed = start.len() / width;
        let mut sketches = Vec::with_capacity(job.count);
        let groups: Vec<_> = (0..job.count).step_by(GROUP).map(|from| from..(from + GROUP).min(job.count)).collect();
        for round in groups.chunks(self.pool.current_num_threads().max(1)) {
            let drawn: Vec<Vec<Vec<f32>>> = self
                .pool
                .install(|| round.par_iter().map(|numbers| self.group(job, &start, numbers.clone(), cancel)).collect::<Result<_>>())?;
            for vectors in drawn.into_iter().flatten() {
                let mut sketch = Sketch { strokes: vectors.chunks_exact(width).map(|row| self.codec.decode(row)).collect() };
                // The given strokes are shown as they were drawn, not as the codec sees them.
                sketch.strokes.iter_mut().zip(&given.strokes).for_each(|(stroke, given)| stroke.clone_from(given));
                sketches.push(self.codec.finish(&sketch, fixed));
            }
            done(sketches.len());
        }
        Ok(sketches)
    }
}
