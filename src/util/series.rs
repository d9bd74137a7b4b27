//! A curve of any length in bounded memory.
//!
//! The newest [`RECENT`] points are kept as they are. Older ones go into buckets of equal step width that keep their
//! lowest and highest value; when there are [`BUCKETS`] of them, neighbours are merged and the width doubles. So a spike is
//! never averaged away, and ten million steps need no more memory than ten thousand. A value that is not finite breaks the
//! line: it is never drawn, joined or averaged.

use std::collections::VecDeque;

/// Points kept exactly.
pub const RECENT: usize = 2048;
/// Buckets of older points.
pub const BUCKETS: usize = 1024;

/// A curve over steps.
#[derive(Debug, Clone, Default)]
pub struct Series {
    recent: VecDeque<[f64; 2]>,
    old: Vec<Bucket>,
    width: u64,
    revision: u64,
}

/// The span of some neighbouring points.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    first: f64,
    last: f64,
    low: f64,
    high: f64,
    points: u64,
    /// A value in here was not finite.
    broken: bool,
}

impl Bucket {
    fn of([x, y]: [f64; 2]) -> Self {
        let broken = !y.is_finite();
        let (low, high) = if broken { (f64::INFINITY, f64::NEG_INFINITY) } else { (y, y) };
        Self { first: x, last: x, low, high, points: 1, broken }
    }

    fn and(self, other: Self) -> Self {
        Self {
            first: self.first,
            last: other.last,
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            points: self.points + other.points,
            broken: self.broken || other.broken,
        }
    }
}

/// What a curve is at a place: one value, or of older points the span of some that lie together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Where.
    pub x: f64,
    /// The lowest value there …
    pub low: f64,
    /// … and the highest.
    pub high: f64,
}

impl Series {
    /// Adds a point; x must not fall.
    pub fn push(&mut self, x: f64, y: f64) {
        self.revision += 1;
        self.recent.push_back([x, y]);
        if self.recent.len() <= RECENT {
            return;
        }
        let Some(oldest) = self.recent.pop_front() else { return };
        let width = self.width.max(1);
        match self.old.last_mut() {
            Some(bucket) if bucket.points < width => *bucket = bucket.and(Bucket::of(oldest)),
            _ => self.old.push(Bucket::of(oldest)),
        }
        if self.old.len() > BUCKETS {
            self.old = self.old.chunks(2).map(|pair| pair.iter().copied().reduce(Bucket::and).unwrap_or(pair[0])).collect();
            self.width = width * 2;
        }
    }

    /// Forgets everything behind `x`: training went back to there.
    pub fn forget_after(&mut self, x: f64) {
        self.revision += 1;
        self.recent.retain(|point| point[0] <= x);
        self.old.retain(|bucket| bucket.first <= x);
    }

    /// Changes whenever the curve does.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// True if nothing was added.
    pub fn is_empty(&self) -> bool {
        self.recent.is_empty()
    }

    /// Points held, of either kind: never more than `RECENT + 2 * BUCKETS`.
    pub fn held(&self) -> usize {
        self.recent.len() + 2 * self.old.len()
    }

    /// The newest value that is finite.
    pub fn last(&self) -> Option<f64> {
        self.recent.iter().rev().map(|point| point[1]).find(|y| y.is_finite())
    }

    /// Everything that is held, in order.
    fn buckets(&self) -> impl Iterator<Item = Bucket> {
        self.old.iter().copied().chain(self.recent.iter().map(|&point| Bucket::of(point)))
    }

    /// What lies nearest to `x`, passing over what is not finite.
    pub fn near(&self, x: f64) -> Option<Near> {
        let away = |bucket: &Bucket| (bucket.first - x).max(x - bucket.last).max(0.0);
        let finite = self.buckets().filter(|bucket| bucket.low <= bucket.high);
        let nearest = finite.min_by(|a, b| away(a).total_cmp(&away(b)))?;
        Some(Near { x: x.max(nearest.first).min(nearest.last), low: nearest.low, high: nearest.high })
    }

    /// The unbroken pieces of the curve between `from` and `to`, with at most about `columns` spans of low and high each.
    ///
    /// A piece of one point stands alone between two values that are not finite.
    pub fn pieces(&self, from: f64, to: f64, columns: usize) -> Vec<Vec<[f64; 2]>> {
        let seen: Vec<_> = self.buckets().filter(|bucket| bucket.last >= from && bucket.first <= to).collect();
        let group = seen.len().div_ceil(columns.max(1)).max(1);
        let (mut pieces, mut piece) = (Vec::new(), Vec::new());
        for buckets in seen.chunks(group) {
            let Some(span) = buckets.iter().copied().reduce(Bucket::and) else { continue };
            if span.low <= span.high {
                piece.push([span.first, span.low]);
                if span.points > 1 {
                    piece.push([span.last, span.high]);
                }
            }
            if span.broken && !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
        pieces
    }
}

/// An exponential moving average with the start's bias taken out (Kingma & Ba 2015, section 3); skips what is not finite.
#[derive(Debug, Clone, Default)]
pub struct Smooth {
    sum: f64,
    weight: f64,
}

impl Smooth {
    /// Share of a new value: about the last 50 values count.
    const SHARE: f64 = 0.02;

    /// Takes a value in; the average so far, or not-a-number for a value that is none.
    pub fn push(&mut self, y: f64) -> f64 {
        if !y.is_finite() {
            return f64::NAN;
        }
        self.sum += Self::SHARE * (y - self.sum);
        self.weight += Self::SHARE * (1.0 - self.weight);
        self.sum / self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(n: usize, y: impl Fn(usize) -> f64) -> Series {
        let mut series = Series::default();
        (0..n).for_each(|i| series.push(i as f64, y(i)));
        series
    }

    #[test]
    fn memory_is_bounded_and_spikes_stay() {
        let series = filled(1_000_000, |i| if i == 123_456 { 99.0 } else { 1.0 });
        assert!(series.held() <= RECENT + 2 * BUCKETS, "{}", series.held());
        let pieces = series.pieces(0.0, 1e6, 500);
        let points: Vec<_> = pieces.concat();
        assert_eq!(pieces.len(), 1);
        assert!(points.len() <= 1000, "{}", points.len());
        assert_eq!(points.iter().map(|p| p[1]).fold(0.0, f64::max), 99.0);
        assert!(points.windows(2).all(|pair| pair[0][0] <= pair[1][0]), "x falls");
        assert_eq!((points[0][0], points[points.len() - 1][0]), (0.0, 999_999.0));
    }

    #[test]
    fn what_is_not_finite_breaks_the_line_and_is_never_drawn() {
        let series = filled(7, |i| [1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 4.0, 5.0][i]);
        let pieces = series.pieces(0.0, 10.0, 1000);
        assert_eq!(pieces, vec![vec![[0.0, 1.0], [1.0, 2.0]], vec![[3.0, 3.0]], vec![[5.0, 4.0], [6.0, 5.0]]]);
        let long = filled(50_000, |i| if i % 7 == 0 { f64::NAN } else { 1.0 });
        assert!(long.pieces(0.0, 5e4, 300).concat().iter().all(|p| p[1].is_finite()));
    }

    #[test]
    fn the_nearest_value_is_exact_where_points_are_new_and_a_span_where_they_are_old() {
        assert_eq!(Series::default().near(3.0), None);
        let near = |series: &Series, x| series.near(x).map(|near| (near.x, near.low, near.high));
        let few = filled(4, |i| [0.5, f64::NAN, 0.25, f64::INFINITY][i]);
        assert_eq!([0.0, 1.4, 9.0].map(|x| near(&few, x)), [Some((0.0, 0.5, 0.5)), Some((2.0, 0.25, 0.25)), Some((2.0, 0.25, 0.25))]);
        let many = filled(20_000, |i| i as f64);
        assert_eq!(near(&many, 19_999.0), Some((19_999.0, 19_999.0, 19_999.0)));
        let (x, low, high) = near(&many, 5_000.0).expect("there are points");
        assert!(x == 5_000.0 && low < high && (low..=high).contains(&x), "{low} to {high}");
    }

    #[test]
    fn going_back_forgets_what_came_after() {
        let mut series = filled(10_000, |i| i as f64);
        series.forget_after(4_000.0);
        assert!(series.pieces(0.0, 1e9, 100_000).concat().iter().all(|p| p[0] <= 4_100.0));
        series.push(4_101.0, 1.0);
        assert_eq!(series.last(), Some(1.0));
    }

    #[test]
    fn the_average_starts_unbiased_and_skips_holes() {
        let mut smooth = Smooth::default();
        assert!((smooth.push(3.0) - 3.0).abs() < 1e-12);
        assert!(smooth.push(f64::NAN).is_nan());
        assert!((smooth.push(3.0) - 3.0).abs() < 1e-12);
    }
}
