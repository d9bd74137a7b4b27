//! All drawings, small.

use eframe::egui::{Label, RichText, ScrollArea, Ui};

use crate::studio::action::PlayAction;
use crate::studio::widgets::{View, drawing, reveal};
use crate::studio::words;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    ui.take_available_width();
    view.heading(ui, "Drawings");
    let Some(drawn) = &view.state.play.drawn else {
        view.caption(ui, "What the model draws is listed here.");
        return;
    };
    let many = words::counted(drawn.sketches.len() as u64, "drawing", "drawings");
    let about = format!(
        "{many} of {} by {}, seed {}, in {:.1}\u{a0}s",
        drawn.category,
        words::model_name(&drawn.model),
        drawn.seed,
        drawn.took.as_secs_f64()
    );
    // However long the model's name is, nothing of it may be cut.
    ui.add(Label::new(RichText::new(about).small().color(view.palette.faint)).wrap());
    let gap = view.tokens.unit;
    let columns = ((ui.available_width() + gap) / (gap * 12.0)).floor().max(2.0);
    let side = ((ui.available_width() - gap * (columns + 1.0)) / columns).floor();
    let (columns, count) = (columns as usize, drawn.sketches.len());
    let mut area = ScrollArea::vertical().id_salt("drawings").auto_shrink(false);
    if std::mem::take(&mut view.state.play.reveal)
        && let Some(offset) = reveal(view.state.play.selected / columns, &view.state.play.rows, side + gap, ui.available_height())
    {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show_rows(ui, side, count.div_ceil(columns), |ui, rows| {
        for row in rows.clone() {
            ui.horizontal(|ui| {
                for index in row * columns..((row + 1) * columns).min(count) {
                    let Some(sketch) = view.state.play.sketches().get(index) else { continue };
                    let selected = view.state.play.selected == index;
                    let action = PlayAction::Select(index);
                    let response = drawing::thumbnail(view, ui, side, sketch, &action.label(), Some(selected));
                    if response.clicked() {
                        view.ask(action);
                    }
                }
            });
        }
        rows
    });
    view.state.play.rows = shown.inner;
}
