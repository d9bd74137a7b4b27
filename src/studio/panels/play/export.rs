//! Saving what was drawn.

use std::path::PathBuf;

use eframe::egui::{Label, RichText, Ui};

use super::look;
use crate::studio::action::{Action, PlayAction};
use crate::studio::state::export::Wrote;
use crate::studio::widgets::{self, View};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Export");
    ui.horizontal(|ui| {
        view.command(ui, PlayAction::ExportGif);
        view.command(ui, PlayAction::ExportPicture);
    });
    ui.checkbox(&mut view.state.export.all, "All drawings on one sheet")
        .on_hover_text("For pictures; a GIF always plays the one that is shown.");
    look::show(view, ui);
    view.caption(ui, "Or type a path that ends in .gif, .png, .svg or .ndjson:");
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(10.0);
        let hint = view.state.export.hint(&view.state.play);
        let (field, entered) = widgets::path_field(ui, &mut view.state.export.path, "Path of the file to write", &hint, width);
        let keys = Action::from(PlayAction::TypePath).keys(view.state);
        let keys = keys.map_or_else(String::new, |keys| format!(" ({})", ui.ctx().format_shortcut(&keys)));
        let field = field.on_hover_text(format!("Enter writes the file.{keys}"));
        if std::mem::take(&mut view.state.export.typing) {
            field.request_focus();
        }
        let to = PlayAction::ExportTo(PathBuf::from(view.state.export.path.trim()));
        if entered {
            view.ask(to.clone());
        }
        view.command(ui, to);
    });
    match &view.state.export.writing.wrote {
        _ if view.state.export.writing.running => {
            view.caption(ui, "Writing…");
        }
        Some(Wrote::File(path, bytes)) => {
            let text = format!("Wrote {} ({}).", path.display(), words::bytes(*bytes));
            ui.add(Label::new(RichText::new(text).color(view.palette.good)).wrap().selectable(true));
        }
        Some(Wrote::Failed(text)) => {
            let text = format!("Export failed: {text}");
            ui.add(Label::new(RichText::new(text).color(view.palette.error)).wrap().selectable(true));
        }
        None => {}
    }
}
