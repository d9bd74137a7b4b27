//! Which models, and how; and the buttons, always in sight.

use std::path::PathBuf;

use eframe::egui::{Button, ComboBox, Frame, Margin, Panel, ScrollArea, Ui};

use crate::config::limits::limit;
use crate::studio::action::{CompareAction, TrainAction};
use crate::studio::panels::{scoring, weights};
use crate::studio::widgets::{self, View, setting};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let frame = Frame::new().inner_margin(Margin { top: view.tokens.unit as i8, ..Default::default() });
    Panel::bottom("compare buttons").frame(frame).resizable(false).show(ui, |ui| buttons(view, ui));
    ScrollArea::vertical().id_salt("compare setup").auto_shrink(false).show(ui, |ui| {
        ui.add_enabled_ui(!view.state.compare.is_active(), |ui| {
            models(view, ui);
            category(view, ui);
            protocol(view, ui);
            how(view, ui);
            out(view, ui);
        });
    });
}

/// A tick for each model there is, and a field for one more.
fn models(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Models");
    let all: Vec<PathBuf> = view.state.compare.form.offered(&view.state.library.models).cloned().collect();
    if all.is_empty() {
        view.caption(ui, "No models yet: train one first.");
    }
    for (index, path) in all.into_iter().enumerate() {
        let ticked = view.state.compare.form.chosen.contains(&path);
        let whole = path.display().to_string();
        ui.push_id(index, |ui| view.switch(ui, CompareAction::Toggle(path), ticked).on_hover_text(whole));
    }
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(21.0);
        let typed = &mut view.state.compare.form.path;
        let (field, entered) = widgets::path_field(ui, typed, "Path of a model to compare", "Path of a model", width);
        field.on_hover_text("A run folder, or a .safetensors file.");
        let add = CompareAction::Add(view.state.compare.form.path.trim().into());
        if entered {
            view.ask(add.clone());
        }
        view.command(ui, add);
        view.command(ui, CompareAction::Choose);
    });
    ui.add_space(view.tokens.space(1.0));
}

/// What all of them draw.
fn category(view: &mut View<'_>, ui: &mut Ui) {
    let mut category = view.state.compare.form.category.clone();
    let own = "their own";
    let shown = if category.is_empty() { own.to_owned() } else { category.clone() };
    view.row(ui, "Category", "What all of them draw. A model that knows several needs to be told.", |ui| {
        let combo = ComboBox::from_id_salt("compared category").selected_text(shown).width(view.tokens.space(24.0)).show_ui(ui, |ui| {
            ui.selectable_value(&mut category, String::new(), own);
            for info in view.state.library.here() {
                ui.selectable_value(&mut category, info.name.clone(), &info.name);
            }
        });
        combo.response.accessible_name("Category to compare");
    });
    view.state.compare.form.category = category;
    ui.add_space(view.tokens.space(1.0));
}

fn protocol(view: &mut View<'_>, ui: &mut Ui) {
    let mut protocol = view.state.compare.form.protocol;
    let offered = view.state.compare.form.protocols.clone();
    scoring::protocols(view, ui, &mut protocol, &offered);
    view.state.compare.form.protocol = protocol;
    if offered.len() == 1 {
        view.caption(ui, "Inception needs weights that are not on this machine:");
        weights::show(view, ui, CompareAction::Run.into());
        ui.add_space(view.tokens.space(1.0));
    }
}

fn how(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Drawings");
    let form = &view.state.compare.form;
    let (mut count, mut repetitions, mut seed, mut shown) = (form.count, form.repetitions, form.seed, form.shown);
    scoring::how_many(view, ui, &mut count, &mut repetitions, &mut seed);
    if let Some(limit) = limit("call.shown") {
        setting(view, ui, limit, &mut shown);
    }
    let form = &mut view.state.compare.form;
    (form.count, form.repetitions, form.seed, form.shown) = (count, repetitions, seed, shown);
    ui.add_space(view.tokens.space(1.0));
}

/// The folder for tables and picture.
fn out(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Output folder");
    let usual = view.state.compare.form.folder(&view.state.options).display().to_string();
    let (typed, width) = (&mut view.state.compare.form.out, ui.available_width());
    let (field, _) = widgets::path_field(ui, typed, "Output folder", &usual, width);
    let tip = "For tables and a picture. Left empty, it lies beside the runs; if there is such a folder already, a number is added.";
    field.on_hover_text(tip);
}

/// Run or cancel, and what will come of it.
fn buttons(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.compare.is_active() {
        ui.horizontal(|ui| view.secondary(ui, CompareAction::Cancel));
        let out = view.state.compare.request.as_ref().map(|request| request.out.display().to_string());
        view.caption(ui, out.map_or_else(String::new, |out| format!("Writes to {out}.")));
        return;
    }
    ui.horizontal(|ui| {
        view.primary(ui, CompareAction::Run);
        if view.state.run.is_running() {
            let size = eframe::egui::vec2(view.tokens.space(14.0), view.tokens.space(4.0));
            view.send(ui, TrainAction::Pause, Button::new("Pause training").min_size(size));
        }
    });
    let form = &view.state.compare.form;
    match view.state.why_not(&CompareAction::Run.into()) {
        Some(why) => view.caption(ui, why),
        None => {
            let models = words::counted(form.chosen.len() as u64, "model", "models");
            let many = words::counted((form.count * form.repetitions) as u64, "drawing", "drawings");
            view.caption(ui, format!("{models}, {many} each. Writes to {}.", form.folder(&view.state.options).display()))
        }
    };
}
