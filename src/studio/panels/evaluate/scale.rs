//! A score on a line, with the floor and the real drawings' figure as marks: one sees how far they are apart.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::session::{Better, COPYING, Score, ScoreKind};
use crate::studio::panels::scoring::value;
use crate::studio::widgets::View;
use crate::studio::words;

/// The line below which copies are to be looked for.
pub(super) fn copying_line(view: &View<'_>) -> Stroke {
    Stroke::new(1.5, view.palette.error)
}

/// The floor's line.
pub(super) fn floor_line(view: &View<'_>) -> Stroke {
    Stroke::new(2.5, view.palette.plot_test)
}

/// The real drawings' line.
pub(super) fn real_line(view: &View<'_>) -> Stroke {
    Stroke::new(2.5, view.palette.plot_stop)
}

/// Shows it.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, score: &Score) {
    let Some(mean) = score.mean else { return };
    let unit = view.tokens.unit;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), unit * 4.0), Sense::hover());
    let floor = score.floor.map(|floor| floor.value);
    let name = format!(
        "{} {}, floor {}{}",
        score.kind.name(),
        value(score.kind, Some(mean)),
        value(score.kind, floor),
        score.of_real.map_or_else(String::new, |real| format!(", real {}", value(score.kind, Some(real))))
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let [low, high] = range(score);
    let track = Rect::from_min_max(rect.min + vec2(unit * 0.75, 0.0), rect.max - vec2(unit * 0.75, unit * 1.75));
    let y = track.center().y;
    let x = |number: f64| {
        let share = ((number - low) / (high - low)).clamp(0.0, 1.0) as f32;
        track.left() + share * track.width()
    };
    let painter = ui.painter_at(rect.expand(1.0));
    let palette = view.palette;
    painter.hline(track.x_range(), y, Stroke::new(1.0, palette.faint));
    for (at, align) in [(low, Align2::LEFT_BOTTOM), (high, Align2::RIGHT_BOTTOM)] {
        painter.vline(x(at), y - 3.0..=y + 3.0, Stroke::new(1.0, palette.faint));
        let font = TextStyle::Small.resolve(ui.style());
        let edge = if at == low { rect.left() } else { rect.right() };
        painter.text(pos2(edge, rect.bottom()), align, words::figure(at), font, palette.faint.into());
    }
    if score.kind == ScoreKind::Copying {
        painter.vline(x(COPYING), track.y_range(), copying_line(view));
    }
    if let Some([from, to]) = interval(score) {
        painter.hline(x(from)..=x(to), y, Stroke::new(unit * 0.75, palette.accent_wash));
        painter.hline(x(from)..=x(to), y, Stroke::new(2.0, palette.accent));
    }
    if let Some(floor) = floor {
        painter.vline(x(floor), track.y_range(), floor_line(view));
    }
    if let Some(real) = score.of_real {
        painter.vline(x(real), track.y_range(), real_line(view));
    }
    painter.circle(pos2(x(mean), y), unit * 0.625, palette.accent, Stroke::new(1.5, palette.paper));
}

/// How sure the value is: its spread either way, or the only run's interval.
fn interval(score: &Score) -> Option<[f64; 2]> {
    let mean = score.mean?;
    match score.spread {
        Some(spread) => Some([mean - spread, mean + spread]),
        None => score.runs.first()?.interval,
    }
}

/// From 0 to 1 for shares, else as far as there is something to see.
fn range(score: &Score) -> [f64; 2] {
    let all = score
        .mean
        .into_iter()
        .chain(score.floor.map(|floor| floor.value))
        .chain(score.of_real)
        .chain(interval(score).into_iter().flatten());
    let (low, high) = all.filter(|number| number.is_finite()).fold((0.0f64, 0.0f64), |(low, high), x| (low.min(x), high.max(x)));
    let share = matches!(score.kind, ScoreKind::Top1 | ScoreKind::Top5)
        || score.kind.explained().better == Better::Higher && score.kind != ScoreKind::Density;
    match (share, score.kind) {
        (true, _) => [0.0, 1.0],
        (false, ScoreKind::Copying | ScoreKind::Density) => [low, round_up(high.max(1.2))],
        _ => [-round_up(-low), round_up(high * 1.1)],
    }
}

/// A round number that is at least as large: 1, 1.5, 2, 3, 5 or 8, times a power of ten. 0 stays 0.
fn round_up(number: f64) -> f64 {
    if number <= 0.0 {
        return 0.0;
    }
    let power = 10f64.powf(number.log10().floor());
    let round = [1.0, 1.5, 2.0, 3.0, 5.0, 8.0].into_iter().find(|step| step * power >= number);
    round.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers() {
        let ends = [0.0, 0.013, 0.5, 1.0, 7.0, 9.0, 42.0].map(round_up);
        let wanted = [0.0, 0.015, 0.5, 1.0, 8.0, 10.0, 50.0];
        assert!(ends.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{ends:?}");
    }
}
