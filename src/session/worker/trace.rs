//! Drawing with the way out of noise kept, and the way into it.

use super::draw::job;
use crate::data::{self, Cache};
use crate::generate;
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{Clean, Event, NoiseRequest, Outcome, TraceRequest, Traced};
use crate::sketch::Sketch;
use crate::util::clock::{Clock, SystemClock};
use crate::util::{Error, Result};

/// Draws what was asked for, and keeps how it came about.
pub(super) fn run(request: &TraceRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("reading the model".into()));
    let draw = &request.draw;
    let opened = device::open(draw.device, draw.threads)?;
    let artist = generate::open(&draw.model, &opened.device, draw.threads)?;
    let (job, category) = job(draw, &*artist)?;
    let (capabilities, own) = (artist.capabilities(), artist.info().preset.draw.clone());
    let clock = SystemClock::default();
    let (mut traces, mut beside) = (Vec::new(), Vec::new());
    if capabilities.stroke_trace || capabilities.canvas_trace {
        reporter.must(Event::Stage(format!("drawing {category}")));
        match &request.beside {
            None => traces = artist.trace(&job, &reporter.cancel)?,
            Some(other) => (traces, beside) = artist.trace_beside(&job, other, &reporter.cancel)?.into_iter().map(<(_, _)>::from).unzip(),
        }
    }
    Ok(Outcome::Traced(Box::new(Traced { capabilities, traces, beside, category, own, took: clock.now() })))
}

/// Adds noise to a drawing.
pub(super) fn noise(request: &NoiseRequest, reporter: &Reporter) -> Result<Outcome> {
    let sketch = clean(&request.what, request.threads, reporter)?;
    reporter.must(Event::Stage("reading the model".into()));
    let opened = device::open(request.device, request.threads)?;
    let artist = generate::open(&request.model, &opened.device, request.threads)?;
    let settings = request.settings.as_ref().unwrap_or(&artist.info().preset.draw);
    Ok(Outcome::Noised(Box::new(artist.noised(&sketch, settings, request.seed)?)))
}

/// The drawing itself.
pub(super) fn clean(what: &Clean, threads: usize, reporter: &Reporter) -> Result<Sketch> {
    match what {
        Clean::Given(sketch) => Ok(sketch.clone()),
        Clean::Real { category, number, folders } => {
            reporter.must(Event::Stage(format!("reading the drawings of {category}")));
            let path = folders.need(category)?;
            let mut progress = |done, total| reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
            let drawings = data::open(&path, &Cache::for_user(), threads, &reporter.cancel, &mut progress)?.drawings;
            match drawings.len() {
                0 => Err(Error::new("there are no drawings in this file").at(path)),
                many => Ok(drawings.sketch((number % many as u64) as usize)),
            }
        }
    }
}
