//! Drawings as files: a value in, bytes out; one form a file.

use std::path::Path;

use crate::sketch::Sketch;
use crate::util::{Cancel, Result};

/// A form and its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    /// The data set's own form, one drawing a line.
    Ndjson,
}

impl Export {
    /// The form that a path's ending asks for, with its usual settings.
    pub fn for_path(_path: &Path) -> Result<Self> {
        Ok(Self::Ndjson)
    }

    /// The file's bytes. `sketches` are in the data frame.
    pub fn bytes(&self, _sketches: &[Sketch], _word: &str, _cancel: &Cancel) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}
