//! The first drawings of each model, none left out.

use eframe::egui::Ui;

use crate::studio::state::compare::Compared;
use crate::studio::widgets::{View, drawing};

/// Shows them, model by model.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, result: &Compared) {
    for (model, drawings) in result.comparison.models.iter().zip(&result.drawings) {
        let seed = model.scores.seeds.first().map_or_else(String::new, |seed| format!(" of seed {seed}"));
        ui.horizontal(|ui| {
            view.heading(ui, &model.name);
            view.caption(ui, format!("the first{seed}, none left out"));
        });
        drawing::sheet(view, ui, drawings, &format!("{}, drawing", model.name));
        ui.add_space(view.tokens.space(1.0));
    }
}
