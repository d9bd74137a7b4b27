//! Everything that a person can ask for. Buttons, menus and shortcuts all send these, and nothing else changes what is going on.

use std::path::PathBuf;

use eframe::egui::{self, Key, KeyboardShortcut, Modifiers};

use super::state::{State, Workspace};
use crate::session::ScoreKind;

/// A wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Go to a workspace.
    Show(Workspace),
    /// Light to dark and back.
    SwitchTheme,
    /// Open or close what is said of the program itself.
    ShowAbout(bool),
    /// Open or close the list of messages.
    ToggleMessages,
    /// Empty it.
    ClearMessages,
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
    /// Draw with this model.
    UseModel(PathBuf),
    /// Open a dialog to choose a model file.
    ChooseModel,
    /// Draw.
    Draw,
    /// Stop drawing.
    StopDrawing,
    /// Another seed.
    NextSeed,
    /// Show a drawing, by its place in the list.
    Select(usize),
    /// Play or hold.
    Play,
    /// One point forward, or back.
    StepPoint(bool),
    /// One stroke forward, or back.
    StepStroke(bool),
    /// To a time of the playback, in seconds.
    Seek(f32),
    /// Open a dialog to save the playback.
    ExportGif,
    /// Open a dialog to save a picture.
    ExportPicture,
    /// Save to this file, in the form that its ending names.
    ExportTo(PathBuf),
    /// Score the chosen drawings.
    Evaluate,
    /// Stop scoring.
    CancelEvaluation,
    /// One more model or file of drawings to score.
    AddSubject(PathBuf),
    /// One less, by its place in the list.
    RemoveSubject(usize),
    /// Open a dialog to choose a model or a file of drawings.
    ChooseSubject,
    /// Show this subject's scores.
    SelectScores(usize),
    /// Say what a score means; nothing closes the explanation.
    Explain(Option<ScoreKind>),
    /// Show the folder of the scores' files.
    OpenScoresFolder,
    /// Open a dialog to save the scores that are shown.
    SaveScores,
    /// Save them to this file.
    SaveScoresTo(PathBuf),
    /// Download the Inception weights.
    FetchWeights,
    /// Take them over from this file.
    ImportWeights(PathBuf),
    /// Open a dialog to choose their file.
    ChooseWeights,
    /// Stop downloading them.
    StopWeights,
    /// Close the window; asks first while a model is training.
    Close,
    /// Save the training, then close.
    SaveAndClose,
    /// Stay.
    KeepTraining,
}

const CTRL: Modifiers = Modifiers::COMMAND;

/// A key, and what it asks for in a given state.
pub struct Binding {
    /// The keys.
    pub keys: KeyboardShortcut,
    /// Works even while a text field is being edited.
    pub always: bool,
    /// What it means now, if anything.
    pub means: fn(&State) -> Option<Action>,
}

const fn always(keys: KeyboardShortcut, means: fn(&State) -> Option<Action>) -> Binding {
    Binding { keys, always: true, means }
}

const fn plain(modifiers: Modifiers, key: Key, means: fn(&State) -> Option<Action>) -> Binding {
    Binding { keys: KeyboardShortcut::new(modifiers, key), always: false, means }
}

fn playing(state: &State, action: Action) -> Option<Action> {
    (state.workspace == Workspace::Play && !state.play.sketches().is_empty()).then_some(action)
}

fn close_explanation(state: &State) -> Option<Action> {
    state.evaluation.explained.filter(|_| state.workspace == Workspace::Evaluate).map(|_| Action::Explain(None))
}

/// Another of several subjects that are scored.
fn scored(state: &State, index: usize) -> Option<Action> {
    (state.workspace == Workspace::Evaluate && index < state.evaluation.results.len()).then_some(Action::SelectScores(index))
}

/// Every shortcut. Those with more modifiers come first: egui would otherwise take the shorter one.
pub const BINDINGS: &[Binding] = &[
    always(KeyboardShortcut::new(CTRL, Key::Q), |_| Some(Action::Close)),
    always(KeyboardShortcut::new(CTRL, Key::Num1), |_| Some(Action::Show(Workspace::Train))),
    always(KeyboardShortcut::new(CTRL, Key::Num2), |_| Some(Action::Show(Workspace::Play))),
    always(KeyboardShortcut::new(CTRL, Key::Num3), |_| Some(Action::Show(Workspace::Evaluate))),
    always(KeyboardShortcut::new(CTRL, Key::Enter), |state| Some(state.main_action())),
    always(KeyboardShortcut::new(CTRL, Key::P), |state| match state.run.is_paused() {
        true => Some(Action::Resume),
        false => Some(Action::Pause),
    }),
    always(KeyboardShortcut::new(CTRL, Key::E), |state| (state.workspace == Workspace::Play).then_some(Action::ExportGif)),
    always(KeyboardShortcut::new(CTRL, Key::S), |state| (state.workspace == Workspace::Evaluate).then_some(Action::SaveScores)),
    always(KeyboardShortcut::new(CTRL, Key::M), |_| Some(Action::ToggleMessages)),
    plain(Modifiers::NONE, Key::Space, |state| playing(state, Action::Play)),
    plain(Modifiers::SHIFT, Key::ArrowRight, |state| playing(state, Action::StepStroke(true))),
    plain(Modifiers::SHIFT, Key::ArrowLeft, |state| playing(state, Action::StepStroke(false))),
    plain(Modifiers::NONE, Key::ArrowRight, |state| playing(state, Action::StepPoint(true))),
    plain(Modifiers::NONE, Key::ArrowLeft, |state| playing(state, Action::StepPoint(false))),
    plain(Modifiers::NONE, Key::ArrowDown, |state| scored(state, state.evaluation.selected + 1)),
    plain(Modifiers::NONE, Key::ArrowUp, |state| scored(state, state.evaluation.selected.wrapping_sub(1))),
    plain(Modifiers::NONE, Key::Escape, close_explanation),
    plain(Modifiers::NONE, Key::ArrowDown, |state| playing(state, Action::Select(state.play.selected + 1))),
    plain(Modifiers::NONE, Key::ArrowUp, |state| playing(state, Action::Select(state.play.selected.saturating_sub(1)))),
    plain(Modifiers::NONE, Key::Home, |state| playing(state, Action::Seek(0.0))),
    plain(Modifiers::NONE, Key::End, |state| playing(state, Action::Seek(f32::INFINITY))),
];

/// What the keys of this frame ask for, as far as it can be done now; the keys are used up.
pub fn pressed(ctx: &egui::Context, state: &State) -> Vec<Action> {
    // A focused control has the first right to space and arrows.
    let focused = ctx.memory(|memory| memory.focused().is_some());
    let usable = BINDINGS.iter().filter(|binding| binding.always || !focused);
    let mut actions = Vec::new();
    for binding in usable {
        let Some(action) = (binding.means)(state) else { continue };
        if ctx.input_mut(|input| input.consume_shortcut(&binding.keys)) && state.why_not(&action).is_none() {
            actions.push(action);
        }
    }
    actions
}

impl Action {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Show(workspace) => workspace.name().into(),
            Self::SwitchTheme => "Switch theme".into(),
            Self::ShowAbout(true) => "About".into(),
            Self::ShowAbout(false) => "Close".into(),
            Self::ToggleMessages => "Messages".into(),
            Self::ClearMessages => "Clear messages".into(),
            Self::Survey => "Look again".into(),
            Self::Fetch(category) => format!("Fetch {category}"),
            Self::StopFetching => "Stop fetching".into(),
            Self::UsePreset(name) => name.clone(),
            Self::ResetSettings => "Reset to preset".into(),
            Self::Start => "Start training".into(),
            Self::Pause => "Pause".into(),
            Self::Resume => "Resume".into(),
            Self::Stop => "Stop".into(),
            Self::Continue => "Continue".into(),
            Self::UseTrained => "Draw with this model".into(),
            Self::UseModel(path) => super::words::model_name(path),
            Self::ChooseModel => "Choose file…".into(),
            Self::Draw => "Draw".into(),
            Self::StopDrawing => "Stop drawing".into(),
            Self::NextSeed => "Next seed".into(),
            Self::Select(index) => format!("Drawing {}", index + 1),
            Self::Play => "Play or hold".into(),
            Self::StepPoint(true) => "Next point".into(),
            Self::StepPoint(false) => "Previous point".into(),
            Self::StepStroke(true) => "Next stroke".into(),
            Self::StepStroke(false) => "Previous stroke".into(),
            Self::Seek(_) => "Scrub".into(),
            Self::ExportGif => "Export GIF…".into(),
            Self::ExportPicture => "Export picture…".into(),
            Self::ExportTo(_) => "Export".into(),
            Self::Evaluate => "Run evaluation".into(),
            Self::CancelEvaluation => "Cancel".into(),
            Self::AddSubject(_) => "Add".into(),
            Self::RemoveSubject(_) => "Remove".into(),
            Self::ChooseSubject => "Choose file…".into(),
            Self::SelectScores(index) => format!("Scores {}", index + 1),
            Self::Explain(Some(kind)) => format!("What does {} mean?", kind.name()),
            Self::Explain(None) => "Close explanation".into(),
            Self::OpenScoresFolder => "Open folder".into(),
            Self::SaveScores => "Save as…".into(),
            Self::SaveScoresTo(_) => "Save".into(),
            Self::FetchWeights => "Fetch weights".into(),
            Self::ImportWeights(_) => "Import".into(),
            Self::ChooseWeights => "Import file…".into(),
            Self::StopWeights => "Stop fetching".into(),
            Self::Close => "Close".into(),
            Self::SaveAndClose => "Save and close".into(),
            Self::KeepTraining => "Keep training".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::ShowAbout(true) => "The version, the shipped models, and whom to thank for the drawings.",
            Self::Survey => "Reads the folders of drawings and runs again.",
            Self::Fetch(_) => "Downloads the drawings from the data set's public bucket.",
            Self::ResetSettings => "Forgets your changes to the preset's settings.",
            Self::Start => "Trains a new model with these settings.",
            Self::Pause => "Holds the work before its next step; the processor is free meanwhile.",
            Self::Resume => "Goes on where it was held.",
            Self::Stop => "Saves the model and ends the training; Continue goes on later.",
            Self::Continue => "Goes on from the newest checkpoint of this run.",
            Self::UseTrained => "Opens Play with the model that was just trained.",
            Self::Draw => "Lets the model draw.",
            Self::NextSeed => "Another seed gives other drawings; the same seed gives the same ones.",
            Self::Evaluate => "Lets each model draw, and scores the drawings against real test drawings.",
            Self::CancelEvaluation => "Ends the evaluation; what is scored already stays.",
            Self::OpenScoresFolder => "Shows the scores' files in the file manager.",
            Self::SaveScores => "Saves the shown scores with all that they rest on, as JSON.",
            Self::FetchWeights => "Downloads the Inception weights and checks them.",
            Self::ChooseWeights => "Takes over a file that you have already, and checks it.",
            Self::ExportGif => "Saves the shown drawing's playback: 256 x 256, 50 frames a second.",
            Self::ExportPicture => "Saves a picture: .png, .svg, or .ndjson for the strokes themselves.",
            _ => "",
        }
    }

    /// Its keys, if it has any.
    pub fn keys(&self, state: &State) -> Option<KeyboardShortcut> {
        BINDINGS.iter().find(|binding| (binding.means)(state).as_ref() == Some(self)).map(|binding| binding.keys)
    }
}
