//! A U-Net along a sequence of points (Ronneberger et al. 2015; Janner et al. 2022 for one axis): it is given noisy pen movements,
//! how noisy they are and what they draw, and says the noise, where the pen is lifted, and which points are behind the drawing's end.
//!
//! Residual blocks of convolutions on every level, half as many points on the next one, self-attention on the last; on the way back
//! every level sees what it made of its points on the way down. The attention knows the points' places (Vaswani et al. 2017). Scale and shift from time and class modulate each block (FiLM, Perez
//! et al. 2018). Tensors are channels last, and a norm is over the channels of a point, not over groups of channels and all points
//! as in the images' U-Net (Ho et al. 2020): our choice, so that a point's norm does not depend on how many points there are.

mod block;

use candle_core::{Device, Tensor};

use block::{ResBlock, per_point, through};

use super::coding::Coding;
use super::file::{Network, another_system};
use super::layers::{Condition, Conv1d, LayerNorm, Linear, waves};
use super::ops::{self, Mask};
use super::weights::Builder;
use crate::config::{self, CodecSettings, ModelSettings, Preset};
use crate::util::{Error, Result};

/// The weight of the pen's loss beside that of the noise, in [`Unet1d::loss`].
const PEN: f64 = 0.01;

/// How large the network is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unet1dSettings {
    /// Channels at full length, before the first level's multiplier; even.
    pub base: usize,
    /// Channels of each level as multiples of `base`. Every level but the first has half the points of the one before.
    pub multipliers: Vec<usize>,
    /// Residual blocks of a level, on the way down and again on the way back.
    pub blocks: usize,
    /// Heads of the attention on the last level; they divide its channels.
    pub heads: usize,
    /// Classes that can be asked for. One more, the last, stands for none of them: classifier-free guidance (Ho & Salimans 2022).
    pub classes: usize,
    /// Points of a sequence, divisible by 2 for every level but the first.
    pub length: usize,
}

impl Unet1dSettings {
    /// Fit for two cores: 0.6 million weights, 96 points.
    pub fn small(classes: usize) -> Self {
        Self { base: 32, multipliers: vec![1, 2, 4], blocks: 1, heads: 4, classes, length: 96 }
    }

    /// The sizes of a preset: each level has twice the channels of the one above it.
    pub fn of(sizes: &config::Unet1dSettings, length: usize, classes: usize) -> Self {
        let config::Unet1dSettings { base, levels, blocks, heads } = *sizes;
        Self { base, multipliers: (0..levels as u32).map(|level| 1 << level.min(16)).collect(), blocks, heads, classes, length }
    }

    /// Refuses what no network can be built of; returns the channels of each level.
    fn check(&self) -> Result<Vec<usize>> {
        let Self { base, blocks, heads, length, .. } = *self;
        let widths: Vec<usize> = self.multipliers.iter().map(|multiplier| base.saturating_mul(*multiplier)).collect();
        let says = |text: String| Err(Error::new(text));
        let Some(&lowest) = widths.last() else { return says("a U-Net needs at least one level".into()) };
        if base == 0 || !base.is_multiple_of(2) || widths.contains(&0) || blocks == 0 {
            return says(format!(
                "a U-Net cannot have {base} channels (even, at least 2), levels of {widths:?} and {blocks} blocks a level"
            ));
        }
        if heads == 0 || !lowest.is_multiple_of(heads) {
            return says(format!("{heads} heads do not divide the last level's {lowest} channels"));
        }
        match 1usize.checked_shl(widths.len() as u32 - 1) {
            Some(factor) if length > 0 && length.is_multiple_of(factor) => Ok(widths),
            _ => says(format!("{length} points cannot be halved for {} levels", widths.len())),
        }
    }
}

/// Sequences to learn from.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Noisy movements, (batch, length, 2).
    pub x: Tensor,
    /// The noise in them, (batch, length, 2).
    pub noise_target: Tensor,
    /// How noisy each sequence is, 0 to [`super::layers::TIMES`].
    pub timesteps: Vec<f32>,
    /// The class of each sequence.
    pub classes: Vec<u32>,
    /// 1 where the drawing has a movement, 0 behind its end: (batch, length). The noise there is nobody's business.
    pub inside: Tensor,
    /// 1 where the pen is lifted, else 0; 1 behind the end, else 0: (batch, length, 2).
    pub pen_target: Tensor,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Unet1d {
    settings: Unet1dSettings,
    condition: Condition,
    conv_in: Conv1d,
    /// Blocks of each level, from full length on.
    down: Vec<Vec<ResBlock>>,
    middle: [ResBlock; 2],
    attention_norm: LayerNorm,
    /// What the attention is told of each point's place in the sequence: (points, lowest).
    places: Tensor,
    qkv: Linear,
    attention_out: Linear,
    /// Blocks of each level but the last, from full length on.
    up: Vec<Vec<ResBlock>>,
    norm_out: LayerNorm,
    noise: Conv1d,
    pen: Linear,
}

impl Network for Unet1d {
    const CATEGORY_TABLES: &'static [&'static str] = &["unet.class"];

    fn build(preset: &Preset, _: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self> {
        let (ModelSettings::Unet1d(sizes), CodecSettings::Deltas { most_points, .. }) = (&preset.model, &preset.codec) else {
            return Err(another_system());
        };
        // A drawing has fewer movements than points, so that the end of every one of them is in sight.
        Self::new(&Unet1dSettings::of(sizes, *most_points, categories), build)
    }
}

impl Unet1d {
    /// Settings that do not go together are refused.
    pub fn new(settings: &Unet1dSettings, build: &mut Builder<'_>) -> Result<Self> {
        let widths = settings.check()?;
        let (base, first, lowest) = (settings.base, widths[0], widths[widths.len() - 1]);
        let condition = 4 * base;
        let level = |name: String, from: usize, to: usize, build: &mut Builder<'_>| {
            let inputs = |i| if i == 0 { from } else { to };
            let block = |i| ResBlock::new(&format!("{name}.block{i:02}"), inputs(i), to, condition, build);
            (0..settings.blocks).map(block).collect::<Result<Vec<_>>>()
        };
        let told = Condition::new("unet", base, condition, settings.classes, build)?;
        let conv_in = Conv1d::new("unet.conv_in", 2, base, 3, build)?;
        let (mut down, mut up) = (Vec::new(), Vec::new());
        for (i, &width) in widths.iter().enumerate() {
            let from = if i == 0 { base } else { widths[i - 1] };
            down.push(level(format!("unet.down{i}"), from, width, build)?);
            if let Some(below) = widths.get(i + 1) {
                up.push(level(format!("unet.up{i}"), below + width, width, build)?);
            }
        }
        let points = settings.length >> (widths.len() - 1);
        let places: Vec<f32> = (0..points).flat_map(|place| waves(place as f32, lowest / 2)).collect();
        let places = Tensor::from_vec(places, (points, lowest), told.device())?; // (points, lowest)
        let mut middle = |name: &str| ResBlock::new(&format!("unet.middle.{name}"), lowest, lowest, condition, build);
        Ok(Self {
            settings: settings.clone(),
            condition: told,
            conv_in,
            down,
            middle: [middle("before")?, middle("after")?],
            attention_norm: LayerNorm::new("unet.middle.norm", lowest, build)?,
            places,
            qkv: Linear::new("unet.middle.qkv", lowest, 3 * lowest, build)?,
            attention_out: Linear::new("unet.middle.out", lowest, lowest, build)?,
            up,
            norm_out: LayerNorm::new("unet.norm_out", first, build)?,
            noise: Conv1d::new("unet.noise", first, 2, 3, build)?,
            pen: Linear::new("unet.pen", first, 2, build)?,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.condition.device()
    }

    /// Points of a sequence.
    pub fn length(&self) -> usize {
        self.settings.length
    }

    /// The class that stands for none of them.
    pub fn no_class(&self) -> u32 {
        self.condition.no_class()
    }

    /// `x` (batch, length, 2), a timestep (0 to 1000) and a class for each sequence -> the noise (batch, length, 2), and the logits of
    /// "the pen is lifted here" and "the drawing is over" (batch, length, 2).
    pub fn forward(&self, x: &Tensor, timesteps: &[f32], classes: &[u32]) -> Result<(Tensor, Tensor)> {
        let (batch, length, numbers) = x.dims3()?;
        if (length, numbers) != (self.settings.length, 2) || timesteps.len() != batch || classes.len() != batch {
            let (asked, n) = (x.dims(), self.settings.length);
            let text = format!("{asked:?} with {} times and {} classes, not (batch, {n}, 2)", timesteps.len(), classes.len());
            return Err(Error::new(text));
        }
        let condition = ops::silu(&self.condition.forward(timesteps, classes)?)?; // (batch, 4 base)
        let mut h = self.conv_in.forward(x)?; // (batch, length, base)
        let mut seen = Vec::with_capacity(self.up.len());
        for (i, blocks) in self.down.iter().enumerate() {
            if i > 0 {
                seen.push(h.clone());
                h = ops::halve(&h)?; // (batch, points, width above)
            }
            h = through(blocks, h, &condition)?; // (batch, points, width)
        }
        h = self.middle[0].forward(&h, &condition)?; // (batch, points, lowest)
        h = (&h + self.attend(&h)?)?; // (batch, points, lowest)
        h = self.middle[1].forward(&h, &condition)?; // (batch, points, lowest)
        for (blocks, seen) in self.up.iter().zip(&seen).rev() {
            h = Tensor::cat(&[&ops::double(&h)?, seen], 2)?; // (batch, points, width below + width)
            h = through(blocks, h, &condition)?; // (batch, points, width)
        }
        let features = ops::silu(&per_point(&h, |h| self.norm_out.forward(h))?)?; // (batch, length, first)
        let pen = per_point(&features, |features| self.pen.forward(features))?; // (batch, length, 2)
        Ok((self.noise.forward(&features)?, pen))
    }

    /// Every point of a sequence looks at all points of it, and knows their places, which convolutions cannot tell far from the ends:
    /// (batch, points, lowest) -> the same shape.
    fn attend(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, points, _) = x.dims3()?;
        let ends: Vec<usize> = (1..=batch).map(|i| i * points).collect();
        let mask = Mask::within(&ends, false);
        let placed = per_point(x, |x| self.attention_norm.forward(x))?.broadcast_add(&self.places)?; // (batch, points, lowest)
        per_point(&placed, |x| {
            let qkv = self.qkv.forward(x)?; // (batch * points, 3 lowest)
            self.attention_out.forward(&ops::self_attention(&qkv, &mask, self.settings.heads)?) // (batch * points, lowest)
        })
    }

    /// Sums, single numbers: of the squared error of the noise's numbers inside the drawings, of the cross entropy of "lifted" inside
    /// them, and of the cross entropy of "over" at all points.
    pub fn losses(&self, batch: &Batch) -> Result<[Tensor; 3]> {
        let (noise, logits) = self.forward(&batch.x, &batch.timesteps, &batch.classes)?; // (batch, length, 2) both
        let inside = batch.inside.unsqueeze(2)?; // (batch, length, 1)
        if noise.dims() != batch.noise_target.dims() || logits.dims() != batch.pen_target.dims() {
            let (noise, pen) = (batch.noise_target.dims(), batch.pen_target.dims());
            return Err(Error::new(format!("targets of {noise:?} and {pen:?} for sequences of {:?}", batch.x.dims())));
        }
        let even = Tensor::ones(2, noise.dtype(), noise.device())?; // (2)
        let (said, target) = (noise.broadcast_mul(&inside)?, batch.noise_target.broadcast_mul(&inside)?); // (batch, length, 2) both
        let error = ops::squared_error(&said.flatten(0, 1)?, &target.flatten(0, 1)?, &even)?; // ()
        // ln(1 + e^z) - z target, in the form that is finite for every z.
        let softplus = (logits.relu()? + (logits.abs()?.neg()?.exp()? + 1.0)?.log()?)?; // (batch, length, 2)
        let pen = (softplus - (&logits * &batch.pen_target)?)?; // (batch, length, 2)
        let lifted = (pen.narrow(2, 0, 1)? * inside)?.sum_all()?; // ()
        Ok([error, lifted, pen.narrow(2, 1, 1)?.sum_all()?])
    }

    /// The mean squared error of the noise plus 0.01 times the mean cross entropies of the pen: a single number.
    pub fn loss(&self, batch: &Batch) -> Result<Tensor> {
        let [error, lifted, over] = self.losses(batch)?;
        let moves = f64::from(batch.inside.sum_all()?.to_scalar::<f32>()?).max(1.0);
        let pen = ((lifted / moves)? + (over / batch.inside.elem_count() as f64)?)?; // ()
        Ok(((error / (2.0 * moves))? + (pen * PEN)?)?)
    }
}
