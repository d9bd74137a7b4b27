//! How an operation is compared with its plain twin and with finite differences.

use candle_core::{DType, Device, Tensor, Var};
use denoodle::util::rng::{Stream, normal, stream};

/// An operation of several tensors.
pub type Op<'a> = &'a dyn Fn(&[Tensor]) -> candle_core::Result<Tensor>;

/// Normal numbers, the same for an index.
pub fn random(shape: &[usize], index: u64) -> Tensor {
    let n = shape.iter().product();
    Tensor::from_vec(normal(&mut stream(3, Stream::Noise, index), n), shape, &Device::Cpu).expect("a tensor")
}

/// A tensor's numbers.
pub fn numbers(x: &Tensor) -> Vec<f64> {
    x.to_dtype(DType::F64).and_then(|x| x.flatten_all()?.to_vec1()).expect("numbers")
}

/// The result, and the gradients of `sum(weights * result)`.
fn run(name: &str, op: Op, inputs: &[Tensor], constants: &[usize]) -> (Tensor, Vec<Vec<f64>>) {
    let vars: Vec<Var> = inputs.iter().map(|x| Var::from_tensor(x).expect("a variable")).collect();
    let seen = |(i, var): (usize, &Var)| if constants.contains(&i) { var.as_tensor().detach() } else { var.as_tensor().clone() };
    let out = op(&vars.iter().enumerate().map(seen).collect::<Vec<_>>()).expect(name);
    let weights = random(out.dims(), 99).to_dtype(out.dtype()).expect("weights");
    let store = (&out * weights).and_then(|t| t.sum_all()?.backward()).expect("backward");
    let gradient = |(i, var): (usize, &Var)| match store.get(var) {
        Some(gradient) => numbers(gradient),
        None => {
            assert!(constants.contains(&i), "{name}: input {i} got no gradient");
            Vec::new()
        }
    };
    let gradients = vars.iter().enumerate().map(gradient).collect();
    (out, gradients)
}

/// Largest difference relative to the largest value.
pub fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let size = b.iter().fold(1e-9f64, |m, v| m.max(v.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / size
}

/// Compares value and gradients of the fused form with those of its twin (both f32: relative error below 1e-5), and the gradients with
/// finite differences of the twin in f64, which know neither backward pass. `constants`: inputs without a gradient.
pub fn check(name: &str, fused: Op, plain: Op, inputs: &[Tensor], constants: &[usize]) {
    let (out, gradients) = run(name, fused, inputs, constants);
    let (twin_out, twin_gradients) = run(name, plain, inputs, constants);
    assert_eq!(out.dims(), twin_out.dims(), "{name}");
    let off = difference(&numbers(&out), &numbers(&twin_out));
    assert!(off < 1e-5, "{name}: values differ by {off}");
    let double: Vec<Tensor> = inputs.iter().map(|x| x.to_dtype(DType::F64).expect("f64")).collect();
    let weights = numbers(&random(out.dims(), 99));
    let value = |inputs: &[Tensor]| -> f64 { numbers(&plain(inputs).expect(name)).iter().zip(&weights).map(|(a, b)| a * b).sum() };
    for (i, (gradient, twin)) in gradients.iter().zip(&twin_gradients).enumerate() {
        if constants.contains(&i) {
            continue;
        }
        let off = difference(gradient, twin);
        assert!(off < 1e-5, "{name}: gradients of input {i} differ by {off}");
        let at = numbers(&inputs[i]);
        let size = gradient.iter().fold(1.0f64, |m, v| m.max(v.abs()));
        for j in (0..at.len()).step_by((at.len() / 17).max(1)) {
            let moved = |by: f64| {
                let mut numbers = at.clone();
                numbers[j] += by;
                let mut inputs = double.clone();
                inputs[i] = Tensor::from_vec(numbers, inputs[i].shape(), &Device::Cpu).expect("a tensor");
                value(&inputs)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slope - gradient[j]).abs() < 2e-5 * size, "{name}: slope {j} of input {i} is {slope}, not {}", gradient[j]);
        }
    }
}
