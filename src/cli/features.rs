//! `denoodle features`: what turns pictures into the features that scores compare.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use denoodle::eval::weights::{self, Status};
use denoodle::session::{Command, FeaturesRequest, Outcome};
use denoodle::util::{Error, Kind, Result};
use serde::Serialize;

use super::{follow, print, print_json};

/// The actions of `denoodle features`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
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
        Action::Fetch { extractor: Fetchable::Inception, from } => get(FeaturesRequest::Fetch { address: from, file }),
        Action::Import { file: from } => get(FeaturesRequest::Import { from, file }),
        Action::Status { json } => status(file, json),
    }
}

fn get(request: FeaturesRequest) -> Result<()> {
    match follow(Command::Features(request))? {
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
