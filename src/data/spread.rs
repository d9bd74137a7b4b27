//! How a number that every drawing has is spread over many drawings.

use serde::Serialize;

/// The least, the middle and the most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The smallest.
    pub least: usize,
    /// Half are smaller.
    pub median: usize,
    /// The average.
    pub mean: f64,
    /// The largest.
    pub most: usize,
}

impl Spread {
    /// Of these numbers; all 0 if there are none.
    pub fn of(mut values: Vec<usize>) -> Self {
        values.sort_unstable();
        let at = |i: usize| values.get(i).copied().unwrap_or(0);
        let mean = values.iter().sum::<usize>() as f64 / values.len().max(1) as f64;
        Self { least: at(0), median: at(values.len() / 2), mean, most: at(values.len().saturating_sub(1)) }
    }
}
