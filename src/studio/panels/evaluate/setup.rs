//! What to score and how; and the buttons, always in sight.

use eframe::egui::{Button, ComboBox, Frame, Margin, Panel, ScrollArea, Sides, Ui};

use crate::session::Protocol;
use crate::studio::action::{EvaluateAction, TrainAction};
use crate::studio::panels::scoring;
use crate::studio::widgets::{self, View};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let frame = Frame::new().inner_margin(Margin { top: view.tokens.unit as i8, ..Default::default() });
    Panel::bottom("evaluate buttons").frame(frame).resizable(false).show(ui, |ui| buttons(view, ui));
    ScrollArea::vertical().id_salt("evaluate setup").auto_shrink(false).show(ui, |ui| {
        ui.add_enabled_ui(!view.state.evaluation.is_active(), |ui| {
            subjects(view, ui);
            protocol(view, ui);
            how(view, ui);
        });
    });
}

fn subjects(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Models");
    for index in 0..view.state.evaluation.form.chosen.len() {
        ui.push_id(index, |ui| subject(view, ui, index));
    }
    let mut picked = None;
    let combo = ComboBox::from_id_salt("add model").selected_text("Add a model").width(ui.available_width()).show_ui(ui, |ui| {
        for path in &view.state.library.models {
            if ui.selectable_label(false, words::model_name(path)).on_hover_text(path.display().to_string()).clicked() {
                picked = Some(EvaluateAction::AddSubject(path.clone()).into());
            }
        }
        if view.state.library.models.is_empty() {
            ui.label("No models yet: train one first.");
        }
    });
    combo.response.accessible_name("Add a model").on_hover_text("Several are scored in turn and make a table.");
    view.asked.extend(picked);
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(21.0);
        let typed = &mut view.state.evaluation.form.path;
        let (field, entered) = widgets::path_field(ui, typed, "Path of a model or of drawings", "Path of a model", width);
        field.on_hover_text("A run folder, a .safetensors file, or drawings in an .ndjson file.");
        let add = EvaluateAction::AddSubject(view.state.evaluation.form.path.trim().into());
        if entered {
            view.ask(add.clone());
        }
        view.command(ui, add);
        view.command(ui, EvaluateAction::ChooseSubject);
    });
    ui.add_space(view.tokens.space(1.0));
}

/// A model, the category that it is scored against, and a button to leave it out.
fn subject(view: &mut View<'_>, ui: &mut Ui, index: usize) {
    let Some(one) = view.state.evaluation.form.chosen.get(index).cloned() else { return };
    let mut category = one.category.clone();
    let own = if one.is_drawings() { "category…" } else { "its own" };
    let shown = if category.is_empty() { own.to_owned() } else { category.clone() };
    let name = one.name();
    Sides::new().shrink_left().truncate().show(
        ui,
        |ui| ui.label(&name).on_hover_text(one.path.display().to_string()),
        |ui| {
            let remove = EvaluateAction::RemoveSubject(index);
            let response = view.send(ui, remove, Button::new("×"));
            let enabled = ui.is_enabled();
            let label = format!("Remove {name}");
            response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, enabled, &label));
            let combo = ComboBox::from_id_salt("category").selected_text(shown).width(view.tokens.space(12.0)).show_ui(ui, |ui| {
                if !one.is_drawings() {
                    ui.selectable_value(&mut category, String::new(), own);
                }
                for info in view.state.library.here() {
                    ui.selectable_value(&mut category, info.name.clone(), &info.name);
                }
            });
            let tip = "What the drawings should show. A model that knows several needs to be told.";
            combo.response.accessible_name(format!("Category of {name}")).on_hover_text(tip);
        },
    );
    if let Some(one) = view.state.evaluation.form.chosen.get_mut(index) {
        one.category = category;
    }
}

fn protocol(view: &mut View<'_>, ui: &mut Ui) {
    let mut protocol = view.state.evaluation.form.protocol;
    scoring::protocols(view, ui, &mut protocol, &Protocol::ALL);
    view.state.evaluation.form.protocol = protocol;
}

fn how(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Drawings");
    let form = &view.state.evaluation.form;
    let (mut count, mut repetitions, mut seed) = (form.count, form.repetitions, form.seed);
    scoring::how_many(view, ui, &mut count, &mut repetitions, &mut seed);
    let form = &mut view.state.evaluation.form;
    (form.count, form.repetitions, form.seed) = (count, repetitions, seed);
    let mut copies = form.looks_for_copies();
    let tip = "Compares with every training drawing: seconds with sketch features, many minutes with Inception.";
    if ui.checkbox(&mut copies, "Look for copies").on_hover_text(tip).changed() {
        form.copying = Some(copies);
    }
    ui.checkbox(&mut form.write, "Write files").on_hover_text("Scores, tables and sheets, into a new folder of the run.");
}

/// Run or cancel, and what will come of it.
fn buttons(view: &mut View<'_>, ui: &mut Ui) {
    if view.state.evaluation.is_active() {
        ui.horizontal(|ui| view.secondary(ui, EvaluateAction::Cancel));
        let out = view.state.evaluation.request.as_ref().and_then(|request| request.out.clone());
        if let Some(out) = out {
            view.caption(ui, format!("Writes to {}.", out.display()));
        }
        return;
    }
    ui.horizontal(|ui| {
        view.primary(ui, EvaluateAction::Run);
        if view.state.run.is_running() {
            let size = eframe::egui::vec2(view.tokens.space(14.0), view.tokens.space(4.0));
            view.send(ui, TrainAction::Pause, Button::new("Pause training").min_size(size));
        }
    });
    let form = &view.state.evaluation.form;
    match view.state.why_not(&EvaluateAction::Run.into()) {
        Some(why) => view.caption(ui, why),
        None => {
            let many = words::counted((form.count * form.repetitions) as u64, "drawing", "drawings");
            let each = if form.chosen.len() > 1 { " for each model" } else { "" };
            let folder = form.folder(&view.state.options);
            let files = if form.write { format!(" Writes to {}.", folder.display()) } else { String::new() };
            view.caption(ui, format!("Scores {many}{each}.{files}"))
        }
    };
}
