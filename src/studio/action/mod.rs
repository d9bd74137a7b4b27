//! Everything that a person can ask for. Buttons, menus, shortcuts and the list of commands all send these, and nothing else changes what
//! is going on.
//!
//! What belongs to a workspace is an enum of its own, in a file that says all of it: words, explanations, keys, what is listed. What the
//! wishes do, and why they cannot be carried out, is in the workspace's part of the state.

mod categories;
mod compare;
mod denoise;
mod draw;
mod evaluate;
mod interpolate;
mod keys;
mod play;
mod runs;
mod train;

use std::path::PathBuf;

use eframe::egui::KeyboardShortcut;

pub use categories::CategoriesAction;
pub use compare::CompareAction;
pub use denoise::DenoiseAction;
pub use draw::DrawAction;
pub use evaluate::EvaluateAction;
pub use interpolate::InterpolateAction;
pub use keys::{Binding, pressed};
pub use play::PlayAction;
pub use runs::RunsAction;
pub use train::TrainAction;

use super::state::tries::Try;
use super::state::{State, Workspace};
use super::words;

/// A wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Go to a workspace.
    Show(Workspace),
    /// Large type and nothing but the drawing, for a projector; or back.
    Present(bool),
    /// Light to dark and back.
    SwitchTheme,
    /// Open or close what is said of the program itself.
    ShowAbout(bool),
    /// Open or close the list of all commands.
    ShowCommands(bool),
    /// Open or close the list of messages.
    ToggleMessages,
    /// Empty it.
    ClearMessages,
    /// Say this no longer beside the work, by its number.
    DismissToast(u64),
    /// Show or close three things to try.
    ShowTries(bool),
    /// Try one of them.
    Try(Try),
    /// Draw with this model.
    UseModel(PathBuf),
    /// Open a dialog to choose a model file.
    ChooseModel,
    /// Something in Categories.
    Categories(CategoriesAction),
    /// Something in Train.
    Train(TrainAction),
    /// Something in Denoise.
    Denoise(DenoiseAction),
    /// Something in Play.
    Play(PlayAction),
    /// Something in Draw.
    Draw(DrawAction),
    /// Something in Interpolate.
    Interpolate(InterpolateAction),
    /// Something in Evaluate.
    Evaluate(EvaluateAction),
    /// Something in Compare.
    Compare(CompareAction),
    /// Replace the file that was asked about, or leave it as it is.
    Replace(bool),
    /// Close the window; asks first while a model is training, and if anything would be lost.
    Close,
    /// Save the training, then close.
    SaveAndClose,
    /// Stay, and go on training.
    KeepTraining,
    /// Close, whatever is lost.
    CloseAnyway,
    /// Stay.
    Stay,
}

impl From<CategoriesAction> for Action {
    fn from(action: CategoriesAction) -> Self {
        Self::Categories(action)
    }
}

impl From<TrainAction> for Action {
    fn from(action: TrainAction) -> Self {
        Self::Train(action)
    }
}

impl From<DenoiseAction> for Action {
    fn from(action: DenoiseAction) -> Self {
        Self::Denoise(action)
    }
}

impl From<PlayAction> for Action {
    fn from(action: PlayAction) -> Self {
        Self::Play(action)
    }
}

impl From<DrawAction> for Action {
    fn from(action: DrawAction) -> Self {
        Self::Draw(action)
    }
}

impl From<EvaluateAction> for Action {
    fn from(action: EvaluateAction) -> Self {
        Self::Evaluate(action)
    }
}

impl From<InterpolateAction> for Action {
    fn from(action: InterpolateAction) -> Self {
        Self::Interpolate(action)
    }
}

impl From<CompareAction> for Action {
    fn from(action: CompareAction) -> Self {
        Self::Compare(action)
    }
}

impl Action {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Show(workspace) => workspace.name().into(),
            Self::Present(true) => "Present".into(),
            Self::Present(false) => "Leave presentation".into(),
            Self::SwitchTheme => "Switch theme".into(),
            Self::ShowAbout(true) => "About".into(),
            Self::ShowAbout(false) | Self::ShowCommands(false) | Self::Close => "Close".into(),
            Self::ShowCommands(true) => "Commands".into(),
            Self::ToggleMessages => "Messages".into(),
            Self::ClearMessages => "Clear messages".into(),
            Self::DismissToast(_) => "Dismiss".into(),
            Self::ShowTries(true) => "Three things to try".into(),
            Self::ShowTries(false) => "Not now".into(),
            Self::Try(what) => what.name().into(),
            Self::UseModel(path) => words::model_name(path),
            Self::ChooseModel => "Choose file…".into(),
            Self::Categories(action) => action.label(),
            Self::Train(action) => action.label(),
            Self::Denoise(action) => action.label(),
            Self::Play(action) => action.label(),
            Self::Draw(action) => action.label(),
            Self::Interpolate(action) => action.label(),
            Self::Evaluate(action) => action.label(),
            Self::Compare(action) => action.label(),
            Self::SaveAndClose => "Save and close".into(),
            Self::KeepTraining => "Keep training".into(),
            Self::CloseAnyway => "Close and lose it".into(),
            Self::Stay => "Stay".into(),
            Self::Replace(true) => "Replace".into(),
            Self::Replace(false) => "Keep the old file".into(),
        }
    }

    /// The words in the list of commands, where no place says what they are about.
    pub fn command(&self) -> String {
        match self {
            Self::Show(workspace) => format!("Go to {}", workspace.name()),
            Self::UseModel(path) => format!("Use model {}", words::model_name(path)),
            Self::ChooseModel => "Choose a model file…".into(),
            Self::ToggleMessages => "Show or hide messages".into(),
            Self::ShowAbout(_) => "About Denoodle".into(),
            Self::Close => "Close the window".into(),
            // Of Play by its place alone.
            Self::ShowTries(_) => self.label(),
            _ => match self.home() {
                Some(workspace) => format!("{}: {}", workspace.name(), self.label()),
                None => self.label(),
            },
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Present(true) => "Large type, and nothing but the drawing: for a projector.",
            Self::Present(false) => "Back to all controls (Escape works as well).",
            Self::ShowAbout(true) => "The version, the shipped models, and whom to thank for the drawings.",
            Self::ShowCommands(true) => "Everything that can be done, to be found by typing.",
            Self::ShowTries(true) => "What to begin with: drawing together, how noise becomes a line, or a model of one's own.",
            Self::ShowTries(false) => "Closes this; Commands finds it again as Three things to try.",
            Self::Replace(true) => "Writes the new file in the place of the old one, which is gone then.",
            Self::Replace(false) => "Nothing is written; type another path.",
            Self::Categories(action) => action.explain(),
            Self::Train(action) => action.explain(),
            Self::Denoise(action) => action.explain(),
            Self::Play(action) => action.explain(),
            Self::Draw(action) => action.explain(),
            Self::Interpolate(action) => action.explain(),
            Self::Evaluate(action) => action.explain(),
            Self::Compare(action) => action.explain(),
            _ => "",
        }
    }

    /// One sentence for the list of commands: there, even what a button makes plain must be said.
    pub fn told(&self) -> &'static str {
        match self {
            Self::Show(workspace) => workspace.about(),
            Self::SwitchTheme => "Warm paper or deep slate.",
            Self::ToggleMessages => "What finished, failed or needed your attention.",
            Self::ClearMessages => "Forgets all of them.",
            Self::UseModel(_) => "Draws in Play, Draw, Denoise and Interpolate.",
            Self::ChooseModel => "Any model file on this machine.",
            Self::Close => "Asks first if a model is being trained, or if anything would be lost.",
            _ => self.explain(),
        }
    }

    /// The workspace that it belongs to.
    pub fn home(&self) -> Option<Workspace> {
        match self {
            Self::Categories(_) => Some(Workspace::Categories),
            Self::Train(_) => Some(Workspace::Train),
            Self::Denoise(_) => Some(Workspace::Denoise),
            Self::Play(_) | Self::ShowTries(_) => Some(Workspace::Play),
            Self::Draw(_) => Some(Workspace::Draw),
            Self::Interpolate(_) => Some(Workspace::Interpolate),
            Self::Evaluate(_) => Some(Workspace::Evaluate),
            Self::Compare(_) => Some(Workspace::Compare),
            _ => None,
        }
    }

    /// Its keys, if it has any.
    pub fn keys(&self, state: &State) -> Option<KeyboardShortcut> {
        keys::bindings().find(|binding| (binding.means)(state).as_ref() == Some(self)).map(|binding| binding.keys)
    }

    /// All that a person may want to find by its words: what the workspace at hand offers first, then the rest.
    pub fn listed(state: &State) -> Vec<Self> {
        let mut parts = [
            (Workspace::Categories, categories::listed(state)),
            (Workspace::Train, train::listed(state)),
            (Workspace::Denoise, denoise::listed(state)),
            (Workspace::Play, play::listed(state)),
            (Workspace::Draw, draw::listed(state)),
            (Workspace::Interpolate, interpolate::listed(state)),
            (Workspace::Evaluate, evaluate::listed(state)),
            (Workspace::Compare, compare::listed(state)),
        ];
        parts.sort_by_key(|(workspace, _)| *workspace != state.workspace);
        let [own, others @ ..] = parts;
        let models = state.library.models.iter().cloned().map(Self::UseModel);
        let shell = [
            Self::Present(!state.is_presenting()),
            Self::SwitchTheme,
            Self::ToggleMessages,
            Self::ClearMessages,
            Self::ShowTries(true),
            Self::ShowAbout(true),
            Self::Close,
        ];
        let places = Workspace::ALL.into_iter().filter(|workspace| *workspace != state.workspace).map(Self::Show);
        let rest = others.into_iter().flat_map(|(_, actions)| actions);
        own.1.into_iter().chain(places).chain(rest).chain(models).chain([Self::ChooseModel]).chain(shell).collect()
    }
}
