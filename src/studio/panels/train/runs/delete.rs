//! The question that is asked before a run is deleted.

use eframe::egui::{Frame, Id, Label, Modal, RichText, Sides, Ui};

use crate::studio::action::RunsAction;
use crate::studio::state::runs::words;
use crate::studio::widgets::View;

/// Shows it while it is asked.
pub(in crate::studio::panels::train) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(run) = view.state.runs.doomed() else { return };
    let (heading, detail, folder) = (format!("Delete the run {}?", run.name), words::loss(run), run.folder.display().to_string());
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique("deleting a run")).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(52.0));
        ui.add(Label::new(RichText::new(heading).heading()).wrap());
        ui.add(Label::new(detail).wrap());
        view.caption(ui, folder);
        ui.add_space(view.tokens.space(1.0));
        Sides::new().show(
            ui,
            |_| {},
            |ui| {
                let keep = view.primary(ui, RunsAction::AskDelete(false));
                // Neither enter nor escape deletes anything.
                if ui.memory(|memory| memory.focused().is_none()) {
                    keep.request_focus();
                }
                view.secondary(ui, RunsAction::Delete);
            },
        );
    });
    // Escape, or a press beside it.
    if modal.should_close() {
        view.ask(RunsAction::AskDelete(false));
    }
}
