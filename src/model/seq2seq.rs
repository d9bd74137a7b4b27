//! From sequence to sequence: one recurrent network reads the category and the strokes so far, another one writes what follows, point by
//! point, and attends to what was read (Sutskever et al. 2014; Luong et al. 2015). Both have two layers; the reader's go in both
//! directions.
//!
//! Of every point seven numbers are read: its row as in Sketch-RNN ([`super::layers::row`]), and its place in the frame, whose longer
//! side is 1: -0.5 to 0.5. The pen waits in the middle of an empty page, and the first movement goes from there. A row of nothing but
//! zeros is the reader's first token: it stands for the category. Sequences of unequal length lie one behind the other, without padding.

mod head;

pub use head::Head;

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Bidirectional, Direction, Linear, Lstm, Pen, ROW, Recurrent, row};
use super::ops::{self, Mask, Span};
use super::weights::{Builder, Start, weight};
use crate::config::{ModelSettings, Preset, Seq2seqSettings};
use crate::sketch::{Point, Sketch};
use crate::util::Result;

/// Numbers that are read of a point: its row, then its place.
pub const READ: usize = ROW + 2;
/// The reader's first token.
pub const CATEGORY: [f32; READ] = [0.0; READ];
/// Numbers that a point or a category becomes before either network reads it.
const EMBEDDING: usize = 64;
/// Heads of the attention, as Luong et al. have it.
const HEADS: usize = 1;
/// Model frame to places: there the longer side is 2, here it is 1.
const HALF: f32 = 0.5;

/// A point as it is read: the movement `by` to it, what the pen does behind it, and its place.
pub fn point(by: Point, pen: Pen, place: Point) -> [f32; READ] {
    let [dx, dy, down, up, end] = row(by, pen);
    [dx, dy, down, up, end, place[0], place[1]]
}

/// Where a point lies, -0.5 to 0.5.
pub fn place(point: &[f32; READ]) -> Point {
    [point[ROW], point[ROW + 1]]
}

/// What the writer reads before the first point of an empty page: the pen waits in the middle.
pub fn waiting() -> [f32; READ] {
    point([0.0; 2], Pen::Up, [0.0; 2])
}

/// The movement from one place to another, in units of `scale`, which is one of the model frame.
pub fn movement(from: Point, to: Point, scale: f32) -> Point {
    [0, 1].map(|i| (to[i] - from[i]) / (HALF * scale))
}

/// The place that a movement in such units leads to.
pub fn moved(from: Point, by: Point, scale: f32) -> Point {
    [0, 1].map(|i| from[i] + by[i] * HALF * scale)
}

/// The points of a drawing in the model frame; strokes without any are left out.
pub fn points(sketch: &Sketch, scale: f32) -> Vec<[f32; READ]> {
    let mut before = place(&waiting());
    let mut out = Vec::with_capacity(sketch.points().count());
    for stroke in sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()) {
        for &at in &stroke.points {
            let at = at.map(|v| v * HALF);
            out.push(point(movement(before, at, scale), Pen::Down, at));
            before = at;
        }
        lift(&mut out, Pen::Up);
    }
    lift(&mut out, Pen::End);
    out
}

/// Says what the pen does behind the last point.
pub fn lift(points: &mut [[f32; READ]], pen: Pen) {
    if let Some(last) = points.last_mut() {
        *last = point([last[0], last[1]], pen, place(last));
    }
}

/// The drawing of some points, in the model frame.
pub fn drawing(points: &[[f32; READ]]) -> Sketch {
    let mut sketch = Sketch::default();
    let mut lifted = true;
    for point in points {
        if lifted {
            sketch.strokes.push(Default::default());
        }
        if let Some(stroke) = sketch.strokes.last_mut() {
            stroke.points.push(place(point).map(|v| v / HALF));
        }
        lifted = point[2 + Pen::Down as usize] == 0.0;
    }
    sketch
}

/// The network.
#[derive(Debug, Clone)]
pub struct Seq2seq {
    category: Tensor,
    embed: Linear,
    reader: [Bidirectional<Lstm>; 2],
    keys: Linear,
    begin: Linear,
    writer: [Lstm; 2],
    ask: Linear,
    say: Linear,
    head: Head,
}

/// States of the writer's layers, (drawings, 2 decoder) each.
pub type States = [Tensor; 2];

/// What was read of some drawings.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What the writer may attend to: keys and values of every token, (tokens, 4 encoder).
    keys: Tensor,
    /// Which tokens belong to each drawing.
    of: Vec<Range<usize>>,
    /// The writer's states before its first point.
    pub begin: States,
}

impl Reading {
    /// Of some drawings only; the states are left as they are.
    pub fn retain(&mut self, keep: &[u32]) {
        self.of = keep.iter().filter_map(|&i| self.of.get(i as usize).cloned()).collect();
    }
}

impl Network for Seq2seq {
    const CATEGORY_TABLES: &'static [&'static str] = &["seq2seq.category"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::Seq2seq(settings) = &preset.model else { return Err(another_system()) };
        Self::new(settings, categories, build)
    }
}

impl Seq2seq {
    /// For so many categories.
    pub fn new(settings: &Seq2seqSettings, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let Seq2seqSettings { encoder, decoder, mixtures } = *settings;
        let head = Head::new(mixtures);
        let seen = 2 * encoder;
        let mut writer = |name: &str, inputs: usize| Lstm::new(name, inputs, decoder, Direction::Ahead, build)?.remembering();
        let writer = [writer("seq2seq.writer0", EMBEDDING)?, writer("seq2seq.writer1", decoder + seen)?];
        Ok(Self {
            category: weight(build, "seq2seq.category", &[categories, EMBEDDING], Start::TABLE)?,
            embed: Linear::new("seq2seq.embed", READ, EMBEDDING, build)?,
            reader: [
                Bidirectional::new("seq2seq.reader0", EMBEDDING, encoder, build)?,
                Bidirectional::new("seq2seq.reader1", seen, encoder, build)?,
            ],
            keys: Linear::new("seq2seq.keys", seen, 2 * seen, build)?,
            begin: Linear::new("seq2seq.begin", seen, 4 * decoder, build)?,
            writer,
            ask: Linear::new("seq2seq.ask", decoder, seen, build)?,
            say: Linear::new("seq2seq.say", decoder, head.width(), build)?,
            head,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.category.device()
    }

    /// What its answers mean.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Width of either layer of the writer.
    pub fn width(&self) -> usize {
        self.writer[0].state() / 2
    }

    /// Points, and the category of each: (tokens, 7) of drawings that end at `ends` -> (tokens, embedding)
    fn embedded(&self, points: &Tensor, ends: &[usize], categories: &[u32]) -> Result<Tensor> {
        let of: Vec<u32> =
            ops::sequences(ends).zip(categories).flat_map(|(span, &category)| std::iter::repeat_n(category, span.len())).collect();
        let category = self.category.index_select(&Tensor::new(of, self.device())?, 0)?; // (tokens, embedding)
        Ok((self.embed.forward(points)? + category)?) // (tokens, embedding)
    }

    /// Reads [`CATEGORY`] and the points so far: (tokens, 7) of drawings that end at `ends`, one token of each at least.
    pub fn read(&self, points: &Tensor, ends: &[usize], categories: &[u32]) -> Result<Reading> {
        let x = self.embedded(points, ends, categories)?; // (tokens, embedding)
        let low = self.reader[0].forward(&x, ends)?; // (tokens, 2 encoder)
        let seen = self.reader[1].forward(&low, ends)?; // (tokens, 2 encoder)
        let begin = self.begin.forward(&self.reader[1].last(&seen, ends)?)?.tanh()?; // (drawings, 4 decoder)
        let state = |layer: usize| begin.narrow(1, layer * 2 * self.width(), 2 * self.width())?.contiguous(); // (drawings, 2 decoder)
        Ok(Reading { keys: self.keys.forward(&seen)?, of: ops::sequences(ends).collect(), begin: [state(0)?, state(1)?] })
    }

    /// What is said of every next point: `points` (tokens, 7) are those before each, of drawings that end at `ends`, and `before` the
    /// states before the first of them -> answers (tokens, [`Head::width`]), and the states behind every point, (tokens, 2 decoder).
    ///
    /// The lower layer asks what was read, and the upper one is told the answer, so that a layer is computed for all points at once.
    /// `dropout`: factors of either layer's outputs, (tokens, decoder).
    pub fn write(
        &self,
        points: &Tensor,
        ends: &[usize],
        categories: &[u32],
        reading: &Reading,
        before: &States,
        dropout: Option<&[Tensor; 2]>,
    ) -> Result<(Tensor, States)> {
        let output = |states: &Tensor, layer: usize| -> Result<Tensor> {
            let output = states.narrow(1, 0, self.width())?.contiguous()?; // (tokens, decoder)
            Ok(dropout.map_or(Ok(output.clone()), |factors| output * &factors[layer])?) // (tokens, decoder)
        };
        let x = self.embedded(points, ends, categories)?; // (tokens, embedding)
        let low = self.writer[0].states(&x, ends, &before[0])?; // (tokens, 2 decoder)
        let written = output(&low, 0)?; // (tokens, decoder)
        let spans = ops::sequences(ends).zip(&reading.of).map(|(queries, keys)| Span { queries, keys: keys.clone() });
        let mask = Mask::across(spans.collect());
        let told = ops::cross_attention(&self.ask.forward(&written)?, &reading.keys, &mask, HEADS)?; // (tokens, 2 encoder)
        let high = self.writer[1].states(&Tensor::cat(&[written, told], 1)?, ends, &before[1])?; // (tokens, 2 decoder)
        let said = self.say.forward(&output(&high, 1)?)?; // (tokens, width of the head)
        Ok((said, [low, high]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::{Stroke, distance};

    #[test]
    fn a_drawing_comes_back_from_its_points() {
        let lines: [&[Point]; 4] = [&[[-1.0, 0.5]], &[[0.0, 0.0], [1.0, -0.25]], &[], &[[0.5, 0.5], [0.25, 0.75]]];
        let sketch = Sketch { strokes: lines.iter().map(|line| Stroke::new(line.to_vec())).collect() };
        let points = points(&sketch, 0.25);
        assert_eq!((points.len(), place(&points[0]), [points[0][0], points[0][1]]), (5, [-0.5, 0.25], [-4.0, 2.0]));
        let pens: Vec<[f32; 3]> = points.iter().map(|p| [p[2], p[3], p[4]]).collect();
        let [down, up, end] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(pens, [up, down, up, down, end]);
        let strokes: Vec<Stroke> = sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()).cloned().collect();
        assert_eq!(drawing(&points).strokes, strokes);
        let mut at = place(&waiting());
        for point in &points {
            at = moved(at, [point[0], point[1]], 0.25);
            assert!(distance(at, place(point)) < 1e-6);
        }
        assert!(super::points(&Sketch::default(), 0.25).is_empty() && drawing(&[]).strokes.is_empty());
    }
}
