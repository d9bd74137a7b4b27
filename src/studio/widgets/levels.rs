//! The bar from noise to line: a tick for every denoising step.

use eframe::egui::accesskit::Action as Wish;
use eframe::egui::{Align2, CursorIcon, Rect, Response, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::View;

/// What the bar asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::studio) enum Moved {
    /// To this step.
    To(f32),
    /// One step forward, or back.
    By(bool),
}

/// Shows it for a place between 0 and `steps`.
pub(in crate::studio) fn levels(view: &View<'_>, ui: &mut Ui, at: f32, steps: usize, name: &str) -> (Response, Vec<Moved>) {
    levels_between(view, ui, at, steps, name, ["noise", "line"])
}

/// The same from one thing to another, which are named at the bar's ends.
pub(in crate::studio) fn levels_between(
    view: &View<'_>,
    ui: &mut Ui,
    at: f32,
    steps: usize,
    name: &str,
    [from, to]: [&str; 2],
) -> (Response, Vec<Moved>) {
    let unit = view.tokens.unit;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), unit * 3.5), Sense::click_and_drag());
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), f64::from(at), name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(steps as f64);
        node.add_action(Wish::Increment);
        node.add_action(Wish::Decrement);
    });
    let track = Rect::from_min_max(
        pos2(rect.left() + unit * 6.0, rect.center().y),
        pos2(rect.right() - unit * (1.0 + to.len() as f32), rect.center().y),
    );
    let last = steps.max(1) as f32;
    let x = |step: f32| track.left() + track.width() * (step / last).clamp(0.0, 1.0);
    if ui.is_rect_visible(rect) {
        let painter = ui.painter_at(rect);
        let y = track.center().y;
        let font = TextStyle::Small.resolve(ui.style());
        let faint = view.palette.faint.into();
        painter.text(pos2(rect.left(), y), Align2::LEFT_CENTER, from, font.clone(), faint);
        painter.text(pos2(rect.right(), y), Align2::RIGHT_CENTER, to, font, faint);
        painter.hline(track.x_range(), y, Stroke::new(2.0, view.palette.rule));
        painter.hline(track.left()..=x(at), y, Stroke::new(5.0, view.palette.accent));
        // Ticks only where there is room between them.
        if track.width() / last >= unit * 0.5 {
            (0..=steps).for_each(|step| {
                painter.vline(x(step as f32), y - unit * 0.75..=y + unit * 0.75, Stroke::new(1.0, view.palette.faint));
            });
        }
        let knob = if response.has_focus() || response.hovered() || response.dragged() { unit } else { unit * 0.8 };
        painter.circle(pos2(x(at), y), knob, view.palette.accent, Stroke::new(2.0, view.palette.paper));
    }
    let dragged = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked());
    let there = dragged.map(|pos| Moved::To(((pos.x - track.left()) / track.width().max(1.0) * last).round().clamp(0.0, last)));
    let wished = |wish| ui.input(|input| input.num_accesskit_action_requests(response.id, wish));
    let steps = [(Wish::Increment, true), (Wish::Decrement, false)]
        .into_iter()
        .flat_map(|(wish, forward)| (0..wished(wish)).map(move |_| Moved::By(forward)));
    let moved = there.into_iter().chain(steps).collect();
    (response, moved)
}
