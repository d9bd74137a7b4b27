//! The assignment's renderer against Pillow, by hashes that tests/golden/kaist.py made.

mod common;

use common::real_drawings;
use denoodle::raster::Kaist;
use denoodle::sketch::{Point, Sketch, Stroke};
use sha2::{Digest, Sha256};

/// The generator of tests/golden/kaist.py.
struct Lcg(u64);

impl Lcg {
    fn pick(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (self.0 >> 33) as i64 % (high - low + 1)
    }
}

/// The same strokes, in the same order of picks, as in tests/golden/kaist.py.
fn stroke(lcg: &mut Lcg) -> Stroke {
    let kind = lcg.pick(0, 8);
    let (low, high) = match kind {
        2 => (-60, 315),
        3 => (-3000, 3000),
        4 => (120, 128),
        _ => (0, 255),
    };
    let (mut x, mut y) = (lcg.pick(low, high), lcg.pick(low, high));
    let mut points = vec![[x as f32, y as f32]];
    let more = match kind {
        0 => 0,
        1 => {
            let count = lcg.pick(2, 3) as usize;
            points = vec![points[0]; count];
            0
        }
        _ => lcg.pick(1, 8),
    };
    for _ in 0..more {
        (x, y) = match kind {
            5 => (lcg.pick(0, 255), y + lcg.pick(-2, 2)),
            6 => (x + lcg.pick(-2, 2), lcg.pick(0, 255)),
            _ => (lcg.pick(low, high), lcg.pick(low, high)),
        };
        points.push([x as f32, y as f32]);
    }
    if kind == 7 {
        let back: Vec<Point> = points.iter().rev().copied().collect();
        points.extend(back);
    }
    Stroke::new(points)
}

fn digest(sketch: &Sketch) -> String {
    let grey = Kaist.grey(sketch).expect("numbers");
    Sha256::digest(grey).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// How many of the drawings differ from their hash, and the first of them.
fn compare(drawings: impl Iterator<Item = Sketch>, hashes: &str) -> (usize, usize, Option<usize>) {
    let same: Vec<bool> = drawings.zip(hashes.lines()).map(|(sketch, hash)| digest(&sketch) == hash).collect();
    (same.len(), same.iter().filter(|same| !**same).count(), same.iter().position(|same| !same))
}

#[test]
fn made_up_drawings_are_pillows_to_the_pixel() {
    let drawing = |number| {
        let mut lcg = Lcg(number);
        let count = lcg.pick(1, 6);
        Sketch { strokes: (0..count).map(|_| stroke(&mut lcg)).collect() }
    };
    assert_eq!(compare((0..640).map(drawing), include_str!("golden/kaist.txt")), (640, 0, None));
}

#[test]
fn real_drawings_are_pillows_to_the_pixel() {
    let Some(cats) = real_drawings("cat", 500) else { return };
    assert_eq!(compare(cats.into_iter(), include_str!("golden/kaist_cat.txt")), (500, 0, None));
}
