//! Models in columns: what each is and costs, then every score with its floor, the best of a row marked.

use eframe::egui::{Grid, Label, RichText, ScrollArea, TextWrapMode, Ui};

use crate::session::{Against, Better, Compared, Comparison, Explained, SCORES, comparison_facts};
use crate::studio::panels::scoring;
use crate::studio::widgets::View;
use crate::studio::words::capital;

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, comparison: &Comparison, against: Against) {
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::horizontal().id_salt("comparison").show(ui, |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            Grid::new("comparison").striped(true).spacing([view.tokens.space(3.0), view.tokens.space(0.75)]).show(ui, |ui| {
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
                ui.label(RichText::new(capital(cell)).color(view.palette.faint));
            } else {
                ui.label(cell);
            }
        }
        ui.end_row();
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
