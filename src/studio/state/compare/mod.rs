//! Several models side by side: which, how they are scored, how far it is, what came of it.

mod actions;
mod events;
mod form;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use form::Form;

pub use super::scoring::Phase;

use super::run::Words;
use super::scoring::Scoring;
use crate::session::{Against, CompareRequest, Comparison};
use crate::sketch::Sketch;
use crate::studio::Options;
use crate::studio::engine::Job;

/// Models side by side.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What each is, costs and scores.
    pub comparison: Comparison,
    /// Of each some drawings, numbers 0 and up of the first seed: none is left out.
    pub drawings: Vec<Vec<Sketch>>,
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// All of it together.
    pub took: Duration,
}

/// The Compare workspace.
#[derive(Debug)]
pub struct Compare {
    /// What to compare next.
    pub form: Form,
    /// How it goes, model by model.
    pub scoring: Scoring,
    /// What it was started with.
    pub request: Option<Box<CompareRequest>>,
    /// So many models are scored.
    pub scored: usize,
    /// What came of it.
    pub result: Option<Compared>,
    /// Show scores against the test list without shared indices, where there is one.
    pub without_shared: bool,
}

impl Compare {
    /// Nothing compared yet.
    pub(in crate::studio::state) fn new(options: &Options) -> Self {
        Self {
            form: Form::new(options),
            scoring: Scoring::new("comparison", Job::Compare),
            request: None,
            scored: 0,
            result: None,
            without_shared: false,
        }
    }

    /// At work, or being stopped.
    pub fn is_active(&self) -> bool {
        self.scoring.is_active()
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.scoring.is_running()
    }

    /// The folder with what was written.
    pub fn folder(&self) -> Option<&Path> {
        let written = self.result.as_ref().is_some_and(|result| !result.files.is_empty());
        self.request.as_ref().map(|request| request.out.as_path()).filter(|_| written)
    }

    /// Which list of real drawings is shown.
    pub fn against(&self) -> Against {
        let there = |result: &Compared| result.comparison.models.iter().all(|model| model.scores.without_shared.is_some());
        let there = self.result.as_ref().is_some_and(there);
        if self.without_shared && there { Against::WithoutShared } else { Against::AsGiven }
    }

    /// Share that is done, over all models; scoring takes nearly all of the time.
    pub fn share(&self) -> Option<f32> {
        let at = self.scoring.at.as_ref()?;
        let model = if self.scored > at.subject { 1.0 } else { self.scoring.share()? };
        Some(((at.subject as f32 + model) / at.subjects.max(1) as f32).clamp(0.0, 1.0))
    }
}
