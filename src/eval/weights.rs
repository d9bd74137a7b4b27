//! The weights of Inception: where they are kept, and how they come there. Nothing but the official file will do.
//!
//! The file is read as it is, and only if its SHA-256 is [`SHA256`]. A conversion of it, such as to safetensors, has another hash, which
//! nobody has published: it could not be told from other weights, so there is no way to take one over. Without the file there are no
//! scores, rather than scores of something else.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::data::{self, Download, Patience};
use crate::model::{Weights, pth};
use crate::util::{Cancel, Context, Error, Result, atomic};

/// SHA-256 of the official file; its first digits are in the file's name.
pub const SHA256: &str = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2";

/// What its authors call it.
pub const FILE_NAME: &str = "pt_inception-2015-12-05-6726825d.pth";

/// Where it can be had: from pytorch-fid, whose file it is, or from torch-fidelity, which serves the same bytes.
pub const ADDRESSES: [&str; 2] = [
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
    "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth",
];

/// How to get it.
const ADVICE: &str = "`denoodle features fetch inception` downloads it (96 MB); `denoodle features import FILE` takes over a copy.";

/// How to get it by the buttons of the window.
const IN_WINDOW: &str = "They can be downloaded (96 MB), or a copy of them imported.";

/// The same error with what to do about weights that are absent or wrong.
pub(super) fn advised(error: Error) -> Error {
    error.advise(ADVICE).in_window(IN_WINDOW)
}

/// What is known of the file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is not there.
    Absent,
    /// It is there, and so many bytes long. Whether it is the right one is found out when it is read.
    There(u64),
}

/// Where this user's copy is, or would be.
pub fn file() -> PathBuf {
    data::user_folder().join("features").join(FILE_NAME)
}

/// Whether there is a copy.
pub fn status(file: &Path) -> Status {
    file.metadata().ok().filter(std::fs::Metadata::is_file).map_or(Status::Absent, |meta| Status::There(meta.len()))
}

/// Reads the weights.
///
/// # Errors
/// No file; another file than the official one.
pub fn read(file: &Path) -> Result<Weights> {
    let bytes = match std::fs::read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(advised(Error::new("the weights of Inception are not on this machine").at(file)));
        }
        bytes => bytes.context_at("cannot read the weights of Inception", file)?,
    };
    check(&mut &bytes[..], SHA256, &Cancel::default()).map_err(|error| advised(error.at(file)))?;
    pth::read(&bytes, file).map_err(|error| error.at(file))
}

/// Downloads the official file to `to`, from the first of [`ADDRESSES`] that gives it, or only from the address that is named. A file
/// that is there already and is the right one is left alone. `progress` is told how many bytes are here, and of how many.
///
/// # Errors
/// No address gives it. What was downloaded is kept, unless it is wrong.
pub fn fetch(to: &Path, address: Option<&str>, cancel: &Cancel, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<()> {
    let one = address.map(|address| vec![address]);
    fetch_with(to, one.as_deref().unwrap_or(&ADDRESSES), SHA256, Patience::default(), cancel, progress)
}

/// The same of a file with this SHA-256 from one of these addresses.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_with(
    to: &Path,
    addresses: &[&str],
    sha256: &str,
    patience: Patience,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<()> {
    addresses.iter().try_for_each(|address| data::check_address(address))?;
    if File::open(to).is_ok_and(|mut file| check(&mut file, sha256, cancel).is_ok()) {
        return Ok(());
    }
    cancel.check()?;
    let mut failures = Vec::new();
    for address in addresses {
        let download = Download {
            what: "the weights of Inception",
            url: address,
            patience,
            cancel,
            check: &|file| check(file, sha256, cancel),
            if_wrong: "Nothing was kept. Download the official file by other means and import the copy.",
            if_missing: "Download it by other means and import the copy.",
        };
        match download.run(to, progress) {
            Ok(()) => return Ok(()),
            Err(error) => failures.push(error),
        }
        cancel.check()?;
    }
    let others = failures.len().saturating_sub(1);
    match failures.into_iter().next() {
        Some(error) if others == 0 => Err(error),
        Some(error) => {
            Err(Error::new(format!("none of {} addresses gives the weights of Inception; the first", others + 1)).because(error))
        }
        None => Err(Error::usage("there is no address to download the weights of Inception from")),
    }
}

/// Copies the official file to `to`.
///
/// # Errors
/// Another file.
pub fn import(from: &Path, to: &Path, cancel: &Cancel) -> Result<()> {
    let conversion = from.extension().is_some_and(|end| end.eq_ignore_ascii_case("safetensors"));
    let found = data::sha256_of(from, cancel)?;
    if found != SHA256 {
        let advice = if conversion {
            format!("A conversion cannot be told from other weights. Import the original, {FILE_NAME}.")
        } else {
            format!("It should be {FILE_NAME}, from {}", ADDRESSES[0])
        };
        return Err(other_file(&found, SHA256).at(from).advise(advice));
    }
    let mut source = File::open(from).context_at("cannot open the file", from)?;
    atomic::write(to, |writer| std::io::copy(&mut source, writer).map(|_| ()).context_at("cannot copy the file", from))
}

/// An error unless everything that can be read has this SHA-256.
fn check(reader: &mut dyn Read, sha256: &str, cancel: &Cancel) -> Result<()> {
    let found = data::sha256_of_all(reader, cancel)?;
    if found == sha256 { Ok(()) } else { Err(other_file(&found, sha256)) }
}

fn other_file(found: &str, expected: &str) -> Error {
    Error::new(format!("this is not the official file of Inception's weights: its SHA-256 is {found}, not {expected}"))
}
