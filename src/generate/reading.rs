//! Drawing with the sequence-to-sequence network: stroke after stroke, each written point by point after everything so far was read.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::{Artist, Capabilities, Job, Watch, finite, grouped, hand_out};
use crate::model::layers::Pen;
use crate::model::seq2seq::{CATEGORY, READ, Seq2seq, drawing, lift, moved, place, points, waiting};
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::sketch::codec::{Deltas, finish};
use crate::util::rng::ChaCha8Rng;
use crate::util::{Cancel, Error, Result, threads};

/// The sequence-to-sequence network with trained weights.
pub struct ReadingArtist {
    network: Seq2seq,
    deltas: Deltas,
    info: ModelInfo,
    /// A drawing ends here at the latest.
    most_points: usize,
    pool: rayon::ThreadPool,
}

/// A drawing in the making.
struct Page {
    number: usize,
    random: ChaCha8Rng,
    points: Vec<[f32; READ]>,
}

impl Page {
    /// What the pen does behind the last point; it waits above an empty page.
    fn pen(&self) -> Pen {
        match self.points.last() {
            Some([_, _, down, ..]) if *down > 0.0 => Pen::Down,
            Some([_, _, _, _, end, ..]) if *end > 0.0 => Pen::End,
            _ => Pen::Up,
        }
    }
}

impl ReadingArtist {
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

    /// Some drawings to their end, behind points that were given.
    fn group(
        &self,
        job: &Job,
        given: &[[f32; READ]],
        numbers: Range<usize>,
        cancel: &Cancel,
        watch: Option<Watch<'_>>,
    ) -> Result<Vec<Vec<[f32; READ]>>> {
        let page = |number| Page { number, random: job.random(number), points: given.to_vec() };
        let mut open: Vec<Page> = numbers.clone().map(page).collect();
        let mut finished = vec![Vec::new(); numbers.len()];
        while !open.is_empty() {
            self.stroke(&mut open, job, cancel, watch)?;
            for page in open.extract_if(.., |page| page.points.len() >= self.most_points || page.pen() == Pen::End) {
                finished[page.number - numbers.start] = page.points;
            }
        }
        Ok(finished)
    }

    /// Reads every page, and adds a stroke to it.
    fn stroke(&self, pages: &mut [Page], job: &Job, cancel: &Cancel, watch: Option<Watch<'_>>) -> Result<()> {
        let network = &self.network;
        let (mut read, mut ends) = (Vec::new(), Vec::with_capacity(pages.len()));
        for page in pages.iter() {
            read.push(CATEGORY);
            read.extend(&page.points);
            ends.push(read.len());
        }
        let mut reading = network.read(&self.tensor(&read)?, &ends, &vec![job.category; pages.len()])?;
        let mut states = reading.begin.clone(); // (pages, 2 decoder) both
        let mut writing: Vec<&mut Page> = pages.iter_mut().collect();
        loop {
            cancel.check()?;
            let last: Vec<[f32; READ]> = writing.iter().map(|page| page.points.last().copied().unwrap_or_else(waiting)).collect();
            let (ends, categories): (Vec<usize>, Vec<u32>) = ((1..=last.len()).collect(), vec![job.category; last.len()]);
            let (said, behind) = network.write(&self.tensor(&last)?, &ends, &categories, &reading, &states, None)?; // (pages, width)
            let (width, said) = (said.dim(1)?, said.flatten_all()?.to_vec1::<f32>()?);
            finite(&said)?;
            for (page, (said, last)) in writing.iter_mut().zip(said.chunks_exact(width).zip(&last)) {
                // A dot alone is no drawing.
                let may_end = !page.points.is_empty();
                let [dx, dy, down, up, end] = network.head().draw(said, job.settings.temperature as f32, may_end, &mut page.random);
                let at = moved(place(last), [dx, dy], self.deltas.scale);
                page.points.push([dx, dy, down, up, end, at[0], at[1]]);
            }
            let goes_on = |page: &Page| page.points.len() < self.most_points && page.pen() == Pen::Down;
            if let Some(page) = writing.first().filter(|page| page.number == 0) {
                hand_out(watch, page.points.len(), !goes_on(page), || drawing(&page.points));
            }
            let keep: Vec<u32> = writing.iter().zip(0u32..).filter(|(page, _)| goes_on(page)).map(|(_, i)| i).collect();
            writing.retain(|page| goes_on(page));
            if writing.is_empty() {
                return Ok(());
            }
            states = behind;
            if keep.len() < last.len() {
                reading.retain(&keep);
                let keep = Tensor::new(keep, network.device())?;
                states = [states[0].index_select(&keep, 0)?, states[1].index_select(&keep, 0)?]; // (pages, 2 decoder) both
            }
        }
    }

    fn tensor(&self, points: &[[f32; READ]]) -> Result<Tensor> {
        Ok(Tensor::from_slice(points.as_flattened(), (points.len(), READ), self.network.device())?) // (tokens, 7)
    }

    /// Strokes that were given, as they lie on the canvas; behind the last one the pen is lifted.
    fn given(&self, start: &Sketch) -> Result<Vec<[f32; READ]>> {
        let mut given = points(start, self.deltas.scale);
        if given.len() >= self.most_points {
            return Err(Error::usage(format!(
                "the drawing to go on with has {} points, but this model ends at {}",
                given.len(),
                self.most_points
            )));
        }
        lift(&mut given, Pen::Up);
        Ok(given)
    }

    /// All drawings, whether or not somebody watches.
    fn drawn(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), watch: Option<Watch<'_>>) -> Result<Vec<Sketch>> {
        let given = self.given(&job.start.as_ref().map(Sketch::from_canvas).unwrap_or_default())?;
        let fixed = drawing(&given).strokes.len();
        let draw = |numbers| {
            let drawn = self.group(job, &given, numbers, cancel, watch)?;
            Ok(drawn.iter().map(|points| finish(&drawing(points), fixed, self.deltas.simplify)).collect())
        };
        grouped(&self.pool, job.count, draw, done)
    }
}

impl Artist for ReadingArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { completion: true, temperature: true, ..Capabilities::default() }
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
}
