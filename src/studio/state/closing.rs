//! Closing the window: what is in the way, and what would be lost.

use super::{Action, Effect, Job, Reason, State};

/// Whether the window is closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closing {
    /// No.
    #[default]
    No,
    /// Something is in the way: the person is being asked.
    Asking,
    /// Waiting until the training is saved.
    Saving,
    /// Nothing is in the way any more.
    Yes,
}

impl State {
    /// Something would be lost, beside a training, which is saved.
    pub fn is_at_stake(&self) -> bool {
        self.at_stake().next().is_some()
    }

    fn at_stake(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            (self.evaluation.is_active(), "the evaluation that runs"),
            (self.compare.is_active(), "the comparison that runs"),
            (self.library.fetching.is_some(), "the rest of the download"),
            (self.weights.is_active(), "the weights that are on their way"),
            (self.categories.is_importing(), "the import that runs"),
            (self.export.writing.running || self.evaluation.saving.running, "the file that is being written"),
            (self.runs.has_unsaved_note(), "the note of a run, which is not saved"),
            (self.draw.is_unkept(), "the page in Draw, which is not kept"),
        ];
        all.into_iter().filter_map(|(is, what)| is.then_some(what))
    }

    /// What becomes of all that is in the way, in a sentence.
    pub fn closing_words(&self) -> String {
        let all: Vec<_> = self.at_stake().collect();
        let lost = match all.as_slice() {
            [] => return "Closing saves the model with all that is needed to go on later: nothing is lost.".into(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{}, and {last}", first.join(", ")),
        };
        if self.run.is_active() {
            format!("Closing saves the model with all that is needed to go on later, but this would be lost: {lost}.")
        } else {
            format!("This would be lost: {lost}.")
        }
    }

    fn has_to_ask(&self) -> bool {
        self.run.is_active() || self.is_at_stake()
    }

    /// Once nothing is in the way any more, there is nothing to ask.
    pub(super) fn settle_closing(&mut self) {
        if self.closing == Closing::Asking && !self.has_to_ask() {
            self.closing = Closing::No;
        }
    }

    /// What is wished about closing.
    pub(super) fn act_closing(&mut self, action: &Action) -> Vec<Effect> {
        match action {
            Action::Close if self.has_to_ask() && self.closing == Closing::No => self.closing = Closing::Asking,
            // Asked, or saving, already.
            Action::Close if self.has_to_ask() => {}
            Action::SaveAndClose if self.run.is_active() => {
                self.closing = Closing::Saving;
                return vec![Effect::Stop(Job::Train, Reason::Stopped)];
            }
            Action::KeepTraining | Action::Stay => self.closing = Closing::No,
            _ => self.closing = Closing::Yes,
        }
        Vec::new()
    }
}
