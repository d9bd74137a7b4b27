//! Other ways on from here: drawings that begin with the same strokes.

use eframe::egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::sketch::Sketch;
use crate::studio::action::DenoiseAction;
use crate::studio::state::denoise::Phase;
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::Place;
use crate::studio::words;

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Other ways on");
    let before = view.state.denoise.before(view.state.denoise.position.part).len() as u64;
    let from = match before {
        0 => "from the empty page".to_owned(),
        n => format!("behind the {} drawn before this one", words::counted(n, "stroke", "strokes")),
    };
    view.caption(ui, format!("What else the model could have drawn {from}: the same history, other noise."));
    ui.horizontal(|ui| view.secondary(ui, DenoiseAction::Others));
    match &view.state.denoise.continuing {
        Phase::Running => {
            view.caption(ui, "Drawing…");
        }
        Phase::Failed(text) => {
            let text = format!("The drawing could not be gone on with: {}", words::sentence(text));
            ui.add(eframe::egui::Label::new(eframe::egui::RichText::new(text).color(view.palette.error)).wrap().selectable(true));
        }
        _ => {}
    }
    let Some(others) = &view.state.denoise.others else { return };
    view.caption(
        ui,
        match others.after {
            0 => "Four drawings from the empty page:".to_owned(),
            n => format!("Four drawings that begin with the same {}:", words::counted(n as u64, "stroke", "strokes")),
        },
    );
    let gap = view.tokens.unit;
    let side = ((ui.available_width() - gap * 3.0) / 4.0).floor().min(view.tokens.space(12.0));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for (i, sketch) in others.sketches.iter().enumerate() {
            one(view, ui, side, sketch, others.after, &format!("Other way {}", i + 1));
        }
    });
}

/// The given strokes faint, the next one in colour, the rest in ink.
fn one(view: &View<'_>, ui: &mut Ui, side: f32, sketch: &Sketch, given: usize, name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response.on_hover_text("Faint: the strokes that were given. In colour: the next one. In ink: the rest.");
    paint(view, ui, rect, sketch, given);
}

fn paint(view: &View<'_>, ui: &Ui, rect: Rect, sketch: &Sketch, given: usize) {
    let painter = ui.painter_at(rect);
    painter.rect(rect, view.tokens.space(0.5), view.palette.paper, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    let Some(place) = Place::fit(sketch, rect, view.tokens.unit) else { return };
    for (i, stroke) in sketch.strokes.iter().enumerate() {
        let colour = if i < given {
            view.palette.faint
        } else if i == given {
            view.palette.accent
        } else {
            view.palette.ink
        };
        place.line(&painter, stroke.points.iter().copied(), colour.into());
    }
}
