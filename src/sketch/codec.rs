//! The stroke codec: a stroke of any number of points becomes one vector of fixed length, and back.
//!
//! A stroke in the model frame is split into its **box** (centre x, centre y, ln of the half-size) and its **shape**:
//! resampled to points of equal arc length, centred, divided by the half-size, projected on its principal components.
//! Every entry is whitened by training statistics, so that each has mean 0 and variance 1, which is what the noise
//! levels of the diffusion are measured against (`sigma_data` = 1).
//!
//! Limits: corners finer than the resampling are cut; a stroke smaller than [`MIN_HALF`] is a dot. What the codec
//! loses can be measured on real drawings with the example `codec_floor`.

use faer::{Mat, Side};

use super::{Bounds, DATA_SIDE, Point, Sketch, Stroke, rdp, resample};
use crate::util::{Error, Result};

/// Numbers of a box.
pub const BOX: usize = 3;

/// The smallest half-size of a stroke in the model frame: about 1.5 of 255. Dots are drawn with it.
pub const MIN_HALF: f32 = 0.012;

/// No entry is whitened by less than this (in units of the half-size): finer detail than a tenth of a pixel is noise.
const MIN_SCALE: f64 = 1e-3;

/// Statistics of the training strokes, which turn a stroke into a vector of [`Codec::width`] numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Codec {
    /// Points that a stroke is resampled to.
    pub points: usize,
    /// Tolerance of the simplification after decoding, in the data frame; 0 keeps every point.
    pub simplify: f32,
    /// Mean box, (3).
    pub box_mean: Vec<f32>,
    /// Standard deviation of each of the box's numbers, (3).
    pub box_scale: Vec<f32>,
    /// Mean shape, (2 * points): x0, y0, x1, y1 …
    pub mean: Vec<f32>,
    /// Principal components, (2 * points, components), row by row; largest variance first.
    pub basis: Vec<f32>,
    /// Standard deviation along each component, (components).
    pub scale: Vec<f32>,
}

impl Codec {
    /// Fits the statistics to strokes in the model frame; with `mirrored`, to their mirror images as well.
    pub fn fit<'a>(
        strokes: impl IntoIterator<Item = &'a Stroke>,
        points: usize,
        components: usize,
        simplify: f32,
        mirrored: bool,
    ) -> Result<Self> {
        let width = 2 * points;
        let mut boxes = Moments::new(BOX);
        let mut shapes = Moments::new(width);
        for stroke in strokes {
            let (place, shape) = split(stroke, points);
            // One broken stroke must not make every statistic not a number.
            if !place.iter().chain(&shape).all(|v| v.is_finite()) {
                continue;
            }
            boxes.add(&place);
            shapes.add(&shape);
            if mirrored {
                boxes.add(&[-place[0], place[1], place[2]]);
                shapes.add(&shape.iter().enumerate().map(|(i, v)| if i % 2 == 0 { -v } else { *v }).collect::<Vec<_>>());
            }
        }
        if boxes.count == 0 {
            return Err(Error::new("there are no strokes to learn from"));
        }
        let (box_mean, box_covariance) = boxes.finish();
        let (mean, covariance) = shapes.finish();
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
            simplify,
            box_mean: to_f32(box_mean),
            box_scale: (0..BOX).map(|i| box_covariance[(i, i)].sqrt().max(MIN_SCALE) as f32).collect(),
            mean: to_f32(mean),
            basis: (0..width).flat_map(|r| picked.iter().zip(&signs).map(move |(&c, s)| (vectors[(r, c)] * s) as f32)).collect(),
            scale: picked.iter().map(|&c| values[c].max(0.0).sqrt().max(MIN_SCALE) as f32).collect(),
        })
    }

    /// Shape components.
    pub fn components(&self) -> usize {
        self.scale.len()
    }

    /// Length of a stroke's vector: 3 + components.
    pub fn width(&self) -> usize {
        BOX + self.components()
    }

    /// A stroke in the model frame as a vector of [`Codec::width`] numbers of about unit variance.
    pub fn encode(&self, stroke: &Stroke) -> Vec<f32> {
        let (place, shape) = split(stroke, self.points);
        let mut out = Vec::with_capacity(self.width());
        out.extend((0..BOX).map(|i| (place[i] - self.box_mean[i]) / self.box_scale[i]));
        let mut sums = vec![0.0f32; self.components()];
        for ((value, mean), row) in shape.iter().zip(&self.mean).zip(self.basis.chunks_exact(self.components())) {
            let value = value - mean;
            sums.iter_mut().zip(row).for_each(|(sum, b)| *sum += value * b);
        }
        out.extend(sums.iter().zip(&self.scale).map(|(sum, scale)| sum / scale));
        out
    }

    /// The stroke, in the model frame, with all its resampled points; what follows a vector's first `width` numbers is ignored.
    pub fn decode(&self, vector: &[f32]) -> Stroke {
        let [x, y, log_half] = std::array::from_fn(|i| vector[i] * self.box_scale[i] + self.box_mean[i]);
        // A wild vector must not become an infinite stroke.
        let half = log_half.clamp(-8.0, 2.0).exp();
        let weights: Vec<f32> = vector[BOX..self.width()].iter().zip(&self.scale).map(|(v, s)| v * s).collect();
        let at = |i: usize| self.mean[i] + self.basis[i * weights.len()..].iter().zip(&weights).map(|(b, w)| b * w).sum::<f32>();
        Stroke::new((0..self.points).map(|i| [at(2 * i) * half + x, at(2 * i + 1) * half + y]).collect())
    }

    /// Decoded strokes as a drawing of the data set's own kind: data frame, corners and point counts by simplification.
    ///
    /// Without `fixed` strokes the whole is fitted to the frame. The first `fixed` strokes were given: they keep
    /// their place if the rest stays inside the frame too.
    pub fn finish(&self, sketch: &Sketch, fixed: usize) -> Sketch {
        let placed = sketch.to_canvas();
        let inside = |p: &Point| p.iter().all(|v| (-0.5..=DATA_SIDE + 0.5).contains(v));
        let placed = if fixed > 0 && placed.points().all(inside) {
            placed
        } else {
            let Some(bounds) = placed.bounds() else { return Sketch::default() };
            let scale = DATA_SIDE / bounds.side().max(1e-6);
            placed.map(|p| [(p[0] - bounds.low[0]) * scale, (p[1] - bounds.low[1]) * scale])
        };
        let finish = |(i, stroke): (usize, &Stroke)| {
            let stroke = if i < fixed || self.simplify <= 0.0 { stroke.clone() } else { rdp(stroke, self.simplify) };
            let mut points: Vec<Point> = stroke.points.iter().map(|p| p.map(|v| v.round().clamp(0.0, DATA_SIDE))).collect();
            points.dedup();
            Stroke::new(points)
        };
        Sketch { strokes: placed.strokes.iter().enumerate().map(finish).collect() }
    }
}

/// A stroke's box and its shape of `2 * points` numbers.
fn split(stroke: &Stroke, points: usize) -> ([f32; BOX], Vec<f32>) {
    let line = resample(&stroke.points, points);
    let bounds = Bounds::of(&line).unwrap_or(Bounds { low: [0.0; 2], high: [0.0; 2] });
    let (centre, half) = (bounds.centre(), (bounds.side() / 2.0).max(MIN_HALF));
    let shape = line.iter().flat_map(|p| [(p[0] - centre[0]) / half, (p[1] - centre[1]) / half]).collect();
    ([centre[0], centre[1], half.ln()], shape)
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

fn to_f32(values: Vec<f64>) -> Vec<f32> {
    values.into_iter().map(|v| v as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::distance;
    use crate::util::rng::{Stream, stream, uniform};

    /// Wobbly arcs and lines of many sizes, and a dot.
    fn strokes() -> Vec<Stroke> {
        let mut rng = stream(1, Stream::Sketchbook, 0);
        let mut arc = || {
            let [x, y, r, from, sweep] = [-0.8, -0.8, 0.05, 0.0, 0.2].map(|low: f32| uniform(&mut rng, low, 0.8));
            Stroke::new((0..20).map(|i| from * 7.0 + sweep * i as f32 / 3.0).map(|a| [x + r * a.cos(), y + r * a.sin()]).collect())
        };
        (0..300).map(|_| arc()).chain([Stroke::new(vec![[0.1, 0.2]])]).collect()
    }

    #[test]
    fn all_components_give_every_stroke_back() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 32, 2.0, true)?;
        for stroke in &strokes {
            let (back, line) = (codec.decode(&codec.encode(stroke)), resample(&stroke.points, 16));
            let worst = back.points.iter().zip(&line).map(|(&a, &b)| distance(a, b)).fold(0.0, f32::max);
            assert!(worst < 1e-3, "off by {worst}");
        }
        Ok(())
    }

    #[test]
    fn entries_are_white() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 8, 2.0, false)?;
        let rows: Vec<Vec<f32>> = strokes.iter().map(|s| codec.encode(s)).collect();
        for i in 0..codec.width() {
            let mean = rows.iter().map(|r| r[i]).sum::<f32>() / rows.len() as f32;
            let variance = rows.iter().map(|r| (r[i] - mean).powi(2)).sum::<f32>() / rows.len() as f32;
            assert!(mean.abs() < 1e-3 && (variance - 1.0).abs() < 0.02, "entry {i}: mean {mean}, variance {variance}");
        }
        Ok(())
    }

    #[test]
    fn one_stroke_and_no_stroke_are_no_special_case() -> Result<()> {
        assert!(Codec::fit(&[], 8, 16, 2.0, true).is_err());
        let dot = Stroke::new(vec![[0.0, 0.0]]);
        let codec = Codec::fit([&dot], 8, 16, 2.0, true)?;
        assert!(codec.encode(&dot).iter().all(|v| v.is_finite()));
        assert!(codec.decode(&vec![1e30; codec.width()]).points.len() == 8);
        Ok(())
    }

    #[test]
    fn given_strokes_keep_their_place() -> Result<()> {
        let strokes = strokes();
        let codec = Codec::fit(&strokes, 16, 32, 2.0, true)?;
        let given = Stroke::new(vec![[-0.5, -0.5], [0.5, -0.25]]);
        let whole = codec.finish(&Sketch { strokes: vec![given, Stroke::new(vec![[0.0, 0.0], [0.9, 0.9]])] }, 1);
        assert_eq!(whole.strokes[0].points, [[64.0, 64.0], [191.0, 96.0]]);
        Ok(())
    }
}
