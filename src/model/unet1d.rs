//! A U-Net along a sequence of points (Ronneberger et al. 2015; Janner et al. 2022 for one axis): it is given noisy pen movements,
//! how noisy they are and what they draw, and says the noise, and at which points the pen is lifted.
//!
//! Residual blocks of convolutions on every level, half as many points on the next one, self-attention on the last; on the way back
//! every level sees what it made of its points on the way down. Scale and shift from time and class modulate each block (FiLM, Perez
//! et al. 2018). Tensors are channels last, and a norm is over the channels of a point, not over groups of channels and all points
//! as in the images' U-Net (Ho et al. 2020): our choice, so that a point's norm does not depend on how many points there are.

use candle_core::{D, Device, Tensor};

use super::layers::{Conv1d, LayerNorm, Linear};
use super::ops::{self, Activation, Mask};
use super::weights::{Builder, Start, weight};
use crate::util::{Error, Result};

/// The weight of the pen's loss beside that of the noise.
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
    /// How noisy each sequence is, 0 to 1000.
    pub timesteps: Vec<f32>,
    /// The class of each sequence.
    pub classes: Vec<u32>,
    /// 1 where the pen is lifted, else 0: (batch, length).
    pub pen_target: Tensor,
}

/// Norm, SiLU, convolution; the same again, modulated; and what came in is added.
#[derive(Debug, Clone)]
struct ResBlock {
    norm: LayerNorm,
    conv_in: Conv1d,
    film: Linear,
    conv_out: Conv1d,
    skip: Option<Conv1d>,
}

impl ResBlock {
    fn new(name: &str, inputs: usize, outputs: usize, condition: usize, build: &mut Builder<'_>) -> Result<Self> {
        let skip = (inputs != outputs).then(|| Conv1d::new(&format!("{name}.skip"), inputs, outputs, 1, build)).transpose()?;
        Ok(Self {
            norm: LayerNorm::new(&format!("{name}.norm"), inputs, build)?,
            conv_in: Conv1d::new(&format!("{name}.conv_in"), inputs, outputs, 3, build)?,
            film: Linear::new(&format!("{name}.film"), condition, 2 * outputs, build)?,
            conv_out: Conv1d::new(&format!("{name}.conv_out"), outputs, outputs, 3, build)?,
            skip,
        })
    }

    /// `x` (batch, length, in), activated `condition` (batch, condition) -> (batch, length, out)
    fn forward(&self, x: &Tensor, condition: &Tensor) -> Result<Tensor> {
        let (batch, length, _) = x.dims3()?;
        let h = self.conv_in.forward(&ops::silu(&per_point(x, |x| self.norm.forward(x))?)?)?; // (batch, length, out)
        let film = self.film.forward(condition)?.chunk(2, D::Minus1)?; // 2 of (batch, out)
        let h = ops::modulated_norm(&h.flatten(0, 1)?, &film[0], &film[1])?; // (batch * length, out)
        let h = ops::silu(&h)?.reshape((batch, length, ()))?; // (batch, length, out)
        let h = self.conv_out.forward(&h)?; // (batch, length, out)
        Ok(match &self.skip {
            Some(skip) => (skip.forward(x)? + h)?,
            None => (x + h)?,
        })
    }
}

/// Something done to every point alike: (batch, length, in) -> (batch, length, out).
fn per_point(x: &Tensor, layer: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let (batch, length, _) = x.dims3()?;
    Ok(layer(&x.flatten(0, 1)?)?.reshape((batch, length, ()))?)
}

/// The network.
#[derive(Debug, Clone)]
pub struct Unet1d {
    settings: Unet1dSettings,
    time_in: Linear,
    time_up: Linear,
    class: Tensor,
    conv_in: Conv1d,
    /// Blocks of each level, from full length on.
    down: Vec<Vec<ResBlock>>,
    middle: [ResBlock; 2],
    attention_norm: LayerNorm,
    qkv: Linear,
    attention_out: Linear,
    /// Blocks of each level but the last, from full length on.
    up: Vec<Vec<ResBlock>>,
    norm_out: LayerNorm,
    noise: Conv1d,
    pen: Linear,
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
        let time_in = Linear::new("unet.time_in", base, condition, build)?.then(Activation::Silu);
        let time_up = Linear::new("unet.time_up", condition, condition, build)?;
        let class = weight(build, "unet.class", &[settings.classes + 1, condition], Start::Normal(0.02))?;
        let conv_in = Conv1d::new("unet.conv_in", 2, base, 3, build)?;
        let (mut down, mut up) = (Vec::new(), Vec::new());
        for (i, &width) in widths.iter().enumerate() {
            let from = if i == 0 { base } else { widths[i - 1] };
            down.push(level(format!("unet.down{i}"), from, width, build)?);
            if let Some(below) = widths.get(i + 1) {
                up.push(level(format!("unet.up{i}"), below + width, width, build)?);
            }
        }
        let mut middle = |name: &str| ResBlock::new(&format!("unet.middle.{name}"), lowest, lowest, condition, build);
        Ok(Self {
            settings: settings.clone(),
            time_in,
            time_up,
            class,
            conv_in,
            down,
            middle: [middle("before")?, middle("after")?],
            attention_norm: LayerNorm::new("unet.middle.norm", lowest, build)?,
            qkv: Linear::new("unet.middle.qkv", lowest, 3 * lowest, build)?,
            attention_out: Linear::new("unet.middle.out", lowest, lowest, build)?,
            up,
            norm_out: LayerNorm::new("unet.norm_out", first, build)?,
            noise: Conv1d::new("unet.noise", first, 2, 3, build)?,
            pen: Linear::new("unet.pen", first, 1, build)?,
        })
    }

    /// The device of the weights.
    pub fn device(&self) -> &Device {
        self.class.device()
    }

    /// The class that stands for none of them.
    pub fn no_class(&self) -> u32 {
        self.settings.classes as u32
    }

    /// `x` (batch, length, 2), a timestep (0 to 1000) and a class for each sequence -> the noise (batch, length, 2), and the logits of
    /// "the pen is lifted here" (batch, length).
    pub fn forward(&self, x: &Tensor, timesteps: &[f32], classes: &[u32]) -> Result<(Tensor, Tensor)> {
        let (batch, length, numbers) = x.dims3()?;
        if (length, numbers) != (self.settings.length, 2) || timesteps.len() != batch || classes.len() != batch {
            let (asked, n) = (x.dims(), self.settings.length);
            let text = format!("{asked:?} with {} times and {} classes, not (batch, {n}, 2)", timesteps.len(), classes.len());
            return Err(Error::new(text));
        }
        let condition = self.condition(timesteps, classes)?; // (batch, condition)
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
        let pen = per_point(&features, |features| self.pen.forward(features))?; // (batch, length, 1)
        Ok((self.noise.forward(&features)?, pen.squeeze(2)?))
    }

    /// Time and class of each sequence as the blocks are told of them, (batch, 4 base), activated.
    fn condition(&self, timesteps: &[f32], classes: &[u32]) -> Result<Tensor> {
        if let Some(class) = classes.iter().find(|class| **class > self.no_class()) {
            return Err(Error::new(format!("there is no class {class} among {}", self.settings.classes)));
        }
        let (batch, base) = (timesteps.len(), self.settings.base);
        let features: Vec<f32> = timesteps.iter().flat_map(|&time| time_features(time, base / 2)).collect();
        let features = Tensor::from_vec(features, (batch, base), self.device())?; // (batch, base)
        let time = self.time_up.forward(&self.time_in.forward(&features)?)?; // (batch, 4 base)
        let class = self.class.index_select(&Tensor::new(classes, self.device())?, 0)?; // (batch, 4 base)
        Ok(ops::silu(&(time + class)?)?)
    }

    /// Every point of a sequence looks at all points of it: (batch, points, lowest) -> the same shape.
    fn attend(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, points, _) = x.dims3()?;
        let ends: Vec<usize> = (1..=batch).map(|i| i * points).collect();
        let mask = Mask::within(&ends, false);
        per_point(x, |x| {
            let qkv = self.qkv.forward(&self.attention_norm.forward(x)?)?; // (batch * points, 3 lowest)
            self.attention_out.forward(&ops::self_attention(&qkv, &mask, self.settings.heads)?) // (batch * points, lowest)
        })
    }

    /// The mean squared error of the noise plus 0.01 times the mean cross entropy of the pen: a single number.
    pub fn loss(&self, batch: &Batch) -> Result<Tensor> {
        let (noise, logits) = self.forward(&batch.x, &batch.timesteps, &batch.classes)?; // (batch, length, 2), (batch, length)
        if noise.dims() != batch.noise_target.dims() || logits.dims() != batch.pen_target.dims() {
            let (noise, pen) = (batch.noise_target.dims(), batch.pen_target.dims());
            return Err(Error::new(format!("targets of {noise:?} and {pen:?} for sequences of {:?}", batch.x.dims())));
        }
        let even = Tensor::ones(2, noise.dtype(), noise.device())?; // (2)
        let error = ops::squared_error(&noise.flatten(0, 1)?, &batch.noise_target.flatten(0, 1)?, &even)?; // ()
        // ln(1 + e^z) - z target, in the form that is finite for every z.
        let softplus = (logits.relu()? + (logits.abs()?.neg()?.exp()? + 1.0)?.log()?)?; // (batch, length)
        let pen = (softplus - (&logits * &batch.pen_target)?)?.mean_all()?; // ()
        Ok(((error / noise.elem_count() as f64)? + (pen * PEN)?)?)
    }
}

/// (batch, points, in) -> (batch, points, out), one block behind another.
fn through(blocks: &[ResBlock], x: Tensor, condition: &Tensor) -> Result<Tensor> {
    blocks.iter().try_fold(x, |h, block| block.forward(&h, condition))
}

/// `half` sines and as many cosines of a timestep (Vaswani et al. 2017).
fn time_features(time: f32, half: usize) -> impl Iterator<Item = f32> {
    let angles = move || (0..half).map(move |i| time * (-(10_000f32.ln()) * i as f32 / half as f32).exp());
    angles().map(f32::sin).chain(angles().map(f32::cos))
}
