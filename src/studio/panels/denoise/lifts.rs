//! What the pen does behind every point of a whole canvas, as far as it is settled: a field each.

use eframe::egui::{Color32, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::studio::state::denoise::Sight;
use crate::studio::state::denoise::words::percent;
use crate::studio::widgets::View;
use crate::studio::words;

/// Likelier to be lifted than not.
const LIFTED: f32 = 0.5;
/// Nobody knows whether it is lifted: from here to as near to 1.
const DOUBT: f32 = 0.15;

/// Shows it, where the pen is denoised or given.
pub(super) fn show(view: &View<'_>, ui: &mut Ui) {
    let Some(sight) = view.state.denoise.sight().filter(|sight| !sight.lifted.is_empty()) else { return };
    let shares = &sight.lifted;
    let tip = "A field a point, in the order of drawing: the fuller, the surer it is that the pen is lifted behind it.";
    view.caption(ui, told(&sight)).on_hover_text(tip);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), view.tokens.space(2.0)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The pen behind each point"));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, view.palette.button);
    let each = rect.width() / shares.len() as f32;
    let lifted: Color32 = view.palette.plot_stop.into();
    for (i, &share) in shares.iter().enumerate() {
        let left = rect.left() + each * i as f32;
        let field = Rect::from_min_max(pos2(left, rect.top()), pos2(left + each, rect.bottom()));
        painter.rect_filled(field, 0.0, lifted.gamma_multiply(share.clamp(0.0, 1.0)));
    }
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    let under = response.hover_pos().map(|at| ((at.x - rect.left()) / each) as usize);
    match under.and_then(|i| shares.get(i).map(|&share| (i, share))) {
        Some((i, share)) => response.on_hover_text(format!("Behind point {} of {}: {} lifted.", i + 1, shares.len(), percent(share))),
        None => response.on_hover_text(tip),
    };
}

/// "Pen: lifted behind 5 of 62 points, undecided behind 3"
fn told(sight: &Sight) -> String {
    let count = |within: &dyn Fn(f32) -> bool| sight.lifted.iter().filter(|&&share| within(share)).count() as u64;
    let (lifted, doubt) = (count(&|share| share > LIFTED), count(&|share| (DOUBT..=1.0 - DOUBT).contains(&share)));
    let doubt = if doubt > 0 { format!(", undecided behind {}", words::count(doubt)) } else { String::new() };
    format!("Pen: lifted behind {} of {}{doubt}", words::count(lifted), words::counted(sight.lifted.len() as u64, "point", "points"))
}
