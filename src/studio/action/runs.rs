//! What can be asked for of the runs that are listed in Train.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers};

use super::keys::{Binding, plain};
use super::{Action, TrainAction};
use crate::studio::state::runs::Side;
use crate::studio::state::{State, Workspace};

/// A wish about runs: their list, one of them, their losses on the plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsAction {
    /// List these on the left.
    Show(Side),
    /// Look at the disk again.
    Look,
    /// Look at the run in this folder.
    Select(PathBuf),
    /// Look at the run so many rows further down, or up.
    Move(isize),
    /// Keep what is written of it.
    SaveNote,
    /// Give it the name that is written.
    Rename,
    /// Ask whether it is to be deleted, or do not.
    AskDelete(bool),
    /// Delete it.
    Delete,
    /// Fill the form for going on with it.
    Continue,
    /// Draw with its model.
    Draw,
    /// Put the run in this folder on the plot, or take it off.
    Plot(PathBuf),
    /// The same with the one that is looked at.
    PlotChosen,
}

impl From<RunsAction> for Action {
    fn from(action: RunsAction) -> Self {
        Self::Train(TrainAction::Runs(action))
    }
}

/// While the list is in sight.
fn here(state: &State, action: RunsAction) -> Option<Action> {
    (state.workspace == Workspace::Train && state.runs.side == Side::Runs).then(|| action.into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    plain(Modifiers::NONE, Key::ArrowDown, |state| here(state, RunsAction::Move(1))),
    plain(Modifiers::NONE, Key::ArrowUp, |state| here(state, RunsAction::Move(-1))),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> impl Iterator<Item = Action> + use<> {
    let sides = Side::ALL.map(RunsAction::Show);
    let chosen = [RunsAction::SaveNote, RunsAction::Rename, RunsAction::AskDelete(true), RunsAction::Continue, RunsAction::Draw];
    let shown = state.workspace == Workspace::Train && state.runs.side == Side::Runs;
    let chosen = chosen.into_iter().chain([RunsAction::PlotChosen]).filter(move |_| shown);
    sides.into_iter().chain([RunsAction::Look]).chain(chosen).map(Action::from)
}

impl RunsAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Show(Side::Categories) => "Categories".into(),
            Self::Show(Side::Runs) => "Runs".into(),
            Self::Look => "Look for runs again".into(),
            Self::Select(folder) => crate::studio::words::file_name(folder),
            Self::Move(step) if *step < 0 => "Previous run".into(),
            Self::Move(_) => "Next run".into(),
            Self::SaveNote => "Save note".into(),
            Self::Rename => "Rename".into(),
            Self::AskDelete(true) => "Delete…".into(),
            Self::AskDelete(false) => "Keep it".into(),
            Self::Delete => "Delete this run".into(),
            Self::Continue => "Continue this run".into(),
            Self::Draw => "Draw with it".into(),
            Self::Plot(_) | Self::PlotChosen => "On the plot".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Show(Side::Categories) => "Lists what can be learned.",
            Self::Show(Side::Runs) => "Lists what was trained on this machine: how far each run came, and how well it did.",
            Self::Look => "Reads the folder of runs again.",
            Self::Select(_) | Self::Move(_) => "Looks at this run.",
            Self::SaveNote => "Keeps what you wrote of the run, in its folder.",
            Self::Rename => "Gives the run's folder this name.",
            Self::AskDelete(true) => "Asks first, and says what would be lost.",
            Self::AskDelete(false) => "Deletes nothing.",
            Self::Delete => "Deletes the run's folder for good.",
            Self::Continue => "Sets the form on the right so that training goes on where this run was saved.",
            Self::Draw => "Opens Play with this run's model.",
            Self::Plot(_) | Self::PlotChosen => {
                "Draws the run's losses beside those of the present one: dashed in training, dots on test drawings. While the run is \
                 looked at, its preview sheets are shown and can be scrubbed."
            }
        }
    }
}
