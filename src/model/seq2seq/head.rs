//! What the writer's answers mean: where the next point may lie, and what the pen does there.

use candle_core::{DType, Tensor};

use super::super::layers::{Mixture, PENS, ROW, draw_pen, mixture_losses, row};
use super::super::ops;
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// How an answer is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Of a mixture of so many normal distributions, as in Sketch-RNN.
    Mixture(usize),
    /// One movement, learnt by its mean squared error: the mean of all that may come, which is often none of it.
    Mean,
}

impl Head {
    /// Of so many components; 0 for [`Head::Mean`].
    pub fn new(mixtures: usize) -> Self {
        if mixtures == 0 { Self::Mean } else { Self::Mixture(mixtures) }
    }

    /// Numbers of an answer.
    pub fn width(self) -> usize {
        match self {
            Self::Mixture(components) => Mixture::width(components),
            Self::Mean => 2 + PENS,
        }
    }

    /// Draws the row of a point from an answer, as [`Mixture::draw`] does. `may_end`: the drawing may end behind this point.
    pub fn draw(self, said: &[f32], temperature: f32, may_end: bool, random: &mut ChaCha8Rng) -> [f32; ROW] {
        match self {
            Self::Mixture(_) => Mixture::of(said).draw(temperature, may_end, random),
            Self::Mean => row([said[0], said[1]], draw_pen(&said[2..], temperature, may_end, random)),
        }
    }

    /// Sums, single numbers: of what is wrong with the movements (minus the log density, or half the squared distance), and of the cross
    /// entropy of the pen. `said` (tokens, width), the true `rows` (tokens, 5).
    pub fn losses(self, said: &Tensor, rows: &Tensor) -> Result<[Tensor; 2]> {
        match self {
            Self::Mixture(_) => mixture_losses(said, rows, &Tensor::ones((said.dim(0)?, 1), DType::F32, said.device())?),
            Self::Mean => {
                // A mean over both coordinates.
                let weights = Tensor::new(&[0.5f32, 0.5], said.device())?; // (2)
                let (movement, true_one) = (said.narrow(1, 0, 2)?.contiguous()?, rows.narrow(1, 0, 2)?.contiguous()?); // (tokens, 2) both
                Ok([
                    ops::squared_error(&movement, &true_one, &weights)?,
                    ops::cross_entropy(&said.narrow(1, 2, PENS)?, &rows.narrow(1, 2, PENS)?)?,
                ])
            }
        }
    }

    /// Behind how many points the likeliest state of the pen is the right one: answers, one behind the other, and the true rows.
    pub fn pens_right(self, said: &[f32], rows: &[[f32; ROW]]) -> usize {
        let width = self.width();
        let largest = |pens: &[f32]| (1..PENS).fold(0, |best, i| if pens[i] > pens[best] { i } else { best });
        said.chunks_exact(width).zip(rows).filter(|(said, row)| largest(&said[width - PENS..]) == largest(&row[ROW - PENS..])).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::layers::Pen;
    use super::*;
    use crate::util::rng::{Stream, normal, stream};
    use candle_core::{Device, Var};

    fn number(x: &Tensor) -> Result<f64> {
        Ok(f64::from(x.to_scalar::<f32>()?))
    }

    #[test]
    fn the_mean_squared_form_is_what_it_says() -> Result<()> {
        let said = [[1.0f32, -1.0, 2.0, 0.0, 1.0], [0.5, 0.5, 0.0, 0.0, 0.0]];
        let rows = [row([0.0, 1.0], Pen::Down), row([0.5, 0.0], Pen::End)];
        let tensors = (Tensor::new(&said, &Device::Cpu)?, Tensor::new(&rows, &Device::Cpu)?);
        let [offset, pen] = Head::Mean.losses(&tensors.0, &tensors.1)?;
        let exact = -(2.0f64.exp() / (2.0f64.exp() + 1.0 + 1.0f64.exp())).ln() + 3.0f64.ln();
        assert!((number(&offset)? - (1.0 + 4.0 + 0.25) / 2.0).abs() < 1e-6 && (number(&pen)? - exact).abs() < 1e-5);
        assert_eq!(Head::Mean.pens_right(said.as_flattened(), &rows), 1);
        let mut random = stream(1, Stream::Draw, 0);
        let drawn: Vec<_> = (0..200).map(|_| Head::Mean.draw(&said[1], 1.0, false, &mut random)).collect();
        assert!(drawn.iter().all(|r| (r[0], r[1], r[4]) == (0.5, 0.5, 0.0)), "the movement is the mean, and it does not end");
        assert!(drawn.iter().any(|r| r[2] == 1.0) && drawn.iter().any(|r| r[3] == 1.0));
        Ok(())
    }

    #[test]
    fn the_gradients_are_those_of_finite_differences() -> Result<()> {
        for head in [Head::Mean, Head::Mixture(2)] {
            let width = head.width();
            let said = normal(&mut stream(2, Stream::Noise, 0), 3 * width);
            let rows = Tensor::new(&[row([0.4, -1.0], Pen::Up), row([-2.0, 0.3], Pen::Down), row([0.1, 0.0], Pen::End)], &Device::Cpu)?;
            let loss = |said: &Tensor| -> Result<Tensor> {
                let [offset, pen] = head.losses(said, &rows)?;
                Ok((offset + pen)?)
            };
            let var = Var::from_vec(said.clone(), (3, width), &Device::Cpu)?;
            let gradients = loss(&var)?.backward()?;
            let gradient = gradients.get(&var).map(|g| g.flatten_all()?.to_vec1::<f32>()).transpose()?.unwrap_or_default();
            for i in 0..said.len() {
                let at = |by: f32| {
                    let mut moved = said.clone();
                    moved[i] += by;
                    number(&loss(&Tensor::from_vec(moved, (3, width), &Device::Cpu)?)?)
                };
                let slope = (at(1e-2)? - at(-1e-2)?) / 2e-2;
                assert!((slope - f64::from(gradient[i])).abs() < 1e-2 * slope.abs().max(1.0), "{head:?} {i}: {slope} {}", gradient[i]);
            }
        }
        Ok(())
    }
}
