//! Keeping the page, and what was kept.

use eframe::egui::{Align2, Label, RichText, TextEdit, Ui};

use crate::studio::action::DrawAction;
use crate::studio::state::draw::Phase;
use crate::studio::widgets::View;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "A collection of your own");
    let default = view.state.draw.own_word(&view.state.play).unwrap_or("what it is").to_owned();
    let width = view.tokens.space(24.0);
    let mut word = std::mem::take(&mut view.state.draw.word);
    view.row(ui, "Word", "What your drawing is of; the model's category, unless you say otherwise.", |ui| {
        let field = TextEdit::singleline(&mut word).hint_text(default).align(Align2::LEFT_CENTER).desired_width(width);
        ui.add(field).accessible_name("What your drawing is of");
    });
    view.state.draw.word = word;
    ui.horizontal_wrapped(|ui| {
        for action in [DrawAction::Keep, DrawAction::TakeBack, DrawAction::Train] {
            view.secondary(ui, action);
        }
    });
    if !view.state.draw.page.is_empty()
        && let Some(why) = view.state.why_not(&DrawAction::Keep.into())
    {
        ui.label(RichText::new(why).small().color(view.palette.faint));
    }
    if let Phase::Failed(text) = &view.state.draw.keeping {
        ui.add(Label::new(RichText::new(text).color(view.palette.error)).wrap().selectable(true));
    }
    match view.state.draw.collection(&view.state.play) {
        Some(there) => view.caption(ui, there),
        None => {
            let folder = view.state.options.folders.own().drawings;
            view.caption(ui, format!("Drawings that you keep gather in the folder {}.", folder.display()))
        }
    };
}
