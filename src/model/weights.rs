//! Named weights: how a network gets them, at the start of training or from a file.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor, Var};

use crate::util::rng::{self, Stream};
use crate::util::{Error, Result};

/// How a weight begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// Normal with this deviation.
    Normal(f64),
    /// Uniform in plus or minus this.
    Uniform(f64),
}

/// Where a network being built asks for a weight, by name, shape and start.
pub type Builder<'a> = dyn FnMut(&str, &[usize], Start) -> Result<Tensor> + 'a;

/// Weights by name; the order of a `BTreeMap` is the order of everything that is done to all of them.
pub type Weights = BTreeMap<String, Tensor>;

/// Makes trainable weights, each from the random stream of its own name, and keeps them in `vars`.
pub fn fresh<'a>(
    seed: u64,
    device: &'a Device,
    vars: &'a mut BTreeMap<String, Var>,
) -> impl FnMut(&str, &[usize], Start) -> Result<Tensor> + 'a {
    move |name, shape, start| {
        let n = shape.iter().product();
        let mut random = rng::stream(seed, Stream::Init, rng::hash(name));
        let values: Vec<f32> = match start {
            Start::Zeros => vec![0.0; n],
            Start::Ones => vec![1.0; n],
            Start::Normal(deviation) => rng::normal(&mut random, n).into_iter().map(|v| v * deviation as f32).collect(),
            Start::Uniform(limit) => (0..n).map(|_| rng::uniform(&mut random, -limit as f32, limit as f32)).collect(),
        };
        let var = Var::from_vec(values, shape, device)?;
        let tensor = var.as_tensor().clone();
        if vars.insert(name.to_owned(), var).is_some() {
            return Err(Error::new(format!("two weights are named '{name}'")));
        }
        Ok(tensor)
    }
}

/// Hands out weights that are there already, as constants: no gradients are kept for them.
pub fn given<'a>(weights: &'a Weights, device: &'a Device) -> impl FnMut(&str, &[usize], Start) -> Result<Tensor> + 'a {
    move |name, shape, _| {
        let tensor = weights.get(name).ok_or_else(|| Error::new(format!("the model file has no weight '{name}'")))?;
        if tensor.dims() != shape {
            return Err(Error::new(format!("the weight '{name}' has the shape {:?}, not {shape:?}", tensor.dims())));
        }
        Ok(tensor.to_dtype(DType::F32)?.to_device(device)?)
    }
}
