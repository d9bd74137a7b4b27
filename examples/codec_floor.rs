//! What a stroke codec loses: real drawings through encode and decode, scored against other real drawings.
//!
//! `cargo run --release --example codec_floor -- DATA SUBSET CATEGORY…`
//!
//! Two measures. **Off**: how far the decoded line lies from the drawn one (mean and 99th percentile over points of equal
//! arc length, in the 0..255 frame). **KID** (Binkowski et al. 2018: cubic kernel, unbiased) between decoded drawings of one half of
//! the training split and real drawings of the other half, beside the same figure for real against real, the floor. The features are
//! 32 x 32 pixels of the studio renderer: no trained extractor, so these numbers compare codecs with one another and
//! with nothing else.

#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

use denoodle::data::{Folders, load};
use denoodle::raster::{Renderer, Studio};
use denoodle::sketch::{Codec, Sketch, Stroke, distance, resample};
use denoodle::util::{Cancel, Error, Result};

const SIDE: u32 = 32;
const MOST: usize = 500;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [data, subset, categories @ ..] = words.as_slice() else {
        return Err(Error::usage("usage: codec_floor DATA SUBSET CATEGORY…"));
    };
    let folders = Folders { drawings: data.into(), subset: subset.into() };
    println!("| category | n | components | simplify | off, mean | off, 99 % | points a stroke | KID x 1000 | floor x 1000 |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for category in categories {
        let set = load(&folders, category, 2, &Cancel::default(), &mut |_, _| {})?;
        let half = (set.train.len() / 2).min(MOST);
        let (one, other) = (&set.train[..half], &set.train[half..2 * half]);
        let strokes: Vec<Stroke> = set.train.iter().flat_map(|sketch| sketch.to_model_frame().strokes).collect();
        let reference = features(other)?;
        let floor = kid(&features(one)?, &reference);
        for components in [12, 21, 40, 56, 64] {
            for simplify in [0.0, 2.0] {
                let codec = Codec::components(&strokes, 32, components, simplify, true)?;
                let decoded: Vec<Sketch> = one.iter().map(|sketch| through(&codec, sketch)).collect();
                let mut off: Vec<f32> = one.iter().zip(&decoded).flat_map(|(a, b)| apart(&a.to_data_frame(), b)).collect();
                off.sort_by(f32::total_cmp);
                let mean = off.iter().sum::<f32>() / off.len() as f32;
                let points = decoded.iter().map(|s| s.points().count()).sum::<usize>() as f32
                    / decoded.iter().map(|s| s.strokes.len()).sum::<usize>() as f32;
                let score = kid(&features(&decoded)?, &reference);
                println!(
                    "| {category} | {half} | {components} | {simplify} | {mean:.2} | {:.2} | {points:.1} | {:.2} | {:.2} |",
                    off[off.len() * 99 / 100],
                    score * 1000.0,
                    floor * 1000.0
                );
            }
        }
    }
    Ok(())
}

fn through(codec: &Codec, sketch: &Sketch) -> Sketch {
    let strokes = sketch.to_model_frame().strokes.iter().map(|stroke| codec.decode(&codec.encode(stroke))).collect();
    codec.finish(&Sketch { strokes }, 0)
}

/// Distances of points of equal arc length, stroke by stroke.
fn apart(a: &Sketch, b: &Sketch) -> Vec<f32> {
    let line = |s: &Sketch| -> Vec<[f32; 2]> { s.strokes.iter().flat_map(|s| resample(&s.points, 64)).collect() };
    line(a).into_iter().zip(line(b)).map(|(a, b)| distance(a, b)).collect()
}

/// Ink of every pixel, 0 to 1.
fn features(sketches: &[Sketch]) -> Result<Vec<Vec<f64>>> {
    let renderer = Studio::square(SIDE);
    let one = |sketch: &Sketch| Ok(renderer.render(sketch)?.data().chunks_exact(4).map(|p| 1.0 - f64::from(p[0]) / 255.0).collect());
    sketches.iter().map(one).collect()
}

/// Unbiased squared maximum mean discrepancy with the kernel `(x.y / d + 1)^3`.
fn kid(x: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
    let kernel = |a: &[f64], b: &[f64]| (a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64 + 1.0).powi(3);
    let within = |x: &[Vec<f64>]| {
        let sum: f64 = (0..x.len()).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| kernel(&x[i], &x[j])).sum();
        2.0 * sum / (x.len() * (x.len() - 1)) as f64
    };
    let across: f64 = x.iter().flat_map(|a| y.iter().map(|b| kernel(a, b))).sum();
    within(x) + within(y) - 2.0 * across / (x.len() * y.len()) as f64
}
