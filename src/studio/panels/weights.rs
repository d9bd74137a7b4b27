//! Scores need weights that are not here: how to get them. Evaluate and Compare show it alike.

use std::path::PathBuf;

use eframe::egui::{Label, RichText, Ui};

use crate::session::{INCEPTION_ADDRESS, INCEPTION_BYTES};
use crate::studio::action::{Action, EvaluateAction};
use crate::studio::state::messages::Tone;
use crate::studio::state::weights::Getting;
use crate::studio::widgets::{self, View};
use crate::studio::words;

/// Shows it; once they are here, `next` is offered.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui, next: Action) {
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width().min(view.tokens.space(84.0)));
        match view.state.weights.getting.clone() {
            Getting::Here => here(view, ui, next),
            Getting::Running { done, total } => running(view, ui, done, total),
            Getting::Stopping => {
                view.heading(ui, "Stopping");
                view.caption(ui, "What has come so far is kept; fetching again goes on from there.");
            }
            Getting::Idle | Getting::Stopped => choice(view, ui),
            Getting::Failed(text) => {
                let text = RichText::new(words::sentence(&text)).color(view.palette.error);
                ui.add(Label::new(text).wrap().selectable(true));
                choice(view, ui);
            }
        }
    });
}

fn here(view: &mut View<'_>, ui: &mut Ui, next: Action) {
    ui.label(RichText::new("The weights are here").heading().color(view.tone(Some(Tone::Done))));
    view.caption(ui, "They are checked and stay on this machine.");
    view.primary(ui, next);
}

fn running(view: &mut View<'_>, ui: &mut Ui, done: u64, total: Option<u64>) {
    let total = total.unwrap_or(INCEPTION_BYTES);
    view.heading(ui, "Fetching the weights");
    view.caption(ui, format!("{} of {}", words::bytes(done), words::bytes(total)));
    widgets::bar(view, ui, Some(done as f32 / total.max(1) as f32), "Weights");
    view.command(ui, EvaluateAction::StopWeights);
}

/// Fetch them, or take a file over.
fn choice(view: &mut View<'_>, ui: &mut Ui) {
    ui.label(RichText::new("From the network").heading());
    let size = words::bytes(INCEPTION_BYTES);
    ui.add(Label::new(RichText::new(format!("{size} from {INCEPTION_ADDRESS}")).small().color(view.palette.faint)).wrap().selectable(true));
    // Beside what the workspace is for it is the second thing to do.
    view.secondary(ui, EvaluateAction::FetchWeights);
    ui.add_space(view.tokens.space(1.0));
    ui.label(RichText::new("From this machine").heading());
    view.caption(ui, "The same file, if you have it already. It is checked before it is used.");
    view.secondary(ui, EvaluateAction::ChooseWeights);
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(10.0);
        let typed = &mut view.state.weights.path;
        let (_, entered) = widgets::path_field(ui, typed, "Path of the weights' file", "or type the path of the .pth file", width);
        let import = EvaluateAction::ImportWeights(PathBuf::from(view.state.weights.path.trim()));
        if entered {
            view.ask(import.clone());
        }
        view.command(ui, import);
    });
}
