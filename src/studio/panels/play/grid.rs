//! All drawings at once, each as far as its own share of time has come.

use eframe::egui::{Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::studio::action::PlayAction;
use crate::studio::widgets::{View, drawing};
use crate::studio::words;

/// A drawing is at least so many units wide; where there are more than fit, they scroll.
const LEAST: f32 = 12.0;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    title(view, ui);
    let (count, gap) = (view.state.play.sketches().len(), view.tokens.unit);
    let (columns, side) = cells(count, ui.available_size(), gap, view.tokens.space(LEAST));
    ui.spacing_mut().item_spacing = Vec2::splat(gap);
    ScrollArea::vertical().id_salt("all at once").auto_shrink(false).show_rows(ui, side, count.div_ceil(columns), |ui, rows| {
        for row in rows {
            ui.horizontal(|ui| {
                (row * columns..((row + 1) * columns).min(count)).for_each(|index| cell(view, ui, side, index));
            });
        }
    });
}

fn title(view: &View<'_>, ui: &mut Ui) {
    let Some(drawn) = &view.state.play.drawn else { return };
    ui.horizontal(|ui| {
        view.heading(ui, &format!("{} at once", words::counted(drawn.sketches.len() as u64, "drawing", "drawings")));
        let about = format!("{} · seed {} · each at the same share of its own time", drawn.category, drawn.seed);
        view.caption(ui, about);
    });
}

fn cell(view: &mut View<'_>, ui: &mut Ui, side: f32, index: usize) {
    let action = PlayAction::Alone(index);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let chosen = view.state.play.selected == index;
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), chosen, action.label()));
    let response = response.on_hover_text(action.label());
    if ui.is_rect_visible(rect) {
        let line = match (response.has_focus(), chosen || response.hovered()) {
            (true, _) => Stroke::new(2.0, view.palette.accent),
            (_, true) => Stroke::new(1.0, view.palette.faint),
            _ => Stroke::new(1.0, view.palette.rule),
        };
        let painter = ui.painter_at(rect);
        painter.rect(rect, view.tokens.space(0.5), view.palette.paper, line, StrokeKind::Inside);
        let now = view.state.play.so_far(index);
        match now.and_then(|(sketch, shown)| Some((drawing::Place::fit(sketch, rect, side * 0.08)?, sketch, shown))) {
            Some((place, sketch, shown)) => drawing::paint_until(view, &painter, place, sketch, shown, view.state.play.colours),
            None => {
                let font = eframe::egui::TextStyle::Small.resolve(ui.style());
                painter.text(rect.center(), eframe::egui::Align2::CENTER_CENTER, "empty", font, view.palette.faint.into());
            }
        }
    }
    if response.clicked() {
        view.ask(action);
    }
}

/// Columns and the side of a square, so that all are as large as can be; not smaller than `least`, even if they must scroll then.
fn cells(count: usize, room: Vec2, gap: f32, least: f32) -> (usize, f32) {
    let side = |columns: usize| {
        let rows = count.div_ceil(columns).max(1);
        let fits = |room: f32, cells: usize| (room - gap * (cells - 1) as f32) / cells as f32;
        fits(room.x, columns).min(fits(room.y, rows)).floor()
    };
    let most = ((room.x + gap) / (least + gap)).floor().max(1.0) as usize;
    let best = (1..=most).map(|columns| (columns, side(columns))).max_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, side)| *side >= least).unwrap_or((most, least))
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;

    #[test]
    fn all_fit_as_large_as_can_be_until_they_scroll() {
        assert_eq!(cells(1, vec2(700.0, 500.0), 8.0, 96.0), (1, 500.0));
        assert_eq!(cells(2, vec2(700.0, 300.0), 8.0, 96.0), (2, 300.0));
        let (columns, side) = cells(12, vec2(700.0, 500.0), 8.0, 96.0);
        assert_eq!((columns, side), (4, 161.0));
        assert!(side * 3.0 + 16.0 <= 500.0 && side * 4.0 + 24.0 <= 700.0);
        assert_eq!(cells(400, vec2(700.0, 500.0), 8.0, 96.0), (6, 96.0));
        // A window hardly there shows something still.
        assert_eq!(cells(3, vec2(20.0, 10.0), 8.0, 96.0), (1, 96.0));
    }
}
