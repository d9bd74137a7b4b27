//! What can be asked for in Compare.

use std::path::PathBuf;

use super::Action;
use super::keys::Binding;
use crate::studio::state::{State, Workspace};
use crate::studio::words;

/// A wish about models side by side.
#[derive(Debug, Clone, PartialEq)]
pub enum CompareAction {
    /// Compare the ticked models.
    Run,
    /// Stop comparing.
    Cancel,
    /// Tick this model, or untick it.
    Toggle(PathBuf),
    /// One more model, by its path.
    Add(PathBuf),
    /// Open a dialog to choose one more.
    Choose,
    /// Show the folder of the comparison's files.
    OpenFolder,
}

/// Its keys: none but those that hold everywhere.
pub(super) const KEYS: &[Binding] = &[];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let all = [CompareAction::Run, CompareAction::Cancel, CompareAction::Choose, CompareAction::OpenFolder];
    let form = &state.compare.form;
    let models = form.offered(&state.library.models).filter(|_| state.workspace == Workspace::Compare);
    all.into_iter().chain(models.cloned().map(CompareAction::Toggle)).map(Action::from).collect()
}

impl CompareAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Run => "Run comparison".into(),
            Self::Cancel => "Cancel".into(),
            Self::Toggle(path) => words::model_name(path),
            Self::Add(_) => "Add".into(),
            Self::Choose => "Choose file…".into(),
            Self::OpenFolder => "Open folder".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Run => "Lets each model draw, scores all of them alike, and times them.",
            Self::Cancel => "Ends the comparison; nothing is written.",
            Self::Toggle(_) => "Stands in the comparison while it is ticked.",
            Self::Add(_) => "Adds the model of this path, and ticks it.",
            Self::Choose => "Chooses one more model on this machine to be compared.",
            Self::OpenFolder => "Shows the comparison's tables and picture in the file manager.",
        }
    }
}
