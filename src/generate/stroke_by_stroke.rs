//! Drawing with the flagship: one stroke after another, each denoised from noise.

use std::ops::Range;

use candle_core::{Device, Tensor};
use rand::Rng;

use super::{Artist, Capabilities, Job, Moment, Part, Trace, Watch, begun, finite, forward, grouped};
use crate::config::{DrawSettings, SamplerKind};
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::{Step, noise_levels, sample};
use crate::model::stroke_diffusion::{Denoising, Guidance, Reader};
use crate::model::{ModelFile, ModelInfo, StrokeDiffusion};
use crate::sketch::codec::{Frame, settled};
use crate::sketch::{Codec, Sketch, Stroke};
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Result, threads};

/// The flagship with trained weights.
pub struct StrokeArtist {
    network: StrokeDiffusion,
    codec: Codec,
    info: ModelInfo,
    most_strokes: usize,
    pool: rayon::ThreadPool,
}

/// The way from noise to line, the same for every stroke of a job.
struct Way<'a> {
    sampler: SamplerKind,
    /// Noise levels, falling to 0.
    levels: Vec<f64>,
    /// For the first stroke, which has nothing before it.
    first: Denoising<'a>,
    /// For every later one.
    later: Denoising<'a>,
}

/// What is to be made of a job beside its drawings.
#[derive(Clone, Copy, Default)]
struct Beside<'a> {
    /// Other settings that are tried at every stroke, and forgotten.
    settings: Option<&'a DrawSettings>,
    /// Keep what the strokes were made from.
    look: bool,
    /// Is handed the first drawing stroke by stroke.
    watch: Option<Watch<'a>>,
}

/// What is asked of some pages.
struct Plan<'a> {
    job: &'a Job,
    /// Strokes that were given, in the model frame.
    given: &'a Sketch,
    /// Their vectors, one behind the other.
    start: &'a [f32],
    way: Way<'a>,
    /// Of [`Beside::settings`].
    beside: Option<Way<'a>>,
    look: bool,
    watch: Option<Watch<'a>>,
}

/// A drawing in the making.
#[derive(Clone)]
struct Page {
    number: usize,
    random: ChaCha8Rng,
    /// Vectors of the strokes so far, one behind the other.
    vectors: Vec<f32>,
    /// What was seen of each stroke; nothing unless somebody looks.
    seen: Vec<Seen>,
    /// The probability of being finished, where it was asked last.
    end: Option<f32>,
}

/// A page at its end.
struct Finished<'a> {
    /// Its strokes, in the model frame.
    sketch: Sketch,
    /// So many of them were given.
    fixed: usize,
    page: Page,
    plan: &'a Plan<'a>,
}

/// What was seen of a stroke on its way.
#[derive(Clone, Default)]
struct Seen {
    stop: f32,
    attention: Vec<f32>,
    /// Noisy numbers and predicted ones at each level, and at its end; of the way that was gone, and of the one beside it.
    steps: [Vec<[Vec<f32>; 2]>; 2],
}

impl StrokeArtist {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device, threads: usize) -> Result<Self> {
        let network: StrokeDiffusion = file.network(device)?;
        Ok(Self {
            most_strokes: network.most_strokes(),
            network,
            codec: file.coding.strokes()?.clone(),
            info: file.info.clone(),
            pool: threads::pool(threads)?,
        })
    }

    /// Draws some pages to their end; in the order of their numbers.
    fn group(&self, plan: &Plan<'_>, numbers: Range<usize>, cancel: &Cancel) -> Result<Vec<Page>> {
        let (job, width) = (plan.job, self.codec.width());
        let page = |number| Page { number, random: job.random(number), vectors: plan.start.to_vec(), seen: Vec::new(), end: None };
        let mut open: Vec<Page> = numbers.map(page).collect();
        let mut finished = Vec::with_capacity(open.len());
        let claimed = vec![job.settings.history_noise as f32; open.len()];
        let (mut reader, mut states) = Reader::begin(&self.network, &vec![job.category; open.len()], &claimed)?; // (pages, width)
        for stroke in plan.start.chunks_exact(width) {
            states = self.read(&mut reader, stroke.repeat(open.len()))?; // (pages, width)
        }
        for strokes in plan.start.len() / width..=self.most_strokes {
            let stop = self.network.stop_logits(&states)?.to_vec1::<f32>()?;
            let stop: Vec<f32> = stop.into_iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
            // A full page is not read any more, so that there is nothing to be seen.
            if plan.look && strokes < self.most_strokes {
                self.look(&mut open, &stop, &reader)?;
            }
            // An empty page is never finished.
            let ends = |page: &mut Page, stop: f32| page.random.random::<f32>() < stop && strokes > 0;
            let going: Vec<bool> = open.iter_mut().zip(stop).map(|(page, stop)| !ends(page, stop) && strokes < self.most_strokes).collect();
            let keep: Vec<u32> = (0..open.len() as u32).filter(|&i| going[i as usize]).collect();
            if keep.len() < open.len() {
                let mut still = going.iter();
                finished.extend(open.extract_if(.., |_| !still.next().copied().unwrap_or(false)));
                if open.is_empty() {
                    break;
                }
                reader.keep(&keep)?;
                states = states.index_select(&Tensor::new(keep, self.network.device())?, 0)?; // (pages, width)
            }
            if let Some(beside) = &plan.beside {
                let random: Vec<ChaCha8Rng> = open.iter().map(|page| page.random.clone()).collect();
                self.stroke(&mut open, &states, beside, Some(1), cancel)?;
                // The pages go on as if nothing had been tried.
                open.iter_mut().zip(random).for_each(|(page, random)| page.random = random);
            }
            let drawn = self.stroke(&mut open, &states, &plan.way, plan.look.then_some(0), cancel)?;
            open.iter_mut().zip(drawn.chunks_exact(width)).for_each(|(page, row)| page.vectors.extend(row));
            if let (Some(watch), Some(page)) = (plan.watch, open.first().filter(|page| page.number == 0)) {
                watch(self.decoded(&page.vectors, plan.given));
            }
            // A page that is full is not read any more: it ends in the next round.
            if strokes + 1 < self.most_strokes {
                states = self.read(&mut reader, drawn)?; // (pages, width)
            }
        }
        finished.sort_by_key(|page| page.number);
        Ok(finished)
    }

    /// Keeps what the model says before a stroke, whether or not there will be one.
    fn look(&self, pages: &mut [Page], stop: &[f32], reader: &Reader<'_>) -> Result<()> {
        let attention = reader.attention()?;
        let strokes = attention.len() / pages.len();
        for (i, (page, &stop)) in pages.iter_mut().zip(stop).enumerate() {
            let attention = attention[i * strokes..(i + 1) * strokes].to_vec();
            page.end = Some(stop);
            page.seen.push(Seen { stop, attention, ..Seen::default() });
        }
        Ok(())
    }

    /// Reads one stroke of every page: the states behind it, (pages, width).
    fn read(&self, reader: &mut Reader<'_>, strokes: Vec<f32>) -> Result<Tensor> {
        let shape = (strokes.len() / self.codec.width(), self.codec.width());
        reader.read(&Tensor::from_vec(strokes, shape, self.network.device())?)
    }

    /// Makes one stroke for every page, and returns them one behind the other; `keep` says where its steps are kept.
    fn stroke(&self, pages: &mut [Page], states: &Tensor, way: &Way<'_>, keep: Option<usize>, cancel: &Cancel) -> Result<Vec<f32>> {
        let width = self.codec.width();
        let mut x = Vec::with_capacity(pages.len() * width);
        for page in pages.iter_mut() {
            x.extend(rng::normal(&mut page.random, width).into_iter().map(|e| e * way.levels[0] as f32));
        }
        let first = pages.iter().all(|page| page.vectors.is_empty());
        let mut denoising = if first { &way.first } else { &way.later }.stroke(states)?;
        let mut predict = |x: &[f32], level: usize, x0: &mut [f32]| denoising.predict(x, level, x0);
        let mut noise = |out: &mut [f32]| {
            for (row, page) in out.chunks_exact_mut(width).zip(pages.iter_mut()) {
                rng::fill_normal(&mut page.random, row);
            }
        };
        let mut steps = Vec::new();
        let mut watch = |step: Step<'_>| {
            if keep.is_some() {
                steps.push([step.x.to_vec(), step.x0.to_vec()]);
            }
            cancel.check()
        };
        sample(way.sampler, &way.levels, &mut x, &mut predict, &mut noise, &mut watch)?;
        finite(&x)?;
        if let Some(keep) = keep {
            steps.push([x.clone(), x.clone()]);
            for (i, seen) in pages.iter_mut().filter_map(|page| page.seen.last_mut()).enumerate() {
                seen.steps[keep] = steps.iter().map(|both| both.each_ref().map(|all| all[i * width..][..width].to_vec())).collect();
            }
        }
        Ok(x)
    }

    /// The way from noise to line of these settings.
    fn way(&self, settings: &DrawSettings, category: u32) -> Result<Way<'_>> {
        let levels = noise_levels(settings);
        let DrawSettings { sampler, guidance, first_guidance, .. } = *settings;
        let denoising = |history| {
            let DrawSettings { place_guidance: place, guidance_from: from, guidance_to: to, .. } = *settings;
            let size = place * settings.size_guidance;
            let guidance = Guidance { history, category: settings.category_guidance, place, size, from, to };
            Denoising::new(&self.network, &levels[..levels.len() - 1], category, &guidance)
        };
        let (first, later) = (denoising(1.0 + first_guidance * (guidance - 1.0))?, denoising(guidance)?);
        Ok(Way { sampler, levels, first, later })
    }

    /// Some pages to their end, each made into something by `finish`: its decoded strokes, of which so many were given, and the page.
    fn pages<T: Send>(
        &self,
        job: &Job,
        beside: Beside<'_>,
        cancel: &Cancel,
        finish: impl Fn(Finished<'_>) -> T + Sync,
        done: &mut dyn FnMut(usize),
    ) -> Result<Vec<T>> {
        let given = begun(job, self.most_strokes)?;
        let start: Vec<f32> = given.strokes.iter().flat_map(|stroke| self.codec.encode(stroke)).collect();
        let plan = Plan {
            job,
            given: &given,
            start: &start,
            way: self.way(&job.settings, job.category)?,
            beside: beside.settings.map(|settings| self.way(settings, job.category)).transpose()?,
            look: beside.look,
            watch: beside.watch,
        };
        let fixed = given.strokes.len();
        let draw = |numbers| {
            let of = |page: Page| finish(Finished { sketch: self.decoded(&page.vectors, plan.given), fixed, page, plan: &plan });
            Ok(self.group(&plan, numbers, cancel)?.into_iter().map(of).collect())
        };
        grouped(&self.pool, job.count, draw, done)
    }

    /// Strokes of vectors that lie one behind the other, in the model frame. Those that were given are as they were drawn, not as the codec
    /// sees them.
    fn decoded(&self, vectors: &[f32], given: &Sketch) -> Sketch {
        let own = vectors.chunks_exact(self.codec.width()).skip(given.strokes.len()).map(|row| self.codec.decode(row));
        Sketch { strokes: given.strokes.iter().cloned().chain(own).collect() }
    }

    /// What was seen of a page, as lines: of the way that was gone, and of the one beside it.
    fn traces(&self, finished: &Finished<'_>) -> [Trace; 2] {
        let Finished { sketch, fixed, page, plan } = finished;
        let frame = Frame::of(sketch, *fixed);
        let drawn = self.codec.finish(sketch, *fixed);
        let ways = [Some(&plan.way), plan.beside.as_ref()];
        [0, 1].map(|i| {
            // What was looked at last may have ended the drawing instead.
            let strokes = page.seen.iter().filter(|seen| !seen.steps[i].is_empty());
            let parts = strokes.map(|seen| Part {
                moments: ways[i].map(|way| self.moments(&way.levels, &seen.steps[i], frame)).unwrap_or_default(),
                stop: Some(seen.stop),
                attention: seen.attention.clone(),
            });
            let parts: Vec<Part> = parts.collect();
            let sketch = if i == 0 { drawn.clone() } else { self.beside(&drawn, *fixed, &parts) };
            let full = sketch.strokes.len() == self.most_strokes;
            Trace { parts, sketch, end: page.end.filter(|_| !full) }
        })
    }

    /// The given strokes of a drawing, and what came of these parts.
    fn beside(&self, drawn: &Sketch, fixed: usize, parts: &[Part]) -> Sketch {
        let given = drawn.strokes.iter().take(fixed).cloned();
        let lines = parts.iter().filter_map(|part| part.moments.last()?.x0.strokes.first());
        Sketch { strokes: given.chain(lines.map(|line| settled(line, self.codec.simplify))).collect() }
    }

    /// Numbers on a stroke's way as lines.
    fn moments(&self, levels: &[f64], steps: &[[Vec<f32>; 2]], frame: Frame) -> Vec<Moment> {
        let line = |row: &[f32]| frame.place(&Sketch { strokes: vec![self.codec.decode(row)] });
        let moment = |(&sigma, [x, x0]): (&f64, &[Vec<f32>; 2])| {
            // As large as a drawing: divided by its deviation, as the network reads it too.
            let input = Preconditioning::at(sigma).input as f32;
            let scaled: Vec<f32> = x.iter().map(|x| x * input).collect();
            Moment { sigma, x_t: line(&scaled), x0: line(x0), ..Moment::default() }
        };
        levels.iter().zip(steps).map(moment).collect()
    }
}

impl Artist for StrokeArtist {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            stroke_trace: true,
            forward: true,
            completion: true,
            guidance: true,
            history_guidance: true,
            ..Capabilities::default()
        }
    }

    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>> {
        self.pages(job, Beside::default(), cancel, |of| self.codec.finish(&of.sketch, of.fixed), done)
    }

    fn draw_watched(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), watch: Watch<'_>) -> Result<Vec<Sketch>> {
        let beside = Beside { watch: Some(watch), ..Beside::default() };
        self.pages(job, beside, cancel, |of| self.codec.finish(&of.sketch, of.fixed), done)
    }

    fn trace(&self, job: &Job, cancel: &Cancel) -> Result<Vec<Trace>> {
        let first = |of: Finished<'_>| {
            let [trace, _] = self.traces(&of);
            trace
        };
        self.pages(job, Beside { look: true, ..Beside::default() }, cancel, first, &mut |_| {})
    }

    fn trace_beside(&self, job: &Job, other: &DrawSettings, cancel: &Cancel) -> Result<Vec<[Trace; 2]>> {
        self.pages(job, Beside { settings: Some(other), look: true, watch: None }, cancel, |of| self.traces(&of), &mut |_| {})
    }

    fn noised(&self, sketch: &Sketch, settings: &DrawSettings, seed: u64) -> Result<Trace> {
        forward::drawn(sketch)?;
        let levels = noise_levels(settings);
        let part = |(i, stroke): (usize, &Stroke)| {
            let x0 = self.codec.encode(stroke);
            let noise = rng::normal(&mut rng::stream(seed, Stream::Forward, i as u64), x0.len());
            let steps: Vec<[Vec<f32>; 2]> = levels.iter().map(|&sigma| [forward::noisy(&x0, &noise, sigma), x0.clone()]).collect();
            Part { moments: self.moments(&levels, &steps, Frame::AS_IT_IS), ..Part::default() }
        };
        let canvas = sketch.from_canvas();
        let strokes = canvas.strokes.iter().filter(|stroke| !stroke.points.is_empty());
        Ok(Trace { parts: strokes.enumerate().map(part).collect(), sketch: sketch.clone(), end: None })
    }
}
