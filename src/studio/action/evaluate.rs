//! What can be asked for in Evaluate.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{Binding, CTRL, always, plain};
use crate::session::ScoreKind;
use crate::studio::state::{State, Workspace};

/// A wish about scores.
#[derive(Debug, Clone, PartialEq)]
pub enum EvaluateAction {
    /// Score the chosen drawings.
    Run,
    /// Stop scoring.
    Cancel,
    /// One more model or file of drawings to score.
    AddSubject(PathBuf),
    /// One less, by its place in the list.
    RemoveSubject(usize),
    /// Open a dialog to choose a model or a file of drawings.
    ChooseSubject,
    /// Show this subject's scores.
    Select(usize),
    /// Say what a score means; nothing closes the explanation.
    Explain(Option<ScoreKind>),
    /// Show the folder of the scores' files.
    OpenFolder,
    /// Open a dialog to save the scores that are shown.
    Save,
    /// Save them to this file.
    SaveTo(PathBuf),
    /// Download the Inception weights.
    FetchWeights,
    /// Take them over from this file.
    ImportWeights(PathBuf),
    /// Open a dialog to choose their file.
    ChooseWeights,
    /// Stop downloading them.
    StopWeights,
}

fn close_explanation(state: &State) -> Option<Action> {
    state.evaluation.explained.filter(|_| state.workspace == Workspace::Evaluate).map(|_| EvaluateAction::Explain(None).into())
}

/// Another of several subjects that are scored.
fn scored(state: &State, index: usize) -> Option<Action> {
    (state.workspace == Workspace::Evaluate && index < state.evaluation.results.len()).then_some(EvaluateAction::Select(index).into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    always(CTRL, Key::S, |state| (state.workspace == Workspace::Evaluate).then_some(EvaluateAction::Save.into())),
    plain(Modifiers::NONE, Key::ArrowDown, |state| scored(state, state.evaluation.selected + 1)),
    plain(Modifiers::NONE, Key::ArrowUp, |state| scored(state, state.evaluation.selected.wrapping_sub(1))),
    plain(Modifiers::NONE, Key::Escape, close_explanation),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let results = state.evaluation.results.len();
    let select = (0..results).filter(|_| results > 1).map(EvaluateAction::Select);
    let all = [
        EvaluateAction::Run,
        EvaluateAction::Cancel,
        EvaluateAction::ChooseSubject,
        EvaluateAction::OpenFolder,
        EvaluateAction::Save,
        EvaluateAction::FetchWeights,
        EvaluateAction::ChooseWeights,
        EvaluateAction::StopWeights,
    ];
    all.into_iter().chain(select).map(Action::from).collect()
}

impl EvaluateAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Run => "Run evaluation".into(),
            Self::Cancel => "Cancel".into(),
            Self::AddSubject(_) => "Add".into(),
            Self::RemoveSubject(_) => "Remove".into(),
            Self::ChooseSubject => "Choose file…".into(),
            Self::Select(index) => format!("Scores {}", index + 1),
            Self::Explain(Some(kind)) => format!("What does {} mean?", kind.name()),
            Self::Explain(None) => "Close explanation".into(),
            Self::OpenFolder => "Open folder".into(),
            Self::Save => "Save as…".into(),
            Self::SaveTo(_) => "Save".into(),
            Self::FetchWeights => "Fetch weights".into(),
            Self::ImportWeights(_) => "Import".into(),
            Self::ChooseWeights => "Import file…".into(),
            Self::StopWeights => "Stop fetching".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Run => "Lets each model draw, and scores the drawings against real test drawings.",
            Self::Cancel => "Ends the evaluation; what is scored already stays.",
            Self::OpenFolder => "Shows the scores' files in the file manager.",
            Self::Save => "Saves the shown scores with all that they rest on, as JSON.",
            Self::FetchWeights => "Downloads the Inception weights and checks them.",
            Self::ChooseWeights => "Takes over a file that you have already, and checks it.",
            Self::StopWeights => "What has come so far is kept; fetching again goes on from there.",
            Self::Select(_) => "Shows the scores of another model of the same evaluation.",
            Self::ChooseSubject => "Chooses a model, or a file of drawings, to be scored.",
            _ => "",
        }
    }
}
