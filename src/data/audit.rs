//! The leak audit: what the lists of a split share and repeat, and what would be left without that.
//!
//! A split alone tells which indices leak. With the drawings there it is also seen where two lines are one drawing.

use std::collections::HashSet;
use std::fs;

use serde::Serialize;

use super::catalog::check_name;
use super::{Divided, Drawings, Folders, Split, SplitAudit, split};
use crate::util::{Context, Error, Result};

/// What is unusual about a category's split, and what a cleaned one would keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SplitReport {
    /// The category.
    pub category: String,
    /// The counts.
    #[serde(flatten)]
    pub audit: SplitAudit,
    /// Different indices of the train list.
    pub unique_train: usize,
    /// Different indices of the test list.
    pub unique_test: usize,
    /// Entries of the test list, repeats counted, whose index is in the train list too.
    pub shared_entries: usize,
    /// Different test indices that no train index equals: what a clean test would use, beside every different train index.
    pub clean_test: usize,
    /// What the drawings tell, where they are there.
    pub drawings: Option<AuditedDrawings>,
}

/// What is only seen with the drawings: test drawings, different indices counted once, that were trained on under another index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AuditedDrawings {
    /// The file's drawings.
    pub drawings: usize,
    /// Entries of both lists without a drawing: past the end of the file, or on a bad line.
    pub without_drawing: usize,
    /// Unshared test drawings that have the source's key of a training drawing.
    pub same_key: usize,
    /// Unshared test drawings whose strokes are exactly those of a training drawing.
    pub same_strokes: usize,
}

/// Counts for a split without its drawings.
pub fn report_split(category: &str, lists: &Split) -> SplitReport {
    let (train, test): (HashSet<_>, HashSet<_>) = (lists.train.iter().collect(), lists.test.iter().collect());
    let audit = split::audit(lists, u64::MAX);
    SplitReport {
        category: category.to_owned(),
        audit,
        unique_train: train.len(),
        unique_test: test.len(),
        shared_entries: lists.test.iter().filter(|index| train.contains(index)).count(),
        clean_test: test.len() - audit.shared,
        drawings: None,
    }
}

impl SplitReport {
    /// The same for a category whose drawings are there.
    pub fn with_drawings(divided: &Divided) -> Self {
        let Divided { drawings, train, test, split, audit, .. } = divided;
        let trained: HashSet<usize> = train.iter().copied().collect();
        let unshared: HashSet<usize> = test.iter().copied().filter(|i| !trained.contains(i)).collect();
        let shown = shown_in(drawings, &trained);
        let seen = AuditedDrawings {
            drawings: drawings.len(),
            without_drawing: split.train.len() + split.test.len() - train.len() - test.len(),
            same_key: unshared.iter().filter(|&&i| shown.keys.contains(&drawings.key(i))).count(),
            same_strokes: unshared.iter().filter(|&&i| shown.strokes.contains(&drawings.fingerprint(i))).count(),
        };
        Self { audit: *audit, drawings: Some(seen), ..report_split(&divided.category, split) }
    }
}

/// By what drawings are told apart beside their lines.
pub(crate) struct Shown {
    /// The source's keys; 0, which stands for none, is left out.
    pub keys: HashSet<u64>,
    /// Fingerprints of the strokes.
    pub strokes: HashSet<u64>,
}

/// Of these drawings.
pub(crate) fn shown_in(drawings: &Drawings, numbers: &HashSet<usize>) -> Shown {
    Shown {
        keys: numbers.iter().map(|&i| drawings.key(i)).filter(|&key| key != 0).collect(),
        strokes: numbers.iter().map(|&i| drawings.fingerprint(i)).collect(),
    }
}

/// The categories with a split in the folder of splits, by name.
///
/// # Errors
/// If the folder cannot be listed, or holds none.
pub fn audit_folder(folders: &Folders) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(&folders.subset).context_at("cannot list the folder of splits", &folders.subset)? {
        let entry = entry.context_at("cannot list the folder of splits", &folders.subset)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if check_name(&name).is_ok() && folders.split(&name).is_file() {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(Error::usage("there is no split in this folder")
            .at(&folders.subset)
            .advise("`--subset DIR` names a folder that holds <category>/indices.json files."));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_shared_entries_are_counted_apart() {
        let lists = Split { train: vec![1, 1, 2, 3], test: vec![3, 3, 4, 4, 5] };
        let report = report_split("cat", &lists);
        assert_eq!((report.unique_train, report.unique_test, report.shared_entries, report.clean_test), (3, 3, 2, 2));
        assert_eq!((report.audit.shared, report.audit.past_end), (1, 0));
    }
}
