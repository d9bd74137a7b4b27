//! The page: strokes in ink, what could come next as ghosts, and the pen.

use eframe::egui::{
    Align, Color32, CursorIcon, Event, Layout, Painter, PointerButton, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo,
};

use crate::studio::action::{Action, DrawAction};
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::{self, Place};

/// How strong ghosts are, of the chosen continuation and of the others.
const CHOSEN: f32 = 0.75;
const GHOST: f32 = 0.4;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    title(view, ui);
    let hint = view.tokens.space(3.0);
    let side = (ui.available_size() - Vec2::new(0.0, hint)).min_elem().max(view.tokens.space(12.0));
    ui.vertical_centered(|ui| {
        // It takes no focus: the keys are the workspace's, wherever one has drawn last.
        let (sheet, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Page to draw on"));
        let place = Place::page(sheet, side * 0.03);
        pen(view, ui, &response.clone().on_hover_cursor(CursorIcon::Crosshair), place);
        if ui.is_rect_visible(sheet) {
            paint(view, &ui.painter_at(sheet), sheet, place);
        }
    });
    let keys = match view.state.draw.takes_rhythm(&view.state.play) {
        true => "Shift and Enter take the chosen drawing in the place of yours, up and down choose another.",
        false => "Enter or the right arrow accepts the next stroke, up and down choose another.",
    };
    view.caption(ui, format!("Draw with a mouse or a pen. {keys}"));
}

fn title(view: &mut View<'_>, ui: &mut Ui) {
    let presenting = view.state.is_presenting();
    ui.horizontal(|ui| {
        let draw = &view.state.draw;
        view.heading(ui, draw.category(&view.state.play).unwrap_or("Your drawing"));
        view.caption(ui, draw.size());
        view.caption(ui, draw.doing(&view.state.play));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| view.command(ui, Action::Present(!presenting)));
    });
}

/// Follows the pointer through all that it did since the last frame.
fn pen(view: &mut View<'_>, ui: &Ui, response: &Response, place: Place) {
    let pressed_here = response.is_pointer_button_down_on();
    if !pressed_here && !view.state.draw.pen.is_down() {
        return;
    }
    let (events, primary, at) = ui.input(|input| (input.events.clone(), input.pointer.primary_down(), input.pointer.interact_pos()));
    let mut lifted = false;
    for event in events {
        let down = view.state.draw.pen.is_down();
        match event {
            Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, .. } if !down && response.rect.contains(pos) => {
                to(view, place, pos);
            }
            Event::PointerMoved(pos) if down && !lifted => to(view, place, pos),
            Event::PointerButton { pos, button: PointerButton::Primary, pressed: false, .. } if down && !lifted => {
                to(view, place, pos);
                lifted = true;
            }
            _ => {}
        }
    }
    // Whatever happened to the pointer: a pen that is not pressed does not draw.
    let lifted = lifted || !pressed_here || !primary;
    if let (false, false, Some(at)) = (lifted, view.state.draw.pen.is_down(), at) {
        to(view, place, at);
    }
    if lifted && view.state.draw.pen.is_down() {
        view.ask(DrawAction::Lift);
    }
}

fn to(view: &mut View<'_>, place: Place, at: Pos2) {
    view.state.draw.pen.to(place.point(at));
}

fn paint(view: &View<'_>, painter: &Painter, sheet: Rect, place: Place) {
    painter.rect(sheet, view.tokens.space(1.0), view.palette.paper, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    let draw = &view.state.draw;
    if let Some(continuations) = &draw.continuations {
        let all = 0..continuations.sketches.len();
        // The chosen one lies on top.
        for index in all.clone().filter(|&index| index != draw.selected).chain(all.filter(|&index| index == draw.selected)) {
            let (colour, strength): (Color32, f32) = match index == draw.selected {
                true => (view.palette.accent.into(), CHOSEN),
                false => (view.palette.faint.into(), GHOST),
            };
            if let Some(next) = continuations.next(index) {
                place.thinner(0.8).line(painter, next.points.iter().copied(), drawing::faded(view, colour, strength));
            }
        }
    }
    drawing::paint(view, painter, place, draw.page.sketch(), false);
    place.line(painter, draw.pen.line(), view.palette.ink.into());
}
