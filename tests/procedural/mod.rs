//! Numbers that need no file: the twin of tests/golden/procedural.py.
#![allow(dead_code, reason = "each user uses some of it")]

use candle_core::{Device, Tensor};
use denoodle::model::Weights;
use denoodle::model::inception::InceptionV3;
use denoodle::raster::{Pixmap, Rgb, paper};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::rng::hash;

/// The finaliser of splitmix64 over the name's hash plus (index + 1) steps of the golden ratio.
pub fn bits(name: &str, index: u64) -> u64 {
    let mut z = hash(name).wrapping_add((index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A parameter of the network.
pub fn weight(name: &str, shape: &[usize]) -> Tensor {
    let scale = (6.0 / shape[1..].iter().product::<usize>() as f64).sqrt();
    let value = |i: usize| {
        let u = (bits(name, i as u64) >> 40) as f64 / 2f64.powi(24);
        let value = match name {
            _ if name.ends_with("conv.weight") => (2.0 * u - 1.0) * scale,
            _ if name.ends_with("bn.weight") || name.ends_with("bn.running_var") => 0.8 + 0.4 * u,
            _ if name.ends_with("bn.bias") || name.ends_with("bn.running_mean") => 0.2 * u - 0.1,
            _ => 0.02 * u - 0.01,
        };
        value as f32
    };
    Tensor::from_vec((0..shape.iter().product()).map(value).collect::<Vec<f32>>(), shape, &Device::Cpu).expect("a tensor")
}

/// All parameters of Inception.
pub fn weights() -> Weights {
    let shapes = InceptionV3::shapes().expect("a network");
    shapes.into_iter().map(|(name, shape)| (name.clone(), weight(&name, &shape))).collect()
}

/// Coloured noise.
pub fn picture(number: usize) -> Pixmap {
    let mut picture = paper(256, 256, Rgb::WHITE).expect("paper");
    let name = format!("picture {number}");
    for (i, rgba) in picture.data_mut().chunks_exact_mut(4).enumerate() {
        for (channel, byte) in rgba[..3].iter_mut().enumerate() {
            *byte = (bits(&name, (3 * i + channel) as u64) >> 56) as u8;
        }
    }
    picture
}

/// Strokes that wander about.
pub fn drawing(number: usize) -> Sketch {
    let name = format!("drawing {number}");
    let byte = |i: usize| (bits(&name, i as u64) >> 56) as i64;
    let stroke = |s: usize| {
        let mut at = [byte(100 * s), byte(100 * s + 1)];
        let mut points = vec![at.map(|v| v as f32)];
        for p in 1..12 {
            for (axis, v) in at.iter_mut().enumerate() {
                *v = (*v + byte(100 * s + 2 * p + axis) % 81 - 40).clamp(0, 255);
            }
            points.push(at.map(|v| v as f32));
        }
        Stroke::new(points)
    };
    Sketch { strokes: (0..3 + number % 4).map(stroke).collect() }
}
