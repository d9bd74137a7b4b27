//! Convolution along a sequence, channels last, as one product of matrices without a copy of every window.
//!
//! All samples lie in one matrix, a row a point, with zero rows before, between and behind them. A window is `kernel` rows that follow
//! one another, so the windows are rows of a matrix whose rows overlap, and one product serves the whole batch. Windows that reach
//! from one sample into the next are computed as well and left out; they are few.

use std::ops::Range;

use candle_core::{Result, Shape, Tensor};
use faer::Accum;

use super::activation::{Activation, activate_plain};
use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::linear::linear;
use super::math::{add_rows, wide};
use super::matrix::{product, rows, rows_apart_mut, rows_mut, windows};

/// `act(conv(x, weight) + bias)` with kernel / 2 zero points on both sides, so that a stride of 1 keeps the length.
///
/// `x` (batch, length, in); `weight` (kernel * in, out), the rows of the first tap first, the kernel odd; `bias` (out)
/// -> (batch, ceil(length / stride), out)
pub fn conv1d(x: &Tensor, weight: &Tensor, bias: &Tensor, stride: usize, activation: Activation) -> Result<Tensor> {
    let plan = Plan::new(x.dims(), weight.dims(), bias.dims(), stride)?;
    if plan.kernel == 1 && plan.stride == 1 {
        let flat = x.reshape((plan.batch * plan.length, plan.inputs))?; // (batch * length, in)
        return linear(&flat, weight, bias, activation)?.reshape((plan.batch, plan.length, plan.outputs));
    }
    if fused(x) { apply(Conv1d { stride, activation }, &[x, weight, bias]) } else { conv1d_plain(x, weight, bias, stride, activation) }
}

/// The same of tensor functions: the taps beside one another, times the weight.
pub fn conv1d_plain(x: &Tensor, weight: &Tensor, bias: &Tensor, stride: usize, activation: Activation) -> Result<Tensor> {
    let Plan { batch, length, inputs, outputs, kernel, stride, out_length, .. } = Plan::new(x.dims(), weight.dims(), bias.dims(), stride)?;
    let (before, span) = (kernel / 2, stride * out_length);
    let padded = x.pad_with_zeros(1, before, kernel - 1 + span - before - length)?; // (batch, kernel - 1 + span, in)
    let tap = |i| {
        let every = padded.narrow(1, i, span)?.reshape((batch, out_length, stride, inputs))?; // (batch, out length, stride, in)
        every.narrow(2, 0, 1)?.squeeze(2) // (batch, out length, in)
    };
    let taps = Tensor::cat(&(0..kernel).map(tap).collect::<Result<Vec<_>>>()?, 2)?; // (batch, out length, kernel * in)
    let flat = taps.reshape((batch * out_length, kernel * inputs))?; // (batch * out length, kernel * in)
    let out = flat.matmul(weight)?.broadcast_add(bias)?; // (batch * out length, out)
    activate_plain(&out, activation)?.reshape((batch, out_length, outputs))
}

/// The sizes of a convolution and how its samples lie in the padded matrix.
#[derive(Debug, Clone, Copy)]
struct Plan {
    batch: usize,
    length: usize,
    inputs: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    out_length: usize,
    /// Padded rows from one sample to the next, a multiple of the stride: so the windows of all samples are equally far apart.
    pitch: usize,
}

impl Plan {
    fn new(x: &[usize], weight: &[usize], bias: &[usize], stride: usize) -> Result<Self> {
        let (&[batch, length, inputs], &[taps, outputs]) = (x, weight) else {
            candle_core::bail!("convolution: an input of {x:?} with a weight of {weight:?}")
        };
        let kernel = taps.checked_div(inputs).unwrap_or(0);
        if kernel.is_multiple_of(2) || taps != kernel * inputs || bias != [outputs] || [batch, length, outputs, stride].contains(&0) {
            candle_core::bail!("convolution: {x:?} with a weight of {weight:?}, a bias of {bias:?} and a stride of {stride}");
        }
        // A longer stride than the sequence has the same single window as one just as long.
        let reach = length + kernel / 2;
        let stride = stride.min(reach);
        let pitch = reach.next_multiple_of(stride);
        Ok(Self { batch, length, inputs, outputs, kernel, stride, out_length: length.div_ceil(stride), pitch })
    }

    fn of(inputs: &[Input<'_>], stride: usize) -> Result<Self> {
        let [x, weight, bias] = inputs else { candle_core::bail!("convolution: 3 inputs") };
        Self::new(x.dims, weight.dims, bias.dims, stride)
    }

    /// Rows of the padded matrix: the last sample's windows end with the zeros that would come before a next one.
    fn padded(&self) -> usize {
        self.batch * self.pitch + self.kernel / 2
    }

    /// Windows in the padded matrix, those between two samples among them.
    fn windows(&self) -> usize {
        (self.batch - 1) * self.window_pitch() + self.out_length
    }

    /// Windows from one sample's first to the next one's.
    fn window_pitch(&self) -> usize {
        self.pitch / self.stride
    }

    /// The samples `x` (batch, length, in) with zeros around them, (padded rows, in).
    fn pad(&self, x: &[f32]) -> Buffer {
        spread(x, self.length * self.inputs, self.pitch * self.inputs, self.kernel / 2 * self.inputs, self.padded() * self.inputs)
    }
}

/// Numbers of samples in a longer row of `total`: `each` of a sample, from `first` on, `pitch` apart, with zeros elsewhere. The row
/// ends with the last sample or with the zeros behind it.
fn spread(values: &[f32], each: usize, pitch: usize, first: usize, total: usize) -> Buffer {
    let mut out = Buffer::any(total);
    let (before, behind) = out.split_at_mut(first);
    before.fill(0.0);
    for (to, from) in behind.chunks_mut(pitch).zip(values.chunks_exact(each)) {
        let (to, zeros) = to.split_at_mut(each);
        to.copy_from_slice(from);
        zeros.fill(0.0);
    }
    out
}

/// The stretch of each sample in such a row.
fn stretches(batch: usize, each: usize, pitch: usize, first: usize) -> impl Iterator<Item = Range<usize>> {
    (0..batch).map(move |i| first + i * pitch..first + i * pitch + each)
}

struct Conv1d {
    stride: usize,
    activation: Activation,
}

impl Fused for Conv1d {
    const NAME: &'static str = "convolution";
    /// What the activation was applied to.
    type Kept = Buffer;

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Buffer)> {
        let plan = Plan::of(inputs, self.stride)?;
        let [x, weight, bias] = inputs else { candle_core::bail!("convolution: 3 inputs") };
        let Plan { batch, outputs, out_length, .. } = plan;
        let padded = plan.pad(x.values);
        let mut all = Buffer::any(plan.windows() * outputs);
        let seen = windows(&padded, plan.windows(), plan.kernel * plan.inputs, plan.stride * plan.inputs);
        product(rows_mut(&mut all, outputs), Accum::Replace, seen, rows(weight.values, outputs));
        let each = out_length * outputs;
        let mut out = vec![0.0; batch * each];
        let samples = stretches(batch, each, plan.window_pitch() * outputs, 0);
        wide(
            #[inline(always)]
            || {
                for (to, from) in out.chunks_exact_mut(each).zip(samples) {
                    for (to, from) in to.chunks_exact_mut(outputs).zip(all[from].chunks_exact(outputs)) {
                        to.iter_mut().zip(from.iter().zip(bias.values)).for_each(|(to, (from, bias))| *to = from + bias);
                    }
                }
            },
        );
        let mut kept = Buffer::default();
        if self.activation != Activation::None {
            kept = Buffer::any(out.len());
            kept.copy_from_slice(&out);
            self.activation.forward(&kept, &mut out);
        }
        Ok((out, (batch, out_length, outputs).into(), kept))
    }

    fn backward(&self, inputs: &[Input<'_>], kept: &Buffer, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let plan = Plan::of(inputs, self.stride)?;
        let [x, weight, bias] = inputs else { candle_core::bail!("convolution: 3 inputs") };
        let outputs = plan.outputs;
        let inner = (self.activation != Activation::None).then(|| {
            let mut inner = Buffer::any(gradient.len());
            inner.copy_from_slice(gradient);
            self.activation.backward(kept, &mut inner);
            inner
        });
        let gradient = inner.as_deref().unwrap_or(gradient);
        let mut d_bias = vec![0.0; bias.values.len()];
        wide(
            #[inline(always)]
            || add_rows(&mut d_bias, gradient),
        );
        // The gradient of every window's result, 0 for those between samples.
        let (each, pitch) = (plan.out_length * outputs, plan.window_pitch() * outputs);
        let d_windows = spread(gradient, each, pitch, 0, plan.windows() * outputs);
        let mut d_weight = vec![0.0; weight.values.len()];
        let padded = plan.pad(x.values);
        let seen = windows(&padded, plan.windows(), plan.kernel * plan.inputs, plan.stride * plan.inputs);
        product(rows_mut(&mut d_weight, outputs), Accum::Replace, seen.transpose(), rows(&d_windows, outputs));
        let d_x = wanted[0].then(|| input_gradient(&plan, &d_windows, weight.values));
        Ok(vec![d_x, Some(d_weight), Some(d_bias)])
    }
}

/// Every tap adds its share, `d_windows` (windows, out) times its weight, to the rows that it saw -> (batch, length, in). For a stride
/// of 1 this is also a convolution with the taps in reverse order, which takes as long.
fn input_gradient(plan: &Plan, d_windows: &[f32], weight: &[f32]) -> Vec<f32> {
    let Plan { inputs, outputs, .. } = *plan;
    let mut d_padded = Buffer::zeros(plan.padded() * inputs);
    for (i, tap) in weight.chunks_exact(inputs * outputs).enumerate() {
        let to = rows_apart_mut(&mut d_padded[i * inputs..], plan.windows(), inputs, plan.stride * inputs);
        product(to, Accum::Add, rows(d_windows, outputs), rows(tap, outputs).transpose());
    }
    let mut out = Vec::with_capacity(plan.batch * plan.length * inputs);
    for range in stretches(plan.batch, plan.length * inputs, plan.pitch * inputs, plan.kernel / 2 * inputs) {
        out.extend_from_slice(&d_padded[range]);
    }
    out
}
