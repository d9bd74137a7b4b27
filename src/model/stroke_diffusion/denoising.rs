//! Denoising strokes, step after step, as fast as it goes.
//!
//! What modulates the denoiser depends on history, category and noise level, but not on the noisy stroke. So it is computed once a
//! stroke for all levels together, and once a job for the unknown ones that guidance compares with; a step is left with two products
//! a block. Its scratch memory is taken once a stroke.
//!
//! Guidance (Ho & Salimans 2022) has two scales, as in Brooks et al. 2023: with D the prediction of x0, it is
//! `D(nothing) + category_guidance (D(category) - D(nothing)) + guidance (D(history, category) - D(category))`.
//! It may be kept to an interval of noise levels (Kynkaanniemi et al. 2024): elsewhere it is `D(history, category)` alone. Of where
//! a stroke goes and how large it is, a share of it is enough: all of it puts every stroke where most people put it.

use candle_core::Tensor;

use super::StrokeDiffusion;
use crate::diffusion::parametrisation::Preconditioning;
use crate::model::layers::Linear;
use crate::model::ops::{self, Buffer, fast};
use crate::util::Result;

/// A network at certain noise levels and a guidance scale.
#[derive(Debug)]
pub struct Denoising<'a> {
    network: &'a StrokeDiffusion,
    /// How noisy strokes are read at each level: (levels).
    levels: Vec<Factors>,
    /// Whether there is guidance at each level: (levels).
    guided: Vec<bool>,
    /// The category of all drawings.
    category: u32,
    /// The share of the prediction that knows history and category.
    share: f32,
    /// How much of the guidance each entry of a stroke's vector gets: (codec width).
    reach: Vec<f32>,
    /// The levels as the denoiser is told of them, (levels, denoiser width).
    told: Tensor,
    /// What else is predicted, and added.
    unknown: Vec<Unknown>,
}

/// Guidance scales, and where they hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guidance {
    /// The scale for the history; 1 is none.
    pub history: f64,
    /// The scale for the category; 1 is none.
    pub category: f64,
    /// How much of it a stroke's place gets, 0 to 1; its shape gets all.
    pub place: f64,
    /// How much of it its size gets.
    pub size: f64,
    /// The largest noise level with guidance …
    pub from: f64,
    /// … and the smallest.
    pub to: f64,
}

/// How noisy strokes are read at one noise level; the names are those of [`Preconditioning`].
#[derive(Debug, Clone, Copy)]
struct Factors {
    skip: f32,
    out: f32,
    input: f32,
}

impl From<Preconditioning> for Factors {
    fn from(p: Preconditioning) -> Self {
        Self { skip: p.skip as f32, out: p.out as f32, input: p.input as f32 }
    }
}

/// A prediction without the history, the same for all drawings.
#[derive(Debug)]
struct Unknown {
    /// Its share of the whole.
    share: f32,
    /// What the denoiser is told, (1, denoiser width).
    condition: Tensor,
    /// Where the fused form computes: a row a level.
    modulation: Option<Modulation>,
}

/// Everything that modulates the denoiser, for the levels and, in each, rows of histories.
#[derive(Debug)]
struct Modulation {
    /// Of each block: shift, scale, gate: (levels * rows, 3 denoiser width).
    blocks: Vec<Buffer>,
    /// The factor of the affine term, (levels * rows, codec width).
    gate: Buffer,
}

impl<'a> Denoising<'a> {
    /// `levels`: noise levels above 0.
    pub fn new(network: &'a StrokeDiffusion, levels: &[f64], category: u32, guidance: &Guidance) -> Result<Self> {
        let Guidance { history: guidance, category: category_guidance, place, size, from, to } = *guidance;
        let guided = levels.iter().map(|sigma| (to..=from).contains(sigma)).collect();
        let levels: Vec<Preconditioning> = levels.iter().map(|&sigma| Preconditioning::at(sigma)).collect();
        let told: Vec<f32> = levels.iter().map(|p| p.noise as f32).collect();
        let told = network.level.forward(&told)?; // (levels, width)
        let levels = levels.into_iter().map(Factors::from).collect();
        // A box is the two coordinates of its centre, and its size.
        let reach = [place, place, size].into_iter().chain(std::iter::repeat(1.0)).map(|share| share as f32);
        let reach = reach.take(network.stroke_width()).collect();
        let mut denoising = Self { network, levels, guided, category, share: guidance as f32, reach, told, unknown: Vec::new() };
        for (share, category) in [(category_guidance - guidance, category), (1.0 - category_guidance, network.no_category())] {
            if share != 0.0 {
                let condition = network.condition(&network.unknown, &[category])?; // (1, width)
                let modulation = if ops::fused(&condition) { Some(denoising.modulation(&condition)?) } else { None };
                denoising.unknown.push(Unknown { share: share as f32, condition, modulation });
            }
        }
        Ok(denoising)
    }

    /// What else is predicted at this level.
    fn unknown(&self, level: usize) -> &[Unknown] {
        if self.guided[level] { &self.unknown } else { &[] }
    }

    /// Begins a stroke of each drawing whose state is a row of `states`, (drawings, width).
    pub fn stroke(&self, states: &Tensor) -> Result<StrokeDenoising<'_>> {
        let (network, rows) = (self.network, states.dim(0)?);
        let mut condition = network.condition(states, &vec![self.category; rows])?; // (drawings, denoiser width)
        let fused = ops::fused(&condition);
        let branches = 1 + self.unknown.len();
        let modulation = if fused { Some(self.modulation(&condition)?) } else { None };
        // With guidance every row is predicted more than once: with its history, and with none.
        if !fused {
            for unknown in &self.unknown {
                let all = unknown.condition.broadcast_as((rows, condition.dim(1)?))?.contiguous()?; // (drawings, denoiser width)
                condition = Tensor::cat(&[condition, all], 0)?; // (branches * drawings, denoiser width)
            }
        }
        let (codec, width) = (network.x_out.parts().1.dim(0)?, condition.dim(1)?);
        let scratch = |columns: usize| if fused { Buffer::any(branches * rows * columns) } else { Buffer::default() };
        Ok(StrokeDenoising {
            all: self,
            rows,
            condition,
            modulation,
            scaled: scratch(codec),
            said: scratch(codec),
            h: scratch(width),
            inner: scratch(width),
            outer: scratch(width),
        })
    }

    /// `condition` (rows, denoiser width): histories as the denoiser sees them.
    fn modulation(&self, condition: &Tensor) -> Result<Modulation> {
        let (network, width) = (self.network, condition.dim(1)?);
        let rows = self.levels.len() * condition.dim(0)?;
        // (levels, 1, width) + (1, rows, width)
        let all = self.told.unsqueeze(1)?.broadcast_add(&condition.unsqueeze(0)?)?.reshape((rows, width))?; // (levels * rows, width)
        let all = ops::silu(&all)?; // (levels * rows, width)
        let held = ops::hold(&all)?;
        let mut blocks = Vec::with_capacity(network.denoiser.len());
        for block in &network.denoiser {
            let packed = ops::hold(block.packed())?;
            let [weight, bias, ..] = fast::modulated_parts(&packed, width);
            let mut out = Buffer::any(rows * 3 * width);
            fast::affine(&mut out, &held, weight, bias);
            blocks.push(out);
        }
        Ok(Modulation { blocks, gate: affine(&network.x_gate, &held)? })
    }
}

/// A layer without activation, on slices: (rows, in) -> (rows, out).
fn affine(layer: &Linear, x: &[f32]) -> Result<Buffer> {
    let (weight, bias) = layer.parts();
    let mut out = Buffer::any(x.len() / weight.dim(0)? * bias.dim(0)?);
    fast::affine(&mut out, x, &ops::hold(weight)?, &ops::hold(bias)?);
    Ok(out)
}

/// One stroke of several drawings on its way from noise to line.
#[derive(Debug)]
pub struct StrokeDenoising<'a> {
    all: &'a Denoising<'a>,
    rows: usize,
    condition: Tensor,
    modulation: Option<Modulation>,
    scaled: Buffer,
    said: Buffer,
    h: Buffer,
    inner: Buffer,
    outer: Buffer,
}

impl StrokeDenoising<'_> {
    /// The prediction of x0, with guidance, for noisy strokes `x` at the noise level of that index: both (drawings, codec width).
    pub fn predict(&mut self, x: &[f32], level: usize, x0: &mut [f32]) -> Result<()> {
        if self.modulation.is_some() {
            self.fused(x, level)?
        } else {
            self.plain(x, level)?
        }
        let (p, unknown) = (self.all.levels[level], self.all.unknown(level));
        let share = if unknown.is_empty() { 1.0 } else { self.all.share };
        let (with, without) = self.said.split_at(x.len());
        let reach = || self.all.reach.iter().cycle();
        for ((x0, (x, with)), reach) in x0.iter_mut().zip(x.iter().zip(with)).zip(reach()) {
            *x0 = p.skip * x + p.out * (1.0 + reach * (share - 1.0)) * with;
        }
        for (unknown, said) in unknown.iter().zip(without.chunks_exact(x.len())) {
            for ((x0, said), reach) in x0.iter_mut().zip(said).zip(reach()) {
                *x0 += p.out * reach * unknown.share * said;
            }
        }
        Ok(())
    }

    /// The network's raw output of tensor functions, into `said`: with the history, then without it.
    fn plain(&mut self, x: &[f32], level: usize) -> Result<()> {
        let (network, p) = (self.all.network, self.all.levels[level]);
        let branches = 1 + self.all.unknown(level).len();
        let scaled: Vec<f32> = x.iter().map(|v| v * p.input).collect::<Vec<_>>().repeat(branches);
        let condition = self.condition.narrow(0, 0, branches * self.rows)?; // (rows, denoiser width)
        let scaled = Tensor::from_vec(scaled, (branches * self.rows, x.len() / self.rows), network.device())?; // (rows, codec width)
        let said = network.denoise_told(&scaled, &self.all.told.narrow(0, level, 1)?, &condition)?.flatten_all()?.to_vec1::<f32>()?;
        self.said = Buffer::any(said.len());
        self.said.copy_from_slice(&said);
        Ok(())
    }

    /// The same on slices; nothing is allocated.
    fn fused(&mut self, x: &[f32], level: usize) -> Result<()> {
        let Self { all, rows, modulation: Some(known), scaled, said, h, inner, outer, .. } = self else { return Ok(()) };
        let (network, p) = (all.network, all.levels[level]);
        let width = network.x_in.parts().1.dim(0)?;
        let unknown = all.unknown(level);
        // All branches read the same noisy strokes.
        scaled.iter_mut().zip(x).for_each(|(scaled, x)| *scaled = x * p.input);
        let n = *rows * width;
        let all_rows = (1 + unknown.len()) * n;
        let (h, inner, outer) = (&mut h[..all_rows], &mut inner[..all_rows], &mut outer[..all_rows]);
        let (weight, bias) = network.x_in.parts();
        fast::affine(&mut h[..n], &scaled[..x.len()], &ops::hold(weight)?, &ops::hold(bias)?);
        (n..all_rows).step_by(n).for_each(|at| h.copy_within(..n, at));
        for (i, block) in network.denoiser.iter().enumerate() {
            let packed = ops::hold(block.packed())?;
            let [_, _, w_up, b_up, w_down, b_down] = fast::modulated_parts(&packed, width);
            // Of the drawings' histories a row each, of an unknown one the same row for all.
            let known = std::iter::once((&known.blocks[i][level * 3 * n..][..3 * n], 3 * width));
            let unknown = unknown.iter().filter_map(|of| of.modulation.as_ref());
            let unknown = unknown.map(|of| (&of.blocks[i][level * 3 * width..][..3 * width], 0));
            let branches = known.chain(unknown);
            for ((modulation, stride), (h, inner)) in branches.clone().zip(h.chunks_exact(n).zip(inner.chunks_exact_mut(n))) {
                fast::modulated_norm(h, modulation, width, stride, inner);
            }
            fast::affine(outer, inner, w_up, b_up);
            fast::activate(outer, inner);
            fast::affine(outer, inner, w_down, b_down);
            for ((modulation, stride), (h, outer)) in branches.zip(h.chunks_exact_mut(n).zip(outer.chunks_exact(n))) {
                fast::add_gated(h, modulation, outer, width, stride);
            }
        }
        let (weight, bias) = network.x_out.parts();
        let said = &mut said[..(1 + unknown.len()) * x.len()];
        fast::affine(said, h, &ops::hold(weight)?, &ops::hold(bias)?);
        let (m, codec) = (x.len(), x.len() / *rows);
        let gate = &known.gate[level * m..][..m];
        said[..m].iter_mut().zip(gate.iter().zip(&scaled[..m])).for_each(|(said, (gate, x))| *said += gate * x);
        let unknown = unknown.iter().filter_map(|of| of.modulation.as_ref());
        for (unknown, said) in unknown.zip(said[m..].chunks_exact_mut(m)) {
            let gate = &unknown.gate[level * codec..][..codec];
            for (said, x) in said.chunks_exact_mut(codec).zip(scaled[..m].chunks_exact(codec)) {
                said.iter_mut().zip(gate.iter().zip(x)).for_each(|(said, (gate, x))| *said += gate * x);
            }
        }
        Ok(())
    }
}
