//! The bar on top: the name, the workspaces, what is chosen, the theme.

use eframe::egui::{self, Align, Button, ComboBox, Layout, RichText, Theme, Ui};

use crate::studio::action::{Action, CategoriesAction};
use crate::studio::state::Workspace;
use crate::studio::widgets::View;
use crate::studio::words;

/// Below this width, in units, the name is left out and all is set closer.
const NARROW: f32 = 160.0;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let narrow = ui.available_width() < view.tokens.space(NARROW);
    ui.horizontal_centered(|ui| {
        if narrow {
            let spacing = ui.spacing_mut();
            (spacing.button_padding.x, spacing.item_spacing.x) = (view.tokens.unit, view.tokens.space(0.5));
        } else {
            ui.label(RichText::new("Denoodle").heading());
            ui.add_space(view.tokens.space(2.0));
        }
        for workspace in Workspace::ALL {
            tab(view, ui, workspace);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            view.command(ui, Action::ShowAbout(true));
            view.command(ui, Action::ShowCommands(true));
            theme(view, ui);
            ui.add_space(view.tokens.space(1.0));
            let width = view.tokens.space(if narrow { 13.0 } else { 20.0 });
            model(view, ui, width);
            category(view, ui, width * 0.6);
        });
    });
}

fn tab(view: &mut View<'_>, ui: &mut Ui, workspace: Workspace) {
    let selected = view.state.workspace == workspace;
    let text = RichText::new(workspace.name());
    let text = if selected { text.color(view.palette.accent) } else { text };
    let button = Button::selectable(selected, text);
    let response = view.send(ui, Action::Show(workspace), button);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, true, selected, workspace.name()));
}

/// The theme's name says what is shown; pressing it shows the other.
fn theme(view: &mut View<'_>, ui: &mut Ui) {
    let (name, tip) = match ui.ctx().theme() {
        Theme::Light => ("Light", "Warm paper. Press for the dark theme."),
        Theme::Dark => ("Dark", "Deep slate. Press for the light theme."),
    };
    let response = ui.button(name).on_hover_text(tip);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, Action::SwitchTheme.label()));
    if response.clicked() {
        view.ask(Action::SwitchTheme);
    }
}

/// The category at hand: chosen here, it is the only one that is trained.
fn category(view: &mut View<'_>, ui: &mut Ui, width: f32) {
    let active = view.state.run.is_active();
    let chosen = if active { view.state.run.subject() } else { view.state.form.subject() };
    let shown = if view.state.form.chosen.is_empty() && !active { "no category".to_owned() } else { chosen };
    let mut picked = None;
    ui.add_enabled_ui(!active, |ui| {
        let combo = ComboBox::from_id_salt("current category").selected_text(shown).width(width).truncate().show_ui(ui, |ui| {
            for category in view.state.library.here() {
                let selected = view.state.form.chosen.contains(&category.name);
                if ui.selectable_label(selected, &category.name).clicked() {
                    picked = Some(category.name.clone());
                }
            }
            if view.state.library.here().next().is_none() {
                ui.label("No drawings on this machine yet.");
            }
        });
        combo.response.accessible_name("Current category").on_hover_text("What is trained next; several can be ticked in Train.");
    });
    if let Some(name) = picked {
        view.state.form.chosen = [name.clone()].into();
        view.ask(CategoriesAction::Select(name));
    }
}

/// The model at hand.
fn model(view: &mut View<'_>, ui: &mut Ui, width: f32) {
    let name = view.state.play.model_name();
    let shown = if view.state.play.model.trim().is_empty() { name } else { format!("model: {name}") };
    let combo = ComboBox::from_id_salt("current model").selected_text(shown).width(width).truncate().show_ui(ui, |ui| {
        let mut picked = None;
        for path in &view.state.library.models {
            let selected = view.state.play.model == path.display().to_string();
            if ui.selectable_label(selected, words::model_name(path)).on_hover_text(path.display().to_string()).clicked() {
                picked = Some(path.clone());
            }
        }
        if let Some(path) = picked {
            view.ask(Action::UseModel(path));
        }
        if view.state.library.models.is_empty() {
            ui.label("No models yet: train one first.");
        }
    });
    combo.response.accessible_name("Current model").on_hover_text("Draws in Play, Draw, Denoise and Interpolate.");
}
