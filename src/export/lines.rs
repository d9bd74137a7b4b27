//! One picture of several makers: a line of drawings each, with words at its left.

use super::{Sheet, drawable, png};
use crate::raster::{Area, Progress, draw_part, paper, text};
use crate::sketch::Sketch;
use crate::util::{Cancel, Result};

/// Width of the words, in cells.
const WORDS: f32 = 1.9;

/// A line of drawings.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// What stands at its left, one below the other; the first one is the name.
    pub words: Vec<String>,
    /// In the data frame, from left to right.
    pub sketches: &'a [Sketch],
}

/// The PNG file, with a word above all of it. Of the sheet's settings, sizes and colours count.
///
/// # Errors
/// As [`super::Export::bytes`].
pub fn lines(sheet: &Sheet, word: &str, lines: &[Line<'_>], cancel: &Cancel) -> Result<Vec<u8>> {
    let all: Vec<Sketch> = lines.iter().flat_map(|line| line.sketches.iter().cloned()).collect();
    let mut sketches = drawable(&all)?.into_iter();
    let columns = lines.iter().map(|line| line.sketches.len()).max().unwrap_or(0) as u32;
    let (cell, pitch, words) = (sheet.cell as f32, (sheet.cell + sheet.gap) as f32, (sheet.cell as f32 * WORDS).round());
    let title = cell * 0.3;
    let width = 2 * sheet.margin + words as u32 + columns * (sheet.cell + sheet.gap);
    let height = 2 * sheet.margin + title.ceil() as u32 + lines.len() as u32 * (sheet.cell + sheet.gap) - sheet.gap;
    let mut picture = paper(width, height, sheet.paper)?;
    let (ink, quiet, left) = (sheet.ink.colour(0, 1), sheet.quiet(), sheet.margin as f32);
    let size = title * 0.6;
    text::draw(&mut picture, &text::shortened(word, size, width as f32 - 2.0 * left)?, [left, left + size * text::CAPITAL], size, ink)?;
    for (i, line) in lines.iter().enumerate() {
        let top = left + title + i as f32 * pitch;
        let size = cell * 0.15;
        // In the middle of the line's height.
        let mut base = top + (cell - line.words.len() as f32 * size * 1.25) / 2.0 + size;
        for (number, word) in line.words.iter().enumerate() {
            let (size, colour) = if number == 0 { (size, ink) } else { (size * 0.8, quiet) };
            text::draw(&mut picture, &text::shortened(word, size, words - cell * 0.1)?, [left, base], size, colour)?;
            base += cell * 0.15 * 1.25;
        }
        for (column, sketch) in sketches.by_ref().take(line.sketches.len()).enumerate() {
            cancel.check()?;
            let area = Area { low: [left + words + column as f32 * pitch, top], size: [cell, cell] }.inset(cell * 0.03);
            draw_part(&mut picture, &sketch, Progress::ALL, area, sheet.line * cell, &sheet.ink);
        }
    }
    png::encode(&picture, word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;

    #[test]
    fn every_line_has_its_words_and_its_drawings() -> Result<()> {
        let sketch = Sketch { strokes: vec![Stroke::new(vec![[0.0, 0.0], [255.0, 255.0]])] };
        let (many, few) = (vec![sketch.clone(); 5], vec![Sketch::default(), sketch]);
        let line = |name: &str, sketches| Line { words: vec![name.into(), "0.9 M weights".into()], sketches };
        let sheet = Sheet { cell: 80, gap: 10, margin: 20, ..Sheet::default() };
        let picture = |of: &[Line<'_>]| lines(&sheet, "cat", of, &Cancel::default());
        let png = picture(&[line("one", &many[..]), line("another", &few[..])])?;
        let decoded = crate::raster::Pixmap::decode_png(&png).map_err(|e| crate::util::Error::new(e.to_string()))?;
        assert_eq!((decoded.width(), decoded.height()), (40 + 152 + 5 * 90, 40 + 24 + 2 * 90 - 10));
        let dark = |from: [u32; 2], size: [u32; 2]| {
            let at = |i: u32| decoded.pixel(from[0] + i % size[0], from[1] + i / size[0]);
            (0..size[0] * size[1]).filter(|&i| at(i).is_some_and(|pixel| pixel.red() < 128)).count()
        };
        let cell = |column: u32, row: u32| dark([20 + 152 + column * 90, 44 + row * 90], [80, 80]);
        assert!(dark([20, 44], [150, 80]) > 30 && dark([20, 134], [150, 80]) > 30, "words");
        assert!((0..5).all(|column| cell(column, 0) > 30), "a line of five");
        assert!(cell(0, 1) == 0 && cell(1, 1) > 30 && cell(2, 1) == 0, "nothing was drawn in the first one, and there is no third");
        assert!(picture(&[]).is_err() && picture(&[line("one", &[])]).is_err());
        Ok(())
    }
}
