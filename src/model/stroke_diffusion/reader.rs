//! Reading a drawing in the making: every stroke is read once, and what later ones need of it is kept.

use candle_core::Tensor;

use super::StrokeDiffusion;
use crate::util::{Error, Result};

/// Drawings of equal length that are read stroke by stroke, side by side.
#[derive(Debug)]
pub struct Reader<'a> {
    network: &'a StrokeDiffusion,
    /// Strokes read.
    strokes: usize,
    /// Keys and values of each block, (drawings, strokes + 1, 2 width).
    seen: Vec<Option<Tensor>>,
    /// The newest token as it came into the last block, (drawings, width).
    newest: Option<Tensor>,
}

impl<'a> Reader<'a> {
    /// Empty pages of these categories, with the noise level that is claimed for their strokes; the second value is their states,
    /// (drawings, width).
    pub fn begin(network: &'a StrokeDiffusion, categories: &[u32], noise: &[f32]) -> Result<(Self, Tensor)> {
        let mut reader = Self { network, strokes: 0, seen: vec![None; network.blocks.len()], newest: None };
        let states = reader.token(network.begin(categories, noise)?)?;
        Ok((reader, states))
    }

    /// One more stroke of each drawing, (drawings, codec width) -> the states behind it, (drawings, width)
    pub fn read(&mut self, strokes: &Tensor) -> Result<Tensor> {
        self.strokes += 1;
        if self.strokes >= self.network.place.dim(0)? {
            return Err(Error::new(format!("this model reads at most {} strokes", self.strokes - 1)));
        }
        let token = self.network.stroke_up.forward(&self.network.stroke_in.forward(strokes)?)?; // (drawings, width)
        self.token(token)
    }

    /// Goes on with these drawings only, in this order.
    pub fn keep(&mut self, drawings: &[u32]) -> Result<()> {
        let drawings = Tensor::new(drawings, self.network.device())?;
        for seen in self.seen.iter_mut().flatten() {
            *seen = seen.index_select(&drawings, 0)?; // (kept drawings, strokes + 1, 2 width)
        }
        if let Some(newest) = &mut self.newest {
            *newest = newest.index_select(&drawings, 0)?; // (kept drawings, width)
        }
        Ok(())
    }

    /// How much the states that were returned last attend to each stroke read, in the last block, as a mean over its heads:
    /// (drawings, strokes) behind one another. What is missing to 1 went to the begin token.
    pub fn attention(&self) -> Result<Vec<f32>> {
        let (Some(block), Some(newest), Some(Some(seen))) = (self.network.blocks.last(), &self.newest, self.seen.last()) else {
            return Ok(Vec::new());
        };
        if self.strokes == 0 {
            return Ok(Vec::new());
        }
        let shares = block.shares(newest, seen)?; // (drawings, strokes + 1)
        Ok(shares.narrow(1, 1, self.strokes)?.flatten_all()?.to_vec1::<f32>()?)
    }

    /// (drawings, width) -> (drawings, width)
    fn token(&mut self, token: Tensor) -> Result<Tensor> {
        let mut h = token.broadcast_add(&self.network.place.narrow(0, self.strokes, 1)?)?; // (drawings, width)
        for (block, seen) in self.network.blocks.iter().zip(&mut self.seen) {
            let (out, now) = block.step(&h, seen.as_ref())?;
            self.newest = Some(std::mem::replace(&mut h, out));
            *seen = Some(now);
        }
        self.network.norm.forward(&h)
    }
}
