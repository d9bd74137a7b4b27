//! What may be asked for in Interpolate, and what comes of it.

use super::{Chosen, Interpolate, Phase, STEPS, STRIDE, Source};
use crate::session::Command;
use crate::studio::action::{Action, InterpolateAction};
use crate::studio::engine::Job;
use crate::studio::state::going::Going;
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::util::Reason;

impl State {
    pub(in crate::studio::state) fn main_interpolate(&self) -> InterpolateAction {
        match (self.interpolate.is_running(), &self.interpolate.way) {
            (true, _) => InterpolateAction::Stop,
            (false, Some(_)) => InterpolateAction::Next,
            (false, None) => InterpolateAction::Draw,
        }
    }

    pub(in crate::studio::state) fn why_not_interpolate(&self, action: &InterpolateAction) -> Option<String> {
        let interpolate = &self.interpolate;
        match action {
            InterpolateAction::Draw | InterpolateAction::Next | InterpolateAction::Settle | InterpolateAction::Swap => {
                unless(!self.play.model.trim().is_empty(), "Choose a model first, or train one.")
            }
            InterpolateAction::Stop => unless(interpolate.is_running(), "Nothing is being drawn."),
            InterpolateAction::Use(_, Source::Real) => {
                let own = interpolate.way.as_ref().map_or("", |way| way.category.as_str());
                let category = if self.play.category.trim().is_empty() { own } else { self.play.category.trim() };
                // As long as the model's own category is not known, the work itself will say it.
                let here = category.is_empty() || self.library.is_here(category);
                (!here).then(|| format!("There are no real drawings of {category} on this machine. Fetch them in Categories."))
            }
            InterpolateAction::Use(_, Source::Drawn) => None,
            InterpolateAction::Train => unless(!self.run.is_active(), "A model is being trained already."),
            InterpolateAction::Go(_) | InterpolateAction::Step(_) | InterpolateAction::Jump(_) => {
                unless(interpolate.way.is_some(), "There is no way to go yet.")
            }
        }
    }

    pub(in crate::studio::state) fn act_interpolate(&mut self, action: InterpolateAction) -> Vec<Effect> {
        let interpolate = &mut self.interpolate;
        let at = interpolate.at;
        match action {
            // What is under way already is not begun again.
            InterpolateAction::Draw if interpolate.is_running() => {}
            InterpolateAction::Draw => interpolate.asked = None,
            InterpolateAction::Next => interpolate.ends.iter_mut().for_each(Chosen::next),
            InterpolateAction::Settle => {}
            InterpolateAction::Stop => return vec![Effect::Stop(Job::Interpolate, Reason::Stopped)],
            InterpolateAction::Swap => {
                interpolate.ends.swap(0, 1);
                interpolate.at = STEPS - at;
            }
            InterpolateAction::Use(end, source) => interpolate.ends[usize::from(end)].source = source,
            InterpolateAction::Go(place) => interpolate.at = place.min(STEPS),
            InterpolateAction::Step(true) => interpolate.at = (at + 1).min(STEPS),
            InterpolateAction::Step(false) => interpolate.at = at.saturating_sub(1),
            InterpolateAction::Jump(true) => interpolate.at = ((at / STRIDE + 1) * STRIDE).min(STEPS),
            InterpolateAction::Jump(false) => interpolate.at = at.saturating_sub(1) / STRIDE * STRIDE,
            InterpolateAction::Train => {
                if let Some(preset) = interpolate.able.first() {
                    self.form.use_preset(preset, &mut self.messages, self.now);
                }
                return self.act(Action::Show(Workspace::Train));
            }
        }
        self.settle_interpolate()
    }

    /// Starts what is wanted and was not asked for yet, if this workspace is shown and no such work is going on; what goes on is followed
    /// by this again, so that the newest wish wins.
    pub(in crate::studio::state) fn settle_interpolate(&mut self) -> Vec<Effect> {
        if self.workspace != Workspace::Interpolate || self.play.model.trim().is_empty() {
            return Vec::new();
        }
        let interpolate = &mut self.interpolate;
        let folders = &self.options.folders;
        let wanted = interpolate.wanted(&self.play);
        if interpolate.asked.as_ref() != Some(&wanted) && !interpolate.is_running() {
            let request = interpolate.request(&wanted, Interpolate::strip(), folders);
            interpolate.phase = Phase::Running;
            interpolate.going = Going::default();
            interpolate.asked = Some(wanted);
            return vec![Effect::Start(Job::Interpolate, Command::Interpolate(Box::new(request)))];
        }
        if interpolate.is_running() || interpolate.filling {
            return Vec::new();
        }
        let at = interpolate.at;
        let Some(way) = &interpolate.way else { return Vec::new() };
        let place = (way.wanted.clone(), at);
        if way.drawings.get(at).is_none_or(Option::is_some) || interpolate.place_asked.as_ref() == Some(&place) {
            return Vec::new();
        }
        let request = interpolate.request(&place.0, std::iter::once(at), folders);
        interpolate.filling = true;
        interpolate.unfilled = None;
        interpolate.place_asked = Some(place);
        vec![Effect::Start(Job::Between, Command::Interpolate(Box::new(request)))]
    }
}
