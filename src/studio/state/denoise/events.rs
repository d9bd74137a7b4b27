//! What following, adding noise and going on report.

use std::time::Duration;

use super::{Denoise, Followed, Knobs, Others, Phase, Source, Ways};
use crate::session::{Event, Failure, Outcome, Traced};
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;
use crate::studio::state::{Effect, State};

impl State {
    pub(in crate::studio::state) fn traced(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Stage(stage) => self.denoise.stage = stage,
            Event::Finished(Outcome::Traced(traced)) => {
                self.denoise.phase = Phase::Idle;
                self.denoise.take(*traced);
                let mut effects = self.settle_denoise();
                effects.extend(self.settle_lesson());
                return effects;
            }
            Event::Finished(_) => self.denoise.phase = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Trace, format!("The drawing could not be followed: {text}"));
                self.denoise.phase = Phase::Failed(text);
                // Only what was changed meanwhile is tried.
                return self.settle_denoise();
            }
            _ => {}
        }
        Vec::new()
    }

    pub(in crate::studio::state) fn noised(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Finished(Outcome::Noised(trace)) => {
                self.denoise.noising = Phase::Idle;
                let fresh = self.denoise.noised.replace(*trace).is_none();
                self.denoise.keep_in_range();
                if fresh && self.denoise.adding {
                    self.denoise.position.at = self.denoise.steps() as f32;
                }
                let mut effects = self.settle_denoise();
                effects.extend(self.settle_lesson());
                return effects;
            }
            Event::Finished(_) => self.denoise.noising = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Noise, format!("No noise was added: {text}"));
                self.denoise.noising = Phase::Failed(text);
                self.denoise.noised = None;
                let real = self.denoise.source == Source::Real;
                if let Some(lesson) = self.denoise.lesson.as_mut().filter(|_| real) {
                    lesson.without_real();
                    return self.settle_lesson();
                }
            }
            _ => {}
        }
        Vec::new()
    }
}

impl Denoise {
    fn take(&mut self, mut traced: Traced) {
        let Some(asked) = &self.asked else { return };
        self.ways = self.ways.take().filter(|ways| ways.model == asked.model);
        let ways = self.ways.get_or_insert_with(|| Ways::of(asked.model.clone(), traced.own.clone()));
        let knobs = asked.now.unwrap_or(Knobs::of(&ways.own));
        let mut traces = std::mem::take(&mut traced.traces).into_iter();
        let Some(trace) = traces.next() else {
            self.phase = Phase::Unable;
            (self.followed, self.noised, self.others) = (None, None, None);
            return;
        };
        // Noise was being added for another model.
        self.adding &= traced.capabilities.forward;
        let beside = std::mem::take(&mut traced.beside).into_iter().next();
        let same = |of: &Followed| {
            (&of.model, of.seed, of.number, &of.traced.category) == (&asked.model, asked.seed, asked.number, &traced.category)
        };
        let another = !self.followed.as_ref().is_some_and(same);
        let before = self.steps();
        let (model, seed, number, beside_knobs) = (asked.model.clone(), asked.seed, asked.number, asked.beside);
        self.followed = Some(Followed { trace, beside, traced, model, seed, number, knobs, beside_knobs });
        if another {
            self.others = None;
            self.position.go_to_part(0, 0.0);
            self.position.playing = !self.adding && self.steps() > 0;
            if let Some(lesson) = &mut self.lesson {
                lesson.misplace();
            }
        } else {
            // Another number of steps: the same share of the way.
            let (before, now) = (before.max(1) as f32, self.steps() as f32);
            let at = self.position.at / before * now;
            self.position.at = if self.position.playing { at } else { at.round() };
        }
        self.keep_in_range();
    }

    pub(in crate::studio::state) fn continued(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Finished(Outcome::Drawn { sketches, .. }) => {
                self.continuing = Phase::Idle;
                self.others = Some(Others { after: self.after, sketches });
            }
            Event::Finished(_) => self.continuing = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Continue, format!("The drawing could not be gone on with: {text}"));
                self.continuing = Phase::Failed(text);
            }
            _ => {}
        }
    }
}
