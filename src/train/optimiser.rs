//! AdamW (Loshchilov & Hutter 2019) with gradient clipping and an exponential moving average of the weights.
//!
//! All state lives in plain vectors in the order of the weights' names; every number is computed alone, so the result is the
//! same for any number of threads.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp1, Layout, Tensor, Var};
use rayon::prelude::*;

use crate::config::TrainSettings;
use crate::model::Weights;
use crate::util::{Error, Result};

/// Keeps the division finite; PyTorch's value.
const EPSILON: f32 = 1e-8;

/// One weight and all that is kept of it.
struct Slot {
    name: String,
    var: Var,
    value: Vec<f32>,
    gradient: Vec<f32>,
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

impl Optimiser {
    /// For these variables; the averages begin as the values are.
    pub fn new(vars: &BTreeMap<String, Var>) -> Result<Self> {
        let slot = |(name, var): (&String, &Var)| {
            let value = var.as_tensor().flatten_all()?.to_vec1::<f32>()?;
            let zeros = vec![0.0; value.len()];
            Ok(Slot {
                name: name.clone(),
                var: var.clone(),
                gradient: zeros.clone(),
                first: zeros.clone(),
                second: zeros,
                average: value.clone(),
                value,
            })
        };
        Ok(Self { slots: vars.iter().map(slot).collect::<Result<_>>()? })
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> usize {
        self.slots.iter().map(|slot| slot.value.len()).sum()
    }

    /// Adds up the shards' gradients and returns the global norm. A weight without a gradient is a fault in a network.
    pub fn gather(&mut self, shards: &[GradStore], pool: &rayon::ThreadPool) -> Result<f64> {
        let one = |slot: &mut Slot| -> Result<f64> {
            slot.gradient.fill(0.0);
            for gradients in shards {
                let gradient = gradients.get(slot.var.as_tensor()).ok_or_else(|| {
                    Error::new(format!("the weight '{}' got no gradient: some operation in its path has no backward pass", slot.name))
                })?;
                let gradient = gradient.flatten_all()?.contiguous()?;
                let (storage, layout) = gradient.storage_and_layout();
                let sum = &mut slot.gradient;
                match (&*storage, layout.contiguous_offsets()) {
                    (candle_core::Storage::Cpu(cpu), Some((from, to))) => add(sum, &cpu.as_slice::<f32>()?[from..to]),
                    _ => add(sum, &gradient.to_vec1::<f32>()?),
                }
            }
            Ok(slot.gradient.iter().map(|g| f64::from(*g) * f64::from(*g)).sum())
        };
        let squares: Vec<f64> = pool.install(|| self.slots.par_iter_mut().map(one).collect::<Result<_>>())?;
        Ok(squares.iter().sum::<f64>().sqrt())
    }

    /// One step along the gathered gradient of that norm; `step` counts from 0.
    pub fn step(&mut self, settings: &TrainSettings, step: u64, rate: f64, norm: f64, pool: &rayon::ThreadPool) -> Result<()> {
        let clip = (settings.clip_norm / norm.max(1e-12)).min(1.0) as f32;
        let (b1, b2) = (settings.beta1 as f32, settings.beta2 as f32);
        let t = (step + 1) as i32;
        let size = (rate / (1.0 - settings.beta1.powi(t))) as f32;
        let correct = (1.0 / (1.0 - settings.beta2.powi(t))) as f32;
        // The average follows quickly at first, so that early samples are not of the random start.
        let follow = (1.0 - settings.ema_decay.min((step + 1) as f64 / (step + 10) as f64)) as f32;
        let one = |slot: &mut Slot| -> Result<()> {
            // Decay is for matrices: a bias, a gain or an embedding is not to be pulled to 0.
            let keep = if slot.name.ends_with(".weight") { 1.0 - (rate * settings.weight_decay) as f32 } else { 1.0 };
            let state = slot.value.iter_mut().zip(&slot.gradient).zip(&mut slot.first).zip(&mut slot.second).zip(&mut slot.average);
            for ((((value, gradient), first), second), average) in state {
                let g = gradient * clip;
                *first = b1 * *first + (1.0 - b1) * g;
                *second = b2 * *second + (1.0 - b2) * g * g;
                *value = *value * keep - size * *first / ((*second * correct).sqrt() + EPSILON);
                *average += follow * (*value - *average);
            }
            slot.publish()
        };
        pool.install(|| self.slots.par_iter_mut().try_for_each(one))
    }

    /// The averaged weights.
    pub fn averages(&self) -> Result<Weights> {
        self.slots.iter().map(|slot| Ok((slot.name.clone(), slot.tensor(&slot.average)?))).collect()
    }

    /// Everything else that a checkpoint must hold.
    pub fn state(&self) -> Result<Weights> {
        let mut out = Weights::new();
        for slot in &self.slots {
            for (prefix, values) in [(RAW, &slot.value), (FIRST, &slot.first), (SECOND, &slot.second)] {
                out.insert(format!("{prefix}{}", slot.name), slot.tensor(values)?);
            }
        }
        Ok(out)
    }

    /// Goes back to a checkpoint's state.
    pub fn restore(&mut self, averages: &Weights, state: &Weights) -> Result<()> {
        for slot in &mut self.slots {
            slot.average = slot.find(averages, "")?;
            slot.value = slot.find(state, RAW)?;
            slot.first = slot.find(state, FIRST)?;
            slot.second = slot.find(state, SECOND)?;
            slot.publish()?;
        }
        Ok(())
    }

    /// Starts from a trained model's weights; whatever `adopt` has no values for keeps its own start.
    pub fn adopt(&mut self, adopt: &Weights) -> Result<()> {
        for slot in &mut self.slots {
            if adopt.contains_key(&slot.name) {
                slot.value = slot.find(adopt, "")?;
                slot.average.clone_from(&slot.value);
                slot.publish()?;
            }
        }
        Ok(())
    }
}

impl Slot {
    fn tensor(&self, values: &[f32]) -> Result<Tensor> {
        Ok(Tensor::from_slice(values, self.var.dims(), &candle_core::Device::Cpu)?)
    }

    fn find(&self, from: &Weights, prefix: &str) -> Result<Vec<f32>> {
        let name = format!("{prefix}{}", self.name);
        match from.get(&name) {
            Some(tensor) if tensor.dims() == self.var.dims() => Ok(tensor.flatten_all()?.to_vec1::<f32>()?),
            Some(tensor) => {
                Err(Error::new(format!("'{name}' has the shape {:?}, but the network needs {:?}", tensor.dims(), self.var.dims())))
            }
            None => Err(Error::new(format!("'{name}' is missing"))),
        }
    }

    /// Lets the network see the new values.
    fn publish(&self) -> Result<()> {
        if self.var.device().is_cpu() {
            Ok(self.var.inplace_op1(&Overwrite(&self.value))?)
        } else {
            Ok(self.var.set(&Tensor::from_slice(&self.value, self.var.dims(), self.var.device())?)?)
        }
    }
}

/// Copies values into a variable without a new buffer.
struct Overwrite<'a>(&'a [f32]);

impl InplaceOp1 for Overwrite<'_> {
    fn name(&self) -> &'static str {
        "overwrite"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, _: &Layout) -> candle_core::Result<()> {
        match storage {
            CpuStorage::F32(values) if values.len() == self.0.len() => values.copy_from_slice(self.0),
            _ => candle_core::bail!("a weight is not stored as {} f32 numbers", self.0.len()),
        }
        Ok(())
    }
}

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}
