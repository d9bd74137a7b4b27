//! Inception-v3 as the Fréchet Inception distance uses it: the network of 2015-12-05, up to its 2048 pooled features.
//!
//! Szegedy et al. 2016, with three peculiarities of the TensorFlow graph that published scores rest on, as in the package `pytorch-fid`:
//! average pools do not count padding; the last block, `Mixed_7c`, has a maximum pool where the paper has a mean; batch normalisation
//! has an epsilon of 0.001. It is folded into the convolutions when the network is made. The network is never trained here, and has
//! no form for a GPU: it computes on the calling thread, a picture at a time.

mod blocks;
mod layout;

use super::ops::{Conv2d, Geometry, Map};
use super::weights::{Weights, given, weight};
use super::{Builder, Start};
use crate::util::{Error, Result};
use blocks::Block;

/// Height and width of the picture that it looks at.
pub const SIDE: usize = 299;

/// Numbers that it gives for a picture.
pub const FEATURES: usize = 2048;

/// Added to a variance before the root.
const EPSILON: f64 = 0.001;

/// Classes of the layer that follows the features. It is not computed, but weights without it are those of another network.
const CLASSES: usize = 1008;

/// The network with its weights.
#[derive(Debug)]
pub struct InceptionV3 {
    blocks: Vec<Block>,
}

impl InceptionV3 {
    /// From weights that are named as in the original file.
    ///
    /// # Errors
    /// A weight that is missing, has another shape or is not finite: nothing is made up in its place.
    pub fn new(weights: &Weights) -> Result<Self> {
        let cpu = candle_core::Device::Cpu;
        let mut build = given(weights, &cpu);
        let mut source = Source { build: &mut build };
        Ok(Self { blocks: source.blocks()? })
    }

    /// The names and shapes of all weights that [`InceptionV3::new`] asks for, in its order.
    pub fn shapes() -> Result<Vec<(String, Vec<usize>)>> {
        let mut shapes = Vec::new();
        let mut build = |asked: &[super::weights::Weight]| {
            shapes.extend(asked.iter().map(|weight| (weight.name.clone(), weight.shape.clone())));
            let numbers = asked.iter().map(super::weights::Weight::numbers).sum::<usize>();
            Ok(candle_core::Tensor::zeros(numbers, candle_core::DType::F32, &candle_core::Device::Cpu)?)
        };
        let mut source = Source { build: &mut build };
        source.blocks()?;
        Ok(shapes)
    }

    /// The features of one picture: (299, 299, 3) numbers about from -1 to 1, red before green before blue, row by row.
    ///
    /// # Errors
    /// A picture of another size.
    pub fn features(&self, picture: &[f32]) -> Result<Vec<f32>> {
        let mut x = Map::new(picture, [SIDE, SIDE, 3], [0, 0])?; // (299, 299, 3)
        for block in &self.blocks {
            x = block.forward(&x)?; // (35, 35, 192) … (17, 17, 768) … (8, 8, 2048)
        }
        Ok(x.means()) // (2048)
    }
}

/// Where the network being made gets its weights.
struct Source<'a, 'b> {
    build: &'a mut Builder<'b>,
}

impl Source<'_, '_> {
    /// Everything that the features need, and that the layer behind them is there.
    fn blocks(&mut self) -> Result<Vec<Block>> {
        let blocks = layout::blocks(self)?;
        self.numbers("fc.weight", &[CLASSES, FEATURES])?;
        self.numbers("fc.bias", &[CLASSES])?;
        Ok(blocks)
    }

    /// The numbers of one weight.
    fn numbers(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let values = weight(self.build, name, shape, Start::Zeros)?.flatten_all()?.to_vec1::<f32>()?;
        match values.iter().find(|v| !v.is_finite()) {
            Some(bad) => Err(Error::new(format!("the weight '{name}' holds {bad}"))),
            None => Ok(values),
        }
    }

    /// A convolution without a bias, batch normalisation, ReLU: as one convolution.
    fn conv(&mut self, name: &str, [inputs, outputs]: [usize; 2], geometry: Geometry) -> Result<Conv2d> {
        let [height, width] = geometry.kernel;
        let theirs = self.numbers(&format!("{name}.conv.weight"), &[outputs, inputs, height, width])?;
        let [gain, offset, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(|part| format!("{name}.bn.{part}"));
        let [gain, offset, mean, variance] = [
            self.numbers(&gain, &[outputs])?,
            self.numbers(&offset, &[outputs])?,
            self.numbers(&mean, &[outputs])?,
            self.numbers(&variance, &[outputs])?,
        ];
        let scales: Vec<f64> = gain.iter().zip(&variance).map(|(g, v)| f64::from(*g) / (f64::from(*v) + EPSILON).sqrt()).collect();
        if scales.iter().any(|scale| !scale.is_finite()) {
            return Err(Error::new(format!("the variances '{name}.bn.running_var' are not positive")));
        }
        let bias: Vec<f32> = (0..outputs).map(|o| (f64::from(offset[o]) - f64::from(mean[o]) * scales[o]) as f32).collect();
        let mut ours = Vec::with_capacity(theirs.len()); // (height * width * in, out)
        for tap in 0..height * width {
            for i in 0..inputs {
                ours.extend((0..outputs).map(|o| (f64::from(theirs[(o * inputs + i) * height * width + tap]) * scales[o]) as f32));
            }
        }
        Ok(Conv2d::new(&ours, &bias, geometry, true)?)
    }
}
