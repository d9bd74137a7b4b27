//! What may be asked for in Compare, and what comes of it.

use super::{Compare, Phase};
use crate::session::Command;
use crate::studio::Options;
use crate::studio::action::CompareAction;
use crate::studio::dialog::Ask;
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;
use crate::studio::state::{Effect, State, unless};
use crate::util::Reason;

impl State {
    pub(in crate::studio::state) fn main_compare(&self) -> CompareAction {
        if self.compare.is_active() { CompareAction::Cancel } else { CompareAction::Run }
    }

    pub(in crate::studio::state) fn why_not_compare(&self, action: &CompareAction) -> Option<String> {
        match action {
            CompareAction::Run if self.compare.is_active() => Some("A comparison is running already.".into()),
            CompareAction::Run if self.evaluation.is_active() => {
                Some("An evaluation is running and needs the processor. Wait for it, or cancel it in Evaluate.".into())
            }
            CompareAction::Run if self.run.is_running() => {
                Some("A model is being trained and needs the processor. Pause or stop it, or wait until it is done.".into())
            }
            CompareAction::Run if self.run.is_active() && !self.run.is_paused() => Some("The training is being saved: a moment.".into()),
            CompareAction::Run => self.compare.form.complaint(&self.library, &self.categories.cards),
            CompareAction::Cancel => match self.compare.scoring.phase {
                Phase::Stopping => Some("The request to cancel is sent; the work ends after the drawings at hand.".into()),
                _ => unless(self.compare.is_running(), "Nothing is being compared."),
            },
            CompareAction::Toggle(_) | CompareAction::Add(_) | CompareAction::Choose if self.compare.is_active() => {
                Some("A comparison is running.".into())
            }
            CompareAction::Add(path) => unless(!path.as_os_str().is_empty(), "Type the path of a model first."),
            CompareAction::OpenFolder => unless(self.compare.folder().is_some(), "No files were written."),
            CompareAction::Toggle(_) | CompareAction::Choose => None,
        }
    }

    pub(in crate::studio::state) fn act_compare(&mut self, action: CompareAction) -> Vec<Effect> {
        let compare = &mut self.compare;
        match action {
            CompareAction::Run => return compare.start(&self.options, &mut self.messages, self.now),
            CompareAction::Cancel => {
                compare.scoring.phase = Phase::Stopping;
                return vec![Effect::Stop(Job::Compare, Reason::Stopped)];
            }
            CompareAction::Toggle(path) => compare.form.toggle(path),
            CompareAction::Add(path) => {
                compare.form.add(path);
                compare.form.path.clear();
            }
            CompareAction::Choose => return vec![Effect::Ask(Ask::Compared { folder: self.options.runs.clone() })],
            CompareAction::OpenFolder => {
                return compare.folder().map(|path| Effect::OpenFolder(Job::Compare, path.into())).into_iter().collect();
            }
        }
        Vec::new()
    }
}

impl Compare {
    fn start(&mut self, options: &Options, messages: &mut Messages, now: std::time::Duration) -> Vec<Effect> {
        // The former comparison is forgotten, but not what is chosen.
        (self.request, self.result, self.scored) = (None, None, 0);
        let request = match self.form.request(options, |path| path.exists()) {
            Ok(request) => request,
            Err(error) => {
                self.scoring.cannot_begin(error.for_window(), messages, now);
                return Vec::new();
            }
        };
        self.scoring.begin(now);
        self.request = Some(Box::new(request.clone()));
        vec![Effect::Start(Job::Compare, Command::Compare(Box::new(request)))]
    }
}
