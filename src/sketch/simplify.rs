//! Ramer-Douglas-Peucker simplification (Douglas & Peucker 1973).

use super::{Point, Stroke, distance};

/// Keeps the ends and every point that lies further than `epsilon` from the line through its kept neighbours.
///
/// Times stay with their points. Works on an explicit stack: a stroke of a million points cannot overflow it.
pub fn rdp(stroke: &Stroke, epsilon: f32) -> Stroke {
    let points = &stroke.points;
    if points.len() < 3 {
        return stroke.clone();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let mut farthest = (first, epsilon);
        for i in first + 1..last {
            let d = to_segment(points[i], points[first], points[last]);
            if d > farthest.1 {
                farthest = (i, d);
            }
        }
        if farthest.0 != first {
            keep[farthest.0] = true;
            spans.extend([(first, farthest.0), (farthest.0, last)]);
        }
    }
    let kept = |i: &usize| keep[*i];
    Stroke {
        points: (0..points.len()).filter(kept).map(|i| points[i]).collect(),
        times: stroke.times.as_ref().map(|t| (0..points.len()).filter(kept).filter_map(|i| t.get(i).copied()).collect()),
    }
}

/// Simplified with a tolerance that grows from `epsilon` until there are at most `most` points, which is 2 or more.
pub fn rdp_to(stroke: &Stroke, most: usize, mut epsilon: f32) -> Stroke {
    let mut simple = rdp(stroke, epsilon);
    while simple.points.len() > most.max(2) {
        epsilon = (epsilon * 1.25).max(1e-3);
        simple = rdp(stroke, epsilon);
    }
    simple
}

/// Distance of `p` from the segment `a`-`b`.
fn to_segment(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    distance(p, [a[0] + t * dx, a[1] + t * dy])
}
