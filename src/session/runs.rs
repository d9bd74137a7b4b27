//! Runs on the disk: what is listed of them, and what may be changed.

use std::path::PathBuf;
use std::time::SystemTime;

use super::{Previews, shipped};
use crate::config::Preset;
use crate::util::series::Series;
use crate::util::{Error, Result, not_in_names};

/// Characters of a run's note at most.
pub const NOTE_MOST: usize = 2000;
/// Characters of a run's name at most.
const NAME_MOST: usize = 100;
/// Names that some platforms keep for devices, whatever the ending and the case.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A run as it lies on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct RunInfo {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder's name.
    pub name: String,
    /// Bytes of all that is in there.
    pub bytes: u64,
    /// When one of its own files was last written.
    pub changed: Option<SystemTime>,
    /// What a person wrote of it; empty if nothing.
    pub note: String,
    /// What it is; of a damaged one the error's text.
    pub facts: Result<RunFacts, String>,
}

/// What a run is, and how far it came.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFacts {
    /// What it learnt.
    pub categories: Vec<String>,
    /// All settings.
    pub preset: Preset,
    /// Steps made, as its newest checkpoint says; `None` without one.
    pub steps: Option<u64>,
    /// Steps planned, once that is known.
    pub planned: Option<u64>,
    /// The model with the lowest test loss, if drawings were tested.
    pub best: Option<Best>,
}

/// A run's model with the lowest test loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// The loss that it was chosen by.
    pub loss: f64,
    /// After so many steps.
    pub step: u64,
}

/// A run's course in bounded memory: its losses, and what it drew meanwhile.
#[derive(Debug, Clone, Default)]
pub struct RunCurves {
    /// Main loss in training, smoothed.
    pub train: Series,
    /// Main loss on the test drawings.
    pub test: Series,
    /// Its preview sheets; none if it drew none.
    pub previews: Previews,
}

/// Something that is to become of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRunRequest {
    /// Where runs are kept.
    pub runs: PathBuf,
    /// The run's folder, right in there.
    pub folder: PathBuf,
    /// The folder that a model is being trained in, if one is: it is neither renamed nor deleted.
    pub active: Option<PathBuf>,
    /// What.
    pub change: RunChange,
}

/// What may become of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunChange {
    /// This is written of it; nothing at all takes the note away.
    Note(String),
    /// Its folder gets another name.
    Rename(String),
    /// It is deleted, with all that is in its folder.
    Delete,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunChanged {
    /// Where it was.
    pub from: PathBuf,
    /// Where it is; `None` if it is deleted.
    pub to: Option<PathBuf>,
}

/// Refuses what cannot be the name of a run's folder on every platform.
///
/// # Errors
/// Of kind `Usage`: what is wrong with the name.
pub fn check_run_name(name: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::usage(why));
    if name.trim().is_empty() {
        return refuse("a run needs a name".into());
    }
    if name.chars().count() > NAME_MOST {
        return refuse(format!("a run's name has at most {NAME_MOST} characters"));
    }
    if let Some(bad) = not_in_names(name) {
        return refuse(format!("a run's name cannot have '{}' in it", bad.escape_debug()));
    }
    if name.starts_with('.') || name.ends_with('.') || name.trim() != name {
        return refuse("a run's name neither begins nor ends with a blank or a dot".into());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    if DEVICES.contains(&stem.as_str()) {
        return refuse(format!("'{name}' is a name that some systems keep for a device"));
    }
    if shipped(name).is_some() {
        return refuse(format!("'{name}' is the name of a shipped model"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_platform_takes_is_a_name() {
        for name in ["cat-quick", "my second cat", "Katze 2", "cat.v2"] {
            assert!(check_run_name(name).is_ok(), "{name}");
        }
        let long = "x".repeat(NAME_MOST + 1);
        for name in
            ["", " ", ".", "..", "../cat", "a/b", "a\\b", "a:b", " cat", "cat.", ".cat", "NUL", "con.txt", "cat", "a\nb", long.as_str()]
        {
            assert!(check_run_name(name).is_err(), "{name}");
        }
    }
}
