//! Splits in a zip archive, as the assignment hands them out: `subset/<category>/indices.json`.
//!
//! Only the category is taken from a member's path, and only if it is a proper name: no member can be written anywhere else
//! (a "zip slip"). Sizes that the archive claims are not believed; every member is read up to a limit.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path};

use zip::ZipArchive;

use super::{Imported, refuse_unless};
use crate::data::split::{self, MAX_SPLIT_BYTES};
use crate::data::{Folders, catalog};
use crate::util::{Context, Error, Result, atomic};

/// The data set has 345 categories; an archive of many more members is something else.
const MAX_MEMBERS: usize = 10_000;

/// All splits together; those of 345 categories are some 30 MB.
const MAX_TOTAL_BYTES: usize = 256 << 20;

/// Checks every split in the archive, then writes them all.
pub(super) fn import(file: &Path, folders: &Folders, replace: bool) -> Result<Vec<Imported>> {
    let advice = "It should hold <category>/indices.json files, as the assignment's subset.zip does.";
    let broken = |error: zip::result::ZipError| Error::new("this is not a readable zip archive").because(error).at(file).advise(advice);
    let archive = File::open(file).context_at("cannot open the archive", file)?;
    let mut archive = ZipArchive::new(archive).map_err(broken)?;
    if archive.len() > MAX_MEMBERS {
        return Err(Error::new(format!("the archive has {} members, but at most {MAX_MEMBERS} are looked at", archive.len()))
            .at(file)
            .advise(advice));
    }
    let (mut splits, mut out, mut total) = (Vec::new(), Vec::new(), 0);
    for i in 0..archive.len() {
        let member = archive.by_index(i).map_err(broken)?;
        if member.is_dir() {
            continue;
        }
        let name = member.name().to_owned();
        let Some(category) = member.enclosed_name().and_then(|path| category_in(&path)) else {
            out.push(Imported::Ignored(name));
            continue;
        };
        let inside = |error: Error| Error::new(format!("'{name}' in the archive cannot be used")).because(error).at(file);
        let mut text = Vec::new();
        member.take(MAX_SPLIT_BYTES + 1).read_to_end(&mut text).context("cannot unpack it").map_err(inside)?;
        total += text.len();
        if text.len() as u64 > MAX_SPLIT_BYTES || total > MAX_TOTAL_BYTES {
            return Err(inside(Error::new("it is far too large to be a list of line numbers")));
        }
        let parsed = split::parse(&text).map_err(inside)?;
        splits.push((category, text, (parsed.train.len(), parsed.test.len())));
    }
    if splits.is_empty() {
        return Err(Error::new("there is no split in the archive").at(file).advise(advice));
    }
    splits.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    if let Some(pair) = splits.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
        return Err(Error::new(format!("there are two different splits of '{}' in the archive", pair[0].0)).at(file).advise(advice));
    }
    // All or nothing, as far as can be told beforehand.
    for (category, text, _) in &splits {
        let path = folders.split(category);
        if fs::read(&path).is_ok_and(|old| old != *text) {
            refuse_unless(replace, &path)?;
        }
    }
    for (category, text, sizes) in splits {
        let path = folders.split(&category);
        atomic::write_bytes(&path, &text)?;
        out.push(Imported::Split { category, path, sizes });
    }
    Ok(out)
}

/// "cat" for `…/cat/indices.json`.
fn category_in(path: &Path) -> Option<String> {
    let mut parts = path.components().rev();
    let mut next = || match parts.next() {
        Some(Component::Normal(part)) => part.to_str(),
        _ => None,
    };
    let (file, category) = (next()?, next()?);
    // Archives made on a Mac carry a shadow tree.
    let shadow = path.starts_with("__MACOSX");
    (file == "indices.json" && !shadow && catalog::check_name(category).is_ok()).then(|| category.to_owned())
}
