//! Scoring drawings: what is asked for, how far it is, what came of it.

mod actions;
mod events;
mod form;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(in crate::studio::state) use form::unlike;
pub use form::{Chosen, Form};

pub use super::scoring::Phase;

use super::export::Writing;
use super::run::Words;
use super::scoring::Scoring;
use crate::session::{EvaluateRequest, Evaluated, ScoreKind, Stage};
use crate::studio::Options;
use crate::studio::engine::Job;

/// The Evaluate workspace.
#[derive(Debug)]
pub struct Evaluation {
    /// What to score next.
    pub form: Form,
    /// How it goes.
    pub scoring: Scoring,
    /// What it was started with.
    pub request: Option<Box<EvaluateRequest>>,
    /// Subjects that are scored, in their order; drawings to look at come with the last.
    pub results: Vec<Evaluated>,
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// All of it together.
    pub took: Duration,
    /// The newest message.
    pub said: Option<String>,
    /// Which subject's scores are shown.
    pub selected: usize,
    /// Show scores against the test list without shared indices, where there is one.
    pub without_shared: bool,
    /// The score whose meaning is shown.
    pub explained: Option<ScoreKind>,
    /// Show the less usual scores too.
    pub all_scores: bool,
    /// The path field for saving them.
    pub save_path: String,
    /// Saving the scores.
    pub saving: Writing,
}

impl Evaluation {
    /// Nothing evaluated yet.
    pub(in crate::studio::state) fn new(options: &Options) -> Self {
        Self {
            form: Form::new(options),
            scoring: Scoring::new("evaluation", Job::Evaluate),
            request: None,
            results: Vec::new(),
            files: Vec::new(),
            took: Duration::ZERO,
            said: None,
            selected: 0,
            without_shared: false,
            explained: None,
            all_scores: false,
            save_path: String::new(),
            saving: Writing::default(),
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

    /// The subject that is shown.
    pub fn shown(&self) -> Option<&Evaluated> {
        self.results.get(self.selected).or(self.results.first())
    }

    /// The folder with what was written.
    pub fn folder(&self) -> Option<&Path> {
        self.request.as_ref().and_then(|request| request.out.as_deref()).filter(|_| !self.files.is_empty())
    }

    /// The seeds of the repetitions, one a stage of drawing.
    pub fn seeds(&self) -> Vec<Option<u64>> {
        let Some(request) = &self.request else { return Vec::new() };
        let drawn = |subject: &crate::session::Subject| matches!(subject.source, crate::session::Source::Model(_));
        let subject = self.scoring.at.as_ref().map_or(0, |at| at.subject);
        match request.subjects.get(subject).is_none_or(drawn) {
            true => (0..request.repetitions as u64).map(|i| Some(request.seed.wrapping_add(i))).collect(),
            false => vec![None],
        }
    }

    /// Everything is scored and files are being written; no subject is at hand then.
    pub fn is_writing(&self) -> bool {
        self.scoring.going.stage == Stage::Writing.words("")
    }

    /// Share that is done, over all subjects.
    pub fn share(&self) -> Option<f32> {
        let at = self.scoring.at.as_ref()?;
        let subject = if self.is_writing() { 1.0 } else { self.scoring.share()? };
        Some(((at.subject as f32 + subject) / at.subjects.max(1) as f32).clamp(0.0, 1.0))
    }
}
