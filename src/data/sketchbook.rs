//! The sketchbook: cats, buses and rabbits drawn by small stroke programs, with a person's wobble.
//!
//! It lets training be tried and tests run without any download. A program chooses proportions, parts and the order of
//! strokes (the large outline first, then details) from a seeded stream and draws with a pen whose hand trembles slowly,
//! misses where it began, and sometimes goes on a little too far. The result is fitted to 0..255 and simplified with the
//! data set's own tolerance, so files look like the official ones; every line says `"procedural": true`.
//!
//! Limits: three categories, a few manners each. It stands in for people's drawings in tests; it does not replace them.

mod bus;
mod cat;
mod pen;
mod rabbit;

use std::io::Write;
use std::path::{Path, PathBuf};

use super::write_line;
use crate::sketch::{RDP_EPSILON, Sketch};
use crate::util::rng::{Stream, hash, stream};
use crate::util::{Context, Result, atomic};
use pen::Pen;

/// What it can draw.
pub const CATEGORIES: [&str; 3] = ["cat", "bus", "rabbit"];

/// How many drawings of a category it makes up if nobody says.
pub const USUAL_COUNT: u32 = 1200;

/// Drawing number `index` of a category, in the data frame: 4 to 14 strokes. `None` for other categories.
///
/// The same (category, seed, index) gives the same drawing, whatever was drawn before it.
pub fn drawing(category: &str, seed: u64, index: u64) -> Option<Sketch> {
    let program = match category {
        "cat" => cat::draw,
        "bus" => bus::draw,
        "rabbit" => rabbit::draw,
        _ => return None,
    };
    let mut pen = Pen::new(stream(seed ^ hash(category), Stream::Sketchbook, index));
    program(&mut pen);
    Some(pen.into_sketch().to_data_frame().simplified(RDP_EPSILON))
}

/// Writes `<category>.ndjson` for each category, `count` drawings each, and tells the paths.
///
/// # Errors
/// The folder or a file cannot be written; files already there are then untouched or whole.
pub fn write(folder: &Path, count: usize, seed: u64) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::with_capacity(CATEGORIES.len());
    for category in CATEGORIES {
        let path = folder.join(format!("{category}.ndjson"));
        atomic::write(&path, |file| {
            for sketch in (0..count as u64).filter_map(|index| drawing(category, seed, index)) {
                file.write_all(write_line(&sketch, category, true)?.as_bytes()).context("cannot write the drawings")?;
            }
            Ok(())
        })?;
        paths.push(path);
    }
    Ok(paths)
}
