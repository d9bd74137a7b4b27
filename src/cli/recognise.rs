//! `denoodle recognise`.

use std::path::PathBuf;

use denoodle::session::{Command, Outcome, RecogniseRequest};
use denoodle::util::{Error, Result, clock};

use super::common::{Machine, whole};
use super::follow::say;
use super::{Place, follow, print, print_json};

/// Tell how many of a model's drawings are recognised, category by category.
///
/// The shipped classifier looks at the model's drawings and at the real ones of the test split. For a model of many categories this
/// takes a minute, where `evaluate` looks at one category closely.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A shipped model by its name, a .safetensors file, or a run folder
    #[arg(long, value_name = "MODEL")]
    model: PathBuf,
    /// Which; may be given several times [default: all that the model knows]
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// Drawings of each category
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = whole::<usize>("call.count"))]
    count: usize,
    /// The seed of the drawings
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    machine: Machine,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// Draws, looks, prints.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let request = RecogniseRequest {
        model: arguments.model,
        categories: arguments.category,
        folders: arguments.place.folders(),
        count: arguments.count,
        seed: arguments.seed,
        device: arguments.machine.device,
        threads: arguments.machine.threads(),
    };
    let Outcome::Recognised { recognition, took } = follow(Command::Recognise(request))? else {
        return Err(Error::new("stopped before all categories were looked at"));
    };
    say(&format!("looked at in {}", clock::words(took)));
    if arguments.json { print_json(&recognition) } else { print(&recognition.markdown()) }
}
