//! Drawing with diffusion over a latent vector: what a drawing will be is denoised from noise, and Sketch-RNN's writer draws it.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::writer::Writer;
use super::{Artist, Capabilities, Job, Moment, Part, Trace, finite, grouped, guided, without_start};
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::{noise_levels, sample};
use crate::model::latent::{Latent, Prior};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Cancel, Result, threads};

/// Sketch-RNN and the denoiser of its latent vectors, with trained weights.
pub struct LatentArtist {
    writer: Writer,
    prior: Prior,
    info: ModelInfo,
    pool: rayon::ThreadPool,
}

impl LatentArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        let Latent { sketch_rnn, prior } = file.network(device)?;
        Ok(Self { writer: Writer::new(sketch_rnn, file)?, prior, info: file.info.clone(), pool: threads::pool(threads)? })
    }

    /// Some drawings from their noise to their end; with all moments on the way if they are to be followed.
    ///
    /// Every moment is written with the very random numbers of the finished drawing: what changes in it is what changes in its vector.
    fn group(&self, job: &Job, numbers: Range<usize>, levels: &[f64], follow: bool, cancel: &Cancel) -> Result<Vec<Trace>> {
        let (width, drawings) = (self.writer.latent(), numbers.len());
        let mut random: Vec<ChaCha8Rng> = numbers.map(|number| job.random(number)).collect();
        let mut noise = |out: &mut [f32]| {
            out.chunks_exact_mut(width).zip(&mut random).for_each(|(row, random)| rng::fill_normal(random, row));
        };
        let mut x = vec![0.0; drawings * width];
        noise(&mut x);
        x.iter_mut().for_each(|v| *v *= levels[0] as f32);
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| self.predict(job, x, levels[level], x0);
        let mut steps: Vec<(f64, Vec<f32>, Vec<f32>)> = Vec::new();
        sample(job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut |step| {
            if follow {
                // As large as the vectors that the writer knows.
                let scale = Preconditioning::at(step.sigma).input as f32;
                steps.push((step.sigma, step.x.iter().map(|v| v * scale).collect(), step.x0.to_vec()));
            }
            cancel.check()
        })?;
        finite(&x)?;
        let write = |latent| self.writer.write(latent, random.clone(), job, cancel, None);
        let finished = write(x)?;
        let mut moments: Vec<Vec<Moment>> = vec![Vec::new(); drawings];
        for (sigma, x, x0) in steps {
            for (moments, (x_t, x0)) in moments.iter_mut().zip(write(x)?.into_iter().zip(write(x0)?)) {
                moments.push(Moment { sigma, x_t, x0, ..Moment::default() });
            }
        }
        let trace = |(mut moments, sketch): (Vec<Moment>, Sketch)| {
            if !follow {
                return Trace { sketch, ..Trace::default() };
            }
            moments.push(Moment::last(&sketch));
            Trace { parts: vec![Part { moments, ..Part::default() }], sketch, end: None }
        };
        Ok(moments.into_iter().zip(finished).map(trace).collect())
    }

    /// The guess of the latent vectors behind noisy ones, `x` and `x0` (drawings, latent).
    fn predict(&self, job: &Job, x: &[f32], sigma: f64, x0: &mut [f32]) -> Result<()> {
        let (p, width) = (Preconditioning::at(sigma), self.writer.latent());
        let rows = x.len() / width;
        let scaled = Tensor::from_vec(x.iter().map(|v| v * p.input as f32).collect(), (rows, width), self.prior.device())?; // (drawings, latent)
        let said = |category| self.prior.forward(&scaled, &vec![p.noise as f32; rows], &vec![category; rows]); // (drawings, latent)
        let f = guided(job.settings.guidance, said(job.category)?, || said(self.prior.no_category()))?; // (drawings, latent)
        let f = f.flatten_all()?.to_vec1::<f32>()?;
        for (i, x0) in x0.iter_mut().enumerate() {
            *x0 = p.skip as f32 * x[i] + p.out as f32 * f[i];
        }
        Ok(())
    }

    /// Drawings with or without their moments.
    fn traces(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), follow: bool) -> Result<Vec<Trace>> {
        without_start(job)?;
        let levels = noise_levels(&job.settings);
        grouped(&self.pool, job.count, |numbers| self.group(job, numbers, &levels, follow, cancel), done)
    }
}

impl Artist for LatentArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { canvas_trace: true, guidance: true, temperature: true, latent: true, ..Capabilities::default() }
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

    fn encode(&self, sketches: &[Sketch]) -> Result<Vec<Vec<f32>>> {
        self.writer.encode(sketches)
    }

    fn decode(&self, latents: &[Vec<f32>], job: &Job, cancel: &Cancel) -> Result<Vec<Sketch>> {
        without_start(job)?;
        self.writer.fits(latents)?;
        let write = |numbers: Range<usize>| {
            let random = numbers.clone().map(|number| job.random(number)).collect();
            self.writer.write(latents[numbers].concat(), random, job, cancel, None)
        };
        grouped(&self.pool, latents.len(), write, &mut |_| {})
    }
}
