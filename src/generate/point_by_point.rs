//! Drawing with Sketch-RNN: one point after another, each drawn from what the writer says may come next.
//!
//! What a drawing will be is decided by its latent vector, which is drawn from the prior, or read from a drawing, or anything between two.

use std::ops::Range;

use candle_core::Device;

use super::writer::Writer;
use super::{Artist, Capabilities, Job, Watch, grouped, without_start};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Cancel, Result, threads};

/// Sketch-RNN with trained weights.
pub struct PointArtist {
    writer: Writer,
    info: ModelInfo,
    pool: rayon::ThreadPool,
}

impl PointArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        Ok(Self { writer: Writer::new(file.network(device)?, file)?, info: file.info.clone(), pool: threads::pool(threads)? })
    }

    /// Some drawings to their end, each from a latent vector of its own: those given, or drawn ones.
    fn group(
        &self,
        job: &Job,
        given: Option<&[Vec<f32>]>,
        numbers: Range<usize>,
        cancel: &Cancel,
        watch: Option<Watch<'_>>,
    ) -> Result<Vec<Sketch>> {
        let watch = watch.filter(|_| numbers.start == 0);
        let mut random: Vec<ChaCha8Rng> = numbers.clone().map(|number| job.random(number)).collect();
        let latent = match given {
            Some(given) => given[numbers].concat(),
            None => random.iter_mut().flat_map(|random| rng::normal(random, self.writer.latent())).collect(),
        };
        self.writer.write(latent, random, job, cancel, watch)
    }

    /// All drawings, whether or not somebody watches.
    fn drawn(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), watch: Option<Watch<'_>>) -> Result<Vec<Sketch>> {
        without_start(job)?;
        grouped(&self.pool, job.count, |numbers| self.group(job, None, numbers, cancel, watch), done)
    }
}

impl Artist for PointArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { temperature: true, latent: self.writer.latent() > 0, ..Capabilities::default() }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        self.drawn(job, cancel, done, None)
    }

    fn draw_watched(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), watch: Watch<'_>) -> Result<Vec<Sketch>> {
        self.drawn(job, cancel, done, Some(watch))
    }

    fn encode(&self, sketches: &[Sketch]) -> Result<Vec<Vec<f32>>> {
        self.writer.encode(sketches)
    }

    fn decode(&self, latents: &[Vec<f32>], job: &Job, cancel: &Cancel) -> Result<Vec<Sketch>> {
        without_start(job)?;
        self.writer.fits(latents)?;
        grouped(&self.pool, latents.len(), |numbers| self.group(job, Some(latents), numbers, cancel, None), &mut |_| {})
    }
}
