//! What is on the disk.

use std::fs;
use std::io;

use super::folders::{CategoryInfo, Folders, category_of};
use super::{catalog, read, split};
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
    match fs::read_dir(&folders.drawings) {
        Ok(entries) => {
            for entry in entries {
                let path = entry.context_at("cannot list the folder", &folders.drawings)?.path();
                names.extend(category_of(&path).filter(|_| path.is_file()).map(str::to_owned));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context_at("cannot list the folder", &folders.drawings),
    }
    names.sort_by_cached_key(|name| (name.to_lowercase(), name.clone()));
    names.dedup();
    Ok(names.into_iter().map(|name| look(folders, name)).collect())
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
