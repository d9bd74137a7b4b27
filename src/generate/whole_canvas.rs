//! Drawing with the U-Net: all movements of a drawing at once, from noise.
//!
//! The network says which noise the movements have, where the pen is lifted, and which points are behind the end. With p the probability
//! of the last, the best guess of a movement is `(1 - p)` times what the noise leaves of it, since behind the end there is none. That is
//! also what keeps the points behind the end as they were in training, so that the end need not be known beforehand.
//!
//! The pen is not read at the last step alone: its logits are averaged over all steps, each weighed by the share of signal in what the
//! network saw there (`alpha_bar`). A drawing ends before the first point that is over by this average.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::{Artist, Capabilities, Job, finite, grouped, without_start};
use crate::diffusion::parametrisation::{Preconditioning, alpha_bar};
use crate::diffusion::schedule::cosine_time;
use crate::diffusion::{noise_levels, sample};
use crate::model::unet1d::{TIMES, Unet1d};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, Trail};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Result, threads};

/// No movement is longer, in deviations: longer ones are a network's mistakes at high noise levels, where they are magnified.
pub(super) const LONGEST: f32 = 12.0;

/// The U-Net with trained weights.
pub struct CanvasArtist {
    network: Unet1d,
    deltas: Deltas,
    info: ModelInfo,
    pool: rayon::ThreadPool,
}

impl CanvasArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        Ok(Self {
            network: file.network(device)?,
            deltas: file.coding.deltas()?.clone(),
            info: file.info.clone(),
            pool: threads::pool(threads)?,
        })
    }

    /// Some drawings from their noise to their end.
    fn group(&self, job: &Job, numbers: Range<usize>, levels: &[f64], cancel: &Cancel) -> Result<Vec<Sketch>> {
        let (rows, width) = (numbers.len(), 2 * self.network.length());
        let stream = |number: usize| rng::stream(job.seed, Stream::Draw, job.first + number as u64);
        let mut random: Vec<ChaCha8Rng> = numbers.map(stream).collect();
        let first = levels[0] as f32;
        let mut x: Vec<f32> = random.iter_mut().flat_map(|random| rng::normal(random, width)).map(|e| e * first).collect();
        // Sums over the steps, for each point, (rows, length, 2).
        let mut pen = vec![0.0; rows * width];
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| self.predict(job, x, levels[level], &mut pen, x0);
        let mut noise = |out: &mut [f32]| {
            out.chunks_exact_mut(width).zip(&mut random).for_each(|(row, random)| rng::fill_normal(random, row));
        };
        sample(job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut |_| cancel.check())?;
        finite(&x)?;
        Ok(x.chunks_exact(width).zip(pen.chunks_exact(width)).map(|(moves, pen)| self.finished(moves, pen)).collect())
    }

    /// The guess of the movements behind noisy ones, `x` and `x0` (drawings, length, 2); what is said of the pen is added to `pen`.
    fn predict(&self, job: &Job, x: &[f32], sigma: f64, pen: &mut [f32], x0: &mut [f32]) -> Result<()> {
        let length = self.network.length();
        let rows = x.len() / (2 * length);
        let scale = Preconditioning::at(sigma).input as f32;
        let scaled = Tensor::from_vec(x.iter().map(|v| v * scale).collect(), (rows, length, 2), self.network.device())?; // (rows, length, 2)
        let times = vec![(cosine_time(sigma) * f64::from(TIMES)) as f32; rows];
        let (mut noise, logits) = self.network.forward(&scaled, &times, &vec![job.category; rows])?; // (rows, length, 2) both
        let guidance = job.settings.guidance;
        if guidance != 1.0 {
            // The pen is what it is for this category: guidance is for the line.
            let (without, _) = self.network.forward(&scaled, &times, &vec![self.network.no_class(); rows])?; // (rows, length, 2)
            noise = ((noise * guidance)? + (without * (1.0 - guidance))?)?; // (rows, length, 2)
        }
        let (noise, logits) = (noise.flatten_all()?.to_vec1::<f32>()?, logits.flatten_all()?.to_vec1::<f32>()?);
        let weight = alpha_bar(sigma) as f32;
        pen.iter_mut().zip(&logits).for_each(|(sum, logit)| *sum += weight * logit);
        for (i, x0) in x0.iter_mut().enumerate() {
            let inside = 1.0 / (1.0 + logits[i | 1].exp());
            *x0 = inside * (x[i] - sigma as f32 * noise[i]).clamp(-LONGEST, LONGEST);
        }
        Ok(())
    }

    /// The drawing of these movements, (length, 2), and of what was said of its pen, (length, 2).
    fn finished(&self, moves: &[f32], pen: &[f32]) -> Sketch {
        let said = || pen.chunks_exact(2);
        // One movement at least: an empty page is no drawing.
        let end = said().position(|of| of[1] > 0.0).unwrap_or(self.network.length()).max(1);
        let moves = moves.chunks_exact(2).take(end).map(|by| [by[0], by[1]]).collect();
        let lifted = said().take(end).map(|of| of[0] > 0.0).collect();
        self.deltas.finish(&self.deltas.decode(&Trail { moves, lifted }))
    }
}

impl Artist for CanvasArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { canvas_trace: true, guidance: true, ..Capabilities::default() }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        without_start(job)?;
        let levels = noise_levels(&job.settings);
        grouped(&self.pool, job.count, |numbers| self.group(job, numbers, &levels, cancel), done)
    }
}
