//! From the raw form, in the pixels of whoever drew, to the data frame.
//!
//! The data set's page describes how its simplified files were made from the raw ones: align the drawing to the top left corner,
//! so that the smallest values are 0; scale it uniformly so that the largest value is 255; resample all strokes with a spacing
//! of 1 pixel; simplify them by Ramer-Douglas-Peucker with an epsilon of 2. The results are whole numbers. This does the same; a
//! point that resampling adds gets its time by interpolation.

use crate::sketch::{Bounds, DATA_SIDE, Point, RDP_EPSILON, Sketch, Stroke, distance, rdp};

/// More resampled points than any person draws: a line that fills the whole frame, pixel by pixel, has 65 536.
const MOST_POINTS: f32 = 100_000.0;

/// Brings a drawing of any size into the data frame; `None` if it has no extent or its line is absurdly long.
pub(super) fn simplify(sketch: &Sketch) -> Option<Sketch> {
    let bounds = Bounds::of(sketch.points())?;
    let scale = DATA_SIDE / bounds.side();
    if !scale.is_finite() {
        return None;
    }
    let scaled = sketch.map(|p| [(p[0] - bounds.low[0]) * scale, (p[1] - bounds.low[1]) * scale]);
    if scaled.ink() > MOST_POINTS {
        return None;
    }
    let whole = |stroke: &Stroke| {
        let mut stroke = rdp(&walk(stroke), RDP_EPSILON);
        for point in &mut stroke.points {
            *point = point.map(|v| v.round().clamp(0.0, DATA_SIDE));
        }
        stroke
    };
    Some(Sketch { strokes: scaled.strokes.iter().map(whole).collect() })
}

/// Points at arc length 0, 1, 2, … of the stroke, and its end.
fn walk(stroke: &Stroke) -> Stroke {
    let Some(&first) = stroke.points.first() else { return stroke.clone() };
    let time = |i: usize| stroke.times.as_ref().and_then(|times| times.get(i)).copied().unwrap_or(0.0);
    let mut points: Vec<Point> = vec![first];
    let mut times = vec![time(0)];
    // What is left of the present pixel when a segment ends is carried into the next segment.
    let mut carried = 0.0;
    for (i, pair) in stroke.points.windows(2).enumerate() {
        let length = distance(pair[0], pair[1]);
        let mut at = 1.0 - carried;
        while at < length {
            let t = at / length;
            points.push([pair[0][0] + t * (pair[1][0] - pair[0][0]), pair[0][1] + t * (pair[1][1] - pair[0][1])]);
            times.push(time(i) + t * (time(i + 1) - time(i)));
            at += 1.0;
        }
        carried = length - (at - 1.0);
    }
    if let (Some(&last), 2..) = (stroke.points.last(), stroke.points.len()) {
        points.push(last);
        times.push(time(stroke.points.len() - 1));
    }
    Stroke { points, times: stroke.times.as_ref().map(|_| times) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_takes_steps_of_one_pixel_and_keeps_time() {
        let stroke = Stroke { points: vec![[0.0, 0.0], [2.5, 0.0], [2.5, 2.0]], times: Some(vec![0.0, 25.0, 65.0]) };
        let walked = walk(&stroke);
        assert_eq!(walked.points, [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.5, 0.5], [2.5, 1.5], [2.5, 2.0]]);
        assert_eq!(walked.times, Some(vec![0.0, 10.0, 20.0, 35.0, 55.0, 65.0]));
    }

    #[test]
    fn a_drawing_on_a_phone_comes_to_the_corner_and_to_255() {
        let line = |points: &[Point]| Stroke { points: points.to_vec(), times: Some((0..points.len()).map(|i| i as f32).collect()) };
        // A corner, with a wobble of less than two units on the way, and a dot.
        let phone =
            Sketch { strokes: vec![line(&[[100.0, 300.0], [350.0, 301.0], [600.0, 300.0], [600.0, 550.0]]), line(&[[350.0, 400.0]])] };
        let sketch = simplify(&phone).expect("it has extent");
        assert_eq!(sketch.strokes[0].points, [[0.0, 0.0], [255.0, 0.0], [255.0, 128.0]]);
        assert_eq!(sketch.strokes[1].points, [[128.0, 51.0]]);
        let times = sketch.strokes[0].times.as_ref().expect("times are kept");
        assert!((times[0], times[2]) == (0.0, 3.0) && (times[1] - 2.0).abs() < 0.01, "{times:?}");
    }

    #[test]
    fn nothing_to_scale_is_no_drawing() {
        assert_eq!(simplify(&Sketch { strokes: vec![Stroke::new(vec![[3.0, 3.0]; 4])] }), None);
        assert_eq!(simplify(&Sketch::default()), None);
    }
}
