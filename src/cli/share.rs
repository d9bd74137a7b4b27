//! `denoodle share`.

use std::path::PathBuf;

use denoodle::generate::Named;
use denoodle::util::{Context, Result};

use super::print;

/// Write a model as a file to share, in half precision.
///
/// It holds all that drawing and further training need, in half the bytes, and nothing of a run's own state. Its drawings differ from the run's
/// by rounding only.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A run folder (its best model) or a .safetensors file
    #[arg(long, value_name = "MODEL")]
    model: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE.safetensors")]
    out: PathBuf,
}

/// Reads and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut file = Named::find(&arguments.model)?.read()?;
    // What a checkpoint has beside the model.
    file.others.clear();
    file.notes.clear();
    file.write(&arguments.out, true)?;
    let bytes = std::fs::metadata(&arguments.out).context_at("cannot look at the file", &arguments.out)?.len();
    print(&format!("wrote {} ({:.2} MB)", arguments.out.display(), bytes as f64 / 1e6))
}
