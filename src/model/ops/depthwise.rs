//! Depthwise convolution of pictures, channels last: every channel has a kernel of its own (Chollet 2017).
//!
//! No product of matrices is in it, so it is a loop over tiles of a few pixels by sixteen channels that stay in registers.

use candle_core::{Result, Shape, Tensor};

use super::buffer::Buffer;
use super::fused::{Fused, Input, apply, fused};
use super::math::{add_rows, wide};

/// Channels of a tile.
const LANES: usize = 16;
/// Pixels of a tile, side by side.
const PIXELS: usize = 4;

/// `conv(x, weight) + bias`, each channel by itself, with kernel / 2 zeros on all sides, so that a picture keeps its size.
///
/// `x` (batch, height, width, channels); `weight` (kernel * kernel, channels), row by row, the kernel 3, 5 or 7; `bias` (channels)
pub fn depthwise(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    Plan::new(x.dims(), weight.dims(), bias.dims())?;
    if fused(x) { apply(Depthwise, &[x, weight, bias]) } else { depthwise_plain(x, weight, bias) }
}

/// The same of tensor functions: shifted pictures, each times its tap.
pub fn depthwise_plain(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let Plan { height, width, channels, kernel, .. } = Plan::new(x.dims(), weight.dims(), bias.dims())?;
    let border = kernel / 2;
    let padded = x.pad_with_zeros(1, border, border)?.pad_with_zeros(2, border, border)?; // (batch, height + 2 border, width + 2 border, channels)
    let mut out = bias.broadcast_as(x.shape())?; // (batch, height, width, channels)
    for tap in 0..kernel * kernel {
        let seen = padded.narrow(1, tap / kernel, height)?.narrow(2, tap % kernel, width)?; // (batch, height, width, channels)
        out = (out + seen.broadcast_mul(&weight.narrow(0, tap, 1)?.reshape(channels)?)?)?; // (batch, height, width, channels)
    }
    Ok(out)
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    height: usize,
    width: usize,
    channels: usize,
    kernel: usize,
}

impl Plan {
    fn new(x: &[usize], weight: &[usize], bias: &[usize]) -> Result<Self> {
        let (&[batch, height, width, channels], &[taps, outputs]) = (x, weight) else {
            candle_core::bail!("depthwise convolution: an input of {x:?} with a weight of {weight:?}")
        };
        let kernel = taps.isqrt();
        if ![3, 5, 7].contains(&kernel)
            || kernel * kernel != taps
            || outputs != channels
            || bias != [channels]
            || batch * height * width == 0
        {
            candle_core::bail!("depthwise convolution: {x:?} with a weight of {weight:?} and a bias of {bias:?}");
        }
        Ok(Self { height, width, channels, kernel })
    }

    fn of(inputs: &[Input<'_>]) -> Result<Self> {
        let [x, weight, bias] = inputs else { candle_core::bail!("depthwise convolution: 3 inputs") };
        Self::new(x.dims, weight.dims, bias.dims)
    }

    /// Numbers of a picture.
    fn picture(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Numbers from one row of a padded picture to the next.
    fn padded_row(&self) -> usize {
        (self.width + self.kernel - 1) * self.channels
    }

    /// A border of zeros, for [`Plan::pad`] to fill.
    fn border(&self) -> Buffer {
        Buffer::zeros((self.height + self.kernel - 1) * self.padded_row())
    }

    /// Puts a picture (height, width, channels) into its border.
    fn pad(&self, picture: &[f32], into: &mut [f32]) {
        let border = self.kernel / 2;
        for (y, row) in picture.chunks_exact(self.width * self.channels).enumerate() {
            let at = (y + border) * self.padded_row() + border * self.channels;
            into[at..at + row.len()].copy_from_slice(row);
        }
    }
}

/// Numbers of one tile's pixel.
#[inline(always)]
fn lanes<const L: usize>(values: &[f32], at: usize) -> [f32; L] {
    let mut out = [0.0; L];
    out.copy_from_slice(&values[at..at + L]);
    out
}

/// One tile of the result: `P` pixels from (y, x) on, `L` channels from `c` on.
#[inline(always)]
fn tile<const K: usize, const P: usize, const L: usize>(
    plan: &Plan,
    (padded, weight, bias): (&[f32], &[f32], &[f32]),
    out: &mut [f32],
    (y, x, c): (usize, usize, usize),
) {
    let channels = plan.channels;
    let mut sums = [lanes::<L>(bias, c); P];
    for i in 0..K {
        let row = (y + i) * plan.padded_row() + x * channels + c;
        for j in 0..K {
            let tap = lanes::<L>(weight, (i * K + j) * channels + c);
            for (p, sum) in sums.iter_mut().enumerate() {
                let seen = lanes::<L>(padded, row + (j + p) * channels);
                for l in 0..L {
                    sum[l] += seen[l] * tap[l];
                }
            }
        }
    }
    for (p, sum) in sums.iter().enumerate() {
        let at = (y * plan.width + x + p) * channels + c;
        out[at..at + L].copy_from_slice(sum);
    }
}

/// A whole picture: `padded` -> `out` (height, width, channels).
#[inline(always)]
fn convolve<const K: usize>(plan: &Plan, inputs: (&[f32], &[f32], &[f32]), out: &mut [f32]) {
    let (whole, tiled) = (plan.channels / LANES * LANES, plan.width / PIXELS * PIXELS);
    for y in 0..plan.height {
        for x in (0..tiled).step_by(PIXELS) {
            (0..whole).step_by(LANES).for_each(|c| tile::<K, PIXELS, LANES>(plan, inputs, out, (y, x, c)));
            (whole..plan.channels).for_each(|c| tile::<K, PIXELS, 1>(plan, inputs, out, (y, x, c)));
        }
        for x in tiled..plan.width {
            (0..whole).step_by(LANES).for_each(|c| tile::<K, 1, LANES>(plan, inputs, out, (y, x, c)));
            (whole..plan.channels).for_each(|c| tile::<K, 1, 1>(plan, inputs, out, (y, x, c)));
        }
    }
}

/// Adds the gradient of row `i` of the kernel, `L` channels from `c` on.
#[inline(always)]
fn tap_gradients<const K: usize, const L: usize>(
    plan: &Plan,
    padded: &[f32],
    gradient: &[f32],
    d_weight: &mut [f32],
    (i, c): (usize, usize),
) {
    let channels = plan.channels;
    let mut sums = [[0.0; L]; K];
    for y in 0..plan.height {
        for x in 0..plan.width {
            let g = lanes::<L>(gradient, (y * plan.width + x) * channels + c);
            let row = (y + i) * plan.padded_row() + x * channels + c;
            for (j, sum) in sums.iter_mut().enumerate() {
                let seen = lanes::<L>(padded, row + j * channels);
                for l in 0..L {
                    sum[l] += seen[l] * g[l];
                }
            }
        }
    }
    for (j, sum) in sums.iter().enumerate() {
        let at = (i * K + j) * channels + c;
        d_weight[at..at + L].iter_mut().zip(sum).for_each(|(to, from)| *to += from);
    }
}

#[inline(always)]
fn weight_gradient<const K: usize>(plan: &Plan, padded: &[f32], gradient: &[f32], d_weight: &mut [f32]) {
    let whole = plan.channels / LANES * LANES;
    for i in 0..K {
        (0..whole).step_by(LANES).for_each(|c| tap_gradients::<K, LANES>(plan, padded, gradient, d_weight, (i, c)));
        (whole..plan.channels).for_each(|c| tap_gradients::<K, 1>(plan, padded, gradient, d_weight, (i, c)));
    }
}

/// All pictures of a batch: (batch, height, width, channels) -> the same.
fn convolve_all(plan: &Plan, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let mut padded = plan.border();
    let mut out = vec![0.0; x.len()];
    for (picture, out) in x.chunks_exact(plan.picture()).zip(out.chunks_exact_mut(plan.picture())) {
        plan.pad(picture, &mut padded);
        let inputs = (&padded[..], weight, bias);
        wide(
            #[inline(always)]
            || match plan.kernel {
                3 => convolve::<3>(plan, inputs, out),
                5 => convolve::<5>(plan, inputs, out),
                _ => convolve::<7>(plan, inputs, out),
            },
        );
    }
    out
}

struct Depthwise;

impl Fused for Depthwise {
    const NAME: &'static str = "depthwise convolution";
    type Kept = ();

    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, ())> {
        let plan = Plan::of(inputs)?;
        let [x, weight, bias] = inputs else { candle_core::bail!("depthwise convolution: 3 inputs") };
        Ok((convolve_all(&plan, x.values, weight.values, bias.values), x.dims.into(), ()))
    }

    fn backward(&self, inputs: &[Input<'_>], (): &(), gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>> {
        let plan = Plan::of(inputs)?;
        let [x, weight, _] = inputs else { candle_core::bail!("depthwise convolution: 3 inputs") };
        let channels = plan.channels;
        let (mut d_weight, mut d_bias) = (vec![0.0; weight.values.len()], vec![0.0; channels]);
        wide(
            #[inline(always)]
            || add_rows(&mut d_bias, gradient),
        );
        let mut padded = plan.border();
        for (picture, gradient) in x.values.chunks_exact(plan.picture()).zip(gradient.chunks_exact(plan.picture())) {
            plan.pad(picture, &mut padded);
            let (plan, padded, d_weight) = (&plan, &padded[..], &mut d_weight[..]);
            wide(
                #[inline(always)]
                || match plan.kernel {
                    3 => weight_gradient::<3>(plan, padded, gradient, d_weight),
                    5 => weight_gradient::<5>(plan, padded, gradient, d_weight),
                    _ => weight_gradient::<7>(plan, padded, gradient, d_weight),
                },
            );
        }
        // What a pixel gave to its neighbours comes back by the same taps in reverse order.
        let d_x = wanted[0].then(|| {
            let turned: Vec<f32> = weight.values.chunks_exact(channels).rev().flatten().copied().collect();
            convolve_all(&plan, gradient, &turned, &vec![0.0; channels])
        });
        Ok(vec![d_x, Some(d_weight), Some(d_bias)])
    }
}
