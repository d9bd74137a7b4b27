//! The Categories workspace: a card for each in the middle, what there is of the selected one on the right.

mod browser;
mod card;
mod grid;
mod import;
mod selected;

use eframe::egui::{CentralPanel, Frame, Panel, ScrollArea, Ui};

use crate::studio::widgets::View;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let side = view.side();
    Panel::right("category").frame(side).default_size(unit * 50.0).size_range(unit * 42.0..=unit * 80.0).show(ui, |ui| {
        ScrollArea::vertical().id_salt("category").auto_shrink(false).show(ui, |ui| {
            selected::show(view, ui);
            browser::show(view, ui);
            import::show(view, ui);
        });
    });
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| grid::show(view, ui));
}
