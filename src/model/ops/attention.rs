//! Masked attention with softmax (Vaswani et al. 2017) over packed sequences: no step is spent on padding.
//!
//! Sequences of unequal length lie one behind the other in one tensor. A mask is a list of spans: the queries of a span see its keys,
//! all of them or (causal) those up to their own place. The shares are computed again in the backward pass rather than kept.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{D, Result, Shape, Tensor};
use faer::{Accum, MatMut, MatRef};

use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::math::{exp, fold2, sum, wide};
use super::matrix::{product, rows, rows_mut};
use super::packed::sequences;

/// Queries that see keys; a span without keys gives zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Rows of the queries.
    pub queries: Range<usize>,
    /// Rows of keys and values.
    pub keys: Range<usize>,
}

/// Who sees whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    spans: Arc<[Span]>,
    causal: bool,
}

impl Mask {
    /// Sequences that see themselves: `ends` is the end of each, rising to the number of tokens. `causal`: token i sees 0..=i only.
    pub fn within(ends: &[usize], causal: bool) -> Self {
        let spans = sequences(ends).map(|tokens| Span { queries: tokens.clone(), keys: tokens });
        Self { spans: spans.collect(), causal }
    }

    /// Sequences that see others: one span for each, in the order of the queries, which they cover without a gap.
    pub fn across(spans: Vec<Span>) -> Self {
        Self { spans: spans.into(), causal: false }
    }

    /// Checks the spans against the rows that there are.
    fn check(&self, queries: usize, keys: usize) -> Result<()> {
        let mut at = 0;
        for Span { queries: q, keys: k } in self.spans.iter() {
            if q.start != at || q.end < q.start || k.end < k.start || k.end > keys || (self.causal && q != k) {
                candle_core::bail!("attention: the span {q:?} to {k:?} does not fit {queries} queries and {keys} keys");
            }
            at = q.end;
        }
        if at != queries {
            candle_core::bail!("attention: spans for {at} of {queries} queries");
        }
        Ok(())
    }
}

/// Self-attention: `qkv` (tokens, 3 * width) holds queries, keys and values, each as `heads` stretches -> (tokens, width)
pub fn self_attention(qkv: &Tensor, mask: &Mask, heads: usize) -> Result<Tensor> {
    let width = qkv.dim(1)? / 3;
    if fused(qkv) {
        apply(Attention { mask: mask.clone(), heads }, &[qkv])
    } else {
        attention_plain(&qkv.narrow(1, 0, width)?, &qkv.narrow(1, width, 2 * width)?, mask, heads)
    }
}

/// Attention to others: `q` (queries, width), `kv` (keys, 2 * width) holds keys and values -> (queries, width)
pub fn cross_attention(q: &Tensor, kv: &Tensor, mask: &Mask, heads: usize) -> Result<Tensor> {
    if fused(q) { apply(Attention { mask: mask.clone(), heads }, &[q, kv]) } else { attention_plain(q, kv, mask, heads) }
}

/// The same of tensor functions, one span after another.
pub fn attention_plain(q: &Tensor, kv: &Tensor, mask: &Mask, heads: usize) -> Result<Tensor> {
    let width = q.dim(1)?;
    mask.check(q.dim(0)?, kv.dim(0)?)?;
    let head = width / heads;
    let mut out = Vec::with_capacity(mask.spans.len());
    for span in mask.spans.iter().filter(|span| !span.queries.is_empty()) {
        let (n, m) = (span.queries.len(), span.keys.len());
        if m == 0 {
            out.push(Tensor::zeros((n, width), q.dtype(), q.device())?);
            continue;
        }
        let of_heads = |x: Tensor, n: usize| x.reshape((n, heads, head))?.transpose(0, 1)?.contiguous(); // (heads, n, head)
        let q = of_heads(q.narrow(0, span.queries.start, n)?.contiguous()?, n)?; // (heads, n, head)
        let kv = kv.narrow(0, span.keys.start, m)?; // (m, 2 width)
        let k = of_heads(kv.narrow(1, 0, width)?.contiguous()?, m)?; // (heads, m, head)
        let v = of_heads(kv.narrow(1, width, width)?.contiguous()?, m)?; // (heads, m, head)
        let mut scores = (q.matmul(&k.t()?)? * (head as f64).powf(-0.5))?; // (heads, n, m)
        if mask.causal {
            let hidden: Vec<f32> = (0..n * m).map(|i| if i % m > i / m { -1e9 } else { 0.0 }).collect();
            scores = scores.broadcast_add(&Tensor::from_vec(hidden, (n, m), q.device())?.to_dtype(q.dtype())?)?; // (heads, n, m)
        }
        let powers = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?.detach())?.exp()?; // (heads, n, m)
        let shares = powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?; // (heads, n, m)
        out.push(shares.matmul(&v)?.transpose(0, 1)?.reshape((n, width))?); // (n, width)
    }
    Tensor::cat(&out, 0)
}

/// Rows of one head: a stretch of `head` columns in a matrix of `stride` columns.
#[derive(Clone, Copy)]
struct Part {
    stride: usize,
    column: usize,
    head: usize,
}

impl Part {
    fn of<'a>(&self, values: &'a [f32], range: &Range<usize>) -> MatRef<'a, f32> {
        rows(&values[range.start * self.stride..range.end * self.stride], self.stride).subcols(self.column, self.head)
    }

    fn of_mut<'a>(&self, values: &'a mut [f32], range: &Range<usize>) -> MatMut<'a, f32> {
        rows_mut(&mut values[range.start * self.stride..range.end * self.stride], self.stride).subcols_mut(self.column, self.head)
    }
}

/// Slices of queries, keys and values, and where a head lies in them.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    q: &'a [f32],
    kv: &'a [f32],
    strides: (usize, usize),
    /// Columns of the first head's query, key and value.
    columns: [usize; 3],
    width: usize,
}

impl<'a> Sources<'a> {
    /// Queries, keys and values in one matrix of 3 * width columns.
    pub fn packed(qkv: &'a [f32], width: usize) -> Self {
        Self { q: qkv, kv: qkv, strides: (3 * width, 3 * width), columns: [0, width, 2 * width], width }
    }

    fn apart(q: &'a [f32], kv: &'a [f32], width: usize) -> Self {
        Self { q, kv, strides: (width, 2 * width), columns: [0, 0, width], width }
    }

    /// Where a head's query, key, value and result lie.
    fn parts(&self, h: usize, head: usize) -> [Part; 4] {
        let ([q, k, v], at) = (self.columns, h * head);
        let part = |stride, column| Part { stride, column: column + at, head };
        [part(self.strides.0, q), part(self.strides.1, k), part(self.strides.1, v), part(self.width, 0)]
    }
}

/// Scores to shares, row by row; in a causal mask row i has i + 1 of them and zeros behind.
fn softmax(scores: &mut [f32], columns: usize, causal: bool) {
    wide(
        #[inline(always)]
        || {
            for (i, row) in scores.chunks_exact_mut(columns).enumerate() {
                let (row, hidden) = row.split_at_mut(if causal { i + 1 } else { columns });
                hidden.fill(0.0);
                let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                row.iter_mut().for_each(|v| *v = exp(*v - largest));
                let inverse = 1.0 / sum(row);
                row.iter_mut().for_each(|v| *v *= inverse);
            }
        },
    );
}

/// The shares of a span's keys in its queries for one head: `softmax(q kᵀ / sqrt(head))`.
fn shares(to: &mut [f32], source: &Sources<'_>, span: &Span, [q, k, ..]: &[Part; 4], causal: bool) {
    let scale = (q.head as f32).powf(-0.5);
    let keys = span.keys.len();
    faer::linalg::matmul::matmul(
        rows_mut(to, keys),
        Accum::Replace,
        q.of(source.q, &span.queries),
        k.of(source.kv, &span.keys).transpose(),
        scale,
        faer::Par::Seq,
    );
    softmax(to, keys, causal);
}

/// `out` (queries, width) is overwritten; spans and heads must fit (see [`check`]).
pub(super) fn forward(source: Sources<'_>, mask: &Mask, heads: usize, out: &mut [f32]) {
    for span in mask.spans.iter().filter(|span| !span.queries.is_empty()) {
        let mut p = Buffer::any(span.queries.len() * span.keys.len());
        for h in 0..heads {
            let parts = source.parts(h, source.width / heads);
            let mut to = parts[3].of_mut(out, &span.queries);
            if span.keys.is_empty() {
                to.fill(0.0);
                continue;
            }
            shares(&mut p, &source, span, &parts, mask.causal);
            product(to, Accum::Replace, rows(&p, span.keys.len()), parts[2].of(source.kv, &span.keys));
        }
    }
}

/// Where the gradients of queries, keys and values go: as the [`Sources`] lie, and already zero.
pub(super) enum Gradients<'a> {
    Packed(&'a mut [f32]),
    Apart(&'a mut [f32], &'a mut [f32]),
}

impl Gradients<'_> {
    fn q(&mut self) -> &mut [f32] {
        match self {
            Self::Packed(all) => all,
            Self::Apart(q, _) => q,
        }
    }

    fn kv(&mut self) -> &mut [f32] {
        match self {
            Self::Packed(all) => all,
            Self::Apart(_, kv) => kv,
        }
    }
}

/// Adds to the gradients, given that of the result (queries, width).
pub(super) fn backward(source: Sources<'_>, mask: &Mask, heads: usize, gradient: &[f32], mut to: Gradients<'_>) {
    let head = source.width / heads;
    let scale = (head as f32).powf(-0.5);
    for span in mask.spans.iter().filter(|span| !span.queries.is_empty() && !span.keys.is_empty()) {
        let keys = span.keys.len();
        let mut p = Buffer::any(span.queries.len() * keys);
        let mut d_p = Buffer::any(span.queries.len() * keys);
        for h in 0..heads {
            let parts @ [q, k, v, o] = source.parts(h, head);
            shares(&mut p, &source, span, &parts, mask.causal);
            let g = o.of(gradient, &span.queries); // (queries, head)
            product(v.of_mut(to.kv(), &span.keys), Accum::Add, rows(&p, keys).transpose(), g);
            product(rows_mut(&mut d_p, keys), Accum::Replace, g, v.of(source.kv, &span.keys).transpose());
            wide(
                #[inline(always)]
                || {
                    for (p, d) in p.chunks_exact(keys).zip(d_p.chunks_exact_mut(keys)) {
                        let along = fold2(p, d, |p, d| p * d);
                        p.iter().zip(d).for_each(|(p, d)| *d = scale * p * (*d - along));
                    }
                },
            );
            product(q.of_mut(to.q(), &span.queries), Accum::Add, rows(&d_p, keys), k.of(source.kv, &span.keys));
            product(k.of_mut(to.kv(), &span.keys), Accum::Add, rows(&d_p, keys).transpose(), q.of(source.q, &span.queries));
        }
    }
}

/// Refuses what does not fit; returns the width.
pub(super) fn check(mask: &Mask, heads: usize, queries: usize, keys: usize, width: usize) -> Result<()> {
    if heads == 0 || !width.is_multiple_of(heads) {
        candle_core::bail!("attention: {heads} heads do not divide a width of {width}");
    }
    mask.check(queries, keys)
}

struct Attention {
    mask: Mask,
    heads: usize,
}

impl Attention {
    fn sources<'a>(&self, inputs: &[Input<'a>]) -> Result<Sources<'a>> {
        let source = match inputs {
            [qkv] if qkv.width().is_multiple_of(3) => Sources::packed(qkv.values, qkv.width() / 3),
            [q, kv] if kv.width() == 2 * q.width() => Sources::apart(q.values, kv.values, q.width()),
            _ => candle_core::bail!("attention: inputs of {:?}", inputs.iter().map(|input| input.dims).collect::<Vec<_>>()),
        };
        check(&self.mask, self.heads, inputs[0].rows(), inputs[inputs.len() - 1].rows(), source.width)?;
        Ok(source)
    }
}

impl Fused for Attention {
    const NAME: &'static str = "attention";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let source = self.sources(inputs)?;
        let mut out = vec![0.0; inputs[0].rows() * source.width];
        forward(source, &self.mask, self.heads, &mut out);
        Ok((out, (inputs[0].rows(), source.width).into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let source = self.sources(inputs)?;
        let mut out: Vec<Vec<f32>> = inputs.iter().map(|input| vec![0.0; input.values.len()]).collect();
        let to = match &mut out[..] {
            [q, kv] => Gradients::Apart(q, kv),
            all => Gradients::Packed(&mut all[0]),
        };
        backward(source, &self.mask, self.heads, gradient, to);
        Ok(out.into_iter().map(Some).collect())
    }
}
