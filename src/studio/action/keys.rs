//! Keys, and what they ask for.

use eframe::egui::{self, Key, KeyboardShortcut, Modifiers};

use super::{Action, denoise, evaluate, play, train};
use crate::studio::state::{Closing, State, Workspace};

/// Ctrl, or what stands for it.
pub(super) const CTRL: Modifiers = Modifiers::COMMAND;

/// A key, and what it asks for in a given state.
pub struct Binding {
    /// The keys.
    pub keys: KeyboardShortcut,
    /// Works even while a text field is being edited.
    pub always: bool,
    /// What it means now, if anything.
    pub means: fn(&State) -> Option<Action>,
}

pub(super) const fn always(modifiers: Modifiers, key: Key, means: fn(&State) -> Option<Action>) -> Binding {
    Binding { keys: KeyboardShortcut::new(modifiers, key), always: true, means }
}

pub(super) const fn plain(modifiers: Modifiers, key: Key, means: fn(&State) -> Option<Action>) -> Binding {
    Binding { keys: KeyboardShortcut::new(modifiers, key), always: false, means }
}

/// Those that hold everywhere.
const EVERYWHERE: &[Binding] = &[
    always(CTRL, Key::K, |state| Some(Action::ShowCommands(state.commands.is_none()))),
    always(CTRL, Key::Q, |_| Some(Action::Close)),
    always(CTRL, Key::Num1, |_| Some(Action::Show(Workspace::Train))),
    always(CTRL, Key::Num2, |_| Some(Action::Show(Workspace::Denoise))),
    always(CTRL, Key::Num3, |_| Some(Action::Show(Workspace::Play))),
    always(CTRL, Key::Num4, |_| Some(Action::Show(Workspace::Evaluate))),
    always(CTRL, Key::Enter, |state| Some(state.main_action())),
    always(CTRL, Key::M, |_| Some(Action::ToggleMessages)),
    always(Modifiers::NONE, Key::F5, |state| Some(Action::Present(!state.is_presenting()))),
    always(Modifiers::NONE, Key::Escape, leave_presentation),
];

/// Whatever lies over the drawing is closed first, by itself.
fn leave_presentation(state: &State) -> Option<Action> {
    let covered = state.commands.is_some() || state.about || state.closing != Closing::No;
    (state.is_presenting() && !covered).then_some(Action::Present(false))
}

/// Every shortcut. Within a workspace, those with more modifiers come first: egui would otherwise take the shorter one.
pub(super) fn bindings() -> impl Iterator<Item = &'static Binding> {
    [EVERYWHERE, train::KEYS, denoise::KEYS, play::KEYS, evaluate::KEYS].into_iter().flatten()
}

/// What the keys of this frame ask for, as far as it can be done now; the keys are used up.
pub fn pressed(ctx: &egui::Context, state: &State) -> Vec<Action> {
    // A focused control has the first right to space and arrows.
    let focused = ctx.memory(|memory| memory.focused().is_some());
    // The list of commands has all keys for itself, but those that close it.
    let listing = state.commands.is_some();
    let mut actions = Vec::new();
    for binding in bindings().filter(|binding| binding.always || !(focused || listing)) {
        let Some(action) = (binding.means)(state) else { continue };
        if listing && action != Action::ShowCommands(false) {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(&binding.keys)) && state.why_not(&action).is_none() {
            actions.push(action);
        }
    }
    actions
}
