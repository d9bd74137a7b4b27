//! What is said of the drawings on the disk wherever categories are listed.

use eframe::egui::{Label, RichText, Ui};

use crate::session::SHIPPED;
use crate::studio::action::{Action, CategoriesAction, TrainAction};
use crate::studio::state::library::Look;
use crate::studio::widgets::{self, View};
use crate::studio::words;

/// The category that is offered first where there are none.
const FIRST: &str = "cat";

/// The download that runs, with a button that ends it.
pub(super) fn fetching(view: &mut View<'_>, ui: &mut Ui) {
    if progress(view, ui) {
        view.command(ui, TrainAction::StopFetching);
    }
}

/// How far the download is that runs; false if there is none.
pub(super) fn progress(view: &View<'_>, ui: &mut Ui) -> bool {
    let Some(fetching) = &view.state.library.fetching else { return false };
    let share = fetching.total.filter(|&total| total > 0).map_or(0.0, |total| fetching.done as f32 / total as f32);
    let of = fetching.total.map_or_else(String::new, |total| format!(" of {}", words::bytes(total)));
    view.caption(ui, format!("Fetching {}: {}{of}", fetching.name, words::bytes(fetching.done)));
    widgets::bar(view, ui, Some(share), "Download");
    true
}

/// Nothing is known of the disk yet.
pub(super) fn is_awaited(view: &View<'_>) -> bool {
    let library = &view.state.library;
    matches!(library.look, Look::Never | Look::Looking) && library.categories.is_empty()
}

/// What is wrong with the disk, if anything: it cannot be read, or there are no drawings on it.
pub(super) fn lacking(view: &mut View<'_>, ui: &mut Ui) {
    if let Look::Failed(text) = &view.state.library.look {
        let text = RichText::new(format!("The drawings cannot be listed: {text}")).color(view.palette.error);
        ui.add(Label::new(text).wrap().selectable(true));
    }
    if view.state.library.look == Look::Done && view.state.library.here().next().is_none() {
        nothing_here(view, ui);
    }
}

/// What to do where there are no drawings at all.
fn nothing_here(view: &mut View<'_>, ui: &mut Ui) {
    let known = view.state.library.categories.iter().any(|category| category.name == FIRST);
    let folder = view.state.options.folders.drawings.display().to_string();
    ui.label("No drawings on this machine yet.");
    view.caption(ui, format!("They are looked for in {folder}."));
    if known {
        ui.label("Fetch a category to begin:");
        view.primary(ui, TrainAction::Fetch(FIRST.into()));
    }
    view.caption(ui, "Or, without a network, let a program make up cats, buses and rabbits to try things with:");
    view.command(ui, CategoriesAction::Sample);
    ui.add_space(view.tokens.space(1.0));
}

/// Models that draw one stroke after another and are always here: they can be followed, and go on with given strokes.
pub(super) fn by_stroke(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        for model in SHIPPED.iter().filter(|model| model.strokes) {
            view.secondary(ui, Action::UseModel(model.name.into()));
        }
    });
}
