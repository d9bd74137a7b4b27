//! The small diffusion transformer that draws stroke by stroke: 64 drawings of 3 to 13 strokes of 3 to 21 points, 10 classes.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::config::ModelSettings;
use denoodle::model::history_dit::{Batch, History, HistoryDit, ROW};
use denoodle::model::weights;
use denoodle::util::{Error, Result};

use super::recurrent::{DRAWINGS, dump, ends, random};
use super::{Case, awake};

const CLASSES: usize = 10;

/// Points of each stroke of a drawing; all shards have about as many.
fn strokes(drawing: usize) -> Vec<usize> {
    (0..3 + drawing * 5 % 11).map(|stroke| 3 + (3 * drawing + 7 * stroke) % 19).collect()
}

pub fn case(shards: usize) -> Result<Case> {
    let preset = super::preset("history_dit_small");
    let ModelSettings::HistoryDit(sizes) = &preset.model else { return Err(Error::new("history_dit_small is another system")) };
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let network = HistoryDit::new(sizes, CLASSES, &mut awake(weights::fresh(1, &device, &mut parameters)))?;
    let (mut batch, mut batches, mut moves, mut choices) = (HashMap::new(), Vec::new(), 0, 0);
    for shard in 0..shards {
        let drawings: Vec<Vec<usize>> = (shard..DRAWINGS).step_by(shards).map(strokes).collect();
        // The number of points of each next stroke, 0 behind a drawing's last one.
        let next: Vec<u32> = drawings.iter().flat_map(|strokes| strokes.iter().map(|&n| n as u32).chain([0])).collect();
        let part = part(shard, &drawings, &next, sizes.stroke_points as u32, &device)?;
        moves += part.moved.sum_all()?.to_scalar::<f32>()? as usize;
        choices += next.len();
        let lengths: Vec<u32> = part.history.lengths.iter().map(|&n| n as u32).collect();
        let numbers = [
            ("points", part.history.points.clone()),
            ("strokes", Tensor::new(lengths, &device)?),
            ("noise", Tensor::new(part.history.noise.as_slice(), &device)?),
            ("x", part.x.clone()),
            ("noise_target", part.noise_target.clone()),
            ("moved", part.moved.clone()),
            ("pens", part.pens.clone()),
            ("timesteps", Tensor::new(part.timesteps.as_slice(), &device)?),
            ("classes", Tensor::new(part.classes.as_slice(), &device)?),
            ("next", Tensor::new(next, &device)?),
            ("drawn", Tensor::new(part.drawn.as_slice(), &device)?),
        ];
        let numbers: Vec<(&str, &Tensor)> = numbers.iter().map(|(name, tensor)| (*name, tensor)).collect();
        dump(&mut batch, shard, &drawings.concat(), &numbers)?;
        batches.push(part);
    }
    let pen_weight = preset.train.pen_weight;
    batch.insert("batch.heads".into(), Tensor::new(&[sizes.heads as u32], &device)?);
    batch.insert("batch.pen_weight".into(), Tensor::new(&[pen_weight as f32], &device)?);
    let loss = move |i: usize| {
        let [noise, pen] = network.losses(&batches[i])?;
        Ok(((noise / (2 * moves) as f64)? + (pen * (pen_weight / choices as f64))?)?)
    };
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: None })
}

/// Random drawings, of which the points of each stroke are known; `next` of them are chosen, of at most so many.
fn part(shard: usize, drawings: &[Vec<usize>], next: &[u32], most: u32, device: &Device) -> Result<Batch> {
    let counts = drawings.concat();
    let (ends, strokes) = (ends(&counts), counts.len());
    let points = ends.last().copied().unwrap_or(0);
    let mut moved = vec![1.0f32; points];
    let mut at = 0;
    for drawing in drawings {
        moved[at] = 0.0;
        at += drawing.iter().sum::<usize>();
    }
    let moved = Tensor::from_vec(moved, (points, 1), device)?;
    let numbers = |of: usize, rows: usize, width: usize| Tensor::from_vec(random(4 * shard + of, rows * width), (rows, width), device);
    let chosen: Vec<f32> = next.iter().flat_map(|&n| (0..=most).map(move |i| f32::from(i == n))).collect();
    Ok(Batch {
        history: History {
            points: numbers(0, points, ROW)?,
            ends,
            lengths: drawings.iter().map(Vec::len).collect(),
            noise: (0..drawings.len()).map(|i| i as f32 / drawings.len() as f32).collect(),
        },
        x: numbers(1, points, 2)?.broadcast_mul(&moved)?,
        noise_target: numbers(2, points, 2)?.broadcast_mul(&moved)?,
        moved,
        pens: numbers(3, strokes, 2)?,
        timesteps: (0..strokes).map(|i| (1 + i * 998 / strokes) as f32).collect(),
        classes: (0..strokes).map(|i| (i % (CLASSES + 1)) as u32).collect(),
        counts: Tensor::from_vec(chosen, (next.len(), 1 + most as usize), device)?,
        drawn: (0..drawings.len()).map(|i| (i % CLASSES) as u32).collect(),
    })
}
