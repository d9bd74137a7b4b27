//! What to draw: model, category, how many, seed, and how.

use eframe::egui::{ComboBox, DragValue, RichText, TextEdit, Ui};

use crate::config::SamplerKind;
use crate::config::limits::limit;
use crate::studio::action::{Action, PlayAction};
use crate::studio::panels::category;
use crate::studio::state::draw::Phase;
use crate::studio::widgets::{View, setting, slider};
use crate::studio::words;

/// Sliders end here, where more has no use; any allowed value can be typed.
const REACH: &[(&str, f64)] = &[("draw.guidance", 4.0), ("draw.category_guidance", 6.0), ("draw.steps", 50.0), ("draw.temperature", 2.0)];

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    view.heading(ui, "New drawings");
    let typing = model(view, ui);
    category::show(view, ui);
    if let Some(limit) = limit("call.count") {
        let mut count = view.state.play.count;
        setting(view, ui, limit, &mut count);
        view.state.play.count = count;
    }
    let mut seed = view.state.play.seed;
    view.row(ui, "Seed", "The same seed gives the same drawings.", |ui| ui.add(DragValue::new(&mut seed).speed(0.1)));
    view.state.play.seed = seed;
    how(view, ui, typing);
    ui.add_space(view.tokens.space(1.0));
    ui.horizontal(|ui| {
        if view.state.play.is_drawing() {
            view.secondary(ui, PlayAction::StopDrawing);
        } else {
            view.primary(ui, PlayAction::Draw);
        }
        view.secondary(ui, PlayAction::NextSeed);
    });
    standing(view, ui);
    ui.add_space(view.tokens.space(2.0));
}

/// Which model; true while its path is being typed.
fn model(view: &mut View<'_>, ui: &mut Ui) -> bool {
    let shown = view.state.play.model_name();
    let mut picked = None;
    view.row(ui, "Model", "A model that Denoodle is shipped with, a run of this machine, or any model file.", |ui| {
        let combo = ComboBox::from_id_salt("model").selected_text(shown).width(view.tokens.space(24.0)).truncate().show_ui(ui, |ui| {
            for path in &view.state.library.models {
                let selected = view.state.play.model == path.display().to_string();
                if ui.selectable_label(selected, words::model_name(path)).on_hover_text(path.display().to_string()).clicked() {
                    picked = Some(Action::UseModel(path.clone()));
                }
            }
            if view.state.library.models.is_empty() {
                ui.label("No models yet.");
            }
        });
        combo.response.accessible_name("Model");
    });
    view.asked.extend(picked);
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(14.0);
        let field = TextEdit::singleline(&mut view.state.play.model)
            .hint_text("Path of a model")
            .align(eframe::egui::Align2::LEFT_CENTER)
            .desired_width(width);
        let field = ui.add(field).accessible_name("Path of a model");
        view.command(ui, Action::ChooseModel);
        field.has_focus()
    })
    .inner
}

/// Guidance, steps and the rest: the model's own, or those set here of what its system has.
fn how(view: &mut View<'_>, ui: &mut Ui, typing: bool) {
    let mut own = view.state.play.own_settings;
    ui.checkbox(&mut own, "The model's own settings")
        .on_hover_text("Every model knows how it draws best; take this away to try other ways.");
    view.state.play.own_settings = own;
    if own {
        return;
    }
    let Some(mut settings) = view.state.play.trying().cloned() else {
        // Half a path is nobody's.
        if !typing {
            view.ask(PlayAction::Meet);
        }
        let unread = typing || matches!(view.state.draw.meeting, Phase::Failed(_) | Phase::Stopped);
        view.caption(ui, if unread { "The model's own settings are not known." } else { "Reading the model…" });
        return;
    };
    for (field, reach) in REACH {
        if let Some((limit, value)) = settings.row(field) {
            slider(view, ui, limit, value, *reach);
        }
    }
    if settings.get("draw.steps").is_some() {
        sampler(view, ui, &mut settings.sampler);
    }
    for (limit, value) in settings.rows("draw.").filter(|(limit, _)| REACH.iter().all(|(field, _)| *field != limit.field)) {
        setting(view, ui, limit, value);
    }
    if let Some(tried) = &mut view.state.play.tried {
        tried.settings = settings;
    }
}

/// Of a system that takes noise away: how.
fn sampler(view: &View<'_>, ui: &mut Ui, chosen: &mut SamplerKind) {
    let kinds = [(SamplerKind::Heun, "Heun"), (SamplerKind::Ddim, "DDIM"), (SamplerKind::Ddpm, "DDPM")];
    let now = kinds.iter().find(|(kind, _)| *kind == *chosen).map_or("", |(_, name)| name);
    view.row(ui, "Sampler", "How noise becomes a line: Heun needs the fewest steps, DDPM adds fresh noise at each.", |ui| {
        let combo = ComboBox::from_id_salt("sampler").selected_text(now).show_ui(ui, |ui| {
            for (kind, name) in kinds {
                ui.selectable_value(chosen, kind, name);
            }
        });
        combo.response.accessible_name("Sampler");
    });
}

fn standing(view: &View<'_>, ui: &mut Ui) {
    let play = &view.state.play;
    if play.is_drawing() {
        let stage = if play.going.stage.is_empty() { "reading the model" } else { play.going.stage.as_str() };
        let far = play.going.far().unwrap_or_else(|| stage.to_owned());
        view.caption(ui, format!("At work: {far}."));
    } else if let Some(why) = play.complaint() {
        ui.label(RichText::new(why).small().color(view.palette.faint));
    }
}
