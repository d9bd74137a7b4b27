//! What the drawing is made of, small: strokes so far, noisy line, prediction, noise schedule.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::{schedule, stage};
use crate::studio::widgets::View;

/// Shows them in a row, as high as there is room.
pub(super) fn show(view: &View<'_>, ui: &mut Ui) {
    let (gap, height) = (view.tokens.unit, ui.available_height());
    let denoise = &view.state.denoise;
    let panes = if denoise.is_whole() { 3.0 } else { 4.0 };
    let width = ((ui.available_width() - (panes - 1.0) * gap) / panes).floor();
    let Some(sight) = denoise.sight() else { return };
    let (clean, explain) = if denoise.adding {
        ("The drawing's line", "x0: what the noise is added to. It stays the same all the way.")
    } else {
        (
            "Predicted line",
            "The x0 that the model predicts from the noisy line, the strokes so far and the noise level. On the scale of the noisy line beside it.",
        )
    };
    let so_far = if denoise.attention {
        "What the model saw before it began this stroke, in ink as strong as it attends to each: its last layer's mean over all heads."
    } else {
        "What the model saw before it began this stroke."
    };
    let noisy = "x_t: the numbers on their way, drawn as the line that they stand for. Divided by the square root of 1 + sigma squared, so \
                 that they stay as large as a drawing. Shown as large as it fits, together with the line beside it.";
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let earlier = |painter: &eframe::egui::Painter, sheet: Rect| {
            if let Some(place) = stage::place(view, sheet) {
                stage::earlier(view, painter, place, denoise.attention.then(|| denoise.part()).flatten());
            }
        };
        // On a whole canvas nothing was drawn before.
        if !denoise.is_whole() {
            pane(view, ui, width, height, "Strokes so far", so_far, earlier);
        }
        let line = |sketch: &crate::sketch::Sketch, colour: eframe::egui::Color32, painter: &eframe::egui::Painter, sheet: Rect| {
            if let Some(place) = stage::close(view, &sight, sheet) {
                stage::lines(painter, place, sketch, colour);
            }
        };
        pane(view, ui, width, height, "Noisy line", noisy, |painter, sheet| line(&sight.x_t, view.palette.accent.into(), painter, sheet));
        pane(view, ui, width, height, clean, explain, |painter, sheet| line(&sight.x0, view.palette.plot_test.into(), painter, sheet));
        pane(view, ui, width, height, schedule::NAME, schedule::EXPLAIN, |painter, sheet| schedule::paint(view, painter, sheet));
    });
}

/// A small sheet with its name above.
fn pane(
    view: &View<'_>,
    ui: &mut Ui,
    width: f32,
    height: f32,
    name: &str,
    explain: &str,
    paint: impl FnOnce(&eframe::egui::Painter, Rect),
) {
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = view.tokens.space(0.25);
        view.caption(ui, name).on_hover_text(explain);
        let room = vec2(width, (height - view.tokens.space(2.5)).max(view.tokens.space(6.0)));
        let (sheet, response) = ui.allocate_exact_size(room, Sense::hover());
        response.on_hover_text(explain).widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        let painter = ui.painter_at(sheet);
        stage::paper(view, &painter, sheet);
        paint(&painter.with_clip_rect(sheet.shrink(1.0).intersect(painter.clip_rect())), sheet);
    });
}
