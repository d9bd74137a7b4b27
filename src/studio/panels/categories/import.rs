//! Taking over files that are on this machine.

use std::path::PathBuf;

use eframe::egui::{Label, RichText, Ui};

use crate::studio::action::CategoriesAction;
use crate::studio::state::categories::Importing;
use crate::studio::widgets::{self, View};
use crate::studio::words::sentence;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Files of your own");
    ui.horizontal_wrapped(|ui| {
        view.command(ui, CategoriesAction::Import);
        view.command(ui, CategoriesAction::ImportSplits);
    });
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(10.0);
        let typed = &mut view.state.categories.path;
        let (_, entered) = widgets::path_field(ui, typed, "Path of a file to import", "or type the path of a file", width);
        let path = view.state.categories.path.trim();
        let files = if path.is_empty() { Vec::new() } else { vec![PathBuf::from(path)] };
        let import = CategoriesAction::ImportFiles(files);
        if entered {
            view.ask(import.clone());
        }
        ui.add_enabled_ui(!view.state.categories.path.trim().is_empty(), |ui| view.command(ui, import));
    });
    view.caption(ui, "Or drop .ndjson, .ndjson.gz and .zip files onto the window.");
    ui.checkbox(&mut view.state.categories.replace, "Replace what is there already")
        .on_hover_text("Without it, an import that would replace other drawings or another split is refused.");
    match view.state.categories.importing.clone() {
        Importing::Idle => {}
        Importing::Running(stage, far) => {
            view.caption(ui, sentence(&stage));
            let share = far.filter(|&(_, total)| total > 0).map(|(done, total)| done as f32 / total as f32);
            widgets::bar(view, ui, share, "Import");
            view.command(ui, CategoriesAction::StopImport);
        }
        Importing::Done(told) => {
            for text in told {
                ui.add(Label::new(RichText::new(text).color(view.palette.good)).wrap());
            }
        }
        Importing::Stopped => {
            view.caption(ui, "The import was stopped.");
        }
        Importing::Failed(text) => {
            let text = RichText::new(sentence(&text)).color(view.palette.error);
            ui.add(Label::new(text).wrap().selectable(true));
            if !view.state.categories.replace {
                view.caption(ui, "To replace other files, tick the box above and import again.");
            }
        }
    }
    ui.add_space(view.tokens.space(2.0));
}
