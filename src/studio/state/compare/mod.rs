//! Several models side by side: which, how they are scored, how far it is, what came of it.

mod actions;
mod events;
mod form;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use form::Form;

pub use super::evaluate::Phase;
use super::run::Words;
use crate::session::{Against, CompareRequest, Comparison, Evaluating};
use crate::sketch::Sketch;
use crate::studio::Options;

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
    /// Where it is.
    pub phase: Phase,
    /// What it was started with.
    pub request: Option<Box<CompareRequest>>,
    /// Which model is at hand, and the stage that it is in.
    pub at: Option<Evaluating>,
    /// So many models are scored.
    pub scored: usize,
    /// What goes on, in words.
    pub stage: String,
    /// How far the present stage is.
    pub progress: Option<(u64, Option<u64>, &'static str)>,
    /// When it was started.
    pub since: Duration,
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
            phase: Phase::Idle,
            request: None,
            at: None,
            scored: 0,
            stage: String::new(),
            progress: None,
            since: Duration::ZERO,
            result: None,
            without_shared: false,
        }
    }

    /// At work, or being stopped.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Stopping)
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
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
        let at = self.at.as_ref()?;
        let part = match self.progress {
            Some((done, Some(total), _)) if total > 0 => (done as f32 / total as f32).clamp(0.0, 1.0),
            _ => 0.0,
        };
        let model = if self.scored > at.subject { 1.0 } else { ((at.number as f32 + part) / at.of.max(1) as f32).min(1.0) };
        Some(((at.subject as f32 + model) / at.subjects.max(1) as f32).clamp(0.0, 1.0))
    }
}
