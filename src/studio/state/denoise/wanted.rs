//! What is asked of the model, and how it differs from what was asked last.

use std::path::PathBuf;

use super::{Denoise, OTHERS};
use crate::config::DrawSettings;
use crate::data::Folders;
use crate::session::{Clean, DrawRequest, NoiseRequest, TraceRequest};
use crate::sketch::Sketch;
use crate::studio::state::play::Play;

/// What a person may turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// By the strokes so far, or, of a model without such guidance, by the category.
    pub guidance: f64,
    /// By the category, of a model that has both.
    pub category_guidance: f64,
    /// Denoising steps.
    pub steps: f64,
}

impl Knobs {
    /// Those of these settings.
    pub fn of(settings: &DrawSettings) -> Self {
        Self { guidance: settings.guidance, category_guidance: settings.category_guidance, steps: settings.steps as f64 }
    }

    /// The model's own settings with these.
    fn settings(self, own: &DrawSettings) -> DrawSettings {
        let Self { guidance, category_guidance, steps } = self;
        DrawSettings { guidance, category_guidance, steps: steps as usize, ..own.clone() }
    }
}

/// How the model draws: its own settings, those that are tried, and those that they are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    /// Whose.
    pub model: PathBuf,
    /// The model's.
    pub own: DrawSettings,
    /// Tried.
    pub now: Knobs,
    /// Compared.
    pub beside: Knobs,
}

impl Ways {
    /// As the model draws by itself, to be compared with no guidance.
    pub(super) fn of(model: PathBuf, own: DrawSettings) -> Self {
        let now = Knobs::of(&own);
        Self { model, own, now, beside: Knobs { guidance: 1.0, category_guidance: 1.0, ..now } }
    }
}

/// What noise is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The drawing that was followed.
    Drawn,
    /// A drawing of the data set.
    Real,
}

/// A drawing to be followed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    pub model: PathBuf,
    pub category: String,
    pub seed: u64,
    pub number: u64,
    /// `None`: as the model's own settings say.
    pub now: Option<Knobs>,
    pub beside: Option<Knobs>,
}

/// A drawing that noise is wanted in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NoiseWanted {
    model: PathBuf,
    seed: u64,
    steps: Option<Knobs>,
    what: Clean,
}

impl Denoise {
    /// What should be followed; another model's settings mean nothing.
    pub(super) fn wanted(&self, play: &Play) -> Wanted {
        let model = PathBuf::from(play.model.trim());
        let ways = self.ways.as_ref().filter(|ways| ways.model == model);
        let now = ways.map(|ways| ways.now).filter(|now| ways.is_some_and(|ways| *now != Knobs::of(&ways.own)));
        let beside = ways.map(|ways| ways.beside).filter(|_| self.compare);
        Wanted { model, category: play.category.trim().to_owned(), seed: self.seed, number: self.number, now, beside }
    }

    fn draw(&self, wanted: &Wanted) -> DrawRequest {
        let settings = self.ways.as_ref().zip(wanted.now).map(|(ways, now)| now.settings(&ways.own));
        DrawRequest {
            model: wanted.model.clone(),
            category: (!wanted.category.is_empty()).then(|| wanted.category.clone()),
            count: 1,
            first: wanted.number,
            seed: wanted.seed,
            settings,
            start: None,
            device: self.device,
            threads: self.threads,
        }
    }

    pub(super) fn request(&self, wanted: &Wanted) -> TraceRequest {
        let beside = self.ways.as_ref().zip(wanted.beside).map(|(ways, beside)| beside.settings(&ways.own));
        TraceRequest { draw: self.draw(wanted), beside }
    }

    /// Other ways on behind the strokes before the part at hand; their numbers are other ones than the drawing's.
    pub(super) fn others_request(&self) -> Option<DrawRequest> {
        let wanted = self.asked.as_ref()?;
        let strokes = self.before(self.position.part).to_vec();
        let start = (!strokes.is_empty()).then_some(Sketch { strokes });
        Some(DrawRequest { count: OTHERS, first: wanted.number + 1, start, ..self.draw(wanted) })
    }

    /// What noise should be added to; `None` while there is no such drawing, and where none can be added.
    pub(super) fn noise_wanted(&self, play: &Play, folders: &Folders) -> Option<NoiseWanted> {
        let followed = self.followed.as_ref().filter(|followed| followed.traced.capabilities.forward)?;
        let what = match self.source {
            Source::Drawn => Clean::Given(followed.trace.sketch.clone()),
            Source::Real => {
                let category = followed.traced.category.clone();
                Clean::Real { category, number: self.real, folders: folders.clone() }
            }
        };
        let wanted = self.wanted(play);
        Some(NoiseWanted { model: wanted.model, seed: self.seed, steps: wanted.now, what })
    }

    pub(super) fn noise_request(&self, wanted: &NoiseWanted) -> NoiseRequest {
        NoiseRequest {
            model: wanted.model.clone(),
            what: wanted.what.clone(),
            seed: wanted.seed,
            settings: self.ways.as_ref().zip(wanted.steps).map(|(ways, now)| now.settings(&ways.own)),
            device: self.device,
            threads: self.threads,
        }
    }
}
