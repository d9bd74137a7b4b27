//! Points of equal arc length along a line.

use super::{Point, distance};

/// `count` points, evenly spaced along the polyline, both ends included. A dot, or a line without length, repeats its point.
pub fn resample(points: &[Point], count: usize) -> Vec<Point> {
    let Some(&first) = points.first() else { return Vec::new() };
    let total: f32 = points.windows(2).map(|w| distance(w[0], w[1])).sum();
    if total < 1e-9 || count < 2 {
        return vec![first; count];
    }
    let mut out = Vec::with_capacity(count);
    let (mut segment, mut before, mut length) = (0, 0.0f32, distance(points[0], points[1]));
    for i in 0..count {
        let at = total * i as f32 / (count - 1) as f32;
        while before + length < at && segment + 2 < points.len() {
            before += length;
            segment += 1;
            length = distance(points[segment], points[segment + 1]);
        }
        let t = if length > 0.0 { ((at - before) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (a, b) = (points[segment], points[segment + 1]);
        out.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
    }
    out
}
