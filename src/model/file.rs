//! Model files: safetensors with the settings, the codec and the categories inside, so that a file is all that is needed to draw.
//!
//! The metadata is readable text: `format`, `version`, and one JSON value `model` ([`ModelInfo`]); a checkpoint of a run
//! has the averaged weights under the same names and more beside them, so that every reader of models reads checkpoints too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::Device;
use serde::{Deserialize, Serialize};

use super::coding::Coding;
use super::tensors::Tensors;
use super::weights::{Builder, Weights, given};
use crate::config::Preset;
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
    /// The loss on the test split by which models of its kind are judged, if that was measured.
    pub test_loss: Option<f64>,
    /// The files of drawings, as `category: sha256`.
    pub data: Vec<String>,
    /// Whom to thank for the drawings.
    pub attribution: String,
}

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

/// What every system's network has in common: it can be built from the settings, given where its weights come from.
pub trait Network: Sized {
    /// Names of the weights of which each row belongs to a category; what follows the categories' rows stands for none of them.
    const CATEGORY_TABLES: &'static [&'static str];

    /// Asks for all weights of a network for so many categories.
    ///
    /// # Errors
    /// If the settings are those of another system.
    fn build(preset: &Preset, coding: &Coding, categories: usize, build: &mut Builder<'_>) -> Result<Self>;
}

/// What to say to a network whose settings are another system's.
pub(super) fn another_system() -> Error {
    Error::new("the settings are those of another system")
}

/// A model as it lies in a file.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// What it says of itself.
    pub info: ModelInfo,
    /// How it sees drawings.
    pub coding: Coding,
    /// The averaged weights, f32, on the CPU.
    pub weights: Weights,
    /// Other tensors: a checkpoint's.
    pub others: Weights,
    /// Other metadata: a checkpoint's.
    pub notes: BTreeMap<String, String>,
}

impl ModelFile {
    /// The network with these weights as constants.
    ///
    /// # Errors
    /// A network of another system than the file's; weights that are missing or have another shape.
    pub fn network<N: Network>(&self, device: &Device) -> Result<N> {
        N::build(&self.info.preset, &self.coding, self.info.categories.len(), &mut given(&self.weights, device))
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> usize {
        self.weights.values().map(candle_core::Tensor::elem_count).sum()
    }

    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self> {
        // What is no file, a device for instance, may have no end.
        if !std::fs::metadata(path).context_at("cannot read the model", path)?.is_file() {
            return Err(Error::usage("this is not a file").at(path));
        }
        let bytes = std::fs::read(path).context_at("cannot read the model", path)?;
        Self::parse(&bytes).map_err(|e| e.at(path).advise("Is this a .safetensors file that Denoodle wrote?"))
    }

    /// What a file says of itself, and its other metadata: quick, because the weights are not read, and not checked either.
    pub fn read_info(path: &Path) -> Result<(ModelInfo, BTreeMap<String, String>)> {
        let read = || -> Result<(ModelInfo, BTreeMap<String, String>)> {
            let mut file = Tensors::read_notes(path, FORMAT)?;
            let info = serde_json::from_str(&file.take("model")?).context("the model's description cannot be read")?;
            Ok((info, file.notes))
        };
        read().map_err(|error| error.at(path))
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
        let coding = Coding::of(&info.preset.codec, &codec)?;
        Ok(Self { info, coding, weights, others: file.tensors, notes: file.notes })
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
        file.put_all(CODEC, &self.coding.parts()?);
        file.bytes(FORMAT, |name| half && name.starts_with(WEIGHTS))
    }
}
