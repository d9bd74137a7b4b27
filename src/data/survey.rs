//! What is on the disk.

use std::fs;
use std::io;
use std::path::Path;

use super::folders::{CategoryInfo, Folders, category_of};
use super::{catalog, read, split};
use crate::config::own;
use crate::util::{Context, Result};

/// All 345 categories of the data set, and any other that has a file in the folder of drawings; by name.
///
/// Looks at names, sizes, splits and first lines only. A folder that is not there holds nothing. A split that cannot be read
/// counts as none here; [`super::split::read`] says what is wrong with it.
///
/// # Errors
/// If the folder of drawings is there but cannot be listed.
pub fn survey(folders: &Folders) -> Result<Vec<CategoryInfo>> {
    let mut names: Vec<String> = catalog::names().iter().map(|&name| name.to_owned()).collect();
    names.extend(files_in(&folders.drawings)?);
    Ok(look_at(folders, names))
}

/// The user's own collections, [`Folders::own`], each as a category of its own; by name.
///
/// # Errors
/// If their folder is there but cannot be listed.
pub fn survey_own(folders: &Folders) -> Result<Vec<CategoryInfo>> {
    let words = files_in(&folders.own().drawings)?;
    Ok(look_at(folders, words.iter().map(|word| own::category(word)).collect()))
}

/// What the files of drawings in a folder are called; nothing if there is no such folder.
fn files_in(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context_at("cannot list the folder", folder),
    };
    let mut names = Vec::new();
    for entry in entries {
        let path = entry.context_at("cannot list the folder", folder)?.path();
        names.extend(category_of(&path).filter(|_| path.is_file()).map(str::to_owned));
    }
    Ok(names)
}

/// Looks at all of them, in their order.
fn look_at(folders: &Folders, mut names: Vec<String>) -> Vec<CategoryInfo> {
    names.sort_by_cached_key(|name| (name.to_lowercase(), name.clone()));
    names.dedup();
    names.into_iter().map(|name| look(folders, name)).collect()
}

/// Names of the categories whose drawings and split are there, in the order of [`survey`].
///
/// # Errors
/// As [`survey`].
pub fn complete(folders: &Folders) -> Result<Vec<String>> {
    Ok(survey(folders)?.into_iter().filter(|c| c.file.is_some() && c.split.is_some()).map(|c| c.name).collect())
}

/// What there is of one category.
pub fn look(folders: &Folders, name: String) -> CategoryInfo {
    let file = folders.find(&name);
    let split = split::read(folders, &name).ok().map(|split| (split.train.len(), split.test.len()));
    CategoryInfo {
        bytes: file.as_ref().and_then(|path| fs::metadata(path).ok()).map(|meta| meta.len()),
        procedural: file.as_deref().is_some_and(read::is_procedural),
        official_lines: catalog::official_lines(&name),
        file,
        split,
        name,
    }
}
