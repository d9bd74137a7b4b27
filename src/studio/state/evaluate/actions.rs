//! What may be asked for in Evaluate, and what comes of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Evaluation, Phase};
use crate::session::{Command, SaveScoresRequest, WeightsRequest};
use crate::studio::Options;
use crate::studio::action::EvaluateAction;
use crate::studio::dialog::Ask;
use crate::studio::engine::Job;
use crate::studio::state::messages::Messages;
use crate::studio::state::{Effect, State, Workspace, unless, weights};
use crate::util::Reason;

impl State {
    pub(in crate::studio::state) fn main_evaluate(&self) -> EvaluateAction {
        if self.evaluation.is_active() { EvaluateAction::Cancel } else { EvaluateAction::Run }
    }

    pub(in crate::studio::state) fn why_not_evaluate(&self, action: &EvaluateAction) -> Option<String> {
        match action {
            EvaluateAction::Run if self.evaluation.is_active() => Some("An evaluation is running already.".into()),
            EvaluateAction::Run if self.compare.is_active() => {
                Some("A comparison is running and needs the processor. Wait for it, or cancel it in Compare.".into())
            }
            EvaluateAction::Run if self.run.is_running() => {
                Some("A model is being trained and needs the processor. Pause or stop it, or wait until it is done.".into())
            }
            EvaluateAction::Run if self.run.is_active() && !self.run.is_paused() => Some("The training is being saved: a moment.".into()),
            EvaluateAction::Run if self.weights.is_active() => Some("The weights are on their way: a moment.".into()),
            EvaluateAction::Run => self.evaluation.form.complaint(&self.library, &self.categories.cards),
            EvaluateAction::Cancel => match self.evaluation.scoring.phase {
                Phase::Stopping => Some("The request to cancel is sent; the work ends after the drawings at hand.".into()),
                _ => unless(self.evaluation.is_running(), "Nothing is being evaluated."),
            },
            EvaluateAction::AddSubject(_) | EvaluateAction::RemoveSubject(_) | EvaluateAction::ChooseSubject
                if self.evaluation.is_active() =>
            {
                Some("An evaluation is running.".into())
            }
            EvaluateAction::AddSubject(path) => {
                unless(!path.as_os_str().is_empty(), "Type the path of a model or a file of drawings first.")
            }
            EvaluateAction::OpenFolder => unless(self.evaluation.folder().is_some(), "No files were written."),
            EvaluateAction::SaveTo(path) if path.as_os_str().is_empty() => Some("Type the path of a .json file first.".into()),
            EvaluateAction::Save | EvaluateAction::SaveTo(_) if self.evaluation.saving.running => {
                Some("The scores are being written.".into())
            }
            EvaluateAction::Save | EvaluateAction::SaveTo(_) => unless(self.evaluation.shown().is_some(), "There are no scores yet."),
            EvaluateAction::FetchWeights | EvaluateAction::ImportWeights(_) | EvaluateAction::ChooseWeights if self.weights.is_active() => {
                Some("The weights are on their way.".into())
            }
            EvaluateAction::ImportWeights(path) => unless(!path.as_os_str().is_empty(), "Type the path of the weights' file first."),
            EvaluateAction::StopWeights => {
                unless(matches!(self.weights.getting, weights::Getting::Running { .. }), "Nothing is being fetched.")
            }
            _ => None,
        }
    }

    pub(in crate::studio::state) fn act_evaluate(&mut self, action: EvaluateAction) -> Vec<Effect> {
        match action {
            EvaluateAction::Run => return self.evaluation.start(&self.options, &mut self.messages, self.now),
            EvaluateAction::Cancel => return self.evaluation.cancel(),
            EvaluateAction::AddSubject(path) => {
                self.evaluation.form.add(path);
                self.evaluation.form.path.clear();
            }
            EvaluateAction::RemoveSubject(index) => self.evaluation.form.remove(index),
            EvaluateAction::ChooseSubject => return vec![Effect::Ask(Ask::Subject { folder: self.options.runs.clone() })],
            EvaluateAction::Select(index) => self.evaluation.selected = index,
            EvaluateAction::Explain(kind) => self.evaluation.explained = kind,
            EvaluateAction::OpenFolder => {
                return self.evaluation.folder().map(|path| Effect::OpenFolder(Job::Evaluate, path.into())).into_iter().collect();
            }
            EvaluateAction::Save => return self.evaluation.ask_save(self.export.folder()).map(Effect::Ask).into_iter().collect(),
            EvaluateAction::SaveTo(path) => return self.evaluation.save(path, false),
            EvaluateAction::FetchWeights => return self.get_weights(WeightsRequest::fetch()),
            EvaluateAction::ImportWeights(path) => return self.get_weights(WeightsRequest::import(path)),
            EvaluateAction::ChooseWeights => return vec![Effect::Ask(Ask::Weights)],
            EvaluateAction::StopWeights => return self.weights.stop(),
        }
        Vec::new()
    }

    /// Where they are asked for, it is shown how far they are: in Compare, or else here.
    fn get_weights(&mut self, request: WeightsRequest) -> Vec<Effect> {
        let asked_in = if self.workspace == Workspace::Compare { Workspace::Compare } else { Workspace::Evaluate };
        self.weights.start(request, asked_in)
    }
}

impl Evaluation {
    fn start(&mut self, options: &Options, messages: &mut Messages, now: Duration) -> Vec<Effect> {
        let request = match self.form.request(options, |path| path.exists()) {
            Ok(request) => request,
            Err(error) => {
                self.forget();
                self.scoring.cannot_begin(error.for_window(), messages, now);
                return Vec::new();
            }
        };
        self.forget();
        self.scoring.begin(now);
        self.request = Some(Box::new(request.clone()));
        vec![Effect::Start(Job::Evaluate, Command::Evaluate(Box::new(request)))]
    }

    /// Forgets the former evaluation, but not what is chosen.
    fn forget(&mut self) {
        (self.request, self.said, self.saving.wrote) = (None, None, None);
        self.results.clear();
        self.files.clear();
        self.selected = 0;
    }

    fn cancel(&mut self) -> Vec<Effect> {
        self.scoring.phase = Phase::Stopping;
        vec![Effect::Stop(Job::Evaluate, Reason::Stopped)]
    }

    /// Where to save the scores that are shown.
    fn ask_save(&self, exports: &Path) -> Option<Ask> {
        let category = &self.shown()?.scores.category;
        let word = category.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
        let suggestion = self.folder().unwrap_or(exports).join(format!("{word}-scores.json"));
        Some(Ask::SaveScores { suggestion })
    }

    /// Saves the scores that are shown; in the place of a file that is there already only if it may be replaced.
    pub(in crate::studio::state) fn save(&mut self, path: PathBuf, replace: bool) -> Vec<Effect> {
        let Some(scores) = self.shown().map(|shown| shown.scores.clone()) else { return Vec::new() };
        self.saving.begin();
        vec![Effect::Start(Job::SaveScores, Command::SaveScores(Box::new(SaveScoresRequest { scores, path, replace })))]
    }
}
