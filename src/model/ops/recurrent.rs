//! What recurrent operations share: the order in which the steps of packed sequences are computed, and loops over rows.
//!
//! A recurrent network reads sequences token by token. All sequences take a step at once, as one product of matrices; sorted by
//! length, those that still go on are the first rows of it, so that no step is spent on padding.

use std::cmp::Reverse;
use std::ops::Range;

use candle_core::{Result, Tensor};

use super::packed;

/// The tokens of packed sequences in the order in which they are read: step by step, in every step the longest sequence first.
pub(super) struct Order {
    /// The sequences from the longest to the shortest; equally long ones stay in their order.
    pub sequences: Vec<usize>,
    /// The token in each row, step after step.
    pub tokens: Vec<usize>,
    /// The rows of each step. Row i of every step belongs to `sequences[i]`.
    pub steps: Vec<Range<usize>>,
    /// The tokens of each sequence as they lie.
    spans: Vec<Range<usize>>,
    reverse: bool,
}

impl Order {
    /// `ends`: the end of each sequence, rising to the number of `tokens`; `reverse`: every sequence is read from its end.
    pub fn new(name: &str, ends: &[usize], tokens: usize, reverse: bool) -> Result<Self> {
        let spans: Vec<Range<usize>> = packed::sequences(ends).collect();
        if spans.iter().any(|span| span.start > span.end) || ends.last().copied().unwrap_or(0) != tokens {
            candle_core::bail!("{name}: sequences that end at {ends:?} do not fit {tokens} tokens");
        }
        let mut sequences: Vec<usize> = (0..spans.len()).collect();
        sequences.sort_by_key(|&s| Reverse(spans[s].len()));
        let mut order = Self { sequences, tokens: Vec::with_capacity(tokens), steps: Vec::new(), spans, reverse };
        let mut alive = order.sequences.len();
        for step in 0.. {
            while alive > 0 && order.spans[order.sequences[alive - 1]].len() <= step {
                alive -= 1;
            }
            if alive == 0 {
                break;
            }
            let from = order.tokens.len();
            let at = |&s: &usize| order.token(s, step);
            let tokens: Vec<usize> = order.sequences[..alive].iter().map(at).collect();
            order.tokens.extend(tokens);
            order.steps.push(from..from + alive);
        }
        Ok(order)
    }

    /// The token that a sequence reads in a step.
    fn token(&self, sequence: usize, step: usize) -> usize {
        let span = &self.spans[sequence];
        if self.reverse { span.end - 1 - step } else { span.start + step }
    }

    /// The sequences of the first step, which are all but empty ones.
    pub fn begun(&self) -> &[usize] {
        &self.sequences[..self.steps.first().map_or(0, Range::len)]
    }

    /// The rows that go on after this step: they are the first of the next one.
    pub fn next(&self, step: usize) -> Range<usize> {
        self.steps.get(step + 1).cloned().unwrap_or_default()
    }

    /// Reads one sequence after the other by a plain function: `read(state, token)` gives the state behind a token, (1, states), of
    /// which `initial` (sequences, states) holds the first -> all of them, (tokens, states).
    pub fn plain(&self, initial: &Tensor, read: impl Fn(&Tensor, usize) -> Result<Tensor>) -> Result<Tensor> {
        let mut rows = Vec::with_capacity(self.tokens.len());
        for (sequence, span) in self.spans.iter().enumerate() {
            let mut state = initial.narrow(0, sequence, 1)?; // (1, states)
            let from = rows.len();
            for step in 0..span.len() {
                state = read(&state, self.token(sequence, step))?; // (1, states)
                rows.push(state.clone());
            }
            if self.reverse {
                rows[from..].reverse();
            }
        }
        if rows.is_empty() {
            return Tensor::zeros((0, initial.dim(1)?), initial.dtype(), initial.device());
        }
        Tensor::cat(&rows, 0) // (tokens, states)
    }
}

/// Refuses shapes that do not belong together: `gates` (tokens, `parts` * h), `recurrent` (h + `extra`, `parts` * h), `initial`
/// (sequences, `states` * h). Returns h.
pub(super) fn check(
    name: &str,
    [gates, recurrent, initial]: [&Tensor; 3],
    [parts, extra, states]: [usize; 3],
    sequences: usize,
) -> Result<usize> {
    let h = recurrent.dims().first().map_or(0, |rows| rows.saturating_sub(extra));
    let fits = gates.rank() == 2 && gates.dims()[1] == parts * h && recurrent.dims() == [h + extra, parts * h];
    if h == 0 || !fits || initial.dims() != [sequences, states * h] {
        let (g, r, i) = (gates.dims(), recurrent.dims(), initial.dims());
        candle_core::bail!("{name}: gates {g:?}, recurrent weights {r:?} and initial states {i:?} of {sequences} sequences");
    }
    Ok(h)
}

/// `1 / (1 + e^-x)` of tensor functions; its gradient is finite however large x is.
pub(super) fn sigmoid_plain(x: &Tensor) -> Result<Tensor> {
    (x * 0.5)?.tanh()?.affine(0.5, 0.5)
}

/// `out[k] = of(out[k], [from[0][k], from[1][k], ...])`. One output at a time, so that the compiler sees that nothing overlaps.
#[inline(always)]
pub(super) fn each<const N: usize>(out: &mut [f32], from: [&[f32]; N], of: impl Fn(f32, [f32; N]) -> f32) {
    let mut from = from;
    for values in &mut from {
        *values = &values[..out.len()];
    }
    for (k, out) in out.iter_mut().enumerate() {
        let mut at = [0.0; N];
        for (at, values) in at.iter_mut().zip(&from) {
            *at = values[k];
        }
        *out = of(*out, at);
    }
}

/// A row cut into `N` stretches of equal length.
#[inline(always)]
pub(super) fn parts<const N: usize>(row: &[f32]) -> [&[f32]; N] {
    let h = row.len() / N;
    std::array::from_fn(|i| &row[i * h..(i + 1) * h])
}

/// The same to write into.
#[inline(always)]
pub(super) fn parts_mut<const N: usize>(mut row: &mut [f32]) -> [&mut [f32]; N] {
    let h = row.len() / N;
    std::array::from_fn(|_| {
        let (part, rest) = std::mem::take(&mut row).split_at_mut(h);
        row = rest;
        part
    })
}
