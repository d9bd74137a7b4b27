//! How drawings are scored: what Evaluate and Compare ask alike.

use eframe::egui::{Button, DragValue, Role, Ui, WidgetInfo};

use crate::config::limits::limit;
use crate::session::{Against, Protocol, Score, ScoreKind};
use crate::studio::widgets::{View, setting};

/// Which of these protocols.
pub(super) fn protocols(view: &View<'_>, ui: &mut Ui, chosen: &mut Protocol, offered: &[Protocol]) {
    view.heading(ui, "Protocol");
    for &protocol in offered {
        let name = match protocol {
            Protocol::Sketch => "Sketch features",
            Protocol::PytorchFid => "Inception, as pytorch-fid",
            Protocol::CleanFid => "Inception, as clean-fid",
        };
        ui.radio_value(chosen, protocol, name).on_hover_text(protocol.explain());
    }
    view.caption(ui, chosen.explain());
    ui.add_space(view.tokens.space(1.0));
}

/// How many drawings, with how many seeds, from which on.
pub(super) fn how_many(view: &View<'_>, ui: &mut Ui, count: &mut f64, repetitions: &mut f64, seed: &mut u64) {
    for (field, value) in [("call.scored", count), ("call.seeds", repetitions)] {
        if let Some(limit) = limit(field) {
            setting(view, ui, limit, value);
        }
    }
    let tip = "The others are those that follow. It also decides which training drawings make the floor.";
    view.row(ui, "First seed", tip, |ui| ui.add(DragValue::new(seed).speed(0.1)));
}

/// Which test list.
pub(super) fn lists(ui: &mut Ui, without_shared: &mut bool) {
    ui.horizontal(|ui| {
        ui.label("Test drawings");
        let lists = [
            (false, Against::AsGiven, "As given", "The test list as it is."),
            (
                true,
                Against::WithoutShared,
                "Without shared indices",
                "Leaves out test drawings that are in the train list too: the model was trained on them.",
            ),
        ];
        for (value, against, name, explain) in lists {
            let now = *without_shared == value;
            let response = ui.add(Button::selectable(now, name)).on_hover_text(explain);
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, now, name));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(against.words()));
            if response.clicked() {
                *without_shared = value;
            }
        }
    });
}

/// A score with its floor beneath, or why there is none. `number` shows the mean; it is given the spread behind a sign as well.
pub(super) fn cell(view: &View<'_>, ui: &mut Ui, kind: ScoreKind, score: Option<&Score>, number: impl FnOnce(&mut Ui, String, String)) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(score) = score.filter(|score| score.mean.is_some()) else {
            let why = score.and_then(|score| score.absent.as_deref()).unwrap_or("it was not asked for");
            ui.label("–").on_hover_text(format!("No score: {why}."));
            return;
        };
        let spread = score.spread.map_or_else(String::new, |spread| format!(" ± {}", value(kind, Some(spread))));
        number(ui, value(kind, score.mean), spread);
        let (name, beside) = match score.of_real {
            Some(real) if score.floor.is_none() => ("real", Some(real)),
            _ => ("floor", score.floor.map(|floor| floor.value)),
        };
        view.caption(ui, format!("{name} {}", value(kind, beside)));
    });
}

/// A number with as many digits as mean something.
pub(super) fn value(kind: ScoreKind, number: Option<f64>) -> String {
    number.map_or_else(|| "–".into(), |number| format!("{number:.*}", kind.explained().decimals))
}
