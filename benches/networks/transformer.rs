//! A transformer of 1.2 million weights: width 128, 6 layers, 4 heads, 64 sequences of 96 tokens.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::model::layers::{Block, Linear};
use denoodle::model::ops::{Mask, squared_error};
use denoodle::model::weights;
use denoodle::util::Result;
use denoodle::util::rng::{Stream, normal, stream};

use super::Case;

const WIDTH: usize = 128;
const LAYERS: usize = 6;
const HEADS: usize = 4;
const SEQUENCES: usize = 64;
const TOKENS: usize = 96;
/// Numbers of a token.
const IN: usize = 8;

pub fn case(shards: usize) -> Result<Case> {
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let mut build = weights::fresh(1, &device, &mut parameters);
    let first = Linear::new("in", IN, WIDTH, &mut build)?;
    let blocks: Vec<Block> = (0..LAYERS).map(|i| Block::new(&format!("block{i:02}"), WIDTH, HEADS, &mut build)).collect::<Result<_>>()?;
    let last = Linear::new("out", WIDTH, IN, &mut build)?;
    drop(build);
    let each = SEQUENCES / shards * TOKENS;
    let numbers = |index: u64| Tensor::from_vec(normal(&mut stream(1, Stream::Noise, index), each * IN), (each, IN), &device);
    let pairs: Vec<(Tensor, Tensor)> = (0..shards as u64).map(|i| Ok((numbers(2 * i)?, numbers(2 * i + 1)?))).collect::<Result<_>>()?;
    let mut batch = HashMap::new();
    for (i, (x, y)) in pairs.iter().enumerate() {
        batch.insert(format!("batch.{i}.x"), x.clone());
        batch.insert(format!("batch.{i}.y"), y.clone());
    }
    let ends: Vec<usize> = (1..=SEQUENCES / shards).map(|i| i * TOKENS).collect();
    let mask = Mask::within(&ends, true);
    let weight = Tensor::full(1.0 / (SEQUENCES * TOKENS * IN) as f32, IN, &device)?;
    let loss = move |i: usize| {
        let (x, y) = &pairs[i];
        let mut h = first.forward(x)?; // (tokens, width)
        for block in &blocks {
            h = block.forward(&h, &mask)?; // (tokens, width)
        }
        Ok(squared_error(&last.forward(&h)?, y, &weight)?)
    };
    let (tokens, d) = ((SEQUENCES * TOKENS) as f64, WIDTH as f64);
    // Attention: the whole square of scores, two products forward and five backward.
    let attention = 14.0 * tokens * TOKENS as f64 * d * LAYERS as f64;
    let flops = 6.0 * tokens * (12.0 * d * d * LAYERS as f64 + d * IN as f64) + 4.0 * tokens * d * IN as f64 + attention;
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: Some(flops) })
}
