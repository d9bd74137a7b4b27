//! Real and generated drawings, side by side.

use eframe::egui::Ui;

use crate::session::Evaluated;
use crate::studio::widgets::{View, drawing};

/// Shows them; nothing where drawings have not come yet.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, shown: &Evaluated) {
    if shown.real.is_empty() && shown.generated.is_empty() {
        return;
    }
    let category = &shown.scores.category;
    let first = shown.scores.seeds.first().map_or_else(String::new, |seed| format!(" of seed {seed}"));
    let sides = [
        (&shown.real, "Real", format!("test drawings of {category}")),
        (&shown.generated, "Generated", format!("the first{first}, none left out")),
    ];
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = view.tokens.space(3.0);
        ui.columns(2, |columns| {
            for (ui, (sketches, name, about)) in columns.iter_mut().zip(sides) {
                ui.spacing_mut().item_spacing.x = view.tokens.unit;
                ui.horizontal(|ui| {
                    view.heading(ui, name);
                    view.caption(ui, about);
                });
                drawing::sheet(view, ui, sketches, &format!("{name} drawing"));
            }
        });
    });
    ui.add_space(view.tokens.space(2.0));
}
