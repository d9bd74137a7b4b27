//! Sketch-RNN's reader and writer at work: drawings into latent vectors, and drawings from them, one point after another, each drawn from
//! what the writer says may come next.

use candle_core::Tensor;

use super::{Job, Watch, finite, hand_out};
use crate::model::ModelFile;
use crate::model::layers::{Mixture, ROW, rows};
use crate::model::sketch_rnn::SketchRnn;
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, Trail};
use crate::util::number::plain;
use crate::util::rng::ChaCha8Rng;
use crate::util::{Cancel, Error, Result};

/// The network and what it needs to draw.
pub(super) struct Writer {
    network: SketchRnn,
    deltas: Deltas,
    /// A drawing ends here at the latest.
    most_points: usize,
}

/// A drawing in the making.
struct Page {
    place: usize,
    random: ChaCha8Rng,
    rows: Vec<[f32; ROW]>,
}

impl Writer {
    /// With this network, and the codec of the model that it is part of.
    pub fn new(network: SketchRnn, file: &ModelFile) -> Result<Self> {
        let most_points = file.info.preset.codec.most_points().unwrap_or_default();
        Ok(Self { network, deltas: file.coding.deltas()?.clone(), most_points })
    }

    /// Numbers of a latent vector; 0 where there is none.
    pub fn latent(&self) -> usize {
        self.network.latent()
    }

    /// Draws to their end as many drawings as there are random streams, each from a latent vector of its own: `latent` (drawings, latent).
    /// The first of them can be watched.
    pub fn write(
        &self,
        latent: Vec<f32>,
        random: Vec<ChaCha8Rng>,
        job: &Job,
        cancel: &Cancel,
        watch: Option<Watch<'_>>,
    ) -> Result<Vec<Sketch>> {
        let network = &self.network;
        let page = |(place, random): (usize, ChaCha8Rng)| Page { place, random, rows: Vec::new() };
        let mut open: Vec<Page> = random.into_iter().enumerate().map(page).collect();
        let mut finished = vec![Sketch::default(); open.len()];
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
                // To the first point there is no movement, and a dot alone is no drawing.
                let first = page.rows.is_empty();
                let mut row = Mixture::of(said).draw(job.settings.temperature as f32, !first, &mut page.random);
                if first {
                    row[..2].fill(0.0);
                }
                page.rows.push(row);
            }
            let over = |page: &Page| page.rows.len() >= self.most_points || page.rows.last().is_some_and(|row| row[4] > 0.0);
            if let Some(page) = open.first().filter(|page| page.place == 0) {
                hand_out(watch, page.rows.len(), over(page), || self.decoded(&page.rows));
            }
            let keep: Vec<u32> = open.iter().zip(0u32..).filter(|(page, _)| !over(page)).map(|(_, i)| i).collect();
            if keep.len() < open.len() {
                for page in open.extract_if(.., |page| over(page)) {
                    finished[page.place] = self.deltas.finish(&self.decoded(&page.rows));
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

    /// The drawing of its rows, in the model frame.
    fn decoded(&self, rows: &[[f32; ROW]]) -> Sketch {
        let moves = rows.iter().skip(1).map(|row| [row[0], row[1]]).collect();
        let lifted = rows.iter().map(|row| row[3] > 0.0).collect();
        self.deltas.decode(&Trail { moves, lifted })
    }

    /// As [`super::Artist::encode`].
    pub fn encode(&self, sketches: &[Sketch]) -> Result<Vec<Vec<f32>>> {
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

    /// Refuses latent vectors of another length.
    pub fn fits(&self, latents: &[Vec<f32>]) -> Result<()> {
        let width = self.latent();
        if width == 0 || latents.iter().any(|latent| latent.len() != width) {
            return Err(Error::usage(format!("latent vectors of this model have {}", plain(width, "number", "numbers"))));
        }
        Ok(())
    }
}
