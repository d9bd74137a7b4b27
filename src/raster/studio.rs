//! The studio's renderer: antialiased lines with round caps and joins, fitted to the picture and centred.
//!
//! Line width and margin are shares of the shorter side, so a thumbnail and a poster look alike. A stroke without length
//! is a dot, a little wider than the line so that an eye stays an eye. Lines below one pixel come out a few percent pale.

use tiny_skia::{FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke as Line, Transform};

use super::{Area, Fit, Ink, Progress, Renderer, Rgb, check, head, paper};
use crate::sketch::{Bounds, Point, Sketch};
use crate::util::{Error, Result};

/// A dot's width in line widths.
const DOT: f32 = 1.6;

/// Settings of the studio's renderer.
#[derive(Debug, Clone, PartialEq)]
pub struct Studio {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Free border on each side, as a share of the shorter side: 0 to 0.45.
    pub margin: f32,
    /// Line width, as a share of the shorter side: above 0, to 0.2.
    pub line: f32,
    /// The ground.
    pub paper: Rgb,
    /// The strokes.
    pub ink: Ink,
}

impl Studio {
    /// Black on white, square, `side` pixels wide.
    pub fn square(side: u32) -> Self {
        Self { width: side, height: side, margin: 0.06, line: 0.012, paper: Rgb::WHITE, ink: Ink::One(Rgb::BLACK) }
    }

    /// The picture of a drawing half done, placed as the whole drawing will be.
    ///
    /// # Errors
    /// As [`Renderer::render`]; a margin or line width out of its range.
    pub fn render_part(&self, sketch: &Sketch, progress: Progress) -> Result<Pixmap> {
        check(sketch)?;
        if !(self.line > 0.0 && self.line <= 0.2 && (0.0..=0.45).contains(&self.margin)) {
            let what = format!("cannot draw with margin {} and line width {}", self.margin, self.line);
            return Err(Error::usage(what).advise("The margin must be within 0..0.45, the line width above 0 and up to 0.2."));
        }
        let mut picture = paper(self.width, self.height, self.paper)?;
        let area = Area::of(self.width as f32, self.height as f32);
        draw_part(&mut picture, sketch, progress, area.inset(self.margin * area.side()), self.line * area.side(), &self.ink);
        Ok(picture)
    }
}

impl Renderer for Studio {
    fn id(&self) -> String {
        let Self { width, height, margin, line, .. } = self;
        format!("studio-{width}x{height}-margin{margin}-line{line}")
    }

    fn render(&self, sketch: &Sketch) -> Result<Pixmap> {
        self.render_part(sketch, Progress::ALL)
    }
}

/// Draws into a part of a picture; `line` is in pixels. The coordinates must have passed [`check`].
pub fn draw_part(picture: &mut Pixmap, sketch: &Sketch, progress: Progress, area: Area, line: f32, ink: &Ink) {
    let Some(bounds) = sketch.bounds() else { return };
    let fit = Fit::new(bounds, area);
    let count = sketch.strokes.len();
    for (index, stroke) in sketch.strokes.iter().enumerate().take(progress.begun()) {
        let part = if index < progress.whole { 1.0 } else { progress.part };
        draw_stroke(picture, &stroke.points, part, &fit, line, ink.colour(index, count));
    }
}

/// Draws the first `part` (0..1, by arc length) of one stroke; `line` is its width in pixels.
pub fn draw_stroke(picture: &mut Pixmap, points: &[Point], part: f32, fit: &Fit, line: f32, colour: Rgb) {
    let points: Vec<Point> = head(points, part).into_iter().map(|p| fit.apply(p)).collect();
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(colour.into());
    let Some(bounds) = Bounds::of(&points) else { return };
    if bounds.side() < 0.05 {
        let [x, y] = bounds.centre();
        // A stroke that will be long begins no wider than its line.
        let width = if part >= 1.0 { DOT * line } else { line };
        if let Some(dot) = PathBuilder::from_circle(x, y, width / 2.0) {
            picture.fill_path(&dot, &paint, FillRule::Winding, Transform::identity(), None);
        }
        return;
    }
    let mut path = PathBuilder::with_capacity(points.len(), points.len());
    path.move_to(points[0][0], points[0][1]);
    for p in &points[1..] {
        path.line_to(p[0], p[1]);
    }
    let style = Line { width: line, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Line::default() };
    if let Some(path) = path.finish() {
        picture.stroke_path(&path, &paint, &style, Transform::identity(), None);
    }
}
