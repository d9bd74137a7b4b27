//! `denoodle compare`.

use std::path::PathBuf;

use denoodle::eval::{Protocol, report};
use denoodle::session::{Command, CompareRequest, Outcome};
use denoodle::util::{Error, Result, clock};

use super::common::{Machine, whole};
use super::evaluate::protocol;
use super::follow::say;
use super::{Place, follow, print, print_json};

/// Set several models of one category side by side.
///
/// Every model is scored as `denoodle evaluate` scores it, against the same real drawings, and timed: one drawing alone, and one among all of its seed. Beside that stand its
/// system, its weights, and how long it was trained, where it lies in its run folder. Writes comparison.md, .tex, .csv, .json, and comparison.png: a line of drawings for each
/// model, numbers 0 and up of the first seed, none left out.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Two or more, separated by commas: shipped models (cat, bus, rabbit, base, cat-latent), .safetensors files, run folders
    #[arg(long, value_name = "MODEL,…", value_delimiter = ',', required = true)]
    models: Vec<PathBuf>,
    /// What they draw; needed only if one of them knows several categories
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    #[command(flatten)]
    place: Place,
    /// Drawings of each model for each seed
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = whole::<usize>("call.scored"))]
    count: usize,
    /// What looks at the drawings: sketch (a small network of this project), pytorch-fid or clean-fid (Inception)
    #[arg(long, value_name = "NAME", default_value = "sketch", value_parser = protocol)]
    protocol: Protocol,
    /// Draw so many times with a seed each
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<usize>("call.seeds"))]
    seeds: usize,
    /// The first seed; the others follow it
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Drawings of each model in the picture
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = whole::<usize>("call.shown"))]
    shown: usize,
    /// Write tables and the picture into this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace a comparison that is in --out already
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    machine: Machine,
    /// For programs: the content of comparison.json
    #[arg(long)]
    json: bool,
}

/// Compares and prints.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let as_json = arguments.json;
    let request = CompareRequest {
        models: arguments.models,
        category: arguments.category,
        folders: arguments.place.folders(),
        protocol: arguments.protocol,
        count: arguments.count,
        seed: arguments.seed,
        repetitions: arguments.seeds,
        shown: arguments.shown,
        out: arguments.out,
        replace: arguments.force,
        device: arguments.machine.device,
        threads: arguments.machine.threads(),
    };
    let Outcome::Compared { comparison, files, took, .. } = follow(Command::Compare(Box::new(request)))? else {
        return Err(Error::new("stopped before everything was scored; nothing was written"));
    };
    files.iter().for_each(|path| say(&format!("wrote {}", path.display())));
    say(&format!("compared in {}", clock::words(took)));
    if as_json { print_json(&comparison) } else { print(&report::comparison_text(&comparison)) }
}
