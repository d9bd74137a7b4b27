//! What Denoodle is, what it runs on, and whom to thank.

use eframe::egui::{Frame, Grid, Id, Modal, RichText, ScrollArea, Sides, Ui};

use crate::session::{ATTRIBUTION, SHIPPED, device_in_prospect};
use crate::studio::action::Action;
use crate::studio::widgets::View;
use crate::studio::words;

/// Where the licence of the drawings is.
const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";
/// Where the drawings are from.
const DATA_SET: &str = "https://github.com/googlecreativelab/quickdraw-dataset";

/// The program's own licence, as its package states it; empty if it states none.
const OWN_LICENCE: &str = env!("CARGO_PKG_LICENSE");
/// The main libraries by their licences, as their packages state them.
const LIBRARIES: &[(&str, &[&str])] = &[
    (
        "MIT or Apache 2.0",
        &[
            "egui",
            "eframe",
            "egui_plot",
            "candle-core",
            "rayon",
            "skrifa",
            "gif",
            "png",
            "serde",
            "serde_json",
            "ron",
            "rand",
            "clap",
            "crossbeam-channel",
            "ureq",
        ],
    ),
    ("MIT", &["faer", "pulp", "rfd", "mimalloc"]),
    ("Apache 2.0", &["safetensors"]),
    ("BSD 3-Clause", &["tiny-skia"]),
];

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
        // On a small screen it scrolls, and the button stays in sight.
        let height = ui.ctx().content_rect().height() - view.tokens.space(24.0);
        ScrollArea::vertical().id_salt("about").auto_shrink([false, true]).max_height(height).show(ui, |ui| facts(view, ui));
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

/// Everything between its title and its button.
fn facts(view: &View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(1.0));
    let threads = words::counted(view.state.options.threads as u64, "thread", "threads");
    let machine = format!("{} {}, {threads}", std::env::consts::OS, std::env::consts::ARCH);
    let device = device_in_prospect(view.state.form.device, view.state.form.threads as usize);
    let licence = Some(OWN_LICENCE).filter(|licence| !licence.is_empty()).unwrap_or("none is stated");
    let facts =
        [("Version", env!("CARGO_PKG_VERSION").to_owned()), ("Licence", licence.to_owned()), ("Runs on", machine), ("Computes on", device)];
    let facts = facts.map(|(name, what)| (name.to_owned(), what));
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
    ui.label("Ubuntu Light, under the Ubuntu font licence. In the window signs that it lacks are of Hack (MIT and Bitstream Vera), Noto Emoji (SIL OFL 1.1) and emoji-icon-font (MIT), as egui brings them.");
    ui.add_space(view.tokens.space(1.0));
    view.heading(ui, "Libraries");
    for (licence, names) in LIBRARIES {
        view.caption(ui, format!("{licence}: {}", names.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_that_is_named_is_one_that_the_program_is_built_with() {
        let lock = include_str!("../../../Cargo.lock");
        let named = LIBRARIES.iter().flat_map(|(_, names)| *names);
        for name in named {
            assert!(lock.lines().any(|line| line == format!("name = \"{name}\"")), "{name}");
        }
    }
}
