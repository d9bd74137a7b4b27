//! The recurrent systems: the small recurrent denoiser and small Sketch-RNN, on 64 drawings of 20 to 79 movements, 10 categories.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::config::ModelSettings;
use denoodle::model::layers::{Pen, ROW, mixture_losses, row};
use denoodle::model::rnn_denoiser::{Batch, NUMBERS, RnnDenoiser};
use denoodle::model::sketch_rnn::{SketchRnn, divergence};
use denoodle::model::weights;
use denoodle::util::rng::{Stream, normal, stream};
use denoodle::util::{Error, Result};

use super::Case;

pub(super) const DRAWINGS: usize = 64;
pub(super) const CATEGORIES: usize = 10;

/// Movements of the drawings of a shard; all shards have about as many.
pub(super) fn lengths(shards: usize, shard: usize) -> Vec<usize> {
    (shard..DRAWINGS).step_by(shards).map(|i| 20 + i * 7 % 60).collect()
}

pub(super) fn ends(lengths: &[usize]) -> Vec<usize> {
    lengths
        .iter()
        .scan(0, |end, length| {
            *end += length;
            Some(*end)
        })
        .collect()
}

pub(super) fn random(index: usize, count: usize) -> Vec<f32> {
    normal(&mut stream(1, Stream::Noise, index as u64), count)
}

/// What the pen does behind point number `i` of a shard: a stroke is nine points long, or as long as the drawing lasts.
pub(super) fn pen(i: usize, last: bool) -> Pen {
    match i {
        _ if last => Pen::End,
        i if i % 9 == 8 => Pen::Up,
        _ => Pen::Down,
    }
}

/// The lengths of a shard's sequences and other numbers of it, for the peer.
pub(super) fn dump(batch: &mut HashMap<String, Tensor>, shard: usize, lengths: &[usize], numbers: &[(&str, &Tensor)]) -> Result<()> {
    let lengths: Vec<u32> = lengths.iter().map(|&n| n as u32).collect();
    batch.insert(format!("batch.{shard}.lengths"), Tensor::new(lengths, &Device::Cpu)?);
    batch.extend(numbers.iter().map(|(name, tensor)| (format!("batch.{shard}.{name}"), (*tensor).clone())));
    Ok(())
}

pub fn denoiser(shards: usize) -> Result<Case> {
    let ModelSettings::RnnDenoiser(settings) = super::preset("rnn_denoiser_small").model else {
        return Err(Error::new("rnn_denoiser_small is another system"));
    };
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let network = RnnDenoiser::new(&settings, CATEGORIES, &mut weights::fresh(1, &device, &mut parameters))?;
    let (mut batch, mut batches) = (HashMap::new(), Vec::new());
    for shard in 0..shards {
        let lengths = lengths(shards, shard);
        let (ends, drawings) = (ends(&lengths), lengths.len());
        let movements = ends.last().copied().unwrap_or(0);
        let part = Batch {
            x: random(3 * shard, movements * NUMBERS),
            targets: Tensor::from_vec(random(3 * shard + 1, movements * NUMBERS), (movements, NUMBERS), &device)?,
            ends,
            levels: (0..drawings).map(|i| i as f32 / drawings as f32 * 2.0 - 1.0).collect(),
            categories: (0..drawings).map(|i| (i % (CATEGORIES + 1)) as u32).collect(),
        };
        let x = Tensor::from_slice(&part.x, (movements, NUMBERS), &device)?;
        let (levels, categories) = (Tensor::new(part.levels.as_slice(), &device)?, Tensor::new(part.categories.as_slice(), &device)?);
        dump(&mut batch, shard, &lengths, &[("x", &x), ("targets", &part.targets), ("levels", &levels), ("categories", &categories)])?;
        batches.push(part);
    }
    let all: usize = batches.iter().map(|part| part.ends.last().copied().unwrap_or(0)).sum();
    let loss = move |i: usize| {
        let [movement, pen] = network.losses(&batches[i])?;
        Ok(((movement / (2 * all) as f64)? + (pen / all as f64)?)?)
    };
    // Three products a layer and direction, and what leads in and out: see the network.
    let (h, n) = (settings.hidden as f64, all as f64);
    let products = settings.layers as f64 * 2.0 * (2.0 * h + h) * 3.0 * h + 2.0 * h * (5.0 + 6.0);
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: Some(6.0 * n * products) })
}

/// A shard of Sketch-RNN's.
pub(super) struct Rows {
    /// (tokens, 5)
    rows: Tensor,
    /// The row before each, (tokens, 5).
    before: Tensor,
    /// 0 for the first of each drawing, else 1: (tokens, 1).
    moved: Tensor,
    ends: Vec<usize>,
    pub categories: Vec<u32>,
    /// (drawings, latent)
    epsilon: Tensor,
}

impl Rows {
    /// Random ones for latent vectors of so many numbers; `batch` gets what the peer needs.
    pub fn new(shards: usize, shard: usize, latent: usize, batch: &mut HashMap<String, Tensor>) -> Result<Self> {
        let device = Device::Cpu;
        // A drawing has a row more than movements: its first point.
        let lengths: Vec<usize> = lengths(shards, shard).iter().map(|n| n + 1).collect();
        let (ends, drawings) = (ends(&lengths), lengths.len());
        let tokens = ends.last().copied().unwrap_or(0);
        let by = random(3 * shard, 2 * tokens);
        let (mut rows, mut before, mut moved) = (Vec::<[f32; ROW]>::new(), Vec::<[f32; ROW]>::new(), Vec::<f32>::new());
        for (i, by) in by.chunks_exact(2).enumerate() {
            let (first, last) = (i == 0 || ends.contains(&i), ends.contains(&(i + 1)));
            before.push(if first { [0.0; ROW] } else { rows[i - 1] });
            rows.push(row(if first { [0.0; 2] } else { [by[0], by[1]] }, pen(i, last)));
            moved.push(f32::from(!first));
        }
        let part = Self {
            rows: Tensor::from_vec(rows.into_flattened(), (tokens, ROW), &device)?,
            before: Tensor::from_vec(before.into_flattened(), (tokens, ROW), &device)?,
            moved: Tensor::from_vec(moved, (tokens, 1), &device)?,
            ends,
            categories: (0..drawings).map(|i| (i % CATEGORIES) as u32).collect(),
            epsilon: Tensor::from_vec(random(3 * shard + 1, drawings * latent), (drawings, latent), &device)?,
        };
        let categories = Tensor::new(part.categories.as_slice(), &device)?;
        dump(batch, shard, &lengths, &[("rows", &part.rows), ("categories", &categories), ("epsilon", &part.epsilon)])?;
        Ok(part)
    }

    /// How many there are.
    pub fn tokens(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The part of the loss that a shard makes in a batch of so many `points`, and the latent vectors that were drawn, (drawings, latent).
    pub fn bound(&self, network: &SketchRnn, points: usize, kl_weight: f64) -> Result<(Tensor, Tensor)> {
        let Self { rows, before, moved, ends, categories, epsilon } = self;
        let [mean, spread] = network.encode(rows, ends)?; // (drawings, latent) both
        let drawn = (&mean + ((&spread * 0.5)?.exp()? * epsilon)?)?; // (drawings, latent)
        let told = network.told(Some(&drawn), categories)?; // (drawings, told)
        let states = network.write(before, ends, &told, &network.begin(&told)?)?; // (tokens, 2 decoder)
        let [offset, pen] = mixture_losses(&network.say(&network.output(&states)?)?, rows, moved)?;
        let kl = (divergence(&mean, &spread)? * (kl_weight / (DRAWINGS * network.latent()) as f64))?; // ()
        Ok(((((offset + pen)? / points as f64)? + kl)?, drawn))
    }
}

pub fn sketch_rnn(shards: usize) -> Result<Case> {
    let preset = super::preset("sketch_rnn_small");
    let ModelSettings::SketchRnn(settings) = &preset.model else { return Err(Error::new("sketch_rnn_small is another system")) };
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let network = SketchRnn::new(settings, CATEGORIES, &mut weights::fresh(1, &device, &mut parameters))?;
    let mut batch = HashMap::new();
    let parts: Vec<Rows> = (0..shards).map(|shard| Rows::new(shards, shard, network.latent(), &mut batch)).collect::<Result<_>>()?;
    let points: usize = parts.iter().map(Rows::tokens).sum();
    let kl_weight = preset.train.kl_weight;
    batch.insert("batch.kl_weight".into(), Tensor::new(&[kl_weight as f32], &device)?);
    let loss = move |i: usize| Ok(parts[i].bound(&network, points, kl_weight)?.0);
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: None })
}
