//! The Draw workspace: the page in the middle, whole continuations beside it, what can be done on the right.

mod column;
mod keep;
mod page;
mod setup;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

use crate::studio::action::{Action, DrawAction};
use crate::studio::panels::library;
use crate::studio::state::Workspace;
use crate::studio::widgets::View;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    if view.state.is_presenting() {
        // Nothing but the page: to be drawn on before a class.
        CentralPanel::no_frame().frame(middle).show(ui, |ui| page::show(view, ui));
        return;
    }
    let side = view.side();
    Panel::right("draw setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        ScrollArea::vertical().id_salt("draw setup").auto_shrink(false).show(ui, |ui| {
            setup::show(view, ui);
            ui.add_space(unit * 2.0);
            keep::show(view, ui);
        });
    });
    let beside = Frame::new().fill(view.palette.ground.into()).inner_margin(Margin { top: unit as i8 * 2, ..Margin::same(unit as i8) });
    Panel::right("continuations")
        .frame(beside)
        .default_size(unit * 20.0)
        .size_range(unit * 16.0..=unit * 32.0)
        .show(ui, |ui| column::show(view, ui));
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        standing(view, ui);
        page::show(view, ui);
    });
}

/// A failure, or a model that can make nothing of strokes: said above the page, which can be drawn on all the same.
fn standing(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.play.model.trim().is_empty() {
        ui.horizontal_wrapped(|ui| {
            view.caption(ui, "No model yet: one has to be trained, or chosen above, before it can go on with your strokes.");
            view.secondary(ui, Action::Show(Workspace::Train));
        });
        return;
    }
    let Some(said) = view.state.draw.standing(&view.state.play) else { return };
    ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
    if said.tone.is_some() {
        ui.horizontal(|ui| view.primary(ui, DrawAction::Continue));
    } else {
        library::by_stroke(view, ui);
    }
    ui.add_space(view.tokens.space(1.0));
}
