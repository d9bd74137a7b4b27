//! AdamW (Loshchilov & Hutter 2019) with gradient clipping and an exponential moving average of the weights, in one pass.
//!
//! State lies in plain vectors beside the variables; every number is computed alone, so the result is the same for any number of
//! threads.

use std::cell::Cell;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, Device, InplaceOp1, Layout, Tensor, Var};
use rayon::prelude::*;

use crate::config::TrainSettings;
use crate::model::{Parameter, Weights, ops};
use crate::util::{Error, Result};

/// Keeps the division finite; PyTorch's value.
const EPSILON: f32 = 1e-8;

/// One variable and all that is kept of it.
struct Slot {
    parameter: Parameter,
    first: Vec<f32>,
    second: Vec<f32>,
    average: Vec<f32>,
}

/// The optimiser's state of all weights.
pub struct Optimiser {
    slots: Vec<Slot>,
}

/// What is kept of a weight, by the prefix of its name in a checkpoint. The averages are what a model file holds.
const RAW: &str = "raw.";
const FIRST: &str = "adam_first.";
const SECOND: &str = "adam_second.";

/// How the weights follow their gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hyper {
    /// A longer gradient is shortened to this norm.
    pub clip_norm: f64,
    /// How long the mean of the gradients remembers.
    pub beta1: f64,
    /// How long the mean of their squares remembers.
    pub beta2: f64,
    /// Pull of matrices to 0, a share of the rate.
    pub weight_decay: f64,
    /// How long the average of the weights remembers.
    pub ema_decay: f64,
}

impl From<&TrainSettings> for Hyper {
    fn from(settings: &TrainSettings) -> Self {
        let TrainSettings { clip_norm, beta1, beta2, weight_decay, ema_decay, .. } = *settings;
        Self { clip_norm, beta1, beta2, weight_decay, ema_decay }
    }
}

/// What a step does to every number.
#[derive(Clone, Copy)]
struct Update {
    clip: f32,
    beta1: f32,
    beta2: f32,
    size: f32,
    correct: f32,
    follow: f32,
}

impl Optimiser {
    /// For these parameters; the averages begin as the values are.
    pub fn new(parameters: Vec<Parameter>) -> Result<Self> {
        let slot = |parameter: Parameter| {
            let average = values(&parameter.var)?;
            let zeros = vec![0.0; average.len()];
            Ok(Slot { parameter, first: zeros.clone(), second: zeros, average })
        };
        Ok(Self { slots: parameters.into_iter().map(slot).collect::<Result<_>>()? })
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> usize {
        self.slots.iter().map(|slot| slot.average.len()).sum()
    }

    /// The gradients of all parameters, on the CPU; whatever else the store holds is let go, and with it the graph. A parameter
    /// without a gradient is a fault in a network.
    pub fn gradients(&self, mut store: GradStore) -> Result<Vec<Tensor>> {
        let of = |slot: &Slot| {
            let gradient = store.remove(slot.parameter.var.as_tensor()).ok_or_else(|| {
                let names: Vec<&str> = slot.parameter.weights.iter().map(|weight| weight.name.as_str()).collect();
                Error::new(format!("'{}' got no gradient: some operation in its path has no backward pass", names.join("', '")))
            })?;
            Ok(gradient.detach().to_device(&Device::Cpu)?.contiguous()?)
        };
        self.slots.iter().map(of).collect()
    }

    /// The norm of the shards' gradients, added up.
    pub fn norm(&self, shards: &[Vec<Tensor>], pool: &rayon::ThreadPool) -> Result<f64> {
        let one = |(i, slot): (usize, &Slot)| -> Result<f64> {
            let mut squares = 0.0;
            let mut sums = [0.0f32; CHUNK];
            let held = shards.iter().map(|shard| ops::hold(&shard[i])).collect::<candle_core::Result<Vec<_>>>()?;
            for at in (0..slot.average.len()).step_by(CHUNK) {
                let sums = &mut sums[..CHUNK.min(slot.average.len() - at)];
                sum(&held, at, sums);
                squares += f64::from(ops::math::wide(
                    #[inline(always)]
                    || ops::math::fold(sums, |g| g * g),
                ));
            }
            Ok(squares)
        };
        let squares: Vec<f64> = pool.install(|| self.slots.par_iter().enumerate().map(one).collect::<Result<_>>())?;
        Ok(squares.iter().sum::<f64>().sqrt())
    }

    /// One step along the shards' gradients, whose sum has that norm; `step` counts from 0.
    pub fn step(
        &mut self,
        shards: &[Vec<Tensor>],
        settings: Hyper,
        step: u64,
        rate: f64,
        norm: f64,
        pool: &rayon::ThreadPool,
    ) -> Result<()> {
        let t = (step + 1) as i32;
        let update = Update {
            clip: (settings.clip_norm / norm.max(1e-12)).min(1.0) as f32,
            beta1: settings.beta1 as f32,
            beta2: settings.beta2 as f32,
            size: (rate / (1.0 - settings.beta1.powi(t))) as f32,
            correct: (1.0 / (1.0 - settings.beta2.powi(t))) as f32,
            // The average follows quickly at first, so that early samples are not of the random start.
            follow: (1.0 - settings.ema_decay.min((step + 1) as f64 / (step + 10) as f64)) as f32,
        };
        let decay = 1.0 - (rate * settings.weight_decay) as f32;
        let one = |(i, slot): (usize, &mut Slot)| -> Result<()> {
            let held = shards.iter().map(|shard| ops::hold(&shard[i])).collect::<candle_core::Result<Vec<_>>>()?;
            let Slot { parameter, first, second, average } = slot;
            change(&parameter.var, |value| {
                let mut sums = [0.0f32; CHUNK];
                for (weight, part) in parameter.parts() {
                    // Decay is for matrices: a bias, a gain or an embedding is not to be pulled to 0.
                    let keep = if weight.name.ends_with(".weight") { decay } else { 1.0 };
                    for at in part.clone().step_by(CHUNK) {
                        let range = at..part.end.min(at + CHUNK);
                        let sums = &mut sums[..range.len()];
                        sum(&held, at, sums);
                        let state = (&mut first[range.clone()], &mut second[range.clone()], &mut average[range.clone()]);
                        update.apply(&mut value[range], sums, state, keep);
                    }
                }
            })
        };
        pool.install(|| self.slots.par_iter_mut().enumerate().try_for_each(one))
    }

    /// The averaged weights.
    pub fn averages(&self) -> Result<Weights> {
        let mut out = Weights::new();
        self.slots.iter().try_for_each(|slot| slot.put("", &slot.average, &mut out))?;
        Ok(out)
    }

    /// Everything else that a checkpoint must hold.
    pub fn state(&self) -> Result<Weights> {
        let mut out = Weights::new();
        for slot in &self.slots {
            slot.put(RAW, &values(&slot.parameter.var)?, &mut out)?;
            slot.put(FIRST, &slot.first, &mut out)?;
            slot.put(SECOND, &slot.second, &mut out)?;
        }
        Ok(out)
    }

    /// Goes back to a checkpoint's state.
    pub fn restore(&mut self, averages: &Weights, state: &Weights) -> Result<()> {
        for slot in &mut self.slots {
            slot.average = slot.find(averages, "")?;
            slot.first = slot.find(state, FIRST)?;
            slot.second = slot.find(state, SECOND)?;
            let raw = slot.find(state, RAW)?;
            change(&slot.parameter.var, |value| value.copy_from_slice(&raw))?;
        }
        Ok(())
    }

    /// Starts from a trained model's weights.
    pub fn adopt(&mut self, adopt: &Weights) -> Result<()> {
        for slot in &mut self.slots {
            slot.average = slot.find(adopt, "")?;
            change(&slot.parameter.var, |value| value.copy_from_slice(&slot.average))?;
        }
        Ok(())
    }
}

/// Numbers that are worked on together: they stay in the first-level cache.
const CHUNK: usize = 1024;

/// Sums of the shards' gradients from number `at` on.
fn sum(shards: &[ops::Held<'_>], at: usize, sums: &mut [f32]) {
    let n = sums.len();
    for (i, shard) in shards.iter().enumerate() {
        let from = &shard[at..at + n];
        if i == 0 {
            sums.copy_from_slice(from);
        } else {
            ops::math::wide(
                #[inline(always)]
                || ops::math::add(sums, from),
            );
        }
    }
}

impl Update {
    fn apply(self, value: &mut [f32], gradient: &[f32], state: (&mut [f32], &mut [f32], &mut [f32]), keep: f32) {
        let Self { clip, beta1, beta2, size, correct, follow } = self;
        let (first, second, average) = state;
        ops::math::wide(
            #[inline(always)]
            || {
                let state = first.iter_mut().zip(second).zip(average);
                for ((value, gradient), ((first, second), average)) in value.iter_mut().zip(gradient).zip(state) {
                    let g = gradient * clip;
                    *first = beta1 * *first + (1.0 - beta1) * g;
                    *second = beta2 * *second + (1.0 - beta2) * g * g;
                    *value = *value * keep - size * *first / ((*second * correct).sqrt() + EPSILON);
                    *average += follow * (*value - *average);
                }
            },
        );
    }
}

impl Slot {
    /// The weights in `values` by their names.
    fn put(&self, prefix: &str, values: &[f32], out: &mut Weights) -> Result<()> {
        for (weight, range) in self.parameter.parts() {
            let tensor = Tensor::from_slice(&values[range], weight.shape.as_slice(), &Device::Cpu)?;
            out.insert(format!("{prefix}{}", weight.name), tensor);
        }
        Ok(())
    }

    fn find(&self, from: &Weights, prefix: &str) -> Result<Vec<f32>> {
        let mut out = Vec::with_capacity(self.average.len());
        for weight in &self.parameter.weights {
            let name = format!("{prefix}{}", weight.name);
            match from.get(&name) {
                Some(tensor) if tensor.dims() == weight.shape => out.extend(tensor.flatten_all()?.to_vec1::<f32>()?),
                Some(tensor) => {
                    return Err(Error::new(format!(
                        "'{name}' has the shape {:?}, but the network needs {:?}",
                        tensor.dims(),
                        weight.shape
                    )));
                }
                None => return Err(Error::new(format!("'{name}' is missing"))),
            }
        }
        Ok(out)
    }
}

/// A variable's numbers.
fn values(var: &Var) -> Result<Vec<f32>> {
    Ok(var.as_tensor().flatten_all()?.to_vec1::<f32>()?)
}

/// Changes a variable's numbers: on the CPU where they lie, elsewhere by way of a copy.
fn change(var: &Var, how: impl FnOnce(&mut [f32])) -> Result<()> {
    if var.device().is_cpu() {
        Ok(var.inplace_op1(&Change(Cell::new(Some(how))))?)
    } else {
        let mut numbers = values(var)?;
        how(&mut numbers);
        Ok(var.set(&Tensor::from_vec(numbers, var.dims(), var.device())?)?)
    }
}

struct Change<F>(Cell<Option<F>>);

impl<F: FnOnce(&mut [f32])> InplaceOp1 for Change<F> {
    fn name(&self) -> &'static str {
        "change"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, _: &Layout) -> candle_core::Result<()> {
        match (storage, self.0.take()) {
            (CpuStorage::F32(values), Some(how)) => how(values),
            _ => candle_core::bail!("a weight is not stored as f32"),
        }
        Ok(())
    }
}
