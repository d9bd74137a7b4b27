//! Drawing one stroke after another, each as a sequence of points that is denoised from noise.
//!
//! How many points a stroke has, or that there is none any more, is drawn from what the network says of the strokes so far.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::whole_canvas::LONGEST;
use super::{Artist, Capabilities, Job, Moment, Part, Trace, Watch, begun, finite, forward, grouped, guided};
use crate::config::{DrawSettings, ModelSettings};
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::schedule::linear_time;
use crate::diffusion::{Step, noise_levels, sample};
use crate::model::history_dit::{HistoryDit, ROW, Told, rows};
use crate::model::layers::TIMES;
use crate::model::ops::sequences;
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::codec::{Deltas, Frame, finish, settled};
use crate::sketch::{Point, Sketch, Stroke, rdp_to};
use crate::util::rng::{self, ChaCha8Rng, Stream};
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

/// The way from noise to line of some settings.
struct Way<'a> {
    settings: &'a DrawSettings,
    /// Noise levels, falling to 0.
    levels: Vec<f64>,
}

impl<'a> Way<'a> {
    fn of(settings: &'a DrawSettings) -> Self {
        Self { settings, levels: noise_levels(settings) }
    }
}

/// What is asked of some pages.
struct Plan<'a> {
    job: &'a Job,
    /// Strokes to begin with, in the model frame.
    given: &'a Sketch,
    way: Way<'a>,
    /// Another way to be tried at every stroke, and forgotten.
    beside: Option<Way<'a>>,
    /// Keep what the strokes were made from.
    look: bool,
    /// Is handed the first drawing stroke by stroke.
    watch: Option<Watch<'a>>,
}

/// A drawing in the making, in the model frame's units.
struct Page {
    place: usize,
    random: ChaCha8Rng,
    strokes: Vec<Stroke>,
    /// What was read of each stroke, one behind the other.
    vectors: Vec<f32>,
    /// Of the strokes that were drawn, where somebody looks: of the way that was gone, and of the one beside it.
    parts: [Vec<Part>; 2],
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

/// The points behind movements, (points, 2), of this deviation: from where the pen is.
fn along(mut at: Point, moves: &[f32], scale: f32) -> Vec<Point> {
    let mut next = |by: &[f32]| {
        at = [at[0] + by[0] * scale, at[1] + by[1] * scale];
        at
    };
    moves.chunks_exact(2).map(&mut next).collect()
}

/// The movements to points from where the pen is, (points, 2): the inverse of [`along`].
fn moves(mut at: Point, points: &[Point], scale: f32) -> Vec<f32> {
    let mut by = |to: &Point| {
        let from = std::mem::replace(&mut at, *to);
        [(to[0] - from[0]) / scale, (to[1] - from[1]) / scale]
    };
    points.iter().flat_map(&mut by).collect()
}

/// From the model frame to where a drawing lies in the data frame.
fn place(moment: &mut Moment, frame: Frame) {
    (moment.x_t, moment.x0) = (frame.place(&moment.x_t), frame.place(&moment.x0));
}

impl Page {
    /// Keeps what the last stroke was made from: on the way that was gone (0), or on the one beside it (1).
    fn keep(&mut self, way: usize, moments: Vec<Moment>, attention: Vec<f32>) {
        if let Some(part) = self.parts[way].last_mut() {
            (part.moments, part.attention) = (moments, attention);
        }
    }
}

/// The strokes of all open pages that are drawn next.
struct Next {
    category: u32,
    told: Told,
    /// The end of each stroke's points.
    ends: Vec<usize>,
    /// The first stroke of a drawing has no movement to its first point.
    first: bool,
}

/// A stroke that was made.
struct Made {
    points: Vec<Point>,
    /// The random numbers behind it.
    random: ChaCha8Rng,
    /// In the model frame's units; none unless somebody looks.
    moments: Vec<Moment>,
    attention: Vec<f32>,
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

    /// Some drawings to their end: the way that was gone, and the one beside it.
    fn group(&self, plan: &Plan<'_>, numbers: Range<usize>, cancel: &Cancel) -> Result<Vec<[Trace; 2]>> {
        let (network, Plan { job, given, look, .. }) = (&self.network, plan);
        let vectors = self.read((0..given.strokes.len()).map(|k| behind(&given.strokes, k)))?;
        let watch = plan.watch.filter(|_| numbers.start == 0);
        let page = |(place, number): (usize, usize)| Page {
            place,
            random: job.random(number),
            strokes: given.strokes.clone(),
            vectors: vectors.clone(),
            parts: Default::default(),
            end: None,
        };
        let mut open: Vec<Page> = numbers.enumerate().map(page).collect();
        let mut finished = vec![<[Trace; 2]>::default(); open.len()];
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
                if *look {
                    let stop = Some(1.0 / said.iter().map(|logit| (logit - said[0]).exp()).sum::<f32>());
                    match counts.last() {
                        Some(&count) if count > 0 => page.parts.iter_mut().for_each(|parts| parts.push(Part { stop, ..Part::default() })),
                        _ => page.end = stop,
                    }
                }
            }
            let mut of = counts.iter();
            for page in open.extract_if(.., |_| of.next() == Some(&0)) {
                let place = page.place;
                finished[place] = self.finished(page, given.strokes.len());
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
            let next = Next { category: job.category, told: network.told(&memory, keys, &pens)?, ends, first: strokes == 0 };
            if let Some(beside) = &plan.beside {
                // The pages go on as if nothing had been tried.
                let tried = self.stroke(&open, &next, beside, *look, cancel)?;
                open.iter_mut().zip(tried).for_each(|(page, made)| page.keep(1, made.moments, made.attention));
            }
            let made = self.stroke(&open, &next, &plan.way, *look, cancel)?;
            for (page, made) in open.iter_mut().zip(made) {
                page.keep(0, made.moments, made.attention);
                page.strokes.push(Stroke::new(made.points));
                page.random = made.random;
            }
            if let (Some(watch), Some(page)) = (watch, open.first().filter(|page| page.place == 0)) {
                watch(Sketch { strokes: page.strokes.clone() });
            }
            let vectors = self.read(open.iter().map(|page| behind(&page.strokes, strokes)))?;
            open.iter_mut().zip(vectors.chunks_exact(network.width())).for_each(|(page, vector)| page.vectors.extend(vector));
        }
        // Pages that are full end without being asked.
        for page in open {
            let place = page.place;
            finished[place] = self.finished(page, given.strokes.len());
        }
        Ok(finished)
    }

    /// Makes one stroke for every page; `look` says whether its moments are kept.
    fn stroke(&self, pages: &[Page], next: &Next, way: &Way<'_>, look: bool, cancel: &Cancel) -> Result<Vec<Made>> {
        let (levels, scale) = (&way.levels[..], self.deltas.scale);
        let places: Vec<Range<usize>> = sequences(&next.ends).map(|at| 2 * at.start..2 * at.end).collect();
        let pens: Vec<Point> = pages.iter().map(|page| pen(&page.strokes).unwrap_or_default()).collect();
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
            self.predict(next, way.settings.guidance, x, levels[level], x0)?;
            hold(x0);
            Ok(())
        };
        let mut noise = |out: &mut [f32]| {
            places.iter().zip(&mut random).for_each(|(at, random)| rng::fill_normal(random, &mut out[at.clone()]));
            hold(out);
        };
        let mut moments: Vec<Vec<Moment>> = vec![Vec::new(); pages.len()];
        let mut attention: Vec<Vec<f32>> = Vec::new();
        let mut watch = |step: Step<'_>| {
            cancel.check()?;
            if !look {
                return Ok(());
            }
            for ((at, &pen), moments) in places.iter().zip(&pens).zip(&mut moments) {
                moments.push(self.moment(step.sigma, pen, &step.x[at.clone()], &step.x0[at.clone()]));
            }
            if step.index + 2 == levels.len() {
                let (x, times) = self.inputs(next, step.x, step.sigma)?;
                attention = self.network.attention(&x, &next.ends, &next.told, &times, &vec![next.category; times.len()])?;
            }
            Ok(())
        };
        sample(way.settings.sampler, levels, &mut x, &mut predict, &mut noise, &mut watch)?;
        finite(&x)?;
        let made = |(i, (random, mut moments)): (usize, (ChaCha8Rng, Vec<Moment>))| {
            let points = along(pens[i], &x[places[i].clone()], scale);
            if look {
                moments.push(Moment::last(&Sketch { strokes: vec![Stroke::new(points.clone())] }));
            }
            // The first share is that of the token which begins a drawing.
            let attention = attention.get(i).map(|shares| shares.iter().skip(1).copied().collect()).unwrap_or_default();
            Made { points, random, moments, attention }
        };
        Ok(random.into_iter().zip(moments).enumerate().map(made).collect())
    }

    /// What noisy movements and the guess of the clean ones, (points, 2), look like from where the pen is, in the model frame.
    fn moment(&self, sigma: f64, pen: Point, x: &[f32], x0: &[f32]) -> Moment {
        let line = |moves: &[f32], size: f32| Sketch { strokes: vec![Stroke::new(along(pen, moves, self.deltas.scale * size))] };
        let (x_t, x0) = (line(x, Preconditioning::at(sigma).input as f32), line(x0, 1.0));
        Moment { sigma, x_t, x0, ..Moment::default() }
    }

    /// Noisy movements as the network sees them, (points, 2), and the timestep of each stroke.
    fn inputs(&self, next: &Next, x: &[f32], sigma: f64) -> Result<(Tensor, Vec<f32>)> {
        let scale = Preconditioning::at(sigma).input as f32;
        let scaled = Tensor::from_vec(x.iter().map(|v| v * scale).collect(), (x.len() / 2, 2), self.network.device())?; // (points, 2)
        Ok((scaled, vec![(linear_time(sigma) * f64::from(TIMES)) as f32; next.ends.len()]))
    }

    /// The guess of the movements behind noisy ones, `x` and `x0` (points, 2).
    fn predict(&self, next: &Next, guidance: f64, x: &[f32], sigma: f64, x0: &mut [f32]) -> Result<()> {
        let (network, Next { category, told, ends, .. }) = (&self.network, next);
        let (scaled, times) = self.inputs(next, x, sigma)?;
        let said = |class: u32| network.forward(&scaled, ends, told, &times, &vec![class; ends.len()]); // (points, 2)
        let noise = guided(guidance, said(*category)?, || said(network.no_class()))?; // (points, 2)
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

    /// A page that has come to its end, of whose strokes so many were given: the way that was gone, and the one beside it.
    fn finished(&self, page: Page, fixed: usize) -> [Trace; 2] {
        let Page { strokes, parts, end, .. } = page;
        let raw = Sketch { strokes };
        let sketch = finish(&raw, fixed, self.deltas.simplify);
        let frame = Frame::of(&raw, fixed);
        let placed = |mut part: Part| {
            part.moments.iter_mut().for_each(|moment| place(moment, frame));
            if let Some(last) = part.moments.last_mut() {
                let lines = last.x0.strokes.iter().map(|line| settled(line, self.deltas.simplify)).collect();
                *last = Moment::last(&Sketch { strokes: lines });
            }
            part
        };
        let [gone, tried] = parts.map(|parts| parts.into_iter().map(placed).collect::<Vec<Part>>());
        let given = sketch.strokes.iter().take(fixed).cloned();
        let lines = tried.iter().filter_map(|part| part.moments.last()?.x0.strokes.first().cloned());
        let beside = Sketch { strokes: given.chain(lines).collect() };
        [Trace { parts: gone, sketch, end }, Trace { parts: tried, sketch: beside, end }]
    }

    /// Drawings with or without their moments, and what other settings make of their strokes.
    fn traces(
        &self,
        job: &Job,
        beside: Option<&DrawSettings>,
        look: bool,
        watch: Option<Watch<'_>>,
        cancel: &Cancel,
        done: &mut dyn FnMut(usize),
    ) -> Result<Vec<[Trace; 2]>> {
        let given = begun(job, self.most_strokes)?;
        let plan = Plan { job, given: &given, way: Way::of(&job.settings), beside: beside.map(Way::of), look, watch };
        grouped(&self.pool, job.count, |numbers| self.group(&plan, numbers, cancel), done)
    }

    /// Drawings by themselves, whether or not somebody watches.
    fn drawn(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), watch: Option<Watch<'_>>) -> Result<Vec<Sketch>> {
        let traces = self.traces(job, None, false, watch, cancel, done)?;
        Ok(traces.into_iter().map(|[trace, _]| trace.sketch).collect())
    }
}

impl Artist for StrokePointsArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities { stroke_trace: true, forward: true, completion: true, guidance: true, ..Capabilities::default() }
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

    fn trace(&self, job: &Job, cancel: &Cancel) -> Result<Vec<Trace>> {
        Ok(self.traces(job, None, true, None, cancel, &mut |_| {})?.into_iter().map(|[trace, _]| trace).collect())
    }

    fn trace_beside(&self, job: &Job, other: &DrawSettings, cancel: &Cancel) -> Result<Vec<[Trace; 2]>> {
        self.traces(job, Some(other), true, None, cancel, &mut |_| {})
    }

    fn noised(&self, sketch: &Sketch, settings: &DrawSettings, seed: u64) -> Result<Trace> {
        forward::drawn(sketch)?;
        let (levels, canvas) = (noise_levels(settings), sketch.from_canvas());
        let mut before = None;
        let mut parts = Vec::with_capacity(canvas.strokes.len());
        for stroke in canvas.strokes.iter().filter(|stroke| !stroke.points.is_empty()) {
            // A stroke of more points than the network takes is simplified, as in training.
            let points = rdp_to(stroke, self.most_points, 0.0).points;
            let pen = before.unwrap_or(points[0]);
            let x0 = moves(pen, &points, self.deltas.scale);
            let mut noise = rng::normal(&mut rng::stream(seed, Stream::Forward, parts.len() as u64), x0.len());
            if before.is_none() {
                // To the first point of a drawing there is no movement.
                noise[..2].fill(0.0);
            }
            let moment = |&sigma: &f64| {
                let mut moment = self.moment(sigma, pen, &forward::noisy(&x0, &noise, sigma), &x0);
                place(&mut moment, Frame::AS_IT_IS);
                moment
            };
            parts.push(Part { moments: levels.iter().map(moment).collect(), ..Part::default() });
            before = points.last().copied();
        }
        Ok(Trace { parts, sketch: sketch.clone(), end: None })
    }
}
