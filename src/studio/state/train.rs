//! What may be asked for in Train, and what comes of it.

use std::path::Path;

use super::{Effect, State, Workspace, unless};
use crate::studio::action::{Action, TrainAction};

impl State {
    pub(super) fn main_train(&self) -> TrainAction {
        if self.run.is_active() { TrainAction::Stop } else { TrainAction::Start }
    }

    pub(super) fn why_not_train(&self, action: &TrainAction) -> Option<String> {
        match action {
            TrainAction::Start if self.run.is_active() => Some("A model is being trained already.".into()),
            TrainAction::Start | TrainAction::Continue | TrainAction::Resume if self.evaluation.is_active() => {
                Some("An evaluation is running and needs the processor. Wait for it, or cancel it in Evaluate.".into())
            }
            TrainAction::Start | TrainAction::Continue | TrainAction::Resume if self.compare.is_active() => {
                Some("A comparison is running and needs the processor. Wait for it, or cancel it in Compare.".into())
            }
            TrainAction::Start if self.form.goes_on() => self.form.complaint(),
            TrainAction::Start => self.form.complaint().or_else(|| self.form.chosen.iter().find_map(|name| self.library.too_few(name))),
            TrainAction::Pause => unless(self.run.is_running(), "Nothing is being trained."),
            TrainAction::Resume => unless(self.run.is_paused(), "Nothing is paused."),
            TrainAction::Stop => unless(self.run.is_running() || self.run.is_paused(), "Nothing is being trained."),
            TrainAction::Continue => unless(self.run.can_continue(), "There is no run to go on with."),
            TrainAction::UseTrained => unless(self.run.model().is_some(), "No model has been trained yet."),
            TrainAction::UsePreset(_) | TrainAction::ResetSettings | TrainAction::RestoreSettings if self.run.is_active() => {
                Some("A model is being trained with these settings.".into())
            }
            TrainAction::UsePreset(_) => None,
            TrainAction::ResetSettings => unless(self.form.settings.changed(), "The settings are the preset's."),
            TrainAction::RestoreSettings => unless(self.form.former.is_some(), "No changes of yours gave way to a preset."),
            TrainAction::Survey => unless(!self.library.is_looking(), "It is looking already."),
            TrainAction::Fetch(name) if self.run.is_active() && self.library.is_here(name) => {
                Some("A model is being trained, and could not go on with other drawings.".into())
            }
            TrainAction::Fetch(name) => unless(!self.library.is_wanted(name), "It is being fetched."),
            TrainAction::ShowSheet(_) | TrainAction::StepSheet(_) => {
                unless(self.sheets().has_past(), "There are no two preview sheets yet.")
            }
            TrainAction::NewestSheet => unless(self.sheets().back().is_some(), "The newest preview sheet is shown."),
            TrainAction::StopFetching => unless(self.library.fetching.is_some(), "Nothing is being fetched."),
            TrainAction::Runs(action) => self.why_not_runs(action),
        }
    }

    pub(super) fn act_train(&mut self, action: TrainAction) -> Vec<Effect> {
        match action {
            TrainAction::Survey => return self.survey(),
            TrainAction::Fetch(name) => return self.library.fetch(name, &self.options.folders),
            TrainAction::StopFetching => return self.library.stop_fetching(),
            TrainAction::UsePreset(name) => self.form.use_preset(&name, &mut self.messages, self.now),
            TrainAction::ResetSettings => self.form.reset(),
            TrainAction::RestoreSettings => self.form.restore(),
            TrainAction::Start => {
                return match self.form.request(&self.options, |path| path.exists()) {
                    Ok(request) => self.run.start(request),
                    Err(error) => {
                        self.run.cannot_start(&error, &mut self.messages, self.now);
                        Vec::new()
                    }
                };
            }
            TrainAction::Runs(action) => return self.act_runs(action),
            TrainAction::Pause => return self.run.pause(true),
            TrainAction::Resume => return self.run.pause(false),
            TrainAction::Stop => return self.run.stop(),
            TrainAction::Continue => return self.run.go_on(),
            TrainAction::ShowSheet(place) => self.sheets_mut().go(place),
            TrainAction::StepSheet(forward) => self.sheets_mut().step(forward),
            TrainAction::NewestSheet => self.sheets_mut().follow(),
            TrainAction::UseTrained => {
                let Some(model) = self.run.folder().map(Path::to_path_buf) else { return Vec::new() };
                let mut effects = self.use_model(&model, None);
                effects.extend(self.act(Action::Show(Workspace::Play)));
                return effects;
            }
        }
        Vec::new()
    }
}
