//! The second opening of a file is near instant: its drawings are kept in flat form in the user's cache folder.
//!
//! A cache is one safetensors file a source: the arrays of [`Drawings`], and in its metadata the report of the first reading, the
//! source's path, size, time of change and SHA-256, and a CRC-32 of all of that. It is used only if all of these agree. The source
//! is hashed anew if its time of change differs, or is so close to when the cache was made that a later change could hide behind
//! it. Whatever is wrong with a cache, the source is read again and the cache made anew; no cache at all only costs time.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flate2::Crc;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use sha2::{Digest, Sha256};

use super::drawings::Drawings;
use super::read::read_through;
use super::report::{ReadReport, file_name};
use crate::util::digest::hex;
use crate::util::{Cancel, Context, Result, rng};

/// Changes with the meaning of the arrays, and with the rules by which lines are read.
const VERSION: &str = "1";

/// Smaller files are read as fast as their cache would be.
const WORTH_BYTES: u64 = 1 << 20;

/// File systems tell times of change as coarsely as this (FAT: 2 s).
const COARSE: Duration = Duration::from_secs(3);

/// Where caches are kept, if anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: Option<PathBuf>,
    worth_bytes: u64,
}

/// A file's drawings, and what is known of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The good lines.
    pub drawings: Drawings,
    /// The bad ones.
    pub report: ReadReport,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// True if the file itself did not have to be read.
    pub from_cache: bool,
    /// What happened to the cache, if a person should know.
    pub notes: Vec<String>,
}

impl Cache {
    /// No cache: every opening reads the file.
    pub fn none() -> Self {
        Self { folder: None, worth_bytes: WORTH_BYTES }
    }

    /// In this folder, which is made when needed; for files of at least `worth_bytes`.
    pub fn in_folder(folder: impl Into<PathBuf>, worth_bytes: u64) -> Self {
        Self { folder: Some(folder.into()), worth_bytes }
    }

    /// In the platform's cache folder, or where the environment variable `DENOODLE_CACHE` says; `off` there means none.
    pub fn for_user() -> Self {
        Self { folder: user_cache("", "drawings"), worth_bytes: WORTH_BYTES }
    }

    /// Where the cache of a source is: the same file for the same path, so that a new one replaces the old.
    fn file_for(&self, source: &Path, bytes: u64) -> Option<PathBuf> {
        let folder = self.folder.as_ref().filter(|_| bytes >= self.worth_bytes)?;
        let name: String = file_name(source).chars().filter(|c| c.is_ascii_alphanumeric()).take(40).collect();
        Some(folder.join(format!("{name}-{:016x}.safetensors", rng::hash(&source.to_string_lossy()))))
    }
}

/// Where this user's caches are: in the folder that the environment variable `DENOODLE_CACHE` says (`off` there means nowhere) under
/// the name `beside`, or in the platform's cache folder under the name `own`.
pub fn user_cache(beside: &str, own: &str) -> Option<PathBuf> {
    match std::env::var_os("DENOODLE_CACHE") {
        Some(off) if off == "off" || off.is_empty() => None,
        Some(folder) if beside.is_empty() => Some(folder.into()),
        Some(folder) => Some(PathBuf::from(folder).join(beside)),
        None => directories::ProjectDirs::from("", "", "denoodle").map(|dirs| dirs.cache_dir().join(own)),
    }
}

/// Reads a file of drawings by way of its cache: see [`super::read_file`] for what is read and which errors there are.
pub fn open(path: &Path, cache: &Cache, threads: usize, cancel: &Cancel, progress: &mut dyn FnMut(u64, u64)) -> Result<Opened> {
    // Two ways to write a path are one file; if the path leads nowhere, reading says so.
    let source = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let key = fs::metadata(&source).ok().filter(Metadata::is_file).map(|meta| Key::of(&source, &meta));
    let cached_in = key.as_ref().and_then(|key| cache.file_for(&source, key.bytes));
    let mut notes = Vec::new();
    if let (Some(file), Some(key)) = (&cached_in, &key) {
        match recall(file, key, path, cancel) {
            Ok(Some((mut opened, fresh))) => {
                progress(key.bytes, key.bytes);
                opened.report.path = path.to_path_buf();
                if !fresh {
                    // Only the time of change is new: write it down, so that the next opening need not hash.
                    notes.extend(keep(file, key, &opened).err().map(|error| format!("the cache could not be renewed: {error}")));
                }
                return Ok(Opened { notes, ..opened });
            }
            Ok(None) => {}
            Err(error) => {
                cancel.check()?;
                notes.push(format!("the cache of {} was of no use and is made anew: {error}", file_name(path)));
            }
        }
    }
    let (drawings, report, hashed) = read_through(path, threads, cancel, progress, |file| Hashing { file, hash: Sha256::new() })?;
    let mut hashed = hashed;
    // A packed file may have bytes that no reading asked for.
    io::copy(&mut hashed, &mut io::sink()).context_at("cannot read the file to its end", path)?;
    let opened = Opened { drawings, report, sha256: hex(&hashed.hash.finalize()), from_cache: false, notes: Vec::new() };
    if let (Some(file), Some(key)) = (&cached_in, &key) {
        notes.extend(keep(file, key, &opened).err().map(|error| format!("the next opening will be as slow as this one: {error}")));
    }
    Ok(Opened { notes, ..opened })
}

/// SHA-256 of a file, 64 hexadecimal digits.
pub fn sha256_of(path: &Path, cancel: &Cancel) -> Result<String> {
    let mut file = File::open(path).context_at("cannot open the file", path)?;
    sha256_of_all(&mut file, cancel).map_err(|error| error.at(path))
}

/// The same of everything that can still be read.
pub fn sha256_of_all(reader: &mut dyn Read, cancel: &Cancel) -> Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        cancel.check()?;
        match reader.read(&mut buffer).context("cannot read the file")? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// Hashes what is read.
struct Hashing {
    file: File,
    hash: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.hash.update(&buffer[..n]);
        Ok(n)
    }
}

/// What is known of a source without reading it, taken before it is read.
struct Key {
    path: String,
    bytes: u64,
    /// Nanoseconds since 1970; 0 if the platform does not know.
    changed: u128,
    now: u128,
}

impl Key {
    fn of(path: &Path, meta: &Metadata) -> Self {
        let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
        Self {
            path: path.to_string_lossy().into_owned(),
            bytes: meta.len(),
            changed: meta.modified().map_or(0, since),
            now: since(SystemTime::now()),
        }
    }

    /// True if a change after now could leave the time of change as it is.
    fn is_racy(&self) -> bool {
        self.changed == 0 || self.changed + COARSE.as_nanos() > self.now
    }
}

/// What the cache holds, and whether its key is as good as new; `None` if there is none or it is of an earlier state of the source.
fn recall(file: &Path, key: &Key, source: &Path, cancel: &Cancel) -> Result<Option<(Opened, bool)>> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context_at("cannot read the cache", file),
    };
    let damaged = || crate::util::Error::new("the cache is damaged").at(file);
    let (_, header) = SafeTensors::read_metadata(&bytes).context_at("the cache is damaged", file)?;
    let meta = header.metadata().as_ref().ok_or_else(damaged)?;
    let field = |name: &str| meta.get(name).map(String::as_str);
    let is = |name: &str, value: &str| field(name) == Some(value);
    if !is("version", VERSION) || !is("path", &key.path) || !is("bytes", &key.bytes.to_string()) {
        return Ok(None);
    }
    let sha256 = field("sha256").ok_or_else(damaged)?.to_owned();
    let fresh = is("changed", &key.changed.to_string()) && is("racy", "false");
    if !fresh && sha256_of(source, cancel)? != sha256 {
        return Ok(None);
    }
    let tensors = SafeTensors::deserialize(&bytes).context_at("the cache is damaged", file)?;
    // Whole numbers, which is what nearly all drawings have, take half the room.
    let whole = tensors.tensor("points").is_ok_and(|view| view.dtype() == Dtype::U8);
    let array = |name: &&str| tensors.tensor(name).map(|view| view.data()).context_at("the cache is damaged", file);
    let arrays: Vec<&[u8]> = NAMES.iter().map(array).collect::<Result<_>>()?;
    if !is("crc32", &checksum(meta, &arrays)) {
        return Err(damaged());
    }
    let [points, times, stroke_ends, drawing_ends, lines, keys, recognized] = arrays.as_slice() else { return Err(damaged()) };
    let drawings = Drawings {
        points: if whole {
            points.chunks_exact(2).map(|b| [u16::from(b[0]) << 8, u16::from(b[1]) << 8]).collect()
        } else {
            points.chunks_exact(4).map(|b| [u16::from_le_bytes([b[0], b[1]]), u16::from_le_bytes([b[2], b[3]])]).collect()
        },
        times: times.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        stroke_ends: words(stroke_ends),
        drawing_ends: words(drawing_ends),
        lines: words(lines),
        keys: keys.chunks_exact(8).map(|b| b.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte))).collect(),
        recognized: recognized.iter().map(|&b| b != 0).collect(),
    };
    let report: ReadReport = serde_json::from_str(field("report").ok_or_else(damaged)?).context_at("the cache is damaged", file)?;
    if !drawings.is_sound() || drawings.len() as u64 != report.drawings || drawings.is_empty() {
        return Err(damaged());
    }
    Ok(Some((Opened { drawings, report, sha256, from_cache: true, notes: Vec::new() }, fresh)))
}

/// The arrays, in the order in which they are checked.
const NAMES: [&str; 7] = ["points", "times", "stroke_ends", "drawing_ends", "lines", "keys", "recognized"];

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// CRC-32 of everything in a cache but the checksum itself, as text. Lengths are part of it: no byte can move from one array to the next.
fn checksum(meta: &HashMap<String, String>, arrays: &[&[u8]]) -> String {
    let mut crc = Crc::new();
    let mut fields: Vec<_> = meta.iter().filter(|(name, _)| *name != "crc32").collect();
    fields.sort_unstable();
    for part in fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).chain(arrays.iter().copied()) {
        crc.update(&(part.len() as u64).to_le_bytes());
        crc.update(part);
    }
    crc.sum().to_string()
}

/// Writes the cache.
fn keep(file: &Path, key: &Key, opened: &Opened) -> Result<()> {
    let Drawings { points, times, stroke_ends, drawing_ends, lines, keys, recognized } = &opened.drawings;
    let words = |list: &[u32]| list.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let coordinates = points.as_flattened();
    let (dtype, coordinates): (_, Vec<u8>) = match coordinates.iter().all(|v| v & 0xff == 0) {
        true => (Dtype::U8, coordinates.iter().map(|v| (v >> 8) as u8).collect()),
        false => (Dtype::U16, coordinates.iter().flat_map(|v| v.to_le_bytes()).collect()),
    };
    let arrays: [(Dtype, Vec<usize>, Vec<u8>); 7] = [
        (dtype, vec![points.len(), 2], coordinates),
        (Dtype::F32, vec![times.len()], times.iter().flat_map(|v| v.to_le_bytes()).collect()),
        (Dtype::U32, vec![stroke_ends.len()], words(stroke_ends)),
        (Dtype::U32, vec![drawing_ends.len()], words(drawing_ends)),
        (Dtype::U32, vec![lines.len()], words(lines)),
        (Dtype::U64, vec![keys.len()], keys.iter().flat_map(|v| v.to_le_bytes()).collect()),
        (Dtype::U8, vec![recognized.len()], recognized.iter().map(|&b| u8::from(b)).collect()),
    ];
    let mut meta = HashMap::from(
        [
            ("version", VERSION.to_owned()),
            ("path", key.path.clone()),
            ("bytes", key.bytes.to_string()),
            ("changed", key.changed.to_string()),
            ("racy", key.is_racy().to_string()),
            ("sha256", opened.sha256.clone()),
            ("report", serde_json::to_string(&opened.report).context("cannot write the report")?),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let bytes: Vec<&[u8]> = arrays.iter().map(|(_, _, bytes)| bytes.as_slice()).collect();
    meta.insert("crc32".to_owned(), checksum(&meta, &bytes));
    let views = NAMES.iter().zip(&arrays).map(|(name, (dtype, shape, bytes))| {
        TensorView::new(*dtype, shape.clone(), bytes).map(|view| (*name, view)).context("cannot lay out the cache")
    });
    let views: Vec<_> = views.collect::<Result<_>>()?;
    let bytes = safetensors::serialize(views, Some(meta)).context("cannot lay out the cache")?;
    // Beside and renamed like every file, but not synced: that would take longer than all else, and a cache that a power cut
    // spoils is noticed by its checksum.
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).context_at("cannot make the folder", folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder).context_at("cannot write in the folder", folder)?;
    beside.write_all(&bytes).context_at("cannot write the cache", file)?;
    beside.persist(file).map_err(|e| e.error).context_at("cannot put the cache in its place", file)?;
    Ok(())
}
