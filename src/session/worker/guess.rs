//! Asking the classifier what a drawing is, stroke by stroke.

use crate::eval::extractor::SketchFeatures;
use crate::eval::guess::guesses;
use crate::session::handle::Reporter;
use crate::session::{Event, GuessRequest, Outcome};
use crate::util::{Result, threads};

/// Looks at the drawing after each of its strokes.
pub(super) fn run(request: &GuessRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("looking at the drawing".into()));
    let eye = SketchFeatures::shipped()?;
    let pool = threads::pool(request.threads)?;
    pool.install(|| guesses(&eye, &request.sketch, request.most, &reporter.cancel)).map(Outcome::Guessed)
}
