//! A set of feature vectors.

use faer::MatRef;

use crate::util::{Error, Result};

/// Beyond this a feature is a mistake; below it no square, product or third power in here overflows.
pub const FEATURE_MAX: f64 = 1e30;

/// Feature vectors of `count` things, (count, width), row by row: at least one row, at least one column, all finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    values: Vec<f64>,
    width: usize,
}

impl Features {
    /// From numbers that lie row by row.
    ///
    /// # Errors
    /// No numbers; a number of them that is not a multiple of `width`; not a number, or beyond [`FEATURE_MAX`].
    pub fn new(values: Vec<f64>, width: usize) -> Result<Self> {
        if values.is_empty() || width == 0 {
            return Err(Error::new("there are no features to compare").advise("Each set needs at least one drawing."));
        }
        if !values.len().is_multiple_of(width) {
            return Err(Error::new(format!("{} numbers are no whole rows of {width} features", values.len())));
        }
        if let Some(at) = values.iter().position(|v| v.is_nan() || v.abs() > FEATURE_MAX) {
            let what = format!("feature {} of drawing {} is {}", at % width + 1, at / width + 1, values[at]);
            return Err(Error::new(what).advise("Features must be finite. The picture or the extractor's weights are broken."));
        }
        Ok(Self { values, width })
    }

    /// From single-precision numbers that lie row by row, as a network gives them.
    ///
    /// # Errors
    /// As [`Features::new`].
    pub fn from_f32(values: &[f32], width: usize) -> Result<Self> {
        Self::new(values.iter().copied().map(f64::from).collect(), width)
    }

    /// From one slice a row.
    ///
    /// # Errors
    /// As [`Features::new`]; rows of unequal length.
    pub fn from_rows<R: AsRef<[f32]>>(rows: &[R]) -> Result<Self> {
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        if let Some(at) = rows.iter().position(|row| row.as_ref().len() != width) {
            let what = format!("drawing {} has {} features, the first has {width}", at + 1, rows[at].as_ref().len());
            return Err(Error::new(what));
        }
        Self::new(rows.iter().flat_map(|row| row.as_ref()).copied().map(f64::from).collect(), width)
    }

    /// Rows.
    pub fn count(&self) -> usize {
        self.values.len() / self.width
    }

    /// Features a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Every row, in order, each of [`Features::width`] numbers.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width)
    }

    /// The rows of these numbers, in this order; numbers past the end are left out.
    pub(super) fn select(&self, rows: &[usize]) -> Vec<f64> {
        let row = |&i: &usize| self.values.get(i * self.width..(i + 1) * self.width).unwrap_or_default();
        rows.iter().flat_map(row).copied().collect()
    }

    /// (count, width).
    pub(super) fn matrix(&self) -> MatRef<'_, f64> {
        MatRef::from_row_major_slice(&self.values, self.count(), self.width)
    }

    /// An error unless both sets come from extractors of one width.
    pub(super) fn check_comparable(&self, other: &Self) -> Result<()> {
        if self.width != other.width {
            let what = format!("cannot compare drawings with {} features to drawings with {}", self.width, other.width);
            return Err(Error::new(what).advise("Both sets must come from the same extractor."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_set_of_features_is_refused_with_its_reason() {
        let reason = |result: Result<Features>| result.expect_err("refused").to_string();
        assert!(reason(Features::new(vec![], 3)).contains("no features"));
        assert!(reason(Features::new(vec![1.0], 0)).contains("no features"));
        assert!(reason(Features::new(vec![1.0; 7], 3)).contains("7 numbers are no whole rows of 3"));
        assert!(reason(Features::from_rows(&[vec![1.0], vec![1.0, 2.0]])).contains("drawing 2 has 2 features, the first has 1"));
        for wild in [f32::NAN, f32::INFINITY, f32::MIN] {
            assert!(reason(Features::from_f32(&[0.0, 1.0, 2.0, wild], 2)).contains("feature 2 of drawing 2 is"));
        }
    }

    #[test]
    fn rows_come_back() -> Result<()> {
        let features = Features::from_rows(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])?;
        assert_eq!((features.count(), features.width(), features.rows().nth(1)), (3, 2, Some(&[3.0, 4.0][..])));
        assert_eq!(features.matrix()[(2, 0)], 5.0);
        assert_eq!(features.select(&[2, 0, 9]), [5.0, 6.0, 1.0, 2.0]);
        Ok(())
    }
}
