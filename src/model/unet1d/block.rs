//! Residual blocks of convolutions, modulated by a condition.

use candle_core::{D, Tensor};

use crate::model::layers::{Conv1d, LayerNorm, Linear};
use crate::model::ops;
use crate::model::weights::Builder;
use crate::util::Result;

/// Norm, SiLU, convolution; the same again, modulated; and what came in is added.
#[derive(Debug, Clone)]
pub struct ResBlock {
    norm: LayerNorm,
    conv_in: Conv1d,
    film: Linear,
    conv_out: Conv1d,
    skip: Option<Conv1d>,
}

impl ResBlock {
    /// `inputs` to `outputs` channels, modulated by `condition` numbers.
    pub fn new(name: &str, inputs: usize, outputs: usize, condition: usize, build: &mut Builder<'_>) -> Result<Self> {
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
    pub fn forward(&self, x: &Tensor, condition: &Tensor) -> Result<Tensor> {
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
pub fn per_point(x: &Tensor, layer: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let (batch, length, _) = x.dims3()?;
    Ok(layer(&x.flatten(0, 1)?)?.reshape((batch, length, ()))?)
}

/// (batch, points, in) -> (batch, points, out), one block behind another.
pub fn through(blocks: &[ResBlock], x: Tensor, condition: &Tensor) -> Result<Tensor> {
    blocks.iter().try_fold(x, |h, block| block.forward(&h, condition))
}
