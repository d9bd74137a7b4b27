//! Whether a newcomer has been shown three things to try, and is done with them.

use eframe::egui::{Context, Id};

use super::keep;
use crate::studio::state::State;

fn id() -> Id {
    Id::unique("denoodle things to try")
}

/// Takes over what was remembered.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    if let Some(open) = ctx.data_mut(|data| data.get_persisted::<bool>(id())) {
        state.tries = Some(open);
    }
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    if let Some(open) = state.tries {
        keep(ctx, id(), open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::action::Action;
    use crate::studio::remembered::tests::fresh;

    #[test]
    fn they_stay_until_they_are_closed_and_stay_closed() {
        let ctx = Context::default();
        let mut state = fresh();
        recall(&ctx, &mut state);
        remember(&ctx, &state);
        assert_eq!(state.tries, None, "nobody was shown them");
        for open in [true, false] {
            state.act(Action::ShowTries(open));
            remember(&ctx, &state);
            let mut next = fresh();
            recall(&ctx, &mut next);
            assert_eq!(next.tries, Some(open));
        }
    }
}
