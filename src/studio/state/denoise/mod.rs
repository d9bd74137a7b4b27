//! Following one drawing out of noise: which, how, and what is looked at.

mod actions;
mod events;
pub mod lesson;
mod position;
mod teaching;
mod wanted;
pub mod words;

use std::path::PathBuf;

pub use position::{Position, SPEEDS};
pub use teaching::Lesson;
pub use wanted::{Knobs, Source, Ways};

use crate::config::{DeviceChoice, NoiseSchedule};
use crate::session::{Capabilities, Moment, Part, Trace, Traced};
use crate::sketch::{Sketch, Stroke};
use crate::studio::Options;
use lesson::Formula;
use wanted::{NoiseWanted, Wanted};

/// Other continuations that are drawn at once.
pub const OTHERS: usize = 4;

/// Where the following is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is asked for; what was followed last may be shown.
    #[default]
    Idle,
    /// At work.
    Running,
    /// It was stopped.
    Stopped,
    /// The model denoises nothing.
    Unable,
    /// Broke off: the error's text.
    Failed(String),
}

/// A drawing that was followed, with what made it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Its way out of noise.
    pub trace: Trace,
    /// Every part of it with other settings, if they are compared.
    pub beside: Option<Trace>,
    /// The rest of what came with it.
    pub traced: Traced,
    /// By which model.
    pub model: PathBuf,
    /// With which seed.
    pub seed: u64,
    /// Which of the seed's drawings, from 0.
    pub number: u64,
    /// How, if not as the model's own settings say.
    pub knobs: Knobs,
    /// And beside it.
    pub beside_knobs: Option<Knobs>,
}

/// Other ways on from one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Others {
    /// So many strokes were given.
    pub after: usize,
    /// Whole drawings.
    pub sketches: Vec<Sketch>,
}

/// What is on the paper at a place of the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sight {
    /// The noise level, as it is at the last whole step.
    pub sigma: f64,
    /// The noisy lines.
    pub x_t: Sketch,
    /// The predicted ones, or in adding noise those that it is added to.
    pub x0: Sketch,
    /// Where the next step leads; equal to `x_t` at the end.
    pub next: Sketch,
    /// As in [`Moment`].
    pub lifted: Vec<f32>,
    /// As in [`Moment`].
    pub over: Vec<f32>,
}

/// The Denoise workspace.
#[derive(Debug)]
pub struct Denoise {
    /// Decides all randomness.
    pub seed: u64,
    /// Which of the seed's drawings, from 0.
    pub number: u64,
    /// Settings, once the model's own are known.
    pub ways: Option<Ways>,
    /// Follow every part with other settings as well.
    pub compare: bool,
    /// Add noise instead of taking it away.
    pub adding: bool,
    /// What noise is added to.
    pub source: Source,
    /// Which real drawing, from 0.
    pub real: u64,
    /// Where it is.
    pub phase: Phase,
    /// What goes on, in words.
    pub stage: String,
    /// What was followed last.
    pub followed: Option<Followed>,
    /// A drawing on its way into noise.
    pub noised: Option<Trace>,
    /// Where adding noise is.
    pub noising: Phase,
    /// Other ways on.
    pub others: Option<Others>,
    /// Where drawing them is.
    pub continuing: Phase,
    /// Where on the way we are.
    pub position: Position,
    /// Draw earlier strokes as strong as they are attended to.
    pub attention: bool,
    /// Draw where the next step leads.
    pub arrows: bool,
    /// The guided lesson, while it is open.
    pub lesson: Option<Lesson>,
    device: DeviceChoice,
    threads: usize,
    asked: Option<Wanted>,
    noise_asked: Option<NoiseWanted>,
    /// So many strokes were given in what is drawn now.
    after: usize,
}

impl Denoise {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            seed: 1,
            number: 0,
            ways: None,
            compare: false,
            adding: false,
            source: Source::Drawn,
            real: 0,
            phase: Phase::Idle,
            stage: String::new(),
            followed: None,
            noised: None,
            noising: Phase::Idle,
            others: None,
            continuing: Phase::Idle,
            position: Position::default(),
            attention: false,
            arrows: true,
            lesson: None,
            device: options.device,
            threads: options.threads,
            asked: None,
            noise_asked: None,
            after: 0,
        }
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// What is shown.
    pub fn trace(&self) -> Option<&Trace> {
        if self.adding { self.noised.as_ref() } else { self.followed.as_ref().map(|followed| &followed.trace) }
    }

    /// What is shown beside it; a lesson has one thing to look at.
    pub fn beside(&self) -> Option<&Trace> {
        self.followed.as_ref().filter(|_| !self.adding && self.lesson.is_none())?.beside.as_ref()
    }

    /// The part at hand.
    pub fn part(&self) -> Option<&Part> {
        self.trace()?.parts.get(self.position.part)
    }

    /// The last whole step's moment.
    pub fn moment(&self) -> Option<&Moment> {
        let moments = &self.part()?.moments;
        moments.get(self.position.step().min(moments.len().saturating_sub(1)))
    }

    /// Parts of what is shown.
    pub fn parts(&self) -> usize {
        self.trace().map_or(0, |trace| trace.parts.len())
    }

    /// Denoising steps of the part at hand.
    pub fn steps(&self) -> usize {
        self.part().map_or(0, |part| part.moments.len().saturating_sub(1))
    }

    /// What the model that was followed can be asked for.
    pub fn capabilities(&self) -> Capabilities {
        self.followed.as_ref().map(|followed| followed.traced.capabilities).unwrap_or_default()
    }

    /// The formulas that hold for the model that was followed; for none, the flagship's.
    pub fn formulas(&self) -> Vec<Formula> {
        let traced = self.followed.as_ref().map(|followed| &followed.traced);
        let (capabilities, schedule) = traced.map_or_else(
            || {
                (
                    Capabilities { stroke_trace: true, guidance: true, history_guidance: true, ..Capabilities::default() },
                    NoiseSchedule::Karras,
                )
            },
            |traced| (traced.capabilities, traced.own.schedule),
        );
        let strokes = capabilities.stroke_trace;
        let levels = match schedule {
            NoiseSchedule::Karras => Formula::Karras,
            NoiseSchedule::Cosine => Formula::Cosine,
            NoiseSchedule::Linear => Formula::Linear,
        };
        let guess = if strokes { Formula::Guess } else { Formula::WholeGuess };
        let guidance = match (capabilities.guidance, capabilities.history_guidance) {
            (true, true) => Some(Formula::Guidance),
            (true, false) => Some(Formula::CategoryGuidance),
            (false, _) => None,
        };
        let attention = strokes.then_some(Formula::Attention);
        [Formula::Noise, guess, Formula::Step, levels, Formula::Signal, Formula::Ratio]
            .into_iter()
            .chain(guidance)
            .chain(attention)
            .collect()
    }

    /// One part is the whole canvas, and not a stroke.
    pub fn is_whole(&self) -> bool {
        self.followed.as_ref().is_some_and(|followed| !followed.traced.capabilities.stroke_trace)
    }

    /// Strokes of the drawing that come before a part; none where a part is everything.
    pub fn before(&self, part: usize) -> &[Stroke] {
        let (Some(trace), false) = (self.trace(), self.is_whole()) else { return &[] };
        let given = trace.sketch.strokes.len().saturating_sub(trace.parts.len());
        trace.sketch.strokes.get(..given + part).unwrap_or_default()
    }

    /// What is on the paper now.
    pub fn sight(&self) -> Option<Sight> {
        position::sight(self.part()?, self.position.at)
    }

    /// What is on the paper beside it, at the same noise level.
    pub fn sight_beside(&self) -> Option<Sight> {
        let (sigma, part) = (self.sigma()?, self.beside()?.parts.get(self.position.part)?);
        position::sight(part, position::at_level(part, sigma))
    }

    /// The noise level between the steps.
    fn sigma(&self) -> Option<f64> {
        position::level(self.part()?, self.position.at)
    }
}
