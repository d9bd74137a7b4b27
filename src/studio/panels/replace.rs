//! The question that is asked before a file is replaced whose path was typed.

use eframe::egui::Ui;

use crate::studio::action::Action;
use crate::studio::widgets::{Question, View, question};
use crate::studio::words;

/// Shows it while it is asked.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(replacing) = &view.state.replacing else { return };
    let asked = Question {
        name: "replacing a file",
        heading: format!("Replace {}?", words::file_name(&replacing.path)),
        detail: "There is a file of this name already. What is in it would be lost.",
        what: replacing.path.display().to_string(),
    };
    question(view, ui, asked, Action::Replace(false), Action::Replace(true));
}
