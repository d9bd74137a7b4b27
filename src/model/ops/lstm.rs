//! A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over whole packed sequences, as one
//! operation forward and backward through time.
//!
//! The equations and the order of the gates are PyTorch's:
//! `i, f, o = sigmoid(..)`, `g = tanh(..)` of the input's part plus `h U`; then `c = f c + i g` and `h = o tanh(c)`.

use candle_core::{Result, Shape, Tensor};
use faer::Accum;

use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::math::{add, sigmoid, tanh, wide};
use super::matrix::{product, rows, rows_mut};
use super::recurrent::{Order, check, each, parts, parts_mut, sigmoid_plain};

const NAME: &str = "lstm";

/// h and c of every token, (tokens, 2h).
///
/// `gates` (tokens, 4h): the input's part of i, f, g, o, biases included; `recurrent` (h, 4h): U; `initial` (sequences, 2h): h, then c
/// before the first token. `ends`: where each of the sequences, which lie one behind the other, ends. `reverse`: each is read from
/// its end.
pub fn lstm(gates: &Tensor, recurrent: &Tensor, initial: &Tensor, ends: &[usize], reverse: bool) -> Result<Tensor> {
    if !fused(gates) {
        return lstm_plain(gates, recurrent, initial, ends, reverse);
    }
    let h = check(NAME, [gates, recurrent, initial], [4, 0, 2], ends.len())?;
    let order = Order::new(NAME, ends, gates.dim(0)?, reverse)?;
    apply(Lstm { order, h }, &[gates, recurrent, initial])
}

/// The same of tensor functions, one token after another.
pub fn lstm_plain(gates: &Tensor, recurrent: &Tensor, initial: &Tensor, ends: &[usize], reverse: bool) -> Result<Tensor> {
    let h = check(NAME, [gates, recurrent, initial], [4, 0, 2], ends.len())?;
    Order::new(NAME, ends, gates.dim(0)?, reverse)?.plain(initial, |state, token| {
        let before = state.narrow(1, 0, h)?.contiguous()?; // (1, h)
        let all = (gates.narrow(0, token, 1)? + before.matmul(recurrent)?)?; // (1, 4h)
        let part = |i| all.narrow(1, i * h, h); // (1, h)
        let (i, f, o) = (sigmoid_plain(&part(0)?)?, sigmoid_plain(&part(1)?)?, sigmoid_plain(&part(3)?)?); // (1, h) each
        let c = ((f * state.narrow(1, h, h)?)? + (i * part(2)?.tanh()?)?)?; // (1, h)
        Tensor::cat(&[(o * c.tanh()?)?, c], 1) // (1, 2h)
    })
}

struct Lstm {
    order: Order,
    h: usize,
}

/// What the forward pass keeps, in the order of the steps.
struct Kept {
    /// The gates i, f, g, o behind their nonlinearities, (tokens, 4h).
    gates: Buffer,
    /// h before each token, (tokens, h).
    h: Buffer,
    /// c before each token, (tokens, h).
    c: Buffer,
}

/// One token: `gates` (4h) become active, `c` is the one before; writes h and c.
#[inline(always)]
fn read(gates: &mut [f32], c: &[f32], out: &mut [f32]) {
    let [i, f, g, o] = parts_mut(gates);
    for gate in [&mut *i, &mut *f, &mut *o] {
        each(gate, [], |x, []| sigmoid(x));
    }
    each(g, [], |x, []| tanh(x));
    let [out_h, out_c] = parts_mut(out);
    each(out_c, [i, f, g, c], |_, [i, f, g, c]| f * c + i * g);
    each(out_h, [o, out_c], |_, [o, c]| o * tanh(c));
}

/// One token back: `d_h` and `d_c` (h) are the gradients of its h and c, and `d_c` becomes that of the c before; writes `d_gates` (4h).
#[inline(always)]
fn unread(gates: &[f32], before: &[f32], d_h: &[f32], d_c: &mut [f32], d_gates: &mut [f32], tanh_c: &mut [f32]) {
    let [i, f, g, o] = parts(gates);
    let [d_i, d_f, d_g, d_o] = parts_mut(d_gates);
    each(tanh_c, [i, f, g, before], |_, [i, f, g, c]| tanh(f * c + i * g));
    each(d_o, [d_h, tanh_c, o], |_, [d, t, o]| d * t * o * (1.0 - o));
    each(d_c, [d_h, tanh_c, o], |d_c, [d, t, o]| d_c + d * o * (1.0 - t * t));
    each(d_i, [d_c, i, g], |_, [d, i, g]| d * g * i * (1.0 - i));
    each(d_f, [d_c, f, before], |_, [d, f, c]| d * c * f * (1.0 - f));
    each(d_g, [d_c, i, g], |_, [d, i, g]| d * i * (1.0 - g * g));
    each(d_c, [f], |d, [f]| d * f);
}

impl Fused for Lstm {
    const NAME: &'static str = NAME;
    type Kept = Kept;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Kept)> {
        let [gates, recurrent, initial] = inputs else { candle_core::bail!("lstm: 3 inputs") };
        let (order, h, tokens) = (&self.order, self.h, gates.dims[0]);
        let mut kept = Kept { gates: Buffer::any(tokens * 4 * h), h: Buffer::any(tokens * h), c: Buffer::any(tokens * h) };
        for (row, s) in order.begun().iter().enumerate() {
            let [h_0, c_0] = parts(&initial.values[s * 2 * h..(s + 1) * 2 * h]);
            kept.h[row * h..(row + 1) * h].copy_from_slice(h_0);
            kept.c[row * h..(row + 1) * h].copy_from_slice(c_0);
        }
        let mut out = vec![0.0; tokens * 2 * h];
        for (t, step) in order.steps.iter().enumerate() {
            let active = &mut kept.gates[step.start * 4 * h..step.end * 4 * h];
            for (row, token) in active.chunks_exact_mut(4 * h).zip(&order.tokens[step.clone()]) {
                row.copy_from_slice(&gates.values[token * 4 * h..(token + 1) * 4 * h]);
            }
            let before = &kept.h[step.start * h..step.end * h];
            product(rows_mut(active, 4 * h), Accum::Add, rows(before, h), rows(recurrent.values, 4 * h));
            wide(
                #[inline(always)]
                || {
                    let before = kept.c[step.start * h..step.end * h].chunks_exact(h);
                    for ((active, before), token) in active.chunks_exact_mut(4 * h).zip(before).zip(&order.tokens[step.clone()]) {
                        read(active, before, &mut out[token * 2 * h..(token + 1) * 2 * h]);
                    }
                },
            );
            for (row, token) in order.next(t).zip(&order.tokens[step.clone()]) {
                let [h_t, c_t] = parts(&out[token * 2 * h..(token + 1) * 2 * h]);
                kept.h[row * h..(row + 1) * h].copy_from_slice(h_t);
                kept.c[row * h..(row + 1) * h].copy_from_slice(c_t);
            }
        }
        Ok((out, (tokens, 2 * h).into(), kept))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Kept, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let [gates, recurrent, initial] = inputs else { candle_core::bail!("lstm: 3 inputs") };
        let (order, h, tokens) = (&self.order, self.h, gates.dims[0]);
        let mut d_active = Buffer::any(tokens * 4 * h);
        // What the later steps say about h and c; nothing yet about those of sequences that end.
        let (mut d_h, mut d_c) = (Buffer::zeros(order.begun().len() * h), Buffer::zeros(order.begun().len() * h));
        let mut tanh_c = Buffer::any(h);
        let mut d_gates = vec![0.0; gates.values.len()];
        for step in order.steps.iter().rev() {
            let d_active = &mut d_active[step.start * 4 * h..step.end * 4 * h];
            let d_h = &mut d_h[..step.len() * h];
            wide(
                #[inline(always)]
                || {
                    for (i, row) in step.clone().enumerate() {
                        let token = order.tokens[row];
                        let (d_h, d_c) = (&mut d_h[i * h..(i + 1) * h], &mut d_c[i * h..(i + 1) * h]);
                        let [of_h, of_c] = parts(&gradient[token * 2 * h..(token + 1) * 2 * h]);
                        add(d_h, of_h);
                        add(d_c, of_c);
                        let (active, before) = (&kept.gates[row * 4 * h..(row + 1) * 4 * h], &kept.c[row * h..(row + 1) * h]);
                        let d_row = &mut d_active[i * 4 * h..(i + 1) * 4 * h];
                        unread(active, before, d_h, d_c, d_row, &mut tanh_c);
                        d_gates[token * 4 * h..(token + 1) * 4 * h].copy_from_slice(d_row);
                    }
                },
            );
            product(rows_mut(d_h, h), Accum::Replace, rows(d_active, 4 * h), rows(recurrent.values, 4 * h).transpose());
        }
        let d_recurrent = wanted[1].then(|| {
            let mut to = vec![0.0; recurrent.values.len()];
            product(rows_mut(&mut to, 4 * h), Accum::Replace, rows(&kept.h, h).transpose(), rows(&d_active, 4 * h));
            to
        });
        let d_initial = wanted[2].then(|| {
            let mut to = vec![0.0; initial.values.len()];
            for (row, s) in order.begun().iter().enumerate() {
                let [h_0, c_0] = parts_mut(&mut to[s * 2 * h..(s + 1) * 2 * h]);
                h_0.copy_from_slice(&d_h[row * h..(row + 1) * h]);
                c_0.copy_from_slice(&d_c[row * h..(row + 1) * h]);
            }
            to
        });
        Ok(vec![Some(d_gates), d_recurrent, d_initial])
    }
}
