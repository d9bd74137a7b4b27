//! The flagship as the preset `quick` has it, on 128 procedural cats.

use std::collections::HashMap;
use std::sync::Arc;

use candle_core::{Device, Tensor};
use denoodle::config::{CodecSettings, ModelSettings, TrainSettings};
use denoodle::data::sketchbook;
use denoodle::model::{StrokeDiffusion, weights};
use denoodle::sketch::{Codec, Sketch};
use denoodle::train::{Noisy, Shard, entry_weights, losses};
use denoodle::util::rng::{Stream, stream};
use denoodle::util::{Error, Result};

use super::Case;

pub fn case(shards: usize) -> Result<Case> {
    let preset = super::preset("quick");
    let (ModelSettings::StrokeDiffusion(model), &CodecSettings::Components { points, components, simplify }) =
        (&preset.model, &preset.codec)
    else {
        return Err(Error::new("quick is not the flagship"));
    };
    // One noise level a stroke and no dropout, as the peer has it.
    let settings = TrainSettings { noise_draws: 1, dropout: 0.0, ..preset.train.clone() };
    let cats: Vec<Sketch> =
        (0..settings.batch as u64).filter_map(|i| sketchbook::drawing("cat", 1, i)).map(|cat| cat.to_model_frame()).collect();
    let codec = Codec::fit(cats.iter().flat_map(|cat| &cat.strokes), points, components, simplify, true)?;
    let device = Device::Cpu;
    let mut parameters = Vec::new();
    let network = StrokeDiffusion::new(model, codec.width(), 1, &mut weights::fresh(1, &device, &mut parameters))?;
    let (mut batch, mut noisies) = (HashMap::new(), Vec::new());
    for i in 0..shards {
        let mut shard = Shard::default();
        cats.iter().skip(i).step_by(shards).for_each(|cat| shard.push(0, cat, &codec));
        let sizes = (codec.width(), network.width(), network.no_category());
        let noisy = shard.noisy(&settings, sizes, &mut stream(1, Stream::Noise, i as u64), &device)?;
        dump(&noisy, i, &mut batch)?;
        noisies.push(noisy);
    }
    let strokes: usize = cats.iter().map(|cat| cat.strokes.len()).sum();
    let tokens = strokes + cats.len();
    let entries = entry_weights(&settings, &codec, &device)?; // (codec width)
    batch.insert("batch.entry_weights".into(), entries.clone());
    batch.insert("batch.stop".into(), Tensor::new(&[settings.stop_weight, settings.stop_share], &device)?);
    let flops = flops(model, codec.width(), strokes as f64, tokens as f64);
    let network = Arc::new(network);
    let loss = move |i: usize| Ok(losses(&network, &noisies[i], &settings, &entries, (strokes, tokens))?.1);
    Ok(Case { parameters, batch, shards, loss: Box::new(loss), flops: Some(flops) })
}

/// A shard's numbers, for the peer.
fn dump(noisy: &Noisy, shard: usize, batch: &mut HashMap<String, Tensor>) -> Result<()> {
    let device = Device::Cpu;
    let lengths: Vec<u32> = noisy.history.lengths.iter().map(|&n| n as u32).collect();
    let all = [
        ("history", noisy.history.strokes.clone()),
        ("lengths", Tensor::new(lengths, &device)?),
        ("categories", Tensor::new(noisy.history.categories.as_slice(), &device)?),
        ("noise", Tensor::new(noisy.history.noise.as_slice(), &device)?),
        ("tokens", Tensor::new(noisy.tokens.as_slice(), &device)?),
        ("row_categories", Tensor::new(noisy.categories.as_slice(), &device)?),
        ("inputs", noisy.inputs.clone()),
        ("levels", Tensor::new(noisy.levels.as_slice(), &device)?),
        ("targets", noisy.targets.clone()),
    ];
    all.into_iter().for_each(|(name, tensor)| {
        batch.insert(format!("batch.{shard}.{name}"), tensor);
    });
    Ok(())
}

/// Multiplications and additions in the products of a step: three products a layer, two where the input is given.
fn flops(model: &denoodle::config::StrokeDiffusionSettings, codec: usize, strokes: f64, tokens: f64) -> f64 {
    let (d, w, c) = (model.width as f64, model.denoiser_width as f64, codec as f64);
    let inner = tokens * (12.0 * d * d * model.layers as f64) + strokes * d * d;
    let denoiser = strokes * (5.0 * w * w * model.denoiser_blocks as f64 + d * w + w * w + 2.0 * w * c);
    let given = strokes * (c * d + 128.0 * w + c * w);
    6.0 * (inner + denoiser) + 4.0 * given
}
