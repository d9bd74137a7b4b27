//! Named random streams: all randomness of the program comes from here.
//!
//! A stream is ChaCha8 keyed by (seed, name, index). Because a step's numbers depend on the step's index and not on
//! what was drawn before it, a resumed run draws what the unbroken run would have drawn, and shards of a batch may be
//! computed in any order.

use rand::{Rng, SeedableRng};
pub use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Who draws. Two purposes never share a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Initial weights; the index is a hash of the parameter's name.
    Init,
    /// The order of an epoch; the index is the epoch.
    Order,
    /// Flips, rotations, scalings; the index is the step.
    Augment,
    /// Noise levels, noise and dropped conditions of a step; the index is step * shards + shard.
    Noise,
    /// The fixed noise that every evaluation loss is measured with; the index is the batch.
    Evaluate,
    /// What a drawing is made from; the index is the drawing's number.
    Draw,
    /// The noise that is added to a drawing to be looked at; the index is the stroke, 0 for a whole canvas.
    Forward,
    /// Procedural drawings; the index is the drawing's number.
    Sketchbook,
    /// A train/test split; the index is 0.
    Split,
    /// The rows that a kernel distance is averaged over; the index is the subset.
    Subset,
    /// The training drawings that make a score's floor; the index is 0.
    Floor,
    /// The rows of a resample, which give a score its interval; the index is the resample.
    Resample,
    /// The rows that FID is extrapolated from; the index is the subset.
    Extrapolate,
}

/// The stream for (seed, purpose, index).
pub fn stream(seed: u64, purpose: Stream, index: u64) -> ChaCha8Rng {
    let mut key = [0u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&hash(&format!("{purpose:?}")).to_le_bytes());
    key[16..24].copy_from_slice(&index.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// FNV-1a, 64 bits: a stable hash of a name, the same in every build.
pub fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// `n` standard normal numbers.
pub fn normal(rng: &mut ChaCha8Rng, n: usize) -> Vec<f32> {
    (0..n).map(|_| StandardNormal.sample(rng)).collect()
}

/// Fills with standard normal numbers: those that [`normal`] would give.
pub fn fill_normal(rng: &mut ChaCha8Rng, out: &mut [f32]) {
    out.iter_mut().for_each(|v| *v = StandardNormal.sample(rng));
}

/// A uniform number in [low, high).
pub fn uniform(rng: &mut ChaCha8Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.random::<f32>()
}

/// The place of one of some things, given logits; below a `temperature` of 1 what is likely becomes likelier.
pub fn pick(logits: &[f32], temperature: f32, rng: &mut ChaCha8Rng) -> usize {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weight = |logit: &f32| ((logit - largest) / temperature.max(1e-3)).exp();
    let mut left = rng.random::<f32>() * logits.iter().map(weight).sum::<f32>();
    let hit = |logit: &f32| {
        left -= weight(logit);
        left < 0.0
    };
    logits.iter().position(hit).unwrap_or(logits.len().saturating_sub(1))
}

/// A seeded permutation of 0..n (Fisher-Yates).
pub fn permutation(rng: &mut ChaCha8Rng, n: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    for i in (1..n).rev() {
        order.swap(i, rng.random_range(0..=i));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ_by_seed_name_and_index() {
        let draw = |seed, purpose, index| stream(seed, purpose, index).random::<u64>();
        assert_eq!(draw(1, Stream::Draw, 2), draw(1, Stream::Draw, 2));
        let others = [draw(2, Stream::Draw, 2), draw(1, Stream::Noise, 2), draw(1, Stream::Draw, 3)];
        assert!(others.iter().all(|&other| other != draw(1, Stream::Draw, 2)));
    }

    #[test]
    fn a_golden_value_holds_on_every_platform() {
        assert_eq!(stream(7, Stream::Order, 0).random::<u64>(), GOLDEN);
        let mut order = permutation(&mut stream(7, Stream::Order, 0), 100);
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(i, &v)| i as u32 == v));
    }

    /// From tests/golden/streams.py.
    const GOLDEN: u64 = 18_025_729_109_922_710_423;
}
