//! A drawing under its pen, stroke by stroke, as it was drawn: the lesson's first page.

use eframe::egui::accesskit::Action as Wish;
use eframe::egui::{Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use super::stage;
use crate::studio::action::DenoiseAction;
use crate::studio::state::denoise::Source;
use crate::studio::widgets::icon::Icon;
use crate::studio::widgets::{View, drawing, scrub, sign};
use crate::studio::words;

/// Shows the drawing as far as it has come.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let denoise = &view.state.denoise;
    let (Some(pen), Some(trace), Some(followed)) = (denoise.pen(), denoise.trace(), &denoise.followed) else { return };
    ui.horizontal(|ui| {
        view.heading(ui, &words::counted(trace.sketch.strokes.len() as u64, "stroke", "strokes"));
        let who = if denoise.source == Source::Real { "drawn by a person" } else { "drawn by the model" };
        view.caption(ui, format!("{}, {who}", followed.traced.category));
    });
    let room = ui.available_size();
    let (rect, response) = ui.allocate_exact_size(room, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The drawing under its pen"));
    let painter = ui.painter_at(rect);
    let sheet = Rect::from_center_size(rect.center(), Vec2::splat(room.min_elem()));
    stage::paper(view, &painter, sheet);
    if let (Some(place), Some(shown)) = (stage::place(view, sheet), pen.shown()) {
        drawing::paint_until(view, &painter, place, &trace.sketch, shown, true);
    }
    if response.on_hover_text("Press to play or hold.").clicked() {
        view.ask(DenoiseAction::Play);
    }
}

/// Under it: play, strokes, and the bar of its time.
pub(super) fn transport(view: &mut View<'_>, ui: &mut Ui) {
    let Some(pen) = view.state.denoise.pen() else { return };
    let playing = pen.playing;
    let (bar, there) = scrub::scrub(view, ui, pen, true);
    if let Some(secs) = there {
        view.ask(DenoiseAction::Pen(secs));
    }
    for (wish, forward) in [(Wish::Increment, true), (Wish::Decrement, false)] {
        let wished = ui.input(|input| input.num_accesskit_action_requests(bar.id, wish));
        (0..wished).for_each(|_| view.ask(DenoiseAction::StepNoise(forward)));
    }
    ui.horizontal(|ui| {
        sign(view, ui, Icon::Stroke(false), "Previous stroke", DenoiseAction::StepStroke(false));
        let (icon, name) = if playing { (Icon::Hold, "Hold") } else { (Icon::Play, "Play drawing") };
        sign(view, ui, icon, name, DenoiseAction::Play);
        sign(view, ui, Icon::Stroke(true), "Next stroke", DenoiseAction::StepStroke(true));
    });
}
