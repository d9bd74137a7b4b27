//! The command line: one sub-command a file, all reading the session's events.

mod audit_split;
mod common;
mod compare;
mod data;
mod doctor;
mod draw;
mod evaluate;
mod features;
mod follow;
mod interpolate;
mod presets;
mod recognise;
mod share;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use denoodle::util::{Kind, Result};

pub(crate) use common::{Place, print, print_json};
pub(crate) use follow::follow;

/// Trains, explains and evaluates diffusion models that draw one stroke after another.
///
/// Without a sub-command the studio opens. Every sub-command works without a window.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_precedence_over_arg = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    studio: StudioArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look at the presets, which name all settings of a model and its training
    #[command(subcommand)]
    Presets(presets::Action),
    /// See which drawings there are, and get more
    #[command(subcommand)]
    Data(data::Action),
    /// Train a model to draw a category
    Train(train::Arguments),
    /// Let a trained model draw
    Draw(draw::Arguments),
    /// Draw what lies between two drawings
    Interpolate(interpolate::Arguments),
    /// Write a model as a file to share, in half precision
    Share(share::Arguments),
    /// Score a model's drawings against real test drawings
    Evaluate(evaluate::Arguments),
    /// Set several models of one category side by side: scores, sizes, times, drawings
    Compare(compare::Arguments),
    /// Tell which of a model's categories can be recognised
    Recognise(recognise::Arguments),
    /// See what train and test lists share and repeat
    AuditSplit(audit_split::Arguments),
    /// The networks that scores rest on: get weights, or train them
    #[command(subcommand)]
    Features(features::Action),
    /// Check the machine: device, threads, drawings, models, display
    Doctor(doctor::Arguments),
}

/// Options of the studio.
#[derive(Debug, clap::Args)]
struct StudioArguments {
    #[command(flatten)]
    place: Place,
    /// Folder in which runs are kept
    #[arg(long, value_name = "DIR", default_value = "runs")]
    runs: std::path::PathBuf,
    /// Write the time of every frame to this file (CSV, milliseconds) when the window closes
    #[arg(long, value_name = "FILE")]
    frame_times: Option<std::path::PathBuf>,
}

/// Parses, runs, prints the error once; the exit code is 0, 1 (failed) or 2 (wrong call).
pub(crate) fn main() -> ExitCode {
    #[allow(unsafe_code, reason = "there is no other thread yet")]
    // SAFETY: called first in `main`.
    unsafe {
        denoodle::util::threads::keep_candle_to_one();
    }
    let result = match Arguments::parse() {
        Arguments { command: Some(command), .. } => run(command),
        Arguments { command: None, studio } => open_studio(studio),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            follow::say(&format!("error: {error}"));
            match error.kind() {
                Kind::Usage => ExitCode::from(2),
                Kind::Failed | Kind::WeightsAbsent | Kind::Cancelled => ExitCode::from(1),
            }
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Presets(action) => presets::run(action),
        Command::Data(action) => data::run(action),
        Command::Train(arguments) => train::run(arguments),
        Command::Draw(arguments) => draw::run(arguments),
        Command::Interpolate(arguments) => interpolate::run(arguments),
        Command::Share(arguments) => share::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Recognise(arguments) => recognise::run(arguments),
        Command::AuditSplit(arguments) => audit_split::run(arguments),
        Command::Features(action) => features::run(action),
        Command::Doctor(arguments) => doctor::run(&arguments),
    }
}

#[cfg(feature = "studio")]
fn open_studio(arguments: StudioArguments) -> Result<()> {
    let StudioArguments { place, runs, frame_times } = arguments;
    denoodle::studio::run(denoodle::studio::Options {
        folders: place.folders(),
        runs,
        threads: denoodle::util::threads::available(),
        device: denoodle::config::DeviceChoice::default(),
        frame_times,
    })
}

#[cfg(not(feature = "studio"))]
fn open_studio(_: StudioArguments) -> Result<()> {
    Err(denoodle::util::Error::usage("this build has no window").advise("Use a sub-command: denoodle --help lists them."))
}
