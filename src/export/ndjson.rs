//! The data set's own form: one drawing a line, readable by every program that reads Quick, Draw! files.

use crate::data::write_line;
use crate::sketch::Sketch;
use crate::util::{Cancel, Error, Result};

/// The file. An empty list gives an error: an empty file helps nobody.
pub(super) fn bytes(sketches: &[Sketch], word: &str, cancel: &Cancel) -> Result<Vec<u8>> {
    if sketches.is_empty() {
        return Err(Error::new("there are no drawings to export").advise("Draw something first."));
    }
    let mut out = Vec::new();
    for (number, sketch) in sketches.iter().enumerate() {
        cancel.check()?;
        let line = write_line(sketch, word, false);
        let line = line.map_err(|error| Error::new(format!("drawing {} cannot be written", number + 1)).because(error))?;
        out.extend_from_slice(line.as_bytes());
    }
    Ok(out)
}
