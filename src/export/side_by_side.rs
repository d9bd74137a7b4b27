//! Two sheets in one picture: real drawings to the left, generated ones to the right, say.

use super::{Sheet, png};
use crate::raster::paper;
use crate::sketch::Sketch;
use crate::util::{Cancel, Result};

/// The PNG file; each side has its own word above it.
///
/// # Errors
/// As [`super::Export::bytes`], for either side.
pub fn side_by_side(sheet: &Sheet, sides: [(&str, &[Sketch]); 2], cancel: &Cancel) -> Result<Vec<u8>> {
    let words = sides.map(|(word, _)| word);
    let [left, right] = sides.map(|(word, sketches)| sheet.render(sketches, word, cancel));
    let (left, right) = (left?, right?);
    let mut both = paper(left.width() + right.width(), left.height().max(right.height()), sheet.paper)?;
    let row = both.width() as usize * 4;
    for (picture, from) in [(&left, 0), (&right, left.width() as usize * 4)] {
        let width = picture.width() as usize * 4;
        for (to, line) in both.data_mut().chunks_exact_mut(row).zip(picture.data().chunks_exact(width)) {
            to[from..from + width].copy_from_slice(line);
        }
    }
    png::encode(&both, &format!("{} and {}", words[0], words[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;

    #[test]
    fn both_sides_are_in_it() -> Result<()> {
        let sketch = Sketch { strokes: vec![Stroke::new(vec![[0.0, 0.0], [255.0, 255.0]])] };
        let (few, many) = (vec![sketch.clone(); 2], vec![sketch; 9]);
        let (sheet, cancel) = (Sheet::default(), Cancel::default());
        let png = side_by_side(&sheet, [("real", &few), ("generated", &many)], &cancel)?;
        let size = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
        let (a, b) = (sheet.render(&few, "real", &cancel)?, sheet.render(&many, "generated", &cancel)?);
        assert_eq!((size(16), size(20)), (a.width() + b.width(), a.height().max(b.height())));
        assert!(side_by_side(&sheet, [("real", &few), ("generated", &[])], &cancel).is_err());
        Ok(())
    }
}
