//! What a stroke codec loses: real drawings through encode and decode, scored against other real drawings.
//!
//! `cargo run --release --example codec_floor -- DATA SUBSET CATEGORY…`
//!
//! Half of a category's drawings (of both lists) go through each codec and are compared with the other half; beside it stands what the
//! very same drawings get without a codec, the floor. **Off**: how far the decoded line lies from the drawn one (mean and 99th
//! percentile over points of equal arc length, in the 0..255 frame). **KID** (Binkowski et al. 2018) of sketch features, from all drawings
//! of both halves, times 1000: how much of it is the codec's is the difference to the floor.

#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

use denoodle::data::{Folders, load};
use denoodle::eval::extractor::{Extractor, SketchFeatures, extract};
use denoodle::eval::kernel::kid;
use denoodle::sketch::{Codec, Sketch, Stroke, distance, resample};
use denoodle::util::{Cancel, Error, Result};

const MOST: usize = 1000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [data, subset, categories @ ..] = words.as_slice() else {
        return Err(Error::usage("usage: codec_floor DATA SUBSET CATEGORY…"));
    };
    let folders = Folders { drawings: data.into(), subset: subset.into() };
    let eye = SketchFeatures::shipped()?;
    println!(
        "| category | n | points | components | width | simplify | off, mean | off, 99 % | points a stroke | KID x 1000 | floor x 1000 | codec's share |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for category in categories {
        let set = load(&folders, category, 2, &Cancel::default(), &mut |_, _| {})?;
        let all: Vec<&Sketch> = set.train.iter().chain(&set.test).filter(|sketch| !sketch.strokes.is_empty()).collect();
        // Every other drawing, so that both halves hold as many of either list.
        let half = |from: usize| all.iter().skip(from).step_by(2).take(MOST).map(|&sketch| sketch.clone()).collect::<Vec<_>>();
        let (one, other) = (half(0), half(1));
        let strokes: Vec<Stroke> = set.train.iter().flat_map(|sketch| sketch.to_model_frame().strokes).collect();
        let look = |sketches: &[Sketch]| extract(&eye as &dyn Extractor, sketches, &Cancel::default(), &|_| {});
        let reference = look(&other)?;
        let floor = kid(&look(&one)?, &reference, 1, 2, 1)?.whole;
        // Points a stroke, components, simplification.
        let codecs = [(32, 21, 2.0), (32, 40, 2.0), (32, 56, 2.0), (32, 64, 0.0), (32, 64, 2.0), (16, 32, 2.0), (24, 48, 2.0)];
        for (count, components, simplify) in codecs {
            let codec = Codec::fit(&strokes, count, components, simplify, true)?;
            let decoded: Vec<Sketch> = one.iter().map(|sketch| through(&codec, sketch)).collect();
            let mut off: Vec<f32> = one.iter().zip(&decoded).flat_map(|(a, b)| apart(&a.to_data_frame(), b)).collect();
            off.sort_by(f32::total_cmp);
            let mean = off.iter().sum::<f32>() / off.len() as f32;
            let points = decoded.iter().map(|s| s.points().count()).sum::<usize>() as f32
                / decoded.iter().map(|s| s.strokes.len()).sum::<usize>() as f32;
            let score = kid(&look(&decoded)?, &reference, 1, 2, 1)?.whole;
            println!(
                "| {category} | {} | {count} | {components} | {} | {} | {mean:.2} | {:.2} | {points:.1} | {:.2} | {:.2} | {:.2} |",
                one.len(),
                codec.width(),
                codec.simplify,
                off[off.len() * 99 / 100],
                score * 1000.0,
                floor * 1000.0,
                (score - floor) * 1000.0
            );
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
