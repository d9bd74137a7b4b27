//! What is followed and how, and what is seen.

use eframe::egui::{Button, CollapsingHeader, DragValue, RichText, Ui};

use super::{figures, lifts, others};
use crate::config::limits::limit;
use crate::studio::action::{Action, DenoiseAction};
use crate::studio::panels::category;
use crate::studio::state::denoise::{Phase, Source};
use crate::studio::widgets::{View, slider_named};

/// Sliders end here; any allowed value can be typed.
const GUIDANCE_REACH: f64 = 4.0;
const CATEGORY_REACH: f64 = 6.0;
const STEPS_REACH: f64 = 40.0;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    ui.horizontal(|ui| {
        view.command(ui, DenoiseAction::Lesson(true));
        view.command(ui, Action::Present(true));
    });
    direction(view, ui);
    drawing(view, ui);
    if view.state.denoise.part().is_some() {
        ui.add_space(view.tokens.space(1.0));
        figures::show(view, ui);
        ui.add_space(view.tokens.space(1.0));
        lifts::show(view, ui);
        view.heading(ui, "What you see");
        ui.label(view.state.denoise.seen());
        ui.add_space(view.tokens.space(1.0));
        look(view, ui);
        ui.add_space(view.tokens.space(1.0));
    }
    how(view, ui);
    if view.state.denoise.part().is_some() && !view.state.denoise.adding && !view.state.denoise.is_whole() {
        ui.add_space(view.tokens.space(1.0));
        others::show(view, ui);
    }
    ui.add_space(view.tokens.space(1.0));
    let formulas = view.state.denoise.formulas();
    CollapsingHeader::new("In formulas").id_salt("formulas").show(ui, |ui| figures::formulas(view, ui, &formulas));
}

/// Which way: noise taken away, or added.
fn direction(view: &mut View<'_>, ui: &mut Ui) {
    let adding = view.state.denoise.adding;
    ui.horizontal(|ui| {
        for add in [false, true] {
            let action = DenoiseAction::Add(add);
            let label = action.label();
            view.send(ui, action, Button::selectable(adding == add, label));
        }
    });
    if !adding {
        return;
    }
    ui.horizontal(|ui| {
        view.caption(ui, "to");
        for source in [Source::Drawn, Source::Real] {
            let action = DenoiseAction::Use(source);
            let label = action.label();
            view.send(ui, action, Button::selectable(view.state.denoise.source == source, label));
        }
    });
    if view.state.denoise.source == Source::Real {
        let mut number = view.state.denoise.real + 1;
        let moved = view.row(ui, "Real drawing", "Its number in the category's file.", |ui| {
            let response = ui.add(DragValue::new(&mut number).range(1..=u64::MAX).speed(0.1));
            response.drag_stopped() || response.changed() && !response.dragged()
        });
        view.state.denoise.real = number - 1;
        if moved {
            view.ask(DenoiseAction::Settle);
        }
    }
    if view.state.denoise.noising == Phase::Running {
        view.caption(ui, "Adding noise…");
    }
}

/// Which drawing.
fn drawing(view: &mut View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(0.5));
    let mut moved = category::show(view, ui);
    ui.horizontal(|ui| {
        let (mut seed, mut number) = (view.state.denoise.seed, view.state.denoise.number + 1);
        let still = |response: eframe::egui::Response| response.drag_stopped() || (response.changed() && !response.dragged());
        let label = ui.label("Seed").on_hover_text("Decides all randomness: the same seed and number give the same drawing.");
        moved |= still(ui.add(DragValue::new(&mut seed).speed(0.1)).labelled_by(label.id));
        let label = ui.label("Drawing").on_hover_text("Which of the seed's drawings.");
        moved |= still(ui.add(DragValue::new(&mut number).range(1..=u64::MAX).speed(0.1)).labelled_by(label.id));
        (view.state.denoise.seed, view.state.denoise.number) = (seed, number - 1);
        if view.state.denoise.is_running() {
            view.command(ui, DenoiseAction::Stop);
        } else {
            view.command(ui, DenoiseAction::Next);
        }
    });
    if moved {
        view.ask(DenoiseAction::Settle);
    }
}

/// What is shown of it.
fn look(view: &mut View<'_>, ui: &mut Ui) {
    let denoise = &view.state.denoise;
    let (attention, arrows, repeat) = (denoise.attention, denoise.arrows, denoise.position.repeat);
    view.switch(ui, DenoiseAction::Arrows, arrows);
    if !view.state.denoise.adding && !view.state.denoise.is_whole() {
        view.switch(ui, DenoiseAction::Attention, attention);
    }
    view.switch(ui, DenoiseAction::Repeat, repeat);
}

/// Guidance and steps, and those that they are compared with.
fn how(view: &mut View<'_>, ui: &mut Ui) {
    let Some(mut ways) = view.state.denoise.ways.clone() else { return };
    let capable = view.state.denoise.followed.as_ref().map(|followed| followed.traced.capabilities);
    let guided = capable.is_none_or(|capable| capable.guidance);
    let both = guided && capable.is_some_and(|capable| capable.history_guidance);
    view.heading(ui, "How it draws");
    let (Some(guidance), Some(category), Some(steps)) = (limit("draw.guidance"), limit("draw.category_guidance"), limit("draw.steps"))
    else {
        return;
    };
    let mut still = false;
    if guided {
        still |= slider_named(view, ui, guidance, "Guidance", &mut ways.now.guidance, GUIDANCE_REACH);
    }
    if both {
        still |= slider_named(view, ui, category, "Category guidance", &mut ways.now.category_guidance, CATEGORY_REACH);
    }
    still |= slider_named(view, ui, steps, "Denoising steps", &mut ways.now.steps, STEPS_REACH);
    if !view.state.denoise.adding {
        let compare = view.state.denoise.compare;
        view.switch(ui, DenoiseAction::Compare, compare);
        if compare {
            ui.label(RichText::new("The very same noise, behind the same strokes, with:").small().color(view.palette.faint));
            if guided {
                still |= slider_named(view, ui, guidance, "Guidance compared", &mut ways.beside.guidance, GUIDANCE_REACH);
            }
            if both {
                let beside = &mut ways.beside.category_guidance;
                still |= slider_named(view, ui, category, "Category guidance compared", beside, CATEGORY_REACH);
            }
            still |= slider_named(view, ui, steps, "Denoising steps compared", &mut ways.beside.steps, STEPS_REACH);
        }
    }
    view.state.denoise.ways = Some(ways);
    if still {
        view.ask(DenoiseAction::Settle);
    }
}
