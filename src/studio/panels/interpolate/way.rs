//! The way: nine drawings from one end to the other, and the bar on which we move.

use eframe::egui::{Label, RichText, Ui};

use crate::studio::action::InterpolateAction;
use crate::studio::state::interpolate::{Interpolate, STEPS};
use crate::studio::widgets::icon::Icon;
use crate::studio::widgets::{Moved, View, drawing, levels_between, sign};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let interpolate = &view.state.interpolate;
    if let Some((_, why)) = interpolate.unfilled.as_ref().filter(|(place, _)| *place == interpolate.at) {
        let text = format!("Nothing was drawn at this place: {}", words::sentence(why));
        ui.add(Label::new(RichText::new(text).color(view.palette.error)).wrap().selectable(true));
    }
    strip(view, ui);
    ui.horizontal(|ui| {
        sign(view, ui, Icon::Stroke(false), "Previous drawing between", InterpolateAction::Jump(false));
        sign(view, ui, Icon::Point(false), "A little back", InterpolateAction::Step(false));
        sign(view, ui, Icon::Point(true), "A little on", InterpolateAction::Step(true));
        sign(view, ui, Icon::Stroke(true), "Next drawing between", InterpolateAction::Jump(true));
        let at = view.state.interpolate.at as f32;
        let (response, moved) = levels_between(view, ui, at, STEPS, "Share of the way", ["first", "second"]);
        response.on_hover_text("From the first drawing to the second. Drag it, or use the arrow keys.");
        for moved in moved {
            view.ask(match moved {
                Moved::To(place) => InterpolateAction::Go(place.max(0.0) as usize),
                Moved::By(forward) => InterpolateAction::Step(forward),
            });
        }
    });
}

/// The drawings that are made at once, as wide as there is room.
fn strip(view: &mut View<'_>, ui: &mut Ui) {
    let count = Interpolate::strip().count().max(1) as f32;
    let gap = view.tokens.space(0.75);
    let side = ((ui.available_width() - gap * (count - 1.0)) / count).floor().clamp(view.tokens.space(5.0), view.tokens.space(13.0));
    let mut picked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let interpolate = &view.state.interpolate;
        let Some(way) = &interpolate.way else { return };
        for place in Interpolate::strip() {
            let Some(sketch) = way.drawings.get(place).and_then(Option::as_ref) else { continue };
            let go = InterpolateAction::Go(place);
            let response = drawing::thumbnail(view, ui, side, sketch, &go.label(), Some(interpolate.at == place));
            if response.on_hover_text(go.label()).clicked() {
                picked = Some(go);
            }
        }
    });
    if let Some(go) = picked {
        view.ask(go);
    }
}
