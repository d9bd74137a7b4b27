//! Drawings on the screen.

use eframe::egui::epaint::{PathShape, PathStroke};
use eframe::egui::{Color32, Painter, Pos2, Rect, Response, Sense, Stroke as Line, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use eframe::egui::{Role, Vec2};

use super::View;
use crate::sketch::{Bounds, DATA_SIDE, Point, Sketch};
use crate::studio::playback::Shown;

/// Half of a pixel's soft edge.
const SOFT: f32 = 0.25;
/// Units of the data frame that fill a sheet at most: a dot alone is not blown up to the whole of it.
const LEAST: f32 = 32.0;
/// The same where small things are looked at closely.
const LEAST_CLOSE: f32 = 6.0;

/// How a drawing is put on the screen.
#[derive(Clone, Copy)]
pub(in crate::studio) struct Place {
    scale: f32,
    origin: Vec2,
    /// Width of the pen in points.
    pub pen: f32,
}

impl Place {
    /// Centred in a rectangle with a margin around, as large as fits.
    pub fn fit(sketch: &Sketch, rect: Rect, margin: f32) -> Option<Self> {
        Self::around(sketch.bounds()?, LEAST, rect, margin)
    }

    /// Two on one scale, so that they can be compared, however small they are.
    pub fn close([one, other]: [&Sketch; 2], rect: Rect, margin: f32) -> Option<Self> {
        Self::around(one.bounds()?.with(other.bounds()?), LEAST_CLOSE, rect, margin)
    }

    /// A drawing to which more will come: the whole page of the data frame as large as fits, and what lies beyond it.
    pub fn growing(sketch: &Sketch, rect: Rect, margin: f32) -> Option<Self> {
        let page = Bounds { low: [0.0; 2], high: [DATA_SIDE; 2] };
        Self::around(sketch.bounds()?.with(page), LEAST, rect, margin)
    }

    fn around(bounds: Bounds, least: f32, rect: Rect, margin: f32) -> Option<Self> {
        let room = (rect.size() - Vec2::splat(2.0 * margin)).max(Vec2::splat(1.0));
        let (width, height) = (bounds.high[0] - bounds.low[0], bounds.high[1] - bounds.low[1]);
        let scale = (room.x / width.max(least)).min(room.y / height.max(least));
        let centre = bounds.centre();
        let origin = rect.center().to_vec2() - vec2(centre[0], centre[1]) * scale;
        let place = Self { scale, origin, pen: (rect.width().min(rect.height()) / 110.0).clamp(1.0, 5.0) };
        place.origin.is_finite().then_some(place)
    }

    /// A whole page of the data frame on a square sheet with a margin around.
    pub fn page(sheet: Rect, margin: f32) -> Self {
        let side = (sheet.size().min_elem() - 2.0 * margin).max(1.0);
        let corner = sheet.center() - Vec2::splat(side / 2.0);
        Self { scale: side / DATA_SIDE, origin: corner.to_vec2(), pen: (side / 110.0).clamp(1.0, 5.0) }
    }

    /// The point of the drawing that lies here.
    pub fn point(&self, at: Pos2) -> Point {
        ((at.to_vec2() - self.origin) / self.scale).into()
    }

    /// Where a point comes to lie.
    pub fn at(&self, point: Point) -> Pos2 {
        (vec2(point[0], point[1]) * self.scale + self.origin).to_pos2()
    }

    /// The same with a pen of this share of its width.
    pub fn thinner(self, share: f32) -> Self {
        Self { pen: (self.pen * share).max(1.0), ..self }
    }

    /// The same with a pen so many times as wide.
    pub fn bolder(self, times: f32) -> Self {
        Self { pen: self.pen * times, ..self }
    }

    /// A line with round ends and corners; a point alone is a dot.
    pub fn line(&self, painter: &Painter, points: impl Iterator<Item = Point>, colour: Color32) {
        let points: Vec<Pos2> = points.map(|point| self.at(point)).filter(|point| point.is_finite()).collect();
        // Their soft edge would stand out beside that of the line.
        let round = self.pen / 2.0 - SOFT;
        match points.as_slice() {
            [] => return,
            [dot] => {
                painter.circle_filled(*dot, self.pen, colour);
                return;
            }
            _ => {}
        }
        // Below two pixels nobody sees the corners' shape.
        if self.pen >= 2.0 {
            points.iter().for_each(|&point| {
                painter.circle_filled(point, round, colour);
            });
        }
        painter.add(PathShape::line(points, PathStroke::new(self.pen, colour)));
    }
}

/// A whole drawing; strokes in colours by their order, or all in ink.
pub(in crate::studio) fn paint(view: &View<'_>, painter: &Painter, place: Place, sketch: &Sketch, colours: bool) {
    for (order, stroke) in sketch.strokes.iter().enumerate() {
        place.line(painter, stroke.points.iter().copied(), ink(view, order, colours));
    }
}

/// A drawing as far as it has come, with the pen at work.
pub(in crate::studio) fn paint_until(view: &View<'_>, painter: &Painter, place: Place, sketch: &Sketch, shown: Shown, colours: bool) {
    let strokes = sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()).enumerate();
    let last_stroke = strokes.clone().count().saturating_sub(1);
    for (order, stroke) in strokes.take(shown.stroke + 1) {
        let colour = ink(view, order, colours);
        if order < shown.stroke {
            place.line(painter, stroke.points.iter().copied(), colour);
            continue;
        }
        let reached = stroke.points.len().min(shown.points);
        let Some(&last) = stroke.points.get(reached.saturating_sub(1)) else { continue };
        let pen = match stroke.points.get(reached).filter(|_| shown.part > 0.0) {
            Some(next) => [last[0] + shown.part * (next[0] - last[0]), last[1] + shown.part * (next[1] - last[1])],
            None => last,
        };
        let moving = (shown.part > 0.0).then_some(pen);
        place.line(painter, stroke.points[..reached].iter().copied().chain(moving), colour);
        let at = place.at(pen);
        // A finished drawing has no pen on it: it would look like a part of it.
        let finished = order == last_stroke && reached == stroke.points.len();
        if at.is_finite() && !finished {
            painter.circle(at, place.pen * 1.6 + 2.0, view.palette.accent, Line::new(1.5, view.palette.paper));
        }
    }
}

/// A colour of so much strength on the paper, 0 to 1. It is mixed rather than let through: where a line's pieces meet, what lets through
/// would show twice.
pub(in crate::studio) fn faded(view: &View<'_>, colour: Color32, strength: f32) -> Color32 {
    Color32::from(view.palette.paper).lerp_to_gamma(colour, strength)
}

fn ink(view: &View<'_>, order: usize, colours: bool) -> Color32 {
    if colours { view.palette.stroke(order) } else { view.palette.ink.into() }
}

/// A small drawing on its own piece of paper. With `select`, it can be pressed and says whether it is the chosen one.
pub(in crate::studio) fn thumbnail(view: &View<'_>, ui: &mut Ui, side: f32, sketch: &Sketch, name: &str, select: Option<bool>) -> Response {
    let sense = if select.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), sense);
    response.widget_info(|| match select {
        Some(selected) => WidgetInfo::selected(Role::Button, ui.is_enabled(), selected, name),
        None => WidgetInfo::labeled(Role::Image, true, name),
    });
    if ui.is_rect_visible(rect) {
        let chosen = select == Some(true);
        let line = if chosen || response.has_focus() {
            Line::new(2.0, view.palette.accent)
        } else if response.hovered() && select.is_some() {
            Line::new(1.0, view.palette.faint)
        } else {
            Line::new(1.0, view.palette.rule)
        };
        let painter = ui.painter_at(rect);
        painter.rect(rect, view.tokens.space(0.5), view.palette.paper, line, StrokeKind::Inside);
        match Place::fit(sketch, rect, view.tokens.space(1.0)) {
            Some(place) => paint(view, &painter, place, sketch, false),
            // A model may draw nothing at all: an empty sheet says so.
            None => {
                let font = eframe::egui::TextStyle::Small.resolve(ui.style());
                let middle = pos2(rect.center().x, rect.center().y);
                painter.text(middle, eframe::egui::Align2::CENTER_CENTER, "empty", font, view.palette.faint.into());
            }
        }
    }
    response
}

/// How many lie in a row of at most so many, so that all rows are of one length, as far as the number allows.
pub(in crate::studio) fn even_columns(count: usize, most: usize) -> usize {
    let rows = count.div_ceil(most.max(1)).max(1);
    count.div_ceil(rows).max(1)
}

/// Drawings in rows, as many beside one another as there is room for; the names are numbered from 1.
pub(in crate::studio) fn sheet(view: &View<'_>, ui: &mut Ui, sketches: &[Sketch], name: &str) {
    let (gap, room) = (view.tokens.unit, ui.available_width());
    let columns = ((room + gap) / (gap * 11.0)).floor().max(1.0);
    let side = ((room - gap * (columns - 1.0)) / columns).floor();
    let columns = even_columns(sketches.len(), columns as usize);
    for (row, sketches) in sketches.chunks(columns).enumerate() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(gap, gap);
            for (i, sketch) in sketches.iter().enumerate() {
                let number = row * columns + i + 1;
                thumbnail(view, ui, side, sketch, &format!("{name} {number}"), None);
            }
        });
    }
}
