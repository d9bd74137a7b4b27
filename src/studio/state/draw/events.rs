//! What going on, asking the model and keeping a drawing report.

use super::{Continuations, Draw, Known, Phase};
use crate::data::Kept;
use crate::session::{Event, Failure, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State};
use crate::studio::words;

impl State {
    pub(in crate::studio::state) fn completed(&mut self, event: Event) -> Vec<Effect> {
        let (wanted, other) = (self.draw.wanted(&self.play), self.draw.takes_rhythm(&self.play));
        let draw = &mut self.draw;
        // Something else was drawn meanwhile: this work was told to stop, and its result fits no more.
        let stale = draw.asked.is_none() || draw.asked != wanted;
        match event {
            Event::Stage(stage) => {
                draw.stage = stage;
                return Vec::new();
            }
            Event::Finished(Outcome::Drawn { sketches, .. }) if !stale => {
                draw.phase = Phase::Idle;
                draw.selected = 0;
                let given = if other { 0 } else { draw.page.sketch().strokes.len() };
                draw.continuations = Some(Continuations { given, sketches, other });
            }
            Event::Finished(_) if stale => (draw.phase, draw.asked) = (Phase::Idle, None),
            Event::Finished(_) => (draw.phase, draw.asked) = (Phase::Stopped, None),
            Event::Failed(_) if stale => (draw.phase, draw.asked) = (Phase::Idle, None),
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Complete, format!("{}: {text}", draw.failed(&self.play)));
                draw.phase = Phase::Failed(text);
            }
            _ => return Vec::new(),
        }
        self.draw.stopping = false;
        self.settle_draw()
    }

    pub(in crate::studio::state) fn described(&mut self, event: Event) -> Vec<Effect> {
        let draw = &mut self.draw;
        match event {
            Event::Finished(Outcome::Described(described)) => {
                draw.meeting = Phase::Idle;
                if let Some(model) = draw.met.clone() {
                    self.play.learn(&model, &described.preset);
                    draw.known = Some(Known { model, described });
                }
            }
            Event::Finished(_) => draw.meeting = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Describe, format!("The model could not be read: {text}"));
                draw.meeting = Phase::Failed(text);
            }
            _ => return Vec::new(),
        }
        self.settle_draw()
    }

    /// Keeping a drawing, or taking it back.
    pub(in crate::studio::state) fn kept(&mut self, event: Event) -> Vec<Effect> {
        let draw = &mut self.draw;
        let collection = match event {
            Event::Finished(Outcome::Kept(kept)) => {
                self.messages.done(self.now, Job::Keep, format!("Kept a drawing of {} in {}.", kept.word, kept.path.display()));
                draw.kept = draw.keeps.take();
                kept
            }
            Event::Finished(Outcome::TakenBack(left)) => {
                self.messages.done(self.now, Job::Keep, format!("Took a drawing of {} out of {}.", left.word, left.path.display()));
                draw.kept = None;
                left
            }
            Event::Finished(_) => {
                (draw.keeping, draw.keeps) = (Phase::Stopped, None);
                return Vec::new();
            }
            Event::Failed(Failure { window: text, .. }) => {
                let what = if draw.keeps.take().is_some() { "not kept" } else { "not taken back" };
                self.messages.error(self.now, Job::Keep, format!("The drawing was {what}: {text}"));
                draw.keeping = Phase::Failed(format!("It was {what}: {}", words::sentence(&text)));
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        draw.keeping = Phase::Idle;
        draw.collections.retain(|known| known.word != collection.word);
        if collection.count > 0 {
            draw.gather(collection);
        }
        // It is a category too.
        self.survey()
    }

    pub(in crate::studio::state) fn collections_counted(&mut self, event: Event) {
        match event {
            Event::Finished(Outcome::Collections(counted)) => counted.into_iter().for_each(|kept| self.draw.gather(kept)),
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Collections, format!("The drawings that you kept could not be counted: {text}"));
            }
            _ => {}
        }
    }
}

impl Draw {
    /// One more collection; what was told of its word before is newer.
    fn gather(&mut self, kept: Kept) {
        if let Err(place) = self.collections.binary_search_by(|known| known.word.cmp(&kept.word)) {
            self.collections.insert(place, kept);
        }
    }
}
