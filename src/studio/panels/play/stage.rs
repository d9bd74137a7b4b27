//! The drawing, as large as fits, as far as it has come.

use eframe::egui::{Align, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use super::{grid, guess};
use crate::sketch::Sketch;
use crate::studio::action::{Action, PlayAction};
use crate::studio::state::Workspace;
use crate::studio::state::messages::Tone;
use crate::studio::state::play::Phase;
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::{self, Place};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    if let Phase::Failed(text) = view.state.play.phase.clone() {
        ui.scope(|ui| {
            view.standing(
                ui,
                Some(Tone::Error),
                "Drawing failed",
                &format!("{}\nChange what the message names on the right, then draw again.", words::sentence(&text)),
            )
        });
        ui.add_space(view.tokens.space(1.0));
    }
    if let Some(sketch) = view.state.play.growing.clone() {
        growing(view, ui, &sketch);
        return;
    }
    if view.state.play.current().is_none() {
        empty(view, ui);
        return;
    }
    if view.state.play.all {
        grid::show(view, ui);
        return;
    }
    title(view, ui);
    guess::show(view, ui);
    let Some(sketch) = view.state.play.current() else { return };
    let name = format!("Drawing {} on the paper", view.state.play.selected + 1);
    if paper(view, ui, Sense::click(), &name, sketch, Place::fit).clicked() {
        view.ask(PlayAction::Play);
    }
}

/// The first of the drawings that are being drawn, as far as the pen has come.
fn growing(view: &mut View<'_>, ui: &mut Ui, sketch: &Sketch) {
    let far = view.state.play.going.far().map_or_else(String::new, |far| format!("So far {far}."));
    head(view, ui, "Drawing…", far);
    paper(view, ui, Sense::hover(), "The first drawing, as it comes", sketch, Place::growing);
}

/// Puts a drawing on a sheet with a margin.
type Fit = fn(&Sketch, Rect, f32) -> Option<Place>;

/// A drawing on a sheet in the middle of the room that is left, as far as the pen has come.
fn paper(view: &View<'_>, ui: &mut Ui, sense: Sense, name: &str, sketch: &Sketch, fit: Fit) -> Response {
    let room = ui.available_size();
    let (rect, response) = ui.allocate_exact_size(room, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let sheet = Rect::from_center_size(rect.center(), Vec2::splat(room.min_elem()));
    let painter = ui.painter_at(rect);
    painter.rect(sheet, view.tokens.space(1.0), view.palette.paper, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    let margin = sheet.width() * 0.08;
    if let (Some(place), Some(shown)) = (fit(sketch, sheet, margin), view.state.play.playback.shown()) {
        drawing::paint_until(view, &painter, place.bolder(view.tokens.zoom), sketch, shown, view.state.play.colours);
    } else {
        let font = eframe::egui::TextStyle::Body.resolve(ui.style());
        painter.text(sheet.center(), eframe::egui::Align2::CENTER_CENTER, "The model drew nothing.", font, view.palette.faint.into());
    }
    response
}

fn title(view: &mut View<'_>, ui: &mut Ui) {
    let play = &view.state.play;
    let (Some(drawn), Some(sketch)) = (&play.drawn, play.current()) else { return };
    let heading = format!("Drawing {} of {}", play.selected + 1, drawn.sketches.len());
    let points = sketch.points().count() as u64;
    let size =
        format!("{}, {}", words::counted(sketch.strokes.len() as u64, "stroke", "strokes"), words::counted(points, "point", "points"));
    let what = format!("{} · seed {} · {size}", drawn.category, drawn.seed);
    head(view, ui, &heading, what);
}

/// What is shown, and whether it is presented.
fn head(view: &mut View<'_>, ui: &mut Ui, heading: &str, what: String) {
    let presenting = view.state.is_presenting();
    ui.horizontal(|ui| {
        view.heading(ui, heading);
        view.caption(ui, what);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| view.command(ui, Action::Present(!presenting)));
    });
}

/// Nothing was drawn yet: what to do.
fn empty(view: &mut View<'_>, ui: &mut Ui) {
    match view.state.play.phase {
        Phase::Drawing => {
            let far = view.state.play.going.far();
            let far = far.map_or_else(|| "The model is being read.".to_owned(), |far| format!("So far {far}."));
            view.empty(ui, "Drawing…", &far, Some(PlayAction::StopDrawing.into()));
        }
        Phase::Stopped => view.empty(ui, "Stopped", "Nothing was drawn. Draw again whenever you like.", Some(PlayAction::Draw.into())),
        // The failure is said above; the button is at its place on the right.
        Phase::Failed(_) => {}
        Phase::Idle if view.state.play.model.trim().is_empty() => {
            let next = Some(Action::Show(Workspace::Train));
            view.empty(ui, "No model yet", "A model has to be trained before it can draw. Or choose a model file on the right.", next);
        }
        Phase::Idle => {
            let text = format!("{} is ready. It draws one stroke after another, and you can watch each.", view.state.play.model_name());
            view.empty(ui, "Nothing drawn yet", &text, Some(PlayAction::Draw.into()));
        }
    }
}
