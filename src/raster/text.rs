//! A line of text in a picture: captions, titles, "Stroke 3/7".
//!
//! Outlines come from the font in `assets/` (Ubuntu Light, the window's face) and are filled by tiny-skia. Latin, Greek
//! and Cyrillic only; left to right, without kerning or shaping: letters that the font lacks show as boxes.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use tiny_skia::{FillRule, LineJoin, Paint, PathBuilder, Pixmap, Stroke, Transform};

use super::Rgb;
use crate::sketch::Point;
use crate::util::{Context, Result};

static FONT: &[u8] = include_bytes!("../../assets/Ubuntu-Light.ttf");

/// Height of a capital letter, as a share of the size.
pub const CAPITAL: f32 = 0.69;

/// The light face is thickened by this share of its size: thin strokes fade to grey in small letters.
const WEIGHT: f32 = 0.035;

/// Width of a line of text in pixels; `size` is the em in pixels.
pub fn width(text: &str, size: f32) -> Result<f32> {
    let font = font()?;
    let (letters, metrics) = (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
    Ok(text.chars().filter(|c| !c.is_control()).filter_map(|c| metrics.advance_width(letters.map(c).unwrap_or_default())).sum())
}

/// The text itself, or as much of it as fits into `limit` pixels, with "…" at its end.
pub fn shortened(text: &str, size: f32, limit: f32) -> Result<String> {
    if width(text, size)? <= limit {
        return Ok(text.to_owned());
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let short = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&short, size)? <= limit {
            return Ok(short);
        }
    }
    Ok(String::new())
}

/// Draws a line of text: `at` is the left end of its baseline, `size` the em, both in pixels. Control characters are left out.
pub fn draw(picture: &mut Pixmap, text: &str, at: Point, size: f32, colour: Rgb) -> Result<()> {
    let font = font()?;
    let size_of = Size::new(size);
    let (letters, outlines) = (font.charmap(), font.outline_glyphs());
    let metrics = font.glyph_metrics(size_of, LocationRef::default());
    let mut pen = Pen { path: PathBuilder::new(), at };
    for c in text.chars().filter(|c| !c.is_control()) {
        let glyph = letters.map(c).unwrap_or_default();
        if let Some(outline) = outlines.get(glyph) {
            outline.draw(DrawSettings::unhinted(size_of, LocationRef::default()), &mut pen).context("cannot draw a letter")?;
        }
        pen.at[0] += metrics.advance_width(glyph).unwrap_or(0.0);
    }
    let Some(path) = pen.path.finish() else { return Ok(()) };
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(colour.into());
    picture.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
    let outline = Stroke { width: WEIGHT * size, line_join: LineJoin::Round, ..Stroke::default() };
    picture.stroke_path(&path, &paint, &outline, Transform::identity(), None);
    Ok(())
}

fn font() -> Result<FontRef<'static>> {
    FontRef::new(FONT).context("the built-in font cannot be read")
}

/// Collects outlines: font units grow upwards, pixels downwards.
struct Pen {
    path: PathBuilder,
    at: Point,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at[0] + x, self.at[1] - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at[0] + x, self.at[1] - y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.at[0] + cx, self.at[1] - cy, self.at[0] + x, self.at[1] - y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let [left, base] = self.at;
        self.path.cubic_to(left + ax, base - ay, left + bx, base - by, left + x, base - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::paper;

    #[test]
    fn text_leaves_ink_inside_its_width() -> Result<()> {
        let mut picture = paper(120, 24, Rgb::WHITE)?;
        draw(&mut picture, "Stroke 3/7", [4.0, 16.0], 14.0, Rgb::BLACK)?;
        let right = 4.0 + width("Stroke 3/7", 14.0)?;
        let inked: Vec<u32> = (0..120 * 24).filter(|i| picture.pixels()[*i as usize].red() < 128).map(|i| i % 120).collect();
        assert!(inked.len() > 60, "{} dark pixels", inked.len());
        assert!(inked.iter().all(|&x| x >= 3 && (x as f32) < right + 1.0));
        Ok(())
    }

    #[test]
    fn long_text_is_shortened() -> Result<()> {
        let short = shortened("The Great Wall of China", 14.0, 90.0)?;
        assert!(short.ends_with('…') && width(&short, 14.0)? <= 90.0 && short.len() > 5, "{short}");
        assert_eq!(shortened("cat", 14.0, 90.0)?, "cat");
        assert_eq!(shortened("cat", 14.0, 0.0)?, "");
        Ok(())
    }
}
