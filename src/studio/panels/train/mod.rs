//! The Train workspace: what to learn, or what was learned, on the left, how on the right, how it goes in the middle.

mod categories;
mod plot;
mod preview;
mod progress;
mod runs;
mod setup;
mod side;

use eframe::egui::{CentralPanel, Frame, Panel, Ui};

use crate::studio::widgets::View;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let side = view.side();
    // Three columns beside one another: in a narrow window the curves need the room most.
    let most = (ui.available_width() - unit * (42.0 + 66.0)).clamp(unit * 28.0, unit * 56.0);
    Panel::left("train categories").frame(side).default_size(unit * 38.0).size_range(unit * 28.0..=most).show(ui, |ui| {
        side::show(view, ui);
    });
    Panel::right("train setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        setup::show(view, ui);
    });
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| progress::show(view, ui));
    runs::ask(view, ui);
}
