//! A transformer block as one operation (pre-norm, Vaswani et al. 2017; Xiong et al. 2020): attention and a two-layer perceptron,
//! each behind a layer norm and added to what came in.

use candle_core::{D, Result, Shape, Tensor};

use super::activation::Activation;
use super::attention::{self, Gradients, Mask, Sources, self_attention};
use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::linear::linear;
use super::math::{add, wide};
use super::matrix::{affine, affine_input, affine_weights};
use super::norm::{self, Affine, AffineGradient, layer_norm};
use super::packed::{split, split_mut, total, views};

/// The perceptron's activation.
const ACT: Activation = Activation::Silu;

/// The weights of a block, in the order in which they are packed.
pub fn block_shapes(width: usize) -> [(&'static str, [usize; 2]); 12] {
    [
        ("norm_attention.gain", [1, width]),
        ("norm_attention.bias", [1, width]),
        ("qkv.weight", [width, 3 * width]),
        ("qkv.bias", [1, 3 * width]),
        ("out.weight", [width, width]),
        ("out.bias", [1, width]),
        ("norm_mlp.gain", [1, width]),
        ("norm_mlp.bias", [1, width]),
        ("up.weight", [width, 4 * width]),
        ("up.bias", [1, 4 * width]),
        ("down.weight", [4 * width, width]),
        ("down.bias", [1, width]),
    ]
}

/// `x` (tokens, width) of packed sequences, `packed` as [`block_shapes`] says -> (tokens, width)
pub fn transformer_block(x: &Tensor, packed: &Tensor, mask: &Mask, heads: usize) -> Result<Tensor> {
    if fused(x) { apply(Block { mask: mask.clone(), heads }, &[x, packed]) } else { transformer_block_plain(x, packed, mask, heads) }
}

/// The same of smaller operations.
pub fn transformer_block_plain(x: &Tensor, packed: &Tensor, mask: &Mask, heads: usize) -> Result<Tensor> {
    let w = views(packed, &block_shapes(x.dim(1)?))?;
    let qkv = linear(&layer_norm(x, &w[0], &w[1])?, &w[2], &w[3], Activation::None)?; // (tokens, 3 width)
    block_after_attention(x, &self_attention(&qkv, mask, heads)?, &w)
}

/// What a block does with its token and the attention's result, both (tokens, width).
fn block_after_attention(x: &Tensor, mixed: &Tensor, w: &[Tensor; 12]) -> Result<Tensor> {
    let x = (x + linear(mixed, &w[4], &w[5], Activation::None)?)?; // (tokens, width)
    let hidden = linear(&layer_norm(&x, &w[6], &w[7])?, &w[8], &w[9], ACT)?; // (tokens, 4 width)
    &x + linear(&hidden, &w[10], &w[11], Activation::None)?
}

/// One more token of several sequences of equal length, which have been read so far; causal.
///
/// `x` (sequences, width); `seen` (sequences, tokens, 2 width) holds keys and values of the tokens so far, or is absent before the first.
/// -> the block's output (sequences, width), and `seen` with this token added.
pub fn transformer_block_step(x: &Tensor, packed: &Tensor, heads: usize, seen: Option<&Tensor>) -> Result<(Tensor, Tensor)> {
    let (sequences, width) = x.dims2()?;
    let w = views(packed, &block_shapes(width))?;
    let qkv = linear(&layer_norm(x, &w[0], &w[1])?, &w[2], &w[3], Activation::None)?; // (sequences, 3 width)
    // In one piece, because candle otherwise joins by way of a transpose, and drawings cannot be picked out of that.
    let new = qkv.narrow(1, width, 2 * width)?.unsqueeze(1)?.contiguous()?; // (sequences, 1, 2 width)
    let seen = match seen {
        Some(seen) => Tensor::cat(&[seen, &new], 1)?, // (sequences, tokens + 1, 2 width)
        None => new,
    };
    let tokens = seen.dim(1)?;
    let spans = (0..sequences).map(|i| attention::Span { queries: i..i + 1, keys: i * tokens..(i + 1) * tokens }).collect();
    let kv = seen.reshape((sequences * tokens, 2 * width))?; // (sequences * tokens, 2 width)
    let mixed = attention::cross_attention(&qkv.narrow(1, 0, width)?.contiguous()?, &kv, &Mask::across(spans), heads)?; // (sequences, width)
    Ok((block_after_attention(x, &mixed, &w)?, seen))
}

/// How the newest token of each sequence, whose `x` a step was given and whose keys are the last in `seen`, shares its attention among
/// the tokens: a mean over the heads, (sequences, tokens). To be looked at: the step itself does not need it.
pub fn transformer_block_shares(x: &Tensor, packed: &Tensor, heads: usize, seen: &Tensor) -> Result<Tensor> {
    let (sequences, width) = x.dims2()?;
    let (tokens, head) = (seen.dim(1)?, width / heads);
    let w = views(packed, &block_shapes(width))?;
    let qkv = linear(&layer_norm(x, &w[0], &w[1])?, &w[2], &w[3], Activation::None)?; // (sequences, 3 width)
    let q = qkv.narrow(1, 0, width)?.contiguous()?.reshape((sequences, heads, 1, head))?; // (sequences, heads, 1, head)
    let k = seen.narrow(2, 0, width)?.contiguous()?.reshape((sequences, tokens, heads, head))?; // (sequences, tokens, heads, head)
    let k = k.permute((0, 2, 3, 1))?.contiguous()?; // (sequences, heads, head, tokens)
    let scores = (q.matmul(&k)? * (head as f64).powf(-0.5))?; // (sequences, heads, 1, tokens)
    let powers = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?; // (sequences, heads, 1, tokens)
    powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?.mean(1)?.squeeze(1) // (sequences, tokens)
}

struct Block {
    mask: Mask,
    heads: usize,
}

/// What the forward pass keeps.
struct Kept {
    /// (tokens, 3 width)
    qkv: Buffer,
    /// The attention's result, (tokens, width).
    mixed: Buffer,
    /// After the attention was added, (tokens, width).
    middle: Buffer,
    /// Before the activation, (tokens, 4 width).
    up: Buffer,
}

fn gain<'a>(scale: &'a [f32], shift: &'a [f32]) -> Affine<'a> {
    Affine { scale, shift, stride: 0, plus: 0.0 }
}

/// The shapes with gain and bias of a norm, which are neighbours, as one.
fn with_norms_whole(shapes: &[(&'static str, [usize; 2]); 12]) -> [(&'static str, [usize; 2]); 10] {
    let [gain, _, w_qkv, b_qkv, w_out, b_out, _, _, w_up, b_up, w_down, b_down] = *shapes;
    let norm = ("norm", [2, gain.1[1]]);
    [norm, w_qkv, b_qkv, w_out, b_out, norm, w_up, b_up, w_down, b_down]
}

/// Gradients of gain and bias, one behind the other.
fn both(values: &mut [f32]) -> AffineGradient<'_> {
    let shift_at = values.len() / 2;
    AffineGradient { values, scale_at: 0, shift_at }
}

impl Fused for Block {
    const NAME: &'static str = "transformer-block";
    type Kept = Kept;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Kept)> {
        let [x, packed] = inputs else { candle_core::bail!("transformer block: 2 inputs") };
        let (tokens, d) = (x.rows(), x.width());
        let shapes = block_shapes(d);
        if packed.values.len() != total(&shapes) {
            candle_core::bail!("transformer block: {} weights for a width of {d}", packed.values.len());
        }
        attention::check(&self.mask, self.heads, tokens, tokens, d)?;
        let w = split(packed.values, &shapes);
        let mut normal = Buffer::any(tokens * d);
        norm::forward(x.values, d, gain(w[0], w[1]), &mut normal);
        let mut qkv = Buffer::any(3 * tokens * d);
        affine(&mut qkv, &normal, w[2], w[3]);
        let mut mixed = Buffer::any(tokens * d);
        attention::forward(Sources::packed(&qkv, d), &self.mask, self.heads, &mut mixed);
        let mut middle = Buffer::any(tokens * d);
        affine(&mut middle, &mixed, w[4], w[5]);
        wide(
            #[inline(always)]
            || add(&mut middle, x.values),
        );
        norm::forward(&middle, d, gain(w[6], w[7]), &mut normal);
        let mut up = Buffer::any(4 * tokens * d);
        affine(&mut up, &normal, w[8], w[9]);
        let mut hidden = Buffer::any(4 * tokens * d);
        ACT.forward(&up, &mut hidden);
        let mut out = vec![0.0; tokens * d];
        affine(&mut out, &hidden, w[10], w[11]);
        wide(
            #[inline(always)]
            || add(&mut out, &middle),
        );
        Ok((out, x.dims.into(), Kept { qkv, mixed, middle, up }))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Kept, gradient: &[f32], _: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [x, packed] = inputs else { candle_core::bail!("transformer block: 2 inputs") };
        let (tokens, d) = (x.rows(), x.width());
        let shapes = block_shapes(d);
        let w = split(packed.values, &shapes);
        let mut d_packed = vec![0.0; packed.values.len()];
        let [norm_attention, w_qkv, b_qkv, w_out, b_out, norm_mlp, w_up, b_up, w_down, b_down] =
            split_mut(&mut d_packed, &with_norms_whole(&shapes));
        let (mut normal, mut d_normal) = (Buffer::any(tokens * d), Buffer::any(tokens * d));

        // The perceptron: out = middle + act(normal w_up + b_up) w_down + b_down.
        let mut hidden = Buffer::any(4 * tokens * d);
        ACT.forward(&kept.up, &mut hidden);
        affine_weights(w_down, b_down, &hidden, gradient);
        let d_hidden = &mut hidden;
        affine_input(d_hidden, gradient, w[10], d);
        ACT.backward(&kept.up, d_hidden);
        norm::forward(&kept.middle, d, gain(w[6], w[7]), &mut normal);
        affine_weights(w_up, b_up, &normal, d_hidden);
        affine_input(&mut d_normal, d_hidden, w[8], 4 * d);
        let mut d_x = gradient.to_vec();
        norm::backward(&kept.middle, d, gain(w[6], w[7]), &d_normal, &mut d_x, both(norm_mlp));

        // The attention: middle = x + attention(normal w_qkv + b_qkv) w_out + b_out.
        affine_weights(w_out, b_out, &kept.mixed, &d_x);
        let d_mixed = &mut d_normal;
        affine_input(d_mixed, &d_x, w[4], d);
        let mut d_qkv = Buffer::zeros(3 * tokens * d);
        attention::backward(Sources::packed(&kept.qkv, d), &self.mask, self.heads, d_mixed, Gradients::Packed(&mut d_qkv));
        norm::forward(x.values, d, gain(w[0], w[1]), &mut normal);
        affine_weights(w_qkv, b_qkv, &normal, &d_qkv);
        affine_input(&mut d_normal, &d_qkv, w[2], 3 * d);
        norm::backward(x.values, d, gain(w[0], w[1]), &d_normal, &mut d_x, both(norm_attention));
        Ok(vec![Some(d_x), Some(d_packed)])
    }
}
