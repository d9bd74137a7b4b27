//! Looking at the disk, and what a newcomer is given of what is there.

use super::{Command, Effect, Job, State, Workspace, library};
use crate::session::SurveyRequest;
use crate::studio::words;

impl State {
    /// What the window begins with: a look at the disk, and at what was kept before.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = self.survey();
        effects.push(Effect::Start(Job::Collections, Command::Collections(self.options.folders.own())));
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
    /// shipped one draw at once.
    pub(super) fn settle_choices(&mut self) -> Vec<Effect> {
        if !self.run.is_active() {
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
        if !first_drawing {
            return Vec::new();
        }
        self.workspace = Workspace::Play;
        self.tries.get_or_insert(true);
        self.play.draw(&self.options)
    }
}
