//! What the evaluation reports.

use std::time::Duration;

use super::{Evaluation, Phase};
use crate::session::{Evaluated, Event, Failure, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::export::Wrote;
use crate::studio::state::messages::Messages;
use crate::util::Kind;

impl Evaluation {
    /// The scores were saved, or not.
    pub(in crate::studio::state) fn saved(&mut self, wrote: Wrote, messages: &mut Messages, now: Duration) {
        match &wrote {
            Wrote::File(path, bytes) => {
                let size = crate::studio::words::bytes(*bytes);
                messages.done(now, Job::Evaluate, format!("Wrote {} ({size}).", path.display()));
            }
            Wrote::Failed(text) => messages.error(now, Job::Evaluate, format!("The scores were not saved: {text}")),
        }
        self.wrote = Some(wrote);
    }

    pub(in crate::studio::state) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Stage(stage) => {
                self.stage = stage;
                self.progress = None;
            }
            Event::Progress { done, total, unit } => self.progress = Some((done, total, unit)),
            Event::Evaluating(at) => {
                self.at = Some(at);
                self.progress = None;
            }
            Event::Scored(scores) => self.results.push(Evaluated { scores: *scores, real: Vec::new(), generated: Vec::new() }),
            Event::Message(text) => self.said = Some(text),
            Event::Finished(Outcome::Evaluated { results, files, took }) => {
                (self.results, self.files, self.took) = (results, files, took);
                self.phase = Phase::Done;
                messages.done(now, Job::Evaluate, format!("Evaluated {}.", self.subjects()));
            }
            Event::Finished(_) => {
                messages.note(now, Job::Evaluate, "The evaluation was cancelled.".into());
                self.phase = Phase::Cancelled;
            }
            Event::Failed(Failure { text, kind: Kind::WeightsAbsent }) => {
                messages.error(now, Job::Evaluate, format!("Nothing was evaluated: {text}"));
                self.phase = Phase::WeightsAbsent(text);
            }
            Event::Failed(Failure { text, .. }) => {
                messages.error(now, Job::Evaluate, format!("The evaluation failed: {text}"));
                self.phase = Phase::Failed(text);
            }
            _ => {}
        }
    }
}
