//! A sheet of drawings by the model, always of the same seeds: as it is now, or was earlier in the training.

use eframe::egui::{Align, EventFilter, Key, Layout, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::studio::action::TrainAction;
use crate::studio::widgets::{Moved, View, drawing, levels_between};
use crate::studio::words;

const EXPLAIN: &str = "The same seeds each time, so that what changes is the model.";

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let sheets = view.state.sheets();
    let of = view.state.previewed().map(|run| format!("Preview of {}", words::file_name(&run.folder)));
    let heading = of.as_deref().unwrap_or("Preview");
    let Some(preview) = sheets.shown() else {
        view.heading(ui, heading);
        view.caption(ui, "The first sheet comes after some steps: noise at first, then lines, then more.");
        return;
    };
    let (past, newest) = (sheets.has_past(), sheets.back().is_none());
    ui.horizontal(|ui| {
        view.heading(ui, heading);
        view.caption(ui, format!("{}, always the same seeds", after(preview.step))).on_hover_text(EXPLAIN);
        if past && newest {
            view.caption(ui, "· newest");
        }
    });
    let gap = view.tokens.unit;
    let below = if past { gap * 4.0 + ui.spacing().item_spacing.y } else { 0.0 };
    let mut room = ui.available_size();
    room.y = (room.y - below).max(0.0);
    let count = preview.sketches.len().max(1);
    let (side, columns) = layout(room.x, room.y, gap, count);
    let area = ScrollArea::vertical().id_salt("preview").auto_shrink(false).max_height(room.y).min_scrolled_height(0.0);
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for (row, sketches) in preview.sketches.chunks(columns).enumerate() {
            ui.horizontal(|ui| {
                for (i, sketch) in sketches.iter().enumerate() {
                    drawing::thumbnail(view, ui, side, sketch, &format!("Preview drawing {}", row * columns + i + 1), None);
                }
            });
        }
    });
    if past {
        scrub(view, ui);
    }
}

/// "after step 1 200".
fn after(step: u64) -> String {
    format!("after step {}", words::count(step))
}

/// The bar from the first sheet to the newest, and the way back to that.
fn scrub(view: &mut View<'_>, ui: &mut Ui) {
    let sheets = view.state.sheets();
    let (place, last) = (sheets.place(), sheets.len().saturating_sub(1));
    let said = sheets.shown().map_or_else(String::new, |sheet| after(sheet.step));
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            view.command(ui, TrainAction::NewestSheet);
            let (response, moved) = levels_between(view, ui, place as f32, last, "Scrub through training", ["first", "newest"]);
            if response.clicked() || response.drag_started() {
                response.request_focus();
            }
            for moved in moved.into_iter().chain(arrows(ui, &response)) {
                view.ask(match moved {
                    Moved::To(place) => TrainAction::ShowSheet(place.max(0.0) as usize),
                    Moved::By(forward) => TrainAction::StepSheet(forward),
                });
            }
            // Those who hear the window get this with the bar's name.
            response.on_hover_text(format!("{}. {EXPLAIN}", words::capital(&said)));
        });
    });
}

/// What the arrow keys ask for while the bar has the focus; they do not move it on then.
fn arrows(ui: &Ui, response: &Response) -> Vec<Moved> {
    if !response.has_focus() {
        return Vec::new();
    }
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input(|input| input.num_presses(key));
    let keys = [(Key::ArrowRight, true), (Key::ArrowLeft, false)];
    keys.into_iter().flat_map(|(key, forward)| (0..pressed(key)).map(move |_| Moved::By(forward))).collect()
}

/// On the curves' frame, where the sheet that is looked back at was drawn.
pub(super) fn mark(view: &View<'_>, ui: &Ui, frame: Rect, x: f32, step: u64) {
    if !frame.x_range().contains(x) {
        return;
    }
    ui.painter_at(frame).vline(x, frame.y_range(), Stroke::new(1.0, view.palette.accent));
    let near = view.tokens.space(0.5);
    let strip = Rect::from_min_max(pos2(x - near, frame.top()), pos2(x + near, frame.bottom()));
    let response = ui.interact(strip, ui.scope_id().with("preview sheet"), Sense::hover());
    let name = format!("The preview sheet shown was drawn {}", after(step));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    response.on_hover_text(name);
}

/// The largest side, within reason, with which all fit, and how many then lie in a row.
fn layout(width: f32, height: f32, gap: f32, count: usize) -> (f32, usize) {
    let fits = |columns: usize| {
        let rows = count.div_ceil(columns) as f32;
        let columns = columns as f32;
        ((width - gap * columns) / columns).min((height - gap * rows) / rows)
    };
    let side = (1..=count).map(fits).fold(0.0, f32::max).clamp(gap * 4.0, gap * 24.0).floor();
    (side, drawing::even_columns(count, (width / (side + gap)).floor() as usize))
}
