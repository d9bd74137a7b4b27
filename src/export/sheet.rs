//! Pixels: one drawing alone, or a sheet of cells with a title and numbers.
//!
//! A sheet that would exceed [`PIXELS_MAX`] gets smaller cells, down to [`CELL_MIN`]; beyond that it is refused.

use super::{drawable, grid, png};
use crate::raster::{Area, Ink, Pixmap, Progress, Rgb, clear, draw_part, paper, text};
use crate::sketch::Sketch;
use crate::util::number::plain;
use crate::util::{Cancel, Error, Result};

/// Pixels of the largest sheet: 256 MB in memory.
const PIXELS_MAX: u64 = 64_000_000;
/// The smallest cell in which a drawing is still a drawing, in pixels.
const CELL_MIN: u32 = 40;
/// The largest cell, and the largest drawing alone, in pixels.
const CELL_MAX: u32 = 4096;

/// Settings of a sheet. All lengths in pixels unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Cells in a row; `None`: as many as look well.
    pub columns: Option<usize>,
    /// Side of a cell in pixels, 40 to 4096.
    pub cell: u32,
    /// Side of the picture of one drawing alone, in the same limits.
    pub alone: u32,
    /// Between cells.
    pub gap: u32,
    /// Around the sheet.
    pub margin: u32,
    /// The word and the number of drawings above a sheet of more than one.
    pub title: bool,
    /// Numbers below the cells.
    pub numbers: bool,
    /// Line width, as a share of the cell's side.
    pub line: f32,
    /// The ground.
    pub paper: Rgb,
    /// The ground is left out.
    pub transparent: bool,
    /// The strokes.
    pub ink: Ink,
}

impl Default for Sheet {
    fn default() -> Self {
        let (paper, ink) = (Rgb::WHITE, Ink::One(Rgb::BLACK));
        Self {
            columns: None,
            cell: 256,
            alone: 768,
            gap: 28,
            margin: 48,
            title: true,
            numbers: false,
            line: 0.0125,
            paper,
            transparent: false,
            ink,
        }
    }
}

/// Sizes in pixels, all whole.
struct Layout {
    columns: usize,
    cell: u32,
    gap: u32,
    margin: u32,
    title: u32,
    number: u32,
    size: (u32, u32),
}

impl Sheet {
    /// The PNG file.
    ///
    /// # Errors
    /// As [`super::Export::bytes`].
    pub fn bytes(&self, sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Vec<u8>> {
        png::encode(&self.render(sketches, word, cancel)?, word)
    }

    /// The picture. Drawings without strokes leave their cells empty.
    ///
    /// # Errors
    /// As [`super::Export::bytes`].
    pub fn render(&self, sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Pixmap> {
        let sketches = drawable(sketches)?;
        let sides = CELL_MIN..=CELL_MAX;
        let fits = sides.contains(&self.cell) && sides.contains(&self.alone) && self.line > 0.0 && self.line <= 0.2;
        if !fits {
            let Self { cell, alone, line, .. } = self;
            let what = format!("cannot make a sheet with cells of {cell} pixels, or {alone} for one alone, and line width {line}");
            let advice = format!("Cells are {CELL_MIN} to {CELL_MAX} pixels wide, lines above 0 and up to 0.2 of that.");
            return Err(Error::usage(what).advise(advice));
        }
        if let [sketch] = &sketches[..] {
            let (mut picture, side) = (self.ground(self.alone, self.alone)?, self.alone as f32);
            let area = Area::of(side, side).inset(0.08 * side);
            draw_part(&mut picture, sketch, Progress::ALL, area, self.line * 0.9 * side, &self.ink);
            return Ok(picture);
        }
        let layout = self.layout(sketches.len())?;
        let mut picture = self.ground(layout.size.0, layout.size.1)?;
        if self.title {
            self.draw_title(&mut picture, &layout, word, sketches.len())?;
        }
        let (cell, pitch) = (layout.cell as f32, (layout.cell + layout.gap) as f32);
        for (i, sketch) in sketches.iter().enumerate() {
            cancel.check()?;
            let x = layout.margin as f32 + (i % layout.columns) as f32 * pitch;
            let y = (layout.margin + layout.title) as f32 + (i / layout.columns) as f32 * (pitch + layout.number as f32);
            let area = Area { low: [x, y], size: [cell, cell] }.inset(cell * 0.03);
            draw_part(&mut picture, sketch, Progress::ALL, area, self.line * cell, &self.ink);
            if self.numbers {
                let (label, size) = ((i + 1).to_string(), layout.number as f32 * 0.68);
                let left = x + (cell - text::width(&label, size)?) / 2.0;
                text::draw(&mut picture, &label, [left, y + cell + layout.number as f32 * 0.8], size, self.quiet())?;
            }
        }
        Ok(picture)
    }

    /// What everything lies on.
    fn ground(&self, width: u32, height: u32) -> Result<Pixmap> {
        if self.transparent { clear(width, height) } else { paper(width, height, self.paper) }
    }

    /// Ink for what is not the drawing.
    pub(super) fn quiet(&self) -> Rgb {
        self.ink.colour(0, 1).mix(self.paper, 0.45)
    }

    fn draw_title(&self, picture: &mut Pixmap, layout: &Layout, word: &str, count: usize) -> Result<()> {
        let size = layout.title as f32 * 0.56;
        let base = layout.margin as f32 + size * text::CAPITAL;
        let (left, right) = (layout.margin as f32, (layout.size.0 - layout.margin) as f32);
        let (told, small) = (plain(count, "drawing", "drawings"), size * 0.62);
        let told_at = right - text::width(&told, small)?;
        text::draw(picture, &told, [told_at, base], small, self.quiet())?;
        let word = text::shortened(word, size, (told_at - left - size).max(0.0))?;
        text::draw(picture, &word, [left, base], size, self.ink.colour(0, 1))
    }

    /// Sizes for `count` cells, with smaller cells where the sheet would be too large.
    fn layout(&self, count: usize) -> Result<Layout> {
        let (columns, rows) = grid(count, self.columns);
        let mut scale = 1.0f64;
        loop {
            let sized = |pixels: u32| (f64::from(pixels) * scale).round() as u32;
            let (cell, gap, margin) = (sized(self.cell).max(CELL_MIN), sized(self.gap), sized(self.margin));
            let title = if self.title { (cell / 4).clamp(22, 96) } else { 0 };
            let number = if self.numbers { (cell / 9).clamp(14, 64) } else { 0 };
            let width = 2 * u64::from(margin) + columns as u64 * (u64::from(cell) + u64::from(gap)) - u64::from(gap);
            let height =
                2 * u64::from(margin) + u64::from(title) + rows as u64 * (u64::from(cell + number) + u64::from(gap)) - u64::from(gap);
            let side_max = u64::from(crate::raster::SIDE_MAX);
            if width <= side_max && height <= side_max && width * height <= PIXELS_MAX {
                return Ok(Layout { columns, cell, gap, margin, title, number, size: (width as u32, height as u32) });
            }
            if cell == CELL_MIN {
                let what = format!("{count} drawings in {columns} columns do not fit into one picture");
                return Err(Error::usage(what).advise("Export fewer drawings, or to a file that ends in .ndjson or .svg."));
            }
            scale *= 0.9;
        }
    }
}
