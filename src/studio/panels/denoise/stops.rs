//! The probability of stopping after each stroke, a bar each: what the dice are thrown against.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::studio::action::DenoiseAction;
use crate::studio::state::denoise::words::percent;
use crate::studio::widgets::View;

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let parts = view.state.denoise.parts();
    view.caption(ui, "Probability of stopping after each stroke; the dice decide by it");
    let gap = view.tokens.space(0.5);
    let each = ((ui.available_width() + gap) / parts.max(1) as f32 - gap).min(view.tokens.space(6.0));
    let mut picked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for part in 0..parts {
            if one(view, ui, part, each) {
                picked = Some(part);
            }
        }
    });
    if let Some(part) = picked {
        view.ask(DenoiseAction::Stroke(part));
    }
}

/// One stroke's bar; true if it was pressed.
fn one(view: &View<'_>, ui: &mut Ui, part: usize, width: f32) -> bool {
    let denoise = &view.state.denoise;
    let Some(trace) = denoise.trace() else { return false };
    let line = view.tokens.space(2.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, view.tokens.space(9.0) + 2.0 * line), Sense::click());
    let (chosen, last) = (part == denoise.position.part, part + 1 == trace.parts.len());
    let number = denoise.before(part).len() + 1;
    let stop = trace.stop_before(part + 1);
    let said = stop.map_or_else(|| "not said".to_owned(), percent);
    let name = format!("Stop after stroke {number}: {said}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    let room = Rect::from_min_max(pos2(rect.left(), rect.top() + line), pos2(rect.right(), rect.bottom() - line));
    let painter = ui.painter_at(rect);
    painter.rect_filled(room, 0.0, view.palette.button);
    let high = room.height() * stop.unwrap_or(0.0).clamp(0.0, 1.0);
    painter.rect_filled(Rect::from_min_max(pos2(room.left(), room.bottom() - high), room.max), 0.0, view.palette.plot_stop);
    if chosen || response.has_focus() || response.hovered() {
        let edge = Stroke::new(2.0, if chosen { view.palette.accent } else { view.palette.faint });
        painter.rect_stroke(room, 0.0, edge, eframe::egui::StrokeKind::Inside);
    }
    let font = TextStyle::Small.resolve(ui.style());
    let ink = if chosen { view.palette.ink } else { view.palette.faint };
    painter.text(rect.center_bottom(), Align2::CENTER_BOTTOM, number.to_string(), font.clone(), ink.into());
    // Only where it does not run into its neighbour's.
    if width >= view.tokens.space(5.0) {
        painter.text(rect.center_top(), Align2::CENTER_TOP, &said, font, ink.into());
    }
    let dice = if last { "The drawing ended here." } else { "The dice said to go on." };
    response.on_hover_text(format!("After stroke {number}: {said}. {dice}")).clicked()
}
