//! Shapes as principal components of points along the line, among which are all its corners.
//!
//! Points of equal arc length cut every corner that falls between two of them, and buses are made of corners. So the corners themselves
//! are points, and those that are left over divide the segments as evenly as they can.

use faer::{Mat, Side};

use super::MIN_SCALE;
use crate::sketch::{DATA_SIDE, Point, Stroke, divide, rdp_to};
use crate::util::{Error, Result};

/// Principal components of shapes, whitened.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// Points that a stroke is resampled to.
    pub points: usize,
    /// Mean shape, (2 * points): x0, y0, x1, y1 …
    pub mean: Vec<f32>,
    /// Principal components, (2 * points, components), row by row; largest variance first.
    pub basis: Vec<f32>,
    /// Standard deviation along each component, (components).
    pub scale: Vec<f32>,
}

/// So many points, the corners of the stroke simplified by `simplify` (in the data frame) among them.
pub(super) fn line(stroke: &Stroke, points: usize, simplify: f32) -> Vec<Point> {
    // The model frame is 2 wide where the data frame is 255.
    let tolerance = simplify * 2.0 / DATA_SIDE;
    // A stroke with more corners than there are points is simplified further.
    divide(&rdp_to(stroke, points, tolerance).points, points)
}

impl Components {
    /// Fits to at least one shape of so many points.
    pub(super) fn fit(shapes: &[Vec<Point>], points: usize, components: usize) -> Result<Self> {
        let width = 2 * points;
        let mut moments = Moments::new(width);
        shapes.iter().for_each(|shape| moments.add(shape.as_flattened()));
        let (mean, covariance) = moments.finish();
        let eigen = covariance
            .self_adjoint_eigen(Side::Lower)
            .map_err(|e| Error::new(format!("the principal components of the strokes could not be found: {e:?}")))?;
        let (vectors, values) = (eigen.U(), eigen.S().column_vector());
        // faer sorts the eigenvalues upwards; the sign of a vector is made unique, so that a codec is the same everywhere.
        let picked: Vec<usize> = (0..width).rev().take(components).collect();
        let sign = |c: usize| {
            let largest = (0..width).map(|r| vectors[(r, c)]).fold(0.0f64, |a, v| if v.abs() > a.abs() { v } else { a });
            if largest < 0.0 { -1.0 } else { 1.0 }
        };
        let signs: Vec<f64> = picked.iter().map(|&c| sign(c)).collect();
        Ok(Self {
            points,
            mean: mean.into_iter().map(|v| v as f32).collect(),
            basis: (0..width).flat_map(|r| picked.iter().zip(&signs).map(move |(&c, s)| (vectors[(r, c)] * s) as f32)).collect(),
            scale: picked.iter().map(|&c| values[c].max(0.0).sqrt().max(MIN_SCALE) as f32).collect(),
        })
    }

    /// Numbers of a shape.
    pub fn width(&self) -> usize {
        self.scale.len()
    }

    /// By deviation: what a component does to the line, against the largest one.
    pub(super) fn importance(&self) -> Vec<f32> {
        let largest = self.scale.first().copied().unwrap_or(1.0);
        self.scale.iter().map(|scale| scale / largest).collect()
    }

    pub(super) fn encode(&self, shape: &[Point], out: &mut Vec<f32>) {
        let mut sums = vec![0.0f32; self.width()];
        for ((value, mean), row) in shape.as_flattened().iter().zip(&self.mean).zip(self.basis.chunks_exact(self.width())) {
            let value = value - mean;
            sums.iter_mut().zip(row).for_each(|(sum, b)| *sum += value * b);
        }
        out.extend(sums.iter().zip(&self.scale).map(|(sum, scale)| sum / scale));
    }

    pub(super) fn decode(&self, vector: &[f32]) -> Vec<Point> {
        let weights: Vec<f32> = vector.iter().zip(&self.scale).map(|(v, s)| v * s).collect();
        let at = |i: usize| self.mean[i] + self.basis[i * weights.len()..].iter().zip(&weights).map(|(b, w)| b * w).sum::<f32>();
        (0..self.points).map(|i| [at(2 * i), at(2 * i + 1)]).collect()
    }
}

/// Running sums for a mean and a covariance, in f64.
struct Moments {
    count: u64,
    sum: Vec<f64>,
    products: Mat<f64>,
}

impl Moments {
    fn new(width: usize) -> Self {
        Self { count: 0, sum: vec![0.0; width], products: Mat::zeros(width, width) }
    }

    fn add(&mut self, row: &[f32]) {
        self.count += 1;
        for (i, &a) in row.iter().enumerate() {
            self.sum[i] += f64::from(a);
            for (j, &b) in row.iter().enumerate().take(i + 1) {
                self.products[(i, j)] += f64::from(a) * f64::from(b);
            }
        }
    }

    /// Mean and covariance (lower half).
    fn finish(self) -> (Vec<f64>, Mat<f64>) {
        let n = self.count as f64;
        let mean: Vec<f64> = self.sum.iter().map(|s| s / n).collect();
        let covariance = Mat::from_fn(mean.len(), mean.len(), |i, j| self.products[(i, j)] / n - mean[i] * mean[j]);
        (mean, covariance)
    }
}
