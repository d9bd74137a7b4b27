//! Downloading categories from the data set's public bucket, or from a copy of it.
//!
//! A file is whole when it is as long as the server announced and its first and last lines are drawings: see [`download`].

mod download;
mod part;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::line::{self, MAX_LINE_BYTES};
use super::made_up::MadeUp;
use super::{Cache, Folders, catalog, divide};
use crate::util::{Cancel, Context, Error, Result, threads};

pub(super) use download::forget_part;
pub use download::{Download, Patience};

/// Where the data set's simplified files are.
pub const BUCKET: &str = "https://storage.googleapis.com/quickdraw_dataset/full/simplified";

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetching<'a> {
    /// The category.
    pub category: &'a str,
    /// Bytes that are here.
    pub done: u64,
    /// Of so many, if the server says it.
    pub total: Option<u64>,
}

/// Downloads categories into the folder of drawings: see [`fetch_with`], with the usual patience and the user's cache.
pub fn fetch(
    categories: &[String],
    base: Option<&str>,
    folders: &Folders,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    fetch_with(categories, base, folders, &Cache::for_user(), Patience::default(), cancel, progress)
}

/// Downloads `<base>/<category>.ndjson` for each category; without a base from [`BUCKET`].
///
/// A category that is here already is left as it is, unless it is made up. One that has no train/test split then gets the usual one.
/// Gives the files, in the order of the categories.
///
/// # Errors
/// For a name that the data set does not have (without a base), before anything is downloaded; if the server does not have a file,
/// or does not answer, or sends something else; if the disk is full. What was downloaded is kept.
pub fn fetch_with(
    categories: &[String],
    base: Option<&str>,
    folders: &Folders,
    cache: &Cache,
    patience: Patience,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    check_request(categories, base)?;
    let base = base.unwrap_or(BUCKET).trim_end_matches('/');
    let mut files = Vec::with_capacity(categories.len());
    for category in categories {
        let made_up = MadeUp::find(folders, category, cancel)?;
        let path = match folders.find(category) {
            Some(path) if made_up.is_none() => path,
            _ => {
                let download = Download {
                    what: &format!("'{category}'"),
                    url: &format!("{base}/{}.ndjson", encoded(category)),
                    patience,
                    cancel,
                    check: &check_lines,
                    if_wrong: "Is this the address of the data set's simplified files?",
                    if_missing: "Is the category in the data set's list, and is this the address of its files?",
                };
                let path = folders.drawings.join(format!("{category}.ndjson"));
                download.run(&path, &mut |done, total| progress(Fetching { category, done, total }))?;
                if let Some(made_up) = made_up {
                    made_up.give_way(folders, category, &path)?;
                }
                path
            }
        };
        divide::ensure_split(folders, category, cache, threads::available(), cancel)?;
        files.push(path);
    }
    Ok(files)
}

/// Refuses what cannot be downloaded, before anything is: see [`fetch_with`].
pub fn check_request(categories: &[String], base: Option<&str>) -> Result<()> {
    for category in categories {
        catalog::check_name(category)?;
        if base.is_none() && !catalog::is_official(category) {
            let near = catalog::similar(category);
            let advice = if near.is_empty() { String::new() } else { format!("Did you mean {}? ", near.join(", ")) };
            return Err(Error::usage(format!("the data set has no category '{category}'"))
                .advise(format!("{advice}`denoodle data list` lists all 345."))
                .in_window(format!("{advice}Categories lists all 345.")));
        }
    }
    check_address(base.unwrap_or(BUCKET))
}

/// Refuses what is no address to download from.
pub fn check_address(url: &str) -> Result<()> {
    if ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(());
    }
    Err(Error::usage(format!("'{url}' is not an address to download from")).advise("It should begin with https:// or http://."))
}

/// An error unless the first and the last line are drawings.
fn check_lines(file: &mut File) -> Result<()> {
    let unreadable = "cannot read the download";
    let length = file.seek(SeekFrom::End(0)).context(unreadable)?;
    let reach = length.min(MAX_LINE_BYTES as u64);
    let mut read = |from: u64| {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from)).and_then(|_| file.take(reach).read_to_end(&mut bytes)).map(|_| bytes).context(unreadable)
    };
    let (head, tail) = (read(0)?, read(length - reach)?);
    let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let last = tail.strip_suffix(b"\n").unwrap_or(&tail).rsplit(|&b| b == b'\n').next().unwrap_or_default();
    for (which, text) in [("first", first), ("last", last)] {
        if !line::is_drawing(text) {
            return Err(Error::new(format!("what came is not a file of drawings: its {which} line is none")));
        }
    }
    Ok(())
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986, 2.3).
fn encoded(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        assert_eq!(encoded("The Eiffel Tower"), "The%20Eiffel%20Tower");
        assert_eq!(encoded("t-shirt"), "t-shirt");
        assert_eq!(encoded("é/?"), "%C3%A9%2F%3F");
    }
}
