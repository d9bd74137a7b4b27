//! Real and generated drawings, side by side.

use eframe::egui::{Ui, vec2};

use crate::session::Evaluated;
use crate::sketch::Sketch;
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
                sheet(view, ui, sketches, name);
            }
        });
    });
    ui.add_space(view.tokens.space(2.0));
}

fn sheet(view: &View<'_>, ui: &mut Ui, sketches: &[Sketch], name: &str) {
    let (gap, room) = (view.tokens.unit, ui.available_width());
    let columns = ((room + gap) / (gap * 11.0)).floor().max(1.0);
    let side = ((room - gap * (columns - 1.0)) / columns).floor();
    for (row, sketches) in sketches.chunks(columns as usize).enumerate() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(gap, gap);
            for (i, sketch) in sketches.iter().enumerate() {
                let number = row * columns as usize + i + 1;
                drawing::thumbnail(view, ui, side, sketch, &format!("{name} drawing {number}"), None);
            }
        });
    }
}
