//! Looking at the disk, and what a newcomer is given of what is there.

use std::path::Path;

use super::runs::Side;
use super::{Command, Effect, Job, State, Workspace, library};
use crate::session::SurveyRequest;
use crate::studio::action::Action;
use crate::studio::words;

/// What a person had at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastWork {
    /// Where they were; nothing if there is no such place any more.
    pub workspace: Option<Workspace>,
    /// The model, as [`super::play::Play::model`].
    pub model: String,
    /// What it draws, as [`super::play::Play::category`].
    pub category: String,
    /// The categories to train.
    pub categories: Vec<String>,
}

impl State {
    /// What is at hand, once something is.
    pub fn at_hand(&self) -> Option<LastWork> {
        let categories = self.form.chosen.iter().cloned().collect();
        let known = self.last.is_none() && !self.play.model.is_empty();
        let (model, category) = (self.play.model.clone(), self.play.category.clone());
        known.then_some(LastWork { workspace: Some(self.workspace), model, category, categories })
    }

    /// What the window begins with: a look at the disk, and at what was kept before.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = self.survey();
        effects.push(Effect::Start(Job::Collections, Command::Collections(self.options.folders.own())));
        if self.runs.side == Side::Runs || !self.runs.remembered.is_empty() {
            effects.extend(self.look_for_runs());
        }
        effects
    }

    /// Looks at the disk; once more afterwards if it is being looked at.
    pub fn survey(&mut self) -> Vec<Effect> {
        if self.library.is_looking() {
            self.library.again = true;
            return Vec::new();
        }
        self.library.look = library::Look::Looking;
        let request = SurveyRequest { folders: self.options.folders.clone(), runs: self.options.runs.clone() };
        vec![Effect::Start(Job::Survey, Command::Survey(request))]
    }

    /// Chooses for a newcomer what can be chosen: a category that is there, the newest model. Who has no model of their own sees a
    /// shipped one draw at once. Who was here before finds what was at hand, if it is still there.
    pub(super) fn settle_choices(&mut self) -> Vec<Effect> {
        let last = self.last.take().unwrap_or_default();
        let listed = self.library.models.iter().any(|model| model.display().to_string() == last.model);
        if listed || Path::new(&last.model).exists() {
            // Without the category, a model of many could not draw.
            (self.play.model, self.play.category) = (last.model, last.category);
        }
        if !self.run.is_active() {
            self.form.chosen.extend(last.categories);
            self.form.settle(&self.library);
        }
        let mut first_drawing = false;
        if let (true, Some(newest)) = (self.play.model.is_empty(), self.library.models.first()) {
            self.play.model = newest.display().to_string();
            first_drawing = words::is_shipped(newest);
        }
        if !self.evaluation.is_active() {
            self.evaluation.form.settle(&self.library);
        }
        if first_drawing {
            self.workspace = Workspace::Play;
            self.tries.get_or_insert(true);
            return self.play.draw(&self.options);
        }
        let mut effects = last.workspace.map_or_else(Vec::new, |workspace| self.act(Action::Show(workspace)));
        // The shipped models draw faster than one could wish for it.
        if last.workspace == Some(Workspace::Play) && words::is_shipped(self.play.model.as_ref()) {
            effects.extend(self.play.draw(&self.options));
        }
        effects
    }
}
