//! Whole networks side by side with PyTorch: the same weights, the same batch, the same number of threads.
//!
//! `python3 benches/peers/ratios.py` runs this and the peer in turn and prints the ratios; alone it is
//! `cargo bench --bench networks -- train flagship --threads 2 --steps 20 --dump FOLDER`. It writes weights and batch into the folder
//! for the peer to read, and one line of JSON with the loss of the first step, the time of every step, and the peak of memory.

mod dit;
mod draw;
mod flagship;
mod gemm;
mod history_dit;
mod latent;
mod recurrent;
mod seq2seq;
mod transformer;
mod unet1d;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use candle_core::Tensor;
use denoodle::config::{Preset, load};
use denoodle::model::Parameter;
use denoodle::model::weights::{Start, Weight};
use denoodle::train::Engine;
use denoodle::util::Result;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A network with a batch to train it on.
struct Case {
    parameters: Vec<Parameter>,
    /// What the peer needs, by name.
    batch: HashMap<String, Tensor>,
    /// Parts that the batch is cut into.
    shards: usize,
    /// The part of the loss that a shard makes.
    loss: Box<dyn Fn(usize) -> Result<Tensor> + Send + Sync>,
    /// Floating-point operations in the products of a step, forward and backward, where they were counted.
    flops: Option<f64>,
}

/// What the command line says.
struct Options {
    what: String,
    network: String,
    steps: usize,
    threads: usize,
    shards: usize,
    count: usize,
    dump: PathBuf,
}

fn options() -> Options {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let value = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1)).cloned();
    let number = |name: &str, default: usize| value(name).map_or(default, |text| text.parse().expect("a whole number"));
    let word = |i: usize, default: &str| words.get(i).filter(|word| !word.starts_with("--")).map_or(default, |w| w).to_owned();
    Options {
        what: word(0, "train"),
        network: word(1, "flagship"),
        steps: number("--steps", 5),
        threads: number("--threads", 2),
        shards: number("--shards", 4),
        count: number("--count", 1),
        dump: value("--dump").map_or_else(std::env::temp_dir, PathBuf::from),
    }
}

/// The preset whose optimiser is used by all; the rate is kept at its height.
fn preset(name: &str) -> Preset {
    load(name).expect("built in")
}

/// The same weights, but none of them 0: a layer that says nothing yet would hide what lies before it from the loss that the peer must
/// find too.
fn awake(mut build: impl FnMut(&[Weight]) -> Result<Tensor>) -> impl FnMut(&[Weight]) -> Result<Tensor> {
    move |weights| {
        let stirred = |weight: &Weight| match weight.start {
            Start::Zeros => Weight { start: Start::Normal(0.05), ..weight.clone() },
            _ => weight.clone(),
        };
        build(&weights.iter().map(stirred).collect::<Vec<_>>())
    }
}

fn train(options: &Options) -> Result<()> {
    let Case { parameters, batch, shards, loss, flops } = match options.network.as_str() {
        "dit" => dit::case("dit_small", options.shards)?,
        "dit_pen" => dit::case("dit_pen_small", options.shards)?,
        "flagship" => flagship::case(options.shards)?,
        "history_dit" => history_dit::case(options.shards)?,
        "latent" => latent::case(options.shards)?,
        "seq2seq" => seq2seq::case(options.shards)?,
        "transformer" => transformer::case(options.shards)?,
        "unet1d" => unet1d::case(options.shards)?,
        "rnn_denoiser" => recurrent::denoiser(options.shards)?,
        "sketch_rnn" => recurrent::sketch_rnn(options.shards)?,
        other => panic!("there is no network '{other}'"),
    };
    let settings = preset("quick").train;
    save(&options.dump.join(format!("{}.safetensors", options.network)), &parameters, batch)?;
    let mut engine = Engine::new(parameters, options.threads)?;
    let (mut times, mut first) = (Vec::new(), None);
    // Two steps to warm up; the first tells the loss that the peer must find too.
    for step in 0..options.steps + 2 {
        let begun = Instant::now();
        let shard = |i: usize| {
            let loss = loss(i)?;
            Ok((loss.to_scalar::<f32>()?, loss))
        };
        let (losses, gradients, _) = engine.gradients(shards, shard, |_| Ok(()))?;
        let norm = engine.norm(&gradients)?;
        engine.update(&gradients, &settings, step as u64, settings.learning_rate, norm)?;
        first.get_or_insert(losses.iter().sum::<f32>());
        if step >= 2 {
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    report(options, &times, &[("loss", f64::from(first.unwrap_or_default())), ("gflop", flops.unwrap_or_default() / 1e9)]);
    Ok(())
}

/// One line of JSON.
#[allow(clippy::print_stdout, reason = "it is what this program is for")]
fn report(options: &Options, times: &[f64], more: &[(&str, f64)]) {
    let mut value = serde_json::json!({ "network": options.network, "threads": options.threads, "ms": times, "peak_mib": peak_mib() });
    for (name, number) in more {
        value[name] = (*number).into();
    }
    println!("{value}");
}

/// Most memory that this process has had, where the system tells (Linux).
fn peak_mib() -> Option<f64> {
    denoodle::util::memory::used().map(|memory| memory.peak as f64 / f64::from(1 << 20))
}

/// Every weight by its name, and the batch.
fn save(path: &Path, parameters: &[Parameter], mut batch: HashMap<String, Tensor>) -> Result<()> {
    for parameter in parameters {
        let flat = parameter.var.as_tensor().flatten_all()?;
        for (weight, range) in parameter.parts() {
            let part = flat.narrow(0, range.start, range.len())?.reshape(weight.shape.as_slice())?;
            batch.insert(format!("weights.{}", weight.name), part.contiguous()?);
        }
    }
    Ok(candle_core::safetensors::save(&batch, path)?)
}

fn main() {
    #[allow(unsafe_code, reason = "there is no other thread yet")]
    // SAFETY: called first in `main`.
    unsafe {
        denoodle::util::threads::keep_candle_to_one();
    }
    let options = options();
    let result = match options.what.as_str() {
        "draw" => draw::draw(&options),
        "gemm" => gemm::gemm(&options),
        _ => train(&options),
    };
    result.expect("measured");
}
