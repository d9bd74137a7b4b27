//! How the strokes so far are read, and what they say of the next one's number of points.

use std::ops::Range;

use candle_core::Tensor;

use crate::config::HistoryDitSettings;
use crate::model::layers::{Bidirectional, LayerNorm, Linear, Lstm};
use crate::model::ops::{self, Activation, Mask, Span};
use crate::model::weights::{Builder, Start, weight};
use crate::sketch::Point;
use crate::util::{Error, Result};

/// Numbers of a point as it is read: the movement to it, in deviations; where it lies, from the drawing's first point; and whether the
/// pen was lifted for it.
pub const ROW: usize = 5;

/// The rows of a stroke's points, in the model frame, behind a stroke that ended at `before`; `origin` is the drawing's first point, and
/// `scale` the movements' deviation.
pub fn rows(stroke: &[Point], before: Option<Point>, origin: Point, scale: f32) -> Vec<[f32; ROW]> {
    let row = |(i, at): (usize, &Point)| {
        let lifted = i == 0 && before.is_some();
        let from = if i == 0 { before.unwrap_or(*at) } else { stroke[i - 1] };
        [(at[0] - from[0]) / scale, (at[1] - from[1]) / scale, at[0] - origin[0], at[1] - origin[1], f32::from(lifted)]
    };
    stroke.iter().enumerate().map(row).collect()
}

/// Drawings as they are read, of unequal length, one behind the other.
#[derive(Debug, Clone)]
pub struct History {
    /// Rows of all points of all strokes: (points, 5).
    pub points: Tensor,
    /// The end of each stroke.
    pub ends: Vec<usize>,
    /// Strokes of each drawing.
    pub lengths: Vec<usize>,
    /// The noise claimed for each drawing's points, in deviations of movements.
    pub noise: Vec<f32>,
}

/// Strokes so far: of each drawing a token that begins it, then one for each stroke.
#[derive(Debug, Clone)]
pub struct Memory {
    /// (tokens, width)
    pub(super) tokens: Tensor,
    /// The end of each drawing's tokens.
    pub ends: Vec<usize>,
}

/// Attention by which rows become one (Lin et al. 2017): the query is learnt.
#[derive(Debug, Clone)]
struct Pool {
    query: Tensor,
    rows: Linear,
}

impl Pool {
    fn new(name: &str, inputs: usize, width: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            query: weight(build, &format!("{name}.query"), &[1, width], Start::Normal(1.0))?,
            rows: Linear::new(&format!("{name}.rows"), inputs, 2 * width, build)?,
        })
    }

    /// One row for each of some ranges of rows (all, inputs), to whose query something may be added: (ranges or 1, width) -> (ranges,
    /// width)
    fn forward(&self, rows: &Tensor, ranges: &[Range<usize>], more: Option<&Tensor>) -> Result<Tensor> {
        let spans = ranges.iter().enumerate().map(|(i, keys)| Span { queries: i..i + 1, keys: keys.clone() });
        let query = match more {
            Some(more) => more.broadcast_add(&self.query)?, // (ranges, width)
            None => self.query.broadcast_as((ranges.len(), self.query.dim(1)?))?.contiguous()?, // (ranges, width)
        };
        Ok(ops::cross_attention(&query, &self.rows.forward(rows)?, &Mask::across(spans.collect()), 1)?)
    }
}

/// The part of the network that reads.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    lstm: Bidirectional<Lstm>,
    stroke: Pool,
    begin: Tensor,
    doubt: Linear,
    /// Of each token of a drawing, (1 + most strokes, width).
    place: Tensor,
    norm: LayerNorm,
    history: Pool,
    class: Tensor,
    count_in: Linear,
    count: Linear,
}

impl Reading {
    pub fn new(sizes: &HistoryDitSettings, classes: usize, build: &mut Builder<'_>) -> Result<Self> {
        let HistoryDitSettings { width, reader, stroke_points, max_strokes, .. } = *sizes;
        Ok(Self {
            lstm: Bidirectional::new("history_dit.reader", ROW, reader, build)?,
            stroke: Pool::new("history_dit.stroke", 2 * reader, width, build)?,
            begin: weight(build, "history_dit.begin", &[1, width], Start::TABLE)?,
            doubt: Linear::new("history_dit.doubt", 1, width, build)?,
            place: weight(build, "history_dit.place", &[1 + max_strokes, width], Start::TABLE)?,
            norm: LayerNorm::new("history_dit.norm", width, build)?,
            history: Pool::new("history_dit.history", width, width, build)?,
            class: weight(build, "history_dit.count.class", &[classes, width], Start::Normal(0.02))?,
            count_in: Linear::new("history_dit.count.in", width, width, build)?.then(Activation::Silu),
            count: Linear::new("history_dit.count.out", width, 1 + stroke_points, build)?,
        })
    }

    /// (points, 5) of strokes that end at `ends` -> (strokes, width)
    pub fn read(&self, points: &Tensor, ends: &[usize]) -> Result<Tensor> {
        let said = self.lstm.forward(points, ends)?; // (points, 2 reader)
        self.stroke.forward(&said, &ops::sequences(ends).collect::<Vec<_>>(), None)
    }

    /// Vectors of strokes (strokes, width) of drawings that have so many each.
    pub fn memory(&self, strokes: &Tensor, lengths: &[usize], noise: &[f32]) -> Result<Memory> {
        let (device, drawings) = (self.begin.device(), lengths.len());
        let doubt = self.doubt.forward(&Tensor::from_slice(noise, (drawings, 1), device)?)?; // (drawings, width)
        let begin = doubt.broadcast_add(&self.begin)?; // (drawings, width)
        let (mut order, mut places, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(drawings));
        let mut stroke = drawings as u32;
        for (drawing, &length) in lengths.iter().enumerate() {
            if length >= self.place.dim(0)? {
                return Err(Error::new(format!("a drawing of {length} strokes, but this model reads at most {}", self.place.dim(0)? - 1)));
            }
            order.push(drawing as u32);
            order.extend(stroke..stroke + length as u32);
            stroke += length as u32;
            places.extend(0..=length as u32);
            ends.push(order.len());
        }
        // Empty pages have no strokes to join.
        let all = if strokes.dim(0)? > 0 { Tensor::cat(&[&begin, strokes], 0)? } else { begin }; // (tokens, width)
        let tokens = all.index_select(&Tensor::new(order, device)?, 0)?; // (tokens, width)
        let tokens = (tokens + self.place.index_select(&Tensor::new(places, device)?, 0)?)?; // (tokens, width)
        Ok(Memory { tokens: self.norm.forward(&tokens)?, ends })
    }

    /// Logits of the number of points behind some histories, ranges of tokens, each of a class: (histories, 1 + most points).
    pub fn counts(&self, memory: &Memory, keys: &[Range<usize>], classes: &[u32]) -> Result<Tensor> {
        let class = self.class.index_select(&Tensor::new(classes, self.begin.device())?, 0)?; // (histories, width)
        let pooled = self.history.forward(&memory.tokens, keys, Some(&class))?; // (histories, width)
        self.count.forward(&self.count_in.forward(&(pooled + class)?)?)
    }
}
