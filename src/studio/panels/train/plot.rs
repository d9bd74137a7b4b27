//! The loss over steps: every step and smoothed, test drawings, side loss; checkpoints and roll-backs along the bottom; other runs beside.

use std::ops::RangeInclusive;

use eframe::egui::{Button, Color32, RichText, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, WidgetText, pos2, vec2};
use egui_plot::{GridMark, HoverPosition, Line, LineStyle, MarkerShape, Plot, PlotMemory, PlotPoint, PlotPoints, PlotUi, Points, VLine};

use super::preview;
use crate::studio::action::RunsAction;
use crate::studio::state::run::{Curves, Shows};
use crate::studio::state::runs::{self, Reading};
use crate::studio::theme::colour_word;
use crate::studio::widgets::{View, icon};
use crate::studio::words;
use crate::util::series::{Near, Series};

/// One switch of the legend.
struct Switch {
    name: String,
    explain: &'static str,
    colour: Option<Color32>,
    field: fn(&mut Shows) -> &mut bool,
}

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    legend(view, ui);
    others(view, ui);
    let run = &view.state.run;
    let beside = view.state.runs.curves().any(|(_, curves)| !curves.train.is_empty() || !curves.test.is_empty());
    if run.curves.train.is_empty() && !beside {
        view.paper().show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ui.centered_and_justified(|ui| ui.label(RichText::new("The curve begins with the first step.").color(view.palette.faint)));
        });
        return;
    }
    let (shows, curves, palette) = (run.shows, &run.curves, view.palette);
    let unit = view.tokens.unit;
    let columns = ui.available_width().max(1.0) as usize;
    let small = TextStyle::Small.resolve(ui.style());
    let axis_x = egui_plot::AxisHints::new_x()
        .tick_label_font(small.clone())
        .tick_label_color(palette.faint)
        .formatter(|mark, _| if mark.value < 0.0 { String::new() } else { words::count(mark.value.round() as u64) });
    let axis_y = egui_plot::AxisHints::new_y()
        .tick_label_font(small)
        .tick_label_color(palette.faint)
        .min_thickness(unit * 6.0)
        .formatter(move |mark, range| if shows.log { power(mark, range) } else { words::figure(mark.value) });
    let (lines, of_others) = lines(view, curves, shows, columns);
    let told: Vec<_> = lines[of_others..].iter().chain(&lines[..of_others]).map(Curve::told).collect();
    let (spoken, newest) = (told.clone(), run.last.map_or(0, |last| last.step));
    let (id, saves, near) = (ui.make_persistent_id(("loss", shows.log)), &run.saves, f64::from(unit * 0.75));
    // How it lay in the last frame: what the pointer is on was drawn there.
    let per_step = PlotMemory::load(ui.ctx(), id).map(|memory| memory.transform().dpos_dvalue_x());
    let plot = Plot::new("loss")
        .id(id)
        .height(ui.available_height())
        .custom_x_axes(vec![axis_x])
        .custom_y_axes(vec![axis_y])
        .include_x(0.0)
        .grid_color(palette.rule.into())
        .cursor_color(palette.rule.into())
        .allow_scroll(false)
        .x_grid_spacer(egui_plot::uniform_grid_spacer(|input| {
            // Never between two steps.
            let size = 10f64.powf(input.base_step_size.max(1.0).log10().ceil());
            [size, size * 5.0, size * 10.0]
        }))
        .label_formatter(move |hovered| {
            let (HoverPosition::NearDataPoint { position: at, .. } | HoverPosition::Elsewhere { position: at }) = *hovered;
            let away = |save: &u64| per_step.map(|per_step| (*save as f64 - at.x).abs() * per_step);
            let checkpoint = saves.iter().copied().min_by_key(|&save| (save as f64 - at.x).abs() as u64);
            Some(tip(at.x, &told, checkpoint.filter(|save| away(save).is_some_and(|away| away <= near))))
        });
    let roll_backs: Vec<f64> = run.roll_backs.iter().map(|back| back.to as f64).collect();
    let warning: Color32 = palette.warning.into();
    let response = ui.name_inputs("Loss over steps", |ui| {
        plot.show(ui, move |plot| {
            for curve in lines {
                draw(plot, curve);
            }
            for step in roll_backs {
                plot.vline(VLine::new("rolled back to here", step).stroke(Stroke::new(1.0, warning)).style(LineStyle::dashed_loose()));
            }
        })
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Loss over steps"));
    // For those who cannot see where the curves end.
    ui.ctx().accesskit_node_builder(response.response.id, |node| node.set_description(tip(newest as f64, &spoken, None)));
    // Checkpoints are marked on the frame, not in the data: they must not widen the bounds.
    let frame = *response.transform.frame();
    let painter = ui.painter_at(frame);
    for &step in &run.saves {
        let x = response.transform.position_from_point(&PlotPoint::new(step as f64, 0.0)).x;
        painter.add(icon::mark(pos2(x, frame.bottom() - 1.0), unit * 0.5, palette.faint.into()));
    }
    if let Some(sheet) = view.state.sheets().back() {
        let x = response.transform.position_from_point_x(sheet.step as f64);
        preview::mark(view, ui, frame, x, sheet.step);
    }
}

fn legend(view: &mut View<'_>, ui: &mut Ui) {
    let palette = view.palette;
    let side = side_of(view);
    let switches = [
        Switch {
            name: "Every step".into(),
            explain: "Loss of each training step.",
            colour: Some(palette.plot_raw.into()),
            field: |s| &mut s.raw,
        },
        Switch {
            name: "Smoothed".into(),
            explain: "Averaged over about 50 steps.",
            colour: Some(palette.accent.into()),
            field: |s| &mut s.smooth,
        },
        Switch {
            name: "Test".into(),
            explain: "On drawings that are never trained on.",
            colour: Some(palette.plot_test.into()),
            field: |s| &mut s.test,
        },
        Switch {
            name: words::side_loss_name(side),
            explain: words::side_loss(side),
            colour: Some(palette.plot_stop.into()),
            field: |s| &mut s.side,
        },
        Switch { name: "Logarithmic".into(), explain: "Equal distances are equal ratios.", colour: None, field: |s| &mut s.log },
    ];
    ui.horizontal_wrapped(|ui| {
        view.heading(ui, "Loss");
        ui.add_space(view.tokens.space(1.0));
        for Switch { name, explain, colour, field } in switches {
            entry(view, ui, colour, &name, |view, ui| {
                ui.checkbox(field(&mut view.state.run.shows), name.as_str()).on_hover_text(explain);
            });
        }
        if !view.state.run.saves.is_empty() {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(view.tokens.unit), Sense::hover());
            ui.painter().add(icon::mark(rect.center_bottom(), view.tokens.space(0.5), palette.faint.into()));
            let tip = "The model was saved after this step: a run that is stopped or breaks off goes on from the newest one.";
            view.caption(ui, "checkpoint").on_hover_text(tip);
        }
    });
}

/// A part of a legend: a line of its colour and what is said of it, together. A narrow window puts it on the next line.
fn entry(view: &mut View<'_>, ui: &mut Ui, colour: Option<Color32>, words: &str, add: impl FnOnce(&mut View<'_>, &mut Ui)) {
    let width = WidgetText::from(words).into_galley(ui, None, f32::INFINITY, TextStyle::Button).size().x;
    let swatch = if colour.is_some() { view.tokens.space(2.0) + ui.spacing().item_spacing.x } else { 0.0 };
    // What is added beside the words, a tick or a small button, is about as wide as an icon.
    if ui.available_size_before_wrap().x < swatch + ui.spacing().icon_width + ui.spacing().icon_spacing + width {
        ui.end_row();
    }
    ui.horizontal(|ui| {
        if let Some(colour) = colour {
            let (rect, _) = ui.allocate_exact_size(vec2(view.tokens.space(2.0), view.tokens.unit), Sense::hover());
            ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(3.0, colour));
        }
        add(view, ui);
    });
}

/// The other runs on the plot: what they are called, and whether their losses mean the same.
fn others(view: &mut View<'_>, ui: &mut Ui) {
    let runs = &view.state.runs;
    if runs.plotted.is_empty() {
        return;
    }
    let present = view.state.run.request.as_ref().map(|request| &request.preset);
    let unlike: Vec<&str> = runs.unlike(present).into_iter().map(|run| run.name.as_str()).collect();
    let warning = (!unlike.is_empty()).then(|| format!("Not to be compared, being of another system or codec: {}.", unlike.join(", ")));
    let named = runs.plotted.iter().map(|plotted| {
        let name = words::file_name(&plotted.folder);
        let (state, tip) = match &plotted.reading {
            Reading::Waiting | Reading::Running => (" (reading…)", "Its losses are being read.".to_owned()),
            Reading::Failed(text) => (" (cannot be read)", words::sentence(text)),
            Reading::Done(_) => ("", runs.find(&plotted.folder).map_or_else(String::new, runs::words::course)),
        };
        (plotted.folder.clone(), view.palette.plot_run(plotted.colour), name, state, tip)
    });
    let named: Vec<_> = named.collect();
    ui.horizontal_wrapped(|ui| {
        for (folder, colour, name, state, tip) in named {
            let words = format!("{name}{state}");
            entry(view, ui, Some(colour), &words, |view, ui| {
                ui.label(&words).on_hover_text(tip);
                let off = view.send(ui, RunsAction::Plot(folder), Button::new("×").small());
                off.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Take {name} off the plot")));
            });
        }
        if let Some(warning) = warning {
            let tip = "Every system and every codec of strokes has a loss of its own: a lower one says nothing. Scores can be compared: see Compare.";
            ui.label(RichText::new(warning).small().color(view.palette.warning)).on_hover_text(tip);
        }
    });
}

/// A curve, cut into pieces where values are missing.
struct Curve<'a> {
    name: String,
    series: &'a Series,
    pieces: Vec<Vec<PlotPoint>>,
    stroke: Stroke,
    style: LineStyle,
    dots: bool,
}

impl<'a> Curve<'a> {
    /// What it is called in the tip, with its colour, and its values.
    fn told(&self) -> (String, &'a Series) {
        let colour = self.stroke.color;
        let pale = if colour.a() < u8::MAX { "pale " } else { "" };
        (format!("{} ({pale}{})", self.name, colour_word(colour)), self.series)
    }
}

/// The curves from the hindmost to the foremost, and how many of them, which come first, are of other runs.
fn lines<'a>(view: &'a View<'_>, curves: &'a Curves, shows: Shows, columns: usize) -> (Vec<Curve<'a>>, usize) {
    let scale = move |y: f64| if shows.log { y.log10() } else { y };
    let pieces = |series: &Series| -> Vec<Vec<PlotPoint>> {
        let cut = series.pieces(0.0, f64::INFINITY, columns);
        // A loss of 0 has no logarithm: it is left out like any value that is not finite.
        let point = |&[x, y]: &[f64; 2]| Some(PlotPoint::new(x, scale(y))).filter(|point| point.y.is_finite());
        cut.iter().map(|piece| piece.iter().filter_map(point).collect()).collect()
    };
    let palette = view.palette;
    let curve = |name: &str, series, stroke, style, dots| {
        let (name, pieces) = (name.to_owned(), pieces(series));
        Curve { name, series, pieces, stroke, style, dots }
    };
    let mut all = Vec::new();
    for (plotted, other) in view.state.runs.curves() {
        let name = words::file_name(&plotted.folder);
        let stroke = Stroke::new(1.5, palette.plot_run(plotted.colour));
        if shows.smooth {
            all.push(curve(&name, &other.train, stroke, LineStyle::dashed_dense(), false));
        }
        if shows.test {
            all.push(curve(&format!("{name}, test"), &other.test, stroke, LineStyle::Solid, true));
        }
    }
    let of_others = all.len();
    if shows.raw {
        all.push(curve("Every step", &curves.train, Stroke::new(1.0, palette.plot_raw), LineStyle::Solid, false));
    }
    if shows.side {
        let name = words::side_loss_name(side_of(view));
        all.push(curve(&name, &curves.side, Stroke::new(1.5, palette.plot_stop), LineStyle::dashed_dense(), false));
        all.push(curve(&format!("{name}, test"), &curves.test_side, Stroke::new(1.5, palette.plot_stop), LineStyle::Solid, true));
    }
    if shows.smooth {
        all.push(curve("Smoothed", &curves.smooth, Stroke::new(2.0, palette.accent), LineStyle::Solid, false));
    }
    if shows.test {
        all.push(curve("Test", &curves.test, Stroke::new(2.0, palette.plot_test), LineStyle::Solid, true));
    }
    (all, of_others)
}

/// What the second loss of the present run is called. Before the first step the system has not said it.
fn side_of(view: &View<'_>) -> &'static str {
    view.state.run.last.map_or("side", |last| last.losses.names[1])
}

/// What is told of the step under the pointer: of each curve its own value that lies nearest, and a checkpoint that is pointed at.
fn tip(step: f64, curves: &[(String, &Series)], checkpoint: Option<u64>) -> String {
    let step = step.max(0.0).round();
    let values = curves.iter().filter_map(|(name, series)| {
        let Near { x, low, high } = series.near(step)?;
        let (low, high) = (words::figure(low), words::figure(high));
        let value = if low == high { low } else { format!("{low} to {high}") };
        let at = if x.round() == step { String::new() } else { format!(" at step {}", words::count(x.round() as u64)) };
        Some(format!("{name}: {value}{at}"))
    });
    let checkpoint = checkpoint.map(|step| format!("checkpoint of step {}", words::count(step)));
    let first = format!("step {}", words::count(step as u64));
    std::iter::once(first).chain(values).chain(checkpoint).collect::<Vec<_>>().join("\n")
}

fn draw(plot: &mut PlotUi<'_>, curve: Curve<'_>) {
    let Curve { name, pieces, stroke, style, dots, .. } = curve;
    let mut alone = Vec::new();
    for piece in pieces {
        if dots || piece.len() == 1 {
            alone.extend_from_slice(&piece);
        }
        if piece.len() > 1 {
            plot.line(Line::new(name.clone(), PlotPoints::Owned(piece)).stroke(stroke).style(style).allow_hover(dots));
        }
    }
    if !alone.is_empty() {
        let radius = if dots { 3.0 } else { 1.5 };
        plot.points(Points::new(name, PlotPoints::Owned(alone)).color(stroke.color).radius(radius).shape(MarkerShape::Circle));
    }
}

/// The value behind a logarithmic mark; between powers of ten only where there is room.
fn power(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    let value = 10f64.powf(mark.value);
    if range.end() - range.start() > 3.0 && mark.value.fract() != 0.0 { String::new() } else { words::figure(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tip_tells_each_curves_own_value_and_where_it_is() {
        let (mut train, mut test) = (Series::default(), Series::default());
        (1..=1_500).for_each(|step| train.push(f64::from(step), if step == 1_300 { 0.25 } else { 0.5 }));
        test.push(1_000.0, 0.75);
        let curves = [("Smoothed (blue)".to_owned(), &train), ("Test (orange)".to_owned(), &test), ("none".to_owned(), &Series::default())];
        let tip = |at, checkpoint| tip(at, &curves, checkpoint).replace('\u{a0}', " ");
        assert_eq!(tip(1_300.3, None), "step 1 300\nSmoothed (blue): 0.250\nTest (orange): 0.750 at step 1 000");
        assert!(tip(-4.0, Some(1_000)).ends_with("\ncheckpoint of step 1 000"));
    }
}
