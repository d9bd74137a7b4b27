//! The small diffusion transformers over points: 64 drawings of 20 to 79 points, 10 classes. What the pen does is learnt, or told.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::config::{CodecSettings, DitSettings, ModelSettings};
use denoodle::model::dit::{Batch, Dit, PEN};
use denoodle::model::layers::row;
use denoodle::model::weights;
use denoodle::util::{Error, Result};

use super::recurrent::{DRAWINGS, dump, ends, lengths, pen, random};
use super::{Case, awake};

const CLASSES: usize = 10;

pub fn case(name: &str, shards: usize) -> Result<Case> {
    let preset = super::preset(name);
    let (ModelSettings::Dit(sizes) | ModelSettings::DitPen(sizes), &CodecSettings::Rhythms { most_points, .. }) =
        (&preset.model, &preset.codec)
    else {
        return Err(Error::new(format!("{name} is another system")));
    };
    let given = matches!(preset.model, ModelSettings::DitPen(_));
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let network = Dit::new(sizes, most_points, given, CLASSES, &mut awake(weights::fresh(1, &device, &mut parameters)))?;
    let (mut batch, mut batches) = (HashMap::new(), Vec::new());
    for shard in 0..shards {
        let lengths = lengths(shards, shard);
        let part = part(shard, &lengths, &device)?;
        let (timesteps, classes) = (Tensor::new(part.timesteps.as_slice(), &device)?, Tensor::new(part.classes.as_slice(), &device)?);
        let [x, noise_target, pen] = [&part.x, &part.noise_target, &part.pen];
        let numbers = [("x", x), ("noise_target", noise_target), ("pen", pen), ("timesteps", &timesteps), ("classes", &classes)];
        dump(&mut batch, shard, &lengths, &numbers)?;
        batches.push(part);
    }
    let points: usize = batches.iter().map(|part| part.ends.last().copied().unwrap_or(0)).sum();
    let (moves, pen_weight) = (points - DRAWINGS, preset.train.pen_weight);
    batch.insert("batch.heads".into(), Tensor::new(&[sizes.heads as u32], &device)?);
    batch.insert("batch.pen_weight".into(), Tensor::new(&[pen_weight as f32], &device)?);
    let squares: f64 = batches.iter().flat_map(|part| squares(&part.ends)).sum();
    let flops = flops(sizes, if given { 2 + PEN } else { 2 }, if given { 2 } else { 2 + PEN }, points as f64, squares);
    let loss = move |i: usize| {
        let [noise, pen] = network.losses(&batches[i])?;
        let noise = (noise / (2 * moves) as f64)?; // ()
        // Of a pen that is told nothing is learnt.
        Ok(if given { noise } else { (noise + (pen * (pen_weight / points as f64))?)? })
    };
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: Some(flops) })
}

/// Random drawings of so many points each.
fn part(shard: usize, lengths: &[usize], device: &Device) -> Result<Batch> {
    let (ends, drawings) = (ends(lengths), lengths.len());
    let points = ends.last().copied().unwrap_or(0);
    let first = |i: usize| i == 0 || ends.contains(&i);
    let states = |i: usize| {
        let [_, _, states @ ..] = row([0.0; 2], pen(i, ends.contains(&(i + 1))));
        states
    };
    let moved: Vec<f32> = (0..points).map(|i| f32::from(!first(i))).collect();
    // The pen has been lifted behind the point before: see `pen`.
    let lifted: Vec<f32> = (0..points).map(|i| f32::from(!first(i) && i % 9 == 0)).collect();
    let pen: Vec<f32> = (0..points).flat_map(states).collect();
    let moved = Tensor::from_vec(moved, (points, 1), device)?;
    let numbers = |of: usize| Tensor::from_vec(random(2 * shard + of, 2 * points), (points, 2), device)?.broadcast_mul(&moved);
    Ok(Batch {
        x: numbers(0)?,
        noise_target: numbers(1)?,
        lifted: Tensor::from_vec(lifted, (points, 1), device)?,
        pen: Tensor::from_vec(pen, (points, PEN), device)?,
        timesteps: (0..drawings).map(|i| (1 + i * 998 / drawings) as f32).collect(),
        classes: (0..drawings).map(|i| (i % (CLASSES + 1)) as u32).collect(),
        moved,
        ends,
    })
}

/// The squares of the lengths of sequences.
fn squares(ends: &[usize]) -> impl Iterator<Item = f64> {
    ends.iter().scan(0, |at, &end| {
        let n = end - std::mem::replace(at, end);
        Some((n * n) as f64)
    })
}

/// As in the transformer's case, and a modulation for each drawing. `given` and `said`: numbers of a token.
fn flops(sizes: &DitSettings, given: usize, said: usize, tokens: f64, squares: f64) -> f64 {
    let (d, layers, drawings) = (sizes.width as f64, sizes.layers as f64, DRAWINGS as f64);
    let blocks = tokens * 12.0 * d * d * layers + drawings * 6.0 * d * d * layers;
    let around = tokens * d * said as f64 + drawings * 3.0 * d * d;
    let first = tokens * d * given as f64 + drawings * d * d;
    6.0 * (blocks + around) + 4.0 * first + 14.0 * squares * d * layers
}
