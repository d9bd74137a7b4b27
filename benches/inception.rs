//! Inception's features side by side with PyTorch: the same procedural weights and pictures, the same number of threads.
//!
//! `python3 benches/peers/inception.py` runs this and the peer in turn and prints the ratio; alone it is
//! `cargo bench --bench inception -- --threads 2 --rounds 3`. One line of JSON: images a second in every round, and a sum of features.

#[path = "../tests/procedural/mod.rs"]
mod procedural;

use std::time::Instant;

use denoodle::eval::extractor::{Extractor, Inception, Resizing};
use denoodle::util::{Result, threads};
use rayon::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Pictures that a thread looks at together, as when scoring.
const BATCH: usize = 16;

fn number(name: &str, default: usize) -> usize {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name);
    at.and_then(|at| words.get(at + 1)).map_or(default, |text| text.parse().expect("a whole number"))
}

#[allow(clippy::print_stdout, reason = "it is what this program is for")]
fn main() -> Result<()> {
    let (threads, rounds) = (number("--threads", 2), number("--rounds", 3));
    let extractor = Inception::from_weights(&procedural::weights(), "procedural", Resizing::PytorchFid)?;
    let pictures: Vec<_> = (0..BATCH * threads).map(procedural::picture).collect();
    let pool = threads::pool(threads)?;
    let round = || pool.install(|| pictures.par_chunks(BATCH).map(|some| extractor.features(some)).collect::<Result<Vec<_>>>());
    let (mut rates, mut sum) = (Vec::new(), 0.0);
    // One round to warm up.
    for i in 0..=rounds {
        let begun = Instant::now();
        let features = round()?;
        if i > 0 {
            rates.push(pictures.len() as f64 / begun.elapsed().as_secs_f64());
        }
        sum = features.iter().flatten().map(|v| f64::from(*v)).sum();
    }
    println!("{}", serde_json::json!({ "threads": threads, "images_per_sec": rates, "sum": sum }));
    Ok(())
}
