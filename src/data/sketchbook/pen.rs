//! A pen in a hand: slow tremor, closed lines that miss their beginning, lines that go on a little too far.
//!
//! Programs draw on a page about 200 units wide, x to the right, y down.

use std::f32::consts::TAU;

use rand::Rng;

use crate::sketch::{Point, Sketch, Stroke, distance};
use crate::util::rng::{ChaCha8Rng, uniform};

/// Distance of the points that are drawn, before simplification.
const STEP: f32 = 2.0;

pub(super) struct Pen {
    rng: ChaCha8Rng,
    /// Amplitude of the tremor in page units: some hands are steadier than others.
    tremor: f32,
    /// How badly closed lines close, in page units.
    haste: f32,
    strokes: Vec<Stroke>,
}

impl Pen {
    pub fn new(mut rng: ChaCha8Rng) -> Self {
        let (tremor, haste) = (uniform(&mut rng, 0.5, 1.7), uniform(&mut rng, 0.5, 4.5));
        Self { rng, tremor, haste, strokes: Vec::new() }
    }

    pub fn into_sketch(self) -> Sketch {
        Sketch { strokes: self.strokes }
    }

    pub fn count(&self) -> usize {
        self.strokes.len()
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        uniform(&mut self.rng, low, high)
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.rng.random::<f32>() < p
    }

    /// 0 .. `n` - 1.
    pub fn pick(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    /// A point a little beside `at`.
    pub fn near(&mut self, at: Point, by: f32) -> Point {
        [at[0] + self.between(-by, by), at[1] + self.between(-by, by)]
    }

    /// Straight pieces between corners.
    pub fn lines(&mut self, corners: &[Point]) {
        self.ink(corners);
    }

    /// A smooth line through points (Catmull-Rom).
    pub fn curve(&mut self, through: &[Point]) {
        let smooth = spline(through);
        self.ink(&smooth);
    }

    /// Corners joined and closed, ending near where it began.
    pub fn closed(&mut self, corners: &[Point]) {
        let Some(&first) = corners.first() else { return };
        let haste = self.haste;
        let end = self.near(first, haste);
        let mut all = corners.to_vec();
        all.push(end);
        self.ink(&all);
    }

    /// A closed ellipse, `tilt` in turns: begun near the top, either way round, a little too short or too long, its end beside its beginning.
    pub fn oval(&mut self, centre: Point, radii: Point, tilt: f32) {
        let from = self.between(-0.36, -0.16);
        let way = if self.chance(0.75) { -1.0 } else { 1.0 };
        let size = radii[0].max(radii[1]);
        let turns = way * (1.0 + self.between(-0.4, 1.2) * (self.haste / (TAU * size)).min(0.06));
        let mut line = ellipse(centre, radii, tilt, from, turns);
        let miss = self.haste.min(size * 0.12);
        let miss = self.near([0.0, 0.0], miss);
        let last = line.len().max(2) - 1;
        for (i, p) in line.iter_mut().enumerate() {
            let t = (i as f32 / last as f32).powi(2);
            *p = [p[0] + miss[0] * t, p[1] + miss[1] * t];
        }
        self.ink(&line);
    }

    /// A dot, or the small scribble that a hurried hand makes of one.
    pub fn dot(&mut self, at: Point, radius: f32) {
        if self.chance(0.3) {
            let end = [at[0] + self.between(-1.5, 1.5), at[1] + self.between(1.5, 3.5)];
            self.strokes.push(Stroke::new(vec![at, end]));
        } else {
            let from = self.between(0.0, 1.0);
            let radius = radius.max(2.2);
            self.strokes.push(Stroke::new(ellipse(at, [radius, radius], 0.0, from, 1.4)));
        }
    }

    /// One stroke along a line, trembling.
    fn ink(&mut self, along: &[Point]) {
        let length: f32 = along.windows(2).map(|w| distance(w[0], w[1])).sum();
        let count = (length / STEP).ceil().max(1.0) as usize + 1;
        // Two slow waves an axis, less on short lines, which a hand draws in one go.
        let amount = self.tremor * (length / 60.0).clamp(0.15, 1.0);
        let waves: [[(f32, f32, f32); 2]; 2] = std::array::from_fn(|_| {
            std::array::from_fn(|i| {
                let wavelength = if i == 0 { self.between(70.0, 160.0) } else { self.between(22.0, 50.0) };
                (wavelength, self.between(0.0, TAU), amount * if i == 0 { 1.0 } else { 0.45 })
            })
        });
        let mut at = 0.0;
        let mut before: Option<Point> = None;
        let points = with_corners(along, count).into_iter().map(|p| {
            at += before.map_or(0.0, |b| distance(b, p));
            before = Some(p);
            let off = |waves: &[(f32, f32, f32); 2]| {
                waves.iter().map(|(length, phase, size)| size * (at / length * TAU + phase).sin()).sum::<f32>()
            };
            [p[0] + off(&waves[0]), p[1] + off(&waves[1])]
        });
        let stroke = Stroke::new(points.collect());
        self.strokes.push(stroke);
    }
}

/// About `count` points along a polyline, its corners among them.
fn with_corners(along: &[Point], count: usize) -> Vec<Point> {
    let total: f32 = along.windows(2).map(|w| distance(w[0], w[1])).sum();
    let mut out: Vec<Point> = along.first().copied().into_iter().collect();
    for w in along.windows(2) {
        let pieces = (distance(w[0], w[1]) / total.max(1e-6) * count as f32).ceil().max(1.0) as usize;
        out.extend((1..=pieces).map(|i| {
            let t = i as f32 / pieces as f32;
            [w[0][0] + t * (w[1][0] - w[0][0]), w[0][1] + t * (w[1][1] - w[0][1])]
        }));
    }
    out
}

/// A part of an ellipse as a polyline; angles in turns.
fn ellipse(centre: Point, radii: Point, tilt: f32, from: f32, turns: f32) -> Vec<Point> {
    let (sin, cos) = (tilt * TAU).sin_cos();
    let pieces = (turns.abs() * 48.0).ceil().max(2.0) as usize;
    let point = |i: usize| {
        let angle = (from + turns * i as f32 / pieces as f32) * TAU;
        let (x, y) = (radii[0] * angle.cos(), radii[1] * angle.sin());
        [centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos]
    };
    (0..=pieces).map(point).collect()
}

/// A Catmull-Rom line through points, its ends doubled.
fn spline(through: &[Point]) -> Vec<Point> {
    let at = |i: isize| through[i.clamp(0, through.len() as isize - 1) as usize];
    let mut out: Vec<Point> = through.first().copied().into_iter().collect();
    for i in 0..through.len() as isize - 1 {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        out.extend((1..=10).map(|k| {
            let t = k as f32 / 10.0;
            std::array::from_fn(|j| {
                let (a, b, c, d) = (a[j], b[j], c[j], d[j]);
                0.5 * (2.0 * b + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            })
        }));
    }
    out
}
