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
    // Points behind the drawing's end have a field too, as long as it might end there.
    let points = sight.lifted.len().max(sight.over.len());
    let tip = tip(&sight);
    view.caption(ui, told(&sight)).on_hover_text(tip);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), view.tokens.space(2.0)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The pen behind each point"));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, view.palette.button);
    let each = rect.width() / points as f32;
    let (lifted, over): (Color32, Color32) = (view.palette.plot_stop.into(), view.palette.plot_test.into());
    for i in 0..points {
        let left = rect.left() + each * i as f32;
        let field = Rect::from_min_max(pos2(left, rect.top()), pos2(left + each, rect.bottom()));
        // The lower half says whether the drawing ends there.
        let lower = Rect::from_min_max(pos2(left, rect.center().y), field.max);
        let (up, end) = (share(&sight.lifted, i), share(&sight.over, i));
        painter.rect_filled(field, 0.0, lifted.gamma_multiply(up.unwrap_or(0.0)));
        if let Some(end) = end {
            painter.rect_filled(lower, 0.0, view.palette.button);
            painter.rect_filled(lower, 0.0, over.gamma_multiply(end));
        }
    }
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, view.palette.rule), StrokeKind::Inside);
    let under = response.hover_pos().map(|at| ((at.x - rect.left()) / each) as usize).filter(|&i| i < points);
    match under {
        Some(i) => response.on_hover_text(of_point(&sight, i, points)),
        None => response.on_hover_text(tip),
    };
}

fn share(of: &[f32], i: usize) -> Option<f32> {
    of.get(i).map(|share| share.clamp(0.0, 1.0))
}

fn tip(sight: &Sight) -> &'static str {
    match sight.over.is_empty() {
        true => "A field a point, in the order of drawing: the fuller, the surer it is that the pen is lifted behind it.",
        false => {
            "A field a point, in the order of drawing. Above: the fuller, the surer it is that the pen is lifted behind it. Below: the \
             fuller, the surer it is that the drawing is over behind it."
        }
    }
}

/// "Behind point 3 of 62: 4 % lifted, 1 % over."
fn of_point(sight: &Sight, i: usize, points: usize) -> String {
    let parts = [(share(&sight.lifted, i), "lifted"), (share(&sight.over, i), "over")];
    let parts: Vec<String> = parts.into_iter().filter_map(|(share, what)| Some(format!("{} {what}", percent(share?)))).collect();
    format!("Behind point {} of {points}: {}.", i + 1, parts.join(", "))
}

/// "Pen: lifted behind 5 of 62 points, undecided behind 3; ends behind point 62: 97 % sure"
fn told(sight: &Sight) -> String {
    let count = |within: &dyn Fn(f32) -> bool| sight.lifted.iter().filter(|&&share| within(share)).count() as u64;
    let (lifted, doubt) = (count(&|share| share > LIFTED), count(&|share| (DOUBT..=1.0 - DOUBT).contains(&share)));
    let doubt = if doubt > 0 { format!(", undecided behind {}", words::count(doubt)) } else { String::new() };
    let points = words::counted(sight.lifted.len() as u64, "point", "points");
    let last = sight.lifted.len();
    let end = share(&sight.over, last - 1);
    let end = end.map_or(String::new(), |sure| format!("; ends behind point {}: {} sure", words::count(last as u64), percent(sure)));
    format!("Pen: lifted behind {} of {points}{doubt}{end}", words::count(lifted))
}
