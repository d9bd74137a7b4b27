//! How the training goes: words, figures, curves, the preview sheet.

use eframe::egui::{Label, RichText, Ui, vec2};

use super::{plot, preview};
use crate::studio::action::TrainAction;
use crate::studio::state::run::Phase;
use crate::studio::widgets::{self, View};
use crate::studio::words;
use crate::util::clock;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let said = view.state.run.words();
    ui.scope(|ui| view.standing(ui, said.tone, &said.heading, &said.detail));
    if let Phase::Ended { .. } = view.state.run.phase {
        view.primary(ui, TrainAction::UseTrained);
    }
    notices(view, ui);
    if view.state.run.phase == Phase::Idle {
        // Without a training of its own, the plot may still show others.
        if view.state.runs.plotted.is_empty() {
            guide(view, ui);
        } else {
            course(view, ui);
        }
        return;
    }
    widgets::bar(view, ui, view.state.run.share(), "Training");
    figures(view, ui);
    ui.add_space(view.tokens.space(1.0));
    course(view, ui);
}

/// The curves, and beneath them the preview sheet, if there is one or will be.
fn course(view: &mut View<'_>, ui: &mut Ui) {
    let there = !view.state.sheets().is_empty();
    let sheet = there || view.state.run.request.as_ref().is_some_and(|request| request.preview.is_some());
    let room = ui.available_height();
    let curves = match (there, sheet) {
        (true, _) => (room * 0.56).max(view.tokens.space(19.0)),
        // Two lines say that there will be one.
        (false, true) => (room - view.tokens.space(7.5)).max(0.0),
        (false, false) => room.max(0.0),
    };
    ui.allocate_ui(vec2(ui.available_width(), curves), |ui| plot::show(view, ui));
    if sheet {
        preview::show(view, ui);
    }
}

/// Roll-backs and the run's newest message.
fn notices(view: &View<'_>, ui: &mut Ui) {
    let run = &view.state.run;
    if let Some(text) = run.rolled_back() {
        ui.label(RichText::new(text).color(view.palette.warning));
    }
    if let Some(text) = &run.said {
        ui.add(Label::new(RichText::new(text).color(view.palette.faint)).wrap());
    }
}

/// What a newcomer reads before anything was trained.
fn guide(view: &mut View<'_>, ui: &mut Ui) {
    ui.add_space(view.tokens.space(2.0));
    let steps = [
        ("1  What", "Tick a category on the left. One model learns one category, or all that are ticked."),
        ("2  How", "The preset on the right says for whom it is and how long it takes. The rest can stay as it is."),
        ("3  Watch", "Here the loss falls and the preview sheet improves. Pause or stop at any time: nothing is lost."),
    ];
    for (heading, text) in steps {
        view.paper().show(ui, |ui| {
            ui.set_width(ui.available_width().min(view.tokens.space(72.0)));
            ui.label(RichText::new(heading).heading());
            ui.label(RichText::new(text).color(view.palette.faint));
        });
    }
}

fn figures(view: &View<'_>, ui: &mut Ui) {
    let run = &view.state.run;
    let last = run.last.as_ref();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    let memory = last.and_then(|last| last.memory);
    let megabytes = |bytes: u64| words::count(bytes / 1_000_000);
    let peak = memory.map_or_else(String::new, |memory| format!(", at most {} MB so far", megabytes(memory.peak)));
    let of_memory =
        format!("What the whole program has in the machine's memory, this window included{peak}; a dash where the system does not tell.");
    let mut figures = vec![
        ("Loss", or_dash(run.curves.smooth.last().map(words::figure)), "", "Of training drawings, smoothed over about 50 steps."),
        (
            "Test loss",
            or_dash(run.tested.map(|test| words::figure(test.losses.judged))),
            "",
            "Of drawings that are never trained on; the best model is chosen by it.",
        ),
        (
            "Best test loss",
            or_dash(run.best.map(|test| words::figure(test.losses.judged))),
            "",
            "The lowest of this run; its checkpoint is kept.",
        ),
        ("Steps", or_dash(run.steps_per_sec().map(words::figure)), "/s", "Training steps a second."),
        ("Drawings", or_dash(last.map(|last| words::count(last.drawings_per_sec.round() as u64))), "/s", "Drawings seen a second."),
        ("Time left", or_dash(last.and_then(|last| last.left).map(clock::words)), "", "At the present speed."),
        (
            "Learning rate",
            or_dash(last.map(|last| words::figure(last.rate))),
            "",
            "How far a step moves the weights. It rises during warm-up, so that the first steps do no harm, and then falls along a cosine, so that the last ones settle.",
        ),
        (
            "Gradient norm",
            or_dash(last.map(|last| words::figure(last.gradient_norm))),
            "",
            "How steep the loss is where the weights are now, as one length over all weights, before clipping. Sudden heights mean odd drawings or too high a learning rate.",
        ),
        ("Memory", or_dash(memory.map(|memory| megabytes(memory.now))), if memory.is_some() { "MB" } else { "" }, of_memory.as_str()),
    ];
    // What the system tells beside its losses: of test drawings as soon as they were looked at.
    let told = run.tested.map(|test| test.losses).or(last.map(|last| last.losses)).and_then(|losses| losses.figure);
    let name = told.map_or(String::new(), |figure| words::capital(figure.name));
    if let Some(figure) = told {
        figures.insert(3, (&name, format!("{:.1}", 100.0 * figure.value), "%", words::told_beside(figure.name)));
    }
    // In as few rows of equal columns as have room for the widest.
    let most = (ui.available_width() / view.tokens.space(12.0)).max(1.0) as usize;
    let per_row = figures.len().div_ceil(figures.len().div_ceil(most));
    for row in figures.chunks(per_row) {
        ui.columns(per_row, |columns| {
            for (ui, (name, value, unit, explain)) in columns.iter_mut().zip(row) {
                view.figure(ui, name, value, unit, explain);
            }
        });
    }
}
