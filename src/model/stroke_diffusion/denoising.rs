//! Denoising strokes, step after step, as fast as it goes.
//!
//! What modulates the denoiser depends on history and noise level, but not on the noisy stroke. So it is computed once a stroke for
//! all levels together, and once a job for the unknown history that guidance compares with; a step is left with two products a
//! block. Its scratch memory is taken once a stroke.

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
    levels: Vec<Preconditioning>,
    guidance: f32,
    /// The levels as the denoiser is told of them, (levels, denoiser width).
    told: Tensor,
    /// The unknown history as the denoiser sees it, (1, denoiser width).
    unknown: Tensor,
    /// Where the fused form computes: of the unknown history, a row a level.
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
    /// `levels`: noise levels above 0; `guidance`: 1 is none.
    pub fn new(network: &'a StrokeDiffusion, levels: &[f64], guidance: f64) -> Result<Self> {
        let levels: Vec<_> = levels.iter().map(|&sigma| Preconditioning::at(sigma)).collect();
        let told = network.level(&levels.iter().map(|level| level.noise as f32).collect::<Vec<_>>())?; // (levels, width)
        let unknown = network.condition(&network.unknown)?; // (1, width)
        let mut denoising = Self { network, levels, guidance: guidance as f32, told, unknown, modulation: None };
        if ops::fused(&denoising.told) && denoising.guided() {
            denoising.modulation = Some(denoising.modulation(&denoising.unknown)?);
        }
        Ok(denoising)
    }

    fn guided(&self) -> bool {
        self.guidance != 1.0
    }

    /// Begins a stroke of each drawing whose state is a row of `states`, (drawings, width).
    pub fn stroke(&self, states: &Tensor) -> Result<StrokeDenoising<'_>> {
        let (network, rows) = (self.network, states.dim(0)?);
        let condition = network.condition(states)?; // (drawings, denoiser width)
        let fused = ops::fused(&condition);
        let branches = if self.guided() { 2 } else { 1 };
        let modulation = if fused { Some(self.modulation(&condition)?) } else { None };
        // With guidance every row is predicted twice: with its history and with none.
        let condition = if self.guided() && !fused {
            let width = self.unknown.dim(1)?;
            Tensor::cat(&[condition, self.unknown.broadcast_as((rows, width))?.contiguous()?], 0)? // (2 drawings, denoiser width)
        } else {
            condition
        };
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
        let p = self.all.levels[level];
        let (skip, out, guidance) = (p.skip as f32, p.out as f32, self.all.guidance);
        let (with, without) = self.said.split_at(x.len());
        if self.all.guided() {
            for (x0, (x, (with, without))) in x0.iter_mut().zip(x.iter().zip(with.iter().zip(without))) {
                *x0 = skip * x + out * (without + guidance * (with - without));
            }
        } else {
            x0.iter_mut().zip(x.iter().zip(with)).for_each(|(x0, (x, with))| *x0 = skip * x + out * with);
        }
        Ok(())
    }

    /// The network's raw output of tensor functions, into `said`: with the history and, guided, without it.
    fn plain(&mut self, x: &[f32], level: usize) -> Result<()> {
        let (network, p) = (self.all.network, self.all.levels[level]);
        let branches = if self.all.guided() { 2 } else { 1 };
        let scaled: Vec<f32> = x.iter().map(|v| v * p.input as f32).collect::<Vec<_>>().repeat(branches);
        let scaled = Tensor::from_vec(scaled, (branches * self.rows, x.len() / self.rows), network.device())?; // (rows, codec width)
        let said = network.denoise(&scaled, &[p.noise as f32], &self.condition)?.flatten_all()?.to_vec1::<f32>()?;
        self.said = Buffer::any(said.len());
        self.said.copy_from_slice(&said);
        Ok(())
    }

    /// The same on slices; nothing is allocated.
    fn fused(&mut self, x: &[f32], level: usize) -> Result<()> {
        let Self { all, rows, modulation: Some(known), scaled, said, h, inner, outer, .. } = self else { return Ok(()) };
        let (network, p) = (all.network, all.levels[level]);
        let width = network.x_in.parts().1.dim(0)?;
        // Both branches read the same noisy strokes.
        scaled.iter_mut().zip(x).for_each(|(scaled, x)| *scaled = x * p.input as f32);
        let (n, both) = (*rows * width, h.len());
        let (weight, bias) = network.x_in.parts();
        fast::affine(&mut h[..n], &scaled[..x.len()], &ops::hold(weight)?, &ops::hold(bias)?);
        h.copy_within(..n, both - n);
        for (i, block) in network.denoiser.iter().enumerate() {
            let packed = ops::hold(block.packed())?;
            let [_, _, w_up, b_up, w_down, b_down] = fast::modulated_parts(&packed, width);
            let known = &known.blocks[i][level * 3 * n..][..3 * n];
            let unknown = all.modulation.as_ref().map(|of| &of.blocks[i][level * 3 * width..][..3 * width]);
            fast::modulated_norm(&h[..n], known, width, 3 * width, &mut inner[..n]);
            if let Some(unknown) = unknown {
                fast::modulated_norm(&h[n..], unknown, width, 0, &mut inner[n..]);
            }
            fast::affine(outer, inner, w_up, b_up);
            fast::activate(outer, inner);
            fast::affine(outer, inner, w_down, b_down);
            fast::add_gated(&mut h[..n], known, &outer[..n], width, 3 * width);
            if let Some(unknown) = unknown {
                fast::add_gated(&mut h[n..], unknown, &outer[n..], width, 0);
            }
        }
        let (weight, bias) = network.x_out.parts();
        fast::affine(said, h, &ops::hold(weight)?, &ops::hold(bias)?);
        let (m, codec) = (x.len(), x.len() / *rows);
        let gate = &known.gate[level * m..][..m];
        said[..m].iter_mut().zip(gate.iter().zip(&scaled[..m])).for_each(|(said, (gate, x))| *said += gate * x);
        if let Some(unknown) = &all.modulation {
            let gate = &unknown.gate[level * codec..][..codec];
            for (said, x) in said[m..].chunks_exact_mut(codec).zip(scaled[..m].chunks_exact(codec)) {
                said.iter_mut().zip(gate.iter().zip(x)).for_each(|(said, (gate, x))| *said += gate * x);
            }
        }
        Ok(())
    }
}
