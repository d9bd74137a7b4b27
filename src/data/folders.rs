//! Where drawings and splits are kept.

use std::path::PathBuf;

/// The folders of one collection of drawings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Holds `<category>.ndjson` or `<category>.ndjson.gz`.
    pub drawings: PathBuf,
    /// Holds `<category>/indices.json`.
    pub subset: PathBuf,
}

/// What there is of a category.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryInfo {
    /// The data set's own name, such as "The Eiffel Tower".
    pub name: String,
    /// The file on this machine.
    pub file: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Lines of the official file, where we know them.
    pub official_lines: Option<u64>,
    /// Drawings in the train and test lists.
    pub split: Option<(usize, usize)>,
    /// True for made-up drawings of the built-in sketchbook.
    pub procedural: bool,
}
