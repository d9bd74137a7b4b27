//! An end of the way: the drawing as it was read, and what the model makes of its latent vector.

use eframe::egui::Ui;

use crate::studio::widgets::{View, drawing};

/// What the ends are called.
pub(super) const NAMES: [&str; 2] = ["First", "Second"];

/// Shows one of them, both drawings as wide as given.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, end: usize, side: f32) {
    let Some(way) = &view.state.interpolate.way else { return };
    let name = NAMES[end.min(1)].to_lowercase();
    let both = [
        (&way.originals, "original", "The drawing as the model reads it."),
        (&way.reconstructions, "reconstruction", "What the model draws from the latent vector that it has read the original into."),
    ];
    ui.vertical(|ui| {
        ui.set_width(side);
        ui.spacing_mut().item_spacing.y = view.tokens.space(0.25);
        for (drawings, what, explain) in both {
            let Some(sketch) = drawings.get(end) else { continue };
            let label = format!("{} {what}", NAMES[end.min(1)]);
            view.caption(ui, label).on_hover_text(explain);
            drawing::thumbnail(view, ui, side, sketch, &format!("The {name} drawing's {what}"), None).on_hover_text(explain);
            ui.add_space(view.tokens.space(1.0));
        }
    });
}
