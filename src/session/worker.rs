//! What a worker thread does with a command.

use super::handle::Reporter;
use super::{Command, Outcome};
use crate::util::{Error, Result};

/// Carries the command out.
pub(super) fn run(_command: Command, _reporter: &Reporter) -> Result<Outcome> {
    Err(Error::new("not built yet"))
}
