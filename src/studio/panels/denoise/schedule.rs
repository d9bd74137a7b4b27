//! The noise schedule as a small plot: the noise level of every step, and the share of signal that is left at it.

use eframe::egui::{Align2, FontId, Painter, Rect, Stroke, pos2};

use crate::studio::widgets::View;
use crate::studio::words;

/// Its name.
pub(super) const NAME: &str = "Noise schedule";
/// What it shows.
pub(super) const EXPLAIN: &str = "The noise level sigma of every step, on a logarithmic scale, from left to right; dashed, the share of signal alpha_bar, from 0 to 1. The \
                                  last step goes to no noise at all.";

/// Paints it.
pub(super) fn paint(view: &View<'_>, painter: &Painter, sheet: Rect) {
    let denoise = &view.state.denoise;
    let Some(part) = denoise.part() else { return };
    let sigmas: Vec<f64> = part.moments.iter().map(|moment| moment.sigma).collect();
    let above: Vec<f64> = sigmas.iter().copied().filter(|&sigma| sigma > 0.0).collect();
    let (Some(&high), Some(&low)) = (above.first(), above.last()) else { return };
    let (unit, steps) = (view.tokens.unit, (sigmas.len() - 1).max(1) as f32);
    let font = FontId::proportional(view.tokens.type_scale.small);
    let area =
        Rect::from_min_max(sheet.min + eframe::egui::vec2(unit * 4.5, unit * 1.25), sheet.max - eframe::egui::vec2(unit * 1.5, unit * 1.5));
    let x = |step: f32| area.left() + area.width() * step / steps;
    // A level of 0 has no place on a logarithmic scale: it lies at the bottom.
    let depth = (high / low).ln().max(1e-9);
    let y = |sigma: f64| match sigma > 0.0 {
        true => area.top() + area.height() * 0.92 * ((high / sigma).ln() / depth) as f32,
        false => area.bottom(),
    };
    let share = |sigma: f64| area.bottom() - area.height() * (1.0 / (1.0 + sigma * sigma)) as f32;
    let faint = view.palette.faint;
    painter.hline(area.x_range(), area.bottom(), Stroke::new(1.0, view.palette.rule));
    painter.text(pos2(area.left() - unit * 0.5, y(high)), Align2::RIGHT_CENTER, words::short(high), font.clone(), faint.into());
    painter.text(pos2(area.left() - unit * 0.5, y(low)), Align2::RIGHT_CENTER, words::short(low), font, faint.into());
    let at = |(step, &sigma): (usize, &f64)| pos2(x(step as f32), y(sigma));
    let curve: Vec<_> = sigmas.iter().enumerate().map(at).collect();
    let signal: Vec<_> = sigmas.iter().enumerate().map(|(step, &sigma)| pos2(x(step as f32), share(sigma))).collect();
    painter.extend(eframe::egui::Shape::dashed_line(&signal, Stroke::new(1.0, view.palette.plot_stop), 4.0, 3.0));
    painter.line(curve[..curve.len() - 1].to_vec(), Stroke::new(1.5, view.palette.ink));
    for point in &curve {
        painter.circle_filled(*point, 2.0, view.palette.ink);
    }
    let now = denoise.position.at.clamp(0.0, steps);
    painter.vline(x(now), area.y_range(), Stroke::new(1.0, view.palette.accent));
    if let Some(sigma) = denoise.moment().map(|moment| moment.sigma) {
        painter.circle(
            pos2(x(denoise.position.step() as f32), y(sigma)),
            unit * 0.6,
            view.palette.accent,
            Stroke::new(1.5, view.palette.paper),
        );
    }
}
