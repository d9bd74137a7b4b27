//! What can be done with the page and with what the model thinks of it.

use eframe::egui::{ComboBox, DragValue, RichText, Ui};

use crate::config::limits::limit;
use crate::studio::action::DrawAction;
use crate::studio::state::draw::SAME_RHYTHM;
use crate::studio::widgets::{View, setting};

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    view.heading(ui, "Your page");
    ui.horizontal_wrapped(|ui| {
        for action in [DrawAction::Undo, DrawAction::Redo, DrawAction::Clear] {
            view.secondary(ui, action);
        }
    });
    ui.add_space(view.tokens.space(1.0));
    let rhythm = view.state.draw.takes_rhythm(&view.state.play);
    if rhythm {
        view.heading(ui, "Same pen rhythm, other drawing").on_hover_text(SAME_RHYTHM);
    } else {
        view.heading(ui, "The model goes on");
    }
    category(view, ui);
    let live = view.state.draw.live;
    view.switch(ui, DrawAction::Live(!live), live);
    how(view, ui);
    ui.horizontal_wrapped(|ui| {
        if view.state.draw.is_running() {
            view.secondary(ui, DrawAction::Stop);
        } else {
            view.secondary(ui, DrawAction::Continue);
        }
        view.secondary(ui, DrawAction::Others);
    });
    ui.horizontal_wrapped(|ui| {
        // No stroke of another drawing comes next on this page.
        if rhythm {
            view.primary(ui, DrawAction::AcceptWhole);
        } else {
            view.primary(ui, DrawAction::AcceptStroke);
            view.secondary(ui, DrawAction::AcceptWhole);
        }
    });
    if let Some(why) = view.state.why_not(&DrawAction::Continue.into()) {
        ui.label(RichText::new(why).small().color(view.palette.faint));
    }
}

/// Of a model that draws several things, which.
fn category(view: &mut View<'_>, ui: &mut Ui) {
    let names = view.state.draw.described(&view.state.play).map(|described| described.categories.clone()).unwrap_or_default();
    if names.len() < 2 {
        return;
    }
    let now = view.state.draw.category(&view.state.play).map(str::to_owned);
    let mut picked = None;
    view.row(ui, "Category", "What is being drawn: this model knows several.", |ui| {
        let shown = now.as_deref().unwrap_or("choose one");
        let combo = ComboBox::from_id_salt("draw category").selected_text(shown).width(view.tokens.space(24.0)).show_ui(ui, |ui| {
            for name in &names {
                if ui.selectable_label(now.as_ref() == Some(name), name).clicked() {
                    picked = Some(name.clone());
                }
            }
        });
        combo.response.accessible_name("Category");
    });
    if let Some(name) = picked {
        view.state.play.category = name;
        view.ask(DrawAction::Settle);
    }
}

/// How many, and from which noise.
fn how(view: &mut View<'_>, ui: &mut Ui) {
    let (mut count, mut seed) = (view.state.draw.count, view.state.draw.seed);
    if let Some(limit) = limit("call.continuations") {
        setting(view, ui, limit, &mut count);
    }
    view.row(ui, "Seed", "The same seed and the same strokes give the same drawings.", |ui| ui.add(DragValue::new(&mut seed).speed(0.1)));
    if (count, seed) != (view.state.draw.count, view.state.draw.seed) {
        (view.state.draw.count, view.state.draw.seed) = (count, seed);
        view.ask(DrawAction::Settle);
    }
}
