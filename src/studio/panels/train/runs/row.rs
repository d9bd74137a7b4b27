//! A run in the list.

use eframe::egui::{Align2, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::studio::action::RunsAction;
use crate::studio::state::runs::words;
use crate::studio::widgets::View;

/// Shows it: its name, how far it came, how well it did.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui, place: usize, reveal: bool) {
    let Some(run) = view.state.runs.list.get(place) else { return };
    let (unit, palette) = (view.tokens.unit, view.palette);
    let selected = view.state.runs.selected.as_ref() == Some(&run.folder);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), unit * 7.5), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &run.name));
    if selected && reveal {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let busy = view.state.active_folder() == Some(run.folder.as_path());
    let course = if busy { format!("being trained: {}", words::course(run)) } else { words::course(run) };
    let standing = words::standing(run);
    let ground = match (selected, response.hovered()) {
        (true, _) => Some(palette.accent_wash),
        (false, true) => Some(palette.button),
        (false, false) => None,
    };
    let painter = ui.painter_at(rect);
    if let Some(ground) = ground {
        painter.rect_filled(rect, unit * 0.5, ground);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, unit * 0.5, Stroke::new(1.0, palette.accent), StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(unit * 0.75, unit * 0.5));
    let [body, small] = [TextStyle::Body, TextStyle::Small].map(|style| style.resolve(ui.style()));
    let failed = run.facts.is_err();
    painter.text(inner.left_top(), Align2::LEFT_TOP, &run.name, body, palette.ink.into());
    let told = if failed { palette.error } else { palette.faint };
    painter.text(inner.left_center() + vec2(0.0, unit * 0.5), Align2::LEFT_CENTER, &course, small.clone(), told.into());
    painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, words::standing_in_short(run), small, palette.faint.into());
    // Its colour on the plot.
    if let Some(plotted) = view.state.runs.plotted(&run.folder) {
        let colour = palette.plot_run(plotted.colour);
        let y = inner.top() + unit;
        painter.line_segment([pos2(inner.right() - unit * 2.0, y), pos2(inner.right(), y)], Stroke::new(3.0, colour));
    }
    let note = if run.note.is_empty() { String::new() } else { format!("\n{}", run.note) };
    let folder = run.folder.clone();
    let response = response.on_hover_text(format!("{}: {course}\n{standing}{note}", run.name));
    if response.clicked() {
        view.ask(RunsAction::Select(folder));
    }
}
