//! `denoodle share`.

use std::path::{Path, PathBuf};

use denoodle::config::load;
use denoodle::generate::Named;
use denoodle::train::RunRecord;
use denoodle::util::{Context, Error, Result, atomic};

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
    let model = Named::find(&arguments.model)?;
    check_out(&model, &arguments.out)?;
    let mut file = model.read()?;
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

/// Refuses to write what nobody would look for there, or over what a run still needs.
fn check_out(model: &Named, out: &Path) -> Result<()> {
    if out.extension().is_none_or(|end| end != "safetensors") {
        return Err(Error::usage("a shared model is a .safetensors file").at(out).advise("Let the name end in .safetensors."));
    }
    let of_run = out.parent().is_some_and(|folder| RunRecord::file(folder).exists());
    if of_run || matches!(model, Named::File(path) if atomic::same_file(path, out)) {
        return Err(Error::usage("a run's own files, and the model itself, are not written over")
            .at(out)
            .advise("Write it into another folder."));
    }
    Ok(())
}
