//! Drawing one stroke after another, each as a sequence of points that is denoised from noise.
//!
//! How many points a stroke has, or that there is none any more, is drawn from what the network says of the strokes so far.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::whole_canvas::LONGEST;
use super::{Artist, Capabilities, Job, Moment, Part, Trace, begun, finite, grouped, guided};
use crate::config::ModelSettings;
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::schedule::linear_time;
use crate::diffusion::{Step, noise_levels, sample};
use crate::model::history_dit::{HistoryDit, ROW, Told, rows};
use crate::model::layers::TIMES;
use crate::model::ops::sequences;
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::codec::{Deltas, Frame, finish};
use crate::sketch::{Point, Sketch, Stroke, rdp_to};
use crate::util::rng::{self, ChaCha8Rng};
use crate::util::{Cancel, Error, Result, threads};

/// The network with trained weights.
pub struct StrokePointsArtist {
    network: HistoryDit,
    deltas: Deltas,
    info: ModelInfo,
    most_strokes: usize,
    /// Points of a stroke, at most.
    most_points: usize,
    pool: rayon::ThreadPool,
}

/// A drawing in the making, in the model frame's units.
struct Page {
    place: usize,
    random: ChaCha8Rng,
    strokes: Vec<Stroke>,
    /// What was read of each stroke, one behind the other.
    vectors: Vec<f32>,
    /// Of the strokes that were drawn, where somebody looks.
    parts: Vec<Part>,
    /// How likely it was that the drawing is finished, where that was asked last.
    end: Option<f32>,
}

/// Stroke number `k`, where the pen was lifted before it, and the drawing's first point.
fn behind(strokes: &[Stroke], k: usize) -> (&Stroke, Option<Point>, Point) {
    (&strokes[k], pen(&strokes[..k]), origin(strokes))
}

/// The first point of a drawing, where there is one.
fn origin(strokes: &[Stroke]) -> Point {
    strokes.first().and_then(|stroke| stroke.points.first()).copied().unwrap_or_default()
}

/// Where the pen was lifted behind some strokes.
fn pen(strokes: &[Stroke]) -> Option<Point> {
    strokes.last().and_then(|stroke| stroke.points.last()).copied()
}

impl Page {
    /// The points behind movements, (points, 2): from where the pen is.
    fn points(&self, moves: &[f32], scale: f32) -> Vec<Point> {
        let mut at = pen(&self.strokes).unwrap_or_default();
        let mut next = |by: &[f32]| {
            at = [at[0] + by[0] * scale, at[1] + by[1] * scale];
            at
        };
        moves.chunks_exact(2).map(&mut next).collect()
    }
}

/// The strokes of all open pages that are drawn next.
struct Next<'a> {
    job: &'a Job,
    levels: &'a [f64],
    told: Told,
    /// The end of each stroke's points.
    ends: Vec<usize>,
    /// The first stroke of a drawing has no movement to its first point.
    first: bool,
}

impl StrokePointsArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        let ModelSettings::HistoryDit(sizes) = &file.info.preset.model else {
            return Err(Error::new("the settings are those of another system"));
        };
        Ok(Self {
            network: file.network(device)?,
            deltas: file.coding.deltas()?.clone(),
            info: file.info.clone(),
            most_strokes: sizes.max_strokes,
            most_points: sizes.stroke_points,
            pool: threads::pool(threads)?,
        })
    }

    /// Some drawings to their end; `look` says whether their moments are kept.
    fn group(&self, job: &Job, given: &Sketch, numbers: Range<usize>, levels: &[f64], cancel: &Cancel, look: bool) -> Result<Vec<Trace>> {
        let network = &self.network;
        let vectors = self.read((0..given.strokes.len()).map(|k| behind(&given.strokes, k)))?;
        let page = |(place, number): (usize, usize)| Page {
            place,
            random: job.random(number),
            strokes: given.strokes.clone(),
            vectors: vectors.clone(),
            parts: Vec::new(),
            end: None,
        };
        let mut open: Vec<Page> = numbers.enumerate().map(page).collect();
        let mut finished = vec![Trace::default(); open.len()];
        for strokes in given.strokes.len()..self.most_strokes {
            cancel.check()?;
            let vectors: Vec<f32> = open.iter().flat_map(|page| page.vectors.iter().copied()).collect();
            let rows = open.len() * strokes;
            let vectors = Tensor::from_vec(vectors, (rows, network.width()), network.device())?; // (strokes of all, width)
            let claimed = vec![job.settings.history_noise as f32; open.len()];
            let memory = network.memory(&vectors, &vec![strokes; open.len()], &claimed)?;
            let keys: Vec<Range<usize>> = (0..open.len()).map(|i| i * (strokes + 1)..(i + 1) * (strokes + 1)).collect();
            let said = network.counts(&memory, &keys, &vec![job.category; open.len()])?.to_vec2::<f32>()?;
            let mut counts: Vec<usize> = Vec::with_capacity(open.len());
            for (page, said) in open.iter_mut().zip(&said) {
                finite(said)?;
                // An empty page is never finished.
                let from = usize::from(strokes == 0);
                counts.push(from + rng::pick(&said[from..], 1.0, &mut page.random));
                if look {
                    let stop = Some(1.0 / said.iter().map(|logit| (logit - said[0]).exp()).sum::<f32>());
                    match counts.last() {
                        Some(&count) if count > 0 => page.parts.push(Part { stop, ..Part::default() }),
                        _ => page.end = stop,
                    }
                }
            }
            let mut of = counts.iter();
            for page in open.extract_if(.., |_| of.next() == Some(&0)) {
                let place = page.place;
                finished[place] = self.finished(page, given);
            }
            if open.is_empty() {
                break;
            }
            let going = |(keys, count): (Range<usize>, &usize)| (*count > 0).then_some(keys);
            let keys = keys.into_iter().zip(&counts).filter_map(going).collect();
            let from_first = |page: &Page| {
                let first = origin(&page.strokes);
                pen(&page.strokes).map_or([0.0; 2], |at| [at[0] - first[0], at[1] - first[1]])
            };
            let pens: Vec<f32> = open.iter().flat_map(from_first).collect();
            let pens = Tensor::from_vec(pens, (open.len(), 2), network.device())?; // (strokes, 2)
            let end = |at: &mut usize, count: &usize| {
                *at += count;
                Some(*at)
            };
            let ends = counts.iter().filter(|&&count| count > 0).scan(0, end).collect();
            let next = Next { job, levels, told: network.told(&memory, keys, &pens)?, ends, first: strokes == 0 };
            self.stroke(&mut open, &next, cancel, look)?;
            let vectors = self.read(open.iter().map(|page| behind(&page.strokes, strokes)))?;
            open.iter_mut().zip(vectors.chunks_exact(network.width())).for_each(|(page, vector)| page.vectors.extend(vector));
        }
        // Pages that are full end without being asked.
        for page in open {
            let place = page.place;
            finished[place] = self.finished(page, given);
        }
        Ok(finished)
    }

    /// Adds one stroke to every page.
    fn stroke(&self, pages: &mut [Page], next: &Next<'_>, cancel: &Cancel, look: bool) -> Result<()> {
        let (levels, scale) = (next.levels, self.deltas.scale);
        let places: Vec<Range<usize>> = sequences(&next.ends).map(|at| 2 * at.start..2 * at.end).collect();
        // The first stroke of a drawing has no movement to its first point: that stays 0.
        let hold = |numbers: &mut [f32]| {
            let held = places.iter().filter(|_| next.first);
            held.for_each(|at| numbers[at.start..at.start + 2].fill(0.0));
        };
        let mut random: Vec<ChaCha8Rng> = pages.iter().map(|page| page.random.clone()).collect();
        let noise = random.iter_mut().zip(&places).flat_map(|(random, at)| rng::normal(random, at.len()));
        let mut x: Vec<f32> = noise.map(|e| e * levels[0] as f32).collect();
        hold(&mut x);
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| {
            self.predict(next, x, levels[level], x0)?;
            hold(x0);
            Ok(())
        };
        let mut noise = |out: &mut [f32]| {
            places.iter().zip(&mut random).for_each(|(at, random)| rng::fill_normal(random, &mut out[at.clone()]));
            hold(out);
        };
        let mut moments = vec![Vec::new(); pages.len()];
        let mut attention = Vec::new();
        let mut watch = |step: Step<'_>| {
            cancel.check()?;
            if !look {
                return Ok(());
            }
            for ((at, page), moments) in places.iter().zip(&*pages).zip(&mut moments) {
                let line = |moves: &[f32], size: f32| Sketch { strokes: vec![Stroke::new(page.points(&moves[at.clone()], scale * size))] };
                let (x_t, x0) = (line(step.x, Preconditioning::at(step.sigma).input as f32), line(step.x0, 1.0));
                moments.push(Moment { sigma: step.sigma, x_t, x0, lifted: Vec::new() });
            }
            if step.index + 2 == levels.len() {
                let (x, times) = self.inputs(next, step.x, step.sigma)?;
                attention = self.network.attention(&x, &next.ends, &next.told, &times, &vec![next.job.category; times.len()])?;
            }
            Ok(())
        };
        sample(next.job.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut watch)?;
        finite(&x)?;
        for ((page, at), random) in pages.iter_mut().zip(&places).zip(random) {
            let points = page.points(&x[at.clone()], scale);
            page.strokes.push(Stroke::new(points));
            page.random = random;
        }
        for ((page, moments), attention) in pages.iter_mut().zip(moments).zip(attention) {
            if let Some(part) = page.parts.last_mut() {
                // The first share is that of the token which begins a drawing.
                (part.moments, part.attention) = (moments, attention.into_iter().skip(1).collect());
            }
        }
        Ok(())
    }

    /// Noisy movements as the network sees them, (points, 2), and the timestep of each stroke.
    fn inputs(&self, next: &Next<'_>, x: &[f32], sigma: f64) -> Result<(Tensor, Vec<f32>)> {
        let scale = Preconditioning::at(sigma).input as f32;
        let scaled = Tensor::from_vec(x.iter().map(|v| v * scale).collect(), (x.len() / 2, 2), self.network.device())?; // (points, 2)
        Ok((scaled, vec![(linear_time(sigma) * f64::from(TIMES)) as f32; next.ends.len()]))
    }

    /// The guess of the movements behind noisy ones, `x` and `x0` (points, 2).
    fn predict(&self, next: &Next<'_>, x: &[f32], sigma: f64, x0: &mut [f32]) -> Result<()> {
        let (network, Next { job, told, ends, .. }) = (&self.network, next);
        let (scaled, times) = self.inputs(next, x, sigma)?;
        let said = |class: u32| network.forward(&scaled, ends, told, &times, &vec![class; ends.len()]); // (points, 2)
        let noise = guided(job.settings.guidance, said(job.category)?, || said(network.no_class()))?; // (points, 2)
        for ((x0, x), noise) in x0.iter_mut().zip(x).zip(noise.flatten_all()?.to_vec1::<f32>()?) {
            *x0 = (x - sigma as f32 * noise).clamp(-LONGEST, LONGEST);
        }
        Ok(())
    }

    /// Vectors of strokes, one behind the other: of each its points, where the pen was lifted before it, and the drawing's first point.
    fn read<'a>(&self, strokes: impl Iterator<Item = (&'a Stroke, Option<Point>, Point)>) -> Result<Vec<f32>> {
        let (mut points, mut ends) = (Vec::<[f32; ROW]>::new(), Vec::new());
        for (stroke, before, origin) in strokes {
            // Strokes that are given may have more points than the network has learnt to read.
            points.extend(rows(&rdp_to(stroke, self.most_points, 0.0).points, before, origin, self.deltas.scale));
            ends.push(points.len());
        }
        if ends.is_empty() {
            return Ok(Vec::new());
        }
        let count = points.len();
        let points = Tensor::from_vec(points.into_flattened(), (count, ROW), self.network.device())?; // (points, 5)
        Ok(self.network.read(&points, &ends)?.flatten_all()?.to_vec1()?)
    }

    /// A page that has come to its end.
    fn finished(&self, page: Page, given: &Sketch) -> Trace {
        let (raw, fixed) = (Sketch { strokes: page.strokes }, given.strokes.len());
        let sketch = finish(&raw, fixed, self.deltas.simplify);
        let frame = Frame::of(&raw, fixed);
        let mut parts = page.parts;
        for (part, stroke) in parts.iter_mut().zip(&sketch.strokes[fixed..]) {
            for moment in &mut part.moments {
                (moment.x_t, moment.x0) = (frame.place(&moment.x_t), frame.place(&moment.x0));
            }
            let line = Sketch { strokes: vec![stroke.clone()] };
            part.moments.push(Moment::last(&line));
        }
        Trace { parts, sketch, end: page.end }
    }

    /// Drawings with or without their moments.
    fn traces(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), look: bool) -> Result<Vec<Trace>> {
        let (given, levels) = (begun(job, self.most_strokes)?, noise_levels(&job.settings));
        grouped(&self.pool, job.count, |numbers| self.group(job, &given, numbers, &levels, cancel, look), done)
    }
}

impl Artist for StrokePointsArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { stroke_trace: true, completion: true, guidance: true, ..Capabilities::default() }
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
}
