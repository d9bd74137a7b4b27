//! Convolution of pictures, channels last, forward only: for networks that somebody else has trained.
//!
//! It works on slices, not on tensors: there is no graph in which a gradient through it could be asked for and silently be missing.
//! It copies no windows. In a picture with a border of zeros, the pixels that a row of the kernel sees lie one behind the other, so the
//! innermost loop walks along them, for a strip of neighbouring pixels and a panel of neighbouring outputs at once, whose sums stay
//! in registers from the bias to the activation. The weights are put in the order of that walk when the layer is made.
//!
//! Everything runs on the calling thread; whoever has several pictures gives each to another thread. An output's terms are added in
//! an order that depends on the layer alone, so a result does not depend on what is computed beside it.

mod kernel;

use candle_core::Result;

use super::map::Map;
use kernel::{Layer, UNIT, panels};

/// How the windows of a convolution lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Height and width of a window.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Zeros above and below, left and right of the picture.
    pub padding: [usize; 2],
}

impl Geometry {
    /// Height and width of the result, if the picture has room for a window.
    fn out(&self, height: usize, width: usize) -> Option<[usize; 2]> {
        let side = |length: usize, axis: usize| {
            Some((length + 2 * self.padding[axis]).checked_sub(self.kernel[axis])?.checked_div(self.stride)? + 1)
        };
        Some([side(height, 0)?, side(width, 1)?])
    }
}

/// `relu(conv(x, weight) + bias)`, or the same without `relu`.
#[derive(Debug)]
pub struct Conv2d {
    geometry: Geometry,
    inputs: usize,
    outputs: usize,
    relu: bool,
    /// Panel by panel, each (kernel * inputs, outputs of the panel); zeros fill the last one.
    weight: Vec<f32>,
    /// The same panels.
    bias: Vec<f32>,
}

impl Conv2d {
    /// `weight` (kernel height * kernel width * in, out), the inputs of the first tap first; `bias` (out).
    ///
    /// # Errors
    /// Sizes that do not fit.
    pub fn new(weight: &[f32], bias: &[f32], geometry: Geometry, relu: bool) -> Result<Self> {
        let (outputs, taps) = (bias.len(), geometry.kernel[0] * geometry.kernel[1]);
        let inputs = weight.len().checked_div(outputs * taps).unwrap_or(0);
        if inputs == 0 || weight.len() != taps * inputs * outputs || geometry.stride == 0 {
            candle_core::bail!("convolution: {} weights and {outputs} biases for {geometry:?}", weight.len());
        }
        let (mut packed, mut padded) = (Vec::with_capacity(weight.len()), bias.to_vec());
        padded.resize(outputs.next_multiple_of(UNIT), 0.0);
        for panel in panels(outputs) {
            let here = panel.start..panel.end.min(outputs);
            for row in weight.chunks_exact(outputs) {
                packed.extend_from_slice(&row[here.clone()]);
                packed.resize(packed.len() + panel.end - here.end, 0.0);
            }
        }
        Ok(Self { geometry, inputs, outputs, relu, weight: packed, bias: padded })
    }

    /// Channels that it gives.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The border that what it reads must have at least.
    pub fn border(&self) -> [usize; 2] {
        self.geometry.padding
    }

    /// Height, width and channels of what it gives for so high and wide a picture.
    ///
    /// # Errors
    /// No room for a window.
    pub fn dims(&self, [height, width, _]: [usize; 3]) -> Result<[usize; 3]> {
        match self.geometry.out(height, width) {
            Some([height, width]) => Ok([height, width, self.outputs]),
            None => candle_core::bail!("convolution: a picture of {height} x {width} has no room for {:?}", self.geometry),
        }
    }

    /// The result, with a border for the next convolution.
    ///
    /// # Errors
    /// As [`Conv2d::write`].
    pub fn forward(&self, x: &Map, border: [usize; 2]) -> Result<Map> {
        let [height, width, channels] = self.dims(x.dims())?;
        let mut out = Map::any(height, width, channels, border);
        self.write(x, &mut out, 0)?;
        Ok(out)
    }

    /// The result, into the channels of `out` from `first` on.
    ///
    /// # Errors
    /// Another number of channels; a border that is less than the padding; an `out` without a place for it.
    pub fn write(&self, x: &Map, out: &mut Map, first: usize) -> Result<()> {
        let [height, width, channels] = out.dims();
        let fits = x.dims()[2] == self.inputs
            && (0..2).all(|axis| x.border()[axis] >= self.geometry.padding[axis])
            && self.dims(x.dims())?[..2] == [height, width]
            && first + self.outputs <= channels;
        if !fits {
            let (from, to) = (x.dims(), out.dims());
            candle_core::bail!("convolution: {from:?} with a border of {:?} into {to:?} at {first}, by {:?}", x.border(), self.geometry);
        }
        Layer { conv: self, x, out, first }.run();
        Ok(())
    }
}
