//! How an evaluation goes: a bar, and the list of what is done, at hand and to come.

use eframe::egui::{Label, RichText, Ui};

use crate::session::Stage;
use crate::studio::state::evaluate::Evaluation;
use crate::studio::widgets::{self, Mark, View, mark};
use crate::util::clock;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let evaluation = &view.state.evaluation;
    widgets::bar(view, ui, evaluation.share(), "Evaluation");
    let share = evaluation.share().map_or_else(String::new, |share| format!("{:.0} %, ", (share * 100.0).floor()));
    view.caption(ui, format!("{share}at work for {}", clock::words(view.state.now.saturating_sub(evaluation.scoring.since))));
    if let Some(said) = &evaluation.said {
        ui.add(Label::new(RichText::new(said).color(view.palette.faint)).wrap());
    }
    ui.add_space(view.tokens.space(1.0));
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width().min(view.tokens.space(72.0)));
        for (how_far, text) in lines(evaluation) {
            mark(view, ui, how_far, &text);
        }
    });
}

/// The stages of the subject at hand: those that come once, then a line for each seed.
fn lines(evaluation: &Evaluation) -> Vec<(Mark, String)> {
    let stages = Stage::all(&evaluation.seeds());
    let at = evaluation.scoring.at.as_ref();
    let category = at.map_or("", |at| at.category.as_str());
    let category = if category.is_empty() { "the drawings" } else { category };
    let writing = evaluation.is_writing();
    let place = match at {
        Some(_) if writing => stages.len(),
        Some(at) => stages.iter().position(|stage| *stage == at.stage).unwrap_or(at.number),
        None => 0,
    };
    let mark = |from: usize, to: usize| match place {
        place if place >= to => Mark::Done,
        place if place >= from => Mark::Now,
        _ => Mark::Later,
    };
    let once = stages.iter().position(|stage| matches!(stage, Stage::Drawing(_))).unwrap_or(stages.len());
    let mut lines: Vec<_> = (0..once).map(|i| (mark(i, i + 1), stages[i].words(category))).collect();
    for (i, seed) in stages[once..].chunks(3).enumerate() {
        let from = once + i * 3;
        let text = match (mark(from, from + seed.len()), seed) {
            (Mark::Now, _) => stages[place].words(category),
            (_, [Stage::Drawing(Some(seed)), ..]) => format!("drawing, looking at and scoring {category}, seed {seed}"),
            _ => format!("reading, looking at and scoring drawings of {category}"),
        };
        lines.push((mark(from, from + seed.len()), text));
    }
    if evaluation.request.as_ref().is_some_and(|request| request.out.is_some()) {
        lines.push((if writing { Mark::Now } else { Mark::Later }, Stage::Writing.words("")));
    }
    lines
}
