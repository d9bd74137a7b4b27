//! The Compare workspace: which models and how on the right, the table and their drawings in the middle.

mod lines;
mod progress;
mod setup;
mod table;

use eframe::egui::{Align, CentralPanel, Frame, Label, Layout, Panel, RichText, ScrollArea, Ui};

use crate::studio::action::{Action, CompareAction};
use crate::studio::panels::scoring;
use crate::studio::state::Workspace;
use crate::studio::state::compare::Phase;
use crate::studio::state::library::Look;
use crate::studio::widgets::View;
use crate::studio::words;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let unit = view.tokens.unit;
    let side = view.side();
    Panel::right("compare setup").frame(side).default_size(unit * 42.0).size_range(unit * 38.0..=unit * 60.0).show(ui, |ui| {
        setup::show(view, ui);
    });
    let middle = Frame::new().fill(view.palette.ground.into()).inner_margin(unit * 2.0);
    CentralPanel::no_frame().frame(middle).show(ui, |ui| {
        ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| content(view, ui));
    });
}

fn content(view: &mut View<'_>, ui: &mut Ui) {
    let state = &view.state;
    let phase = state.compare.scoring.phase.clone();
    let nothing = state.library.models.is_empty() && state.compare.form.chosen.is_empty() && state.library.look == Look::Done;
    if phase == Phase::Idle && nothing {
        let detail = "Models have to be trained before they can be compared. Or choose model files on the right.";
        view.empty(ui, "No model yet", detail, Some(Action::Show(Workspace::Train)));
        return;
    }
    let said = view.state.compare.words();
    ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
    match phase {
        Phase::Idle => guide(view, ui),
        Phase::Running | Phase::Stopping => progress::show(view, ui),
        Phase::Done => done(view, ui),
        Phase::Cancelled | Phase::Failed(_) | Phase::WeightsAbsent(_) => {}
    }
}

/// The folder, the table, the drawings.
fn done(view: &mut View<'_>, ui: &mut Ui) {
    files(view, ui);
    let shared = |model: &crate::session::Compared| model.scores.without_shared.is_some();
    if view.state.compare.result.as_ref().is_some_and(|result| result.comparison.models.iter().all(shared)) {
        scoring::lists(ui, &mut view.state.compare.without_shared);
    }
    ui.add_space(view.tokens.space(1.0));
    let view = &*view;
    let Some(result) = &view.state.compare.result else { return };
    // Drawings first: what they look like says most, and says it at once.
    lines::show(view, ui, result);
    ui.add_space(view.tokens.space(1.0));
    table::show(view, ui, &result.comparison, view.state.compare.against());
}

fn files(view: &mut View<'_>, ui: &mut Ui) {
    let Some(folder) = view.state.compare.folder() else { return };
    let count = view.state.compare.result.as_ref().map_or(0, |result| result.files.len());
    let text = format!("{} in {}", words::counted(count as u64, "file", "files"), folder.display());
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            view.command(ui, CompareAction::OpenFolder);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(text).small().color(view.palette.faint)).wrap().selectable(true));
            });
        });
    });
}

/// What a newcomer reads before anything was compared.
fn guide(view: &mut View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(2.0));
    let steps = [
        ("1  Which", "Two models or more on the right: your own, those that the program is shipped with, or any model file."),
        ("2  How", "All draw as many drawings with the same seeds, and are scored against the same real drawings of one category."),
        (
            "3  Read",
            "What each model is and costs, then every score with its floor; the best of a row is marked. Beneath, the first drawings of each.",
        ),
    ];
    for (heading, text) in steps {
        view.paper().show(ui, |ui| {
            ui.set_width(ui.available_width().min(view.tokens.space(84.0)));
            ui.label(RichText::new(heading).heading());
            ui.label(RichText::new(text).color(view.palette.faint));
        });
    }
    ui.add_space(view.tokens.space(1.0));
    ui.horizontal(|ui| view.primary(ui, CompareAction::Run));
}
