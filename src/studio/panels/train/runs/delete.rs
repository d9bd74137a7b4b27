//! The question that is asked before a run is deleted.

use eframe::egui::Ui;

use crate::studio::action::RunsAction;
use crate::studio::state::runs::words;
use crate::studio::widgets::{Question, View, question};

/// Shows it while it is asked.
pub(in crate::studio::panels::train) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(run) = view.state.runs.doomed() else { return };
    let (heading, detail, what) = (format!("Delete the run {}?", run.name), words::loss(run), run.folder.display().to_string());
    let asked = Question { name: "deleting a run", heading, detail: &detail, what };
    question(view, ui, asked, RunsAction::AskDelete(false), RunsAction::Delete);
}
