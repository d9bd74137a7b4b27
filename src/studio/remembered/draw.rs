//! What a person chose in Draw.

use eframe::egui::{Context, Id};

use super::keep;
use crate::studio::state::State;

/// Of Draw: whether the model goes on unasked, and the word that drawings were kept under.
type Kept = (bool, String);

fn id() -> Id {
    Id::unique("denoodle draw")
}

fn of(state: &State) -> Kept {
    (state.draw.live, state.draw.word.clone())
}

/// Takes over what was remembered.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    if let Some((live, word)) = ctx.data_mut(|data| data.get_persisted::<Kept>(id())) {
        (state.draw.live, state.draw.word) = (live, word);
    }
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    keep(ctx, id(), of(state));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::remembered::tests::fresh;

    #[test]
    fn the_word_and_the_live_switch_come_back() {
        let ctx = Context::default();
        let mut state = fresh();
        recall(&ctx, &mut state);
        assert_eq!(of(&state), (true, String::new()));
        (state.draw.live, state.draw.word) = (false, "ice cream".into());
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert_eq!(of(&next), (false, "ice cream".into()));
    }
}
