//! Model files: safetensors with the settings, the codec and the categories inside, so that a file is all that is needed to draw.
//!
//! The metadata is readable text: `format`, `version`, and one JSON value `model` ([`ModelInfo`]); a checkpoint of a run
//! has the averaged weights under the same names and more beside them, so that every reader of models reads checkpoints too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::stroke_diffusion::StrokeDiffusion;
use super::tensors::Tensors;
use super::weights::{Weights, given};
use crate::config::{CodecSettings, ModelSettings, Preset};
use crate::sketch::Codec;
use crate::sketch::codec::{BOX, Components};
use crate::util::{Context, Error, Result, atomic};

/// In the metadata of every file of ours.
const FORMAT: &str = "denoodle-model";
/// Prefixes of the names of tensors; a checkpoint's others have none.
const WEIGHTS: &str = "weights.";
const CODEC: &str = "codec.";

/// What a model file says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// All settings that it was trained with.
    pub preset: Preset,
    /// What it can draw; the order is that of its category weights.
    pub categories: Vec<String>,
    /// Training steps.
    pub steps: u64,
    /// Drawings seen, repeats counted.
    pub drawings: u64,
    /// The seed of its training.
    pub seed: u64,
    /// Its diffusion loss on the test split, if that was measured.
    pub test_loss: Option<f64>,
    /// The files of drawings, as `category: sha256`.
    pub data: Vec<String>,
    /// Whom to thank for the drawings.
    pub attribution: String,
}

/// Owed wherever a drawing, or a model made from drawings, is shown.
pub const ATTRIBUTION: &str =
    "The Quick, Draw! Dataset, made available by Google, Inc. under the Creative Commons Attribution 4.0 International licence";

/// The newest checkpoint of a run folder.
pub fn newest(folder: &Path) -> PathBuf {
    folder.join("newest.safetensors")
}

/// The model of a run folder with the lowest test loss.
pub fn best(folder: &Path) -> PathBuf {
    folder.join("best.safetensors")
}

/// What draws of a run folder: its best model, or its newest where none was tested, or nothing.
pub fn preferred(folder: &Path) -> Option<PathBuf> {
    [best(folder), newest(folder)].into_iter().find(|file| file.exists())
}

/// A model as it lies in a file.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// What it says of itself.
    pub info: ModelInfo,
    /// The stroke codec.
    pub codec: Codec,
    /// The averaged weights, f32, on the CPU.
    pub weights: Weights,
    /// Other tensors: a checkpoint's.
    pub others: Weights,
    /// Other metadata: a checkpoint's.
    pub notes: BTreeMap<String, String>,
}

impl ModelFile {
    /// The network with these weights as constants.
    pub fn network(&self, device: &Device) -> Result<StrokeDiffusion> {
        let ModelSettings::StrokeDiffusion(settings) = &self.info.preset.model;
        StrokeDiffusion::new(settings, self.codec.width(), self.info.categories.len(), &mut given(&self.weights, device))
    }

    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).context_at("cannot read the model", path)?;
        Self::parse(&bytes).map_err(|e| e.at(path).advise("Is this a .safetensors file that Denoodle wrote?"))
    }

    /// Reads a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut file = Tensors::parse(bytes, FORMAT)?;
        let info: ModelInfo = serde_json::from_str(&file.take("model")?).context("the model's description cannot be read")?;
        if let Some((_, what)) = crate::config::preset::complaint(&info.preset) {
            return Err(Error::new(format!("the model's settings cannot be used: {what}")));
        }
        if info.categories.is_empty() {
            return Err(Error::new("this model knows no category"));
        }
        let (weights, codec) = (file.take_all(WEIGHTS), file.take_all(CODEC));
        let codec = codec_of(&info.preset, &codec)?;
        Ok(Self { info, codec, weights, others: file.tensors, notes: file.notes })
    }

    /// Writes the file; `half` stores the weights as f16, which halves the size.
    pub fn write(&self, path: &Path, half: bool) -> Result<()> {
        let bytes = self.bytes(half)?;
        atomic::write_bytes(path, &bytes)
    }

    /// The file's bytes.
    pub fn bytes(&self, half: bool) -> Result<Vec<u8>> {
        let mut notes = self.notes.clone();
        notes.insert("model".into(), serde_json::to_string(&self.info).context("the model's description cannot be written")?);
        let mut file = Tensors { notes, tensors: self.others.clone() };
        file.put_all(WEIGHTS, &self.weights);
        for (name, values, shape) in codec_parts(&self.codec) {
            file.tensors.insert(format!("{CODEC}{name}"), Tensor::from_slice(values, shape, &Device::Cpu)?);
        }
        file.bytes(FORMAT, |name| half && name.starts_with(WEIGHTS))
    }
}

/// The codec's numbers, their names and shapes.
fn codec_parts(codec: &Codec) -> Vec<(&'static str, &Vec<f32>, Vec<usize>)> {
    let row = |name: &'static str, values| -> (&'static str, &Vec<f32>, Vec<usize>) { (name, values, vec![Vec::len(values)]) };
    let shape = &codec.shape;
    let basis = ("basis", &shape.basis, vec![2 * shape.points, shape.width()]);
    vec![row("box_mean", &codec.box_mean), row("box_scale", &codec.box_scale), row("mean", &shape.mean), row("scale", &shape.scale), basis]
}

fn codec_of(preset: &Preset, parts: &Weights) -> Result<Codec> {
    let part = |name: &str, length: usize| -> Result<Vec<f32>> {
        let tensor = parts.get(name).ok_or_else(|| Error::new(format!("the model file has no stroke codec: '{name}' is missing")))?;
        let values = tensor.flatten_all()?.to_vec1::<f32>()?;
        if values.len() != length {
            return Err(Error::new(format!("the stroke codec's '{name}' has {} numbers instead of {length}", values.len())));
        }
        Ok(values)
    };
    let CodecSettings::Components { points, components, simplify } = preset.codec;
    let (mean, scale) = (part("mean", 2 * points)?, part("scale", components)?);
    let shape = Components { points, mean, basis: part("basis", 2 * points * components)?, scale };
    Ok(Codec { simplify, box_mean: part("box_mean", BOX)?, box_scale: part("box_scale", BOX)?, shape })
}
