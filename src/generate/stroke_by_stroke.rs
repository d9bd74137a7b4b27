//! Drawing with the flagship: one stroke after another, each denoised from noise.

use candle_core::{Device, Tensor};
use rand::Rng;

use super::{Artist, Capabilities, Job, begun, finite, grouped};
use crate::config::DrawSettings;
use crate::diffusion::{noise_levels, sample};
use crate::model::stroke_diffusion::{Denoising, Guidance, Reader};
use crate::model::{ModelFile, ModelInfo, StrokeDiffusion};
use crate::sketch::{Codec, Sketch};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Result, threads};

/// The flagship with trained weights.
pub struct StrokeArtist {
    network: StrokeDiffusion,
    codec: Codec,
    info: ModelInfo,
    most_strokes: usize,
    coarse_first: f64,
    pool: rayon::ThreadPool,
}

/// The way from noise to line, the same for every stroke of a job.
struct Way<'a> {
    /// Noise levels, falling to 0.
    levels: &'a [f64],
    /// How much more noise each entry gets: (codec width).
    scales: &'a [f32],
    denoising: Denoising<'a>,
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
        let network: StrokeDiffusion = file.network(device)?;
        Ok(Self {
            most_strokes: network.most_strokes(),
            network,
            codec: file.coding.strokes()?.clone(),
            coarse_first: file.info.preset.model.coarse_first(),
            info: file.info.clone(),
            pool: threads::pool(threads)?,
        })
    }

    /// Draws some pages to their end.
    fn group(&self, job: &Job, start: &[f32], numbers: std::ops::Range<usize>, way: &Way<'_>, cancel: &Cancel) -> Result<Vec<Vec<f32>>> {
        let width = self.codec.width();
        let page =
            |number| Page { number, random: rng::stream(job.seed, Stream::Draw, job.first + number as u64), vectors: start.to_vec() };
        let mut open: Vec<Page> = numbers.clone().map(page).collect();
        let mut finished: Vec<Vec<f32>> = vec![Vec::new(); numbers.len()];
        let claimed = vec![job.settings.history_noise as f32; open.len()];
        let (mut reader, mut states) = Reader::begin(&self.network, &vec![job.category; open.len()], &claimed)?; // (pages, width)
        for stroke in start.chunks_exact(width) {
            states = self.read(&mut reader, stroke.repeat(open.len()))?; // (pages, width)
        }
        for strokes in start.len() / width..=self.most_strokes {
            let stop = self.network.stop_logits(&states)?.to_vec1::<f32>()?;
            // An empty page is never finished.
            let ends = |page: &mut Page, logit: f32| page.random.random::<f32>() < 1.0 / (1.0 + (-logit).exp()) && strokes > 0;
            let going: Vec<bool> =
                open.iter_mut().zip(stop).map(|(page, logit)| !ends(page, logit) && strokes < self.most_strokes).collect();
            let keep: Vec<u32> = (0..open.len() as u32).filter(|&i| going[i as usize]).collect();
            if keep.len() < open.len() {
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
                reader.keep(&keep)?;
                states = states.index_select(&Tensor::new(keep, self.network.device())?, 0)?; // (pages, width)
            }
            let drawn = self.stroke(&mut open, &states, way, job, cancel)?;
            // A page that is full is not read any more: it ends in the next round.
            if strokes + 1 < self.most_strokes {
                states = self.read(&mut reader, drawn)?; // (pages, width)
            }
        }
        Ok(finished)
    }

    /// Reads one stroke of every page: the states behind it, (pages, width).
    fn read(&self, reader: &mut Reader<'_>, strokes: Vec<f32>) -> Result<Tensor> {
        let shape = (strokes.len() / self.codec.width(), self.codec.width());
        reader.read(&Tensor::from_vec(strokes, shape, self.network.device())?)
    }

    /// Adds one stroke to every page, and returns them one behind the other.
    fn stroke(&self, pages: &mut [Page], states: &Tensor, way: &Way<'_>, job: &Job, cancel: &Cancel) -> Result<Vec<f32>> {
        let width = self.codec.width();
        let mut x = Vec::with_capacity(pages.len() * width);
        for page in pages.iter_mut() {
            let noise = rng::normal(&mut page.random, width).into_iter().zip(way.scales);
            x.extend(noise.map(|(e, scale)| e * scale * way.levels[0] as f32));
        }
        let mut denoising = way.denoising.stroke(states)?;
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| denoising.predict(x, level, x0);
        let mut noise = |out: &mut [f32]| {
            for (row, page) in out.chunks_exact_mut(width).zip(pages.iter_mut()) {
                rng::fill_normal(&mut page.random, row);
                row.iter_mut().zip(way.scales).for_each(|(e, scale)| *e *= scale);
            }
        };
        sample(job.settings.sampler, way.levels, &mut x, &mut predict, &mut noise, &mut |_| cancel.check())?;
        finite(&x)?;
        pages.iter_mut().zip(x.chunks_exact(width)).for_each(|(page, row)| page.vectors.extend(row));
        Ok(x)
    }
}

impl Artist for StrokeArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { stroke_trace: true, completion: true, guidance: true, ..Capabilities::default() }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        let width = self.codec.width();
        let given = begun(job, self.most_strokes)?;
        let start: Vec<f32> = given.strokes.iter().flat_map(|stroke| self.codec.encode(stroke)).collect();
        let fixed = start.len() / width;
        let levels = noise_levels(&job.settings);
        let scales = self.codec.noise_scales(self.coarse_first);
        let DrawSettings { guidance, category_guidance, guidance_from, guidance_to, .. } = job.settings;
        let guidance = Guidance { history: guidance, category: category_guidance, from: guidance_from, to: guidance_to };
        let above_0 = &levels[..levels.len() - 1];
        let denoising = Denoising::new(&self.network, above_0, &scales, job.category, &guidance)?;
        let way = Way { levels: &levels, scales: &scales, denoising };
        let draw = |numbers| {
            let finish = |vectors: Vec<f32>| {
                let mut sketch = Sketch { strokes: vectors.chunks_exact(width).map(|row| self.codec.decode(row)).collect() };
                // The given strokes are shown as they were drawn, not as the codec sees them.
                sketch.strokes.iter_mut().zip(&given.strokes).for_each(|(stroke, given)| stroke.clone_from(given));
                self.codec.finish(&sketch, fixed)
            };
            Ok(self.group(job, &start, numbers, &way, cancel)?.into_iter().map(finish).collect())
        };
        grouped(&self.pool, job.count, draw, done)
    }
}
