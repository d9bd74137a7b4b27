//! A question before something is lost.

use eframe::egui::{Frame, Id, Label, Modal, RichText, Sides, Ui};

use super::View;
use crate::studio::action::Action;

/// What is asked: `name` tells it from other questions, `what` names the thing below the words.
pub struct Question<'a> {
    pub name: &'a str,
    pub heading: String,
    pub detail: &'a str,
    pub what: String,
}

/// Asks it. Neither enter nor escape, nor a press beside it, loses anything: they are `keep`.
pub fn question(view: &mut View<'_>, ui: &mut Ui, question: Question<'_>, keep: impl Into<Action>, lose: impl Into<Action>) {
    let Question { name, heading, detail, what } = question;
    let (keep, lose) = (keep.into(), lose.into());
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique(name)).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(52.0));
        ui.add(Label::new(RichText::new(heading).heading()).wrap());
        ui.add(Label::new(detail).wrap());
        view.caption(ui, what);
        ui.add_space(view.tokens.space(1.0));
        answers(view, ui, keep.clone(), lose);
    });
    if modal.should_close() {
        view.ask(keep);
    }
}

/// Two answers at the right; enter is the first.
pub fn answers(view: &mut View<'_>, ui: &mut Ui, first: Action, second: Action) {
    Sides::new().show(
        ui,
        |_| {},
        |ui| {
            let first = view.primary(ui, first);
            if ui.memory(|memory| memory.focused().is_none()) {
                first.request_focus();
            }
            view.secondary(ui, second);
        },
    );
}
