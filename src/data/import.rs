//! Taking over files that are on this machine: drawings, and splits as they are given out.

mod subset_zip;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::divide::ensure_split;
use super::folders::{ENDINGS, category_of};
use super::made_up::MadeUp;
use super::{Cache, Folders, ReadReport, catalog, fetch, read_file, sha256_of};
use crate::util::{Cancel, Context, Error, Result, atomic};

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// Drawings, now under their category's name.
    Drawings {
        /// The category.
        category: String,
        /// Where they are now.
        path: PathBuf,
        /// How reading them went.
        report: Box<ReadReport>,
    },
    /// A split, taken over as it is.
    Split {
        /// The category.
        category: String,
        /// Where it is now.
        path: PathBuf,
        /// Entries to train and test with.
        sizes: (usize, usize),
    },
    /// Part of an archive that is not a split, and was left alone.
    Ignored(String),
}

/// Takes over files: `.ndjson` and `.ndjson.gz` files go under their category's name into the folder of drawings, `.zip` archives of
/// `<category>/indices.json` into the folder of splits. Both are checked first, and copied byte for byte.
///
/// Drawings are of the category that their lines name, or that the file is named after. A category that has no split then
/// gets the usual one. What is there already is only replaced if `replace` says so, or if it is the same, or made up
/// where the new drawings are not.
///
/// # Errors
/// At the first file that cannot be read, is neither, or would replace another. The files before are taken over.
pub fn import(
    files: &[PathBuf],
    folders: &Folders,
    cache: &Cache,
    replace: bool,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&Path, u64, u64),
) -> Result<Vec<Imported>> {
    let mut out = Vec::new();
    for file in files {
        cancel.check()?;
        if has_ending(file, "zip") {
            out.extend(subset_zip::import(file, folders, replace)?);
            continue;
        }
        let (_, report) = read_file(file, threads, cancel, &mut |done, total| progress(file, done, total))?;
        let category = category_for(file, &report)?;
        let path = place(file, &report, &category, folders, replace, cancel)?;
        ensure_split(folders, &category, cache, threads, cancel)?;
        out.push(Imported::Drawings { category, path, report: Box::new(report) });
    }
    Ok(out)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// What the drawings are of: what every line says, or what the file is named after.
fn category_for(file: &Path, report: &ReadReport) -> Result<String> {
    let by_word = match report.words.as_slice() {
        [(word, _)] if catalog::check_name(word).is_ok() => Some(word.clone()),
        _ => None,
    };
    by_word.or_else(|| category_of(file).map(str::to_owned)).ok_or_else(|| {
        Error::new("it is not clear of what these drawings are")
            .at(file)
            .advise("Name the file after its category, such as 'cat.ndjson' or 'cat.ndjson.gz'.")
    })
}

/// Copies a checked file to its place.
fn place(file: &Path, report: &ReadReport, category: &str, folders: &Folders, replace: bool, cancel: &Cancel) -> Result<PathBuf> {
    let mut head = Vec::new();
    let source = File::open(file).context_at("cannot open the file", file)?;
    io::Read::read_to_end(&mut io::Read::take(&source, 2), &mut head).context_at("cannot read the file", file)?;
    let ending = ENDINGS[usize::from(head == [0x1f, 0x8b])];
    let path = folders.drawings.join(format!("{category}.{ending}"));
    let old = folders.find(category);
    if let Some(old) = &old
        && (atomic::same_file(file, old) || sha256_of(file, cancel)? == sha256_of(old, cancel)?)
    {
        return Ok(old.clone());
    }
    let made_up = if report.procedural { None } else { MadeUp::find(folders, category, cancel)? };
    if let (Some(old), None) = (&old, &made_up) {
        refuse_unless(replace, old)?;
    }
    atomic::write(&path, |writer| {
        let mut source = File::open(file).context_at("cannot open the file", file)?;
        io::copy(&mut source, writer).context("cannot copy the drawings").map(|_| ())
    })?;
    // The same category must not be there twice, packed and plain.
    if let Some(made_up) = made_up {
        made_up.give_way(folders, category, &path)?;
    } else if let Some(old) = old.filter(|old| *old != path) {
        fs::remove_file(&old).context_at("cannot remove the drawings that were replaced", &old)?;
    }
    fetch::forget_part(&path);
    Ok(path)
}

/// An error that names what is in the way, unless it may be replaced.
fn refuse_unless(replace: bool, old: &Path) -> Result<()> {
    if replace {
        return Ok(());
    }
    Err(Error::new("something else is here already, and is not replaced unasked")
        .at(old)
        .advise("Add `--replace` to replace it, or name other folders with `--data DIR` and `--subset DIR`.")
        .in_window("Tick “Replace what is there already” to replace it."))
}
