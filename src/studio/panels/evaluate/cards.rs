//! Scores as cards in rows of equal height, and beneath a row what one of its numbers means.

use eframe::egui::{Align, Button, Layout, RichText, Ui, WidgetInfo};

use super::card;
use super::results::Asked;
use crate::session::{Score, ScoreKind, Versus};
use crate::studio::action::EvaluateAction;
use crate::studio::widgets::View;
use crate::studio::words::capital;

/// The scores that matter first, in the order in which they are read.
pub(super) const FIRST: &[ScoreKind] = &[
    ScoreKind::Fid,
    ScoreKind::FidInfinite,
    ScoreKind::Kid,
    ScoreKind::Precision,
    ScoreKind::Recall,
    ScoreKind::Coverage,
    ScoreKind::Top1,
    ScoreKind::Top5,
    ScoreKind::Copying,
    ScoreKind::NearCopies,
];

/// Shows them.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, versus: &Versus, asked: &mut Vec<Asked>) {
    let first = FIRST.iter().filter_map(|&kind| versus.score(kind));
    grid(view, ui, "first scores", &first.collect::<Vec<_>>(), asked);
    let rest: Vec<&Score> = versus.scores.iter().filter(|score| !FIRST.contains(&score.kind)).collect();
    if rest.is_empty() {
        return;
    }
    let all = view.state.evaluation.all_scores;
    let name = if all { "Fewer scores" } else { "More scores" };
    if ui.button(name).on_hover_text("The same quantities, measured in other ways: there to be compared with other work.").clicked() {
        asked.push(Asked::AllScores);
    }
    if all {
        grid(view, ui, "other scores", &rest, asked);
    }
}

fn grid(view: &View<'_>, ui: &mut Ui, name: &str, scores: &[&Score], asked: &mut Vec<Asked>) {
    let (gap, room) = (view.tokens.unit, ui.available_width());
    let columns = ((room + gap) / (view.tokens.space(26.0) + gap)).floor().clamp(1.0, scores.len().max(1) as f32);
    let width = ((room - gap * (columns - 1.0)) / columns).floor();
    for (row, scores) in scores.chunks(columns as usize).enumerate() {
        // As high as its highest card was a frame ago: all end on one line.
        let id = ui.scope_id().with((name, row));
        let height = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or_default();
        let mut highest = 0.0f32;
        ui.horizontal_top(|ui| {
            for score in scores {
                highest = highest.max(card::show(view, ui, score, width, height, asked));
            }
        });
        ui.data_mut(|data| data.insert_temp(id, highest));
        if highest != height {
            ui.ctx().request_repaint();
        }
        if let Some(kind) = view.state.evaluation.explained.filter(|kind| scores.iter().any(|score| score.kind == *kind)) {
            meaning(view, ui, kind, asked);
        }
    }
}

/// A button that opens or closes what a score means; its words are for the tooltip and for those who hear it.
pub(super) fn what(view: &View<'_>, ui: &mut Ui, kind: ScoreKind, button: Button<'_>, asked: &mut Vec<Asked>) {
    let explained = kind.explained();
    let open = view.state.evaluation.explained == Some(kind);
    let response = ui.add(button.selected(open)).on_hover_text(format!("{}\n{}.", explained.says, capital(explained.better_words())));
    let wish = EvaluateAction::Explain(Some(kind)).label();
    response.widget_info(|| WidgetInfo::selected(eframe::egui::Role::Button, true, open, &wish));
    if response.clicked() {
        asked.push(Asked::Action(EvaluateAction::Explain((!open).then_some(kind)).into()));
    }
}

/// The two sentences.
pub(super) fn meaning(view: &View<'_>, ui: &mut Ui, kind: ScoreKind, asked: &mut Vec<Asked>) {
    let explained = kind.explained();
    let frame = view.paper().stroke(eframe::egui::Stroke::new(1.0, view.palette.accent));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            view.heading(ui, &capital(explained.name));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = EvaluateAction::Explain(None).into();
                if ui.button("Close").on_hover_text("Close explanation (Escape)").clicked() {
                    asked.push(Asked::Action(close));
                }
            });
        });
        ui.label(explained.says);
        let better = capital(explained.better_words());
        ui.label(RichText::new(format!("{better}. {}.", capital(explained.source))).small().color(view.palette.faint));
    });
}
