//! What the comparison reports.

use std::time::Duration;

use super::{Compare, Compared, Phase};
use crate::session::{Event, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;

impl Compare {
    pub(in crate::studio::state) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Scored(_) => self.scored += 1,
            Event::Finished(Outcome::Compared { comparison, drawings, files, took }) => {
                let text = format!("Compared {} models of {}.", comparison.models.len(), comparison.category);
                messages.done(now, Job::Compare, text);
                self.result = Some(Compared { comparison: *comparison, drawings, files, took });
                self.scoring.phase = Phase::Done;
            }
            other => {
                self.scoring.apply(other, messages, now);
                if matches!(self.scoring.phase, Phase::WeightsAbsent(_)) {
                    // Where they are offered to be fetched, they must not be taken for being there.
                    self.form.look();
                }
            }
        }
    }
}
