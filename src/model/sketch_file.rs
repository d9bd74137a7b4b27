//! The file of a sketch network: its weights, what it can tell apart, and how well it did.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Device;
use serde::{Deserialize, Serialize};

use super::sketch_net::{SketchNet, SketchNetSettings};
use super::tensors::Tensors;
use super::weights::{Weights, given};
use crate::raster::Studio;
use crate::util::{Context, Error, Result, atomic};

/// In the metadata of every such file.
const FORMAT: &str = "denoodle-sketch-features";
/// Prefix of the averaged weights' names; a checkpoint's other tensors have none.
const WEIGHTS: &str = "weights.";

/// What such a file says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SketchInfo {
    /// How large the network is.
    pub network: SketchNetSettings,
    /// The categories that it tells apart, in the order of its classes.
    pub categories: Vec<String>,
    /// How its pictures are rendered.
    pub picture: Picture,
    /// Training steps.
    pub steps: u64,
    /// Drawings seen, repeats counted.
    pub drawings: u64,
    /// The seed of its training.
    pub seed: u64,
    /// How it did on test drawings that it never saw in training, once that was looked at.
    pub accuracy: Option<Accuracy>,
    /// The files of drawings, as `category: sha256`.
    pub data: Vec<String>,
    /// Whom to thank for the drawings.
    pub attribution: String,
}

/// Settings of the studio's renderer, black on white, square.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels.
    pub side: u32,
    /// Free border, as a share of the side.
    pub margin: f32,
    /// Line width, as a share of the side.
    pub line: f32,
}

impl Picture {
    /// The renderer with these settings.
    pub fn renderer(self) -> Studio {
        let Self { side, margin, line } = self;
        Studio { margin, line, ..Studio::square(side) }
    }
}

/// How often a classifier is right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Drawings that it was asked about.
    pub drawings: usize,
    /// Share of them where its first guess is right, 0 to 1.
    pub top1: f64,
    /// Share of them where the category is among its first five.
    pub top5: f64,
    /// Mean cross-entropy, in nats.
    pub loss: f64,
}

/// A sketch network as it lies in a file.
#[derive(Debug, Clone)]
pub struct SketchFile {
    /// What it says of itself.
    pub info: SketchInfo,
    /// The averaged weights, f32, on the CPU.
    pub weights: Weights,
    /// Other tensors: a checkpoint's.
    pub others: Weights,
    /// Other metadata: a checkpoint's.
    pub notes: BTreeMap<String, String>,
}

impl SketchFile {
    /// The network with these weights as constants.
    pub fn network(&self, device: &Device) -> Result<SketchNet> {
        SketchNet::new(&self.info.network, self.info.categories.len(), &mut given(&self.weights, device))
    }

    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).context_at("cannot read the sketch features", path)?;
        Self::parse(&bytes).map_err(|e| e.at(path).advise("Is this a file that `denoodle features train` wrote?"))
    }

    /// Reads a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut file = Tensors::parse(bytes, FORMAT)?;
        let info: SketchInfo = serde_json::from_str(&file.take("model")?).context("the network's description cannot be read")?;
        if info.categories.len() < 2 {
            return Err(Error::new("this network tells no two categories apart"));
        }
        Ok(Self { info, weights: file.take_all(WEIGHTS), others: file.tensors, notes: file.notes })
    }

    /// Writes the file; `half` stores the weights as f16.
    pub fn write(&self, path: &Path, half: bool) -> Result<()> {
        let mut notes = self.notes.clone();
        notes.insert("model".into(), serde_json::to_string(&self.info).context("the network's description cannot be written")?);
        let mut file = Tensors { notes, tensors: self.others.clone() };
        file.put_all(WEIGHTS, &self.weights);
        let bytes = file.bytes(FORMAT, |name| half && name.starts_with(WEIGHTS))?;
        atomic::write_bytes(path, &bytes)
    }
}
