//! What the evaluation reports.

use std::time::Duration;

use super::{Evaluation, Phase};
use crate::session::{Evaluated, Event, Failure, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::export::Wrote;
use crate::studio::state::messages::Messages;
use crate::studio::words;

impl Evaluation {
    /// The scores were saved, or not.
    pub(in crate::studio::state) fn saved(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Finished(Outcome::Exported { path, bytes }) => {
                messages.done(now, Job::SaveScores, format!("Wrote {} ({}).", path.display(), words::bytes(bytes)));
                self.wrote = Some(Wrote::File(path, bytes));
            }
            Event::Finished(_) => {}
            Event::Failed(Failure { text, .. }) => {
                messages.error(now, Job::SaveScores, format!("The scores were not saved: {text}"));
                self.wrote = Some(Wrote::Failed(text));
            }
            _ => return,
        }
        self.saving = false;
    }

    pub(in crate::studio::state) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Scored(scores) => self.results.push(Evaluated { scores: *scores, real: Vec::new(), generated: Vec::new() }),
            Event::Message(text) => self.said = Some(text),
            Event::Finished(Outcome::Evaluated { results, files, took }) => {
                (self.results, self.files, self.took) = (results, files, took);
                self.scoring.phase = Phase::Done;
                messages.done(now, Job::Evaluate, format!("Evaluated {}.", self.subjects()));
            }
            other => self.scoring.apply(other, messages, now),
        }
    }
}
