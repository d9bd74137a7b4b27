//! The bar under a drawing: its time from left to right, a coloured span for each stroke, a tick for each point.

use eframe::egui::accesskit::Action as Wish;
use eframe::egui::{CursorIcon, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::View;
use crate::studio::playback::Playback;

/// Ticks closer than this many points are left out.
const TICKS_APART: f32 = 5.0;

/// Shows the bar; the time it was dragged to, which is always that of a point.
pub(in crate::studio) fn scrub(view: &View<'_>, ui: &mut Ui, playback: &Playback, colours: bool) -> (Response, Option<f32>) {
    let unit = view.tokens.unit;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), unit * 3.5), Sense::click_and_drag());
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let timeline = playback.timeline();
    let reached = playback.shown().map_or(0, |shown| shown.reached);
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), reached as f64, "Scrub by point"));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(1.0);
        node.set_max_numeric_value(timeline.times().len() as f64);
        node.add_action(Wish::Increment);
        node.add_action(Wish::Decrement);
    });
    let track = Rect::from_min_max(pos2(rect.left() + unit, rect.center().y), pos2(rect.right() - unit, rect.center().y));
    let length = timeline.length().max(f32::EPSILON);
    let x = |secs: f32| track.left() + track.width() * (secs / length).clamp(0.0, 1.0);
    if ui.is_rect_visible(rect) {
        let painter = ui.painter_at(rect);
        let (y, at) = (track.center().y, x(playback.at()));
        painter.hline(track.x_range(), y, Stroke::new(2.0, view.palette.rule));
        let starts: Vec<f32> = timeline.stroke_times().collect();
        for (order, &start) in starts.iter().enumerate() {
            let next = starts.get(order + 1).copied().unwrap_or(length);
            let last = timeline.times().iter().rev().copied().find(|&time| time < next || order + 1 == starts.len()).unwrap_or(start);
            let colour = if colours { view.palette.stroke(order) } else { view.palette.ink.into() };
            // What is drawn already is bold, what is to come is thin.
            let (from, to) = (x(start), x(last).max(x(start) + 2.0));
            painter.hline(from..=to, y, Stroke::new(2.0, colour));
            if at > from {
                painter.hline(from..=to.min(at), y, Stroke::new(5.0, colour));
            }
            painter.vline(from, y - unit..=y + unit, Stroke::new(1.5, colour));
        }
        let mut before = f32::NEG_INFINITY;
        for tick in timeline.times().iter().map(|&time| x(time)) {
            if tick - before >= TICKS_APART {
                painter.vline(tick, y + 3.0..=y + unit * 0.75, Stroke::new(1.0, view.palette.faint));
                before = tick;
            }
        }
        let knob = if response.has_focus() || response.hovered() || response.dragged() { unit } else { unit * 0.8 };
        painter.circle(pos2(at, y), knob, view.palette.accent, Stroke::new(2.0, view.palette.paper));
    }
    let dragged = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked());
    let there = dragged.map(|pos| timeline.nearest((pos.x - track.left()) / track.width().max(1.0) * length));
    (response, there)
}
