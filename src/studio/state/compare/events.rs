//! What the comparison reports.

use std::time::Duration;

use super::{Compare, Compared, Phase};
use crate::session::{Event, Failure, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;

impl Compare {
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
            Event::Scored(_) => self.scored += 1,
            Event::Finished(Outcome::Compared { comparison, drawings, files, took }) => {
                let text = format!("Compared {} models of {}.", comparison.models.len(), comparison.category);
                messages.done(now, Job::Compare, text);
                self.result = Some(Compared { comparison: *comparison, drawings, files, took });
                self.phase = Phase::Done;
            }
            Event::Finished(_) => {
                messages.note(now, Job::Compare, "The comparison was cancelled.".into());
                self.phase = Phase::Cancelled;
            }
            Event::Failed(Failure { text, .. }) => {
                messages.error(now, Job::Compare, format!("The comparison failed: {text}"));
                self.phase = Phase::Failed(text);
            }
            _ => {}
        }
    }
}
