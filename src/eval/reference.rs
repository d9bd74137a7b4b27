//! Features of real drawings, kept on the disk: looking at the same drawings twice is what makes an evaluation slow.
//!
//! A cache is one safetensors file: the features as the extractor gave them (f32), and in its metadata the [`Key`] and a CRC-32 of both.
//! It is used only if the whole key agrees and the checksum is right. Whatever is wrong with one, the drawings are looked at again.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use flate2::Crc;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::extractor::{Extractor, ExtractorId};
use super::{Features, extractor};
use crate::data;
use crate::sketch::Sketch;
use crate::util::digest::{sha256, sha256_of_numbers};
use crate::util::{Cancel, Context, Error, Result, atomic};

/// Changes with the meaning of the numbers.
const VERSION: u32 = 1;

/// The ending of a cache's file.
const ENDING: &str = "features.safetensors";

/// Everything that decides what features come out: if any of it differs, it is another cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    version: u32,
    /// For people.
    category: String,
    /// SHA-256 of the file of drawings.
    data_sha256: String,
    /// Which list of the split the drawings are from.
    part: Part,
    /// SHA-256 of their lines in the file, in their order: another split, list or sample is another one.
    lines_sha256: String,
    count: usize,
    extractor: ExtractorId,
    width: usize,
    renderer: String,
}

/// A list of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// To learn from.
    Train,
    /// To be tested with.
    Test,
}

impl Key {
    /// The key of these lines' drawings as `extractor` sees them.
    pub fn new(category: &str, data_sha256: &str, part: Part, lines: &[u64], extractor: &dyn Extractor) -> Self {
        Self {
            version: VERSION,
            category: category.to_owned(),
            data_sha256: data_sha256.to_owned(),
            part,
            lines_sha256: sha256_of_numbers(lines.iter().copied()),
            count: lines.len(),
            extractor: extractor.id().clone(),
            width: extractor.width(),
            renderer: extractor.renderer().id(),
        }
    }

    fn text(&self) -> Result<String> {
        serde_json::to_string(self).context("the cache's key cannot be written")
    }

    /// `cat-test-0123456789abcdef.features.safetensors`.
    fn file_name(&self) -> Result<String> {
        let category: String = self.category.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let part = if self.part == Part::Train { "train" } else { "test" };
        Ok(format!("{category}-{part}-{}.{ENDING}", &sha256(self.text()?.as_bytes())[..16]))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = if self.part == Part::Train { "training" } else { "test" };
        let Self { category, count, width, extractor, renderer, .. } = self;
        write!(f, "{count} {part} drawings of {category}, {width} features of {}, renderer {renderer}", extractor.name)
    }
}

/// Where features are kept, if anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureCache {
    folder: Option<PathBuf>,
}

/// A file of the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cached {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What it holds; `None` if it cannot be read.
    pub key: Option<Key>,
}

impl FeatureCache {
    /// None: everything is looked at anew.
    pub fn none() -> Self {
        Self { folder: None }
    }

    /// In this folder, which is made when needed.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// Of this user: see [`data::user_cache`].
    pub fn for_user() -> Self {
        Self { folder: data::user_cache("features", "features") }
    }

    /// The folder.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What is kept, by name.
    ///
    /// # Errors
    /// If the folder is there but cannot be listed.
    pub fn list(&self) -> Result<Vec<Cached>> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.context_at("cannot list the cache", folder)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.context_at("cannot list the cache", folder)?.path();
            if path.to_string_lossy().ends_with(ENDING) && path.is_file() {
                let bytes = path.metadata().map_or(0, |meta| meta.len());
                found.push(Cached { bytes, key: key_of(&path), path });
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Removes all that is kept; gives the number of files and their bytes.
    ///
    /// # Errors
    /// If a file cannot be removed.
    pub fn remove(&self) -> Result<(usize, u64)> {
        let all = self.list()?;
        for cached in &all {
            fs::remove_file(&cached.path).context_at("cannot remove the cache", &cached.path)?;
        }
        Ok((all.len(), all.iter().map(|cached| cached.bytes).sum()))
    }

    /// The features of drawings: from the cache, or else looked at now and kept. `sketches` makes the drawings when they are needed.
    /// The second is what a person should know of the cache, if anything.
    ///
    /// # Errors
    /// As [`extractor::extract`].
    pub fn features(
        &self,
        key: &Key,
        eye: &dyn Extractor,
        sketches: impl FnOnce() -> Vec<Sketch>,
        cancel: &Cancel,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<(Features, Option<String>)> {
        let file = self.folder.as_ref().map(|folder| key.file_name().map(|name| folder.join(name))).transpose()?;
        let mut note = None;
        if let Some(file) = &file {
            match recall(file, key) {
                Ok(Some(features)) => {
                    done(key.count);
                    return Ok((features, None));
                }
                Ok(None) => {}
                Err(error) => note = Some(format!("kept features were of no use, and the drawings are looked at again: {error}")),
            }
        }
        let features = extractor::extract(eye, &sketches(), cancel, done)?;
        if let Some(file) = &file
            && let Err(error) = keep(file, key, &features)
        {
            note = Some(format!("the features could not be kept, so the next evaluation takes as long as this one: {error}"));
        }
        Ok((features, note))
    }
}

/// What the file's metadata says, unchecked: for listing.
fn key_of(path: &Path) -> Option<Key> {
    let bytes = fs::read(path).ok()?;
    let (_, header) = SafeTensors::read_metadata(&bytes).ok()?;
    serde_json::from_str(header.metadata().as_ref()?.get("key")?).ok()
}

fn checksum(key: &str, numbers: &[u8]) -> String {
    let mut crc = Crc::new();
    crc.update(key.as_bytes());
    crc.update(numbers);
    crc.sum().to_string()
}

fn recall(file: &Path, key: &Key) -> Result<Option<Features>> {
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.context_at("cannot read them", file)?,
    };
    let damaged = || Error::new("the file is damaged").at(file);
    let (_, header) = SafeTensors::read_metadata(&bytes).context_at("the file is damaged", file)?;
    let meta = header.metadata().as_ref().ok_or_else(damaged)?;
    let text = key.text()?;
    if meta.get("key") != Some(&text) {
        return Err(Error::new("the file holds the features of something else").at(file));
    }
    let tensors = SafeTensors::deserialize(&bytes).context_at("the file is damaged", file)?;
    let view = tensors.tensor("features").context_at("the file is damaged", file)?;
    let sound = view.dtype() == Dtype::F32 && view.shape() == [key.count, key.width];
    if !sound || meta.get("crc32") != Some(&checksum(&text, view.data())) {
        return Err(damaged());
    }
    let values: Vec<f32> = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    Features::from_f32(&values, key.width).map(Some).map_err(|error| error.at(file))
}

fn keep(file: &Path, key: &Key, features: &Features) -> Result<()> {
    // Features came as f32: nothing is lost.
    let numbers: Vec<u8> = features.rows().flatten().flat_map(|&v| (v as f32).to_le_bytes()).collect();
    let text = key.text()?;
    let meta = HashMap::from([("crc32".to_owned(), checksum(&text, &numbers)), ("key".to_owned(), text)]);
    let shape = vec![features.count(), features.width()];
    let view = TensorView::new(Dtype::F32, shape, &numbers).context("cannot lay out the cache")?;
    let bytes = safetensors::serialize([("features", view)], Some(meta)).context("cannot lay out the cache")?;
    atomic::write_bytes(file, &bytes)
}
