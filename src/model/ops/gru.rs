//! A gated recurrent unit (Cho et al. 2014) over whole packed sequences, as one operation forward and backward through time.
//!
//! The equations and the order of the gates are PyTorch's, with the reset gate behind the product: `r, z = sigmoid(x + s)` and
//! `n = tanh(x + r s)`, where x is the input's part and `s = h U + b` the recurrent one; then `h = (1 - z) n + z h`.

use candle_core::{Result, Shape, Tensor};
use faer::Accum;

use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::math::{add, sigmoid, tanh, wide};
use super::matrix::{affine, affine_weights, product, rows, rows_mut};
use super::recurrent::{Order, check, each, parts, parts_mut, sigmoid_plain};

const NAME: &str = "gru";

/// h of every token, (tokens, h).
///
/// `gates` (tokens, 3h): the input's part of r, z, n, biases included; `recurrent` (h + 1, 3h): U, then b; `initial` (sequences, h):
/// h before the first token. `ends`: where each of the sequences, which lie one behind the other, ends. `reverse`: each is read from
/// its end.
pub fn gru(gates: &Tensor, recurrent: &Tensor, initial: &Tensor, ends: &[usize], reverse: bool) -> Result<Tensor> {
    if !fused(gates) {
        return gru_plain(gates, recurrent, initial, ends, reverse);
    }
    let h = check(NAME, [gates, recurrent, initial], [3, 1, 1], ends.len())?;
    let order = Order::new(NAME, ends, gates.dim(0)?, reverse)?;
    apply(Gru { order, h }, &[gates, recurrent, initial])
}

/// The same of tensor functions, one token after another.
pub fn gru_plain(gates: &Tensor, recurrent: &Tensor, initial: &Tensor, ends: &[usize], reverse: bool) -> Result<Tensor> {
    let h = check(NAME, [gates, recurrent, initial], [3, 1, 1], ends.len())?;
    let (weight, bias) = (recurrent.narrow(0, 0, h)?, recurrent.narrow(0, h, 1)?); // (h, 3h), (1, 3h)
    Order::new(NAME, ends, gates.dim(0)?, reverse)?.plain(initial, |before, token| {
        let x = gates.narrow(0, token, 1)?; // (1, 3h)
        let s = (before.matmul(&weight)? + &bias)?; // (1, 3h)
        let rz = sigmoid_plain(&(x.narrow(1, 0, 2 * h)? + s.narrow(1, 0, 2 * h)?)?)?; // (1, 2h)
        let (r, z) = (rz.narrow(1, 0, h)?, rz.narrow(1, h, h)?); // (1, h) each
        let n = (x.narrow(1, 2 * h, h)? + (r * s.narrow(1, 2 * h, h)?)?)?.tanh()?; // (1, h)
        &n + (z * (before - &n)?)? // (1, h)
    })
}

struct Gru {
    order: Order,
    h: usize,
}

/// What the forward pass keeps, in the order of the steps.
struct Kept {
    /// The gates r, z, n behind their nonlinearities, then the part of s that r is multiplied with, (tokens, 4h).
    gates: Buffer,
    /// h before each token, (tokens, h).
    h: Buffer,
}

/// One token: `x` and `s` (3h) are the two parts of its gates; writes the gates that are kept (4h) and h.
#[inline(always)]
fn read(x: &[f32], s: &[f32], before: &[f32], gates: &mut [f32], out: &mut [f32]) {
    let ([x_r, x_z, x_n], [s_r, s_z, s_n]) = (parts(x), parts(s));
    let [r, z, n, inner] = parts_mut(gates);
    inner.copy_from_slice(s_n);
    each(r, [x_r, s_r], |_, [x, s]| sigmoid(x + s));
    each(z, [x_z, s_z], |_, [x, s]| sigmoid(x + s));
    each(n, [x_n, s_n, r], |_, [x, s, r]| tanh(x + r * s));
    each(out, [z, n, before], |_, [z, n, h]| (1.0 - z) * n + z * h);
}

/// One token back: `d_h` (h) is the gradient of its h, and becomes that of the h before as far as it does not go through s; writes the
/// gradients of x and s (3h each).
#[inline(always)]
fn unread(gates: &[f32], before: &[f32], d_h: &mut [f32], d_x: &mut [f32], d_s: &mut [f32]) {
    let [r, z, n, inner] = parts(gates);
    let [d_r, d_z, d_n] = parts_mut(d_x);
    each(d_n, [d_h, z, n], |_, [d, z, n]| d * (1.0 - z) * (1.0 - n * n));
    each(d_z, [d_h, z, n, before], |_, [d, z, n, h]| d * (h - n) * z * (1.0 - z));
    each(d_r, [d_n, r, inner], |_, [d, r, s]| d * s * r * (1.0 - r));
    let [s_r, s_z, s_n] = parts_mut(d_s);
    s_r.copy_from_slice(d_r);
    s_z.copy_from_slice(d_z);
    each(s_n, [d_n, r], |_, [d, r]| d * r);
    each(d_h, [z], |d, [z]| d * z);
}

impl Fused for Gru {
    const NAME: &'static str = NAME;
    type Kept = Kept;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Kept)> {
        let [gates, recurrent, initial] = inputs else { candle_core::bail!("gru: 3 inputs") };
        let (order, h, tokens) = (&self.order, self.h, gates.dims[0]);
        let (weight, bias) = recurrent.values.split_at(h * 3 * h);
        let mut kept = Kept { gates: Buffer::any(tokens * 4 * h), h: Buffer::any(tokens * h) };
        for (row, s) in order.begun().iter().enumerate() {
            kept.h[row * h..(row + 1) * h].copy_from_slice(&initial.values[s * h..(s + 1) * h]);
        }
        let mut s = Buffer::any(order.begun().len() * 3 * h);
        let mut out = vec![0.0; tokens * h];
        for (t, step) in order.steps.iter().enumerate() {
            let s = &mut s[..step.len() * 3 * h];
            affine(s, &kept.h[step.start * h..step.end * h], weight, bias);
            wide(
                #[inline(always)]
                || {
                    for (s, row) in s.chunks_exact(3 * h).zip(step.clone()) {
                        let token = order.tokens[row];
                        let x = &gates.values[token * 3 * h..(token + 1) * 3 * h];
                        let (active, before) = (&mut kept.gates[row * 4 * h..(row + 1) * 4 * h], &kept.h[row * h..(row + 1) * h]);
                        read(x, s, before, active, &mut out[token * h..(token + 1) * h]);
                    }
                },
            );
            for (row, token) in order.next(t).zip(&order.tokens[step.clone()]) {
                kept.h[row * h..(row + 1) * h].copy_from_slice(&out[token * h..(token + 1) * h]);
            }
        }
        Ok((out, (tokens, h).into(), kept))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Kept, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [gates, recurrent, initial] = inputs else { candle_core::bail!("gru: 3 inputs") };
        let (order, h, tokens) = (&self.order, self.h, gates.dims[0]);
        let weight = &recurrent.values[..h * 3 * h];
        let mut d_s = Buffer::any(tokens * 3 * h);
        // What the later steps say about h; nothing yet about that of sequences that end.
        let mut d_h = Buffer::zeros(order.begun().len() * h);
        let mut d_gates = vec![0.0; gates.values.len()];
        for step in order.steps.iter().rev() {
            let d_s = &mut d_s[step.start * 3 * h..step.end * 3 * h];
            let d_h = &mut d_h[..step.len() * h];
            wide(
                #[inline(always)]
                || {
                    for ((d_h, d_s), row) in d_h.chunks_exact_mut(h).zip(d_s.chunks_exact_mut(3 * h)).zip(step.clone()) {
                        let token = order.tokens[row];
                        add(d_h, &gradient[token * h..(token + 1) * h]);
                        let (active, before) = (&kept.gates[row * 4 * h..(row + 1) * 4 * h], &kept.h[row * h..(row + 1) * h]);
                        unread(active, before, d_h, &mut d_gates[token * 3 * h..(token + 1) * 3 * h], d_s);
                    }
                },
            );
            product(rows_mut(d_h, h), Accum::Add, rows(d_s, 3 * h), rows(weight, 3 * h).transpose());
        }
        let d_recurrent = wanted[1].then(|| {
            let mut to = vec![0.0; recurrent.values.len()];
            let (d_weight, d_bias) = to.split_at_mut(weight.len());
            affine_weights(d_weight, d_bias, &kept.h, &d_s);
            to
        });
        let d_initial = wanted[2].then(|| {
            let mut to = vec![0.0; initial.values.len()];
            for (row, s) in order.begun().iter().enumerate() {
                to[s * h..(s + 1) * h].copy_from_slice(&d_h[row * h..(row + 1) * h]);
            }
            to
        });
        Ok(vec![Some(d_gates), d_recurrent, d_initial])
    }
}
