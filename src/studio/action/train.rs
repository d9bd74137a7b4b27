//! What can be asked for in Train.

use eframe::egui::Key;

use super::keys::{Binding, CTRL, always};
use super::{Action, RunsAction, runs};
use crate::config::PRESETS;
use crate::studio::state::State;
use crate::studio::words;

/// A wish about drawings on the disk, settings and training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainAction {
    /// Look at the disk again.
    Survey,
    /// Download a category.
    Fetch(String),
    /// Stop downloading.
    StopFetching,
    /// Take a preset's settings.
    UsePreset(String),
    /// Take the chosen preset's settings again.
    ResetSettings,
    /// Changes that gave way to a preset's settings.
    RestoreSettings,
    /// Start training.
    Start,
    /// Hold the training.
    Pause,
    /// Let it go on.
    Resume,
    /// Save and end the training.
    Stop,
    /// Go on with a run that was stopped or broke off.
    Continue,
    /// Draw with the model that was just trained.
    UseTrained,
    /// Look at the preview sheet at this place, counted from 0.
    ShowSheet(usize),
    /// To the next preview sheet, or the one before.
    StepSheet(bool),
    /// Back to the newest preview sheet, and to those that come.
    NewestSheet,
    /// Something about the runs that are listed.
    Runs(RunsAction),
}

/// Its keys.
pub(super) const KEYS: &[Binding] =
    &[always(CTRL, Key::P, |state| Some(if state.run.is_paused() { TrainAction::Resume.into() } else { TrainAction::Pause.into() }))];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let presets = PRESETS.iter().map(|(name, _)| TrainAction::UsePreset((*name).into()));
    let hold = if state.run.is_paused() { TrainAction::Resume } else { TrainAction::Pause };
    let first = [TrainAction::Start, hold, TrainAction::Stop, TrainAction::Continue, TrainAction::UseTrained];
    let sheets = [TrainAction::StepSheet(false), TrainAction::StepSheet(true), TrainAction::NewestSheet];
    let rest = [TrainAction::ResetSettings, TrainAction::RestoreSettings, TrainAction::Survey, TrainAction::StopFetching];
    first.into_iter().chain(sheets).chain(rest).chain(presets).map(Action::from).chain(runs::listed(state)).collect()
}

impl TrainAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Survey => "Look again".into(),
            Self::Fetch(category) => format!("Fetch {category}"),
            Self::StopFetching => "Stop fetching".into(),
            Self::UsePreset(name) => format!("Use preset {}", words::preset(name)),
            Self::ResetSettings => "Reset to preset".into(),
            Self::RestoreSettings => "Bring my changes back".into(),
            Self::Start => "Start training".into(),
            Self::Pause => "Pause".into(),
            Self::Resume => "Resume".into(),
            Self::Stop => "Stop".into(),
            Self::Continue => "Continue".into(),
            Self::UseTrained => "Draw with this model".into(),
            Self::ShowSheet(place) => format!("Preview sheet {}", place.saturating_add(1)),
            Self::StepSheet(true) => "Later preview sheet".into(),
            Self::StepSheet(false) => "Earlier preview sheet".into(),
            Self::NewestSheet => "Newest".into(),
            Self::Runs(action) => action.label(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Survey => "Reads the folders of drawings and runs again.",
            Self::Fetch(_) => "Downloads the drawings from the data set's public bucket.",
            Self::StopFetching => "Ends the downloads; fetching again goes on where they ended.",
            Self::UsePreset(name) => words::preset_about(name).unwrap_or("Takes this preset's settings for the next training."),
            Self::ResetSettings => "Takes the preset's settings as they are; your changes can be brought back.",
            Self::RestoreSettings => "The settings as you had changed them before a preset took their place.",
            Self::Start => "Trains a new model with these settings.",
            Self::Pause => "Holds the work before its next step; the processor is free meanwhile.",
            Self::Resume => "Goes on where it was held.",
            Self::Stop => "Saves the model and ends the training; Continue goes on later.",
            Self::Continue => "Goes on from the newest checkpoint of this run.",
            Self::UseTrained => "Opens Play with the model that was just trained.",
            Self::ShowSheet(_) => "Shows what the model drew after fewer steps.",
            Self::StepSheet(_) => "Scrubs through what the model drew in the course of its training.",
            Self::NewestSheet => "Shows the newest preview sheet again, and each that comes.",
            Self::Runs(action) => action.explain(),
        }
    }
}
