//! The drawing at this noise level, as large as fits; with other settings beside it, if they are compared.

use eframe::egui::{Align, Color32, Layout, Painter, Rect, Role, Sense, Stroke as Line, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use crate::session::Part;
use crate::sketch::{Point, Sketch};
use crate::studio::action::{Action, DenoiseAction};
use crate::studio::state::denoise::{Knobs, Sight};
use crate::studio::widgets::View;
use crate::studio::widgets::drawing::{Place, faded};
use crate::studio::words;

/// Room around a drawing for what noise throws about: a share of the sheet's smaller side.
const MARGIN: f32 = 0.14;
/// How strong a stroke is that is not attended to at all.
const FAINTEST: f32 = 0.12;
/// A dot for the pen that is fainter is not to be seen.
const FAINTEST_DOT: f32 = 0.05;

/// Shows it.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    title(view, ui);
    let denoise = &view.state.denoise;
    let beside = denoise.beside().is_some();
    let (gap, captions) = (view.tokens.unit, if beside { view.tokens.space(2.5) } else { 0.0 });
    let room = ui.available_size();
    let (rect, response) = ui.allocate_exact_size(room, Sense::click());
    let name = format!("Stroke {} at this noise level", denoise.stroke_of().0);
    let name = if denoise.is_whole() { "The canvas at this noise level".to_owned() } else { name };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let painter = ui.painter_at(rect);
    if !beside {
        let sheet = Rect::from_center_size(rect.center(), Vec2::splat(room.min_elem()));
        // A drawing lies better on a sheet as wide as the room than on a square one.
        let sheet = Rect::from_center_size(sheet.center(), vec2((sheet.width() * 1.6).min(room.x), sheet.height()));
        if let Some(sight) = denoise.sight() {
            paper(view, &painter, sheet);
            paint(view, &painter, sheet, denoise.part(), &sight);
        }
    } else if let (Some(now), Some(other), Some(followed)) = (denoise.sight(), denoise.sight_beside(), &denoise.followed) {
        let width = ((room.x - gap) / 2.0).min((room.y - captions) * 1.4);
        let both = Rect::from_center_size(rect.center(), vec2(2.0 * width + gap, room.y));
        let knobs = [Some(followed.knobs), followed.beside_knobs];
        for (i, (sight, knobs)) in [now, other].iter().zip(knobs).enumerate() {
            let left = both.left() + i as f32 * (width + gap);
            let sheet = Rect::from_min_size(eframe::egui::pos2(left, both.top() + captions), vec2(width, room.y - captions));
            let font = eframe::egui::TextStyle::Body.resolve(ui.style());
            let (what, colour) = if i == 0 { ("now", view.palette.accent) } else { ("compared", view.palette.faint) };
            let two = followed.traced.capabilities.history_guidance;
            let text = format!("{what}: {}", knobs.map_or_else(String::new, |knobs| settings(knobs, two)));
            painter.text(eframe::egui::pos2(left, both.top()), eframe::egui::Align2::LEFT_TOP, text, font, colour.into());
            paper(view, &painter, sheet);
            paint(view, &painter, sheet, denoise.part(), sight);
        }
    }
    if response.on_hover_text("Press to play or hold.").clicked() {
        view.ask(DenoiseAction::Play);
    }
}

/// "guidance 2, 16 steps"; with `both` kinds of guidance, "guidance 2 and 1.5, 16 steps".
fn settings(knobs: Knobs, both: bool) -> String {
    let round = |guidance: f64| (guidance * 100.0).round() / 100.0;
    let category = if both { format!(" and {}", round(knobs.category_guidance)) } else { String::new() };
    format!("guidance {}{category}, {}", round(knobs.guidance), words::counted(knobs.steps as u64, "step", "steps"))
}

fn title(view: &mut View<'_>, ui: &mut Ui) {
    let presenting = view.state.is_presenting();
    let denoise = &view.state.denoise;
    let Some(followed) = &denoise.followed else { return };
    let (stroke, of) = denoise.stroke_of();
    let whole = denoise.is_whole();
    let heading = if whole { "The whole canvas".to_owned() } else { format!("Stroke {stroke} of {of}") };
    let category = &followed.traced.category;
    let which =
        if presenting { category.clone() } else { format!("{category} · seed {} · drawing {}", followed.seed, followed.number + 1) };
    let clean = match denoise.adding {
        true => ("the drawing", "What the noise is added to."),
        false => ("predicted", "The line that the network guesses behind the noise: x0. With less noise it guesses better."),
    };
    let noisy = match denoise.adding {
        true => ("with noise", "The same at this noise level: x_t."),
        false => ("noisy", "What the network sees at this noise level: x_t. It becomes the line, step by step."),
    };
    let earlier = ("earlier strokes", "Those that were drawn before this one: the network reads them as the history.");
    let pen = ("pen lifted", "Where the pen is lifted, as far as that is settled: a faint dot is a doubtful one.");
    let shows_pen = denoise.sight().is_some_and(|sight| !sight.lifted.is_empty());
    let (running, leave) = (denoise.is_running(), presenting && denoise.lesson.is_none());
    ui.horizontal(|ui| {
        view.heading(ui, &heading);
        view.caption(ui, which);
        if running {
            view.caption(ui, "· drawing…");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if leave {
                view.command(ui, Action::Present(false));
            }
            if shows_pen {
                legend(view, ui, pen, view.palette.plot_stop.into());
            }
            // On a whole canvas nothing was drawn before.
            if !whole {
                legend(view, ui, earlier, view.palette.ink.into());
            }
            legend(view, ui, clean, view.palette.plot_test.into());
            legend(view, ui, noisy, view.palette.accent.into());
        });
    });
}

/// A line of its colour behind what it is called; in a tip what it is.
fn legend(view: &View<'_>, ui: &mut Ui, (name, explain): (&str, &str), colour: Color32) {
    view.caption(ui, name).on_hover_text(explain);
    let (rect, _) = ui.allocate_exact_size(vec2(view.tokens.space(2.0), view.tokens.unit), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Line::new(2.5, colour));
    ui.add_space(view.tokens.unit);
}

/// A sheet to draw on.
pub(super) fn paper(view: &View<'_>, painter: &Painter, sheet: Rect) {
    painter.rect(sheet, view.tokens.space(1.0), view.palette.paper, Line::new(1.0, view.palette.rule), StrokeKind::Inside);
}

/// Where the drawing lies on a sheet: the same for all of its strokes and noise levels.
pub(super) fn place(view: &View<'_>, sheet: Rect) -> Option<Place> {
    let whole = &view.state.denoise.trace()?.sketch;
    Place::fit(whole, sheet, sheet.size().min_elem() * MARGIN).map(|place| place.bolder(view.tokens.zoom))
}

/// Where the noisy line and the predicted one lie on a sheet of their own: as large as both fit, since a stroke may be an eye.
pub(super) fn close(view: &View<'_>, sight: &Sight, sheet: Rect) -> Option<Place> {
    let place = Place::close([&sight.x_t, &sight.x0], sheet, sheet.size().min_elem() * MARGIN);
    place.map(|place| place.bolder(view.tokens.zoom))
}

/// Earlier strokes, the predicted line, the noisy one, and where the next step leads.
fn paint(view: &View<'_>, painter: &Painter, sheet: Rect, part: Option<&Part>, sight: &Sight) {
    let painter = painter.with_clip_rect(sheet.shrink(1.0).intersect(painter.clip_rect()));
    let Some(place) = place(view, sheet) else { return };
    let denoise = &view.state.denoise;
    earlier(view, &painter, place, denoise.attention.then_some(part).flatten());
    lines(&painter, place.thinner(0.7), &sight.x0, view.palette.plot_test.into());
    if sight.sigma > 0.0 || denoise.adding {
        if denoise.arrows {
            arrows(view, &painter, place, sight);
        }
        lines(&painter, place, &sight.x_t, view.palette.accent.into());
    } else {
        lines(&painter, place, &sight.x_t, view.palette.ink.into());
    }
    lifted(view, &painter, place, sight);
}

/// The strokes before this one; with a part, in ink as strong as it attends to each.
pub(super) fn earlier(view: &View<'_>, painter: &Painter, place: Place, attends: Option<&Part>) {
    let denoise = &view.state.denoise;
    let attention = attends.map(|part| part.attention.as_slice()).filter(|attention| !attention.is_empty());
    let most = attention.into_iter().flatten().copied().fold(f32::MIN_POSITIVE, f32::max);
    let ink: Color32 = view.palette.ink.into();
    for (i, stroke) in denoise.before(denoise.position.part).iter().enumerate() {
        let share = attention.map_or(1.0, |attention| attention.get(i).copied().unwrap_or_default() / most);
        place.line(painter, stroke.points.iter().copied(), faded(view, ink, FAINTEST + (1.0 - FAINTEST) * share));
    }
}

/// All lines of a sketch in one colour.
pub(super) fn lines(painter: &Painter, place: Place, sketch: &Sketch, colour: Color32) {
    sketch.strokes.iter().for_each(|stroke| place.line(painter, stroke.points.iter().copied(), colour));
}

/// From points of the noisy line a thin line to the prediction, and on it a bold one as far as the next step goes.
fn arrows(view: &View<'_>, painter: &Painter, place: Place, sight: &Sight) {
    let all = |sketch: &Sketch| sketch.points().copied().collect::<Vec<Point>>();
    let (from, to, next) = (all(&sight.x_t), all(&sight.x0), all(&sight.next));
    if from.len() != to.len() || from.len() != next.len() {
        return;
    }
    // Every other point of a stroke; of a whole canvas fewer.
    let every = (from.len() / 16).max(2);
    let (accent, zoom): (Color32, f32) = (view.palette.accent.into(), view.tokens.zoom);
    for ((&from, &to), &next) in from.iter().zip(&to).zip(&next).step_by(every) {
        let [from, to, next] = [from, to, next].map(|point| place.at(point));
        painter.line_segment([from, to], Line::new(zoom, view.palette.rule));
        painter.line_segment([from, next], Line::new(1.5 * zoom, accent));
        painter.circle_filled(next, 2.0 * zoom, accent);
    }
}

/// Points of the prediction at which the pen may be lifted: the likelier, the stronger.
fn lifted(view: &View<'_>, painter: &Painter, place: Place, sight: &Sight) {
    let colour: Color32 = view.palette.plot_stop.into();
    for (&point, &share) in sight.x0.points().zip(&sight.lifted).filter(|(_, share)| **share > FAINTEST_DOT) {
        painter.circle_filled(place.at(point), place.pen * (0.8 + share), colour.gamma_multiply(share.min(1.0)));
    }
}
