//! Three things for a newcomer to try, under the drawing.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

use crate::studio::action::Action;
use crate::studio::state::tries::Try;
use crate::studio::widgets::View;

/// From so many units on they stand side by side.
const SIDE_BY_SIDE: f32 = 84.0;
/// How wide the buttons are where they stand one under the other, in units.
const BUTTON: f32 = 27.0;

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            view.heading(ui, &Action::ShowTries(true).label());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| view.command(ui, Action::ShowTries(false)));
        });
        if ui.available_width() < view.tokens.space(SIDE_BY_SIDE) {
            Try::ALL.into_iter().for_each(|what| row(view, ui, what));
        } else {
            ui.columns_const(|columns: &mut [Ui; Try::ALL.len()]| {
                for (ui, what) in columns.iter_mut().zip(Try::ALL) {
                    // Columns are justified by themselves, words in them too.
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        ui.spacing_mut().item_spacing.y = view.tokens.space(0.5);
                        let width = ui.available_width();
                        button(view, ui, what, width);
                        says(view, ui, what);
                    });
                }
            });
        }
    });
}

/// The button, and beside it what it leads to.
fn row(view: &mut View<'_>, ui: &mut Ui, what: Try) {
    ui.horizontal(|ui| {
        button(view, ui, what, view.tokens.space(BUTTON));
        says(view, ui, what);
    });
}

fn button(view: &mut View<'_>, ui: &mut Ui, what: Try, width: f32) {
    let button = Button::new(what.name()).min_size(vec2(width, view.tokens.space(3.5)));
    view.send(ui, Action::Try(what), button);
}

fn says(view: &View<'_>, ui: &mut Ui, what: Try) {
    ui.add(Label::new(RichText::new(what.says()).small().color(view.palette.faint)).wrap());
}
