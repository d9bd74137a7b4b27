//! The Interpolate workspace: the drawing at our place of the way in the middle, the ends at its sides, the whole way beneath.

mod ends;
mod setup;
mod way;

use eframe::egui::{Align2, CentralPanel, Frame, Margin, Panel, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::session::SHIPPED;
use crate::studio::action::{Action, InterpolateAction};
use crate::studio::state::Workspace;
use crate::studio::state::denoise::Phase;
use crate::studio::state::interpolate::Interpolate;
use crate::studio::widgets::{View, drawing};
use crate::studio::words;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let side = view.side();
    Panel::right("interpolate setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        ScrollArea::vertical().id_salt("interpolate setup").auto_shrink(false).show(ui, |ui| setup::show(view, ui));
    });
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        standing(view, ui);
        if view.state.interpolate.way.is_none() {
            empty(view, ui);
            return;
        }
        let top = Margin { top: unit as i8, ..Default::default() };
        let frame = Frame::new().inner_margin(top);
        let way = Panel::bottom("interpolate way").frame(frame).resizable(false).show_separator_line(false);
        let way = way.show(ui, |ui| way::show(view, ui));
        view.floor = view.floor.min(way.response.rect.top());
        CentralPanel::no_frame().show(ui, |ui| content(view, ui));
    });
}

/// The ends at the sides, the drawing between them.
fn content(view: &View<'_>, ui: &mut Ui) {
    title(view, ui);
    let (room, gap) = (ui.available_size(), view.tokens.space(2.0));
    let side = (room.x * 0.2).min(room.y * 0.42).clamp(view.tokens.space(10.0), view.tokens.space(26.0));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ends::show(view, ui, 0, side);
        let width = (room.x - 2.0 * (side + gap)).max(view.tokens.space(12.0));
        place(view, ui, vec2(width, room.y));
        ends::show(view, ui, 1, side);
    });
}

fn title(view: &View<'_>, ui: &mut Ui) {
    let interpolate = &view.state.interpolate;
    let Some(way) = &interpolate.way else { return };
    ui.horizontal(|ui| {
        view.heading(ui, &format!("{} of the way", Interpolate::percent(interpolate.at)));
        let [from, to] = way.ends.map(|end| end.words());
        view.caption(ui, format!("{} · {from} to {to}", way.category));
        if interpolate.is_behind() || interpolate.filling {
            view.caption(ui, "· drawing…");
        }
    });
}

/// The drawing at our place, or the nearest one as long as there is none.
fn place(view: &View<'_>, ui: &mut Ui, room: eframe::egui::Vec2) {
    let interpolate = &view.state.interpolate;
    let Some((place, sketch)) = interpolate.current() else { return };
    let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
    let name = format!("Drawing at {} of the way", Interpolate::percent(place));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let sheet = Rect::from_center_size(rect.center(), vec2(room.x.min(room.y * 1.4), room.y.min(room.x)));
    let painter = ui.painter_at(rect);
    painter.rect(sheet, view.tokens.space(1.0), view.palette.paper, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    match drawing::Place::fit(sketch, sheet, sheet.size().min_elem() * 0.08) {
        Some(fit) => drawing::paint(view, &painter, fit, sketch, false),
        None => {
            let font = eframe::egui::TextStyle::Body.resolve(ui.style());
            painter.text(sheet.center(), Align2::CENTER_CENTER, "The model drew nothing.", font, view.palette.faint.into());
        }
    }
    response.on_hover_text(match place == interpolate.at {
        true => "What the model draws from the latent vector at this place.",
        false => "The nearest drawing that is there; the one at this place is being drawn.",
    });
}

/// A failure, or a model that has no latent vector: said above whatever is left to be seen.
fn standing(view: &mut View<'_>, ui: &mut Ui) {
    let Some(said) = view.state.interpolate.standing(&view.state.play.model_name()) else { return };
    ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
    ui.horizontal(|ui| match view.state.interpolate.phase {
        Phase::Unable => {
            for model in SHIPPED.iter().filter(|model| model.latent) {
                view.primary(ui, Action::UseModel(model.name.into()));
            }
            view.secondary(ui, InterpolateAction::Train)
        }
        _ => view.primary(ui, InterpolateAction::Draw),
    });
    ui.add_space(view.tokens.space(1.0));
}

/// Nothing to be seen yet: what to do.
fn empty(view: &mut View<'_>, ui: &mut Ui) {
    match &view.state.interpolate.phase {
        // Said above.
        Phase::Failed(_) | Phase::Unable | Phase::Stopped => {}
        Phase::Running => {
            let far = view.state.interpolate.far();
            view.empty(ui, "Drawing…", &far, Some(InterpolateAction::Stop.into()));
        }
        Phase::Idle if view.state.play.model.trim().is_empty() => {
            let next = Some(Action::Show(Workspace::Train));
            view.empty(ui, "No model yet", "A model has to be trained before it can draw between two drawings. Or choose one above.", next);
        }
        Phase::Idle => {
            let model = words::capital(&view.state.play.model_name());
            let text = format!("{model} reads two drawings, and draws what lies between them.");
            view.empty(ui, "Nothing drawn yet", &text, Some(InterpolateAction::Draw.into()));
        }
    }
}
