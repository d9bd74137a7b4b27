//! The form of all files of ours: safetensors with readable metadata, numbers as f32 or f16.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use super::weights::Weights;
use crate::util::{Context, Error, Result};

/// The version of every form of file.
const VERSION: &str = "1";
/// Metadata and names of tensors together are never nearly as long.
const LONGEST_HEAD: u64 = 1 << 24;

/// The first part of a file, as far as the notes go.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "__metadata__", default)]
    notes: BTreeMap<String, String>,
}

/// Named tensors and metadata.
#[derive(Debug, Clone, Default)]
pub(super) struct Tensors {
    /// Metadata, `format` and `version` left out.
    pub notes: BTreeMap<String, String>,
    /// f32, on the CPU.
    pub tensors: Weights,
}

impl Tensors {
    /// Reads a file's bytes; its `format` must be this one.
    ///
    /// # Errors
    /// Another format or version; damage; numbers that are not finite or of another type than f32 and f16.
    pub fn parse(bytes: &[u8], format: &str) -> Result<Self> {
        let (_, header) = SafeTensors::read_metadata(bytes).context("this is not a model file")?;
        let notes = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let mut file = Self::noted(notes, format)?;
        for (name, view) in SafeTensors::deserialize(bytes).context("the model file is damaged")?.iter() {
            let tensor = to_tensor(&view).map_err(|e| Error::new(format!("the tensor '{name}' cannot be read")).because(e))?;
            file.tensors.insert(name.to_owned(), tensor);
        }
        Ok(file)
    }

    /// Reads a file's notes alone, however large its tensors are; its `format` must be this one.
    ///
    /// # Errors
    /// Another format or version; a file that cannot be read or is damaged at its beginning.
    pub fn read_notes(path: &Path, format: &str) -> Result<Self> {
        let mut file = File::open(path).context("cannot read the model")?;
        let mut length = [0; 8];
        file.read_exact(&mut length).context("this is not a model file")?;
        let length = u64::from_le_bytes(length);
        if length > LONGEST_HEAD {
            return Err(Error::new("this is not a model file"));
        }
        let mut head = Vec::new();
        file.take(length).read_to_end(&mut head).context("cannot read the model")?;
        let head: Head = serde_json::from_slice(&head).context("this is not a model file")?;
        Self::noted(head.notes, format)
    }

    /// Without tensors as yet, if the notes are of this format.
    fn noted(notes: BTreeMap<String, String>, format: &str) -> Result<Self> {
        let mut file = Self { notes, tensors: Weights::new() };
        let (found, version) = (file.take("format")?, file.take("version")?);
        if found != format || version != VERSION {
            return Err(Error::new(format!("this file is of the form '{found}', version {version}, not '{format}', version {VERSION}")));
        }
        Ok(file)
    }

    /// Takes a note out.
    pub fn take(&mut self, key: &str) -> Result<String> {
        self.notes.remove(key).ok_or_else(|| Error::new(format!("this is not a Denoodle model: it has no '{key}'")))
    }

    /// Takes out the tensors whose names begin so; the names lose it.
    pub fn take_all(&mut self, prefix: &str) -> Weights {
        let (taken, left): (Weights, Weights) =
            std::mem::take(&mut self.tensors).into_iter().partition(|(name, _)| name.starts_with(prefix));
        self.tensors = left;
        taken.into_iter().map(|(name, tensor)| (name[prefix.len()..].to_owned(), tensor)).collect()
    }

    /// Puts tensors in under names that begin so.
    pub fn put_all(&mut self, prefix: &str, tensors: &Weights) {
        self.tensors.extend(tensors.iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor.clone())));
    }

    /// A file's bytes; tensors whose name `half` likes are stored as f16.
    pub fn bytes(&self, format: &str, half: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
        let mut notes: HashMap<String, String> = self.notes.clone().into_iter().collect();
        notes.insert("format".into(), format.into());
        notes.insert("version".into(), VERSION.into());
        let stored = self.tensors.iter().map(|(name, tensor)| to_bytes(name, tensor, half(name))).collect::<Result<Vec<_>>>()?;
        let views: Vec<(&str, TensorView<'_>)> = self
            .tensors
            .keys()
            .zip(&stored)
            .map(|(name, (dtype, shape, bytes))| TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name.as_str(), view)))
            .collect::<std::result::Result<_, _>>()
            .context("the model cannot be written")?;
        sorted(safetensors::serialize(views, Some(notes)).context("the model cannot be written")?)
    }
}

/// The same file with its header in the order of its keys: otherwise the same model would not be the same bytes.
fn sorted(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let unreadable = "the model's header cannot be read";
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| Error::new(unreadable))?;
    let end = u64::from_le_bytes(*length) as usize;
    let header: BTreeMap<String, serde_json::Value> = serde_json::from_slice(rest.get(..end).unwrap_or_default()).context(unreadable)?;
    let mut text = serde_json::to_vec(&header).context(unreadable)?;
    // Numbers stand at multiples of eight.
    text.resize(text.len().next_multiple_of(8), b' ');
    let length = (text.len() as u64).to_le_bytes();
    bytes.splice(..8 + end, length.into_iter().chain(text));
    Ok(bytes)
}

fn to_tensor(view: &TensorView<'_>) -> Result<Tensor> {
    let values: Vec<f32> = match view.dtype() {
        Dtype::F32 => view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        Dtype::F16 => view.data().chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32()).collect(),
        other => return Err(Error::new(format!("numbers of type {other:?} are not used by Denoodle"))),
    };
    if let Some(bad) = values.iter().find(|v| !v.is_finite()) {
        return Err(Error::new(format!("it holds {bad}")));
    }
    Ok(Tensor::from_vec(values, view.shape(), &Device::Cpu)?)
}

fn to_bytes(name: &str, tensor: &Tensor, half: bool) -> Result<(Dtype, Vec<usize>, Vec<u8>)> {
    let values = tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
    if let Some(large) = values.iter().find(|v| half && v.is_finite() && half::f16::from_f32(**v).is_infinite()) {
        return Err(Error::new(format!("the tensor '{name}' holds {large}, which is too large for half precision")));
    }
    let bytes = if half {
        values.iter().flat_map(|v| half::f16::from_f32(*v).to_le_bytes()).collect()
    } else {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    };
    Ok((if half { Dtype::F16 } else { Dtype::F32 }, tensor.dims().to_vec(), bytes))
}
