//! Every fused operation agrees with its plain twin and with finite differences.

use candle_core::{DType, Device, Tensor, Var};
use denoodle::model::ops;
use denoodle::util::rng::{Stream, normal, stream};

type Op<'a> = &'a dyn Fn(&Tensor) -> candle_core::Result<Tensor>;

fn random(shape: &[usize], index: u64) -> Tensor {
    let n = shape.iter().product();
    Tensor::from_vec(normal(&mut stream(3, Stream::Noise, index), n), shape, &Device::Cpu).expect("a tensor")
}

/// Value of `sum(weights * op(x))` and its gradient.
fn value_and_gradient(op: Op, x: &Tensor, weights: &Tensor) -> (f64, Vec<f64>) {
    let var = Var::from_tensor(x).expect("a variable");
    let value = (op(var.as_tensor()).expect("forward") * weights).and_then(|t| t.sum_all()).expect("a sum");
    let gradient = value.backward().expect("backward");
    let gradient = gradient.get(&var).expect("a gradient").flatten_all().and_then(|g| g.to_dtype(DType::F64)?.to_vec1()).expect("f64");
    (value.to_dtype(DType::F64).and_then(|v| v.to_scalar()).expect("a number"), gradient)
}

/// Largest difference relative to the largest value.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    let size = b.iter().fold(1e-9f64, |m, v| m.max(v.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / size
}

fn check(name: &str, fused: Op, plain: Op, shape: &[usize], out: &[usize]) {
    let (x, weights) = (random(shape, 0), random(out, 1));
    let (value, gradient) = value_and_gradient(fused, &x, &weights);
    let (twin_value, twin_gradient) = value_and_gradient(plain, &x, &weights);
    assert!((value - twin_value).abs() < 1e-5 * twin_value.abs().max(1.0), "{name} {shape:?}: {value} instead of {twin_value}");
    assert!(
        difference(&gradient, &twin_gradient) < 1e-5,
        "{name} {shape:?}: gradients differ by {}",
        difference(&gradient, &twin_gradient)
    );
    // Finite differences of the plain twin in f64: independent of both backward passes.
    let (x, weights) = (x.to_dtype(DType::F64).expect("f64"), weights.to_dtype(DType::F64).expect("f64"));
    let numbers: Vec<f64> = x.flatten_all().and_then(|x| x.to_vec1()).expect("f64");
    let at = |numbers: &[f64]| -> f64 {
        let x = Tensor::from_slice(numbers, shape, &Device::Cpu).expect("a tensor");
        (plain(&x).expect("forward") * &weights).and_then(|t| t.sum_all()?.to_scalar()).expect("a number")
    };
    for i in (0..numbers.len()).step_by((numbers.len() / 23).max(1)) {
        let moved = |by: f64| at(&numbers.iter().enumerate().map(|(j, v)| if i == j { v + by } else { *v }).collect::<Vec<_>>());
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((slope - gradient[i]).abs() < 2e-4 * slope.abs().max(1.0), "{name} {shape:?}: slope {i} is {slope}, not {}", gradient[i]);
    }
}

#[test]
fn silu() {
    for shape in [&[1usize, 1][..], &[3, 7], &[64, 33]] {
        check("silu", &ops::silu, &ops::silu_plain, shape, shape);
    }
}

#[test]
fn normalise() {
    for shape in [&[1usize, 4][..], &[3, 7], &[2, 5, 16], &[40, 160]] {
        check("normalise", &ops::normalise, &ops::normalise_plain, shape, shape);
    }
}

#[test]
fn causal_attention() {
    for (ends, heads, width) in [(vec![1usize], 1usize, 4usize), (vec![1, 2, 3], 2, 8), (vec![5], 2, 6), (vec![3, 10, 11, 20], 3, 33)] {
        let tokens = ends[ends.len() - 1];
        let fused = |x: &Tensor| ops::causal_attention(x, &ends, heads);
        let plain = |x: &Tensor| ops::causal_attention_plain(x, &ends, heads);
        check("attention", &fused, &plain, &[tokens, 3 * width], &[tokens, width]);
    }
}

#[test]
fn input_that_is_not_contiguous_is_read_rightly() {
    let x = random(&[6, 10], 2);
    for (fused, plain) in [(&ops::silu as Op, &ops::silu_plain as Op), (&ops::normalise, &ops::normalise_plain)] {
        let turned = |op: Op, x: &Tensor| op(&x.t().expect("turned")).and_then(|y| y.flatten_all()?.to_vec1::<f32>()).expect("numbers");
        let (a, b) = (turned(fused, &x), turned(plain, &x));
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

#[test]
fn sequences_that_do_not_fit_are_refused() {
    let x = random(&[6, 12], 3);
    for ends in [vec![], vec![5], vec![7], vec![3, 3, 6], vec![0, 6]] {
        assert!(ops::causal_attention(&x, &ends, 2).is_err(), "{ends:?}");
    }
    assert!(ops::causal_attention(&x, &[6], 5).is_err());
}
