//! The stroke codec: a stroke of any number of points becomes one vector of fixed length, and back.
//!
//! A stroke in the model frame is split into its **box** (centre x, centre y, ln of the half-size) and its **shape**, centred and
//! divided by the half-size: a fixed number of points, the stroke's corners among them, projected on their principal components
//! ([`Components`]).
//!
//! Training statistics make the entries' mean 0 and their variance 1 at most, which is what the noise levels of the diffusion are
//! measured against (`sigma_data` = 1).
//!
//! Limits: a stroke with more corners than there are points is simplified until it fits; a stroke smaller than [`MIN_HALF`] is a dot. What a codec loses can be measured on real drawings with the example `codec_floor`.

mod components;
mod deltas;
mod rhythms;

pub use components::Components;
pub use deltas::{Deltas, Trail};
pub use rhythms::{Rhythm, Rhythms, rhythm};

use super::{Bounds, DATA_SIDE, Point, Sketch, Stroke, rdp};
use crate::util::{Error, Result};

/// Numbers of a box.
pub const BOX: usize = 3;

/// The smallest half-size of a stroke in the model frame: about 1.5 of 255. Dots are drawn with it.
pub const MIN_HALF: f32 = 0.012;

/// No entry is whitened by less than this (in units of the half-size): finer detail than a tenth of a pixel is noise.
const MIN_SCALE: f64 = 1e-3;

/// Statistics of the training strokes, which turn a stroke into a vector of [`Codec::width`] numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Codec {
    /// Tolerance of the simplification after decoding, in the data frame; 0 keeps every point.
    pub simplify: f32,
    /// Mean box, (3).
    pub box_mean: Vec<f32>,
    /// Standard deviation of each of the box's numbers, (3).
    pub box_scale: Vec<f32>,
    /// What becomes of shapes.
    pub shape: Components,
}

impl Codec {
    /// Fits principal components of so many points to strokes in the model frame; with `mirrored`, to their mirror images as well.
    ///
    /// # Errors
    /// No strokes.
    pub fn fit<'a>(
        strokes: impl IntoIterator<Item = &'a Stroke>,
        points: usize,
        components: usize,
        simplify: f32,
        mirrored: bool,
    ) -> Result<Self> {
        let (mut boxes, mut shapes) = (Vec::new(), Vec::new());
        for stroke in strokes {
            let (place, shape) = split(components::line(stroke, points, simplify));
            // One broken stroke must not make every statistic not a number.
            if !place.iter().chain(shape.iter().flatten()).all(|v| v.is_finite()) {
                continue;
            }
            if mirrored {
                boxes.push([-place[0], place[1], place[2]]);
                shapes.push(shape.iter().map(|p| [-p[0], p[1]]).collect());
            }
            boxes.push(place);
            shapes.push(shape);
        }
        if boxes.is_empty() {
            return Err(Error::new("there are no strokes to learn from"));
        }
        let moments: Vec<[f32; 2]> = (0..BOX).map(|i| moments(boxes.iter().map(|place| place[i]))).collect();
        Ok(Self {
            simplify,
            box_mean: moments.iter().map(|m| m[0]).collect(),
            box_scale: moments.iter().map(|m| m[1]).collect(),
            shape: Components::fit(&shapes, points, components)?,
        })
    }

    /// Length of a stroke's vector.
    pub fn width(&self) -> usize {
        BOX + self.shape.width()
    }

    /// How much each entry of a shape matters against its largest, 0 to 1: (width - 3).
    pub fn importance(&self) -> Vec<f32> {
        self.shape.importance()
    }

    /// A stroke in the model frame as a vector of [`Codec::width`] numbers.
    pub fn encode(&self, stroke: &Stroke) -> Vec<f32> {
        let (place, shape) = split(components::line(stroke, self.shape.points, self.simplify));
        let mut out = Vec::with_capacity(self.width());
        out.extend((0..BOX).map(|i| (place[i] - self.box_mean[i]) / self.box_scale[i]));
        self.shape.encode(&shape, &mut out);
        out
    }

    /// The stroke, in the model frame, with all the points that its vector has; what follows a vector's first `width` numbers is ignored.
    pub fn decode(&self, vector: &[f32]) -> Stroke {
        let [x, y, log_half] = std::array::from_fn(|i| vector[i] * self.box_scale[i] + self.box_mean[i]);
        // A wild vector must not become an infinite stroke.
        let half = log_half.clamp(-8.0, 2.0).exp();
        let shape = self.shape.decode(&vector[BOX..self.width()]);
        Stroke::new(shape.into_iter().map(|p| [p[0] * half + x, p[1] * half + y]).collect())
    }

    /// As [`finish`], with this codec's tolerance.
    pub fn finish(&self, sketch: &Sketch, fixed: usize) -> Sketch {
        finish(sketch, fixed, self.simplify)
    }
}

/// Decoded strokes as a drawing of the data set's own kind: data frame, corners and point counts by simplification with a tolerance in
/// that frame (0 keeps every point).
///
/// Without `fixed` strokes the whole is fitted to the frame. The first `fixed` strokes were given: they keep
/// their place if the rest stays inside the frame too.
pub fn finish(sketch: &Sketch, fixed: usize, simplify: f32) -> Sketch {
    let frame = Frame::of(sketch, fixed);
    let tolerance = |i| if i < fixed { 0.0 } else { simplify };
    let placed = frame.place(sketch);
    Sketch { strokes: placed.strokes.iter().enumerate().map(|(i, stroke)| settled(stroke, tolerance(i))).collect() }
}

/// A placed stroke as one of the data set's own kind: simplified, at whole numbers in the frame, a dot as the same point twice.
pub fn settled(stroke: &Stroke, simplify: f32) -> Stroke {
    let stroke = if simplify <= 0.0 { stroke.clone() } else { rdp(stroke, simplify) };
    let mut points: Vec<Point> = stroke.points.iter().map(|p| p.map(|v| v.round().clamp(0.0, DATA_SIDE))).collect();
    points.dedup();
    if let [dot] = points[..] {
        points.push(dot);
    }
    Stroke::new(points)
}

/// Where a decoded drawing lies in the data frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    low: Point,
    scale: f32,
}

impl Frame {
    /// As the canvas has it.
    pub const AS_IT_IS: Self = Self { low: [0.0; 2], scale: 1.0 };

    /// Of a drawing whose first `fixed` strokes were given, as [`finish`] places it.
    pub fn of(sketch: &Sketch, fixed: usize) -> Self {
        let placed = sketch.to_canvas();
        let inside = |p: &Point| p.iter().all(|v| (-0.5..=DATA_SIDE + 0.5).contains(v));
        match placed.bounds() {
            Some(bounds) if fixed == 0 || !placed.points().all(inside) => {
                Self { low: bounds.low, scale: DATA_SIDE / bounds.side().max(1e-6) }
            }
            _ => Self::AS_IT_IS,
        }
    }

    /// That drawing, or a part of it, in the data frame.
    pub fn place(&self, sketch: &Sketch) -> Sketch {
        sketch.to_canvas().map(|p| [(p[0] - self.low[0]) * self.scale, (p[1] - self.low[1]) * self.scale])
    }
}

/// A line's box, and its points centred and divided by the half-size.
fn split(line: Vec<Point>) -> ([f32; BOX], Vec<Point>) {
    let bounds = Bounds::of(&line).unwrap_or(Bounds { low: [0.0; 2], high: [0.0; 2] });
    let (centre, half) = (bounds.centre(), (bounds.side() / 2.0).max(MIN_HALF));
    let shape = line.iter().map(|p| [(p[0] - centre[0]) / half, (p[1] - centre[1]) / half]).collect();
    ([centre[0], centre[1], half.ln()], shape)
}

/// Mean and standard deviation of some numbers, the latter never nothing.
fn moments(values: impl Iterator<Item = f32>) -> [f32; 2] {
    let (n, sum, squares) = values.fold((0.0, 0.0, 0.0), |(n, sum, squares), v| {
        let v = f64::from(v);
        (n + 1.0, sum + v, squares + v * v)
    });
    let mean: f64 = sum / f64::max(n, 1.0);
    let variance: f64 = squares / f64::max(n, 1.0) - mean * mean;
    [mean as f32, variance.max(0.0).sqrt().max(MIN_SCALE) as f32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::distance;
    use crate::util::rng::{Stream, stream, uniform};

    /// Wobbly arcs and lines of many sizes, and a dot.
    fn strokes() -> Vec<Stroke> {
        let mut rng = stream(1, Stream::Sketchbook, 0);
        let mut arc = || {
            let [x, y, r, from, sweep] = [-0.8, -0.8, 0.05, 0.0, 0.2].map(|low: f32| uniform(&mut rng, low, 0.8));
            Stroke::new((0..20).map(|i| from * 7.0 + sweep * i as f32 / 3.0).map(|a| [x + r * a.cos(), y + r * a.sin()]).collect())
        };
        (0..300).map(|_| arc()).chain([Stroke::new(vec![[0.1, 0.2]])]).collect()
    }

    #[test]
    fn all_components_give_every_stroke_back() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 32, 2.0, true)?;
        for stroke in &strokes {
            let (back, line) = (codec.decode(&codec.encode(stroke)), components::line(stroke, 16, 2.0));
            let worst = back.points.iter().zip(&line).map(|(&a, &b)| distance(a, b)).fold(0.0, f32::max);
            assert!(worst < 1e-3, "off by {worst}");
        }
        Ok(())
    }

    #[test]
    fn entries_are_white() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 8, 2.0, false)?;
        let rows: Vec<Vec<f32>> = strokes.iter().map(|s| codec.encode(s)).collect();
        for i in 0..codec.width() {
            let mean = rows.iter().map(|r| r[i]).sum::<f32>() / rows.len() as f32;
            let variance = rows.iter().map(|r| (r[i] - mean).powi(2)).sum::<f32>() / rows.len() as f32;
            assert!(mean.abs() < 1e-3 && (variance - 1.0).abs() < 0.02, "entry {i}: mean {mean}, variance {variance}");
        }
        Ok(())
    }

    #[test]
    fn one_stroke_and_no_stroke_are_no_special_case() -> Result<()> {
        assert!(Codec::fit(&[], 8, 16, 2.0, true).is_err());
        let dot = Stroke::new(vec![[0.0, 0.0]]);
        let codec = Codec::fit([&dot], 8, 16, 2.0, true)?;
        assert!(codec.encode(&dot).iter().all(|v| v.is_finite()));
        assert!(codec.decode(&vec![1e30; codec.width()]).points.len() == 8);
        Ok(())
    }

    #[test]
    fn given_strokes_keep_their_place() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 32, 2.0, true)?;
        let given = Stroke::new(vec![[-0.5, -0.5], [0.5, -0.25]]);
        let whole = codec.finish(&Sketch { strokes: vec![given, Stroke::new(vec![[0.0, 0.0], [0.9, 0.9]])] }, 1);
        assert_eq!(whole.strokes[0].points, [[64.0, 64.0], [191.0, 96.0]]);
        let speck = settled(&Stroke::new(vec![[3.0, 4.2], [3.1, 4.0], [3.4, 4.4]]), 0.7);
        assert_eq!(speck.points, [[3.0, 4.0]; 2], "a dot as the data set writes it");
        Ok(())
    }
}
