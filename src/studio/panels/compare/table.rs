//! Models in columns: what each is and costs, then every score with its floor, the best of a row marked.

use eframe::egui::{Grid, Label, RichText, ScrollArea, TextWrapMode, Ui};

use crate::session::{Against, Better, Compared, Comparison, Explained, SCORES, comparison_facts};
use crate::studio::panels::scoring;
use crate::studio::widgets::View;
use crate::studio::words::{self, capital};

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, comparison: &Comparison, against: Against) {
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::horizontal().id_salt("comparison").show(ui, |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            // Few models spread over the sheet, many are scrolled through.
            let columns = 1 + comparison.models.len();
            let gap = view.tokens.space(3.0);
            let width = (ui.available_width() / columns as f32 - gap).clamp(0.0, view.tokens.space(24.0));
            let grid = Grid::new("comparison").striped(true).min_col_width(width).spacing([gap, view.tokens.space(0.75)]);
            grid.show(ui, |ui| {
                ui.label("");
                for model in &comparison.models {
                    ui.label(RichText::new(&model.name).strong()).on_hover_text(model.scores.origin.file().0);
                }
                ui.end_row();
                facts(view, ui, comparison);
                for about in SCORES {
                    score(view, ui, comparison, against, about);
                }
            });
        });
        view.caption(
            ui,
            "In colour, with a dot: the best of its row. In small type: the floor, which is what real training drawings get, or the same of \
             real test drawings. Times are of this machine; training time is known only where a model lies in its run folder.",
        );
    });
}

fn facts(view: &View<'_>, ui: &mut Ui, comparison: &Comparison) {
    for row in comparison_facts(comparison) {
        for (column, cell) in row.iter().enumerate() {
            if column == 0 {
                ui.label(RichText::new(capital(cell)).color(view.palette.faint)).on_hover_text(explain(cell));
            } else {
                ui.label(match row[0].as_str() {
                    "system" => words::system(cell).to_owned(),
                    "preset" => words::preset(cell),
                    _ => cell.clone(),
                });
            }
        }
        ui.end_row();
    }
}

/// What a fact is.
fn explain(fact: &str) -> &'static str {
    match fact {
        "system" => "The kind of the network. All of them learn from the same drawings and are scored alike.",
        "preset" => "The settings that it was trained with.",
        "weights" => "Numbers that it has learnt, all together: k for thousands, M for millions.",
        "training steps" => "How often its weights were corrected, each time by a batch of drawings.",
        "training drawings" => "Drawings that it saw in training; one that was seen again counts again.",
        "training time" => "What these steps took, pauses not counted. It depends on the machine and on the threads.",
        "a drawing alone" => "The time from asking for one drawing to having it: the median of some.",
        "a drawing among many" => "The time of a drawing that is drawn together with all others of its seed: the median over the seeds.",
        _ => "",
    }
}

fn score(view: &View<'_>, ui: &mut Ui, comparison: &Comparison, against: Against, about: &Explained) {
    let best = comparison.best(about.kind, against);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let arrow = match about.better {
            Better::Lower => "lower is better",
            Better::Higher => "higher is better",
            Better::NearReal => "nearer to real is better",
        };
        let name = ui.label(RichText::new(capital(about.name)).color(view.palette.faint));
        name.on_hover_text(format!("{}\n{}.", about.says, capital(about.better_words())));
        view.caption(ui, arrow);
    });
    for (index, model) in comparison.models.iter().enumerate() {
        cell(view, ui, model, against, about, best.contains(&index));
    }
    ui.end_row();
}

fn cell(view: &View<'_>, ui: &mut Ui, model: &Compared, against: Against, about: &Explained, best: bool) {
    let score = model.scores.versus(against).and_then(|versus| versus.score(about.kind));
    scoring::cell(view, ui, about.kind, score, |ui, mean, spread| {
        let (text, told) = match best {
            true => (RichText::new(format!("• {mean}{spread}")).strong().color(view.palette.good), ", the best"),
            false => (RichText::new(format!("{mean}{spread}")), ""),
        };
        let label = ui.add(Label::new(text));
        let told = format!("{} of {}{told}", about.name, model.name);
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_description(told));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_explained() {
        let (format, category, device) = (String::new(), String::new(), String::new());
        let none = Comparison { format, version: 1, category, device, threads: 1, models: Vec::new() };
        for row in comparison_facts(&none) {
            assert!(row.iter().all(|title| !explain(title).is_empty()), "{row:?}");
        }
    }
}
