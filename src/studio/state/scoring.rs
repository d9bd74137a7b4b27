//! How scoring goes, which Evaluate and Compare do alike: the phase, the stage at hand, how far that is.

use std::time::Duration;

use super::going::Going;
use super::messages::Messages;
use crate::session::{Evaluating, Event, Failure};
use crate::studio::engine::Job;
use crate::util::Kind;

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Never run.
    #[default]
    Idle,
    /// At work.
    Running,
    /// Asked to stop.
    Stopping,
    /// Everything is scored.
    Done,
    /// It was stopped.
    Cancelled,
    /// Broke off: the error's text.
    Failed(String),
    /// The weights of the network that looks at drawings are not on this machine: the error's text.
    WeightsAbsent(String),
}

/// Work that scores.
#[derive(Debug)]
pub struct Scoring {
    /// "evaluation", "comparison".
    name: &'static str,
    job: Job,
    /// Where it is.
    pub phase: Phase,
    /// What is at hand, and the stage that it is in.
    pub at: Option<Evaluating>,
    /// What goes on.
    pub going: Going,
    /// When it was started.
    pub since: Duration,
}

impl Scoring {
    /// Nothing scored yet.
    pub(super) fn new(name: &'static str, job: Job) -> Self {
        Self { name, job, phase: Phase::Idle, at: None, going: Going::default(), since: Duration::ZERO }
    }

    /// Begins anew.
    pub(super) fn begin(&mut self, now: Duration) {
        *self = Self { phase: Phase::Running, going: Going::at("starting"), since: now, ..Self::new(self.name, self.job) };
    }

    /// It cannot begin: why.
    pub(super) fn cannot_begin(&mut self, text: String, messages: &mut Messages, now: Duration) {
        messages.error(now, self.job, format!("The {} cannot be started: {text}", self.name));
        *self = Self { phase: Phase::Failed(text), since: now, ..Self::new(self.name, self.job) };
    }

    /// At work, or being stopped.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Stopping)
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Share of the subject at hand that is done.
    pub fn share(&self) -> Option<f32> {
        let at = self.at.as_ref()?;
        let part = self.going.share().unwrap_or(0.0);
        Some(((at.number as f32 + part) / at.of.max(1) as f32).min(1.0))
    }

    /// Takes in what is reported on the way, and an end without a result; an end with one is for those who know what it is.
    pub(super) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Stage(_) | Event::Progress { .. } => self.going.hear(event),
            Event::Evaluating(at) => {
                self.at = Some(at);
                self.going.progress = None;
            }
            Event::Finished(_) => {
                messages.note(now, self.job, format!("The {} was cancelled.", self.name));
                self.phase = Phase::Cancelled;
            }
            Event::Failed(Failure { window: text, kind: Kind::WeightsAbsent, .. }) => {
                // What to do is offered in the workspace, by buttons.
                let what = text.lines().next().unwrap_or_default();
                messages.error(now, self.job, format!("The {} needs weights: {what}", self.name));
                self.phase = Phase::WeightsAbsent(text);
            }
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, self.job, format!("The {} failed: {text}", self.name));
                self.phase = Phase::Failed(text);
            }
            _ => {}
        }
    }
}
