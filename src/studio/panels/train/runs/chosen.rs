//! What can be done with the run that is looked at.

use eframe::egui::{Align2, Label, RichText, ScrollArea, TextEdit, Ui};

use crate::session::NOTE_MOST;
use crate::studio::action::RunsAction;
use crate::studio::widgets::View;
use crate::studio::words::sentence;

/// Lines of the note that are seen at once.
const NOTE_LINES: usize = 3;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(run) = view.state.runs.chosen() else { return };
    let (folder, problem) = (run.folder.clone(), run.facts.as_ref().err().cloned());
    let title = Label::new(RichText::new(&run.name).heading()).truncate();
    ui.add(title).on_hover_text(folder.display().to_string());
    if let Some(text) = problem {
        error(view, ui, &sentence(&text));
    }
    let on = view.state.runs.plotted(&folder).is_some();
    view.switch(ui, RunsAction::PlotChosen, on);
    note(view, ui);
    name(view, ui);
    if let Some(text) = view.state.runs.problem.clone() {
        error(view, ui, &sentence(&text));
    }
    ui.horizontal_wrapped(|ui| {
        for action in [RunsAction::Continue, RunsAction::Draw, RunsAction::AskDelete(true)] {
            view.command(ui, action);
        }
    });
}

fn error(view: &View<'_>, ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().color(view.palette.error)).wrap().selectable(true));
}

/// What a person wants to remember of it.
fn note(view: &mut View<'_>, ui: &mut Ui) {
    let line = view.tokens.space(2.5);
    ScrollArea::vertical().id_salt("note of a run").max_height(line * (NOTE_LINES + 1) as f32).show(ui, |ui| {
        let field = TextEdit::multiline(&mut view.state.runs.note)
            .hint_text("A note: what is worth remembering of this run")
            .char_limit(NOTE_MOST)
            .desired_rows(NOTE_LINES)
            .desired_width(f32::INFINITY);
        ui.add(field).accessible_name("Note of this run");
    });
    view.command(ui, RunsAction::SaveNote);
}

/// Its folder's name.
fn name(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let width = ui.available_width() - view.tokens.space(12.0);
        let field = TextEdit::singleline(&mut view.state.runs.name).align(Align2::LEFT_CENTER).desired_width(width);
        ui.add(field).accessible_name("Name of this run").on_hover_text("The name of its folder.");
        view.command(ui, RunsAction::Rename);
    });
}
