//! The question that is asked before a file is replaced whose path was typed.

use eframe::egui::{Frame, Id, Label, Modal, RichText, Sides, Ui};

use crate::studio::action::Action;
use crate::studio::widgets::View;
use crate::studio::words;

/// Shows it while it is asked.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(replacing) = &view.state.replacing else { return };
    let (heading, path) = (format!("Replace {}?", words::file_name(&replacing.path)), replacing.path.display().to_string());
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique("replacing a file")).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(52.0));
        ui.add(Label::new(RichText::new(heading).heading()).wrap());
        ui.add(Label::new("There is a file of this name already. What is in it would be lost.").wrap());
        view.caption(ui, path);
        ui.add_space(view.tokens.space(1.0));
        Sides::new().show(
            ui,
            |_| {},
            |ui| {
                let keep = view.primary(ui, Action::Replace(false));
                // Neither enter nor escape replaces anything.
                if ui.memory(|memory| memory.focused().is_none()) {
                    keep.request_focus();
                }
                view.secondary(ui, Action::Replace(true));
            },
        );
    });
    // Escape, or a press beside it.
    if modal.should_close() {
        view.ask(Action::Replace(false));
    }
}
