//! The drawing's strokes along the bottom, each with the probability of being finished that the model gave after it.

use eframe::egui::{Align2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::studio::action::DenoiseAction;
use crate::studio::state::denoise::words::percent;
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::Place;

/// Shows it; a whole canvas has no strokes to choose from.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let denoise = &view.state.denoise;
    if denoise.is_whole() {
        return;
    }
    view.caption(ui, "Strokes, each with the probability that the drawing ends after it")
        .on_hover_text("Choose one to follow it from noise to line.");
    let side = view.tokens.space(7.0);
    let (selected, parts) = (denoise.position.part, denoise.parts());
    let mut picked = None;
    ScrollArea::horizontal().id_salt("strokes").auto_shrink([false, true]).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = view.tokens.space(0.75);
            for part in 0..parts {
                let chosen = part == selected;
                if one(view, ui, part, side, chosen) {
                    picked = Some(part);
                }
            }
        });
    });
    if let Some(part) = picked {
        view.ask(DenoiseAction::Stroke(part));
    }
}

/// One stroke: the drawing up to it; true if it was pressed.
fn one(view: &View<'_>, ui: &mut Ui, part: usize, side: f32, chosen: bool) -> bool {
    let denoise = &view.state.denoise;
    let Some(trace) = denoise.trace() else { return false };
    let label = view.tokens.space(2.0);
    let (rect, response) = ui.allocate_exact_size(vec2(side, side + label), Sense::click());
    let given = trace.sketch.strokes.len().saturating_sub(trace.parts.len());
    let stop = trace.stop_before(part + 1);
    let name = DenoiseAction::Stroke(part);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, name.label()));
    if chosen && !ui.clip_rect().contains_rect(rect) && view.state.denoise.position.playing {
        response.scroll_to_me(None);
    }
    let line = match (chosen || response.has_focus(), response.hovered()) {
        (true, _) => Stroke::new(2.0, view.palette.accent),
        (false, true) => Stroke::new(1.0, view.palette.faint),
        (false, false) => Stroke::new(1.0, view.palette.rule),
    };
    let sheet = Rect::from_min_size(rect.min, vec2(side, side));
    let painter = ui.painter_at(rect);
    painter.rect(sheet, view.tokens.space(0.5), view.palette.paper, line, StrokeKind::Inside);
    if let Some(place) = Place::fit(&trace.sketch, sheet, view.tokens.unit) {
        for (i, stroke) in trace.sketch.strokes.iter().take(given + part + 1).enumerate() {
            let own = i == given + part;
            let colour = if own && chosen {
                view.palette.accent
            } else if own {
                view.palette.ink
            } else {
                view.palette.faint
            };
            place.line(&painter, stroke.points.iter().copied(), colour.into());
        }
    }
    let font = TextStyle::Small.resolve(ui.style());
    let colour = if chosen { view.palette.ink } else { view.palette.faint };
    let text = stop.map_or_else(|| format!("{}", given + part + 1), percent);
    painter.text(pos2(rect.center().x, rect.bottom()), Align2::CENTER_BOTTOM, text, font, colour.into());
    let tip = match stop {
        Some(stop) => format!("Stroke {}. After it, the model gave {} to the drawing being finished.", given + part + 1, percent(stop)),
        None => format!("Stroke {}.", given + part + 1),
    };
    response.on_hover_text(tip).clicked()
}
