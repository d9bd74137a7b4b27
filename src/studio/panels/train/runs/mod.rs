//! What was trained on this machine: a list, and what can be done with the run that is looked at.

mod chosen;
mod delete;
mod row;

use eframe::egui::{Frame, Label, Margin, Panel, RichText, ScrollArea, Ui};

pub(super) use delete::show as ask;

use crate::studio::state::library::Look;
use crate::studio::widgets::View;
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let runs = &view.state.runs;
    let nothing = runs.list.is_empty();
    match &runs.look {
        Look::Never | Look::Looking if nothing => {
            ui.label(RichText::new("Looking at the runs…").color(view.palette.faint));
            return;
        }
        Look::Failed(text) => {
            let text = RichText::new(format!("The runs cannot be listed: {text}")).color(view.palette.error);
            ui.add(Label::new(text).wrap().selectable(true));
        }
        Look::Done if nothing => {
            ui.label("No runs yet.");
            let folder = view.state.options.runs.display();
            view.caption(ui, format!("What is trained is kept in {folder}, and is listed here: how far it came, and how well it did."));
        }
        _ => {}
    }
    if nothing {
        return;
    }
    let frame = Frame::new().inner_margin(Margin { top: view.tokens.unit as i8, ..Default::default() });
    Panel::bottom("run at hand").frame(frame).resizable(false).show(ui, |ui| chosen::show(view, ui));
    view.caption(ui, words::counted(view.state.runs.list.len() as u64, "run", "runs"));
    let reveal = std::mem::take(&mut view.state.runs.reveal);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("runs").auto_shrink(false).show(ui, |ui| {
        for place in 0..view.state.runs.list.len() {
            row::show(view, ui, place, reveal);
        }
    });
}
