//! What is remembered from one day to the next, beside the theme and the sizes of panels, where egui keeps those.

mod draw;
mod look;

use eframe::egui::Context;

use super::state::State;

/// Takes over what was remembered.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    draw::recall(ctx, state);
    look::recall(ctx, state);
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    draw::remember(ctx, state);
    look::remember(ctx, state);
}
