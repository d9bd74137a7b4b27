//! Quantities of the strokes themselves, and how far apart two lists of drawings are in each.
//!
//! Lengths are in the units of the drawings' frame. Compare drawings of one frame only; the data frame (0..255, the longer
//! side 255) is the one that real drawings come in.

use std::f64::consts::PI;

use super::wasserstein::wasserstein;
use crate::raster::check;
use crate::sketch::{Point, Sketch, Stroke};
use crate::util::{Error, Result};

/// Places in the order of strokes whose lengths are compared one by one.
pub const PLACES: usize = 8;

/// A quantity that every drawing has none, one or many values of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Characteristic {
    /// Strokes; one value a drawing.
    Strokes,
    /// Points, repeated ones too; one value a stroke.
    Points,
    /// Length of all strokes together; one value a drawing.
    Ink,
    /// Width over height of the box around everything, neither taken as less than 1; one value a drawing with strokes.
    Aspect,
    /// Length of the stroke at this place in the order, counted from 0; one value a drawing that has so many strokes.
    StrokeLength(usize),
    /// Way in the air from the end of a stroke to the beginning of the next; one value for every stroke but the first.
    PenUp,
    /// Angle, in radians, by which a line turns at an inner point: 0 goes straight on, pi goes back. One value for every
    /// two segments of a stroke with length.
    Turning,
}

/// One characteristic of two lists of drawings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Which.
    pub characteristic: Characteristic,
    /// Mean of each list's values; `None` for a list without values.
    pub means: [Option<f64>; 2],
    /// Wasserstein-1 distance between the values; `None` where a list has none.
    pub distance: Option<f64>,
}

impl Characteristic {
    /// All of them, with the first [`PLACES`] places.
    pub fn all() -> Vec<Self> {
        let places = (0..PLACES).map(Self::StrokeLength);
        [Self::Strokes, Self::Points, Self::Ink, Self::Aspect].into_iter().chain(places).chain([Self::PenUp, Self::Turning]).collect()
    }

    /// Its name in words.
    pub fn name(self) -> String {
        match self {
            Self::Strokes => "strokes a drawing".into(),
            Self::Points => "points a stroke".into(),
            Self::Ink => "ink length".into(),
            Self::Aspect => "aspect ratio".into(),
            Self::StrokeLength(place) => format!("length of stroke {}", place.saturating_add(1)),
            Self::PenUp => "pen-up distance".into(),
            Self::Turning => "turning angle".into(),
        }
    }

    /// The values of some drawings, in their order. Coordinates that are not numbers give values that are not.
    pub fn values(self, sketches: &[Sketch]) -> Vec<f64> {
        let strokes = || sketches.iter().flat_map(|sketch| &sketch.strokes);
        match self {
            Self::Strokes => sketches.iter().map(|sketch| sketch.strokes.len() as f64).collect(),
            Self::Points => strokes().map(|stroke| stroke.points.len() as f64).collect(),
            Self::Ink => sketches.iter().map(|sketch| sketch.strokes.iter().map(length).sum()).collect(),
            Self::Aspect => sketches.iter().filter_map(aspect).collect(),
            Self::StrokeLength(place) => sketches.iter().filter_map(|sketch| sketch.strokes.get(place)).map(length).collect(),
            Self::PenUp => sketches.iter().flat_map(|sketch| sketch.strokes.windows(2)).filter_map(pen_up).collect(),
            Self::Turning => strokes().flat_map(turns).collect(),
        }
    }
}

/// Every characteristic of two lists, real drawings and generated ones say.
///
/// # Errors
/// An empty list; coordinates that are not numbers or absurdly large.
pub fn compare(a: &[Sketch], b: &[Sketch]) -> Result<Vec<Comparison>> {
    if a.is_empty() || b.is_empty() {
        return Err(Error::new("there are no drawings to compare"));
    }
    a.iter().chain(b).try_for_each(check)?;
    let one = |characteristic: Characteristic| {
        let (a, b) = (characteristic.values(a), characteristic.values(b));
        let distance = if a.is_empty() || b.is_empty() { None } else { Some(wasserstein(&a, &b)?) };
        Ok(Comparison { characteristic, means: [mean(&a), mean(&b)], distance })
    };
    Characteristic::all().into_iter().map(one).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

/// From `a` to `b`.
fn step(a: Point, b: Point) -> [f64; 2] {
    [f64::from(b[0]) - f64::from(a[0]), f64::from(b[1]) - f64::from(a[1])]
}

fn length(stroke: &Stroke) -> f64 {
    stroke.points.windows(2).map(|pair| step(pair[0], pair[1])).map(|d| d[0].hypot(d[1])).sum()
}

fn aspect(sketch: &Sketch) -> Option<f64> {
    let bounds = sketch.bounds()?;
    let [width, height] = step(bounds.low, bounds.high);
    Some(width.max(1.0) / height.max(1.0))
}

fn pen_up(pair: &[Stroke]) -> Option<f64> {
    let d = step(*pair[0].points.last()?, *pair[1].points.first()?);
    Some(d[0].hypot(d[1]))
}

fn turns(stroke: &Stroke) -> Vec<f64> {
    let steps = stroke.points.windows(2).map(|pair| step(pair[0], pair[1])).filter(|d| *d != [0.0, 0.0]);
    let headings: Vec<f64> = steps.map(|d| d[1].atan2(d[0])).collect();
    let turn = |pair: &[f64]| (pair[1] - pair[0]).abs();
    headings.windows(2).map(turn).map(|angle| if angle > PI { 2.0 * PI - angle } else { angle }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(strokes: &[&[Point]]) -> Sketch {
        Sketch { strokes: strokes.iter().map(|points| Stroke::new(points.to_vec())).collect() }
    }

    #[test]
    fn every_value_is_right_by_hand() {
        let corner = [[0.0, 0.0], [30.0, 0.0], [30.0, 0.0], [30.0, 40.0]];
        let sketches = [sketch(&[&corner, &[[33.0, 44.0]], &[[33.0, 44.0], [0.0, 44.0]]]), sketch(&[]), sketch(&[&[[7.0, 7.0]]])];
        let values = |characteristic: Characteristic| characteristic.values(&sketches);
        assert_eq!(values(Characteristic::Strokes), [3.0, 0.0, 1.0]);
        assert_eq!(values(Characteristic::Points), [4.0, 1.0, 2.0, 1.0]);
        assert_eq!(values(Characteristic::Ink), [103.0, 0.0, 0.0]);
        assert_eq!(values(Characteristic::Aspect), [0.75, 1.0]);
        assert_eq!(values(Characteristic::StrokeLength(0)), [70.0, 0.0]);
        assert_eq!(values(Characteristic::StrokeLength(2)), [33.0]);
        assert_eq!(values(Characteristic::PenUp), [5.0, 0.0]);
        assert_eq!(values(Characteristic::Turning), [PI / 2.0]);
    }

    #[test]
    fn a_turn_is_the_shorter_way_round() {
        let around = Stroke::new(vec![[0.0, 0.0], [-10.0, 1.0], [-20.0, 0.0], [-10.0, 0.0]]);
        let turns = turns(&around);
        assert!((turns[0] - 2.0 * 0.1f64.atan()).abs() < 1e-12 && (turns[1] - (PI - 0.1f64.atan())).abs() < 1e-12, "{turns:?}");
    }

    #[test]
    fn lists_are_compared_where_both_have_values() -> Result<()> {
        let dot = sketch(&[&[[0.0, 0.0]]]);
        let two = sketch(&[&[[0.0, 0.0], [10.0, 0.0]], &[[10.0, 5.0]]]);
        let all = compare(&[dot.clone(), dot.clone()], &[two])?;
        let of = |characteristic| all.iter().find(|c| c.characteristic == characteristic).map(|c| (c.means, c.distance));
        assert_eq!(of(Characteristic::Strokes), Some(([Some(1.0), Some(2.0)], Some(1.0))));
        assert_eq!(of(Characteristic::StrokeLength(0)), Some(([Some(0.0), Some(10.0)], Some(10.0))));
        assert_eq!(of(Characteristic::PenUp), Some(([None, Some(5.0)], None)));
        assert!(compare(&[], std::slice::from_ref(&dot)).is_err());
        assert!(compare(&[sketch(&[&[[f32::NAN, 0.0]]])], &[dot]).is_err());
        Ok(())
    }
}
