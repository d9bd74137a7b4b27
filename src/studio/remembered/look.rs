//! How exported files look.

use eframe::egui::{Context, Id};

use super::{keep, within};
use crate::export::{Colours, Look};
use crate::studio::state::State;

/// Side, speed, line width, the colours' name, words, no ground.
type Kept = (Option<u32>, f64, Option<f64>, String, bool, bool);

fn id() -> Id {
    Id::unique("denoodle look of exports")
}

fn of(look: &Look) -> Kept {
    let Look { side, speed, line, colours, label, transparent } = look;
    (*side, *speed, *line, colours.name().to_owned(), *label, *transparent)
}

/// The look; what lies outside its limits, or is called otherwise by now, is as usual.
fn look((side, speed, line, colours, label, transparent): Kept) -> Look {
    let usual = Look::default();
    Look {
        side: side.filter(|side| within("call.side", f64::from(*side))),
        speed: if within("call.speed", speed) { speed } else { usual.speed },
        line: line.filter(|line| within("call.line", *line)),
        colours: Colours::ALL.into_iter().find(|known| known.name() == colours).unwrap_or_default(),
        label,
        transparent,
    }
}

/// Takes over what was remembered.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    if let Some(kept) = ctx.data_mut(|data| data.get_persisted::<Kept>(id())) {
        state.export.look = look(kept);
    }
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    keep(ctx, id(), of(&state.export.look));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::remembered::tests::fresh;

    #[test]
    fn the_look_comes_back() {
        let ctx = Context::default();
        let mut state = fresh();
        recall(&ctx, &mut state);
        assert_eq!(state.export.look, Look::default());
        let wished = Look { side: Some(512), speed: 2.0, line: Some(3.0), colours: Colours::OrderOnSlate, label: false, transparent: true };
        state.export.look = wished.clone();
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert_eq!(next.export.look, wished);
        // Taken back, it stays so.
        next.export.look = Look::default();
        remember(&ctx, &next);
        recall(&ctx, &mut state);
        assert_eq!(state.export.look, Look::default());
    }

    #[test]
    fn what_cannot_be_is_as_usual() {
        assert_eq!(look((Some(9), f64::NAN, Some(-1.0), "rainbow".into(), true, false)), Look::default());
    }
}
