//! Shows a running command's events: bars on a terminal, plain lines elsewhere.

use denoodle::session::{Command, Outcome};
use denoodle::util::{Error, Result};

/// Runs the command to its end, showing its events on standard error. Ctrl-C stops it cleanly.
pub(crate) fn follow(_command: Command) -> Result<Outcome> {
    Err(Error::new("not built yet"))
}
