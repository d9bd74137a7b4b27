//! How far something is.

use eframe::egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::View;

/// A thin bar; without a share it is empty.
pub(in crate::studio) fn bar(view: &View<'_>, ui: &mut Ui, share: Option<f32>, name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), view.tokens.space(0.75)), Sense::hover());
    let share = share.unwrap_or(0.0).clamp(0.0, 1.0);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = Some(f64::from(share));
        info
    });
    let round = CornerRadius::same(3);
    ui.painter().rect_filled(rect, round, view.palette.button);
    if share > 0.0 {
        let done = Rect::from_min_size(rect.min, vec2((rect.width() * share).max(rect.height()), rect.height()));
        ui.painter().rect_filled(done, round, view.palette.accent);
    }
}
