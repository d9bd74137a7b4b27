//! A control for a line of the limits table: its label, range, unit and explanation all come from there.

use eframe::egui::{DragValue, Slider, Ui};

use super::View;
use crate::config::Limit;
use crate::util::number::{GAP, unit};

/// A number to drag or type.
pub(in crate::studio) fn setting(view: &View<'_>, ui: &mut Ui, limit: &Limit, value: &mut f64) {
    view.row(ui, limit.label, &explanation(limit), |ui| {
        let speed = match (limit.whole, limit.log) {
            (true, _) => (*value * 0.01).max(0.1),
            (false, true) => *value * 0.01,
            (false, false) => (limit.max - limit.min) * 1e-3,
        };
        let unit = suffix(limit, *value);
        let drag = DragValue::new(value).range(limit.min..=limit.max).speed(speed).suffix(unit);
        let drag = if limit.whole { drag.max_decimals(0) } else { drag.custom_formatter(|number, _| plain(number)) };
        ui.add(drag).accessible_name(limit.label).on_hover_text(explanation(limit));
    });
}

/// A number on a slider, for what is tried out by hand. `reach` narrows the table's range to the useful part of it.
pub(in crate::studio) fn slider(view: &View<'_>, ui: &mut Ui, limit: &Limit, value: &mut f64, reach: f64) {
    slider_named(view, ui, limit, limit.label, value, reach);
}

/// The same under another name, where one setting can be set twice. True once it stands still where it did not stand before.
pub(in crate::studio) fn slider_named(view: &View<'_>, ui: &mut Ui, limit: &Limit, name: &str, value: &mut f64, reach: f64) -> bool {
    let label = limit.label;
    view.row(ui, label, &explanation(limit), |ui| {
        let unit = suffix(limit, *value);
        let slider = Slider::new(value, limit.min..=limit.max.min(reach)).clamping(eframe::egui::SliderClamping::Never);
        let slider = slider.logarithmic(limit.log).suffix(unit).max_decimals(if limit.whole { 0 } else { 2 });
        let slider = if limit.whole { slider.integer() } else { slider };
        let response = ui.add(slider).accessible_name(name).on_hover_text(explanation(limit));
        // Typing may go past the slider's reach, but never past the limits.
        *value = value.clamp(limit.min, limit.max);
        response.drag_stopped() || (response.changed() && !response.dragged()) || response.lost_focus()
    })
}

/// The unit behind a value.
pub(in crate::studio) fn suffix(limit: &Limit, value: f64) -> String {
    if limit.unit.is_empty() { String::new() } else { format!("{GAP}{}", unit(value, limit.unit)) }
}

/// The table's sentence, and the range.
fn explanation(limit: &Limit) -> String {
    let unit = suffix(limit, limit.max);
    format!("{}\n{} to {}{unit}", limit.explain, plain(limit.min), plain(limit.max))
}

/// As short as it can be written without losing anything.
fn plain(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) { format!("{number:e}") } else { format!("{number}") }
}
