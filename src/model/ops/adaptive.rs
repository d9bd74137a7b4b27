//! A transformer block over packed sequences, modulated by a condition of each sequence, as one operation (adaLN-zero, Peebles & Xie
//! 2023): attention and a two-layer perceptron, each behind a norm whose scale and shift the condition says, and each gated by it.

use std::ops::Range;

use candle_core::{Result, Shape, Tensor};

use super::activation::Activation;
use super::attention::{self, Gradients, Mask, Sources, self_attention};
use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::linear::linear;
use super::math::wide;
use super::matrix::{affine, affine_input, affine_weights};
use super::norm::{self, Affine, AffineGradient, modulated_norm};
use super::packed::{sequence_of, sequences, split, split_mut, total, views};

/// The perceptron's activation.
const ACT: Activation = Activation::Silu;

/// The weights of a block, in the order in which they are packed. `modulation` says shift, scale and gate of the attention, then those of
/// the perceptron.
pub fn adaptive_shapes(width: usize) -> [(&'static str, [usize; 2]); 10] {
    [
        ("modulation.weight", [width, 6 * width]),
        ("modulation.bias", [1, 6 * width]),
        ("qkv.weight", [width, 3 * width]),
        ("qkv.bias", [1, 3 * width]),
        ("out.weight", [width, width]),
        ("out.bias", [1, width]),
        ("up.weight", [width, 4 * width]),
        ("up.bias", [1, 4 * width]),
        ("down.weight", [4 * width, width]),
        ("down.bias", [1, width]),
    ]
}

/// `x` (tokens, width) of sequences that end at `ends` and see themselves; `condition` (sequences, width), activated; `packed` as
/// [`adaptive_shapes`] says -> (tokens, width)
pub fn adaptive_block(x: &Tensor, condition: &Tensor, packed: &Tensor, ends: &[usize], heads: usize) -> Result<Tensor> {
    if fused(x) {
        apply(Adaptive { ends: ends.to_vec(), heads }, &[x, condition, packed])
    } else {
        adaptive_block_plain(x, condition, packed, ends, heads)
    }
}

/// The same of smaller operations.
pub fn adaptive_block_plain(x: &Tensor, condition: &Tensor, packed: &Tensor, ends: &[usize], heads: usize) -> Result<Tensor> {
    let width = x.dim(1)?;
    let w = views(packed, &adaptive_shapes(width))?;
    let modulation = linear(condition, &w[0], &w[1], Activation::None)?; // (sequences, 6 width)
    let modulation = modulation.index_select(&Tensor::new(sequence_of(ends), x.device())?, 0)?; // (tokens, 6 width)
    let part = |i: usize| modulation.narrow(1, i * width, width)?.contiguous(); // (tokens, width)
    let normal = modulated_norm(x, &part(1)?, &part(0)?)?; // (tokens, width)
    let mixed = self_attention(&linear(&normal, &w[2], &w[3], Activation::None)?, &Mask::within(ends, false), heads)?; // (tokens, width)
    let x = (x + (part(2)? * linear(&mixed, &w[4], &w[5], Activation::None)?)?)?; // (tokens, width)
    let hidden = linear(&modulated_norm(&x, &part(4)?, &part(3)?)?, &w[6], &w[7], ACT)?; // (tokens, 4 width)
    &x + (part(5)? * linear(&hidden, &w[8], &w[9], Activation::None)?)?
}

/// Where a sequence's shift, scale and gate of the attention lie among its modulation's stretches, and those of the perceptron.
const ATTENTION: [usize; 3] = [0, 1, 2];
const MLP: [usize; 3] = [3, 4, 5];

/// Shift and scale of one sequence, the same for all its tokens.
fn read(modulation: &[f32], d: usize, [shift, scale, _]: [usize; 3]) -> Affine<'_> {
    Affine { shift: &modulation[shift * d..][..d], scale: &modulation[scale * d..][..d], stride: 0, plus: 1.0 }
}

/// The numbers of some rows.
fn at(tokens: &Range<usize>, d: usize) -> Range<usize> {
    tokens.start * d..tokens.end * d
}

struct Adaptive {
    ends: Vec<usize>,
    heads: usize,
}

/// What the forward pass keeps.
struct Kept {
    /// (sequences, 6 width)
    modulation: Buffer,
    /// (tokens, 3 width)
    qkv: Buffer,
    /// The attention's result, (tokens, width).
    mixed: Buffer,
    /// The same before its gate, (tokens, width).
    attended: Buffer,
    /// After the attention was added, (tokens, width).
    middle: Buffer,
    /// Before the activation, (tokens, 4 width).
    up: Buffer,
    /// Before the gate, (tokens, width).
    down: Buffer,
}

impl Adaptive {
    /// The tokens of each sequence, and its modulation.
    fn each<'a>(&'a self, modulation: &'a [f32], d: usize) -> impl Iterator<Item = (Range<usize>, &'a [f32])> {
        sequences(&self.ends).zip(modulation.chunks_exact(6 * d))
    }

    /// `out = normalise(x) * (1 + scale) + shift`, with each sequence's own.
    fn norm(&self, x: &[f32], modulation: &[f32], d: usize, which: [usize; 3], out: &mut [f32]) {
        for (tokens, modulation) in self.each(modulation, d) {
            norm::forward(&x[at(&tokens, d)], d, read(modulation, d, which), &mut out[at(&tokens, d)]);
        }
    }

    /// Backward: adds the gradients of the input and of each sequence's modulation.
    fn norm_back(&self, x: &[f32], (modulation, d_modulation): (&[f32], &mut [f32]), which: [usize; 3], g: &[f32], d_x: &mut [f32]) {
        let d = modulation.len() / (6 * self.ends.len());
        for ((tokens, modulation), values) in self.each(modulation, d).zip(d_modulation.chunks_exact_mut(6 * d)) {
            let [shift_at, scale_at, _] = which.map(|i| i * d);
            let (at, to) = (at(&tokens, d), AffineGradient { values, scale_at, shift_at });
            norm::backward(&x[at.clone()], d, read(modulation, d, which), &g[at.clone()], &mut d_x[at], to);
        }
    }

    /// `to += gate * what`, with each sequence's own gate.
    fn add_gated(&self, to: &mut [f32], modulation: &[f32], d: usize, [.., gate]: [usize; 3], what: &[f32]) {
        for (tokens, modulation) in self.each(modulation, d) {
            let (gate, at) = (&modulation[gate * d..][..d], at(&tokens, d));
            wide(
                #[inline(always)]
                || {
                    for (to, what) in to[at.clone()].chunks_exact_mut(d).zip(what[at.clone()].chunks_exact(d)) {
                        to.iter_mut().zip(gate.iter().zip(what)).for_each(|(to, (gate, what))| *to += gate * what);
                    }
                },
            );
        }
    }

    /// Backward: writes the gradient of what was gated, and adds those of the gates.
    fn gated_back(
        &self,
        (modulation, d_modulation): (&[f32], &mut [f32]),
        [.., gate]: [usize; 3],
        what: &[f32],
        g: &[f32],
        d_what: &mut [f32],
    ) {
        let d = modulation.len() / (6 * self.ends.len());
        for ((tokens, modulation), d_modulation) in self.each(modulation, d).zip(d_modulation.chunks_exact_mut(6 * d)) {
            let (gate, d_gate, at) = (&modulation[gate * d..][..d], &mut d_modulation[gate * d..][..d], at(&tokens, d));
            wide(
                #[inline(always)]
                || {
                    let rows = g[at.clone()].chunks_exact(d).zip(what[at.clone()].chunks_exact(d));
                    for ((g, what), d_what) in rows.zip(d_what[at.clone()].chunks_exact_mut(d)) {
                        d_what.iter_mut().zip(g.iter().zip(gate)).for_each(|(d, (g, gate))| *d = g * gate);
                        d_gate.iter_mut().zip(g.iter().zip(what)).for_each(|(d, (g, what))| *d += g * what);
                    }
                },
            );
        }
    }
}

impl Fused for Adaptive {
    const NAME: &'static str = "adaptive-block";
    type Kept = Kept;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Kept)> {
        let [x, condition, packed] = inputs else { candle_core::bail!("adaptive block: 3 inputs") };
        let (tokens, d, count) = (x.rows(), x.width(), self.ends.len());
        let shapes = adaptive_shapes(d);
        if condition.dims != [count, d] || packed.values.len() != total(&shapes) {
            candle_core::bail!("adaptive block: {:?}, {:?}, {} weights, {count} sequences", x.dims, condition.dims, packed.values.len());
        }
        let mask = Mask::within(&self.ends, false);
        attention::check(&mask, self.heads, tokens, tokens, d)?;
        let w = split(packed.values, &shapes);
        let mut modulation = Buffer::any(count * 6 * d);
        affine(&mut modulation, condition.values, w[0], w[1]);
        let mut normal = Buffer::any(tokens * d);
        self.norm(x.values, &modulation, d, ATTENTION, &mut normal);
        let mut qkv = Buffer::any(3 * tokens * d);
        affine(&mut qkv, &normal, w[2], w[3]);
        let mut mixed = Buffer::any(tokens * d);
        attention::forward(Sources::packed(&qkv, d), &mask, self.heads, &mut mixed);
        let mut attended = Buffer::any(tokens * d);
        affine(&mut attended, &mixed, w[4], w[5]);
        let mut middle = Buffer::any(tokens * d);
        middle.copy_from_slice(x.values);
        self.add_gated(&mut middle, &modulation, d, ATTENTION, &attended);
        self.norm(&middle, &modulation, d, MLP, &mut normal);
        let mut up = Buffer::any(4 * tokens * d);
        affine(&mut up, &normal, w[6], w[7]);
        let mut hidden = Buffer::any(4 * tokens * d);
        ACT.forward(&up, &mut hidden);
        let mut down = Buffer::any(tokens * d);
        affine(&mut down, &hidden, w[8], w[9]);
        let mut out = middle.to_vec();
        self.add_gated(&mut out, &modulation, d, MLP, &down);
        Ok((out, x.dims.into(), Kept { modulation, qkv, mixed, attended, middle, up, down }))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Kept, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [x, condition, packed] = inputs else { candle_core::bail!("adaptive block: 3 inputs") };
        let (tokens, d) = (x.rows(), x.width());
        let shapes = adaptive_shapes(d);
        let w = split(packed.values, &shapes);
        let mut d_packed = vec![0.0; packed.values.len()];
        let [w_modulation, b_modulation, w_qkv, b_qkv, w_out, b_out, w_up, b_up, w_down, b_down] = split_mut(&mut d_packed, &shapes);
        let modulation = &*kept.modulation;
        let mut d_modulation = Buffer::zeros(modulation.len());
        let (mut normal, mut d_normal) = (Buffer::any(tokens * d), Buffer::any(tokens * d));

        // The perceptron: out = middle + gate * (act(normal w_up + b_up) w_down + b_down).
        let mut d_down = Buffer::any(tokens * d);
        self.gated_back((modulation, &mut d_modulation), MLP, &kept.down, gradient, &mut d_down);
        let mut hidden = Buffer::any(4 * tokens * d);
        ACT.forward(&kept.up, &mut hidden);
        affine_weights(w_down, b_down, &hidden, &d_down);
        let d_hidden = &mut hidden;
        affine_input(d_hidden, &d_down, w[8], d);
        ACT.backward(&kept.up, d_hidden);
        self.norm(&kept.middle, modulation, d, MLP, &mut normal);
        affine_weights(w_up, b_up, &normal, d_hidden);
        affine_input(&mut d_normal, d_hidden, w[6], 4 * d);
        let mut d_x = gradient.to_vec();
        self.norm_back(&kept.middle, (modulation, &mut d_modulation), MLP, &d_normal, &mut d_x);

        // The attention: middle = x + gate * (attention(normal w_qkv + b_qkv) w_out + b_out).
        let d_attended = &mut d_down;
        self.gated_back((modulation, &mut d_modulation), ATTENTION, &kept.attended, &d_x, d_attended);
        affine_weights(w_out, b_out, &kept.mixed, d_attended);
        let d_mixed = &mut d_normal;
        affine_input(d_mixed, d_attended, w[4], d);
        let mut d_qkv = Buffer::zeros(3 * tokens * d);
        let mask = Mask::within(&self.ends, false);
        attention::backward(Sources::packed(&kept.qkv, d), &mask, self.heads, d_mixed, Gradients::Packed(&mut d_qkv));
        self.norm(x.values, modulation, d, ATTENTION, &mut normal);
        affine_weights(w_qkv, b_qkv, &normal, &d_qkv);
        affine_input(&mut d_normal, &d_qkv, w[2], 3 * d);
        self.norm_back(x.values, (modulation, &mut d_modulation), ATTENTION, &d_normal, &mut d_x);

        affine_weights(w_modulation, b_modulation, condition.values, &d_modulation);
        let d_condition = wanted[1].then(|| {
            let mut d_condition = vec![0.0; condition.values.len()];
            affine_input(&mut d_condition, &d_modulation, w[0], 6 * d);
            d_condition
        });
        Ok(vec![Some(d_x), d_condition, Some(d_packed)])
    }
}
