//! The Play workspace: drawings to choose from on the left, the drawing in the middle, what to draw and export on the right.

mod export;
mod grid;
mod guess;
mod list;
mod look;
mod setup;
mod stage;
mod transport;
mod tries;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

use crate::studio::widgets::View;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    // On a projector there is the drawing and its timeline, and nothing else.
    if !view.state.is_presenting() {
        sides(view, ui);
    }
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        let top = Margin { top: unit as i8, ..Default::default() };
        let under =
            |name: &'static str| Panel::bottom(name).frame(Frame::new().inner_margin(top)).resizable(false).show_separator_line(false);
        if view.state.shows_tries() {
            under("tries").show(ui, |ui| tries::show(view, ui));
        }
        let transport = under("transport").show(ui, |ui| transport::show(view, ui));
        view.floor = view.floor.min(transport.response.rect.top());
        CentralPanel::no_frame().show(ui, |ui| stage::show(view, ui));
    });
}

/// What can be chosen, and what is set.
fn sides(view: &mut View<'_>, ui: &mut Ui) {
    let (unit, side) = (view.tokens.unit, view.side());
    Panel::left("play list").frame(side).default_size(unit * 40.0).size_range(unit * 30.0..=unit * 72.0).show(ui, |ui| {
        list::show(view, ui);
    });
    Panel::right("play setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        ScrollArea::vertical().id_salt("play setup").auto_shrink(false).show(ui, |ui| {
            setup::show(view, ui);
            export::show(view, ui);
        });
    });
}
