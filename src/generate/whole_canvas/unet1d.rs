//! The U-Net's canvas: always as many movements as the network is long.
//!
//! The network says which noise the movements have, where the pen is lifted, and which points are behind the end. With p the probability
//! of the last, the best guess of a movement is `(1 - p)` times what the noise leaves of it, since behind the end there is none. That is
//! also what keeps the points behind the end as they were in training, so that the end need not be known beforehand. A drawing ends
//! before the first point that is over by what was said at all steps.

use candle_core::{Device, Tensor};

use super::{Canvas, LONGEST, Pens, probability};
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::schedule::cosine_time;
use crate::generate::{Capabilities, Job, guided, without_start};
use crate::model::ModelFile;
use crate::model::layers::TIMES;
use crate::model::unet1d::Unet1d;
use crate::sketch::codec::Rhythm;
use crate::util::Result;
use crate::util::rng::ChaCha8Rng;

/// The U-Net with trained weights.
pub struct UnetCanvas {
    network: Unet1d,
}

impl UnetCanvas {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device) -> Result<Self> {
        Ok(Self { network: file.network(device)? })
    }
}

impl Canvas for UnetCanvas {
    fn capabilities(&self) -> Capabilities {
        Capabilities { guidance: true, ..Capabilities::default() }
    }

    fn rhythm(&self, job: &Job, _: &mut ChaCha8Rng) -> Result<Rhythm> {
        without_start(job)?;
        Ok(vec![false; self.network.length()])
    }

    fn said(&self, movements: usize) -> usize {
        2 * movements
    }

    fn predict(&self, job: &Job, rhythms: &[Rhythm], x: &[f32], sigma: f64, x0: &mut [f32], pen: &mut [f32]) -> Result<()> {
        let (rows, length) = (rhythms.len(), self.network.length());
        let scale = Preconditioning::at(sigma).input as f32;
        let scaled = Tensor::from_vec(x.iter().map(|v| v * scale).collect(), (rows, length, 2), self.network.device())?; // (rows, length, 2)
        let times = vec![(cosine_time(sigma) * f64::from(TIMES)) as f32; rows];
        let said = |class: u32| self.network.forward(&scaled, &times, &vec![class; rows]);
        let (noise, logits) = said(job.category)?; // (rows, length, 2) both
        // The pen is what it is for this category: guidance is for the line.
        let noise = guided(job.settings.guidance, noise, || Ok(said(self.network.no_class())?.0))?; // (rows, length, 2)
        let (noise, logits) = (noise.flatten_all()?.to_vec1::<f32>()?, logits.flatten_all()?.to_vec1::<f32>()?);
        pen.copy_from_slice(&logits);
        for (i, x0) in x0.iter_mut().enumerate() {
            let inside = 1.0 / (1.0 + logits[i | 1].exp());
            *x0 = inside * (x[i] - sigma as f32 * noise[i]).clamp(-LONGEST, LONGEST);
        }
        Ok(())
    }

    fn pens(&self, _: &[bool], pen: &[f32]) -> Pens {
        let said = || pen.chunks_exact(2);
        // One movement at least: an empty page is no drawing.
        let end = said().position(|of| of[1] > 0.0).unwrap_or(self.network.length()).max(1);
        Pens {
            lifted: said().take(end).map(|of| probability(of[0])).collect(),
            // Behind the canvas's last point there is nothing.
            over: said().map(|of| probability(of[1])).chain([1.0]).collect(),
        }
    }
}
