//! Drawings as files: a value in, bytes out; one form a file.
//!
//! | ending | form | for |
//! |---|---|---|
//! | .ndjson | the data set's own, one drawing a line | training, other programs |
//! | .svg | lines as lines | editing, posters |
//! | .png | one drawing or a sheet | print, slides |
//! | .gif | drawn stroke by stroke | showing how it was drawn |
//!
//! Pictures say within themselves what made them and whom to thank ([`credit`]): a comment in a GIF, a description in an SVG, a text chunk in
//! a PNG. The data set's own form has no place for it.
//!
//! Drawings come in the data frame (0..255), yet any frame is fitted. Strokes without points are left out.

mod gif;
mod grid;
mod lines;
mod look;
mod ndjson;
mod palette;
mod png;
mod sheet;
mod side_by_side;
mod svg;

pub use gif::Gif;
pub use grid::grid;
pub use lines::{Line, lines};
pub use look::{Colours, Look};
pub use sheet::Sheet;
pub use side_by_side::side_by_side;
pub use svg::Svg;

use std::path::Path;

use crate::raster::check;
use crate::sketch::{ATTRIBUTION, Sketch};
use crate::util::{Cancel, Error, Result};

/// The endings that [`Export::for_path`] knows.
pub const ENDINGS: [&str; 4] = [".ndjson", ".svg", ".png", ".gif"];

/// What a picture of a word's drawings says of its origin.
pub fn credit(word: &str) -> String {
    format!("{word}, drawn by Denoodle, which learnt from {ATTRIBUTION}")
}

/// A form and its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    /// The data set's own form, one drawing a line.
    Ndjson,
    /// Lines as lines: one drawing, or a sheet.
    Svg(Svg),
    /// Pixels: one drawing, or a sheet.
    Png(Sheet),
    /// Drawn stroke by stroke.
    Gif(Gif),
}

impl Export {
    /// The form that a path's ending asks for (upper or lower case), with its usual settings.
    ///
    /// # Errors
    /// Of kind `Usage`, with the list of endings, for any other.
    pub fn for_path(path: &Path) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        Ok(match ending.as_str() {
            "ndjson" => Self::Ndjson,
            "svg" => Self::Svg(Svg::default()),
            "png" => Self::Png(Sheet::default()),
            "gif" => Self::Gif(Gif::default()),
            other => {
                let what = if other.is_empty() { "the file name has no ending".to_owned() } else { format!("cannot write .{other} files") };
                return Err(Error::usage(what).at(path).advise(format!("Use one of these endings: {}.", ENDINGS.join(", "))));
            }
        })
    }

    /// The file's bytes. `sketches` are in the data frame; `word` is what they show. The same input gives the same bytes.
    ///
    /// # Errors
    /// No drawings, or none with a stroke; coordinates that are not numbers; settings out of range; a sheet too large for
    /// one picture; cancelled.
    pub fn bytes(&self, sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Vec<u8>> {
        match self {
            Self::Ndjson => ndjson::bytes(sketches, word, cancel),
            Self::Svg(svg) => svg.bytes(sketches, word, cancel),
            Self::Png(sheet) => sheet.bytes(sketches, word, cancel),
            Self::Gif(gif) => gif.bytes(sketches, word, cancel),
        }
    }
}

/// What all pictures need: something to draw, every coordinate a number, no stroke without points.
fn drawable(sketches: &[Sketch]) -> Result<Vec<Sketch>> {
    for (number, sketch) in sketches.iter().enumerate() {
        check(sketch).map_err(|error| Error::new(format!("drawing {} cannot be drawn", number + 1)).because(error))?;
    }
    let kept = |sketch: &Sketch| Sketch { strokes: sketch.strokes.iter().filter(|s| !s.points.is_empty()).cloned().collect() };
    let kept: Vec<Sketch> = sketches.iter().map(kept).collect();
    if kept.iter().all(|sketch| sketch.strokes.is_empty()) {
        let what = if sketches.is_empty() { "there are no drawings to export" } else { "there are no strokes to export" };
        return Err(Error::new(what).advise("Draw something first."));
    }
    Ok(kept)
}
