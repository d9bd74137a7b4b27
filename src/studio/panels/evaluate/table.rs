//! Several subjects: a row for each, a column for each score, floors beneath in smaller type.

use eframe::egui::{Button, Frame, Grid, Label, Margin, RichText, ScrollArea, TextWrapMode, Ui, WidgetInfo};

use super::cards::{self, FIRST, what};
use super::results::{Asked, versus};
use crate::session::{Evaluated, Origin, ScoreKind};
use crate::studio::action::EvaluateAction;
use crate::studio::panels::scoring;
use crate::studio::widgets::View;
use crate::studio::words::{self, capital};

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, asked: &mut Vec<Asked>) {
    let evaluation = &view.state.evaluation;
    let kinds: Vec<ScoreKind> =
        FIRST.iter().copied().filter(|&kind| evaluation.results.iter().any(|result| there(view, result, kind))).collect();
    let frame = Frame { inner_margin: Margin::same(view.tokens.space(1.5) as i8), ..view.paper() };
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::horizontal().id_salt("table").show(ui, |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            Grid::new("scores").spacing([view.tokens.space(2.0), view.tokens.space(1.0)]).show(ui, |ui| {
                view.caption(ui, "Category");
                for &kind in &kinds {
                    let name = capital(kind.name()).replacen(", ", "\n", 1).replacen("Copying ", "Copying\n", 1);
                    let text = RichText::new(name).small().color(view.palette.faint);
                    what(view, ui, kind, Button::new(text).frame(false), asked);
                }
                ui.end_row();
                for (index, result) in evaluation.results.iter().enumerate() {
                    subject(view, ui, index, result, asked);
                    for &kind in &kinds {
                        cell(view, ui, result, kind);
                    }
                    ui.end_row();
                }
            });
        });
        view.caption(ui, "In small type: the floor, which is what real training drawings get. A name on top says what its numbers mean.");
    });
    if let Some(kind) = evaluation.explained.filter(|_| evaluation.is_active()) {
        cards::meaning(view, ui, kind, asked);
    }
}

fn there(view: &View<'_>, result: &Evaluated, kind: ScoreKind) -> bool {
    versus(view, &result.scores).score(kind).is_some_and(|score| score.mean.is_some())
}

/// The category, and whose drawings; a press shows its scores.
fn subject(view: &View<'_>, ui: &mut Ui, index: usize, result: &Evaluated, asked: &mut Vec<Asked>) {
    let evaluation = &view.state.evaluation;
    let selected = evaluation.selected.min(evaluation.results.len() - 1) == index;
    let category = &result.scores.category;
    let (Origin::Model { file, .. } | Origin::Drawings { file, .. }) = &result.scores.origin;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let response = ui.add(Button::selectable(selected, RichText::new(category).strong())).on_hover_text("Shows its scores below.");
        response.widget_info(|| {
            WidgetInfo::selected(eframe::egui::Role::Button, true, selected, format!("Scores of {category}, row {}", index + 1))
        });
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = view.tokens.space(2.0);
            ui.add_space(ui.spacing().button_padding.x);
            view.caption(ui, words::model_name(file.as_ref()));
        });
        if response.clicked() {
            asked.push(Asked::Action(EvaluateAction::Select(index).into()));
        }
    });
}

fn cell(view: &View<'_>, ui: &mut Ui, result: &Evaluated, kind: ScoreKind) {
    scoring::cell(view, ui, kind, versus(view, &result.scores).score(kind), |ui, mean, spread| {
        let told = format!("{mean}{spread}");
        ui.add(Label::new(mean)).on_hover_text(told);
    });
}
