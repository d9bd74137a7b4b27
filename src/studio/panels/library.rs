//! What is said of the drawings on the disk wherever categories are listed.

use eframe::egui::Ui;

use crate::studio::action::TrainAction;
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

/// What to do where there are no drawings at all.
pub(super) fn nothing_here(view: &mut View<'_>, ui: &mut Ui) {
    let known = view.state.library.categories.iter().any(|category| category.name == FIRST);
    let folder = view.state.options.folders.drawings.display().to_string();
    ui.label("No drawings on this machine yet.");
    view.caption(ui, format!("They are looked for in {folder}."));
    if known {
        ui.label("Fetch a category to begin:");
        view.primary(ui, TrainAction::Fetch(FIRST.into()));
    }
    view.caption(ui, "Without a network, `denoodle data sample` makes up a sketchbook of cats, buses and rabbits.");
    ui.add_space(view.tokens.space(1.0));
}
