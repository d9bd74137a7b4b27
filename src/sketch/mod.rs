//! Drawings as people make them: strokes in order, each a line of points.
//!
//! Two frames are used. The **data frame** is the data set's own: 0..255, x to the right, y down, top left at 0,
//! at most 255 wide or high. The **model frame** is centred on the drawing's bounding box and divided by half its
//! longer side, so that everything lies in [-1, 1]. No file access, no tensors, no window in here.

pub mod codec;
mod resample;
mod simplify;

pub use codec::Codec;
pub use resample::{divide, resample};
pub use simplify::{rdp, rdp_to};

/// Owed wherever a drawing, or a model made from drawings, is shown.
pub const ATTRIBUTION: &str =
    "The Quick, Draw! Dataset, made available by Google, Inc. under the Creative Commons Attribution 4.0 International licence";

/// x and y.
pub type Point = [f32; 2];

/// The longer side of a drawing in the data frame.
pub const DATA_SIDE: f32 = 255.0;

/// The tolerance by which the data set was simplified, in the data frame.
pub const RDP_EPSILON: f32 = 2.0;

/// One line, drawn without lifting the pen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// At least one point; one alone is a dot.
    pub points: Vec<Point>,
    /// Milliseconds since the drawing began, one a point, where the source has them.
    pub times: Option<Vec<f32>>,
}

impl Stroke {
    /// A stroke without times.
    pub fn new(points: Vec<Point>) -> Self {
        Self { points, times: None }
    }

    /// Length of the line.
    pub fn length(&self) -> f32 {
        self.points.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
    }
}

/// A drawing: its strokes in the order in which they were drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sketch {
    /// In order.
    pub strokes: Vec<Stroke>,
}

/// Distance of two points.
pub fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The smallest upright box around some points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Left, top.
    pub low: Point,
    /// Right, bottom.
    pub high: Point,
}

impl Bounds {
    /// Around all of them; `None` without points.
    pub fn of<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let &first = points.next()?;
        Some(points.fold(Self { low: first, high: first }, |bounds, &p| bounds.with(Self { low: p, high: p })))
    }

    /// Around both.
    pub fn with(self, other: Self) -> Self {
        Self {
            low: [self.low[0].min(other.low[0]), self.low[1].min(other.low[1])],
            high: [self.high[0].max(other.high[0]), self.high[1].max(other.high[1])],
        }
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        [(self.low[0] + self.high[0]) / 2.0, (self.low[1] + self.high[1]) / 2.0]
    }

    /// The longer side.
    pub fn side(&self) -> f32 {
        (self.high[0] - self.low[0]).max(self.high[1] - self.low[1])
    }
}

impl Sketch {
    /// Every point, in drawing order.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.strokes.iter().flat_map(|stroke| &stroke.points)
    }

    /// The box around everything; `None` for an empty drawing.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::of(self.points())
    }

    /// Length of all ink.
    pub fn ink(&self) -> f32 {
        self.strokes.iter().map(Stroke::length).sum()
    }

    /// Every point moved by `f`; times are kept.
    pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        let stroke = |s: &Stroke| Stroke { points: s.points.iter().map(|&p| f(p)).collect(), times: s.times.clone() };
        Self { strokes: self.strokes.iter().map(stroke).collect() }
    }

    /// Into the model frame: centred, half the longer side = 1. A drawing without extent becomes dots at 0.
    pub fn to_model_frame(&self) -> Self {
        let Some(bounds) = self.bounds() else { return Self::default() };
        let (centre, half) = (bounds.centre(), (bounds.side() / 2.0).max(1e-6));
        self.map(|p| [(p[0] - centre[0]) / half, (p[1] - centre[1]) / half])
    }

    /// From the data frame's whole canvas, 0..255, to [-1, 1]: for drawings whose own box is not known yet.
    pub fn from_canvas(&self) -> Self {
        let half = DATA_SIDE / 2.0;
        self.map(|p| [(p[0] - half) / half, (p[1] - half) / half])
    }

    /// The inverse of [`Sketch::from_canvas`].
    pub fn to_canvas(&self) -> Self {
        let half = DATA_SIDE / 2.0;
        self.map(|p| [p[0] * half + half, p[1] * half + half])
    }

    /// Into the data frame: top left at 0, the longer side 255, whole numbers (as the data set has them).
    pub fn to_data_frame(&self) -> Self {
        let Some(bounds) = self.bounds() else { return Self::default() };
        let scale = DATA_SIDE / bounds.side().max(1e-6);
        self.map(|p| [((p[0] - bounds.low[0]) * scale).round(), ((p[1] - bounds.low[1]) * scale).round()])
    }

    /// Each stroke simplified (Ramer-Douglas-Peucker) with tolerance `epsilon`.
    pub fn simplified(&self, epsilon: f32) -> Self {
        Self { strokes: self.strokes.iter().map(|s| rdp(s, epsilon)).collect() }
    }
}
