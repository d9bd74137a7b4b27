//! `denoodle share`.

use std::path::PathBuf;

use denoodle::config::load;
use denoodle::generate::Named;
use denoodle::util::{Context, Result};

use super::print;

/// Write a model as a file to share, in half precision.
///
/// It holds all that drawing and further training need, in half the bytes, and nothing of a run's own state. Its drawings differ from the run's
/// by rounding only, unless it is to draw with other settings.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A run folder (its best model) or a .safetensors file
    #[arg(long, value_name = "MODEL")]
    model: PathBuf,
    /// Let it draw with the settings of this preset, a name or a .ron file: its `draw`, and its codec's `simplify`
    #[arg(long, value_name = "PRESET")]
    draw_as: Option<String>,
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
    if let Some(preset) = &arguments.draw_as {
        file.info.preset.draw_as(load(preset)?)?;
    }
    file.write(&arguments.out, true)?;
    let bytes = std::fs::metadata(&arguments.out).context_at("cannot look at the file", &arguments.out)?.len();
    print(&format!("wrote {} ({:.2} MB)", arguments.out.display(), bytes as f64 / 1e6))
}
