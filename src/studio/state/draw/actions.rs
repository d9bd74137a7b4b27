//! What may be asked for in Draw, and what comes of it.

use super::{Draw, PAUSE, Phase, wanted};
use crate::config::own;
use crate::data::catalog;
use crate::session::{Command, KeepRequest};
use crate::studio::action::DrawAction;
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::util::Reason;

impl State {
    pub(in crate::studio::state) fn main_draw(&self) -> DrawAction {
        if self.draw.is_running() { DrawAction::Stop } else { DrawAction::Continue }
    }

    pub(in crate::studio::state) fn why_not_draw(&self, action: &DrawAction) -> Option<String> {
        let draw = &self.draw;
        let shown = || unless(draw.continuations.is_some(), "There is nothing to choose from yet: draw a stroke first.");
        let adds = draw.continuations.as_ref().is_some_and(|all| !all.rest(draw.selected).is_empty());
        let other = draw.continuations.as_ref().is_some_and(|all| all.other);
        match action {
            DrawAction::Lift | DrawAction::Live(_) | DrawAction::Settle => None,
            DrawAction::AcceptStroke if other => Some("These are other drawings: none of their strokes follows yours.".into()),
            DrawAction::AcceptStroke | DrawAction::AcceptWhole => {
                shown().or_else(|| unless(adds, "This continuation ends here: it adds no more strokes."))
            }
            DrawAction::Select(index) => {
                let many = draw.continuations.as_ref().map_or(0, |continuations| continuations.sketches.len());
                unless(*index < many, "There is no such continuation.")
            }
            DrawAction::Others | DrawAction::Continue => self.why_not_continue(),
            DrawAction::Stop => unless(draw.is_running(), "Nothing is being drawn."),
            DrawAction::Undo => unless(draw.page.can_undo() || draw.pen.is_down(), "There is nothing to undo."),
            DrawAction::Redo => unless(draw.page.can_redo(), "There is nothing to redo."),
            DrawAction::Clear => unless(!draw.page.is_empty(), "The page is empty."),
            DrawAction::Keep => self.why_not_keep(),
            DrawAction::TakeBack if draw.keeping == Phase::Running => Some("A drawing is being kept.".into()),
            DrawAction::TakeBack => unless(draw.kept.is_some(), "No drawing was kept since the window was opened."),
            DrawAction::Train if self.run.is_active() => Some("A model is being trained already.".into()),
            DrawAction::Train => draw.too_few(&self.play),
        }
    }

    fn why_not_continue(&self) -> Option<String> {
        if self.play.model.trim().is_empty() {
            return Some("Choose a model first, or train one.".into());
        }
        // A model that could not be asked can be asked again.
        self.draw.described(&self.play)?;
        if !self.draw.takes_strokes(&self.play) {
            return Some("This model cannot go on with strokes that are given.".into());
        }
        if self.draw.takes_rhythm(&self.play) && !self.draw.page.has_rhythm() {
            return Some("Draw a line first: the model takes its pen rhythm from you.".into());
        }
        unless(self.draw.category(&self.play).is_some(), "Choose first what is being drawn.")
    }

    fn why_not_keep(&self) -> Option<String> {
        if self.draw.keeping == Phase::Running {
            return Some("The drawing is being kept.".into());
        }
        if self.draw.page.is_empty() {
            return Some("The page is empty: there is nothing to keep.".into());
        }
        let word = self.draw.word(&self.play);
        if word.is_empty() {
            return Some("Type what the drawing is of.".into());
        }
        catalog::check_name(word).err().map(|error| error.for_window())
    }

    pub(in crate::studio::state) fn act_draw(&mut self, action: DrawAction) -> Vec<Effect> {
        match action {
            DrawAction::Lift => {
                if let Some(stroke) = self.draw.pen.lift() {
                    self.draw.page.add([stroke]);
                    return self.page_changed();
                }
            }
            DrawAction::AcceptStroke => {
                let next = self.draw.next().cloned();
                let (at, rest) = (self.draw.selected, self.draw.continuations.take());
                self.draw.page.add(next);
                let effects = self.page_changed();
                // Whoever goes on with this one sees what it adds next, until the model has thought about it anew.
                if let Some(mut rest) = rest.filter(|rest| rest.rest(at).len() > 1) {
                    rest.sketches = rest.sketches.into_iter().skip(at).take(1).collect();
                    rest.given += 1;
                    self.draw.continuations = Some(rest);
                }
                return effects;
            }
            DrawAction::AcceptWhole => {
                let draw = &mut self.draw;
                if let Some(all) = draw.continuations.take() {
                    let strokes = all.rest(draw.selected).to_vec();
                    if all.other { draw.page.replace(strokes) } else { draw.page.add(strokes) }
                }
                // The drawing is finished: nothing is asked for by itself.
                let effects = self.page_changed();
                self.draw.due = None;
                return effects;
            }
            DrawAction::Select(index) => (self.draw.selected, self.draw.reveal) = (index, true),
            DrawAction::Others => {
                self.draw.seed = self.draw.seed.wrapping_add(1);
                return self.continue_now();
            }
            DrawAction::Continue => return self.continue_now(),
            DrawAction::Stop => {
                self.draw.due = None;
                return vec![Effect::Stop(Job::Complete, Reason::Stopped)];
            }
            DrawAction::Undo if self.draw.pen.is_down() => self.draw.pen = super::Pen::default(),
            DrawAction::Undo => {
                self.draw.page.undo();
                return self.page_changed();
            }
            DrawAction::Redo => {
                self.draw.page.redo();
                return self.page_changed();
            }
            DrawAction::Clear => {
                self.draw.page.clear();
                return self.page_changed();
            }
            DrawAction::Live(live) => {
                self.draw.live = live;
                let wanted = live && self.draw.continuations.is_none() && !self.draw.page.is_empty();
                self.draw.due = wanted.then_some(self.now);
                return self.settle_draw();
            }
            DrawAction::Settle => return self.page_changed(),
            DrawAction::Keep => {
                self.draw.keeping = Phase::Running;
                let request = Box::new(KeepRequest {
                    sketch: self.draw.page.sketch().clone(),
                    word: self.draw.word(&self.play).to_owned(),
                    folders: self.options.folders.own(),
                });
                self.draw.keeps = Some(request.clone());
                return vec![Effect::Start(Job::Keep, Command::Keep(request))];
            }
            DrawAction::TakeBack => {
                let Some(request) = self.draw.kept.clone() else { return Vec::new() };
                self.draw.keeping = Phase::Running;
                return vec![Effect::Start(Job::Keep, Command::TakeBack(request))];
            }
            DrawAction::Train => {
                self.form.choose([own::category(self.draw.word(&self.play))]);
                self.workspace = Workspace::Train;
            }
        }
        Vec::new()
    }

    /// What was thought of the old page is worth nothing; live, the new one is thought about in a moment.
    pub(in crate::studio::state) fn page_changed(&mut self) -> Vec<Effect> {
        let draw = &mut self.draw;
        draw.forget();
        draw.due = (draw.live && !draw.page.is_empty()).then(|| self.now + PAUSE);
        self.settle_draw()
    }

    /// Asked for by hand: at once, and again even if it has failed.
    fn continue_now(&mut self) -> Vec<Effect> {
        self.draw.asked = self.draw.asked.take().filter(|_| self.draw.is_running());
        self.draw.due = Some(self.now);
        if self.draw.meeting != Phase::Running {
            self.draw.met = None;
        }
        self.settle_draw()
    }

    /// Starts what is wanted and was not asked for yet, if this workspace is shown. Work that is not wanted any more is stopped; its last
    /// word is followed by this again.
    pub(in crate::studio::state) fn settle_draw(&mut self) -> Vec<Effect> {
        if self.workspace != Workspace::Draw {
            return Vec::new();
        }
        if self.play.model.trim().is_empty() {
            self.draw.due = None;
            return Vec::new();
        }
        let mut effects: Vec<_> = self.meet().into_iter().collect();
        let draw = &mut self.draw;
        let wanted = draw.wanted(&self.play);
        if draw.asked.is_some() && wanted != draw.asked {
            if draw.is_running() {
                effects.extend(draw.stop());
                return effects;
            }
            // Set elsewhere: another model, another category.
            draw.forget();
            draw.due = draw.due.or((draw.live && !draw.page.is_empty()).then_some(self.now));
        }
        let due = draw.due.is_some_and(|due| due <= self.now) && !draw.pen.is_down() && !draw.is_running();
        match wanted.filter(|_| due) {
            Some(wanted) => {
                draw.due = None;
                if draw.asked.as_ref() != Some(&wanted) {
                    let request = draw.request(&wanted);
                    draw.phase = Phase::Running;
                    draw.stage.clear();
                    draw.asked = Some(wanted);
                    effects.push(Effect::Start(Job::Complete, Command::Draw(Box::new(request))));
                }
            }
            // Nothing comes of waiting, unless for what the model can do.
            None if due && draw.meeting != Phase::Running => draw.due = None,
            None => {}
        }
        effects
    }

    /// Asks the model at hand what it is, if that is not known; one that could not be read is not asked again by itself.
    pub(in crate::studio::state) fn meet(&mut self) -> Option<Effect> {
        let (draw, model) = (&mut self.draw, wanted::model(&self.play));
        let strange = draw.known.as_ref().is_none_or(|known| known.model != model);
        let asks = strange && draw.met.as_ref() != Some(&model) && draw.meeting != Phase::Running;
        asks.then(|| {
            draw.met = Some(model.clone());
            draw.meeting = Phase::Running;
            Effect::Start(Job::Describe, Command::Describe(model))
        })
    }

    /// Time passes.
    pub fn wait_in_draw(&mut self) -> Vec<Effect> {
        if self.draw.due.is_some_and(|due| due <= self.now) { self.settle_draw() } else { Vec::new() }
    }
}

impl Draw {
    fn forget(&mut self) {
        self.continuations = None;
        self.selected = 0;
        if !self.is_running() {
            self.phase = Phase::Idle;
            self.asked = None;
        }
    }

    /// Once is enough.
    fn stop(&mut self) -> Option<Effect> {
        (!std::mem::replace(&mut self.stopping, true)).then_some(Effect::Stop(Job::Complete, Reason::Abandoned))
    }
}
