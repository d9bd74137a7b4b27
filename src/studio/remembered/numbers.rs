//! The preset to train, and the numbers that a person drew, followed and played with.

use eframe::egui::{Context, Id};

use super::{keep, within};
use crate::config::PRESETS;
use crate::studio::action::TrainAction;
use crate::studio::state::State;

/// The preset's name; the seeds of Train, Play and Denoise; of Play how many, how fast, and whether again and again.
type Kept = (String, [u64; 3], f64, f32, bool);

fn id() -> Id {
    Id::unique("denoodle preset and numbers")
}

fn of(state: &State) -> Kept {
    let (play, playback) = (&state.play, &state.play.playback);
    let seeds = [state.form.seed, play.seed, state.denoise.seed];
    (state.form.settings.base().name.clone(), seeds, play.count, playback.speed, playback.looping)
}

/// Takes over what was remembered, but for what there is no more.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    let Some((preset, seeds, count, speed, looping)) = ctx.data_mut(|data| data.get_persisted::<Kept>(id())) else { return };
    if PRESETS.iter().any(|(name, _)| *name == preset) {
        state.act(TrainAction::UsePreset(preset).into());
    }
    [state.form.seed, state.play.seed, state.denoise.seed] = seeds;
    if within("call.count", count) {
        state.play.count = count;
    }
    if within("call.speed", f64::from(speed)) {
        state.play.playback.speed = speed;
    }
    state.play.playback.looping = looping;
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
    fn the_preset_and_the_numbers_come_back() {
        let ctx = Context::default();
        let mut state = fresh();
        recall(&ctx, &mut state);
        assert_eq!(of(&state), of(&fresh()));
        state.act(TrainAction::UsePreset("sketch_rnn_small".into()).into());
        (state.form.seed, state.play.seed, state.denoise.seed) = (5, u64::MAX, 7);
        (state.play.count, state.play.playback.speed, state.play.playback.looping) = (3.0, 0.5, false);
        remember(&ctx, &state);
        let mut next = fresh();
        recall(&ctx, &mut next);
        assert_eq!(of(&next), ("sketch_rnn_small".into(), [5, u64::MAX, 7], 3.0, 0.5, false));
        assert_eq!(next.form.settings.preset(), state.form.settings.preset(), "all of it, and not the name alone");
    }

    #[test]
    fn what_cannot_be_is_as_usual() {
        let ctx = Context::default();
        keep::<Kept>(&ctx, id(), ("gone".into(), [1, 2, 3], 0.0, f32::NAN, true));
        let mut state = fresh();
        recall(&ctx, &mut state);
        let (preset, _, count, speed, looping) = of(&fresh());
        assert_eq!(of(&state), (preset, [1, 2, 3], count, speed, looping));
        assert!(state.messages.list().is_empty());
    }
}
