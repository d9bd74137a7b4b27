//! Where the next point may lie: a mixture of normal distributions of two variables (Graves 2013, equations 19 to 25; Ha & Eck 2017), and
//! what the pen does there.

use candle_core::Tensor;

use super::{PENS, ROW, draw_pen, row};
use crate::model::ops;
use crate::util::Result;
use crate::util::rng::{self, ChaCha8Rng};

/// Deviations are at least this, in units of the data's, which is about a pixel: points lie on whole ones, and a density may not grow beyond
/// all bounds there.
const NARROWEST: f64 = 0.03;
/// Correlations stay this far within -1 and 1.
const CORRELATION: f64 = 0.99;

/// What was said of one row, as numbers: of each of m components the logit of its weight, two means, two ln deviations and a correlation
/// before its tanh, kind by kind; then three logits of the pen.
#[derive(Debug, Clone, Copy)]
pub struct Mixture<'a> {
    said: &'a [f32],
}

impl<'a> Mixture<'a> {
    /// Numbers that are said of a row.
    pub fn width(components: usize) -> usize {
        6 * components + PENS
    }

    /// Of [`Mixture::width`] numbers.
    pub fn of(said: &'a [f32]) -> Self {
        Self { said }
    }

    /// Draws a row. At a `temperature` below 1 likely components become likelier, and deviations smaller by its square root (Ha & Eck 2017,
    /// equation 8); the pen is [`draw_pen`]'s. `may_end`: the drawing may end behind this point.
    pub fn draw(&self, temperature: f32, may_end: bool, random: &mut ChaCha8Rng) -> [f32; ROW] {
        let m = (self.said.len() - PENS) / 6;
        let of = |kind: usize, component: usize| self.said[kind * m + component];
        let component = rng::pick(&self.said[..m], temperature, random);
        let [a, b] = [rng::normal(random, 1)[0], rng::normal(random, 1)[0]];
        let deviation = |kind| (of(kind, component).exp() + NARROWEST as f32) * temperature.sqrt();
        let correlation = CORRELATION as f32 * of(5, component).tanh();
        let x = of(1, component) + deviation(3) * a;
        let y = of(2, component) + deviation(4) * (correlation * a + (1.0 - correlation * correlation).sqrt() * b);
        row([x, y], draw_pen(&self.said[6 * m..], temperature, may_end, random))
    }
}

/// Sums, single numbers: of minus the log density of the movements, and of the cross entropy of the pen.
///
/// `said` (tokens, [`Mixture::width`]), the true `rows` (tokens, 5), and `moved` (tokens, 1): 0 where a row has no movement, else 1.
pub fn mixture_losses(said: &Tensor, rows: &Tensor, moved: &Tensor) -> Result<[Tensor; 2]> {
    let m = (said.dim(1)? - PENS) / 6;
    let of = |kind: usize| said.narrow(1, kind * m, m); // (tokens, m)
    let deviation = |kind| of(kind)?.exp()? + NARROWEST; // (tokens, m)
    let (wide, high) = (deviation(3)?, deviation(4)?); // (tokens, m) both
    let off = |axis: usize, mean: usize, deviation: &Tensor| rows.narrow(1, axis, 1)?.broadcast_sub(&of(mean)?)?.div(deviation);
    let (x, y) = (off(0, 1, &wide)?, off(1, 2, &high)?); // (tokens, m) both
    let correlation = (of(5)?.tanh()? * CORRELATION)?; // (tokens, m)
    let rest = (1.0 - correlation.sqr()?)?; // (tokens, m)
    let square = ((x.sqr()? + y.sqr()?)? - ((correlation * 2.0)? * (x * y)?)?)?; // (tokens, m)
    let volume = ((wide.log()? + high.log()?)? + (rest.log()? * 0.5)?)?; // (tokens, m)
    let density = ((((square / rest)? * -0.5)? - volume)? - (2.0 * std::f64::consts::PI).ln())?; // (tokens, m)
    let weights = of(0)?; // (tokens, m)
    let total = (ops::log_sum_exp(&(density + &weights)?)? - ops::log_sum_exp(&weights)?)?; // (tokens, 1)
    let pen = ops::cross_entropy(&said.narrow(1, 6 * m, PENS)?, &rows.narrow(1, 2, PENS)?)?; // ()
    Ok([(total * moved)?.sum_all()?.neg()?, pen])
}

#[cfg(test)]
mod tests {
    use super::super::Pen;
    use super::*;
    use crate::util::rng::{Stream, normal, stream};
    use candle_core::{DType, Device, Var};

    fn numbers(x: &Tensor) -> Vec<f64> {
        x.to_dtype(DType::F64).and_then(|x| x.flatten_all()?.to_vec1()).expect("numbers")
    }

    fn example() -> candle_core::Result<[Tensor; 3]> {
        let said = Tensor::from_vec(normal(&mut stream(1, Stream::Noise, 0), 4 * Mixture::width(3)), (4, 21), &Device::Cpu)?;
        let points = [row([0.0; 2], Pen::Up), row([0.4, -1.0], Pen::Down), row([-2.0, 0.3], Pen::Down), row([0.1, 0.0], Pen::End)];
        Ok([said, Tensor::new(&points, &Device::Cpu)?, Tensor::new(&[[0.0f32], [1.0], [1.0], [1.0]], &Device::Cpu)?])
    }

    #[test]
    fn the_density_is_that_of_the_mixture() -> Result<()> {
        let [said, rows, moved] = example()?;
        let [offset, pen] = mixture_losses(&said, &rows, &moved)?;
        let (said, rows) = (numbers(&said), numbers(&rows));
        let (mut expected, mut of_pen) = (0.0, 0.0);
        for (i, (s, r)) in said.chunks(21).zip(rows.chunks(5)).enumerate() {
            let sum: f64 = s[..3].iter().map(|w| w.exp()).sum();
            let density = |j: usize| {
                let (sx, sy, c) = (s[9 + j].exp() + NARROWEST, s[12 + j].exp() + NARROWEST, CORRELATION * s[15 + j].tanh());
                let (x, y) = ((r[0] - s[3 + j]) / sx, (r[1] - s[6 + j]) / sy);
                let exponent = -(x * x + y * y - 2.0 * c * x * y) / (2.0 * (1.0 - c * c));
                s[j].exp() / sum * exponent.exp() / (2.0 * std::f64::consts::PI * sx * sy * (1.0 - c * c).sqrt())
            };
            if i > 0 {
                expected -= (0..3).map(density).sum::<f64>().ln();
            }
            let sum: f64 = s[18..].iter().map(|p| p.exp()).sum();
            of_pen -= (0..3).map(|p| r[2 + p] * (s[18 + p].exp() / sum).ln()).sum::<f64>();
        }
        assert!((numbers(&offset)[0] - expected).abs() < 1e-4, "{offset:?} is not {expected}");
        assert!((numbers(&pen)[0] - of_pen).abs() < 1e-4, "{pen:?} is not {of_pen}");
        Ok(())
    }

    #[test]
    fn gradients_are_the_slopes() -> Result<()> {
        let [said, rows, moved] = example()?.map(|x| x.to_dtype(DType::F64).expect("f64"));
        let loss = |said: &Tensor| -> Result<Tensor> {
            let [offset, pen] = mixture_losses(said, &rows, &moved)?;
            Ok((offset + pen)?)
        };
        let var = Var::from_tensor(&said)?;
        let store = loss(var.as_tensor())?.backward()?;
        let gradient = numbers(store.get(&var).expect("a gradient"));
        let at = numbers(&said);
        for j in 0..at.len() {
            let moved = |by: f64| -> Result<f64> {
                let mut to = at.clone();
                to[j] += by;
                Ok(numbers(&loss(&Tensor::from_vec(to, said.shape(), &Device::Cpu)?)?)[0])
            };
            let slope = (moved(1e-5)? - moved(-1e-5)?) / 2e-5;
            assert!((slope - gradient[j]).abs() < 1e-5 * gradient[j].abs().max(1.0), "{j}: {slope} and {}", gradient[j]);
        }
        Ok(())
    }

    #[test]
    fn far_points_have_a_finite_loss() -> Result<()> {
        let said =
            Tensor::new(&[[80.0f32, -80.0, 0.0, 9.0, 1.0, 2.0, -60.0, 60.0, -60.0, 3.0, 30.0, -30.0, 90.0, 0.0, -90.0]], &Device::Cpu)?;
        let rows = Tensor::new(&[row([50.0, -90.0], Pen::End)], &Device::Cpu)?;
        let [offset, pen] = mixture_losses(&said, &rows, &Tensor::new(&[[1.0f32]], &Device::Cpu)?)?;
        assert!(numbers(&offset)[0].is_finite() && numbers(&pen)[0].is_finite());
        Ok(())
    }

    #[test]
    fn draws_follow_the_mixture_and_cold_ones_its_heart() {
        // One component of weight 0.73, around (1, 2), strongly correlated; another one far off. The pen is down nine times of ten.
        let mut said = [0.0f32; 15];
        (said[0], said[1]) = (1.0, 0.0);
        (said[2], said[3], said[4], said[5]) = (1.0, 40.0, 2.0, 40.0);
        said[6..10].fill(-1.0);
        said[10] = 1.0;
        (said[12], said[13], said[14]) = (2.2, 0.0, -30.0);
        let mut random = stream(1, Stream::Draw, 0);
        let rows = |temperature, random: &mut ChaCha8Rng| -> Vec<[f32; ROW]> {
            (0..4000).map(|_| Mixture::of(&said).draw(temperature, true, random)).collect()
        };
        let warm = rows(1.0, &mut random);
        let near: Vec<_> = warm.iter().filter(|r| r[0] < 20.0).collect();
        let mean = |of: &dyn Fn(&[f32; ROW]) -> f32| near.iter().map(|r| of(r)).sum::<f32>() / near.len() as f32;
        assert!((near.len() as f32 / 4000.0 - 0.731).abs() < 0.03);
        let deviation = (-1.0f32).exp() + NARROWEST as f32;
        assert!((mean(&|r| r[0]) - 1.0).abs() < 0.03 && (mean(&|r| r[1]) - 2.0).abs() < 0.03);
        assert!((mean(&|r| (r[0] - 1.0).powi(2)) / deviation.powi(2) - 1.0).abs() < 0.1);
        assert!((mean(&|r| (r[0] - 1.0) * (r[1] - 2.0)) / deviation.powi(2) - 0.99 * 1.0f32.tanh()).abs() < 0.1);
        assert!((warm.iter().map(|r| r[2]).sum::<f32>() / 4000.0 - 0.9).abs() < 0.03);
        let cold = rows(0.05, &mut random);
        assert!(cold.iter().all(|r| r[2] == 1.0 && (r[0] - 1.0).abs() < 6.0 * deviation * 0.05f32.sqrt()));
    }
}
