//! Keys, and what they ask for.

use eframe::egui::{self, Key, KeyboardShortcut, Modifiers};

use super::{Action, categories, compare, denoise, draw, evaluate, interpolate, play, runs, train};
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

/// The tabs are numbered in their order.
fn tab(place: usize) -> Option<Action> {
    Workspace::ALL.get(place).copied().map(Action::Show)
}

/// Those that hold everywhere.
const EVERYWHERE: &[Binding] = &[
    always(CTRL, Key::K, |state| Some(Action::ShowCommands(state.commands.is_none()))),
    always(CTRL, Key::Q, |_| Some(Action::Close)),
    always(CTRL, Key::Num1, |_| tab(0)),
    always(CTRL, Key::Num2, |_| tab(1)),
    always(CTRL, Key::Num3, |_| tab(2)),
    always(CTRL, Key::Num4, |_| tab(3)),
    always(CTRL, Key::Num5, |_| tab(4)),
    always(CTRL, Key::Num6, |_| tab(5)),
    always(CTRL, Key::Num7, |_| tab(6)),
    always(CTRL, Key::Num8, |_| tab(7)),
    always(CTRL, Key::Num9, |_| tab(8)),
    always(CTRL, Key::Enter, |state| Some(state.main_action())),
    always(CTRL, Key::M, |_| Some(Action::ToggleMessages)),
    always(Modifiers::NONE, Key::F5, |state| Some(Action::Present(!state.is_presenting()))),
    always(Modifiers::NONE, Key::Escape, leave_presentation),
];

/// Whatever lies over the drawing is closed first, by itself.
fn leave_presentation(state: &State) -> Option<Action> {
    let covered = state.commands.is_some() || state.about || state.replacing.is_some() || state.closing != Closing::No;
    (state.is_presenting() && !covered).then_some(Action::Present(false))
}

/// Every shortcut. Within a workspace, those with more modifiers come first: egui would otherwise take the shorter one.
pub(super) fn bindings() -> impl Iterator<Item = &'static Binding> {
    let workspaces = [
        categories::KEYS,
        train::KEYS,
        runs::KEYS,
        denoise::KEYS,
        play::KEYS,
        draw::KEYS,
        interpolate::KEYS,
        evaluate::KEYS,
        compare::KEYS,
    ];
    EVERYWHERE.iter().chain(workspaces.into_iter().flatten())
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
