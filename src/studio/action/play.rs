//! What can be asked for in Play.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{Binding, CTRL, always, plain};
use crate::studio::state::{State, Workspace};

/// A wish about drawing, playing and exporting.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayAction {
    /// Draw.
    Draw,
    /// Stop drawing.
    StopDrawing,
    /// Ask the model what it is, where that is shown and not known.
    Meet,
    /// Another seed.
    NextSeed,
    /// Show a drawing, by its place in the list.
    Select(usize),
    /// Show a drawing without the others.
    Alone(usize),
    /// Show all drawings at once, or one.
    AllAtOnce,
    /// Play or hold.
    Play,
    /// Colour strokes by their order, or not.
    Colours,
    /// Begin again at the end, or not.
    Loop,
    /// The next faster speed of the pen, or the next slower one.
    Faster(bool),
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
    /// To the field in which the path of a file can be typed.
    TypePath,
    /// Save to this file, in the form that its ending names.
    ExportTo(PathBuf),
    /// Export with the usual look.
    UsualLook,
}

fn playing(state: &State, action: PlayAction) -> Option<Action> {
    (state.workspace == Workspace::Play && !state.play.sketches().is_empty()).then_some(action.into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    always(CTRL.plus(Modifiers::SHIFT), Key::E, |state| (state.workspace == Workspace::Play).then_some(PlayAction::TypePath.into())),
    always(CTRL, Key::E, |state| (state.workspace == Workspace::Play).then_some(PlayAction::ExportGif.into())),
    plain(Modifiers::NONE, Key::Space, |state| playing(state, PlayAction::Play)),
    plain(Modifiers::NONE, Key::G, |state| playing(state, PlayAction::AllAtOnce)),
    plain(Modifiers::NONE, Key::C, |state| playing(state, PlayAction::Colours)),
    plain(Modifiers::NONE, Key::L, |state| playing(state, PlayAction::Loop)),
    plain(Modifiers::NONE, Key::CloseBracket, |state| playing(state, PlayAction::Faster(true))),
    plain(Modifiers::NONE, Key::OpenBracket, |state| playing(state, PlayAction::Faster(false))),
    plain(Modifiers::SHIFT, Key::ArrowRight, |state| playing(state, PlayAction::StepStroke(true))),
    plain(Modifiers::SHIFT, Key::ArrowLeft, |state| playing(state, PlayAction::StepStroke(false))),
    plain(Modifiers::NONE, Key::ArrowRight, |state| playing(state, PlayAction::StepPoint(true))),
    plain(Modifiers::NONE, Key::ArrowLeft, |state| playing(state, PlayAction::StepPoint(false))),
    plain(Modifiers::NONE, Key::ArrowDown, |state| playing(state, PlayAction::Select(state.play.selected + 1))),
    plain(Modifiers::NONE, Key::ArrowUp, |state| playing(state, PlayAction::Select(state.play.selected.saturating_sub(1)))),
    plain(Modifiers::NONE, Key::Home, |state| playing(state, PlayAction::Seek(0.0))),
    plain(Modifiers::NONE, Key::End, |state| playing(state, PlayAction::Seek(f32::INFINITY))),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let mut all = vec![
        PlayAction::Draw,
        PlayAction::StopDrawing,
        PlayAction::NextSeed,
        PlayAction::ExportGif,
        PlayAction::ExportPicture,
        PlayAction::TypePath,
    ];
    if state.workspace == Workspace::Play {
        let steps = [true, false].into_iter().flat_map(|forward| [PlayAction::StepPoint(forward), PlayAction::StepStroke(forward)]);
        let looks = [PlayAction::AllAtOnce, PlayAction::Colours, PlayAction::Loop, PlayAction::Faster(true), PlayAction::Faster(false)];
        all.extend([PlayAction::Play].into_iter().chain(looks).chain([PlayAction::UsualLook]).chain(steps));
    }
    all.into_iter().map(Action::from).collect()
}

impl PlayAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Draw => "Draw".into(),
            Self::StopDrawing => "Stop drawing".into(),
            Self::Meet => "Read the model".into(),
            Self::NextSeed => "Next seed".into(),
            Self::Select(index) => format!("Drawing {}", index + 1),
            Self::Alone(index) => format!("Show drawing {} alone", index + 1),
            Self::AllAtOnce => "All at once".into(),
            Self::Colours => "Colours".into(),
            Self::Loop => "Loop".into(),
            Self::Faster(true) => "Faster".into(),
            Self::Faster(false) => "Slower".into(),
            Self::Play => "Play or hold".into(),
            Self::StepPoint(true) => "Next point".into(),
            Self::StepPoint(false) => "Previous point".into(),
            Self::StepStroke(true) => "Next stroke".into(),
            Self::StepStroke(false) => "Previous stroke".into(),
            Self::Seek(_) => "Scrub".into(),
            Self::ExportGif => "Export GIF…".into(),
            Self::ExportPicture => "Export picture…".into(),
            Self::TypePath => "Type a path to export to".into(),
            Self::ExportTo(_) => "Export".into(),
            Self::UsualLook => "Usual look".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Draw => "Lets the model draw.",
            Self::StopDrawing => "Ends the drawing that is going on.",
            Self::NextSeed => "Another seed gives other drawings; the same seed gives the same ones.",
            Self::Alone(_) => "Leaves the others and plays this drawing from its start.",
            Self::AllAtOnce => "Plays all drawings side by side, each at the same share of its own time.",
            Self::Play => "Lets the drawing appear as it was drawn, or holds it.",
            Self::StepPoint(_) => "Moves the playback by a point.",
            Self::StepStroke(_) => "Moves the playback to where a stroke begins or ends.",
            Self::ExportGif => "Saves the shown drawing's playback, looking as you set it under How it looks.",
            Self::ExportPicture => {
                "Saves a picture, looking as you set it under How it looks: .png, .svg, or .ndjson for the strokes themselves."
            }
            Self::Colours => "Colours strokes by their order; otherwise all are ink.",
            Self::Loop => "Begins again at the end.",
            Self::Faster(_) => "Changes the speed of the pen.",
            Self::TypePath => "Goes to the field under Export, where Enter then writes the file.",
            Self::UsualLook => "Takes back what was changed of the look of exported files.",
            _ => "",
        }
    }
}
