//! What can be asked for in Interpolate.

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{Binding, plain};
use crate::studio::state::denoise::Source;
use crate::studio::state::interpolate::{Interpolate, STEPS};
use crate::studio::state::{State, Workspace};

/// A wish about what lies between two drawings.
#[derive(Debug, Clone, PartialEq)]
pub enum InterpolateAction {
    /// Draw the way between the chosen drawings.
    Draw,
    /// The next two drawings.
    Next,
    /// Something was set: draw the way, if it differs from what is shown.
    Settle,
    /// Stop the work.
    Stop,
    /// Let the ends change places.
    Swap,
    /// Where the first end's drawing comes from (`false`), or the second's.
    Use(bool, Source),
    /// To a place on the way.
    Go(usize),
    /// A little on, or back.
    Step(bool),
    /// To the next drawing of the strip, or the one before.
    Jump(bool),
    /// To Train, with a preset of a model that can.
    Train,
}

fn going(state: &State, action: InterpolateAction) -> Option<Action> {
    (state.workspace == Workspace::Interpolate && state.interpolate.way.is_some()).then_some(action.into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    plain(Modifiers::SHIFT, Key::ArrowRight, |state| going(state, InterpolateAction::Jump(true))),
    plain(Modifiers::SHIFT, Key::ArrowLeft, |state| going(state, InterpolateAction::Jump(false))),
    plain(Modifiers::NONE, Key::ArrowRight, |state| going(state, InterpolateAction::Step(true))),
    plain(Modifiers::NONE, Key::ArrowLeft, |state| going(state, InterpolateAction::Step(false))),
    plain(Modifiers::NONE, Key::Home, |state| going(state, InterpolateAction::Go(0))),
    plain(Modifiers::NONE, Key::End, |state| going(state, InterpolateAction::Go(STEPS))),
    plain(Modifiers::NONE, Key::N, |state| going(state, InterpolateAction::Next)),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let all =
        [InterpolateAction::Draw, InterpolateAction::Next, InterpolateAction::Stop, InterpolateAction::Swap, InterpolateAction::Train];
    let steps = [true, false].into_iter().flat_map(|forward| [InterpolateAction::Step(forward), InterpolateAction::Jump(forward)]);
    let moves = steps.filter(|_| state.workspace == Workspace::Interpolate);
    all.into_iter().chain(moves).map(Action::from).collect()
}

impl InterpolateAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Draw => "Draw the way".into(),
            Self::Next => "Next two drawings".into(),
            Self::Settle => "Draw what is set".into(),
            Self::Stop => "Stop".into(),
            Self::Swap => "Swap ends".into(),
            Self::Use(_, Source::Drawn) => "The model's".into(),
            Self::Use(_, Source::Real) => "A real one".into(),
            Self::Go(place) => format!("At {}", Interpolate::percent(*place)),
            Self::Step(true) => "A little on".into(),
            Self::Step(false) => "A little back".into(),
            Self::Jump(true) => "Next drawing between".into(),
            Self::Jump(false) => "Previous drawing between".into(),
            Self::Train => "Train one that can".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Draw => "Reads both drawings into latent vectors, and draws nine from one to the other.",
            Self::Next => "Takes the next number but one at both ends.",
            Self::Settle => "Draws the way again with what was set.",
            Self::Stop => "Ends the drawing; the way that was drawn before stays.",
            Self::Swap => "Lets the first and the second drawing change places.",
            Self::Use(_, Source::Drawn) => "A drawing that the model makes by itself.",
            Self::Use(_, Source::Real) => "A drawing by a person, of the data set.",
            Self::Go(_) => "Shows this drawing large.",
            Self::Step(_) => "Moves by a fortieth of the way; what is not drawn yet is drawn then.",
            Self::Jump(_) => "Moves to the neighbouring drawing of the strip.",
            Self::Train => "Goes to Train, with the preset of a small Sketch-RNN, which has a latent vector.",
        }
    }
}
