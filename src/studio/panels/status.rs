//! The line at the bottom, the same everywhere: what runs, how far it is, what it said. A press goes there.

use eframe::egui::{Align, Button, Layout, RichText, Ui};

use crate::studio::action::Action;
use crate::studio::state::messages::Tone;
use crate::studio::state::run::Phase;
use crate::studio::state::weights::Getting;
use crate::studio::state::{State, Workspace, denoise};
use crate::studio::widgets::View;
use crate::studio::words;
use crate::util::clock;

/// Shows it.
pub(in crate::studio) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal_centered(|ui| {
        let items = items(view.state);
        if items.is_empty() {
            view.caption(ui, "Nothing is running.");
        }
        for (text, goes) in items {
            let button = Button::new(RichText::new(text).small()).frame(false);
            let response = ui.add(button).on_hover_text("Go there");
            if response.clicked() {
                view.ask(goes);
            }
            ui.add_space(view.tokens.space(2.0));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let messages = &view.state.messages;
            let count = messages.list().len() as u64;
            let text = match (count, messages.unread()) {
                (0, _) => "no messages".to_owned(),
                (_, 0) => words::counted(count, "message", "messages"),
                (_, new) => format!("{}, {new} new", words::counted(count, "message", "messages")),
            };
            let button = Button::new(RichText::new(text).small()).frame(false);
            view.send(ui, Action::ToggleMessages, button);
            if let Some(last) = view.state.messages.list().back() {
                let colour = if last.tone == Tone::Error { view.palette.error } else { view.palette.faint };
                let line = last.text.lines().next().unwrap_or_default().to_owned();
                let button = Button::new(RichText::new(line).small().color(colour)).frame(false).truncate();
                if ui.add(button).on_hover_text("Show the messages").clicked() {
                    view.ask(Action::ToggleMessages);
                }
            }
        });
    });
}

/// What runs, in words, and where a press on it goes.
pub(in crate::studio) fn items(state: &State) -> Vec<(String, Action)> {
    let mut items = Vec::new();
    if let Some(text) = training(state) {
        items.push((text, Action::Show(Workspace::Train)));
    }
    if state.play.is_drawing() {
        let far = state.play.going.far().map_or_else(String::new, |far| format!(": {far}"));
        items.push((format!("drawing{far}"), Action::Show(Workspace::Play)));
    }
    let denoise = &state.denoise;
    let in_denoise = [
        (denoise.is_running(), "following a drawing"),
        (denoise.noising == denoise::Phase::Running, "adding noise to a drawing"),
        (denoise.continuing == denoise::Phase::Running, "drawing other ways on"),
    ];
    items.extend(in_denoise.into_iter().filter(|(runs, _)| *runs).map(|(_, text)| (text.into(), Action::Show(Workspace::Denoise))));
    if state.draw.is_running() {
        let doing = if state.draw.takes_rhythm(&state.play) { "drawing with your pen rhythm" } else { "going on with your drawing" };
        items.push((doing.into(), Action::Show(Workspace::Draw)));
    }
    if let Some(fetching) = &state.library.fetching {
        let of = fetching.total.map_or_else(String::new, |total| format!(" of {}", words::bytes(total)));
        let more = if state.library.queue.is_empty() { String::new() } else { format!(", {} more to come", state.library.queue.len()) };
        items.push((format!("fetching {}: {}{of}{more}", fetching.name, words::bytes(fetching.done)), Action::Show(Workspace::Categories)));
    }
    if state.interpolate.is_running() {
        items.push(("drawing between two drawings".into(), Action::Show(Workspace::Interpolate)));
    }
    if state.compare.is_active() {
        items.push((comparing(state), Action::Show(Workspace::Compare)));
    }
    if state.categories.is_importing() {
        items.push(("importing files".into(), Action::Show(Workspace::Categories)));
    }
    if state.evaluation.is_active() {
        items.push((evaluating(state), Action::Show(Workspace::Evaluate)));
    }
    if let Getting::Running { done, total } = state.weights.getting {
        let of = total.map_or_else(String::new, |total| format!(" of {}", words::bytes(total)));
        items.push((format!("fetching weights: {}{of}", words::bytes(done)), Action::Show(state.weights.asked_in)));
    }
    if state.export.writing.running {
        items.push(("writing a file".into(), Action::Show(Workspace::Play)));
    }
    if state.evaluation.saving.running {
        items.push(("saving scores".into(), Action::Show(Workspace::Evaluate)));
    }
    items
}

/// The window's title: what runs, for the task bar.
pub(in crate::studio) fn title(state: &State) -> String {
    let percent = |share: f32| format!(", {:.0} %", (share * 100.0).floor());
    let run = &state.run;
    let share = run.share().map_or_else(String::new, percent);
    match (&run.phase, state.play.is_drawing(), &state.library.fetching) {
        (Phase::Running, ..) => format!("Denoodle: training {}{share}", run.subject()),
        (Phase::Paused, ..) => format!("Denoodle: paused, {}{share}", run.subject()),
        (Phase::Stopping, ..) => format!("Denoodle: saving {}", run.subject()),
        _ if state.evaluation.is_active() => {
            let share = state.evaluation.share().map_or_else(String::new, percent);
            format!("Denoodle: evaluating {}{share}", state.evaluation.subjects())
        }
        _ if state.compare.is_active() => {
            let share = state.compare.share().map_or_else(String::new, percent);
            format!("Denoodle: comparing{share}")
        }
        (_, true, _) => "Denoodle: drawing".into(),
        _ if state.denoise.is_running() => "Denoodle: following a drawing".into(),
        (_, _, Some(fetching)) => format!("Denoodle: fetching {}", fetching.name),
        _ if state.export.writing.running => "Denoodle: writing a file".into(),
        _ => "Denoodle".into(),
    }
}

/// "evaluating cat: looking at the test drawings of cat, 120 of 200 drawings"
fn evaluating(state: &State) -> String {
    let evaluation = &state.evaluation;
    let subject = evaluation.scoring.at.as_ref().map_or("", |at| at.category.as_str());
    let subject = if subject.is_empty() { String::new() } else { format!(" {subject}") };
    if !evaluation.is_running() {
        return format!("cancelling the evaluation{subject}").replace("evaluation ", "evaluation of ");
    }
    format!("evaluating{subject}: {}", evaluation.scoring.going.line())
}

/// "comparing: drawing cat, seed 1, 120 of 500 drawings"
fn comparing(state: &State) -> String {
    let compare = &state.compare;
    if !compare.is_running() {
        return "cancelling the comparison".into();
    }
    format!("comparing: {}", compare.scoring.going.line())
}

/// "training rabbit: step 4 210 of 12 000   412 drawings/s   22 min left   loss 0.318"
fn training(state: &State) -> Option<String> {
    let run = &state.run;
    let doing = match run.phase {
        Phase::Running => "training",
        Phase::Paused => "paused:",
        Phase::Stopping => "saving",
        _ => return None,
    };
    let subject = run.subject();
    let Some(last) = run.last.filter(|_| run.going.stage.is_empty()) else {
        return Some(format!("{doing} {subject}: {}", run.going.line()));
    };
    let of = last.steps.map_or_else(String::new, |steps| format!(" of {}", words::count(steps)));
    let left = last.left.map_or_else(String::new, |left| format!("   {} left", clock::words(left)));
    let loss = run.curves.smooth.last().map_or_else(String::new, |loss| format!("   loss {}", words::figure(loss)));
    Some(format!("{doing} {subject}: step {}{of}   {:.0} drawings/s{left}{loss}", words::count(last.step), last.drawings_per_sec))
}
