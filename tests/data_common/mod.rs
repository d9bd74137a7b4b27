//! Drawings for tests that nobody drew.
#![allow(dead_code, reason = "each test binary uses some of it")]

use std::io::Write;
use std::path::Path;

use denoodle::sketch::{Sketch, Stroke};
use denoodle::util::atomic;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A drawing that differs from those of other numbers.
pub fn sketch(number: u32) -> Sketch {
    let at = |i: u32| [((number * 31 + i * 57) % 256) as f32, ((number * 17 + i * i * 23) % 256) as f32];
    let stroke = |s: u32| Stroke::new((0..3 + number % 5).map(|i| at(i + 10 * s)).collect());
    Sketch { strokes: (0..1 + number % 4).map(stroke).collect() }
}

/// A line of the official form.
pub fn line(word: &str, sketch: &Sketch, key: u32) -> String {
    let axis = |stroke: &Stroke, i: usize| stroke.points.iter().map(|p| p[i].to_string()).collect::<Vec<_>>().join(",");
    let strokes: Vec<_> = sketch.strokes.iter().map(|s| format!("[[{}],[{}]]", axis(s, 0), axis(s, 1))).collect();
    format!(
        "{{\"word\":\"{word}\",\"countrycode\":\"DE\",\"timestamp\":\"2017-03-02 23:25:10.07453 UTC\",\"recognized\":true,\"key_id\":\"{key}\",\"drawing\":[{}]}}\n",
        strokes.join(",")
    )
}

/// So many lines.
pub fn lines(word: &str, count: u32) -> String {
    (0..count).map(|i| line(word, &sketch(i), i)).collect()
}

/// Packed.
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

/// Writes a file, its folders too.
pub fn put(path: &Path, bytes: impl AsRef<[u8]>) {
    atomic::write_bytes(path, bytes.as_ref()).expect("a writable folder");
}
