//! What can be asked for in Draw.

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{Binding, CTRL, always, plain};
use crate::studio::state::{State, Workspace};

/// A wish about drawing by hand, and about what a model makes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum DrawAction {
    /// The pen was lifted: its stroke is on the page.
    Lift,
    /// Take the next stroke of the chosen continuation.
    AcceptStroke,
    /// Take all of it; another drawing takes the page's place.
    AcceptWhole,
    /// Choose a continuation, by its place in the column.
    Select(usize),
    /// Other continuations: the next seed's.
    Others,
    /// Let the model go on now.
    Continue,
    /// Stop it.
    Stop,
    /// Take the last change of the page back.
    Undo,
    /// Make it again.
    Redo,
    /// Empty the page.
    Clear,
    /// Go on after every stroke, or only when asked.
    Live(bool),
    /// Something was set: go on with that.
    Settle,
    /// Add the page to the drawings of one's own.
    Keep,
    /// Remove the drawing that was kept last from them.
    TakeBack,
    /// Train a model on those of the word at hand.
    Train,
}

fn here(state: &State, action: DrawAction) -> Option<Action> {
    (state.workspace == Workspace::Draw).then_some(action.into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    plain(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z, |state| here(state, DrawAction::Redo)),
    plain(CTRL, Key::Z, |state| here(state, DrawAction::Undo)),
    plain(CTRL, Key::Y, |state| here(state, DrawAction::Redo)),
    plain(CTRL, Key::Delete, |state| here(state, DrawAction::Clear)),
    always(CTRL, Key::S, |state| here(state, DrawAction::Keep)),
    plain(Modifiers::SHIFT, Key::Enter, |state| here(state, DrawAction::AcceptWhole)),
    plain(Modifiers::SHIFT, Key::ArrowRight, |state| here(state, DrawAction::AcceptWhole)),
    plain(Modifiers::NONE, Key::Enter, |state| here(state, DrawAction::AcceptStroke)),
    plain(Modifiers::NONE, Key::ArrowRight, |state| here(state, DrawAction::AcceptStroke)),
    plain(Modifiers::NONE, Key::ArrowDown, |state| here(state, DrawAction::Select(state.draw.selected + 1))),
    plain(Modifiers::NONE, Key::ArrowUp, |state| here(state, DrawAction::Select(state.draw.selected.saturating_sub(1)))),
    plain(Modifiers::NONE, Key::O, |state| here(state, DrawAction::Others)),
    plain(Modifiers::NONE, Key::L, |state| here(state, DrawAction::Live(!state.draw.live))),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let model = [DrawAction::Continue, DrawAction::Stop, DrawAction::Others, DrawAction::Live(!state.draw.live)];
    let page = [DrawAction::AcceptStroke, DrawAction::AcceptWhole, DrawAction::Undo, DrawAction::Redo, DrawAction::Clear];
    let own = [DrawAction::Keep, DrawAction::TakeBack, DrawAction::Train];
    page.into_iter().chain(own).chain(model).map(Action::from).collect()
}

impl DrawAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Lift => "Lift the pen".into(),
            Self::AcceptStroke => "Accept next stroke".into(),
            Self::AcceptWhole => "Accept whole".into(),
            Self::Select(index) => format!("Continuation {}", index + 1),
            Self::Others => "Other continuations".into(),
            Self::Continue => "Continue".into(),
            Self::Stop => "Stop".into(),
            Self::Undo => "Undo".into(),
            Self::Redo => "Redo".into(),
            Self::Clear => "Clear".into(),
            Self::Live(_) => "Continue after every stroke".into(),
            Self::Settle => "Continue with what is set".into(),
            Self::Keep => "Keep this drawing".into(),
            Self::TakeBack => "Take back".into(),
            Self::Train => "Train on these".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Lift => "Puts the stroke on the page.",
            Self::AcceptStroke => "Adds what the chosen continuation draws next to your page.",
            Self::AcceptWhole => {
                "Adds all that the chosen continuation draws to your page; another drawing of your rhythm takes its place."
            }
            Self::Select(_) => "Chooses this one: what it draws can be accepted.",
            Self::Others => "Draws others for the same strokes, with the next seed.",
            Self::Continue => "Lets the model go on behind the strokes that are on the page, or draw with their pen rhythm.",
            Self::Stop => "Ends what the model is drawing.",
            Self::Undo => "Takes the last change of the page back.",
            Self::Redo => "Makes the change again that was taken back.",
            Self::Clear => "Empties the page; this can be undone.",
            Self::Live(_) => "Lets the model begin as soon as you lift the pen; otherwise it waits until it is asked.",
            Self::Settle => "Goes on with what was set.",
            Self::Keep => "Adds the page to a collection of your own that a model can be trained on.",
            Self::TakeBack => "Removes the drawing that you kept last from its collection; the page stays as it is.",
            Self::Train => "Opens Train with your own drawings of this word chosen, and no others.",
        }
    }
}
