//! Inception against PyTorch, pytorch-fid, clean-fid and Pillow: tests/golden/inception.py made tests/golden/inception.safetensors.

mod procedural;

use std::sync::OnceLock;

use denoodle::eval::extractor::{Extractor, Inception, Resizing};
use denoodle::raster::{Kaist, Pixmap, Renderer};
use safetensors::SafeTensors;

const COUNT: usize = 8;
const SIDE: usize = 299;

/// Made once: it takes a while.
fn extractor(resizing: Resizing) -> &'static Inception {
    static BOTH: [OnceLock<Inception>; 2] = [const { OnceLock::new() }; 2];
    let make = || Inception::from_weights(&procedural::weights(), "procedural", resizing).expect("all weights");
    BOTH[usize::from(resizing == Resizing::CleanFid)].get_or_init(make)
}

/// Eight drawings, then eight pictures of coloured noise.
fn pictures() -> Vec<Pixmap> {
    let drawn = (0..COUNT).map(|n| Kaist.render(&procedural::drawing(n)).expect("a picture"));
    drawn.chain((0..COUNT).map(procedural::picture)).collect()
}

fn golden(name: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(include_bytes!("golden/inception.safetensors")).expect("safetensors");
    let bytes = file.tensor(name).expect(name).data();
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// The corners, and others wherever the hash says.
fn places() -> Vec<usize> {
    let mut places = vec![0, SIDE - 1, SIDE * (SIDE - 1), SIDE * SIDE - 1];
    places.extend((0..252).map(|i| (procedural::bits("places", i) % (SIDE * SIDE) as u64) as usize));
    places
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn norm(values: impl Iterator<Item = f32>) -> f64 {
    values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt()
}

#[allow(clippy::print_stdout, reason = "docs/inception.md tells these numbers")]
fn check(resizing: Resizing, name: &str) {
    let (pictures, places) = (pictures(), places());
    let pixels: Vec<f32> = pictures
        .iter()
        .flat_map(|picture| {
            let seen = resizing.prepare(picture);
            places.iter().flat_map(|at| seen[3 * at..3 * at + 3].to_vec()).collect::<Vec<f32>>()
        })
        .collect();
    let off = worst(&pixels, &golden(&format!("{name}.pixels")));
    println!("{name}: pixels differ by {off:.1e} at most");
    assert!(off < 1e-3, "{name}: pixels differ by {off}");
    let extractor = extractor(resizing);
    let features = extractor.features(&pictures).expect("features");
    let expected = golden(&format!("{name}.features"));
    assert_eq!(features.len(), expected.len());
    let (mut relative, mut single) = (0.0, 0f32);
    for (got, expected) in features.chunks_exact(extractor.width()).zip(expected.chunks_exact(extractor.width())) {
        let off = norm(got.iter().zip(expected).map(|(a, b)| a - b)) / norm(expected.iter().copied());
        relative = off.max(relative);
        // Small features are differences of large numbers: their errors are measured by the mean.
        let mean = expected.iter().sum::<f32>() / expected.len() as f32;
        let each = got.iter().zip(expected).map(|(a, b)| (a - b).abs() / b.abs().max(mean));
        single = each.fold(single, f32::max);
    }
    println!("{name}: features differ by {relative:.1e} of a picture's, a single one by {single:.1e} of itself or the mean");
    assert!(relative < 1e-4 && single < 1e-4, "{name}: features differ by {relative} of a picture's, a single one by {single}");
}

#[test]
fn features_and_pixels_are_those_of_pytorch_fid() {
    check(Resizing::PytorchFid, "pytorch-fid");
}

#[test]
fn features_and_pixels_are_those_of_clean_fid() {
    check(Resizing::CleanFid, "clean-fid");
}

#[test]
fn a_picture_has_the_same_features_whatever_is_beside_it() {
    let extractor = extractor(Resizing::PytorchFid);
    let [a, b, c] = [0, 1, 2].map(procedural::picture);
    let alone = extractor.features(std::slice::from_ref(&b)).expect("features");
    let among = extractor.features(&[a, b, c]).expect("features");
    assert_eq!(among[extractor.width()..2 * extractor.width()], alone);
    assert!(extractor.features(&[]).expect("none").is_empty());
}
