//! The Frechet distance between two normal distributions: with Inception features, the Frechet inception distance (FID).
//!
//! Dowson and Landau, "The Fréchet distance between multivariate normal distributions" (1982); as a score of generators,
//! Heusel et al., "GANs trained by a two time-scale update rule …" (2017), eq. 6:
//! `d² = |m1 - m2|² + Tr(S1 + S2 - 2 (S1^½ S2 S1^½)^½)`.
//!
//! The eigenvalues of the symmetric product are found as squares: with factors `S = R Rᵀ` from eigenvectors, they are the
//! squared singular values of `R1ᵀ R2`. So none of them can be negative, and the rounding of a singular covariance, which
//! the square root would magnify from 1e-16 to 1e-8 for every missing dimension, stays what it is.
//!
//! The distance is biased: it falls with the number of drawings, so only scores of equal counts can be compared.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Side};

use super::Features;
use crate::util::{Error, Result};

/// Mean and covariance of a set of features.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    /// Rows that it was fitted to.
    pub count: usize,
    /// (width).
    pub mean: Vec<f64>,
    /// (width, width); divided by `count - 1`.
    covariance: Mat<f64>,
}

/// A Frechet distance and its two parts, in squared units of the features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frechet {
    /// The squared distance, which is what FID stands for; at least 0.
    pub distance: f64,
    /// Of it, the squared distance of the means.
    pub means: f64,
    /// Of it, what the covariances add.
    pub covariances: f64,
    /// A set had no more rows than features: its covariance has no full rank, and the distance depends on the counts.
    pub rank_deficient: bool,
}

impl Gaussian {
    /// Fits to features.
    ///
    /// # Errors
    /// Fewer than 2 rows.
    pub fn fit(features: &Features) -> Result<Self> {
        let (count, width) = (features.count(), features.width());
        if count < 2 {
            return Err(Error::new("a covariance needs at least 2 drawings, there is 1"));
        }
        let mut mean = vec![0.0; width];
        for row in features.rows() {
            mean.iter_mut().zip(row).for_each(|(sum, v)| *sum += v);
        }
        mean.iter_mut().for_each(|sum| *sum /= count as f64);
        let x = features.matrix();
        let centred = Mat::from_fn(count, width, |i, j| x[(i, j)] - mean[j]);
        let mut covariance = Mat::zeros(width, width);
        matmul(covariance.as_mut(), Accum::Replace, centred.transpose(), centred.as_ref(), 1.0 / (count - 1) as f64, Par::Seq);
        Ok(Self { count, mean, covariance })
    }

    /// (width, width), symmetric up to rounding.
    pub fn covariance(&self) -> MatRef<'_, f64> {
        self.covariance.as_ref()
    }

    /// The Frechet distance to another.
    ///
    /// # Errors
    /// Unequal widths; eigenvalues that could not be found.
    pub fn distance(&self, other: &Self) -> Result<Frechet> {
        between((self, &self.factor()?), (other, &other.factor()?))
    }

    /// `R` of (width, rank) with `R Rᵀ` = the covariance. Eigenvalues that are not above rounding are those of a missing dimension.
    fn factor(&self) -> Result<Mat<f64>> {
        let eigen = self.covariance.self_adjoint_eigen(Side::Lower).map_err(failed)?;
        let (vectors, values) = (eigen.U(), eigen.S().column_vector());
        let width = self.mean.len();
        let noise = (0..width).map(|i| values[i]).fold(0.0, f64::max) * f64::EPSILON * width as f64;
        let kept: Vec<usize> = (0..width).filter(|&i| values[i] > noise).collect();
        Ok(Mat::from_fn(width, kept.len(), |i, j| vectors[(i, kept[j])] * values[kept[j]].sqrt()))
    }
}

/// A Gaussian with its factor, which takes longest to find: for one set that is compared with several.
#[derive(Debug, Clone)]
pub struct Factored {
    gaussian: Gaussian,
    /// (width, rank).
    factor: Mat<f64>,
}

impl Factored {
    /// Fits to features.
    ///
    /// # Errors
    /// Fewer than 2 rows; eigenvalues that could not be found.
    pub fn fit(features: &Features) -> Result<Self> {
        let gaussian = Gaussian::fit(features)?;
        let (count, width) = (features.count(), features.width());
        // Fewer rows than features are a factor themselves, and no eigenvectors need be found.
        let factor = if count <= width {
            let (x, scale) = (features.matrix(), 1.0 / ((count - 1) as f64).sqrt());
            Mat::from_fn(width, count, |i, j| (x[(j, i)] - gaussian.mean[i]) * scale)
        } else {
            gaussian.factor()?
        };
        Ok(Self { gaussian, factor })
    }

    /// The Frechet distance to another.
    ///
    /// # Errors
    /// Unequal widths; eigenvalues that could not be found.
    pub fn distance(&self, other: &Self) -> Result<Frechet> {
        between((&self.gaussian, &self.factor), (&other.gaussian, &other.factor))
    }
}

/// The distance, from both Gaussians with their factors.
fn between((a, a_factor): (&Gaussian, &Mat<f64>), (b, b_factor): (&Gaussian, &Mat<f64>)) -> Result<Frechet> {
    let width = a.mean.len();
    if b.mean.len() != width {
        return Err(Error::new(format!("cannot compare {width} features to {}", b.mean.len())));
    }
    let means: f64 = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b).powi(2)).sum();
    let mut both = Mat::zeros(a_factor.ncols(), b_factor.ncols());
    matmul(both.as_mut(), Accum::Replace, a_factor.transpose(), b_factor.as_ref(), 1.0, Par::Seq);
    let root: f64 = if both.nrows().min(both.ncols()) == 0 { 0.0 } else { singular_values(&both)?.iter().sum() };
    let trace: f64 = (0..width).map(|i| a.covariance[(i, i)] + b.covariance[(i, i)]).sum();
    let covariances = (trace - 2.0 * root).max(0.0);
    let rank_deficient = a.count.min(b.count) <= width;
    Ok(Frechet { distance: means + covariances, means, covariances, rank_deficient })
}

/// The Frechet distance between two sets of features.
///
/// # Errors
/// Unequal widths; fewer than 2 rows; eigenvalues that could not be found.
pub fn frechet(a: &Features, b: &Features) -> Result<Frechet> {
    a.check_comparable(b)?;
    Factored::fit(a)?.distance(&Factored::fit(b)?)
}

fn singular_values(matrix: &Mat<f64>) -> Result<Vec<f64>> {
    matrix.singular_values().map_err(failed)
}

pub(super) fn failed(why: impl std::fmt::Debug) -> Error {
    Error::new(format!("the eigenvalues of the features' covariance could not be found: {why:?}"))
}
