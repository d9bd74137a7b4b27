//! What came of an evaluation: a table where there are several subjects, then all about the one that is chosen.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use super::{cards, histograms, rests, sheets, table};
use crate::session::{Scores, Versus};
use crate::studio::action::{Action, EvaluateAction};
use crate::studio::panels::scoring;
use crate::studio::state::export::Wrote;
use crate::studio::widgets::{self, View};
use crate::studio::words;

/// Shows it, as far as there is any.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let count = view.state.evaluation.results.len();
    if count == 0 {
        return;
    }
    ui.add_space(view.tokens.space(1.0));
    if view.state.evaluation.results.iter().any(|result| result.scores.without_shared.is_some()) {
        scoring::lists(ui, &mut view.state.evaluation.without_shared);
    }
    let mut asked = Vec::new();
    if count > 1 {
        table::show(view, ui, &mut asked);
        ui.add_space(view.tokens.space(1.0));
    }
    if !view.state.evaluation.is_active() {
        head(view, ui);
        let view = &*view;
        if let Some(shown) = view.state.evaluation.shown() {
            let versus = versus(view, &shown.scores);
            remarks(view, ui, &shown.scores);
            cards::show(view, ui, versus, &mut asked);
            rests::show(view, ui, &shown.scores, versus);
            sheets::show(view, ui, shown);
            histograms::show(view, ui, versus);
        }
    }
    for action in asked {
        match action {
            Asked::AllScores => view.state.evaluation.all_scores ^= true,
            Asked::Action(action) => view.ask(action),
        }
    }
}

/// What the views of scores ask for.
pub(super) enum Asked {
    /// Show the less usual scores, or hide them.
    AllScores,
    /// Anything else.
    Action(Action),
}

/// The scores against the list that is chosen.
pub(super) fn versus<'a>(view: &View<'_>, scores: &'a Scores) -> &'a Versus {
    scores.without_shared.as_ref().filter(|_| view.state.evaluation.without_shared).unwrap_or(&scores.as_given)
}

/// Whose scores are shown, and what can be done with their files.
fn head(view: &mut View<'_>, ui: &mut Ui) {
    let Some(category) = view.state.evaluation.shown().map(|shown| shown.scores.category.clone()) else { return };
    ui.horizontal(|ui| {
        view.heading(ui, &format!("Scores of {category}"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let to = EvaluateAction::SaveTo(view.state.evaluation.save_path.trim().into());
            let enter = view.command(ui, to.clone()).enabled();
            let (typed, width) = (&mut view.state.evaluation.save_path, view.tokens.space(18.0));
            let (_, entered) = widgets::path_field(ui, typed, "Path to save the scores to", "or type a path", width);
            if enter && entered {
                view.ask(to);
            }
            view.command(ui, EvaluateAction::Save);
            if view.state.evaluation.folder().is_some() {
                view.command(ui, EvaluateAction::OpenFolder);
            }
        });
    });
    files(view, ui);
}

/// Where files are, and how saving went; a path can be typed where no dialog opens.
fn files(view: &mut View<'_>, ui: &mut Ui) {
    if let Some(folder) = view.state.evaluation.folder() {
        let count = words::counted(view.state.evaluation.files.len() as u64, "file", "files");
        let text = RichText::new(format!("{count} in {}", folder.display())).small().color(view.palette.faint);
        ui.add(Label::new(text).wrap().selectable(true));
    }
    match &view.state.evaluation.saving.wrote {
        Some(Wrote::File(path, bytes)) => {
            let text = format!("Wrote {} ({}).", path.display(), words::bytes(*bytes));
            ui.add(Label::new(RichText::new(text).color(view.palette.good)).wrap().selectable(true));
        }
        Some(Wrote::Failed(text)) => {
            let text = format!("The scores were not saved: {text}");
            ui.add(Label::new(RichText::new(text).color(view.palette.error)).wrap().selectable(true));
        }
        None => {}
    }
}

/// What a person should know before reading any number.
fn remarks(view: &View<'_>, ui: &mut Ui, scores: &Scores) {
    let mut say = |text: &str, colour| {
        ui.add(Label::new(RichText::new(text).color(colour)).wrap());
    };
    if scores.copies() == Some(true) {
        let text =
            "The model is likely to draw from memory: its drawings lie much nearer to training drawings than new drawings by people do.";
        say(text, eframe::egui::Color32::from(view.palette.error));
    }
    for note in &scores.notes {
        say(&words::sentence(note), view.palette.warning.into());
    }
}
