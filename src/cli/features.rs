//! `denoodle features`: what turns pictures into the features that scores compare.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use denoodle::eval::weights::{self, Status};
use denoodle::session::{Command, FeaturesRequest, Outcome, WeightsRequest};
use denoodle::util::number::plain;
use denoodle::util::{Error, Kind, Result, threads};
use serde::Serialize;

use super::common::{real, whole};
use super::{Place, follow, print, print_json};

/// The actions of `denoodle features`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Train a network that tells categories apart: the sketch features
    Train(TrainArguments),
    /// Download the weights of an extractor
    ///
    /// Only the official file is taken, by its SHA-256. A download that breaks off goes on where it was when the command is given again.
    Fetch {
        /// Which
        #[arg(value_enum, value_name = "EXTRACTOR")]
        extractor: Fetchable,
        /// Download from here instead of from where the file is published
        #[arg(long, value_name = "URL")]
        from: Option<String>,
    },
    /// Take over a copy of the weights of Inception: pt_inception-2015-12-05-6726825d.pth
    ///
    /// The file is checked by its SHA-256, then copied as it is. A conversion is not taken: it could not be told from other weights.
    Import {
        /// The copy
        file: PathBuf,
    },
    /// Say which weights are on this machine
    Status {
        /// For programs
        #[arg(long)]
        json: bool,
    },
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

/// Extractors whose weights are not part of the program.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Fetchable {
    /// Inception-v3 of 2015-12-05, for FID and KID as they are published (96 MB)
    Inception,
}

/// Carries it out.
pub(crate) fn run(action: Action) -> Result<()> {
    let file = weights::file();
    match action {
        Action::Train(arguments) => train(arguments),
        Action::Fetch { extractor: Fetchable::Inception, from } => get(WeightsRequest::Fetch { address: from, file }),
        Action::Import { file: from } => get(WeightsRequest::Import { from, file }),
        Action::Status { json } => status(file, json),
    }
}

fn get(request: WeightsRequest) -> Result<()> {
    match follow(Command::Weights(request))? {
        Outcome::Fetched(files) => files.iter().try_for_each(|file| print(&file.display().to_string())),
        _ => Err(Error::new("stopped; the same command goes on where this one was").with_kind(Kind::Cancelled)),
    }
}

/// One extractor, for programs.
#[derive(Serialize)]
struct Entry {
    extractor: &'static str,
    file: PathBuf,
    status: Status,
}

fn status(file: PathBuf, json: bool) -> Result<()> {
    let status = weights::status(&file);
    if json {
        return print_json(&[Entry { extractor: "inception", file, status }]);
    }
    print(&match status {
        Status::There(bytes) => format!("inception: {} ({:.1} MB)", file.display(), bytes as f64 / 1e6),
        Status::Absent => "inception: not on this machine; `denoodle features fetch inception` downloads it (96 MB)".into(),
    })
}

fn train(arguments: TrainArguments) -> Result<()> {
    let TrainArguments { category, place, out, epochs, seed, threads, resume } = arguments;
    let threads = threads.unwrap_or_else(threads::available);
    let folders = place.folders();
    let request = FeaturesRequest { categories: category, folders, out: out.clone(), epochs, seed, threads, resume };
    let made = |steps| plain(steps, "step", "steps");
    match follow(Command::TrainFeatures(request))? {
        Outcome::Trained { steps, model, complete: true } => {
            print(&format!("trained {}; the features are {}", made(steps), model.display()))
        }
        Outcome::Trained { steps, .. } => {
            let again = format!("denoodle features train --resume --out {}", out.display());
            print(&format!("stopped after {}; everything is saved. Go on with: {again}", made(steps)))
        }
        Outcome::Cancelled => Err(Error::new("stopped before there was anything to save")),
        other => Err(Error::new(format!("training ended in an unexpected way: {other:?}"))),
    }
}
