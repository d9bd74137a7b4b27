//! What is remembered from one day to the next, beside the theme and the sizes of panels, where egui keeps those.

mod draw;
mod forms;
mod look;
mod numbers;
mod tries;
mod work;

use eframe::egui::util::id_type_map::SerializableAny;
use eframe::egui::{Context, Id};

use super::state::State;
use crate::config::limits::limit;

/// Takes over what was remembered.
pub(super) fn recall(ctx: &Context, state: &mut State) {
    draw::recall(ctx, state);
    look::recall(ctx, state);
    numbers::recall(ctx, state);
    // Behind the preset, which they are changes to.
    forms::recall(ctx, state);
    tries::recall(ctx, state);
    work::recall(ctx, state);
}

/// Remembers it.
pub(super) fn remember(ctx: &Context, state: &State) {
    draw::remember(ctx, state);
    look::remember(ctx, state);
    numbers::remember(ctx, state);
    forms::remember(ctx, state);
    tries::remember(ctx, state);
    work::remember(ctx, state);
}

/// Keeps a value under a name, if it is another one than before.
fn keep<T: SerializableAny + PartialEq>(ctx: &Context, id: Id, now: T) {
    ctx.data_mut(|data| {
        if data.get_persisted::<T>(id).as_ref() != Some(&now) {
            data.insert_persisted(id, now);
        }
    });
}

/// Whether a setting may still have this number.
fn within(field: &str, value: f64) -> bool {
    limit(field).is_some_and(|limit| limit.complaint(value).is_none())
}

#[cfg(test)]
mod tests {
    use super::State;
    use crate::config::DeviceChoice;
    use crate::data::Folders;
    use crate::studio::Options;

    /// As it is before anything was remembered.
    pub(super) fn fresh() -> State {
        let folders = Folders { drawings: "drawings".into(), subset: "subset".into() };
        let options = Options { folders, runs: "runs".into(), threads: 1, device: DeviceChoice::Cpu, frame_times: None };
        State::new(options, "exports".into()).expect("built in")
    }
}
