//! The Denoise workspace: a drawing on its way out of noise in the middle, what it is made of beneath, what is set and read on the right.

mod figures;
mod lesson;
mod lifts;
mod others;
mod panes;
mod pen;
mod schedule;
mod setup;
mod stage;
mod stops;
mod strip;
mod transport;

use eframe::egui::{CentralPanel, Frame, Label, Margin, Panel, RichText, ScrollArea, Ui};

use crate::studio::action::{Action, DenoiseAction};
use crate::studio::panels::library;
use crate::studio::state::Workspace;
use crate::studio::state::denoise::Phase;
use crate::studio::state::denoise::lesson::Control;
use crate::studio::state::messages::Tone;
use crate::studio::widgets::View;
use crate::studio::words;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    beside(view, ui);
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        standing(view, ui);
        if view.state.denoise.part().is_none() {
            empty(view, ui);
            return;
        }
        let top = Margin { top: unit as i8, ..Default::default() };
        let transport = Panel::bottom("denoise transport").frame(Frame::new().inner_margin(top)).resizable(false);
        let transport = transport.show_separator_line(false).show(ui, |ui| under(view, ui));
        view.floor = view.floor.min(transport.response.rect.top());
        CentralPanel::no_frame().show(ui, |ui| content(view, ui));
    });
}

/// On the right: the lesson's page, or what is set and read; nothing while one drawing is presented.
fn beside(view: &mut View<'_>, ui: &mut Ui) {
    let (unit, side) = (view.tokens.unit, view.side());
    if view.state.denoise.lesson.is_some() {
        // The drawing keeps the larger part, however large the type is.
        let width = (unit * 46.0).min(ui.available_width() * 0.38);
        Panel::right("denoise lesson").frame(side).exact_size(width).resizable(false).show(ui, |ui| {
            ScrollArea::vertical().id_salt("denoise lesson").auto_shrink(false).show(ui, |ui| lesson::show(view, ui));
        });
    } else if !view.state.is_presenting() {
        Panel::right("denoise setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
            ScrollArea::vertical().id_salt("denoise setup").auto_shrink(false).show(ui, |ui| setup::show(view, ui));
        });
    }
}

/// Whether this control is shown; without a lesson, all are.
fn needs(view: &View<'_>, control: Control) -> bool {
    view.state.denoise.lesson.as_ref().is_none_or(|lesson| lesson.page().has(control))
}

/// Under the drawing: its strokes and the bar from noise to line, and on a projector what is seen.
fn under(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.denoise.pen().is_some() {
        pen::transport(view, ui);
        return;
    }
    if needs(view, Control::Strip) {
        strip::show(view, ui);
    }
    if needs(view, Control::Levels) {
        transport::show(view, ui);
    }
    if view.state.is_presenting() && view.state.denoise.lesson.is_none() {
        ui.add(Label::new(RichText::new(view.state.denoise.seen()).heading()).wrap());
    }
}

/// The drawing, and beneath it what it is made of.
fn content(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.denoise.pen().is_some() {
        pen::show(view, ui);
        return;
    }
    let alone = view.state.denoise.lesson.is_none() && view.state.is_presenting();
    if alone || !needs(view, Control::Panes) {
        stage::show(view, ui);
        return;
    }
    let room = ui.available_height();
    // Where there is little room, the drawing itself matters most.
    let panes = (room * 0.3).clamp(view.tokens.space(13.0), view.tokens.space(22.0));
    let gap = view.tokens.unit;
    let stage = (room - panes - gap).max(view.tokens.space(12.0));
    ui.allocate_ui(eframe::egui::vec2(ui.available_width(), stage), |ui| stage::show(view, ui));
    panes::show(view, ui);
}

/// A failure, or a model that has nothing to follow: said above whatever is left to be seen.
fn standing(view: &mut View<'_>, ui: &mut Ui) {
    let said = view.state.denoise.standing(&view.state.play.model_name());
    if let Some(said) = said {
        ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
        if view.state.denoise.phase == Phase::Unable {
            library::by_stroke(view, ui);
        } else {
            ui.horizontal(|ui| view.primary(ui, DenoiseAction::Follow));
        }
        ui.add_space(view.tokens.space(1.0));
    }
    if let (true, Phase::Failed(text)) = (view.state.denoise.adding, view.state.denoise.noising.clone()) {
        ui.scope(|ui| view.standing(ui, Some(Tone::Error), "No noise was added", &words::sentence(&text)));
        ui.add_space(view.tokens.space(1.0));
    }
}

/// Nothing to be seen yet: what to do.
fn empty(view: &mut View<'_>, ui: &mut Ui) {
    let denoise = &view.state.denoise;
    let adding = denoise.adding && denoise.followed.is_some();
    match (&denoise.phase, &denoise.noising) {
        (_, Phase::Running) if adding => view.empty(ui, "Adding noise…", "The drawing is being read into the model's code.", None),
        // Said above.
        (_, Phase::Failed(_)) if adding => {}
        (Phase::Failed(_) | Phase::Unable | Phase::Stopped, _) => {}
        (Phase::Running, _) => {
            let stage = if denoise.stage.is_empty() { "Reading the model.".to_owned() } else { words::sentence(&denoise.stage) };
            view.empty(ui, "Drawing…", &stage, Some(DenoiseAction::Stop.into()));
        }
        (Phase::Idle, _) if view.state.play.model.trim().is_empty() => {
            let next = Some(Action::Show(Workspace::Train));
            view.empty(ui, "No model yet", "A model has to be trained before its drawings can be followed. Or choose one above.", next);
        }
        (Phase::Idle, _) => {
            let text = format!("{} draws by taking noise away. Here you can watch every step.", view.state.play.model_name());
            view.empty(ui, "Nothing followed yet", &text, Some(DenoiseAction::Follow.into()));
        }
    }
}
