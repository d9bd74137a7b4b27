//! A trained model and a request become drawings.
//!
//! Whatever can draw implements [`Artist`] and says what it is capable of; nobody asks for a model's name.

mod forward;
mod latent;
mod named;
mod point_by_point;
mod reading;
mod stroke_by_stroke;
mod stroke_points;
mod trace;
mod whole_canvas;
mod whole_sequence;
mod writer;

pub use latent::LatentArtist;
pub use named::Named;
pub use point_by_point::PointArtist;
pub use reading::ReadingArtist;
pub use stroke_by_stroke::StrokeArtist;
pub use stroke_points::StrokePointsArtist;
pub use trace::{Moment, Part, Trace};
pub use whole_canvas::{Canvas, CanvasArtist, DitCanvas, UnetCanvas};
pub use whole_sequence::SequenceArtist;

use std::ops::Range;
use std::path::Path;

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use crate::config::{DrawSettings, ModelSettings};
use crate::model::shipped::SHIPPED;
use crate::model::{ModelFile, ModelInfo};
use crate::sketch::Sketch;
use crate::util::number::plain;
use crate::util::rng::{self, ChaCha8Rng, Stream};
use crate::util::{Cancel, Error, Result};

/// What a model can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Every stroke can be followed from noise to line.
    pub stroke_trace: bool,
    /// Given strokes can be gone on with.
    pub completion: bool,
    /// A guidance scale other than 1 has an effect.
    pub guidance: bool,
    /// That guidance leads away from a guess without the strokes so far, too, and not only from one without the category.
    pub history_guidance: bool,
    /// The whole canvas can be followed from noise to drawing.
    pub canvas_trace: bool,
    /// Noise can be added to a drawing, as training does: [`Artist::noised`].
    pub forward: bool,
    /// Drawings can be made with the pen rhythm of a given one: as many points, and the pen lifted at the same ones.
    pub rhythm: bool,
    /// A temperature other than 1 has an effect.
    pub temperature: bool,
    /// A drawing can be read into a latent vector, and a latent vector be drawn: [`Artist::encode`], [`Artist::decode`].
    pub latent: bool,
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Job {
    /// Index into the model's categories.
    pub category: u32,
    /// How many drawings.
    pub count: usize,
    /// The number of the first one; drawing i of a seed does not depend on what is drawn beside it.
    pub first: u64,
    /// Decides all randomness.
    pub seed: u64,
    /// Sampler, steps, guidance.
    pub settings: DrawSettings,
    /// Strokes in the data frame that every drawing begins with ([`Capabilities::completion`]), or whose rhythm it has
    /// ([`Capabilities::rhythm`]): no model is capable of both.
    pub start: Option<Sketch>,
}

impl Job {
    /// The random numbers of a drawing, counted from the first one.
    fn random(&self, number: usize) -> ChaCha8Rng {
        rng::stream(self.seed, Stream::Draw, self.first + number as u64)
    }
}

/// Sees the first drawing of a job grow; called from the threads that draw.
pub type Watch<'a> = &'a (dyn Fn(Sketch) + Sync);

/// Something that draws.
pub trait Artist: Send {
    /// What it can be asked for.
    fn capabilities(&self) -> Capabilities;

    /// What it says of itself.
    fn info(&self) -> &ModelInfo;

    /// Drawings in the data frame, in the order of their numbers. `done` hears how many are finished; `cancel` is looked at
    /// before every denoising step.
    fn draw(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize)) -> Result<Vec<Sketch>>;

    /// The very same drawings. Whoever draws one stroke or point after another hands out what there is of the first one, after every stroke
    /// or every few points, and when it is over: in the model frame, neither simplified nor fitted into the data frame, for which the whole
    /// is needed.
    fn draw_watched(&self, job: &Job, cancel: &Cancel, done: &mut dyn FnMut(usize), _: Watch<'_>) -> Result<Vec<Sketch>> {
        self.draw(job, cancel, done)
    }

    /// As [`Artist::draw`], with the way of every drawing out of noise; for some drawings to be looked at, not for thousands.
    ///
    /// # Errors
    /// This model denoises nothing ([`Capabilities::stroke_trace`], [`Capabilities::canvas_trace`]).
    fn trace(&self, _: &Job, _: &Cancel) -> Result<Vec<Trace>> {
        Err(Error::usage("this model does not draw by taking away noise, so there is nothing to follow"))
    }

    /// As [`Artist::trace`], and with each trace a second one: every part once more with `other` settings, from the very same noise and, in
    /// a model with a history, behind the strokes of the first trace. Its `sketch` is made of what came of these parts.
    ///
    /// # Errors
    /// As [`Artist::trace`].
    fn trace_beside(&self, job: &Job, other: &DrawSettings, cancel: &Cancel) -> Result<Vec<[Trace; 2]>> {
        let beside = self.trace(&Job { settings: other.clone(), ..job.clone() }, cancel)?;
        Ok(self.trace(job, cancel)?.into_iter().zip(beside).map(|(trace, beside)| [trace, beside]).collect())
    }

    /// The way into noise of a drawing in the data frame, in the order in which it is taken back: at every level of these settings, x0 of
    /// the drawing plus sigma times the same noise, which the seed decides. `x0` of every moment is what the codec makes of the drawing.
    ///
    /// # Errors
    /// This model takes no noise from lines ([`Capabilities::forward`]); an empty drawing.
    fn noised(&self, _: &Sketch, _: &DrawSettings, _seed: u64) -> Result<Trace> {
        Err(Error::usage("this model takes no noise from lines, so none can be added to a drawing for it"))
    }

    /// The latent vectors of drawings in the data frame: all of one length, standard normal over many drawings. What lies between two of
    /// them is a drawing between the two ([`between`]).
    ///
    /// # Errors
    /// This model has none ([`Capabilities::latent`]); an empty drawing.
    fn encode(&self, _: &[Sketch]) -> Result<Vec<Vec<f32>>> {
        Err(Error::usage("this model does not read drawings into latent vectors"))
    }

    /// Drawings in the data frame from latent vectors. Of the job, all counts but its `count`: drawing i has the randomness of number
    /// `first + i`.
    ///
    /// # Errors
    /// This model has none ([`Capabilities::latent`]); a vector of another length.
    fn decode(&self, _: &[Vec<f32>], _: &Job, _: &Cancel) -> Result<Vec<Sketch>> {
        Err(Error::usage("this model does not draw from latent vectors"))
    }
}

/// The latent vector at a share `t` of the way from `a` (0) to `b` (1), along the great circle through their directions: on the straight
/// line it would be shorter than any that the model knows (White 2016, "Sampling generative networks").
pub fn between(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-12);
    let angle = cosine.clamp(-1.0, 1.0).acos();
    let sine = angle.sin();
    // Of vectors in one line there is no great circle.
    let (from, to) = if sine < 1e-3 { (1.0 - t, t) } else { (((1.0 - t) * angle).sin() / sine, (t * angle).sin() / sine) };
    a.iter().zip(b).map(|(a, b)| from * a + to * b).collect()
}

/// The artist of a shipped model, of a model file or of a run folder.
///
/// # Errors
/// As [`Named::find`] and [`Named::read`].
pub fn open(named: &Path, device: &Device, threads: usize) -> Result<Box<dyn Artist>> {
    of(&Named::find(named)?.read()?, device, threads)
}

/// What the model of that name can be asked for.
///
/// # Errors
/// As [`open`].
pub fn capabilities(named: &Path) -> Result<Capabilities> {
    Ok(open(named, &Device::Cpu, 1)?.capabilities())
}

/// The artist with this model's weights.
pub fn of(file: &ModelFile, device: &Device, threads: usize) -> Result<Box<dyn Artist>> {
    match &file.info.preset.model {
        ModelSettings::StrokeDiffusion(_) => Ok(Box::new(StrokeArtist::new(file, device, threads)?)),
        ModelSettings::Unet1d(_) => Ok(Box::new(CanvasArtist::new(UnetCanvas::new(file, device)?, file, threads)?)),
        ModelSettings::SketchRnn(_) => Ok(Box::new(PointArtist::new(file, device, threads)?)),
        ModelSettings::Seq2seq(_) => Ok(Box::new(ReadingArtist::new(file, device, threads)?)),
        ModelSettings::Dit(_) | ModelSettings::DitPen(_) => Ok(Box::new(CanvasArtist::new(DitCanvas::new(file, device)?, file, threads)?)),
        ModelSettings::HistoryDit(_) => Ok(Box::new(StrokePointsArtist::new(file, device, threads)?)),
        ModelSettings::RnnDenoiser(_) => Ok(Box::new(SequenceArtist::new(file, device, threads)?)),
        ModelSettings::Latent(_) => Ok(Box::new(LatentArtist::new(file, device, threads)?)),
    }
}

/// The category's index; needed by name only if the model knows several.
pub fn category(info: &ModelInfo, name: Option<&str>) -> Result<u32> {
    match name {
        None if info.categories.len() == 1 => Ok(0),
        None => Err(Error::usage(format!("this model draws {} categories: say which", info.categories.len()))
            .advise(format!("For example --category \"{}\".", info.categories[0]))
            .in_window(format!("Choose one, for example {}.", info.categories[0]))),
        Some(name) => info.categories.iter().position(|known| known == name).map(|i| i as u32).ok_or_else(|| {
            let known = info.categories.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
            Error::usage(format!("this model does not draw '{name}'"))
                .advise(format!("It draws: {known}{}", if info.categories.len() > 12 { ", …" } else { "." }))
        }),
    }
}

/// Drawings that are made together: enough for a product of matrices to be worth it, few enough that a small job keeps all threads
/// busy. Fixed, so that the arithmetic of a drawing does not depend on the threads.
const GROUP: usize = 8;

/// `count` drawings, or their traces, in groups, side by side; the result is in the order of their numbers. `done` hears how many are finished.
fn grouped<T: Send>(
    pool: &rayon::ThreadPool,
    count: usize,
    draw: impl Fn(Range<usize>) -> Result<Vec<T>> + Sync,
    done: &mut dyn FnMut(usize),
) -> Result<Vec<T>> {
    let mut all = Vec::with_capacity(count);
    let groups: Vec<_> = (0..count).step_by(GROUP).map(|from| from..(from + GROUP).min(count)).collect();
    for round in groups.chunks(pool.current_num_threads().max(1)) {
        let drawn: Vec<Vec<T>> = pool.install(|| round.par_iter().map(|numbers| draw(numbers.clone())).collect::<Result<_>>())?;
        all.extend(drawn.into_iter().flatten());
        done(all.len());
    }
    Ok(all)
}

/// A growing drawing is handed out every so many points: nobody sees it grow in smaller pieces.
const PIECE: usize = 4;

/// Hands out what there is of a drawing with so many points, now and then and once a part of it is `over`.
fn hand_out(watch: Option<Watch<'_>>, points: usize, over: bool, so_far: impl FnOnce() -> Sketch) {
    if let Some(watch) = watch.filter(|_| over || points.is_multiple_of(PIECE)) {
        watch(so_far());
    }
}

/// Refuses numbers that no drawing can be made of.
fn finite(numbers: &[f32]) -> Result<()> {
    if numbers.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(Error::new("the model drew something that is not a number").advise("Its training may have diverged: try an earlier checkpoint."))
}

/// The strokes of a job to begin with, as they lie on the canvas; none is an empty page.
fn begun(job: &Job, most_strokes: usize) -> Result<Sketch> {
    let given = job.start.as_ref().map(Sketch::from_canvas).unwrap_or_default();
    if given.strokes.len() < most_strokes {
        return Ok(given);
    }
    let strokes = plain(given.strokes.len(), "stroke", "strokes");
    Err(Error::usage(format!("the drawing to go on with has {strokes}, but this model ends at {most_strokes}")))
}

/// What a network says, led away from what it says of no class (Ho & Salimans 2022): tensors of one shape. A scale of 1 leads nowhere.
fn guided(scale: f64, said: Tensor, without: impl FnOnce() -> Result<Tensor>) -> Result<Tensor> {
    if scale == 1.0 {
        return Ok(said);
    }
    Ok(((said * scale)? + (without()? * (1.0 - scale))?)?)
}

/// What to do where strokes are given to a model that cannot go on with them.
pub fn can_go_on() -> String {
    let shipped: Vec<_> = SHIPPED.iter().filter(|model| model.strokes).map(|model| model.name).collect();
    format!(
        "One that draws one stroke after another can, or one that reads what is on the page: of the shipped models {}, or one trained \
         with quick, history_dit_small or seq2seq_small.",
        shipped.join(", ")
    )
}

/// Refuses strokes to begin with, for those who cannot go on with any.
fn without_start(job: &Job) -> Result<()> {
    if job.start.is_none() {
        return Ok(());
    }
    Err(Error::usage("this model cannot go on with strokes that are given").advise(can_go_on()))
}
