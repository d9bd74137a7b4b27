//! Drawings half done: where the pen is, and when.

use crate::sketch::{Point, Sketch, distance};

/// How much of a drawing is there: some strokes whole, and a part of the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Strokes that are finished.
    pub whole: usize,
    /// The part of the next stroke, by arc length: 0 (not begun) to 1.
    pub part: f32,
}

impl Progress {
    /// The finished drawing.
    pub const ALL: Self = Self { whole: usize::MAX, part: 0.0 };

    /// Strokes that are finished or begun.
    pub fn begun(&self) -> usize {
        self.whole.saturating_add(usize::from(self.part > 0.0))
    }
}

/// The first `part` (0..1) of a line by arc length. A dot is there as soon as it is begun; nothing is there at 0.
pub fn head(points: &[Point], part: f32) -> Vec<Point> {
    if part.is_nan() || part <= 0.0 || points.is_empty() {
        return Vec::new();
    }
    if part >= 1.0 {
        return points.to_vec();
    }
    let total: f32 = points.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
    let mut left = total * part;
    let mut out = vec![points[0]];
    for pair in points.windows(2) {
        let length = distance(pair[0], pair[1]);
        if length >= left {
            if length > 0.0 {
                let t = left / length;
                out.push([pair[0][0] + t * (pair[1][0] - pair[0][0]), pair[0][1] + t * (pair[1][1] - pair[0][1])]);
            }
            break;
        }
        left -= length;
        out.push(pair[1]);
    }
    out
}

/// When each stroke is drawn, for a pen of constant speed that is lifted for a moment between strokes.
///
/// Lengths are taken relative to the drawing's longer side, so the frame does not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Begin and end of every stroke, as parts of the whole time.
    spans: Vec<(f64, f64)>,
    /// Length of the whole way, in units of the longer side.
    length: f64,
}

/// A dot takes as long as a line of this length, in units of the longer side.
const DOT: f64 = 0.03;
/// The way in the air between two strokes, in the same units.
const LIFT: f64 = 0.08;
/// Speed of the pen on the paper, longer sides a second: a median cat then takes three to four seconds.
const SPEED: f64 = 1.6;

impl Timeline {
    /// The times of a drawing's strokes.
    pub fn new(sketch: &Sketch) -> Self {
        let side = sketch.bounds().map_or(1.0, |bounds| f64::from(bounds.side())).max(1e-6);
        let mut at = 0.0;
        let mut spans: Vec<(f64, f64)> = Vec::with_capacity(sketch.strokes.len());
        for stroke in &sketch.strokes {
            let begin = if spans.is_empty() { 0.0 } else { at + LIFT };
            at = begin + (f64::from(stroke.length()) / side).max(DOT);
            spans.push((begin, at));
        }
        let length = at.max(DOT);
        for span in &mut spans {
            *span = (span.0 / length, span.1 / length);
        }
        Self { spans, length }
    }

    /// How long it takes at the usual speed: 2 to 6 seconds.
    pub fn seconds(&self) -> f64 {
        (self.length / SPEED).clamp(2.0, 6.0)
    }

    /// What is there after `time` (0..1) of the whole.
    pub fn at(&self, time: f64) -> Progress {
        let count = self.spans.len();
        if time >= 1.0 {
            return Progress { whole: count, part: 0.0 };
        }
        let whole = self.spans.partition_point(|span| span.1 <= time);
        let part = self.spans.get(whole).map_or(0.0, |&(begin, end)| ((time - begin) / (end - begin)).clamp(0.0, 1.0));
        Progress { whole, part: part as f32 }
    }

    /// When stroke `index` begins, 0..1; 1 past the last.
    pub fn begin(&self, index: usize) -> f64 {
        self.spans.get(index).map_or(1.0, |span| span.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;

    #[test]
    fn a_head_is_as_long_as_it_should_be() {
        let line = [[0.0, 0.0], [10.0, 0.0], [10.0, 30.0]];
        let length = |points: &[Point]| points.windows(2).map(|w| distance(w[0], w[1])).sum::<f32>();
        for part in [0.1, 0.25, 0.5, 0.99] {
            assert!((length(&head(&line, part)) - 40.0 * part).abs() < 1e-4);
        }
        assert_eq!(head(&line, 1.0), line);
        assert!(head(&line, 0.0).is_empty() && head(&line, f32::NAN).is_empty() && head(&[], 0.5).is_empty());
        assert_eq!(head(&[[3.0, 4.0]], 0.01), [[3.0, 4.0]]);
    }

    #[test]
    fn a_timeline_begins_at_nothing_ends_with_all_and_never_goes_back() {
        let strokes = (0..60).map(|i| Stroke::new(vec![[0.0, i as f32], [(i % 7) as f32 * 9.0, i as f32]])).collect();
        let sketch = Sketch { strokes };
        let timeline = Timeline::new(&sketch);
        assert_eq!(timeline.at(0.0), Progress { whole: 0, part: 0.0 });
        assert_eq!(timeline.at(1.0).whole, 60);
        let done: Vec<f32> = (0..=500).map(|i| timeline.at(f64::from(i) / 500.0)).map(|p| p.whole as f32 + p.part).collect();
        assert!(done.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(timeline.at(timeline.begin(7) + 1e-6).whole, 7);
        assert!((2.0..=6.0).contains(&timeline.seconds()));
        assert_eq!(Timeline::new(&Sketch::default()).at(0.3).begun(), 0);
    }
}
