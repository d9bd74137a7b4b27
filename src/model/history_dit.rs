//! A diffusion transformer that draws one stroke after another: p(drawing) = product over strokes of p(number of points | strokes before it)
//! p(points | their number, strokes before it).
//!
//! An LSTM reads the points of each stroke so far in both directions, and attention pools what it says of them into one vector a stroke
//! (`reading.rs`). The number of points of the next stroke, or that there is none, comes from what attention pools of these vectors. Then the
//! stroke's movements are denoised together, by a transformer that attends to the vectors before every block. Strokes lie one behind the
//! other: no point is padding, and whoever pools or attends sees what it may and nothing else.
//!
//! A stroke has a first movement too: from where the pen was lifted. The first stroke of a drawing has none.

mod reading;

pub use reading::{History, Memory, ROW, rows};

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Condition, LayerNorm, Linear, Trunk, noise_error};
use super::ops::{self, Mask, Span};
use super::weights::Builder;
use crate::config::{DitSettings, HistoryDitSettings, ModelSettings, Preset};
use crate::util::{Error, Result};
use reading::Reading;

/// Strokes to learn from, one behind the other, drawing by drawing.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The drawings as they are read.
    pub history: History,
    /// Noisy movement to each point, 0 to the first one of a drawing: (points, 2).
    pub x: Tensor,
    /// The noise in it: (points, 2).
    pub noise_target: Tensor,
    /// 1 where there is a movement, 0 at drawings' first points: (points, 1).
    pub moved: Tensor,
    /// Where the pen is before each stroke, from the drawing's first point: (strokes, 2).
    pub pens: Tensor,
    /// How noisy each stroke is, 0 to [`super::layers::TIMES`].
    pub timesteps: Vec<f32>,
    /// The class of each stroke.
    pub classes: Vec<u32>,
    /// One 1 for each stroke, by its number of points, and one for the end of each drawing, in front: (strokes and drawings, 1 + most
    /// points).
    pub counts: Tensor,
    /// The class of each drawing.
    pub drawn: Vec<u32>,
}

/// The network.
#[derive(Debug, Clone)]
pub struct HistoryDit {
    reading: Reading,
    condition: Condition,
    pen: Linear,
    /// Before each block.
    looks: Vec<Look>,
    trunk: Trunk,
    noise: Linear,
}

/// Attention of a stroke's points to the strokes before it, added to what came in.
#[derive(Debug, Clone)]
struct Look {
    norm: LayerNorm,
    query: Linear,
    memory: Linear,
    out: Linear,
    heads: usize,
}

/// Strokes so far as the denoiser sees them: the same for all steps of a stroke.
#[derive(Debug)]
pub struct Told {
    /// Keys and values for each block, (tokens, 2 width).
    memory: Vec<Tensor>,
    /// The tokens that each stroke to denoise sees.
    keys: Vec<Range<usize>>,
    /// Where the pen is before each stroke, as the denoiser is told of it: (strokes, width).
    pens: Tensor,
}

impl Network for HistoryDit {
    const CATEGORY_TABLES: &'static [&'static str] = &["history_dit.class", "history_dit.count.class"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let ModelSettings::HistoryDit(sizes) = &preset.model else { return Err(another_system()) };
        Self::new(sizes, categories, build)
    }
}

impl HistoryDit {
    /// Sizes that do not go together are refused.
    pub fn new(sizes: &HistoryDitSettings, classes: usize, build: &mut Builder<'_>) -> Result<Self> {
        let HistoryDitSettings { width, layers, heads, stroke_points, .. } = *sizes;
        let trunk = Trunk::new("history_dit", 2, stroke_points, &DitSettings { width, layers, heads }, build)?;
        Ok(Self {
            reading: Reading::new(sizes, classes, build)?,
            condition: Condition::new("history_dit", width, width, classes, build)?,
            pen: Linear::new("history_dit.pen", 2, width, build)?,
            looks: (0..layers).map(|i| Look::new(&format!("history_dit.look{i:02}"), width, heads, build)).collect::<Result<_>>()?,
            trunk,
            noise: Linear::zeros("history_dit.noise", width, 2, build)?,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.condition.device()
    }

    /// The class that stands for none of them.
    pub fn no_class(&self) -> u32 {
        self.condition.no_class()
    }

    /// Width of a stroke's vector.
    pub fn width(&self) -> usize {
        self.trunk.width()
    }

    /// Vectors of strokes, each read by itself: rows of points (points, 5) of strokes that end at `ends` -> (strokes, width)
    pub fn read(&self, points: &Tensor, ends: &[usize]) -> Result<Tensor> {
        self.reading.read(points, ends)
    }

    /// Strokes so far of some drawings, from their vectors (strokes, width), how many each drawing has, and the noise that is claimed for
    /// each.
    pub fn memory(&self, strokes: &Tensor, lengths: &[usize], noise: &[f32]) -> Result<Memory> {
        self.reading.memory(strokes, lengths, noise)
    }

    /// Logits of the number of points of a next stroke, 0 where there is none, for histories that are ranges of a memory's tokens, and
    /// the class of each: (histories, 1 + most points).
    pub fn counts(&self, memory: &Memory, keys: &[Range<usize>], classes: &[u32]) -> Result<Tensor> {
        self.reading.counts(memory, keys, classes)
    }

    /// Prepares strokes to be denoised: for each the tokens of the memory that it sees, and where the pen is, (strokes, 2).
    pub fn told(&self, memory: &Memory, keys: Vec<Range<usize>>, pens: &Tensor) -> Result<Told> {
        let of = |look: &Look| look.memory.forward(&memory.tokens); // (tokens, 2 width)
        Ok(Told { memory: self.looks.iter().map(of).collect::<Result<_>>()?, keys, pens: self.pen.forward(pens)? })
    }

    /// Noisy movements `x` (points, 2) of strokes that end at `ends`, what the denoiser is told of them, a timestep and a class for each ->
    /// the noise (points, 2)
    pub fn forward(&self, x: &Tensor, ends: &[usize], told: &Told, timesteps: &[f32], classes: &[u32]) -> Result<Tensor> {
        self.denoise(x, ends, told, timesteps, classes, &mut |_, _| Ok(()))
    }

    /// The same, and how much each stroke attends to each token that it sees, a mean over points, heads and blocks.
    pub fn attention(&self, x: &Tensor, ends: &[usize], told: &Told, timesteps: &[f32], classes: &[u32]) -> Result<Vec<Vec<f32>>> {
        let mut shares: Vec<Vec<f32>> = told.keys.iter().map(|keys| vec![0.0; keys.len()]).collect();
        let mut add = |i: usize, h: &Tensor| {
            for ((span, keys), shares) in ops::sequences(ends).zip(&told.keys).zip(&mut shares) {
                let of = self.looks[i].shares(&h.narrow(0, span.start, span.len())?, &told.memory[i].narrow(0, keys.start, keys.len())?)?;
                shares.iter_mut().zip(of).for_each(|(sum, share)| *sum += share / self.looks.len() as f32);
            }
            Ok(())
        };
        self.denoise(x, ends, told, timesteps, classes, &mut add)?;
        Ok(shares)
    }

    /// `watch` sees the tokens (points, width) before each block's look at the strokes so far.
    fn denoise(
        &self,
        x: &Tensor,
        ends: &[usize],
        told: &Told,
        timesteps: &[f32],
        classes: &[u32],
        watch: &mut dyn FnMut(usize, &Tensor) -> Result<()>,
    ) -> Result<Tensor> {
        if ends.len() != classes.len() || told.keys.len() != ends.len() {
            return Err(Error::new(format!("{} strokes, {} classes, {} histories", ends.len(), classes.len(), told.keys.len())));
        }
        let condition = (self.condition.forward(timesteps, classes)? + &told.pens)?; // (strokes, width)
        let spans = ops::sequences(ends).zip(&told.keys).map(|(queries, keys)| Span { queries, keys: keys.clone() });
        let mask = Mask::across(spans.collect());
        let look = |i: usize, h: Tensor| {
            watch(i, &h)?;
            self.looks[i].forward(h, &told.memory[i], &mask)
        };
        self.noise.forward(&self.trunk.forward(x, ends, &condition, look)?)
    }

    /// Two sums, single numbers: of the squared error of the noise, where there are movements; and of the cross entropy of the number of
    /// points of each next stroke, 0 for the end of a drawing.
    pub fn losses(&self, batch: &Batch) -> Result<[Tensor; 2]> {
        let Batch { history, x, noise_target, moved, pens, timesteps, classes, counts, drawn } = batch;
        let memory = self.memory(&self.read(&history.points, &history.ends)?, &history.lengths, &history.noise)?;
        let (mut strokes, mut all, mut of) = (Vec::new(), Vec::new(), Vec::new());
        for ((&length, tokens), &class) in history.lengths.iter().zip(ops::sequences(&memory.ends)).zip(drawn) {
            // Token 0 begins the drawing; stroke number k sees that and k strokes.
            let before = |k: usize| tokens.start..tokens.start + k + 1;
            strokes.extend((0..length).map(before));
            all.extend((0..=length).map(before));
            of.extend(std::iter::repeat_n(class, length + 1));
        }
        let told = self.told(&memory, strokes, pens)?;
        let noise = self.forward(x, &history.ends, &told, timesteps, classes)?; // (points, 2)
        let logits = self.counts(&memory, &all, &of)?; // (strokes and drawings, 1 + most points)
        Ok([noise_error(&noise, noise_target, moved)?, ops::cross_entropy(&logits, counts)?])
    }
}

impl Look {
    fn new(name: &str, width: usize, heads: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            norm: LayerNorm::new(&format!("{name}.norm"), width, build)?,
            query: Linear::new(&format!("{name}.query"), width, width, build)?,
            memory: Linear::new(&format!("{name}.memory"), width, 2 * width, build)?,
            // It begins as nothing, like the blocks.
            out: Linear::zeros(&format!("{name}.out"), width, width, build)?,
            heads,
        })
    }

    /// (points, width), keys and values (tokens, 2 width) -> (points, width)
    fn forward(&self, h: Tensor, memory: &Tensor, mask: &Mask) -> Result<Tensor> {
        let query = self.query.forward(&self.norm.forward(&h)?)?; // (points, width)
        let seen = ops::cross_attention(&query, memory, mask, self.heads)?; // (points, width)
        Ok((h + self.out.forward(&seen)?)?)
    }

    /// How much points (points, width) of one stroke attend to tokens with keys and values (tokens, 2 width), a mean over points and heads:
    /// shares that sum to 1.
    fn shares(&self, h: &Tensor, memory: &Tensor) -> Result<Vec<f32>> {
        let (points, width) = h.dims2()?;
        let (tokens, head) = (memory.dim(0)?, width / self.heads);
        let of_heads = |x: &Tensor, n: usize| x.contiguous()?.reshape((n, self.heads, head))?.transpose(0, 1)?.contiguous(); // (heads, n, head)
        let query = of_heads(&self.query.forward(&self.norm.forward(h)?)?, points)?; // (heads, points, head)
        let key = of_heads(&memory.narrow(1, 0, width)?, tokens)?; // (heads, tokens, head)
        let scores = (query.matmul(&key.t()?)? * (head as f64).powf(-0.5))?; // (heads, points, tokens)
        let shares = scores.broadcast_sub(&ops::log_sum_exp(&scores)?)?.exp()?; // (heads, points, tokens)
        Ok(shares.mean(0)?.mean(0)?.to_vec1()?) // (tokens)
    }
}
