//! Whole continuations, or other drawings of the page's rhythm, one under the other.

use eframe::egui::{Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::studio::action::DrawAction;
use crate::studio::state::draw::{Continuations, SAME_RHYTHM};
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::Place;
use crate::studio::words;

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    let rhythm = view.state.draw.takes_rhythm(&view.state.play);
    let (heading, about) = match rhythm {
        true => ("Same rhythm", "What the model draws when it lifts its pen where you do."),
        false => ("Continuations", "How the model would finish your drawing."),
    };
    view.heading(ui, heading);
    let Some(continuations) = view.state.draw.continuations.clone() else {
        view.caption(ui, if view.state.draw.is_running() { "They are being drawn…" } else { about });
        return;
    };
    if !continuations.other {
        view.caption(ui, "On the page, faintly, what each draws next: in blue the chosen one, in grey the others.");
    }
    ScrollArea::vertical().id_salt("continuations").auto_shrink(false).show(ui, |ui| {
        let side = ui.available_width() - view.tokens.unit;
        let reveal = std::mem::take(&mut view.state.draw.reveal);
        for index in 0..continuations.sketches.len() {
            let response = one(view, ui, side, &continuations, index);
            if reveal && view.state.draw.selected == index {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                view.ask(DrawAction::Select(index));
            }
        }
    });
}

/// Yours faint, the next stroke in colour, the rest in ink, as is all of another drawing; which may be pressed.
fn one(view: &View<'_>, ui: &mut Ui, side: f32, continuations: &Continuations, index: usize) -> Response {
    let chosen = view.state.draw.selected == index;
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let name = if continuations.other { format!("Other drawing {}", index + 1) } else { DrawAction::Select(index).label() };
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), chosen, &name));
    if ui.is_rect_visible(rect) {
        let line = match (chosen || response.has_focus(), response.hovered()) {
            (true, _) => Stroke::new(2.0, view.palette.accent),
            (false, true) => Stroke::new(1.0, view.palette.faint),
            (false, false) => Stroke::new(1.0, view.palette.rule),
        };
        let painter = ui.painter_at(rect);
        painter.rect(rect, view.tokens.space(0.5), view.palette.paper, line, StrokeKind::Inside);
        let strokes = continuations.sketches.get(index).map(|sketch| sketch.strokes.as_slice()).unwrap_or_default();
        let place = Place::page(rect, view.tokens.unit);
        for (i, stroke) in strokes.iter().enumerate() {
            let colour = match i.cmp(&continuations.given) {
                _ if continuations.other => view.palette.ink,
                std::cmp::Ordering::Less => view.palette.faint,
                std::cmp::Ordering::Equal => view.palette.accent,
                std::cmp::Ordering::Greater => view.palette.ink,
            };
            place.line(&painter, stroke.points.iter().copied(), colour.into());
        }
    }
    let more = match continuations.rest(index).len() as u64 {
        _ if continuations.other => SAME_RHYTHM.to_owned(),
        0 => "It adds nothing: the model takes your drawing for finished.".to_owned(),
        n => format!("It adds {}. Faint: yours. In colour: the next stroke. In ink: the rest.", words::counted(n, "stroke", "strokes")),
    };
    response.on_hover_text(more)
}
