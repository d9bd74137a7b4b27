//! How a comparison goes: a bar, and the models that are scored, at hand and to come.

use eframe::egui::Ui;

use crate::studio::widgets::{self, Mark, View, mark};
use crate::studio::words;
use crate::util::clock;

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui) {
    let compare = &view.state.compare;
    widgets::bar(view, ui, compare.share(), "Comparison");
    let share = compare.share().map_or_else(String::new, |share| format!("{:.0} %, ", (share * 100.0).floor()));
    view.caption(ui, format!("{share}at work for {}", clock::words(view.state.now.saturating_sub(compare.scoring.since))));
    ui.add_space(view.tokens.space(1.0));
    let Some(request) = &compare.request else { return };
    view.paper().show(ui, |ui| {
        ui.set_width(ui.available_width().min(view.tokens.space(72.0)));
        let hand = compare.scoring.at.as_ref().map_or(0, |at| at.subject).max(compare.scored);
        for (index, path) in request.models.iter().enumerate() {
            let how_far = match index {
                index if index < compare.scored => Mark::Done,
                index if index == hand => Mark::Now,
                _ => Mark::Later,
            };
            mark(view, ui, how_far, &format!("drawing with {} and scoring it", words::model_name(path)));
        }
        let all = compare.scored >= request.models.len();
        mark(view, ui, if all { Mark::Now } else { Mark::Later }, "timing them, and writing tables and the picture");
    });
}
