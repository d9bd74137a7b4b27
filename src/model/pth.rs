//! PyTorch's files of weights. Those of version 1.6 and later are zip archives, which candle reads. Those from before, of which the
//! weights of Inception seem to be by their size, are several pickles, one behind the other, and the numbers behind them:
//!
//! ```text
//!   a magic number | 1001 | the machine's sizes | the object | the keys of its storages | for each key: a count, then its numbers
//! ```
//!
//! Made for files whose bytes are known by their hash: it refuses what is damaged, but does not withstand what is made to hurt.

mod pickle;

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};

use super::weights::Weights;
use crate::util::{Context, Error, Result};
use pickle::{Reader, Value};

/// Begins every such file.
const MAGIC: &[u8] = &[0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.'];

/// The version of the form.
const VERSION: i64 = 1001;

/// A tensor of which the numbers are still to come.
struct Outline {
    storage: String,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

/// The single-precision tensors of a dictionary, by name; others, such as counts of batches, are passed over.
///
/// `bytes` are those of the file at `path`: candle reads archives from there.
///
/// # Errors
/// Something else than a dictionary of tensors.
pub fn read(bytes: &[u8], path: &Path) -> Result<Weights> {
    if bytes.starts_with(b"PK") {
        let tensors = candle_core::pickle::read_all(path).context("the PyTorch file cannot be read")?;
        return Ok(tensors.into_iter().filter(|(_, tensor)| tensor.dtype() == DType::F32).collect());
    }
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| Error::new("this is not a file of PyTorch weights"))?;
    parse(rest).context("the PyTorch file cannot be read")
}

fn parse(rest: &[u8]) -> Result<Weights> {
    let mut reader = Reader::new(rest);
    if reader.pickle()? != Value::Int(VERSION) {
        return Err(Error::new("it is of another version"));
    }
    reader.pickle()?;
    let Value::Dict(entries) = reader.pickle()? else { return Err(Error::new("it holds no dictionary")) };
    let Value::List(keys) = reader.pickle()? else { return Err(Error::new("it does not list its storages")) };
    // How wide the numbers of each storage are; those of single precision are told by a 0.
    let (mut outlines, mut widths) = (Vec::new(), BTreeMap::new());
    for (name, value) in entries {
        let Value::Text(name) = name else { return Err(Error::new("an entry has no name")) };
        let (outline, kind) = outline(value).map_err(|why| Error::new(format!("'{name}': {why}")))?;
        let width = match kind.as_str() {
            "FloatStorage" => 4,
            "DoubleStorage" | "LongStorage" => 8,
            "IntStorage" => 4,
            "HalfStorage" | "ShortStorage" => 2,
            "ByteStorage" | "CharStorage" | "BoolStorage" => 1,
            other => return Err(Error::new(format!("'{name}' holds numbers of an unknown kind, {other}"))),
        };
        widths.insert(outline.storage.clone(), width);
        if kind == "FloatStorage" {
            outlines.push((name, outline));
        }
    }
    let mut storages = BTreeMap::new();
    for key in keys {
        let Value::Text(key) = key else { return Err(Error::new("a storage has no key")) };
        let width: usize = *widths.get(&key).ok_or_else(|| Error::new(format!("the storage '{key}' belongs to no tensor")))?;
        let count = usize::try_from(i64::from_le_bytes(reader.array()?)).context("a storage has less than no numbers")?;
        storages.insert(key, reader.take(count.saturating_mul(width))?);
    }
    outlines
        .into_iter()
        .map(|(name, outline)| Ok((name.clone(), tensor(&outline, &storages).map_err(|e| Error::new(format!("'{name}': {e}")))?)))
        .collect()
}

/// What a tensor is made of: a call of `torch._utils._rebuild_tensor_v2`, or of its forerunner, with the same arguments first.
fn outline(value: Value) -> Result<(Outline, String), &'static str> {
    let Value::Call(function, arguments) = value else { return Err("it is not a tensor") };
    if !["torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"].contains(&function.as_str()) {
        return Err("it is not a tensor");
    }
    let [Value::Stored(storage), offset, shape, strides, ..] = &arguments[..] else { return Err("it is not a usual tensor") };
    // The last one is not nothing where a storage is a part of another one.
    let [Value::Text(word), Value::Global(kind), Value::Text(key), _, Value::Int(_), Value::None] = &storage[..] else {
        return Err("its storage is not a usual one");
    };
    let kind = kind.strip_prefix("torch.").map(|kind| kind.trim_start_matches("cuda.")).filter(|_| word == "storage");
    let sizes = |value: &Value| match value {
        Value::Tuple(values) => values.iter().map(Value::size).collect::<Option<Vec<usize>>>(),
        _ => None,
    };
    match (offset.size(), sizes(shape), sizes(strides), kind) {
        (Some(offset), Some(shape), Some(strides), Some(kind)) if shape.len() == strides.len() => {
            Ok((Outline { storage: key.clone(), offset, shape, strides }, kind.to_owned()))
        }
        _ => Err("its sizes cannot be read"),
    }
}

/// Collects a tensor's numbers, in whatever order they lie.
fn tensor(outline: &Outline, storages: &BTreeMap<String, &[u8]>) -> Result<Tensor> {
    let Outline { storage, offset, shape, strides } = outline;
    let numbers = storages.get(storage).ok_or_else(|| Error::new("its numbers are missing"))?;
    let mut places = vec![*offset];
    for (size, stride) in shape.iter().zip(strides) {
        if places.len().saturating_mul(*size) > numbers.len() / 4 {
            return Err(Error::new("it has more numbers than its storage"));
        }
        places = places.iter().flat_map(|at| (0..*size).map(move |i| at.saturating_add(i.saturating_mul(*stride)))).collect();
    }
    let number = |at: &usize| numbers.get(at.saturating_mul(4)..)?.first_chunk().map(|b| f32::from_le_bytes(*b));
    let values: Option<Vec<f32>> = places.iter().map(number).collect();
    let values = values.ok_or_else(|| Error::new("it reaches beyond its storage"))?;
    Ok(Tensor::from_vec(values, shape.as_slice(), &Device::Cpu)?)
}
