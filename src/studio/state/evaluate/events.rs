//! What the evaluation reports.

use std::time::Duration;

use super::{Evaluation, Phase};
use crate::session::{Evaluated, Event, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;

impl Evaluation {
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
