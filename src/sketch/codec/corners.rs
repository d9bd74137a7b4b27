//! Shapes as their corners: the data set's own language.
//!
//! The data set's strokes are lines through few corners, simplified with a tolerance (Ramer-Douglas-Peucker). A straight line is two of
//! them, a window four and one: nothing has to be straightened afterwards. Slots hold the corners in their order; a number for each
//! slot after the first says whether it is used, 1 or -1. The place of a slot that is not used is 0.

use super::moments;
use crate::sketch::{DATA_SIDE, Point, Stroke, rdp};

/// Corners of shapes, each slot's place whitened by those strokes that use it.
#[derive(Debug, Clone, PartialEq)]
pub struct Corners {
    /// Slots: corners of a stroke at most.
    pub most: usize,
    /// Mean place of each slot, (2 * most): x0, y0, x1, y1 …
    pub mean: Vec<f32>,
    /// Its standard deviation, (2 * most).
    pub scale: Vec<f32>,
}

/// A stroke's corners, at most `most`: simplified by `simplify` (in the data frame), and further where there are too many.
pub(super) fn line(stroke: &Stroke, most: usize, simplify: f32) -> Vec<Point> {
    // The model frame is 2 wide where the data frame is 255.
    let mut tolerance = simplify * 2.0 / DATA_SIDE;
    let mut simple = rdp(stroke, tolerance).points;
    while simple.len() > most {
        tolerance = (tolerance * 1.25).max(1e-3);
        simple = rdp(stroke, tolerance).points;
    }
    simple
}

impl Corners {
    /// Fits to shapes of at most `most` corners.
    pub(super) fn fit(shapes: &[Vec<Point>], most: usize) -> Self {
        let slots = (0..2 * most).map(|i| moments(shapes.iter().filter_map(|shape| Some(shape.get(i / 2)?[i % 2]))));
        let (mean, scale) = slots.map(|m| (m[0], m[1])).unzip();
        Self { most, mean, scale }
    }

    /// Numbers of a shape.
    pub fn width(&self) -> usize {
        3 * self.most - 1
    }

    pub(super) fn encode(&self, shape: &[Point], out: &mut Vec<f32>) {
        let place = |i: usize| shape.get(i / 2).map_or(0.0, |p| (p[i % 2] - self.mean[i]) / self.scale[i]);
        out.extend((0..2 * self.most).map(place));
        out.extend((1..self.most).map(|i| if i < shape.len() { 1.0 } else { -1.0 }));
    }

    pub(super) fn decode(&self, vector: &[f32]) -> Vec<Point> {
        let (places, used) = vector.split_at(2 * self.most);
        let count = 1 + used.iter().take_while(|v| **v > 0.0).count();
        let at = |i: usize| places[i] * self.scale[i] + self.mean[i];
        (0..count).map(|i| [at(2 * i), at(2 * i + 1)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::sketch::{Codec, Stroke, distance};
    use crate::util::Result;

    fn strokes() -> Vec<Stroke> {
        let window = Stroke::new(vec![[-0.5, -0.5], [0.5, -0.5], [0.5, 0.25], [-0.5, 0.25], [-0.5, -0.5]]);
        let circle = Stroke::new((0..=60).map(|i| 0.1 * i as f32).map(|a| [0.3 * a.cos(), 0.3 * a.sin()]).collect());
        let dot = Stroke::new(vec![[0.25, 0.5]]);
        vec![window, circle, dot, Stroke::new(vec![[-0.75, 0.0], [0.75, 0.125]])]
    }

    #[test]
    fn corners_come_back_where_they_were() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::corners(&strokes, 24, 2.0, true)?;
        assert_eq!(codec.width(), 3 + 48 + 23);
        for (stroke, corners) in strokes.iter().zip([5, 12, 1, 2]) {
            let back = codec.decode(&codec.encode(stroke));
            assert!(back.points.len() == corners || stroke.points.len() == 61, "{} corners", back.points.len());
            let nearest = |p| stroke.points.iter().map(|&q| distance(p, q)).fold(f32::MAX, f32::min);
            assert!(back.points.iter().all(|&p| nearest(p) < 1e-5), "{back:?}");
        }
        Ok(())
    }

    #[test]
    fn too_many_corners_are_simplified_further() -> Result<()> {
        let zigzag = Stroke::new((0..200).map(|i| [i as f32 / 100.0 - 1.0, if i % 2 == 0 { -0.5 } else { 0.5 }]).collect());
        let codec = Codec::corners([&zigzag], 8, 2.0, false)?;
        let back = codec.decode(&codec.encode(&zigzag));
        assert!((1..=8).contains(&back.points.len()));
        assert!(codec.decode(&vec![1e30; codec.width()]).points.len() == 8);
        Ok(())
    }
}
