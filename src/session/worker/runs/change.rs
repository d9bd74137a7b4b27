//! Changing runs: a note, another name, deleting one. Nothing outside of the run's own folder is ever touched.

use std::fs;
use std::path::{Path, PathBuf};

use super::NOTE;
use crate::session::{ChangeRunRequest, NOTE_MOST, Outcome, RunChange, RunChanged, check_run_name};
use crate::train::RunRecord;
use crate::util::{Context, Error, Result, atomic};

/// Carries the change out.
pub(in crate::session::worker) fn change(request: &ChangeRunRequest) -> Result<Outcome> {
    let folder = &request.folder;
    check_is_run(&request.runs, folder)?;
    let to = match &request.change {
        RunChange::Note(text) => {
            write_note(&folder.join(NOTE), text)?;
            Some(folder.clone())
        }
        RunChange::Rename(name) => {
            check_is_idle(request)?;
            check_run_name(name)?;
            Some(atomic::rename(folder, name)?)
        }
        RunChange::Delete => {
            check_is_idle(request)?;
            delete(folder)?;
            None
        }
    };
    Ok(Outcome::RunChanged(RunChanged { from: folder.clone(), to }))
}

/// Only a folder of its own, right in the folder of runs, that holds a run's record.
fn check_is_run(runs: &Path, folder: &Path) -> Result<()> {
    let refuse = |what: &str| Err(Error::usage(what).at(folder).advise("Nothing was changed."));
    if folder.parent() != Some(runs) || folder.file_name().is_none() {
        return refuse("this is not in the folder of runs");
    }
    let is_folder = folder.symlink_metadata().context_at("there is no such run", folder)?.is_dir();
    if !is_folder {
        return refuse("this is a link or a file, and no run's own folder");
    }
    if RunRecord::file(folder).symlink_metadata().is_err() {
        return refuse("this folder holds no run");
    }
    Ok(())
}

fn check_is_idle(request: &ChangeRunRequest) -> Result<()> {
    let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    if request.active.as_ref().is_some_and(|active| whole(active) == whole(&request.folder)) {
        return Err(Error::usage("a model is being trained in this folder").at(&request.folder).advise("Stop the training first."));
    }
    Ok(())
}

fn write_note(path: &Path, text: &str) -> Result<()> {
    let count = text.chars().count();
    if count > NOTE_MOST {
        return Err(Error::usage(format!("a note has at most {NOTE_MOST} characters, and this one has {count}")).at(path));
    }
    if !text.trim().is_empty() {
        return atomic::write_bytes(path, text.as_bytes());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context_at("cannot remove the note", path),
        _ => Ok(()),
    }
}

/// The record goes last: what is left where something cannot be deleted is still listed, and can be deleted another time. Links are
/// deleted as links.
fn delete(folder: &Path) -> Result<()> {
    let record = RunRecord::file(folder);
    for entry in fs::read_dir(folder).context_at("cannot list the run's files", folder)? {
        let path = entry.context_at("cannot list the run's files", folder)?.path();
        if path != record {
            remove(&path)?;
        }
    }
    remove(&record)?;
    fs::remove_dir(folder).context_at("cannot delete the run's folder", folder)
}

fn remove(path: &Path) -> Result<()> {
    let metadata = path.symlink_metadata().context_at("cannot delete a file of the run", path)?;
    // Neither follows a link.
    let removed = if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.context_at("cannot delete a file of the run", path)
}
