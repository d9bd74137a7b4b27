//! How to train: preset, start, length, seed, device, settings; and the buttons, always in sight.

use eframe::egui::{CollapsingHeader, ComboBox, DragValue, Panel, RadioButton, RichText, ScrollArea, TextEdit, Ui};

use crate::config::limits::limit;
use crate::config::{DeviceChoice, FLAGSHIP_PRESETS, PRESETS};
use crate::studio::action::TrainAction;
use crate::studio::state::form::{LengthKind, StartFrom};
use crate::studio::state::run::Phase;
use crate::studio::widgets::{View, setting, suffix};
use crate::studio::words;

/// Settings that are shown without unfolding anything.
const BASIC: &[&str] = &["train.batch", "train.learning_rate", "train.evaluate_every", "train.save_every"];
/// The folds of the rest: title, what the settings' names begin with, and what they are about.
const ADVANCED: &[(&str, &str, &str)] = &[
    ("Network", "model.", "What learns: how large it is, and how it is built. A larger one learns more, and more slowly."),
    ("Stroke codec", "codec.", "How a stroke becomes the numbers that the network reads and draws, and these become a stroke again."),
    ("Training", "train.", "How it learns: how much at once, how fast, and what keeps it from learning by heart."),
    ("Drawing", "draw.", "What the finished model draws with, unless something else is asked for."),
];

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let frame = eframe::egui::Frame::new().inner_margin(eframe::egui::Margin { top: view.tokens.unit as i8, ..Default::default() });
    Panel::bottom("train buttons").frame(frame).resizable(false).show(ui, |ui| buttons(view, ui));
    ScrollArea::vertical().id_salt("setup").auto_shrink(false).show(ui, |ui| {
        // While a model is trained the form shows what it was started with, and cannot be changed.
        ui.add_enabled_ui(!view.state.run.is_active(), |ui| {
            let anew = !view.state.form.goes_on();
            ui.add_enabled_ui(anew, |ui| preset(view, ui));
            start_from(view, ui);
            length(view, ui);
            rest(view, ui);
            ui.add_enabled_ui(anew, |ui| settings(view, ui));
        });
    });
}

fn preset(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Preset");
    let now = view.state.form.settings.base().name.clone();
    let (flagship, others) = PRESETS.split_at(FLAGSHIP_PRESETS);
    let choice = |view: &mut View<'_>, ui: &mut Ui, name: &str| {
        let button = eframe::egui::Button::selectable(now == name, words::preset(name));
        view.send(ui, TrainAction::UsePreset(name.into()), button);
    };
    ui.horizontal_wrapped(|ui| flagship.iter().for_each(|(name, _)| choice(view, ui, name)));
    let other = others.iter().find(|(name, _)| *name == now);
    let shown = other.map_or_else(|| "Another system".to_owned(), |(name, _)| words::preset(name));
    let combo = ComboBox::from_id_salt("other systems").selected_text(shown).width(ui.available_width()).height(view.tokens.space(60.0));
    let combo = combo.show_ui(ui, |ui| others.iter().for_each(|(name, _)| choice(view, ui, name)));
    combo.response.accessible_name("Another system").on_hover_text("U-Net, Sketch-RNN and the others that the flagship is compared with.");
    let about = view.state.form.settings.base().about.clone();
    view.caption(ui, about);
    ui.add_space(view.tokens.space(1.0));
}

fn length(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Length");
    let steps = view.state.form.settings.get("train.steps").unwrap_or_default() as u64;
    let form = &mut view.state.form;
    let text = match form.start {
        StartFrom::Run => "As it was planned".to_owned(),
        _ => format!("As the preset says: {}", words::counted(steps, "step", "steps")),
    };
    ui.radio_value(&mut form.length, LengthKind::Preset, text).on_hover_text("As many steps as whoever made these settings found useful.");
    ui.horizontal(|ui| {
        ui.radio_value(&mut form.length, LengthKind::Steps, "Steps")
            .on_hover_text("In a step the weights are corrected once, by a batch of drawings. More steps take longer and learn more.");
        if let Some(limit) = limit("train.steps") {
            let unit = suffix(limit, form.steps as f64);
            let drag = DragValue::new(&mut form.steps).range(limit.min..=limit.max).speed(10.0).suffix(unit);
            let drag = ui.add_enabled(form.length == LengthKind::Steps, drag);
            drag.accessible_name("Number of steps");
        }
    });
    ui.horizontal(|ui| {
        ui.radio_value(&mut form.length, LengthKind::Minutes, "Minutes")
            .on_hover_text("As many steps as fit into this time on this machine, as it is now.");
        if let Some(limit) = limit("call.minutes") {
            let drag = DragValue::new(&mut form.minutes).range(limit.min..=limit.max).speed(0.5).max_decimals(2).suffix("\u{a0}min");
            let drag = ui.add_enabled(form.length == LengthKind::Minutes, drag);
            drag.accessible_name("Number of minutes").on_hover_text("The first steps are timed, then the number of steps is fixed.");
        }
    });
    ui.add_space(view.tokens.space(1.0));
}

fn rest(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Run");
    let mut seed = view.state.form.seed;
    let stored = view.state.form.goes_on();
    view.row(ui, "Seed", "Decides all randomness: the same seed and settings give the same model, bit for bit.", |ui| {
        ui.add_enabled(!stored, DragValue::new(&mut seed).speed(0.1));
    });
    view.state.form.seed = seed;
    let mut device = view.state.form.device;
    view.row(ui, "Device", "Where to compute; the run says what it took.", |ui| devices(ui, &mut device, stored));
    view.state.form.device = device;
    if let Some(limit) = limit("call.threads") {
        let mut threads = view.state.form.threads as f64;
        setting(view, ui, limit, &mut threads);
        view.state.form.threads = threads as u64;
    }
    let mut preview = view.state.form.preview;
    ui.checkbox(&mut preview, "Preview sheet")
        .on_hover_text("Now and then draws a sheet with the model as it is then; training waits for it.");
    view.state.form.preview = preview;
    ui.add_space(view.tokens.space(1.0));
}

/// Devices; those that this build lacks say so. A stored run has a device of its own.
fn devices(ui: &mut Ui, device: &mut DeviceChoice, stored: bool) {
    let all = [
        (DeviceChoice::Auto, if stored { "The run's own" } else { "Best there is" }, ""),
        (DeviceChoice::Cpu, "Processor", ""),
        (DeviceChoice::Cuda, "NVIDIA card", "This build has no support for it; the README says how to make one that has."),
        (DeviceChoice::Metal, "Apple GPU", "This build has no support for it; the README says how to make one that has."),
    ];
    let now = all.iter().find(|(choice, ..)| choice == device).map_or("", |(_, name, ..)| name);
    let combo = ComboBox::from_id_salt("device").selected_text(now).show_ui(ui, |ui| {
        for (choice, name, why_not) in all {
            ui.add_enabled_ui(choice.built_in(), |ui| {
                ui.selectable_value(device, choice, name).on_disabled_hover_text(why_not);
            });
        }
    });
    combo.response.accessible_name("Device");
}

fn start_from(view: &mut View<'_>, ui: &mut Ui) {
    let kinds = [
        (StartFrom::Scratch, "scratch", "Random weights.", None),
        (
            StartFrom::Base,
            "the base",
            "The shipped model of all 345 categories: knows much, and is quickly trained on. The preset Finetune is made for it.",
            None,
        ),
        (StartFrom::Model, "a model", "A new run that begins with the weights of a trained model.", Some("Path of a model to start from")),
        (
            StartFrom::Run,
            "a stopped run",
            "Goes on with a run exactly where it was saved, with its own categories and settings.",
            Some("Path of a run to go on with"),
        ),
    ];
    view.heading(ui, "Start from");
    ui.horizontal_wrapped(|ui| {
        for (kind, name, explain, _) in kinds {
            let (now, fits) = (view.state.form.start == kind, kind != StartFrom::Base || view.state.form.base_fits());
            let radio = ui.add_enabled(fits, RadioButton::new(now, name)).on_hover_text(explain);
            if radio.on_disabled_hover_text("The base is of another system than this preset.").clicked() {
                view.state.form.start = kind;
            }
        }
    });
    let start = view.state.form.start;
    if let Some(path) = kinds.iter().find(|(kind, ..)| *kind == start).and_then(|(.., path)| *path) {
        stored(view, ui, path);
    }
    ui.add_space(view.tokens.space(1.0));
}

/// A run on this machine, or any path.
fn stored(view: &mut View<'_>, ui: &mut Ui, path: &'static str) {
    let mut from = view.state.form.from.clone();
    let known = ComboBox::from_id_salt("start model").selected_text("Runs on this machine").width(ui.available_width()).show_ui(ui, |ui| {
        for run in view.state.library.runs() {
            ui.selectable_value(&mut from, run.display().to_string(), words::file_name(run));
        }
        if view.state.library.runs().next().is_none() {
            ui.label("No runs yet.");
        }
    });
    known.response.accessible_name("Runs on this machine");
    let field = TextEdit::singleline(&mut from).hint_text(path).align(eframe::egui::Align2::LEFT_CENTER).desired_width(f32::INFINITY);
    ui.add(field).accessible_name(path);
    view.state.form.from = from;
}

fn settings(view: &mut View<'_>, ui: &mut Ui) {
    view.heading(ui, "Settings");
    if view.state.form.goes_on() {
        view.caption(ui, "A stopped run goes on with its own preset, seed and settings.");
        return;
    }
    let mut settings = view.state.form.settings.clone();
    for field in BASIC {
        if let Some((limit, value)) = settings.row(field) {
            setting(view, ui, limit, value);
        }
    }
    ui.checkbox(&mut settings.flip, "Mirror").on_hover_text("Mirrors half of the drawings, where the category allows it.");
    CollapsingHeader::new("Advanced").id_salt("advanced").show(ui, |ui| {
        for (title, prefix, explain) in ADVANCED {
            ui.label(RichText::new(*title).strong()).on_hover_text(*explain);
            for (limit, value) in settings.rows(prefix).filter(|(limit, _)| !BASIC.contains(&limit.field)) {
                setting(view, ui, limit, value);
            }
            ui.add_space(view.tokens.space(1.0));
        }
    });
    let wrong = settings.preset().err();
    let changed = settings.changed();
    view.state.form.settings = settings;
    if let Some(wrong) = wrong {
        ui.label(RichText::new(format!("This cannot be trained: {wrong}.")).color(view.palette.error));
    }
    ui.horizontal_wrapped(|ui| {
        if changed {
            view.command(ui, TrainAction::ResetSettings);
        }
        if view.state.form.former.is_some() {
            view.command(ui, TrainAction::RestoreSettings);
        }
    });
}

/// Start, pause, resume, stop, continue: only what makes sense can be pressed.
fn buttons(view: &mut View<'_>, ui: &mut Ui) {
    match view.state.run.phase {
        Phase::Running | Phase::Stopping => ui.horizontal(|ui| {
            view.secondary(ui, TrainAction::Pause);
            view.secondary(ui, TrainAction::Stop);
        }),
        Phase::Paused => ui.horizontal(|ui| {
            view.primary(ui, TrainAction::Resume);
            view.secondary(ui, TrainAction::Stop);
        }),
        _ => ui.horizontal(|ui| {
            view.primary(ui, TrainAction::Start);
            if view.state.run.can_continue() {
                view.secondary(ui, TrainAction::Continue);
            }
        }),
    };
    let active = view.state.run.is_active();
    match (active, view.state.why_not(&TrainAction::Start.into())) {
        (false, Some(why)) => view.caption(ui, why),
        (false, None) if view.state.form.goes_on() => view.caption(ui, "Goes on with the chosen run, in its own folder."),
        (false, None) => {
            view.caption(ui, format!("Trains {} into a new folder in {}.", view.state.form.subject(), view.state.options.runs.display()))
        }
        (true, _) => {
            let folder = view.state.run.folder().map_or_else(String::new, |folder| folder.display().to_string());
            view.caption(ui, format!("Writes to {folder}."))
        }
    };
}
