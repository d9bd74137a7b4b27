//! The question that is asked when the window closes while a model trains.

use eframe::egui::{Frame, Id, Modal, RichText, Sides, Ui};

use crate::studio::action::Action;
use crate::studio::state::Closing;
use crate::studio::widgets::View;

/// Shows it, if there is anything to ask or to wait for.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let saving = match view.state.closing {
        Closing::Asking => false,
        Closing::Saving => true,
        Closing::No | Closing::Yes => return,
    };
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique("closing")).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(52.0));
        let subject = view.state.run.subject();
        if saving {
            ui.label(RichText::new("Saving…").heading());
            ui.label(format!("The model of {subject} is being saved; the window closes when it is."));
            ui.add_space(view.tokens.space(1.0));
            ui.spinner();
            return;
        }
        ui.label(RichText::new(format!("{subject} is still being trained")).heading());
        ui.label("Closing saves the model with all that is needed to go on later: nothing is lost.");
        ui.add_space(view.tokens.space(1.0));
        Sides::new().show(
            ui,
            |_| {},
            |ui| {
                let save = view.primary(ui, Action::SaveAndClose);
                // Enter saves and closes, escape stays.
                if ui.memory(|memory| memory.focused().is_none()) {
                    save.request_focus();
                }
                view.secondary(ui, Action::KeepTraining);
            },
        );
    });
    // Escape, or a press beside it.
    if !saving && modal.should_close() {
        view.ask(Action::KeepTraining);
    }
}
