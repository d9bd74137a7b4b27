//! The diffusion transformer's canvas: as many movements as a training drawing has, whose rhythm is drawn by lot.
//!
//! Where the network says what the pen does, only the length of the rhythm counts, and a drawing may end before it. Where the network is
//! told, it draws with that rhythm, or with the one of a drawing that a person gives.

use candle_core::{Device, Tensor};

use super::{Canvas, LONGEST, Pens, probability};
use crate::diffusion::parametrisation::Preconditioning;
use crate::diffusion::schedule::linear_time;
use crate::generate::{Capabilities, Job, guided, without_start};
use crate::model::ModelFile;
use crate::model::dit::{Dit, PEN};
use crate::model::layers::{Pen, TIMES, rows};
use crate::sketch::codec::{Rhythm, Rhythms, Trail, rhythm};
use crate::sketch::{RDP_EPSILON, Sketch};
use crate::util::number::plain;
use crate::util::rng::ChaCha8Rng;
use crate::util::{Error, Result};

/// The diffusion transformer with trained weights.
pub struct DitCanvas {
    network: Dit,
    rhythms: Rhythms,
    most_points: usize,
}

impl DitCanvas {
    /// Takes the weights over to the device.
    pub fn new(file: &ModelFile, device: &Device) -> Result<Self> {
        Ok(Self {
            network: file.network(device)?,
            rhythms: file.coding.rhythms()?.clone(),
            most_points: file.info.preset.codec.most_points().unwrap_or_default(),
        })
    }

    /// The rhythm of a drawing that a person gives; what was drawn by hand is first simplified as the data set is.
    fn given(&self, sketch: &Sketch) -> Result<Rhythm> {
        let rhythm = rhythm(&sketch.to_data_frame().simplified(RDP_EPSILON));
        let points = rhythm.len() + 1;
        if (2..=self.most_points).contains(&points) {
            return Ok(rhythm);
        }
        let points = plain(points, "point", "points");
        Err(Error::usage(format!("the drawing whose rhythm is to be drawn has {points}, but this model draws 2 to {}", self.most_points))
            .advise("Give a drawing of fewer or shorter strokes."))
    }
}

impl Canvas for DitCanvas {
    fn capabilities(&self) -> Capabilities {
        Capabilities { guidance: true, rhythm: self.network.pen_is_given(), ..Capabilities::default() }
    }

    fn rhythm(&self, job: &Job, random: &mut ChaCha8Rng) -> Result<Rhythm> {
        match &job.start {
            Some(sketch) if self.network.pen_is_given() => self.given(sketch),
            _ => {
                without_start(job)?;
                Ok(self.rhythms.pick(job.category, random).to_vec())
            }
        }
    }

    fn said(&self, movements: usize) -> usize {
        if self.network.pen_is_given() { 0 } else { PEN * (movements + 1) }
    }

    fn predict(&self, job: &Job, rhythms: &[Rhythm], x: &[f32], sigma: f64, x0: &mut [f32], pen: &mut [f32]) -> Result<()> {
        let (network, scale) = (&self.network, Preconditioning::at(sigma).input as f32);
        let (mut points, mut states, mut ends) = (Vec::<[f32; 2]>::new(), Vec::<[f32; PEN]>::new(), Vec::new());
        let mut moves = x.chunks_exact(2);
        for rhythm in rhythms {
            // To the first point there is no movement.
            points.push([0.0; 2]);
            points.extend(moves.by_ref().take(rhythm.len()).map(|by| [by[0] * scale, by[1] * scale]));
            ends.push(points.len());
            if network.pen_is_given() {
                let trail = Trail { moves: vec![[0.0; 2]; rhythm.len()], lifted: rhythm.clone() };
                states.extend(rows(&trail).into_iter().map(|[_, _, states @ ..]| states));
            }
        }
        let count = points.len();
        let points = Tensor::from_vec(points.into_flattened(), (count, 2), network.device())?; // (points, 2)
        let states = match states.len() {
            0 => None,
            n => Some(Tensor::from_vec(states.into_flattened(), (n, PEN), network.device())?), // (points, 3)
        };
        let times = vec![(linear_time(sigma) * f64::from(TIMES)) as f32; rhythms.len()];
        let said = |class: u32| network.forward(&points, states.as_ref(), &ends, &times, &vec![class; rhythms.len()]);
        let (noise, logits) = said(job.category)?; // (points, 2), (points, 3)
        // The pen is what it is for this category: guidance is for the line.
        let noise = guided(job.settings.guidance, noise, || Ok(said(network.no_class())?.0))?; // (points, 2)
        if let Some(logits) = logits {
            pen.copy_from_slice(&logits.flatten_all()?.to_vec1::<f32>()?);
        }
        let noise = noise.flatten_all()?.to_vec1::<f32>()?;
        // The first points' noise is nobody's.
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let moved = starts.zip(&ends).flat_map(|(start, end)| &noise[2 * (start + 1)..2 * end]);
        for ((x0, x), noise) in x0.iter_mut().zip(x).zip(moved) {
            *x0 = (x - sigma as f32 * noise).clamp(-LONGEST, LONGEST);
        }
        Ok(())
    }

    fn pens(&self, rhythm: &[bool], pen: &[f32]) -> Pens {
        if self.network.pen_is_given() {
            return Pens { lifted: rhythm.iter().map(|&lifted| f32::from(lifted)).collect(), over: Vec::new() };
        }
        let said = |of: &[f32]| [Pen::Down, Pen::Up, Pen::End].map(|pen| of[pen as usize]);
        let ends = |of: &[f32]| {
            let [down, up, end] = said(of);
            end > down.max(up)
        };
        // A softmax of three, its largest taken out.
        let over = |of: &[f32]| {
            let [down, up, end] = said(of);
            let rest = down.max(up);
            probability(end - rest - ((down - rest).exp() + (up - rest).exp()).ln())
        };
        // What is said of a point is of the movement behind it. A drawing has one movement at least.
        let end = pen.chunks_exact(PEN).skip(1).position(ends).map_or(rhythm.len(), |i| (i + 1).min(rhythm.len()));
        Pens {
            lifted: pen.chunks_exact(PEN).take(end).map(|of| probability(said(of)[1] - said(of)[0])).collect(),
            over: pen.chunks_exact(PEN).map(over).collect(),
        }
    }
}
