//! A sheet of drawings by the model as it is now, always of the same seeds.

use eframe::egui::{ScrollArea, Ui, vec2};

use crate::studio::widgets::{View, drawing};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(preview) = &view.state.run.preview else {
        view.heading(ui, "Preview");
        view.caption(ui, "The first sheet comes after some steps: noise at first, then lines, then more.");
        return;
    };
    ui.horizontal(|ui| {
        view.heading(ui, "Preview");
        view.caption(ui, format!("after step {}, always the same seeds", words::count(preview.step)));
    });
    let gap = view.tokens.unit;
    let (room, count) = (ui.available_size(), preview.sketches.len().max(1));
    let side = side(room.x, room.y, gap, count);
    ScrollArea::vertical().id_salt("preview").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(gap, gap);
            for (i, sketch) in preview.sketches.iter().enumerate() {
                drawing::thumbnail(view, ui, side, sketch, &format!("Preview drawing {}", i + 1), None);
            }
        });
    });
}

/// The largest side, within reason, with which all fit.
fn side(width: f32, height: f32, gap: f32, count: usize) -> f32 {
    let fits = |columns: usize| {
        let rows = count.div_ceil(columns) as f32;
        let columns = columns as f32;
        ((width - gap * columns) / columns).min((height - gap * rows) / rows)
    };
    (1..=count).map(fits).fold(0.0, f32::max).clamp(gap * 8.0, gap * 24.0).floor()
}
