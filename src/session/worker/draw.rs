//! Drawing with a trained model.

use crate::generate::{self, Artist, Job};
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{DrawRequest, Event, Outcome};
use crate::sketch::Sketch;
use crate::util::Result;
use crate::util::clock::{Clock, SystemClock};

/// What the artist is to do, and the category's name.
pub(super) fn job(request: &DrawRequest, artist: &dyn Artist) -> Result<(Job, String)> {
    let category = generate::category(artist.info(), request.category.as_deref())?;
    let name = artist.info().categories[category as usize].clone();
    let settings = request.settings.clone().unwrap_or_else(|| artist.info().preset.draw.clone());
    let job = Job { category, count: request.count, first: request.first, seed: request.seed, settings, start: request.start.clone() };
    Ok((job, name))
}

/// Draws what was asked for.
pub(super) fn run(request: &DrawRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("reading the model".into()));
    let opened = device::open(request.device, request.threads)?;
    let artist = generate::open(&request.model, &opened.device, request.threads)?;
    let (job, name) = job(request, &*artist)?;
    reporter.must(Event::Stage(format!("drawing {name}")));
    reporter.must(Event::Message(opened.words));
    let clock = SystemClock::default();
    let total = Some(request.count as u64);
    let mut done = |done: usize| reporter.fact(Event::Progress { done: done as u64, total, unit: "drawings" });
    let watch = |sketch: Sketch| reporter.grown(sketch.to_canvas());
    let sketches = artist.draw_watched(&job, &reporter.cancel, &mut done, &watch)?;
    Ok(Outcome::Drawn { sketches, category: name, took: clock.now() })
}
