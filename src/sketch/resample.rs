//! A fixed number of points along a line: of equal arc length, or with its corners among them.

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

/// `count` points along the polyline, all its corners among them (at most `count`): those that are left over divide its segments, each
/// time the one whose parts are the longest. A dot repeats its point.
pub fn divide(corners: &[Point], count: usize) -> Vec<Point> {
    let Some(&last) = corners.last() else { return Vec::new() };
    let lengths: Vec<f32> = corners.windows(2).map(|w| distance(w[0], w[1])).collect();
    let mut parts = vec![1usize; lengths.len()];
    for _ in corners.len()..count {
        let part = |i: &usize| lengths[*i] / parts[*i] as f32;
        // Of equals the first.
        let Some(longest) = (0..lengths.len()).rev().max_by(|a, b| part(a).total_cmp(&part(b))) else { break };
        parts[longest] += 1;
    }
    let mut out = Vec::with_capacity(count);
    for (ends, &parts) in corners.windows(2).zip(&parts) {
        let [a, b] = [ends[0], ends[1]];
        let at = |i: usize| i as f32 / parts as f32;
        out.extend((0..parts).map(at).map(|t| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]));
    }
    out.resize(count, last);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dividing_keeps_every_corner_and_divides_the_longest_segments() {
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 3.0], [0.5, 3.0]];
        for count in 4..40 {
            let points = divide(&corners, count);
            assert_eq!(points.len(), count);
            assert!(corners.iter().all(|corner| points.contains(corner)), "{count}: {points:?}");
            let gaps: Vec<f32> = points.windows(2).map(|w| distance(w[0], w[1])).collect();
            assert!((gaps.iter().sum::<f32>() - 4.5).abs() < 1e-4, "{count}: they follow the line");
            assert!(gaps.iter().all(|gap| *gap <= 2.0 * 4.5 / (count - 3) as f32), "{count}: {gaps:?}");
        }
        assert_eq!(divide(&corners, 7), [[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [0.5, 3.0]]);
    }

    #[test]
    fn a_dot_is_divided_into_itself() {
        assert_eq!(divide(&[[2.0, 3.0]], 3), [[2.0, 3.0]; 3]);
        assert!(divide(&[], 3).is_empty());
    }
}
