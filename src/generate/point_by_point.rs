//! Drawing with Sketch-RNN: one point after another, each drawn from what the writer says may come next.
//!
//! What a drawing will be is decided by its latent vector, which is drawn from the prior, or read from a drawing, or anything between two.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::{Artist, Capabilities, Job, finite, grouped, without_start};
use crate::model::sketch_rnn::{Mixture, ROW, SketchRnn, rows};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, Trail};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Error, Result, threads};

/// Sketch-RNN with trained weights.
pub struct PointArtist {
    network: SketchRnn,
    deltas: Deltas,
    info: ModelInfo,
    /// A drawing ends here at the latest.
    most_points: usize,
    pool: rayon::ThreadPool,
}

/// A drawing in the making.
struct Page {
    place: usize,
    random: ChaCha8Rng,
    rows: Vec<[f32; ROW]>,
}

impl PointArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        Ok(Self {
            network: file.network(device)?,
            deltas: file.coding.deltas()?.clone(),
            info: file.info.clone(),
            most_points: file.info.preset.codec.most_points().unwrap_or_default(),
            pool: threads::pool(threads)?,
        })
    }

    /// Some drawings to their end, each from a latent vector of its own: those given, or drawn ones.
    fn group(&self, job: &Job, given: Option<&[Vec<f32>]>, numbers: Range<usize>, cancel: &Cancel) -> Result<Vec<Sketch>> {
        let network = &self.network;
        let page = |(place, number): (usize, usize)| Page {
            place,
            random: rng::stream(job.seed, Stream::Draw, job.first + number as u64),
            rows: Vec::new(),
        };
        let mut open: Vec<Page> = numbers.clone().enumerate().map(page).collect();
        let mut finished = vec![Sketch::default(); open.len()];
        let latent: Vec<f32> = match given {
            Some(given) => given[numbers].concat(),
            None => open.iter_mut().flat_map(|page| rng::normal(&mut page.random, network.latent())).collect(),
        };
        let latent = match network.latent() {
            0 => None,
            width => Some(Tensor::from_vec(latent, (open.len(), width), network.device())?), // (pages, latent)
        };
        let mut told = network.told(latent.as_ref(), &vec![job.category; open.len()])?; // (pages, told)
        let mut states = network.begin(&told)?; // (pages, 2 decoder)
        while !open.is_empty() {
            cancel.check()?;
            let last: Vec<f32> = open.iter().flat_map(|page| page.rows.last().copied().unwrap_or_default()).collect();
            let last = Tensor::from_vec(last, (open.len(), ROW), network.device())?; // (pages, 5)
            let ends: Vec<usize> = (1..=open.len()).collect();
            states = network.write(&last, &ends, &told, &states)?; // (pages, 2 decoder)
            let said = network.say(&network.output(&states)?)?; // (pages, width of a mixture)
            let (width, said) = (said.dim(1)?, said.flatten_all()?.to_vec1::<f32>()?);
            finite(&said)?;
            for (page, said) in open.iter_mut().zip(said.chunks_exact(width)) {
                let first = page.rows.is_empty();
                page.rows.push(Mixture::of(said).draw(job.settings.temperature as f32, first, &mut page.random));
            }
            let over = |page: &Page| page.rows.len() >= self.most_points || page.rows.last().is_some_and(|row| row[4] > 0.0);
            let keep: Vec<u32> = open.iter().zip(0u32..).filter(|(page, _)| !over(page)).map(|(_, i)| i).collect();
            if keep.len() < open.len() {
                for page in open.extract_if(.., |page| over(page)) {
                    finished[page.place] = self.finished(&page.rows);
                }
                let keep = Tensor::new(keep, network.device())?;
                if open.is_empty() {
                    break;
                }
                (told, states) = (told.index_select(&keep, 0)?, states.index_select(&keep, 0)?); // (pages, told), (pages, 2 decoder)
            }
        }
        Ok(finished)
    }

    /// The drawing of its rows.
    fn finished(&self, rows: &[[f32; ROW]]) -> Sketch {
        let moves = rows.iter().skip(1).map(|row| [row[0], row[1]]).collect();
        let lifted = rows.iter().map(|row| row[3] > 0.0).collect();
        self.deltas.finish(&self.deltas.decode(&Trail { moves, lifted }))
    }
}

impl Artist for PointArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { temperature: true, latent: self.network.latent() > 0, ..Capabilities::default() }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        without_start(job)?;
        grouped(&self.pool, job.count, |numbers| self.group(job, None, numbers, cancel), done)
    }

    fn encode(&self, sketches: &[Sketch]) -> Result<Vec<Vec<f32>>> {
        let (mut all, mut ends) = (Vec::new(), Vec::with_capacity(sketches.len()));
        for sketch in sketches {
            if sketch.points().next().is_none() {
                return Err(Error::usage("an empty drawing has no latent vector"));
            }
            all.extend(rows(&self.deltas.encode(&sketch.to_model_frame())));
            ends.push(all.len());
        }
        if ends.is_empty() {
            return Ok(Vec::new());
        }
        let tokens = all.len();
        let rows = Tensor::from_vec(all.into_flattened(), (tokens, ROW), self.network.device())?; // (tokens, 5)
        let [mean, _] = self.network.encode(&rows, &ends)?; // (drawings, latent)
        Ok(mean.to_vec2()?)
    }

    fn decode(&self, latents: &[Vec<f32>], job: &Job, cancel: &Cancel) -> Result<Vec<Sketch>> {
        without_start(job)?;
        let width = self.network.latent();
        if width == 0 || latents.iter().any(|latent| latent.len() != width) {
            return Err(Error::usage(format!("latent vectors of this model have {width} numbers")));
        }
        grouped(&self.pool, latents.len(), |numbers| self.group(job, Some(latents), numbers, cancel), &mut |_| {})
    }
}
