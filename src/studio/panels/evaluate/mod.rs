//! The Evaluate workspace: what to score and how on the right, how it goes and what came of it in the middle.

mod card;
mod cards;
mod histograms;
mod progress;
mod rests;
mod results;
mod scale;
mod setup;
mod sheets;
mod table;

use eframe::egui::{CentralPanel, Frame, Panel, ScrollArea, Ui};

use crate::session::Protocol;
use crate::studio::action::{Action, EvaluateAction};
use crate::studio::panels::weights;
use crate::studio::state::Workspace;
use crate::studio::state::evaluate::Phase;
use crate::studio::state::library::Look;
use crate::studio::state::weights::Getting;
use crate::studio::widgets::View;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let side = view.side();
    Panel::right("evaluate setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        setup::show(view, ui);
    });
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        ScrollArea::vertical().id_salt("evaluate").auto_shrink(false).show(ui, |ui| content(view, ui));
    });
}

fn content(view: &mut View<'_>, ui: &mut Ui) {
    let state = &view.state;
    let phase = state.evaluation.scoring.phase.clone();
    if phase == Phase::Idle
        && state.evaluation.form.chosen.is_empty()
        && state.library.models.is_empty()
        && state.library.look == Look::Done
    {
        let detail = "A model has to be trained before its drawings can be scored. Or choose a model file on the right.";
        view.empty(ui, "No model yet", detail, Some(Action::Show(Workspace::Train)));
        return;
    }
    let said = view.state.evaluation.words();
    ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
    match phase {
        Phase::Idle => guide(view, ui),
        Phase::Running | Phase::Stopping => progress::show(view, ui),
        Phase::WeightsAbsent(_) => absent(view, ui),
        Phase::Done | Phase::Cancelled | Phase::Failed(_) => {}
    }
    results::show(view, ui);
}

/// What was asked for needs weights that are not here.
fn absent(view: &mut View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(1.0));
    if view.state.evaluation.request.as_ref().is_none_or(|request| request.protocol == Protocol::Sketch) {
        return;
    }
    weights::show(view, ui, EvaluateAction::Run.into());
    if view.state.weights.getting != Getting::Here {
        view.caption(ui, "Without them, sketch features still work: choose that protocol on the right.");
    }
}

/// What a newcomer reads before anything was evaluated.
fn guide(view: &mut View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(2.0));
    let steps = [
        ("1  Whose", "A model on the right, or several for a table. Each is scored against people's drawings of its category."),
        ("2  How", "Sketch features take seconds and suit drawings best. Inception is slow, and there to be set beside published figures."),
        (
            "3  Read",
            "Every score stands beside its floor: what real drawings get. No model can be expected to do better, so look at how far above it is.",
        ),
    ];
    for (heading, text) in steps {
        view.paper().show(ui, |ui| {
            ui.set_width(ui.available_width().min(view.tokens.space(84.0)));
            ui.label(eframe::egui::RichText::new(heading).heading());
            ui.label(eframe::egui::RichText::new(text).color(view.palette.faint));
        });
    }
    ui.add_space(view.tokens.space(1.0));
    ui.horizontal(|ui| view.primary(ui, EvaluateAction::Run));
}
