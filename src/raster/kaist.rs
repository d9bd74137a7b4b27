//! The renderer of the KAIST assignment: lines one pixel wide, black on white, without antialiasing.
//!
//! Pixel for pixel what Pillow's `ImageDraw.line(points, fill=0)` draws, one call a stroke, on a white image of 256 x 256
//! (checked against Pillow 13.0; see tests/golden/kaist.py). Coordinates are taken as they are, in the data frame, after
//! rounding to whole numbers; nothing is fitted, and what lies outside is cut off.
//!
//! Known consequences, all of them Pillow's: a stroke of a single point draws nothing, two equal points draw one pixel,
//! and a line and the same line from its other end may differ by a pixel where it passes exactly between two.

use super::{Pixmap, Renderer, Rgb, check, paper};
use crate::sketch::{Point, Sketch};
use crate::util::Result;

/// Width and height, in pixels.
pub const SIDE: usize = 256;

const INK: u8 = 0;
const PAPER: u8 = 255;

/// The renderer; it has no settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kaist;

impl Kaist {
    /// The picture as [`SIDE`] rows of [`SIDE`] grey values: 0 for ink, 255 for paper.
    ///
    /// # Errors
    /// Coordinates that are not numbers or absurdly large.
    pub fn grey(&self, sketch: &Sketch) -> Result<Vec<u8>> {
        check(sketch)?;
        let mut picture = vec![PAPER; SIDE * SIDE];
        for stroke in &sketch.strokes {
            for pair in stroke.points.windows(2) {
                segment(&mut picture, whole(pair[0]), whole(pair[1]));
            }
            // Every segment leaves out its end, which is the next one's beginning; the last end is drawn here.
            if let [_, .., last] = stroke.points[..] {
                put(&mut picture, whole(last));
            }
        }
        Ok(picture)
    }
}

impl Renderer for Kaist {
    fn id(&self) -> String {
        format!("kaist-{SIDE}x{SIDE}")
    }

    fn render(&self, sketch: &Sketch) -> Result<Pixmap> {
        let grey = self.grey(sketch)?;
        let mut picture = paper(SIDE as u32, SIDE as u32, Rgb::WHITE)?;
        for (rgba, v) in picture.data_mut().chunks_exact_mut(4).zip(grey) {
            rgba[..3].fill(v);
        }
        Ok(picture)
    }
}

/// Rounded, halves away from 0; [`check`] has bounded the size.
fn whole(p: Point) -> [i64; 2] {
    p.map(|v| v.round() as i64)
}

fn put(picture: &mut [u8], p: [i64; 2]) {
    let inside = 0..SIDE as i64;
    if p.iter().all(|v| inside.contains(v)) {
        picture[p[1] as usize * SIDE + p[0] as usize] = INK;
    }
}

/// Bresenham's line from `a` to `b` without `b`: step `i` along the longer axis lies round(i * short / long) along the other,
/// halves rounded away from `a`. Pillow adds this up step by step; the closed form can skip what lies outside.
fn segment(picture: &mut [u8], a: [i64; 2], b: [i64; 2]) {
    let d = [b[0] - a[0], b[1] - a[1]];
    let major = usize::from(d[1].abs() >= d[0].abs());
    let minor = 1 - major;
    let (long, short) = (d[major].abs(), d[minor].abs());
    let last = SIDE as i64 - 1;
    let (from, to) = if d[major] < 0 { (a[major] - last, a[major] + 1) } else { (-a[major], last + 1 - a[major]) };
    for i in from.max(0)..to.min(long) {
        let mut p = a;
        p[major] += d[major].signum() * i;
        p[minor] += d[minor].signum() * ((2 * short * i + long) / (2 * long));
        put(picture, p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;

    fn ink(points: &[Point]) -> Vec<usize> {
        let sketch = Sketch { strokes: vec![Stroke::new(points.to_vec())] };
        let grey = Kaist.grey(&sketch).expect("numbers");
        (0..grey.len()).filter(|&i| grey[i] == INK).collect()
    }

    #[test]
    fn dots_and_ends_are_as_in_pillow() {
        assert!(ink(&[]).is_empty() && ink(&[[5.0, 5.0]]).is_empty());
        assert_eq!(ink(&[[5.0, 1.0], [5.0, 1.0]]), [SIDE + 5]);
        assert_eq!(ink(&[[5.0, 0.0], [2.0, 0.0]]), [2, 3, 4, 5]);
        assert_eq!(ink(&[[0.4, -0.4], [254.5, 0.4]]).len(), SIDE);
    }

    #[test]
    fn the_pixmap_shows_the_same_and_is_opaque() -> Result<()> {
        let sketch = Sketch { strokes: vec![Stroke::new(vec![[3.0, 9.0], [200.0, 77.0], [90.0, 250.0]])] };
        let (grey, picture) = (Kaist.grey(&sketch)?, Kaist.render(&sketch)?);
        assert!(picture.data().chunks_exact(4).zip(grey).all(|(rgba, v)| rgba == [v, v, v, 255]));
        Ok(())
    }

    #[test]
    fn wild_coordinates_are_refused_or_cut_off_at_once() {
        for wild in [f32::NAN, f32::INFINITY, 2e6] {
            assert!(Kaist.grey(&Sketch { strokes: vec![Stroke::new(vec![[0.0, wild]])] }).is_err());
        }
        let zigzag: Vec<Point> = (0..20_000).map(|i| [if i % 2 == 0 { -1e6 } else { 1e6 }, i as f32 / 50.0]).collect();
        assert!(!ink(&zigzag).is_empty());
    }
}
