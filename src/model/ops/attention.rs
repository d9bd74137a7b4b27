//! Causal self-attention over packed sequences (Vaswani et al. 2017): no step is spent on padding.
//!
//! Sequences of unequal length lie one behind the other in one tensor; token i of a sequence sees tokens 0..=i of it.
//! The scores are computed again in the backward pass rather than kept.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, D, Layout, Result, Shape, Tensor};

use super::{fused, slice};

/// `qkv` (tokens, 3 * width): queries, keys, values, each as `heads` stretches of width / heads;
/// `ends`: the end of each sequence, rising to `tokens`. -> (tokens, width)
pub fn causal_attention(qkv: &Tensor, ends: &[usize], heads: usize) -> Result<Tensor> {
    if fused(qkv) { qkv.contiguous()?.apply_op1(Attention { ends: ends.into(), heads }) } else { causal_attention_plain(qkv, ends, heads) }
}

/// The same of tensor functions, one sequence after another.
pub fn causal_attention_plain(qkv: &Tensor, ends: &[usize], heads: usize) -> Result<Tensor> {
    let width = qkv.dim(1)? / 3;
    let mut out = Vec::with_capacity(ends.len());
    let mut start = 0;
    for &end in ends {
        let n = end - start;
        let part = qkv.narrow(0, start, n)?.reshape((n, 3, heads, width / heads))?; // (n, 3, heads, head)
        let part = part.permute((1, 2, 0, 3))?.contiguous()?; // (3, heads, n, head)
        let (q, k, v) = (part.get(0)?, part.get(1)?, part.get(2)?); // (heads, n, head)
        let scores = (q.matmul(&k.t()?)? * ((width / heads) as f64).powf(-0.5))?; // (heads, n, n)
        let mask: Vec<f32> = (0..n * n).map(|i| if i % n > i / n { -1e9 } else { 0.0 }).collect();
        let scores = scores.broadcast_add(&Tensor::from_vec(mask, (n, n), qkv.device())?.to_dtype(qkv.dtype())?)?;
        let powers = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?.detach())?.exp()?; // (heads, n, n)
        let shares = powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?; // (heads, n, n)
        out.push(shares.matmul(&v)?.transpose(0, 1)?.reshape((n, width))?); // (n, width)
        start = end;
    }
    Tensor::cat(&out, 0)
}

struct Attention {
    ends: Box<[usize]>,
    heads: usize,
}

struct AttentionBackward<'a>(&'a Attention);

/// Sum of products, in eight lanes whose order is fixed.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for i in 0..8 {
            lanes[i] += a[i] * b[i];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// `to += factor * from`
fn add(to: &mut [f32], from: &[f32], factor: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}

impl Attention {
    /// Calls `each(token range, column of the head)` for every sequence and head; checks the shape.
    fn visit(&self, tokens: usize, columns: usize, mut each: impl FnMut(std::ops::Range<usize>, usize)) -> Result<()> {
        let rising = self.ends.windows(2).all(|w| w[0] < w[1]) && self.ends.first().is_none_or(|&e| e > 0);
        if !rising || self.ends.last().copied().unwrap_or(0) != tokens || !columns.is_multiple_of(3 * self.heads) {
            candle_core::bail!("attention: {tokens} tokens of {columns} numbers do not fit the sequences {:?}", self.ends);
        }
        let head = columns / 3 / self.heads;
        let mut start = 0;
        for &end in &self.ends {
            (0..self.heads).for_each(|h| each(start..end, h * head));
            start = end;
        }
        Ok(())
    }

    /// The shares of tokens `start..=i` in token i, for one head; `at(token, part)` is its stretch of numbers.
    fn shares<'a>(&self, i: usize, start: usize, scale: f32, at: &impl Fn(usize, usize) -> &'a [f32], shares: &mut Vec<f32>) {
        shares.clear();
        shares.extend((start..=i).map(|j| scale * dot(at(i, 0), at(j, 1))));
        let largest = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        shares.iter_mut().for_each(|s| *s = (*s - largest).exp());
        let total: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|s| *s /= total);
    }
}

impl CustomOp1 for Attention {
    fn name(&self) -> &'static str {
        "causal-attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (qkv, (tokens, columns)) = (slice(storage, layout)?, layout.shape().dims2()?);
        let (width, head) = (columns / 3, columns / 3 / self.heads);
        let scale = (head as f32).powf(-0.5);
        let (mut out, mut shares) = (vec![0.0f32; tokens * width], Vec::new());
        self.visit(tokens, columns, |range, column| {
            let at = |token: usize, part: usize| &qkv[token * columns + part * width + column..][..head];
            for i in range.clone() {
                self.shares(i, range.start, scale, &at, &mut shares);
                let row = &mut out[i * width + column..][..head];
                for (share, j) in shares.iter().zip(range.start..) {
                    add(row, at(j, 2), *share);
                }
            }
        })?;
        Ok((CpuStorage::F32(out), (tokens, width).into()))
    }

    fn bwd(&self, qkv: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        qkv.contiguous()?.apply_op2_no_bwd(&grad.contiguous()?, &AttentionBackward(self)).map(Some)
    }
}

impl CustomOp2 for AttentionBackward<'_> {
    fn name(&self) -> &'static str {
        "causal-attention-backward"
    }

    fn cpu_fwd(&self, qkv: &CpuStorage, lq: &Layout, grad: &CpuStorage, lg: &Layout) -> Result<(CpuStorage, Shape)> {
        let (qkv, grad, (tokens, columns)) = (slice(qkv, lq)?, slice(grad, lg)?, lq.shape().dims2()?);
        let (width, head) = (columns / 3, columns / 3 / self.0.heads);
        let scale = (head as f32).powf(-0.5);
        let (mut out, mut shares) = (vec![0.0f32; tokens * columns], Vec::new());
        self.0.visit(tokens, columns, |range, column| {
            let at = |token: usize, part: usize| &qkv[token * columns + part * width + column..][..head];
            let place = |token: usize, part: usize| token * columns + part * width + column;
            for i in range.clone() {
                self.0.shares(i, range.start, scale, &at, &mut shares);
                let g = &grad[i * width + column..][..head];
                let along: f32 = shares.iter().zip(range.start..).map(|(share, j)| share * dot(g, at(j, 2))).sum();
                for (share, j) in shares.iter().zip(range.start..) {
                    add(&mut out[place(j, 2)..][..head], g, *share);
                    let score = scale * share * (dot(g, at(j, 2)) - along);
                    add(&mut out[place(i, 0)..][..head], at(j, 1), score);
                    add(&mut out[place(j, 1)..][..head], at(i, 0), score);
                }
            }
        })?;
        Ok((CpuStorage::F32(out), (tokens, columns).into()))
    }
}
