//! A drawing drawn stroke by stroke, as a looping GIF.
//!
//! The pen goes at constant speed along each stroke and is lifted for a moment between strokes. Frames hold only the box
//! that changed since the frame before, with unchanged pixels transparent, in one fixed palette. Several drawings share a
//! grid and are drawn at the same time.
//!
//! Limits: GIF counts time in hundredths of a second, so the frame rate is rounded to one of 50, 33.3, 25, 20, …; many
//! viewers slow anything faster than 50 down, hence the limit.

use std::borrow::Cow;

use gif::{AnyExtension, Encoder, Frame, Repeat};

use super::palette::Palette;
use super::{credit, drawable, grid};
use crate::raster::{Area, Fit, Ink, Pixmap, Rgb, Timeline, draw_stroke, fill, paper, text};
use crate::sketch::Sketch;
use crate::util::{Cancel, Context, Error, Result};

/// Settings of a GIF.
#[derive(Debug, Clone, PartialEq)]
pub struct Gif {
    /// Pixels, 32 to 2048: the longer side of the picture.
    pub side: u32,
    /// How long the drawing takes, 0.1 to 60; `None`: as long as is pleasant, 2 to 6 at the usual speed.
    pub seconds: Option<f64>,
    /// How much faster than usual it is drawn where `seconds` does not say how long: 0.1 to 10.
    pub speed: f64,
    /// Frames a second, 1 to 50.
    pub rate: u32,
    /// Line width, as a share of a cell's side: above 0, to 0.2.
    pub line: f32,
    /// "Stroke k/n" above a drawing alone, if there is a ground: what lies on none could not be taken away again.
    pub label: bool,
    /// The finished drawing stays so long before it begins again, 0 to 60 seconds.
    pub pause_secs: f64,
    /// Cells in a row; `None`: as many as look well.
    pub columns: Option<usize>,
    /// The ground, into which the edges of lines fade.
    pub paper: Rgb,
    /// The ground is left out.
    pub transparent: bool,
    /// The strokes.
    pub ink: Ink,
}

impl Default for Gif {
    fn default() -> Self {
        let (paper, ink) = (Rgb::WHITE, Ink::One(Rgb::BLACK));
        Self {
            side: 256,
            seconds: None,
            speed: 1.0,
            rate: 50,
            line: 0.012,
            label: true,
            pause_secs: 1.6,
            columns: None,
            paper,
            transparent: false,
            ink,
        }
    }
}

/// One drawing in its place.
struct Player {
    sketch: Sketch,
    timeline: Timeline,
    fit: Fit,
    /// Strokes that are already in the picture below.
    done: usize,
}

/// All of them, and the picture so far.
struct Stage<'a> {
    gif: &'a Gif,
    players: Vec<Player>,
    /// Finished strokes.
    below: Pixmap,
    /// Line width in pixels.
    line: f32,
    /// Size of the label's letters in pixels, if there is a label.
    label: Option<f32>,
    /// The stroke that the label in the picture below tells.
    told: usize,
}

impl Gif {
    /// The file.
    ///
    /// # Errors
    /// As [`super::Export::bytes`].
    pub fn bytes(&self, sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Vec<u8>> {
        let mut stage = self.stage(sketches)?;
        let mut palette = self.palette(&stage);
        let (width, height) = (stage.below.width() as u16, stage.below.height() as u16);
        let failed = "cannot write the GIF";
        let mut encoder = Encoder::new(Vec::new(), width, height, &palette.bytes()).context(failed)?;
        encoder.set_repeat(Repeat::Infinite).context(failed)?;
        let comment: String = credit(word).chars().filter(|c| c.is_ascii() && !c.is_control()).collect();
        // A block of a comment holds up to 255 bytes.
        let blocks: Vec<&[u8]> = comment.as_bytes().chunks(255).collect();
        encoder.write_raw_extension(AnyExtension(0xFE), &blocks).context(failed)?;
        let longest = stage.players.iter().map(|player| player.timeline.seconds()).fold(0.0, f64::max);
        let delay = self.delay();
        let count = (self.seconds.unwrap_or(longest / self.speed) * 100.0 / f64::from(delay)).round().max(1.0) as usize;
        let mut before: Option<Pixmap> = None;
        for i in 1..=count {
            cancel.check()?;
            let picture = stage.at(i as f64 / count as f64)?;
            let mut frame = match &before {
                None => whole(&picture, &mut palette, self.transparent),
                Some(before) => changed(before, &picture, &mut palette),
            };
            frame.delay = if i == count { delay + (self.pause_secs * 100.0) as u16 } else { delay };
            encoder.write_frame(&frame).context(failed)?;
            before = Some(picture);
        }
        encoder.into_inner().context(failed)
    }

    /// The finished picture, with its label: what the last frame shows.
    ///
    /// # Errors
    /// As [`super::Export::bytes`].
    pub fn still(&self, sketches: &[Sketch]) -> Result<Pixmap> {
        self.stage(sketches)?.at(1.0)
    }

    /// Hundredths of a second between frames.
    fn delay(&self) -> u16 {
        (100.0 / f64::from(self.rate)).round() as u16
    }

    fn check(&self) -> Result<()> {
        let advice = if !(32..=2048).contains(&self.side) {
            "The side must be within 32..2048 pixels."
        } else if !(1..=50).contains(&self.rate) {
            "The rate must be within 1..50 frames a second."
        } else if !(self.line > 0.0 && self.line <= 0.2) {
            "The line width must be above 0 and up to 0.2 of the side."
        } else if self.seconds.is_some_and(|seconds| !(0.1..=60.0).contains(&seconds)) || !(0.0..=60.0).contains(&self.pause_secs) {
            "The drawing must take 0.1 to 60 seconds, the pause 0 to 60."
        } else if !(0.1..=10.0).contains(&self.speed) {
            "The speed must be within 0.1..10."
        } else {
            return Ok(());
        };
        Err(Error::usage("cannot make a GIF with these settings").advise(advice))
    }

    fn stage(&self, sketches: &[Sketch]) -> Result<Stage<'_>> {
        self.check()?;
        let sketches = drawable(sketches)?;
        let (columns, rows) = grid(sketches.len(), self.columns);
        let cell = self.side as f32 / columns.max(rows) as f32;
        if cell < 32.0 {
            let what = format!("{} drawings do not fit into a GIF of {} pixels", sketches.len(), self.side);
            return Err(Error::usage(what).advise("Export fewer drawings, or a larger GIF."));
        }
        let below = paper((cell * columns as f32).round() as u32, (cell * rows as f32).round() as u32, self.paper)?;
        let label = (self.label && !self.transparent && sketches.len() == 1).then_some((self.side as f32 * 0.058).max(11.0));
        let player = |(i, sketch): (usize, Sketch)| {
            let mut area = Area { low: [(i % columns) as f32 * cell, (i / columns) as f32 * cell], size: [cell, cell] }.inset(cell * 0.05);
            // The label has a strip of its own: a drawing never runs into it.
            let strip = label.map_or(0.0, |size| size * 1.15);
            area = Area { low: [area.low[0], area.low[1] + strip], size: [area.size[0], area.size[1] - strip] };
            let fit = sketch.bounds().map(|bounds| Fit::new(bounds, area.inset(self.line * cell * 0.8)));
            fit.map(|fit| Player { timeline: Timeline::new(&sketch), sketch, fit, done: 0 })
        };
        let players = sketches.into_iter().enumerate().filter_map(player).collect();
        Ok(Stage { gif: self, players, below, line: (self.line * cell).max(1.2), label, told: 0 })
    }

    fn palette(&self, stage: &Stage<'_>) -> Palette {
        let most = stage.players.iter().map(|player| player.sketch.strokes.len()).max().unwrap_or(1);
        let steps = match self.ink {
            Ink::One(_) => 1,
            Ink::ByOrder(_) => most.min(24),
        };
        let inks: Vec<Rgb> = (0..steps).map(|i| self.ink.colour(i, steps)).collect();
        Palette::new(self.paper, &inks)
    }
}

impl Stage<'_> {
    /// The picture at `time`, 0..1; times must not go back.
    fn at(&mut self, time: f64) -> Result<Pixmap> {
        for player in &mut self.players {
            let count = player.sketch.strokes.len();
            let whole = player.timeline.at(time).whole.min(count);
            for k in player.done..whole {
                let colour = self.gif.ink.colour(k, count);
                draw_stroke(&mut self.below, &player.sketch.strokes[k].points, 1.0, &player.fit, self.line, colour);
            }
            player.done = whole;
        }
        self.tell(time)?;
        let mut picture = self.below.clone();
        for player in &self.players {
            let (progress, count) = (player.timeline.at(time), player.sketch.strokes.len());
            if let Some(stroke) = player.sketch.strokes.get(progress.whole) {
                let colour = self.gif.ink.colour(progress.whole, count);
                draw_stroke(&mut picture, &stroke.points, progress.part, &player.fit, self.line, colour);
            }
        }
        Ok(picture)
    }

    /// Renews the label once another stroke has begun.
    fn tell(&mut self, time: f64) -> Result<()> {
        let (Some(size), Some(player)) = (self.label, self.players.first()) else { return Ok(()) };
        let count = player.sketch.strokes.len();
        let now = player.timeline.at(time).begun().clamp(1, count);
        if now == self.told {
            return Ok(());
        }
        self.told = now;
        let inset = self.gif.side as f32 * 0.035;
        let strip = Area::of(self.gif.side as f32, (inset + size).floor());
        fill(&mut self.below, strip, self.gif.paper);
        let colour = self.gif.ink.colour(0, 1).mix(self.gif.paper, 0.2);
        text::draw(&mut self.below, &format!("Stroke {now}/{count}"), [inset, inset + size * text::CAPITAL], size, colour)
    }
}

fn rgb(pixels: &[u8]) -> Rgb {
    Rgb(pixels[0], pixels[1], pixels[2])
}

/// A frame of everything; what is paper stays open if it is transparent. Later frames only add ink, and so leave it open.
fn whole(picture: &Pixmap, palette: &mut Palette, transparent: bool) -> Frame<'static> {
    let open = transparent.then(|| palette.transparent());
    let index = |p: &[u8]| match (palette.nearest(rgb(p)), open) {
        (0, Some(open)) => open,
        (index, _) => index,
    };
    let buffer: Vec<u8> = picture.data().chunks_exact(4).map(index).collect();
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    Frame { width, height, transparent: open, buffer: Cow::Owned(buffer), ..Frame::default() }
}

/// A frame of the box in which two pictures differ; pixels alike in both are transparent.
fn changed(before: &Pixmap, after: &Pixmap, palette: &mut Palette) -> Frame<'static> {
    let row_bytes = after.width() as usize * 4;
    let rows = || before.data().chunks_exact(row_bytes).zip(after.data().chunks_exact(row_bytes)).enumerate();
    let (mut top, mut bottom, mut left, mut right) = (usize::MAX, 0, usize::MAX, 0);
    for (y, (old, new)) in rows().filter(|(_, (old, new))| old != new) {
        let differ = |(a, b): (&[u8], &[u8])| a != b;
        let pairs = || old.chunks_exact(4).zip(new.chunks_exact(4));
        (top, bottom) = (top.min(y), y);
        left = left.min(pairs().position(differ).unwrap_or(left));
        right = right.max(pairs().rposition(differ).unwrap_or(0));
    }
    if top == usize::MAX {
        // Nothing moved, but the time must pass.
        (top, bottom, left, right) = (0, 0, 0, 0);
    }
    let keep = palette.transparent();
    let mut buffer = Vec::with_capacity((right - left + 1) * (bottom - top + 1));
    for (_, (old, new)) in rows().skip(top).take(bottom - top + 1) {
        let cut = left * 4..(right + 1) * 4;
        buffer.extend(
            old[cut.clone()].chunks_exact(4).zip(new[cut].chunks_exact(4)).map(
                |(a, b)| {
                    if a == b { keep } else { palette.nearest(rgb(b)) }
                },
            ),
        );
    }
    Frame {
        left: left as u16,
        top: top as u16,
        width: (right - left + 1) as u16,
        height: (bottom - top + 1) as u16,
        transparent: Some(keep),
        buffer: Cow::Owned(buffer),
        ..Frame::default()
    }
}
