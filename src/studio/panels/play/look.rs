//! How exported pictures look: closed until somebody wants to change it.

use eframe::egui::{CollapsingHeader, ComboBox, Ui};

use crate::config::Limit;
use crate::config::limits::limit;
use crate::export::{Colours, Gif, Look};
use crate::studio::action::PlayAction;
use crate::studio::widgets::{View, setting};

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    CollapsingHeader::new("How it looks").id_salt("look").show(ui, |ui| {
        ui.take_available_width();
        let mut look = view.state.export.look.clone();
        size(view, ui, &mut look);
        line(view, ui, &mut look);
        if let Some(limit) = limit("call.speed") {
            setting(view, ui, &Limit { label: "GIF speed", ..*limit }, &mut look.speed);
        }
        colours(view, ui, &mut look);
        ui.checkbox(&mut look.label, "Words in the picture")
            .on_hover_text("The number of the stroke in a GIF that has a ground; the category above a sheet.");
        ui.checkbox(&mut look.transparent, "Transparent ground")
            .on_hover_text("Leaves the ground out. The edges of lines still fade into its colour in a GIF.");
        view.state.export.look = look;
        view.command(ui, PlayAction::UsualLook);
        view.caption(ui, "An .svg has no pixels; an .ndjson holds strokes, which have no look.");
    });
}

/// Side in pixels, or as usual.
fn size(view: &View<'_>, ui: &mut Ui, look: &mut Look) {
    let mut usual = look.side.is_none();
    ui.checkbox(&mut usual, "Usual size").on_hover_text("As large as is usual for a GIF, a drawing alone or a sheet.");
    let mut side = f64::from(look.side.unwrap_or(Gif::default().side));
    if let (false, Some(limit)) = (usual, limit("call.side")) {
        setting(view, ui, &Limit { label: "Size", ..*limit }, &mut side);
    }
    look.side = (!usual).then_some(side.round() as u32);
}

/// Line width in percent, or as usual.
fn line(view: &View<'_>, ui: &mut Ui, look: &mut Look) {
    let mut usual = look.line.is_none();
    ui.checkbox(&mut usual, "Usual line width").on_hover_text("As wide as is usual for a GIF, a picture or lines.");
    // To a tenth of a percent, as people set it.
    let mut width = look.line.unwrap_or((f64::from(Gif::default().line) * 1000.0).round() / 10.0);
    if let (false, Some(limit)) = (usual, limit("call.line")) {
        setting(view, ui, limit, &mut width);
    }
    look.line = (!usual).then_some(width);
}

/// Ground and strokes that go together.
fn colours(view: &View<'_>, ui: &mut Ui, look: &mut Look) {
    view.row(ui, "Colours of the file", "Ground and strokes that go together, whatever the window looks like.", |ui| {
        let combo = ComboBox::from_id_salt("colours of the file").selected_text(look.colours.label());
        let combo = combo.width(view.tokens.space(20.0)).show_ui(ui, |ui| {
            for colours in Colours::ALL {
                ui.selectable_value(&mut look.colours, colours, colours.label());
            }
        });
        combo.response.accessible_name("Colours of the file");
    });
}
