//! `denoodle features`.

use std::path::PathBuf;

use clap::Subcommand;
use denoodle::session::{Command, FeaturesRequest, Outcome};
use denoodle::util::{Error, Result, threads};

use super::common::{real, whole};
use super::{Place, follow, print};

/// What can be done with the networks that scores rest on.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Train a network that tells categories apart: the sketch features
    Train(TrainArguments),
}

/// Train the sketch features.
///
/// The run folder gets checkpoints and, at the end, sketch-features.safetensors. Ctrl-C saves and leaves; --resume goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct TrainArguments {
    /// Which categories; may be given several times [default: all whose drawings and splits are there]
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// The run folder
    #[arg(long, value_name = "DIR", default_value = "runs/sketch-features")]
    out: PathBuf,
    /// How often every training drawing is seen
    #[arg(long, value_name = "N", default_value_t = 30.0, value_parser = real("call.epochs"))]
    epochs: f64,
    /// Decides all randomness
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// CPU threads [default: all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>("call.threads"))]
    threads: Option<usize>,
    /// Go on with the run in --out, which must be of the same categories, drawings and seed
    #[arg(long)]
    resume: bool,
}

/// Does it.
pub(crate) fn run(action: Action) -> Result<()> {
    match action {
        Action::Train(arguments) => train(arguments),
    }
}

fn train(arguments: TrainArguments) -> Result<()> {
    let TrainArguments { category, place, out, epochs, seed, threads, resume } = arguments;
    let threads = threads.unwrap_or_else(threads::available);
    let folders = place.folders();
    let request = FeaturesRequest { categories: category, folders, out: out.clone(), epochs, seed, threads, resume };
    match follow(Command::TrainFeatures(request))? {
        Outcome::Trained { steps, model, complete: true } => print(&format!("trained {steps} steps; the features are {}", model.display())),
        Outcome::Trained { steps, .. } => {
            let again = format!("denoodle features train --resume --out {}", out.display());
            print(&format!("stopped after {steps} steps; everything is saved. Go on with: {again}"))
        }
        Outcome::Cancelled => Err(Error::new("stopped before there was anything to save")),
        other => Err(Error::new(format!("training ended in an unexpected way: {other:?}"))),
    }
}
