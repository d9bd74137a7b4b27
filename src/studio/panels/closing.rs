//! The question that is asked when the window closes while a model trains, or while anything would be lost.

use eframe::egui::{Frame, Id, Label, Modal, RichText, Ui};

use crate::studio::action::Action;
use crate::studio::state::Closing;
use crate::studio::widgets::{View, answers};

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
        let training = view.state.run.is_active();
        let heading = if training { format!("{subject} is still being trained") } else { "Close the window?".into() };
        ui.label(RichText::new(heading).heading());
        ui.add(Label::new(view.state.closing_words()).wrap());
        ui.add_space(view.tokens.space(1.0));
        let close = if training { Action::SaveAndClose } else { Action::CloseAnyway };
        let stay = if training { Action::KeepTraining } else { Action::Stay };
        // Escape stays. Enter saves and closes, unless anything is lost by that.
        let (first, second) = if view.state.is_at_stake() { (stay, close) } else { (close, stay) };
        answers(view, ui, first, second);
    });
    // Escape, or a press beside it.
    if !saving && modal.should_close() {
        view.ask(Action::Stay);
    }
}
