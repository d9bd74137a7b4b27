//! Quantities of the strokes, real against generated: how their values are spread, over the same bins.

use eframe::egui::{Align2, Color32, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::session::{CharacteristicScore, Histogram, Versus};
use crate::studio::widgets::View;
use crate::studio::words::{self, capital};

/// Shows them.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, versus: &Versus) {
    if versus.characteristics.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        view.heading(ui, "Characteristics");
        ui.add_space(view.tokens.space(1.0));
        for (name, colour) in [("Real", real(view)), ("Generated", view.palette.accent.into())] {
            let (rect, _) = ui.allocate_exact_size(vec2(view.tokens.space(2.0), view.tokens.unit), Sense::hover());
            ui.painter().rect_filled(rect, 2.0, colour);
            view.caption(ui, name);
        }
    });
    view.caption(
        ui,
        "How the strokes are made, without any network. The distance is by how much values have to be moved, on average, to make one spread into the other; the floor is that of real training drawings.",
    );
    let (gap, room) = (view.tokens.unit, ui.available_width());
    let columns = ((room + gap) / (gap * 29.0)).floor().max(1.0);
    let width = ((room - gap * (columns - 1.0)) / columns).floor();
    for row in versus.characteristics.chunks(columns as usize) {
        ui.horizontal_top(|ui| {
            for one in row {
                let margin = 2.0 * (view.tokens.space(1.0) + 1.0);
                view.paper().show(ui, |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(width - margin);
                        characteristic(view, ui, one);
                    });
                });
            }
        });
    }
}

/// The real drawings' colour: steps back behind the other. Opaque, since bars touch.
fn real(view: &View<'_>) -> Color32 {
    Color32::from(view.palette.paper).lerp_to_gamma(view.palette.plot_test.into(), 0.5)
}

fn characteristic(view: &View<'_>, ui: &mut Ui, one: &CharacteristicScore) {
    ui.spacing_mut().item_spacing.y = view.tokens.space(0.5);
    let unit = unit(&one.name);
    let figure = |number: Option<f64>| number.map_or_else(|| "–".into(), words::figure);
    let spread = one.spread.map_or_else(String::new, |spread| format!(" ± {}", words::figure(spread)));
    let title = if unit.is_empty() { capital(&one.name) } else { format!("{}, {unit}", capital(&one.name)) };
    let distance = format!("distance {}{spread}, floor {}", figure(one.distance), figure(one.floor));
    let means = format!("mean {} real, {} generated", figure(one.real_mean), figure(one.generated_mean));
    ui.add(eframe::egui::Label::new(&title).truncate()).on_hover_text(explain(&one.name));
    view.caption(ui, &distance);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), view.tokens.space(11.0)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{title}: {distance}; {means}")));
    match one.histogram.as_ref().filter(|histogram| histogram.edges.len() > 1) {
        Some(histogram) => {
            let plot = Rect::from_min_max(rect.min, rect.max - vec2(0.0, view.tokens.space(2.0)));
            paint(view, ui, histogram, rect, plot);
            if let Some(at) = response.hover_pos() {
                let share = ((at.x - plot.left()) / plot.width().max(1.0)).clamp(0.0, 0.999);
                response.on_hover_text_at_pointer(bin(histogram, share));
            }
        }
        None => {
            let font = TextStyle::Small.resolve(ui.style());
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, "no values on one side", font, view.palette.faint.into());
        }
    }
    view.caption(ui, means);
}

/// Bars for the real drawings, an outline for the generated ones.
fn paint(view: &View<'_>, ui: &Ui, histogram: &Histogram, rect: Rect, plot: Rect) {
    let bins = histogram.edges.len() - 1;
    let highest = histogram.real.iter().chain(&histogram.generated).copied().filter(|share| share.is_finite()).fold(1e-9, f64::max);
    let x = |edge: usize| plot.left() + plot.width() * edge as f32 / bins as f32;
    let y =
        |share: Option<&f64>| plot.bottom() - (share.copied().unwrap_or_default() / highest).clamp(0.0, 1.0) as f32 * (plot.height() - 2.0);
    let painter = ui.painter_at(rect);
    for bin in 0..bins {
        let bar = Rect::from_min_max(pos2(x(bin), y(histogram.real.get(bin))), pos2(x(bin + 1), plot.bottom()));
        painter.rect_filled(bar, 0.0, real(view));
    }
    let outline =
        (0..bins).flat_map(|bin| [pos2(x(bin), y(histogram.generated.get(bin))), pos2(x(bin + 1), y(histogram.generated.get(bin)))]);
    let line = std::iter::once(plot.left_bottom()).chain(outline).chain([plot.right_bottom()]);
    painter.add(Shape::line(line.collect(), Stroke::new(2.0, view.palette.accent)));
    painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, view.palette.faint));
    let font = TextStyle::Small.resolve(ui.style());
    let ends = [
        (histogram.edges.first(), rect.left_bottom(), Align2::LEFT_BOTTOM),
        (histogram.edges.last(), rect.right_bottom(), Align2::RIGHT_BOTTOM),
    ];
    for (edge, at, align) in ends {
        painter.text(at, align, edge.map_or_else(String::new, |&edge| words::figure(edge)), font.clone(), view.palette.faint.into());
    }
}

/// What is in a bin: "12 to 14: real 8 %, generated 5 %".
fn bin(histogram: &Histogram, share: f32) -> String {
    let bins = histogram.edges.len() - 1;
    let bin = ((share * bins as f32) as usize).min(bins - 1);
    let percent = |shares: &[f64]| shares.get(bin).map_or(0.0, |share| share * 100.0);
    let (from, to) = (histogram.edges[bin], histogram.edges[bin + 1]);
    format!(
        "{} to {}: real {:.1} %, generated {:.1} %",
        words::figure(from),
        words::figure(to),
        percent(&histogram.real),
        percent(&histogram.generated)
    )
}

/// What is measured.
fn explain(name: &str) -> &'static str {
    match name {
        "strokes a drawing" => "How often the pen is put down in a drawing.",
        "points a stroke" => "Corners and ends of the lines that a stroke is made of.",
        "ink length" => "The length of all strokes of a drawing together.",
        "aspect ratio" => "The width of a drawing over its height: above 1 it is wider than high.",
        "pen-up distance" => "How far the pen goes through the air, from the end of a stroke to the beginning of the next.",
        "turning angle" => "By how much a line changes its direction at a point: 0 goes straight on, 3.14 goes back.",
        // Of the first stroke, of the second, and so on.
        _ => "The length of the strokes that come at this place in their drawings.",
    }
}

/// In what its values are measured.
fn unit(name: &str) -> &'static str {
    match name {
        "strokes a drawing" | "points a stroke" | "aspect ratio" => "",
        "turning angle" => "radians",
        // The longer side of every drawing in the data set's frame.
        _ => "of 255",
    }
}
