//! Named weights: how a network gets them, at the start of training or from a file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use candle_core::{DType, Device, Tensor, Var};

use crate::util::rng::{self, Stream};
use crate::util::{Error, Result, memory};

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

impl Start {
    /// Of a table with a row for each category, place or other choice. The customary 0.02 leaves rows so alike that the flagship learnt
    /// 345 categories for thousands of steps as if there were one (docs/experiments.md). Networks that predict noise keep it: with larger
    /// rows they learnt one drawing by heart later.
    pub const TABLE: Self = Self::Normal(0.5);
}

/// A weight as a network asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Its name in files.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// How it begins.
    pub start: Start,
}

impl Weight {
    /// Numbers in it.
    pub fn numbers(&self) -> usize {
        self.shape.iter().product()
    }
}

/// Where a network being built asks for weights. One comes in its shape; several come packed, one behind the other in a flat tensor.
pub type Builder<'a> = dyn FnMut(&[Weight]) -> Result<Tensor> + 'a;

/// Asks for a single weight.
pub fn weight(build: &mut Builder<'_>, name: &str, shape: &[usize], start: Start) -> Result<Tensor> {
    build(&[Weight { name: name.to_owned(), shape: shape.to_vec(), start }])
}

/// Weights by name; the order of a `BTreeMap` is the order of everything that is done to all of them.
pub type Weights = BTreeMap<String, Tensor>;

/// A trainable tensor and the weights that lie in it, one behind the other.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// What lies in it.
    pub weights: Vec<Weight>,
    /// The numbers.
    pub var: Var,
}

impl Parameter {
    /// Every weight, and where its numbers lie.
    pub fn parts(&self) -> impl Iterator<Item = (&Weight, Range<usize>)> {
        self.weights.iter().scan(0, |at, weight| {
            let from = *at;
            *at += weight.numbers();
            Some((weight, from..*at))
        })
    }
}

fn shape_of(weights: &[Weight]) -> Vec<usize> {
    match weights {
        [single] => single.shape.clone(),
        several => vec![several.iter().map(Weight::numbers).sum()],
    }
}

/// Bytes that training needs for a weight at least: the weight, its gradient, two moments and an average, in single precision.
const TRAINED_BYTES: u64 = 5 * 4;

/// An error if so many weights cannot be trained in so much memory: better than to be ended by the system halfway.
fn check_room(weights: u64, free: Option<u64>) -> Result<()> {
    let needed = weights.saturating_mul(TRAINED_BYTES);
    match free {
        Some(free) if needed > free => Err(Error::usage(format!(
            "these settings make a network of {} million weights or more, and {:.1} GB of memory are free: training it needs {:.1}",
            weights / 1_000_000,
            free as f64 / 1e9,
            needed as f64 / 1e9,
        ))
        .advise("Lower the preset's widths or its numbers of layers.")),
        _ => Ok(()),
    }
}

/// Makes trainable weights, each from the random stream of its own name, and keeps them in `parameters`.
///
/// # Errors
/// Two weights of one name; more weights than could be trained in the memory that is free now.
pub fn fresh<'a>(seed: u64, device: &'a Device, parameters: &'a mut Vec<Parameter>) -> impl FnMut(&[Weight]) -> Result<Tensor> + 'a {
    let mut names = BTreeSet::new();
    let free = memory::free().filter(|_| device.is_cpu());
    let mut count = 0;
    move |weights| {
        count += weights.iter().map(|weight| weight.numbers() as u64).sum::<u64>();
        check_room(count, free)?;
        let mut values = Vec::new();
        for weight in weights {
            let (name, numbers) = (&weight.name, weight.numbers());
            let mut random = rng::stream(seed, Stream::Init, rng::hash(name));
            match weight.start {
                Start::Zeros => values.extend(std::iter::repeat_n(0.0, numbers)),
                Start::Ones => values.extend(std::iter::repeat_n(1.0, numbers)),
                Start::Normal(deviation) => values.extend(rng::normal(&mut random, numbers).into_iter().map(|v| v * deviation as f32)),
                Start::Uniform(limit) => values.extend((0..numbers).map(|_| rng::uniform(&mut random, -limit as f32, limit as f32))),
            }
            if !names.insert(name.clone()) {
                return Err(Error::new(format!("two weights are named '{name}'")));
            }
        }
        let var = Var::from_vec(values, shape_of(weights), device)?;
        let tensor = var.as_tensor().clone();
        parameters.push(Parameter { weights: weights.to_vec(), var });
        Ok(tensor)
    }
}

/// Hands out weights that are there already, as constants: no gradients are kept for them.
pub fn given<'a>(known: &'a Weights, device: &'a Device) -> impl FnMut(&[Weight]) -> Result<Tensor> + 'a {
    move |weights| {
        let mut parts = Vec::with_capacity(weights.len());
        for Weight { name, shape, .. } in weights {
            let tensor = known.get(name).ok_or_else(|| Error::new(format!("the model file has no weight '{name}'")))?;
            if tensor.dims() != shape {
                return Err(Error::new(format!("the weight '{name}' has the shape {:?}, not {shape:?}", tensor.dims())));
            }
            parts.push(tensor.to_dtype(DType::F32)?.flatten_all()?);
        }
        Ok(Tensor::cat(&parts, 0)?.reshape(shape_of(weights))?.to_device(device)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_does_not_fit_is_refused_before_it_is_made() {
        assert!(check_room(3_000_000, Some(60_000_000)).is_ok() && check_room(u64::MAX, None).is_ok());
        let error = check_room(400_000_000, Some(6_000_000_000)).expect_err("it does not fit").to_string();
        assert!(error.contains("400 million weights or more") && error.contains("6.0 GB") && error.contains("8.0"), "{error}");
        let (mut parameters, cpu) = (Vec::new(), Device::Cpu);
        let huge = Weight { name: "huge".into(), shape: vec![1 << 30, 1 << 10], start: Start::Zeros };
        assert!(fresh(1, &cpu, &mut parameters)(&[huge]).is_err() || memory::free().is_none());
    }
}
