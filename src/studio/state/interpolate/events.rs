//! What drawing a way, and a place on it, report.

use super::{Interpolate, Phase, STEPS, Temper, Way};
use crate::session::{Event, Failure, Interpolated, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State};

impl State {
    /// Of a whole way.
    pub(in crate::studio::state) fn interpolated(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Stage(_) | Event::Progress { unit: "drawings", .. } => self.interpolate.going.hear(event),
            Event::Finished(Outcome::Interpolated(way)) => {
                self.interpolate.phase = Phase::Idle;
                self.interpolate.take(*way);
                return self.settle_interpolate();
            }
            Event::Finished(_) => self.interpolate.phase = Phase::Stopped,
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Interpolate, format!("Nothing was drawn between the drawings: {text}"));
                self.interpolate.phase = Phase::Failed(text);
                // Only what was changed meanwhile is tried.
                return self.settle_interpolate();
            }
            _ => {}
        }
        Vec::new()
    }

    /// Of a place between those of the strip.
    pub(in crate::studio::state) fn placed(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Finished(Outcome::Interpolated(way)) => self.interpolate.fill(*way),
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Between, format!("Nothing was drawn at this place: {text}"));
                let place = self.interpolate.place_asked.as_ref().map(|(_, place)| *place);
                self.interpolate.unfilled = place.map(|place| (place, text));
            }
            Event::Finished(_) => {}
            _ => return Vec::new(),
        }
        self.interpolate.filling = false;
        self.settle_interpolate()
    }
}

impl Interpolate {
    fn take(&mut self, done: Interpolated) {
        let Some(wanted) = self.asked.clone() else { return };
        let own = done.own.temperature;
        self.temper = self.temper.take().filter(|temper| temper.model == wanted.model);
        self.temper.get_or_insert_with(|| Temper { model: wanted.model.clone(), own, now: own });
        self.unfilled = None;
        let Some(between) = done.between else {
            self.phase = Phase::Unable;
            self.way = None;
            return;
        };
        let mut drawings = vec![None; STEPS + 1];
        for (place, drawing) in Self::strip().zip(between.drawings) {
            drawings[place] = Some(drawing);
        }
        let (originals, reconstructions, ends) = (between.originals, between.reconstructions, wanted.ends);
        self.way = Some(Way { category: done.category, originals, reconstructions, drawings, ends, wanted });
    }

    /// Puts a drawing into its place, unless the way has become another one meanwhile.
    fn fill(&mut self, done: Interpolated) {
        let (Some((wanted, place)), Some(way), Some(between)) = (&self.place_asked, &mut self.way, done.between) else { return };
        if way.wanted == *wanted {
            way.drawings[*place] = between.drawings.into_iter().next();
        }
    }
}
