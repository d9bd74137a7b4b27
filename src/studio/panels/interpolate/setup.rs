//! Which drawings lie at the ends, how the way is drawn, and what is seen.

use eframe::egui::{Button, DragValue, Response, Ui};

use super::ends::NAMES;
use crate::config::limits::limit;
use crate::studio::action::InterpolateAction;
use crate::studio::panels::category;
use crate::studio::state::denoise::Source;
use crate::studio::widgets::{View, slider_named};

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    let mut moved = category::show(view, ui);
    for end in 0..NAMES.len() {
        ui.add_space(view.tokens.space(1.0));
        moved |= ui.push_id(end, |ui| chosen(view, ui, end)).inner;
    }
    ui.add_space(view.tokens.space(1.0));
    ui.horizontal(|ui| {
        if view.state.interpolate.is_running() {
            view.command(ui, InterpolateAction::Stop);
        } else {
            view.command(ui, InterpolateAction::Next);
        }
        view.command(ui, InterpolateAction::Swap);
    });
    ui.add_space(view.tokens.space(1.0));
    moved |= how(view, ui);
    if view.state.interpolate.way.is_some() {
        ui.add_space(view.tokens.space(1.0));
        view.heading(ui, "What you see");
        ui.label(view.state.interpolate.seen());
    }
    if moved {
        view.ask(InterpolateAction::Settle);
    }
}

/// True once a number stands still where it did not stand before.
fn still(response: &Response) -> bool {
    response.drag_stopped() || (response.changed() && !response.dragged())
}

/// One end's drawing; true if another one was chosen.
fn chosen(view: &mut View<'_>, ui: &mut Ui, end: usize) -> bool {
    let name = NAMES[end];
    view.heading(ui, &format!("{name} drawing"));
    let mut chosen = view.state.interpolate.ends[end];
    ui.horizontal(|ui| {
        for source in [Source::Drawn, Source::Real] {
            let action = InterpolateAction::Use(end == 1, source);
            let label = action.label();
            let selected = chosen.source == source;
            let response = view.send(ui, action, Button::selectable(selected, &label));
            let enabled = response.enabled();
            let named = format!("{name}: {}", label.to_lowercase());
            response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::RadioButton, enabled, selected, &named));
        }
    });
    let mut moved = false;
    ui.horizontal(|ui| match chosen.source {
        Source::Drawn => {
            ui.label("Seed").on_hover_text("Decides all randomness: the same seed and number give the same drawing.");
            let seed = ui.add(DragValue::new(&mut chosen.seed).speed(0.1)).accessible_name(format!("{name} drawing's seed"));
            ui.label("Drawing").on_hover_text("Which of the seed's drawings.");
            let mut number = chosen.number.saturating_add(1);
            let drag = DragValue::new(&mut number).range(1..=u64::MAX).speed(0.1);
            let drag = ui.add(drag).accessible_name(format!("{name} drawing's number"));
            moved = still(&seed) || still(&drag);
            chosen.number = number - 1;
        }
        Source::Real => {
            ui.label("Real drawing").on_hover_text("Its number in the category's file.");
            let mut number = chosen.real.saturating_add(1);
            let drag = DragValue::new(&mut number).range(1..=u64::MAX).speed(0.1);
            moved = still(&ui.add(drag).accessible_name(format!("{name} real drawing")));
            chosen.real = number - 1;
        }
    });
    view.state.interpolate.ends[end] = chosen;
    moved
}

/// The temperature and the random numbers; true if they were set otherwise.
fn how(view: &mut View<'_>, ui: &mut Ui) -> bool {
    view.heading(ui, "How it draws");
    let mut moved = false;
    if let (Some(mut temper), Some(limit)) = (view.state.interpolate.temper.clone(), limit("draw.temperature")) {
        moved |= slider_named(view, ui, limit, limit.label, &mut temper.now, limit.max);
        view.state.interpolate.temper = Some(temper);
    }
    let mut seed = view.state.interpolate.seed;
    let tip = "Decides the random numbers with which all drawings on the way are drawn: the same ones for each.";
    moved |= view.row(ui, "Random numbers", tip, |ui| still(&ui.add(DragValue::new(&mut seed).speed(0.1))));
    view.state.interpolate.seed = seed;
    moved
}
