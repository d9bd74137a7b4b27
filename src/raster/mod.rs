//! Drawings as pixels.
//!
//! One renderer a file, all behind [`Renderer`]: a drawing in, a [`Pixmap`] out. [`Studio`] is the one that people look
//! at: antialiased, fitted, centred. [`Kaist`] is the one that scores of the KAIST assignment rest on. Pixmaps of renderers
//! are opaque, so their premultiplied bytes are plain RGBA.
//!
//! Limits: coordinates must be numbers within a million of the origin ([`check`]); a side is at most [`SIDE_MAX`] pixels.

mod ink;
mod kaist;
mod progress;
mod studio;
pub mod text;

pub use ink::{Ink, ORDER_ON_DARK, ORDER_ON_LIGHT, Rgb};
pub use kaist::{Kaist, SIDE as KAIST_SIDE};
pub use progress::{Progress, Timeline, head};
pub use studio::{Studio, draw_part, draw_stroke};
pub use tiny_skia::Pixmap;

use tiny_skia::{Paint, Rect, Transform};

use crate::sketch::{Bounds, Point, Sketch};
use crate::util::{Error, Result};

/// The longest side of a picture, in pixels.
pub const SIDE_MAX: u32 = 16_384;

/// Beyond this a coordinate is a mistake, and single precision would not place it well.
const COORDINATE_MAX: f32 = 1e6;

/// A way to turn a drawing into pixels.
pub trait Renderer {
    /// Name and settings in one line, to be told beside every score that rests on these pixels.
    fn id(&self) -> String;

    /// The picture, opaque. A drawing without strokes gives blank paper.
    ///
    /// # Errors
    /// Coordinates that are not numbers or absurdly large; a size of 0 or beyond [`SIDE_MAX`].
    fn render(&self, sketch: &Sketch) -> Result<Pixmap>;
}

/// An upright part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left, top.
    pub low: Point,
    /// Width, height.
    pub size: Point,
}

impl Area {
    /// Everything from (0, 0).
    pub fn of(width: f32, height: f32) -> Self {
        Self { low: [0.0, 0.0], size: [width, height] }
    }

    /// Without a border `by` pixels wide; never less than nothing.
    pub fn inset(self, by: f32) -> Self {
        let size = self.size.map(|s| (s - 2.0 * by).max(0.0));
        Self { low: [self.low[0] + (self.size[0] - size[0]) / 2.0, self.low[1] + (self.size[1] - size[1]) / 2.0], size }
    }

    /// The shorter side.
    pub fn side(&self) -> f32 {
        self.size[0].min(self.size[1])
    }
}

/// Moves and scales a drawing into an area, centred, its shape kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    scale: f32,
    from: Point,
    to: Point,
}

impl Fit {
    /// The largest fit of `bounds` into `area`. Something without extent is only centred.
    pub fn new(bounds: Bounds, area: Area) -> Self {
        let size = [bounds.high[0] - bounds.low[0], bounds.high[1] - bounds.low[1]];
        let scale = if bounds.side() < 1e-3 { 1.0 } else { (area.size[0] / size[0].max(1e-6)).min(area.size[1] / size[1].max(1e-6)) };
        Self { scale, from: bounds.centre(), to: [area.low[0] + area.size[0] / 2.0, area.low[1] + area.size[1] / 2.0] }
    }

    /// Where a point goes.
    pub fn apply(&self, p: Point) -> Point {
        [(p[0] - self.from[0]) * self.scale + self.to[0], (p[1] - self.from[1]) * self.scale + self.to[1]]
    }
}

/// An error where a drawing has coordinates that cannot be placed: not numbers, or a million and more.
pub fn check(sketch: &Sketch) -> Result<()> {
    for (number, stroke) in sketch.strokes.iter().enumerate() {
        if let Some(p) = stroke.points.iter().find(|p| !p.iter().all(|v| v.abs() <= COORDINATE_MAX)) {
            let what = format!("stroke {} has a point at ({}, {}), which cannot be drawn", number + 1, p[0], p[1]);
            return Err(Error::new(what).advise("Coordinates must be numbers between -1000000 and 1000000."));
        }
    }
    Ok(())
}

/// Nothing at all: transparent everywhere.
///
/// # Errors
/// A side of 0 or beyond [`SIDE_MAX`].
pub fn clear(width: u32, height: u32) -> Result<Pixmap> {
    let blank = if width.max(height) <= SIDE_MAX { Pixmap::new(width, height) } else { None };
    blank.ok_or_else(|| {
        Error::usage(format!("cannot make a picture of {width} x {height} pixels"))
            .advise(format!("Each side must be between 1 and {SIDE_MAX} pixels."))
    })
}

/// Blank paper, opaque.
///
/// # Errors
/// As [`clear`].
pub fn paper(width: u32, height: u32, colour: Rgb) -> Result<Pixmap> {
    let mut blank = clear(width, height)?;
    blank.fill(colour.into());
    Ok(blank)
}

/// Covers an area with one colour.
pub fn fill(picture: &mut Pixmap, area: Area, colour: Rgb) {
    let mut paint = Paint::default();
    paint.set_color(colour.into());
    if let Some(rect) = Rect::from_xywh(area.low[0], area.low[1], area.size[0], area.size[1]) {
        picture.fill_rect(rect, &paint, Transform::identity(), None);
    }
}
