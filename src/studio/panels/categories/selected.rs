//! The selected category: what there is of it, and what can be done with it.

use eframe::egui::{Button, Label, RichText, Ui};

use crate::studio::action::{CategoriesAction, TrainAction};
use crate::studio::panels::library;
use crate::studio::state::categories::words;
use crate::studio::state::library::Unfinished;
use crate::studio::widgets::View;
use crate::studio::words::sentence;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    let Some(category) = view.state.selected_category().cloned() else {
        view.heading(ui, "No category chosen");
        view.caption(ui, "Press one of the cards.");
        return;
    };
    view.heading(ui, &category.name);
    for text in words::sentences(view.state, &category) {
        ui.add(Label::new(RichText::new(text).color(view.palette.faint)).wrap());
    }
    if view.state.library.can_be_fetched(&category.name) {
        fetch(view, ui, &category.name);
    }
    if library::progress(view, ui) {
        let waiting = view.state.library.queue.len();
        if waiting > 0 {
            view.caption(ui, format!("{waiting} more to come."));
        }
        view.command(ui, CategoriesAction::Pause);
    } else if view.state.library.unfinished.len() > 1 {
        view.command(ui, CategoriesAction::Resume);
    }
    ui.add_space(view.tokens.space(0.5));
    ui.horizontal_wrapped(|ui| {
        if category.file.is_some() {
            view.primary(ui, CategoriesAction::Train);
        } else {
            view.secondary(ui, CategoriesAction::Train);
        }
        view.secondary(ui, CategoriesAction::DrawBase);
    });
    ui.add_space(view.tokens.space(1.0));
}

/// The button that fetches, and what became of fetching before.
fn fetch(view: &mut View<'_>, ui: &mut Ui, name: &str) {
    let action = TrainAction::Fetch(name.to_owned());
    let wanted = view.state.library.is_wanted(name);
    match view.state.library.unfinished.get(name).filter(|_| !wanted).cloned() {
        // There is something to train on already, if only made-up drawings.
        None if view.state.library.is_here(name) => {
            view.command(ui, action);
        }
        None => {
            view.primary(ui, action);
        }
        Some(Unfinished::Stopped) => {
            view.caption(ui, "Fetching was stopped; what came so far is kept.");
            view.send(ui, action, Button::new(format!("Resume fetching {name}")));
        }
        Some(Unfinished::Failed(text)) => {
            let text = RichText::new(sentence(&text)).color(view.palette.error);
            ui.add(Label::new(text).wrap().selectable(true));
            view.send(ui, action, Button::new(format!("Retry fetching {name}")));
        }
    }
}
