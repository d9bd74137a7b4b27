//! `denoodle data`: what drawings there are, and getting more.

use clap::Subcommand;
use denoodle::util::Result;

/// The actions of `denoodle data`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// List the categories and what is on this machine
    List,
}

/// Carries it out.
pub(crate) fn run(_action: Action) -> Result<()> {
    Ok(())
}
