//! Lines as lines: one `path` a stroke, in the order of drawing, without any library.
//!
//! Coordinates are in units of the data frame (a drawing's longer side is about 255), rounded to a tenth. A drawing alone
//! keeps its own coordinates; in a sheet each is fitted into its cell.

use std::fmt::Write;

use super::{credit, drawable, grid};
use crate::raster::{Area, Fit, Ink, Rgb};
use crate::sketch::{DATA_SIDE, Point, Sketch};
use crate::util::{Cancel, Error, Result};

/// Settings of an SVG file. Lengths are in units of the data frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    /// Cells in a row; `None`: as many as look well.
    pub columns: Option<usize>,
    /// Line width.
    pub line: f32,
    /// Around a drawing, and so half the distance of two.
    pub margin: f32,
    /// The word above a sheet of more than one drawing.
    pub title: bool,
    /// The ground.
    pub paper: Rgb,
    /// The ground is left out.
    pub transparent: bool,
    /// The strokes.
    pub ink: Ink,
}

impl Default for Svg {
    fn default() -> Self {
        Self { columns: None, line: 3.2, margin: 16.0, title: true, paper: Rgb::WHITE, transparent: false, ink: Ink::One(Rgb::BLACK) }
    }
}

impl Svg {
    /// The file.
    ///
    /// # Errors
    /// As [`super::Export::bytes`].
    pub fn bytes(&self, sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Vec<u8>> {
        let sketches = drawable(sketches)?;
        if !(self.line > 0.0 && self.line <= 50.0 && (0.0..=500.0).contains(&self.margin)) {
            let what = format!("cannot draw with line width {} and margin {}", self.line, self.margin);
            return Err(Error::usage(what).advise("Line widths are above 0 and up to 50, margins 0 to 500."));
        }
        let (columns, rows) = grid(sketches.len(), self.columns);
        let alone = sketches.len() == 1;
        let cell = DATA_SIDE + 2.0 * self.margin;
        let header = if self.title && !alone { 44.0 } else { 0.0 };
        let mut out = String::new();
        let word = escaped(word);
        let (mut low, mut size) = ([0.0, 0.0], [cell * columns as f32, cell * rows as f32 + header]);
        if let (true, Some(bounds)) = (alone, sketches[0].bounds()) {
            let side = bounds.side() + 2.0 * self.margin;
            (low, size) = (bounds.centre().map(|v| v - side / 2.0), [side, side]);
        }
        let [x, y, width, height] = [low[0], low[1], size[0], size[1]].map(number);
        let _ = writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        let _ = writeln!(out, r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {width} {height}" role="img">"#);
        let _ = writeln!(out, "<title>{word}</title>\n<desc>{}</desc>", credit(&word));
        if !self.transparent {
            let _ = writeln!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{}"/>"#, self.paper.hex());
        }
        if header > 0.0 {
            let (colour, x) = (self.ink.colour(0, 1).hex(), number(self.margin));
            let _ = writeln!(out, r#"<text x="{x}" y="38" font-family="Ubuntu, sans-serif" font-size="26" fill="{colour}">{word}</text>"#);
        }
        let common = match self.ink {
            Ink::One(colour) => format!(r#" stroke="{}""#, colour.hex()),
            Ink::ByOrder(_) => String::new(),
        };
        let line = number(self.line);
        let _ = writeln!(out, r#"<g fill="none"{common} stroke-width="{line}" stroke-linecap="round" stroke-linejoin="round">"#);
        for (i, sketch) in sketches.iter().enumerate() {
            cancel.check()?;
            let Some(bounds) = sketch.bounds() else { continue };
            let (left, top) = ((i % columns) as f32 * cell, (i / columns) as f32 * cell + header);
            let area = Area { low: [left, top], size: [cell, cell] }.inset(self.margin);
            let fit = if alone { None } else { Some(Fit::new(bounds, area)) };
            if !alone {
                let _ = writeln!(out, "<g><title>{word} {}</title>", i + 1);
            }
            for (k, stroke) in sketch.strokes.iter().enumerate() {
                let points: Vec<Point> = stroke.points.iter().map(|&p| fit.map_or(p, |fit| fit.apply(p))).collect();
                let colour = if matches!(self.ink, Ink::One(_)) { None } else { Some(self.ink.colour(k, sketch.strokes.len())) };
                self.stroke(&mut out, &points, colour);
            }
            if !alone {
                out.push_str("</g>\n");
            }
        }
        out.push_str("</g>\n</svg>\n");
        Ok(out.into_bytes())
    }

    /// One stroke; a dot becomes a filled circle, since not every reader draws a line without length.
    fn stroke(&self, out: &mut String, points: &[Point], colour: Option<Rgb>) {
        let rounded: Vec<[String; 2]> = points.iter().map(|p| p.map(number)).collect();
        let Some(first) = rounded.first() else { return };
        if rounded.iter().all(|p| p == first) {
            let colour = colour.unwrap_or(self.ink.colour(0, 1)).hex();
            let radius = number(self.line * 0.8);
            let _ = writeln!(out, r#"<circle cx="{}" cy="{}" r="{radius}" fill="{colour}" stroke="none"/>"#, first[0], first[1]);
            return;
        }
        let mut path = format!("M{} {}L", first[0], first[1]);
        for (i, p) in rounded[1..].iter().enumerate() {
            let _ = write!(path, "{}{} {}", if i == 0 { "" } else { " " }, p[0], p[1]);
        }
        let colour = colour.map(|colour| format!(r#" stroke="{}""#, colour.hex())).unwrap_or_default();
        let _ = writeln!(out, r#"<path d="{path}"{colour}/>"#);
    }
}

/// To a tenth, without a needless ".0" or "-0".
fn number(v: f32) -> String {
    let tenths = (f64::from(v) * 10.0).round() / 10.0;
    if tenths == 0.0 { "0".to_owned() } else { tenths.to_string() }
}

/// Text for XML; characters that XML 1.0 forbids are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
