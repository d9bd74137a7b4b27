//! From a drawing to the patches that the sketch network sees.

use rand::Rng;

use crate::model::Picture;
use crate::model::sketch_net::{ink, patches};
use crate::raster::Renderer;
use crate::sketch::{Sketch, Stroke};
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng};

/// Turned by up to this, in radians.
const TURN: f32 = 0.2;
/// Stretched by up to this share.
const STRETCH: f32 = 0.2;
/// Slanted by up to this share.
const SLANT: f32 = 0.15;
/// A stroke is moved by up to this share of half the drawing's size, and stretched by up to this.
const WANDER: f32 = 0.04;
/// How often strokes may be left out, and how likely each is then.
const FORGETFUL: f32 = 0.3;
const FORGOTTEN: f32 = 0.15;

/// Renders a drawing as it is.
pub(super) fn plain(sketch: &Sketch, picture: Picture, out: &mut Vec<f32>) -> Result<()> {
    patches(&ink(picture.renderer().render(sketch)?.data()), picture.side as usize, out);
    Ok(())
}

/// Renders a drawing that is changed a little, at another size.
pub(super) fn changed(sketch: &Sketch, side: u32, picture: Picture, random: &mut ChaCha8Rng, out: &mut Vec<f32>) -> Result<()> {
    let sketch = sketch.to_model_frame();
    let mut within = |limit: f32| rng::uniform(random, -limit, limit);
    let (sin, cos) = within(TURN).sin_cos();
    let (wide, high, slant) = (1.0 + within(STRETCH), 1.0 + within(STRETCH), within(SLANT));
    let (margin, line) = (picture.margin * (1.0 + within(0.9)), picture.line * (1.0 + within(0.3)));
    let wide = if random.random::<bool>() { wide } else { -wide };
    let forget = if random.random::<f32>() < FORGETFUL { FORGOTTEN } else { 0.0 };
    let mut strokes = Vec::with_capacity(sketch.strokes.len());
    for stroke in &sketch.strokes {
        if random.random::<f32>() < forget && sketch.strokes.len() > 1 {
            continue;
        }
        let mut within = |limit: f32| rng::uniform(random, -limit, limit);
        let (scale, dx, dy) = (1.0 + within(WANDER), within(WANDER), within(WANDER));
        let moved = |p: &[f32; 2]| {
            let (x, y) = (p[0] * scale + dx, p[1] * scale + dy);
            let (x, y) = ((x + slant * y) * wide, y * high);
            [x * cos - y * sin, x * sin + y * cos]
        };
        strokes.push(Stroke::new(stroke.points.iter().map(moved).collect()));
    }
    let left = if strokes.is_empty() { sketch } else { Sketch { strokes } };
    plain(&left, Picture { side, margin, line }, out)
}
