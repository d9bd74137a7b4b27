//! The loss over steps: every step and smoothed, test drawings, side loss; checkpoints and roll-backs along the bottom; other runs beside.

use std::ops::RangeInclusive;

use eframe::egui::{Button, Color32, RichText, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, WidgetText, pos2, vec2};
use egui_plot::{GridMark, HoverPosition, Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, PlotUi, Points, VLine};

use super::preview;
use crate::studio::action::RunsAction;
use crate::studio::state::run::{Curves, Shows};
use crate::studio::state::runs::{self, Reading};
use crate::studio::widgets::{View, icon};
use crate::studio::words;
use crate::util::series::Series;

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
    let plot = Plot::new(("loss", shows.log))
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
            let loss = if shows.log { 10f64.powf(at.y) } else { at.y };
            Some(format!("step {}\nloss {}", words::count(at.x.max(0.0).round() as u64), words::figure(loss)))
        });
    let lines = lines(view, curves, shows, columns);
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
    response.response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Image, true, "Loss over steps"));
    // Checkpoints are marked on the frame, not in the data: they must not widen the bounds.
    let frame = *response.transform.frame();
    let painter = ui.painter_at(frame);
    for &step in &run.saves {
        let x = response.transform.position_from_point(&PlotPoint::new(step as f64, 0.0)).x;
        painter.add(icon::mark(pos2(x, frame.bottom() - 1.0), unit * 0.5, palette.faint.into()));
    }
    if let Some(sheet) = run.sheets.back() {
        let x = response.transform.position_from_point_x(sheet.step as f64);
        preview::mark(view, ui, frame, x, sheet.step);
    }
}

fn legend(view: &mut View<'_>, ui: &mut Ui) {
    let palette = view.palette;
    // Before the first step the system has not said what its losses are.
    let side = view.state.run.last.map_or("side", |last| last.losses.names[1]);
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
            view.caption(ui, "checkpoint");
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
struct Curve {
    name: String,
    pieces: Vec<Vec<PlotPoint>>,
    stroke: Stroke,
    style: LineStyle,
    dots: bool,
}

fn lines(view: &View<'_>, curves: &Curves, shows: Shows, columns: usize) -> Vec<Curve> {
    let scale = move |y: f64| if shows.log { y.log10() } else { y };
    let pieces = |series: &Series| -> Vec<Vec<PlotPoint>> {
        let cut = series.pieces(0.0, f64::INFINITY, columns);
        // A loss of 0 has no logarithm: it is left out like any value that is not finite.
        let point = |&[x, y]: &[f64; 2]| Some(PlotPoint::new(x, scale(y))).filter(|point| point.y.is_finite());
        cut.iter().map(|piece| piece.iter().filter_map(point).collect()).collect()
    };
    let palette = view.palette;
    let curve = |name: &str, series, stroke, style, dots| Curve { name: name.to_owned(), pieces: pieces(series), stroke, style, dots };
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
    if shows.raw {
        all.push(curve("every step", &curves.train, Stroke::new(1.0, palette.plot_raw), LineStyle::Solid, false));
    }
    if shows.side {
        all.push(curve("side loss", &curves.side, Stroke::new(1.5, palette.plot_stop), LineStyle::dashed_dense(), false));
        all.push(curve("side loss, test", &curves.test_side, Stroke::new(1.5, palette.plot_stop), LineStyle::Solid, true));
    }
    if shows.smooth {
        all.push(curve("smoothed", &curves.smooth, Stroke::new(2.0, palette.accent), LineStyle::Solid, false));
    }
    if shows.test {
        all.push(curve("test", &curves.test, Stroke::new(2.0, palette.plot_test), LineStyle::Solid, true));
    }
    all
}

fn draw(plot: &mut PlotUi<'_>, curve: Curve) {
    let Curve { name, pieces, stroke, style, dots } = curve;
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
