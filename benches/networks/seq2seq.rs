//! The small sequence-to-sequence network: 64 drawings of 40 to 96 points, half of which are read in part. All points that the writer is
//! told are true ones, so that both sides learn the same.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use denoodle::config::ModelSettings;
use denoodle::model::layers::{Pen, ROW};
use denoodle::model::seq2seq::{CATEGORY, READ, Seq2seq, point, waiting};
use denoodle::model::weights;
use denoodle::util::rng::{Stream, normal, stream};
use denoodle::util::{Error, Result};

use super::Case;

const DRAWINGS: usize = 64;
const CATEGORIES: usize = 5;

/// What is read and written of some drawings, one behind the other.
struct Shard {
    read: Tensor,
    read_ends: Vec<usize>,
    before: Tensor,
    rows: Tensor,
    ends: Vec<usize>,
    categories: Vec<u32>,
}

/// So many points anywhere, a stroke in every eight.
fn points(number: u64, count: usize) -> Vec<[f32; READ]> {
    let numbers = normal(&mut stream(1, Stream::Noise, number), 4 * count);
    let pen = |i: usize| match i {
        i if i + 1 == count => Pen::End,
        i if i % 8 == 7 => Pen::Up,
        _ => Pen::Down,
    };
    numbers.chunks_exact(4).enumerate().map(|(i, n)| point([n[0], n[1]], pen(i), [n[2] / 4.0, n[3] / 4.0])).collect()
}

pub fn case(shards: usize) -> Result<Case> {
    let device = Device::Cpu;
    let preset = super::preset("seq2seq_small");
    let ModelSettings::Seq2seq(settings) = &preset.model else { return Err(Error::new("seq2seq_small is another system")) };
    let mut parameters = Vec::new();
    let network = Seq2seq::new(settings, CATEGORIES, &mut weights::fresh(1, &device, &mut parameters))?;
    let (mut batch, mut parts, mut written) = (HashMap::new(), Vec::new(), 0);
    for shard in 0..shards {
        let (mut read, mut read_ends, mut before, mut rows, mut ends) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mine: Vec<usize> = (0..DRAWINGS).filter(|i| i % shards == shard).collect();
        for &i in &mine {
            let points = points(i as u64, 40 + i * 56 / (DRAWINGS - 1));
            let cut = if (i / shards).is_multiple_of(2) { 0 } else { points.len() / 24 * 8 };
            read.push(CATEGORY);
            read.extend(&points[..cut]);
            read_ends.push(read.len());
            before.push(if cut == 0 { waiting() } else { points[cut - 1] });
            before.extend(&points[cut..points.len() - 1]);
            rows.extend(points[cut..].iter().flat_map(|point| point[..ROW].to_vec()));
            ends.push(rows.len() / ROW);
        }
        written += rows.len() / ROW;
        let tensor = |points: Vec<[f32; READ]>| Tensor::from_vec(points.concat(), (points.len(), READ), &device);
        let categories: Vec<u32> = mine.iter().map(|i| (i % CATEGORIES) as u32).collect();
        let tokens = rows.len() / ROW;
        let part = Shard {
            read: tensor(read)?,
            read_ends,
            before: tensor(before)?,
            rows: Tensor::from_vec(rows, (tokens, ROW), &device)?,
            ends,
            categories,
        };
        let lengths = |ends: &[usize]| {
            let mut at = 0;
            let lengths: Vec<u32> = ends.iter().map(|end| (end - std::mem::replace(&mut at, *end)) as u32).collect();
            Tensor::new(lengths, &device)
        };
        for (name, tensor) in [
            ("read", part.read.clone()),
            ("before", part.before.clone()),
            ("rows", part.rows.clone()),
            ("read_lengths", lengths(&part.read_ends)?),
            ("lengths", lengths(&part.ends)?),
            ("categories", Tensor::new(part.categories.as_slice(), &device)?),
        ] {
            batch.insert(format!("batch.{shard}.{name}"), tensor);
        }
        parts.push(part);
    }
    let loss = move |i: usize| {
        let Shard { read, read_ends, before, rows, ends, categories } = &parts[i];
        let reading = network.read(read, read_ends, categories)?;
        let (said, _) = network.write(before, ends, categories, &reading, &reading.begin, None)?; // (tokens, width)
        let [movement, pen] = network.head().losses(&said, rows)?;
        Ok(((movement + pen)? / written as f64)?)
    };
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: None })
}
