//! Drawings as the pen's movements from point to point, for systems that draw points rather than strokes.
//!
//! A drawing of n points has n - 1 movements: (dx, dy), and whether the pen was lifted for it. Where the first point lies is not part of
//! it: a drawing's place and size are given by its frame, and an absolute start among the movements would be an outlier that every
//! statistic suffers from. Movements are divided by one number, their deviation in the training drawings, so that x and y stay alike.

use super::{MIN_SCALE, finish};
use crate::sketch::{Point, Sketch, Stroke};
use crate::util::{Error, Result};

/// The way of the pen through a drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trail {
    /// From each point to the next one, in units of the deviation.
    pub moves: Vec<Point>,
    /// Whether the pen was lifted on the way: as many as there are movements.
    pub lifted: Vec<bool>,
}

/// Statistics of the training drawings, which turn a drawing into a [`Trail`].
#[derive(Debug, Clone, PartialEq)]
pub struct Deltas {
    /// Tolerance of the simplification after decoding, in the data frame; 0 keeps every point.
    pub simplify: f32,
    /// Deviation of the movements' coordinates around 0, in the model frame.
    pub scale: f32,
}

/// From one point to the next one, and whether the pen was lifted for it.
pub(super) fn movements(sketch: &Sketch) -> impl Iterator<Item = (Point, bool)> {
    let points = sketch.strokes.iter().enumerate().flat_map(|(k, stroke)| stroke.points.iter().map(move |&p| (k, p)));
    let next = points.clone().skip(1);
    points.zip(next).map(|((stroke, a), (of, b))| ([b[0] - a[0], b[1] - a[1]], of != stroke))
}

impl Deltas {
    /// Measures the movements of drawings in the model frame.
    ///
    /// # Errors
    /// No movements.
    pub fn fit<'a>(sketches: impl IntoIterator<Item = &'a Sketch>, simplify: f32) -> Result<Self> {
        let (mut count, mut squares) = (0u64, 0.0f64);
        let coordinates = sketches.into_iter().flat_map(|sketch| movements(sketch).flat_map(|(by, _)| by));
        // One broken drawing must not make the deviation not a number.
        for v in coordinates.filter(|v| v.is_finite()) {
            count += 1;
            squares += f64::from(v) * f64::from(v);
        }
        if count == 0 {
            return Err(Error::new("there are no movements of the pen to learn from"));
        }
        Ok(Self { simplify, scale: (squares / count as f64).sqrt().max(MIN_SCALE) as f32 })
    }

    /// The way of the pen through a drawing in the model frame.
    pub fn encode(&self, sketch: &Sketch) -> Trail {
        let (moves, lifted) = movements(sketch).map(|(by, lifted)| (by.map(|v| v / self.scale), lifted)).unzip();
        Trail { moves, lifted }
    }

    /// The drawing in the model frame's units, its first point at 0.
    pub fn decode(&self, trail: &Trail) -> Sketch {
        let mut at = [0.0f32; 2];
        let mut strokes = vec![Stroke::new(vec![at])];
        for (by, &lifted) in trail.moves.iter().zip(&trail.lifted) {
            at = [at[0] + by[0] * self.scale, at[1] + by[1] * self.scale];
            match strokes.last_mut() {
                Some(stroke) if !lifted => stroke.points.push(at),
                _ => strokes.push(Stroke::new(vec![at])),
            }
        }
        Sketch { strokes }
    }

    /// A decoded drawing as one of the data set's own kind: in the data frame, simplified.
    pub fn finish(&self, sketch: &Sketch) -> Sketch {
        finish(sketch, 0, self.simplify)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing() -> Sketch {
        let lines: [&[Point]; 4] =
            [&[[3.0, 4.0]], &[[0.0, 0.0], [255.0, 0.0], [255.0, 90.0]], &[[9.0, 9.0], [20.0, 40.0]], &[[7.0, 200.0]]];
        Sketch { strokes: lines.iter().map(|line| Stroke::new(line.to_vec())).collect() }
    }

    #[test]
    fn every_drawing_comes_back_dots_at_both_ends_too() -> Result<()> {
        let sketch = drawing().to_model_frame();
        let deltas = Deltas::fit([&sketch], 0.0)?;
        let trail = deltas.encode(&sketch);
        assert_eq!((trail.moves.len(), trail.lifted.len()), (6, 6));
        assert_eq!(trail.lifted, [true, false, false, true, false, true]);
        let mut expected = drawing();
        // As the data set writes dots.
        for stroke in expected.strokes.iter_mut().filter(|stroke| stroke.points.len() == 1) {
            stroke.points = stroke.points.repeat(2);
        }
        assert_eq!(deltas.finish(&deltas.decode(&trail)), expected);
        assert_eq!(deltas.decode(&Trail::default()).strokes.len(), 1, "a trail without movements is a dot");
        Ok(())
    }

    #[test]
    fn movements_have_deviation_1_and_the_start_is_none_of_them() -> Result<()> {
        let sketch = drawing().to_model_frame();
        let far = sketch.map(|p| [p[0] + 100.0, p[1] - 50.0]);
        let deltas = Deltas::fit([&sketch, &far], 2.0)?;
        let (one, other) = (deltas.encode(&sketch), deltas.encode(&far));
        let squares: f32 = one.moves.iter().flatten().map(|v| v * v).sum::<f32>() / 12.0;
        assert!((squares - 1.0).abs() < 1e-4, "{squares}");
        assert!(one.moves.iter().flatten().zip(other.moves.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-3));
        assert!(Deltas::fit([&Sketch::default()], 2.0).is_err());
        Ok(())
    }
}
