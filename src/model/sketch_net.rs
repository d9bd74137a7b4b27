//! A small network that tells what a drawing is of; what it sees just before it decides are the sketch features.
//!
//! Liu et al., "A ConvNet for the 2020s" (2022), made small: a picture of 64 x 64 pixels is cut into patches of 4 x 4, and blocks
//! of a depthwise convolution and a two-layer perceptron see 16 x 16, then 8 x 8, then 4 x 4 places of it. The mean over the last
//! places, normalised, is the features; one linear layer makes a decision of them.

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::layers::{LayerNorm, Linear};
use super::ops::{self, Activation};
use super::weights::{Builder, Start, weight};
use crate::util::{Error, Result};

/// Side of a patch in pixels.
pub const PATCH: usize = 4;
/// The kernel of the depthwise convolutions.
const KERNEL: usize = 5;

/// How large the network is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SketchNetSettings {
    /// Channels of each stage, from 16 x 16 places on; the last is the number of features.
    pub widths: Vec<usize>,
    /// Blocks of each stage.
    pub blocks: Vec<usize>,
    /// How much wider than a stage its perceptrons are.
    pub expansion: usize,
}

impl Default for SketchNetSettings {
    /// 1.4 million weights for 345 classes.
    fn default() -> Self {
        Self { widths: vec![48, 112, 256], blocks: vec![2, 4, 2], expansion: 3 }
    }
}

impl SketchNetSettings {
    fn check(&self) -> Result<()> {
        let Self { widths, blocks, expansion } = self;
        let fine = !widths.is_empty() && widths.len() == blocks.len() && widths.len() <= 4 && !widths.contains(&0);
        if fine && (1..=8).contains(expansion) && widths.iter().all(|w| *w <= 1024) && blocks.iter().all(|n| *n <= 32) {
            return Ok(());
        }
        Err(Error::new(format!("a sketch network cannot have stages of {widths:?} channels, {blocks:?} blocks and expansion {expansion}")))
    }

    /// Features of a picture.
    pub fn features(&self) -> usize {
        self.widths.last().copied().unwrap_or(0)
    }
}

/// Depthwise convolution, norm, a perceptron; and what came in is added.
#[derive(Debug, Clone)]
struct Block {
    taps: Tensor,
    bias: Tensor,
    norm: LayerNorm,
    up: Linear,
    down: Linear,
}

impl Block {
    fn new(name: &str, width: usize, inner: usize, build: &mut Builder<'_>) -> Result<Self> {
        let start = Start::Uniform(1.0 / KERNEL as f64);
        Ok(Self {
            taps: weight(build, &format!("{name}.depthwise.weight"), &[KERNEL * KERNEL, width], start)?,
            bias: weight(build, &format!("{name}.depthwise.bias"), &[width], Start::Zeros)?,
            norm: LayerNorm::new(&format!("{name}.norm"), width, build)?,
            up: Linear::new(&format!("{name}.up"), width, inner, build)?.then(Activation::Gelu),
            down: Linear::new(&format!("{name}.down"), inner, width, build)?,
        })
    }

    /// (batch, side, side, width) -> the same
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let seen = ops::depthwise(x, &self.taps, &self.bias)?.flatten(0, 2)?; // (batch * side * side, width)
        let told = self.down.forward(&self.up.forward(&self.norm.forward(&seen)?)?)?; // (batch * side * side, width)
        Ok((x + told.reshape(x.shape())?)?)
    }
}

/// Four neighbours become one place: norm, then a linear layer of all four.
#[derive(Debug, Clone)]
struct Merge {
    norm: LayerNorm,
    linear: Linear,
}

impl Merge {
    fn new(name: &str, from: usize, to: usize, build: &mut Builder<'_>) -> Result<Self> {
        let norm = LayerNorm::new(&format!("{name}.norm"), from, build)?;
        Ok(Self { norm, linear: Linear::new(&format!("{name}.linear"), 4 * from, to, build)? })
    }

    /// (batch, side, side, from) -> (batch, side / 2, side / 2, to)
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, side, _, width) = x.dims4()?;
        let half = side / 2;
        let x = self.norm.forward(&x.flatten(0, 2)?)?; // (batch * side * side, from)
        let x = x.reshape(&[batch * half, 2, half, 2 * width])?.transpose(1, 2)?; // (batch * half, half, 2, 2 * from)
        let x = x.contiguous()?.reshape((batch * half * half, 4 * width))?; // (batch * half * half, 4 * from)
        Ok(self.linear.forward(&x)?.reshape((batch, half, half, ()))?)
    }
}

/// The network.
#[derive(Debug, Clone)]
pub struct SketchNet {
    stem: Linear,
    stem_norm: LayerNorm,
    merges: Vec<Merge>,
    stages: Vec<Vec<Block>>,
    norm: LayerNorm,
    decide: Linear,
}

impl SketchNet {
    /// For so many classes. Settings that do not go together are refused.
    pub fn new(settings: &SketchNetSettings, classes: usize, build: &mut Builder<'_>) -> Result<Self> {
        settings.check()?;
        let widths = &settings.widths;
        let (mut stages, mut merges) = (Vec::new(), Vec::new());
        for (i, (&width, &blocks)) in widths.iter().zip(&settings.blocks).enumerate() {
            if i > 0 {
                merges.push(Merge::new(&format!("sketch.merge{i}"), widths[i - 1], width, build)?);
            }
            let name = |j| format!("sketch.stage{i}.block{j:02}");
            let block = |j| Block::new(&name(j), width, settings.expansion * width, build);
            stages.push((0..blocks).map(block).collect::<Result<_>>()?);
        }
        Ok(Self {
            stem: Linear::new("sketch.stem", PATCH * PATCH, widths[0], build)?,
            stem_norm: LayerNorm::new("sketch.stem_norm", widths[0], build)?,
            merges,
            stages,
            norm: LayerNorm::new("sketch.norm", settings.features(), build)?,
            decide: Linear::new("sketch.decide", settings.features(), classes, build)?,
        })
    }

    /// Patches of [`patches`], (batch, side, side, 16), the side divisible by 2 for every stage but the first -> (batch, features)
    pub fn features(&self, patches: &Tensor) -> Result<Tensor> {
        let (batch, side, across, numbers) = patches.dims4()?;
        if side != across || numbers != PATCH * PATCH || !side.is_multiple_of(1 << self.merges.len()) || side == 0 {
            return Err(Error::new(format!("the sketch network cannot see patches of {:?}", patches.dims())));
        }
        let x = self.stem.forward(&patches.flatten(0, 2)?)?; // (batch * side * side, width)
        let mut x = self.stem_norm.forward(&x)?.reshape((batch, side, side, ()))?; // (batch, side, side, width)
        for (i, blocks) in self.stages.iter().enumerate() {
            if let Some(merge) = i.checked_sub(1).and_then(|before| self.merges.get(before)) {
                x = merge.forward(&x)?; // (batch, side, side, width)
            }
            for block in blocks {
                x = block.forward(&x)?; // (batch, side, side, width)
            }
        }
        self.norm.forward(&x.flatten(1, 2)?.mean(1)?)
    }

    /// The weight (features, classes) and bias (classes) of the decision.
    pub fn decision(&self) -> (&Tensor, &Tensor) {
        self.decide.parts()
    }

    /// (batch, features) -> (batch, classes)
    pub fn logits(&self, features: &Tensor) -> Result<Tensor> {
        self.decide.forward(features)
    }
}

/// How much ink each pixel has, 0 to 1, of an RGBA picture that is black on white: any one colour tells.
pub fn ink(rgba: &[u8]) -> Vec<f32> {
    rgba.chunks_exact(4).map(|pixel| 1.0 - f32::from(pixel[0]) / 255.0).collect()
}

/// A square picture, row by row, cut into patches: (side / 4, side / 4, 16), see [`ink`].
pub fn patches(ink: &[f32], side: usize, out: &mut Vec<f32>) {
    for top in (0..side / PATCH * PATCH).step_by(PATCH) {
        for left in (0..side / PATCH * PATCH).step_by(PATCH) {
            (0..PATCH).for_each(|y| out.extend_from_slice(&ink[(top + y) * side + left..][..PATCH]));
        }
    }
}

/// Pictures' patches as the network takes them: (batch, side / 4, side / 4, 16).
pub fn patch_tensor(patches: Vec<f32>, side: usize, device: &Device) -> Result<Tensor> {
    let places = side / PATCH;
    Ok(Tensor::from_vec(patches, ((), places, places, PATCH * PATCH), device)?)
}
