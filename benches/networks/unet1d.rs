//! The small U-Net over point sequences: 64 sequences of 96 points, 10 classes.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use denoodle::model::unet1d::{Batch, Unet1d, Unet1dSettings};
use denoodle::model::weights;
use denoodle::util::Result;
use denoodle::util::rng::{Stream, normal, stream};

use super::Case;

const SEQUENCES: usize = 64;
const CLASSES: usize = 10;

pub fn case(shards: usize) -> Result<Case> {
    let device = Device::Cpu;
    let settings = Unet1dSettings::small(CLASSES);
    let mut parameters = Vec::new();
    let network = Unet1d::new(&settings, &mut weights::fresh(1, &device, &mut parameters))?;
    let (n, length) = (SEQUENCES / shards, settings.length);
    let (mut batch, mut batches) = (HashMap::new(), Vec::new());
    for shard in 0..shards {
        let numbers = |of: usize, each: usize| normal(&mut stream(1, Stream::Noise, (3 * shard + of) as u64), n * each);
        let part = Batch {
            x: Tensor::from_vec(numbers(0, 2 * length), (n, length, 2), &device)?,
            noise_target: Tensor::from_vec(numbers(1, 2 * length), (n, length, 2), &device)?,
            timesteps: (0..n).map(|i| (i * 1000 / n) as f32).collect(),
            classes: (0..n).map(|i| (i % CLASSES) as u32).collect(),
            inside: Tensor::ones((n, length), DType::F32, &device)?,
            pen_target: Tensor::from_vec(numbers(2, 2 * length).iter().map(|v| f32::from(*v > 1.0)).collect(), (n, length, 2), &device)?,
        };
        for (name, tensor) in [("x", &part.x), ("noise_target", &part.noise_target), ("pen_target", &part.pen_target)] {
            batch.insert(format!("batch.{shard}.{name}"), tensor.clone());
        }
        batch.insert(format!("batch.{shard}.timesteps"), Tensor::new(part.timesteps.as_slice(), &device)?);
        batch.insert(format!("batch.{shard}.classes"), Tensor::new(part.classes.as_slice(), &device)?);
        batches.push(part);
    }
    let loss = move |i: usize| Ok((network.loss(&batches[i])? / shards as f64)?);
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: None })
}
