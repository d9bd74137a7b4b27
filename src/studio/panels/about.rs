//! What Denoodle is, what it runs on, and whom to thank.

use eframe::egui::{Frame, Grid, Id, Modal, RichText, Sides, Ui};

use crate::session::{ATTRIBUTION, SHIPPED};
use crate::studio::action::Action;
use crate::studio::widgets::View;
use crate::studio::words;

/// Where the licence of the drawings is.
const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";
/// Where the drawings are from.
const DATA_SET: &str = "https://github.com/googlecreativelab/quickdraw-dataset";

/// Shows it while it is open.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    if !view.state.about {
        return;
    }
    let frame = Frame::window(ui.style());
    let modal = Modal::new(Id::unique("about")).frame(frame).backdrop_color(view.palette.shadow.into()).show(ui.ctx(), |ui| {
        ui.set_width(view.tokens.space(64.0));
        ui.label(RichText::new("Denoodle").heading());
        ui.label("Trains, explains and evaluates diffusion models that draw one stroke after another.");
        ui.add_space(view.tokens.space(1.0));
        let threads = words::counted(view.state.options.threads as u64, "thread", "threads");
        let machine = format!("{} {}, {threads}", std::env::consts::OS, std::env::consts::ARCH);
        let facts = [("Version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()), ("Runs on".to_owned(), machine)];
        let models = SHIPPED.iter().map(|model| (format!("Model '{}'", model.name), model.about.to_owned()));
        Grid::new("about").num_columns(2).spacing([view.tokens.space(2.0), view.tokens.space(0.5)]).show(ui, |ui| {
            for (name, what) in facts.into_iter().chain(models) {
                ui.label(RichText::new(name).weak());
                ui.label(what);
                ui.end_row();
            }
        });
        ui.add_space(view.tokens.space(1.0));
        view.heading(ui, "Drawings");
        ui.label(format!("All models have learnt from {ATTRIBUTION}."));
        ui.horizontal(|ui| {
            ui.hyperlink_to("The data set", DATA_SET).on_hover_text(DATA_SET);
            ui.hyperlink_to("Its licence, CC BY 4.0", LICENCE).on_hover_text(LICENCE);
        });
        view.caption(ui, "Exported pictures say so within themselves. Where you show one otherwise, name the data set.");
        ui.add_space(view.tokens.space(1.0));
        view.heading(ui, "Letters");
        ui.label("Ubuntu Light, under the Ubuntu font licence.");
        ui.add_space(view.tokens.space(1.0));
        Sides::new().show(
            ui,
            |_| {},
            |ui| {
                let close = view.primary(ui, Action::ShowAbout(false));
                if ui.memory(|memory| memory.focused().is_none()) {
                    close.request_focus();
                }
            },
        );
    });
    // Escape, or a press beside it.
    if modal.should_close() {
        view.ask(Action::ShowAbout(false));
    }
}
