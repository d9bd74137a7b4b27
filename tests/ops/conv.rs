//! Convolutions, and sequences of half or twice the length.

use candle_core::{DType, Tensor, Var};
use denoodle::model::ops::{self, Activation};
use proptest::prelude::*;

use crate::check::{check, difference, numbers, random};

const ACTIVATIONS: [Activation; 3] = [Activation::None, Activation::Silu, Activation::Gelu];

fn weights(kernel: usize, inputs: usize, outputs: usize) -> [Tensor; 2] {
    [random(&[kernel * inputs, outputs], 1), random(&[outputs], 2)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn convolution(
        batch in 1usize..4, length in 1usize..12, inputs in 1usize..7, outputs in 1usize..7,
        half in 0usize..4, stride in 1usize..5, which in 0usize..3,
    ) {
        let act = ACTIVATIONS[which];
        let [weight, bias] = weights(2 * half + 1, inputs, outputs);
        let all = [random(&[batch, length, inputs], 0), weight, bias];
        let fused = |x: &[Tensor]| ops::conv1d(&x[0], &x[1], &x[2], stride, act);
        check("convolution", &fused, &|x| ops::conv1d_plain(&x[0], &x[1], &x[2], stride, act), &all, &[]);
    }

    #[test]
    fn half_and_double(batch in 1usize..4, half in 1usize..6, width in 1usize..20) {
        let x = [random(&[batch, 2 * half, width], 0)];
        check("halve", &|x| ops::halve(&x[0]), &|x| ops::halve_plain(&x[0]), &x, &[]);
        check("double", &|x| ops::double(&x[0]), &|x| ops::double_plain(&x[0]), &x, &[]);
    }

    #[test]
    fn norms_modulated_in_groups(groups in 1usize..4, each in 1usize..5, width in 3usize..20) {
        let all = [random(&[groups * each, width], 0), random(&[groups, width], 1), random(&[groups, width], 2)];
        check("modulated", &|x| ops::modulated_norm(&x[0], &x[1], &x[2]), &|x| ops::modulated_norm_plain(&x[0], &x[1], &x[2]), &all, &[]);
    }
}

/// What a convolution is: sums over taps, one number at a time, in f64.
fn by_definition(x: &Tensor, weight: &Tensor, bias: &Tensor, stride: usize) -> Vec<f64> {
    let (batch, length, inputs) = x.dims3().expect("a batch");
    let (taps, outputs) = weight.dims2().expect("a weight");
    let (kernel, x, w, b) = (taps / inputs, numbers(x), numbers(weight), numbers(bias));
    let mut out = Vec::new();
    for sample in 0..batch {
        for centre in (0..length).step_by(stride) {
            for o in 0..outputs {
                let seen = (0..kernel).filter_map(|tap| Some((tap, (centre + tap).checked_sub(kernel / 2).filter(|at| *at < length)?)));
                let term = |(tap, at)| {
                    (0..inputs).map(|i| x[(sample * length + at) * inputs + i] * w[(tap * inputs + i) * outputs + o]).sum::<f64>()
                };
                out.push(b[o] + seen.map(term).sum::<f64>());
            }
        }
    }
    out
}

#[test]
fn a_convolution_is_what_its_definition_says() {
    for (kernel, stride) in [(1, 1), (1, 2), (3, 1), (3, 2), (5, 1), (5, 2), (3, 3), (7, 100)] {
        for (batch, length) in [(1, 1), (2, 1), (3, 2), (2, 9), (3, 40)] {
            let (x, [weight, bias]) = (random(&[batch, length, 5], 0), weights(kernel, 5, 4));
            let out = ops::conv1d(&x, &weight, &bias, stride, Activation::None).expect("a convolution");
            assert_eq!(out.dims(), [batch, (length + 2 * (kernel / 2) - kernel) / stride + 1, 4]);
            let off = difference(&numbers(&out), &by_definition(&x, &weight, &bias, stride));
            assert!(off < 1e-5, "kernel {kernel}, stride {stride}, {batch} of {length}: {off}");
        }
    }
}

#[test]
fn a_convolution_reads_input_that_is_not_contiguous() {
    let [weight, bias] = weights(3, 4, 5);
    let x = random(&[2, 4, 12], 0).transpose(1, 2).and_then(|x| x.narrow(1, 2, 7)).expect("a view");
    for stride in [1, 2] {
        let run = |x: &[Tensor]| ops::conv1d(&x[0].transpose(1, 2)?.narrow(1, 2, 7)?, &x[1], &x[2], stride, Activation::Silu);
        let plain = |x: &[Tensor]| ops::conv1d_plain(&x[0].transpose(1, 2)?.narrow(1, 2, 7)?, &x[1], &x[2], stride, Activation::Silu);
        check("convolution", &run, &plain, &[random(&[2, 4, 12], 0), weight.clone(), bias.clone()], &[]);
        let out = ops::conv1d(&x, &weight, &bias, stride, Activation::None).expect("a convolution");
        assert!(difference(&numbers(&out), &by_definition(&x.contiguous().expect("copied"), &weight, &bias, stride)) < 1e-5);
    }
}

#[test]
fn convolutions_that_do_not_fit_are_refused() {
    let (x, [weight, bias]) = (random(&[2, 6, 4], 0), weights(3, 4, 5));
    let conv = |x: &Tensor, weight: &Tensor, bias: &Tensor, stride| {
        let plain = ops::conv1d_plain(x, weight, bias, stride, Activation::None);
        let fused = ops::conv1d(x, weight, bias, stride, Activation::None);
        assert_eq!(plain.is_err(), fused.is_err());
        fused.is_ok()
    };
    assert!(conv(&x, &weight, &bias, 1) && conv(&x, &weight, &bias, usize::MAX));
    assert!(!conv(&x, &weight, &bias, 0));
    assert!(!conv(&x, &random(&[8, 5], 1), &bias, 1), "an even kernel");
    assert!(!conv(&x, &random(&[13, 5], 1), &bias, 1), "no whole number of taps");
    assert!(!conv(&x, &weight, &random(&[4], 2), 1));
    assert!(!conv(&random(&[12, 4], 0), &weight, &bias, 1));
    assert!(!conv(&random(&[2, 0, 4], 0), &weight, &bias, 1) && !conv(&random(&[0, 6, 4], 0), &weight, &bias, 1));
    assert!(ops::halve(&random(&[2, 5, 3], 0)).is_err() && ops::double(&random(&[5, 3], 0)).is_err());
    assert!(ops::modulated_norm(&random(&[5, 3], 0), &random(&[2, 3], 1), &random(&[2, 3], 2)).is_err());
}

/// Gradients of `sum(weights * op(inputs))` with respect to the second input, and their finite differences.
fn weight_slopes(op: &dyn Fn(&Tensor, &Tensor) -> candle_core::Result<Tensor>, x: &Tensor, weight: &Tensor) -> (Vec<f64>, Vec<f64>) {
    let value = |weight: &Tensor| {
        let out = op(x, weight).expect("a convolution");
        let weights = random(out.dims(), 99).to_dtype(out.dtype()).expect("weights");
        (out * weights).and_then(|t| t.sum_all()).expect("a sum")
    };
    let var = Var::from_tensor(weight).expect("a variable");
    let gradient = numbers(value(var.as_tensor()).backward().expect("backward").get(&var).expect("a gradient"));
    let at = numbers(weight);
    let slope = |j: usize| {
        let moved = |by: f64| {
            let mut at = at.clone();
            at[j] += by;
            numbers(&value(&Tensor::from_vec(at, weight.shape(), weight.device()).expect("a tensor")))[0]
        };
        (moved(1e-5) - moved(-1e-5)) / 2e-5
    };
    (gradient, (0..at.len()).map(slope).collect())
}

/// Why there is a convolution here: candle's own copies a kernel that is not contiguous and then multiplies by what it copied from
/// (huggingface/candle pull request 3836, open; candle-core 0.11.1, src/cpu_backend/mod.rs, `conv1d`). Its backward pass uses the
/// result's gradient as such a kernel, turned: that is contiguous for a batch of 1, and not for more.
/// When this test fails, candle has been mended.
#[test]
#[allow(clippy::disallowed_methods, reason = "it shows why")]
fn candles_own_convolution_has_wrong_gradients_and_ours_has_not() {
    let double = |x: Tensor| x.to_dtype(DType::F64).expect("f64");
    let bias = double(random(&[3], 2).zeros_like().expect("zeros"));
    for batch in [1, 2] {
        let x = double(random(&[batch, 7, 4], 0)); // (batch, length, in)
        // Candle's is channels first, its weight (out, in, kernel).
        let theirs = |x: &Tensor, weight: &Tensor| x.transpose(1, 2)?.contiguous()?.conv1d(weight, 1, 1, 1, 1)?.transpose(1, 2);
        let (gradient, slopes) = weight_slopes(&theirs, &x, &double(random(&[3, 4, 3], 1)));
        assert_eq!(difference(&gradient, &slopes) < 1e-6, batch == 1, "a batch of {batch}: {}", difference(&gradient, &slopes));
        let ours = |x: &Tensor, weight: &Tensor| ops::conv1d(x, weight, &bias, 1, Activation::None);
        let (gradient, slopes) = weight_slopes(&ours, &x, &double(random(&[12, 3], 1)));
        assert!(difference(&gradient, &slopes) < 1e-6);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn depthwise(batch in 1usize..3, height in 1usize..8, width in 1usize..8, channels in 1usize..20, half in 1usize..4) {
        let kernel = 2 * half + 1;
        let all = [random(&[batch, height, width, channels], 0), random(&[kernel * kernel, channels], 1), random(&[channels], 2)];
        let fused = |x: &[Tensor]| ops::depthwise(&x[0], &x[1], &x[2]);
        check("depthwise", &fused, &|x| ops::depthwise_plain(&x[0], &x[1], &x[2]), &all, &[]);
    }
}
