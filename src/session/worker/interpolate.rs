//! What lies between two drawings: both are read into latent vectors, and the way from one to the other is drawn.

use super::trace;
use crate::data::Folders;
use crate::generate::{self, Artist, Job};
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{Between, Clean, End, Event, InterpolateRequest, Interpolated, Outcome};
use crate::sketch::Sketch;
use crate::util::clock::{Clock, SystemClock};
use crate::util::{Error, Result};

/// Draws the way.
pub(super) fn run(request: &InterpolateRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("reading the model".into()));
    let opened = device::open(request.device, request.threads)?;
    let artist = generate::open(&request.model, &opened.device, request.threads)?;
    let category = generate::category(artist.info(), request.category.as_deref())?;
    let name = artist.info().categories[category as usize].clone();
    let (capabilities, own) = (artist.capabilities(), artist.info().preset.draw.clone());
    let job = Job { category, count: 1, first: 0, seed: request.seed, settings: own.clone(), start: None };
    let clock = SystemClock::default();
    let between = match capabilities.latent {
        true => Some(between(request, &*artist, job, &name, reporter)?),
        false => None,
    };
    Ok(Outcome::Interpolated(Box::new(Interpolated { capabilities, category: name, own, between, took: clock.now() })))
}

fn between(request: &InterpolateRequest, artist: &dyn Artist, job: Job, name: &str, reporter: &Reporter) -> Result<Between> {
    let end = |end: &End| match end {
        End::Drawn { seed, number } => drawn(artist, &Job { seed: *seed, first: *number, ..job.clone() }, reporter),
        End::Given(sketch) => Ok(sketch.clone()),
        End::Real { number, folders } => real(name, *number, folders, request.threads, reporter),
    };
    let originals = [end(&request.ends[0])?, end(&request.ends[1])?];
    reporter.must(Event::Stage("reading both drawings into latent vectors".into()));
    let [a, b] = &artist.encode(&originals)?[..] else {
        return Err(Error::new("the model did not read both drawings, which is a fault in Denoodle"));
    };
    let mut latents = vec![a.clone(), b.clone()];
    latents.extend(request.shares.iter().map(|share| generate::between(a, b, share.clamp(0.0, 1.0))));
    let mut settings = job.settings.clone();
    settings.temperature = request.temperature.unwrap_or(settings.temperature);
    let job = Job { settings, ..job };
    reporter.must(Event::Stage(format!("drawing {name}, from one to the other")));
    let total = latents.len() as u64;
    let mut drawings = Vec::with_capacity(latents.len());
    for (done, latent) in (0..).zip(latents) {
        reporter.fact(Event::Progress { done, total: Some(total), unit: "drawings" });
        // Each by itself: beside one another they would have other random numbers.
        drawings.extend(artist.decode(&[latent], &job, &reporter.cancel)?);
    }
    let mut drawings = drawings.into_iter();
    let reconstructions = [drawings.next().unwrap_or_default(), drawings.next().unwrap_or_default()];
    Ok(Between { originals, reconstructions, drawings: drawings.collect() })
}

/// What the model draws by itself.
fn drawn(artist: &dyn Artist, job: &Job, reporter: &Reporter) -> Result<Sketch> {
    reporter.must(Event::Stage("drawing both ends".into()));
    let sketch = artist.draw(job, &reporter.cancel, &mut |_| {})?.pop().unwrap_or_default();
    if sketch.points().next().is_none() {
        let text = format!("drawing {} of seed {} is empty, and has no latent vector", job.first + 1, job.seed);
        return Err(Error::usage(text).advise("Choose another drawing, or a real one."));
    }
    Ok(sketch)
}

/// A drawing of the data set.
fn real(category: &str, number: u64, folders: &Folders, threads: usize, reporter: &Reporter) -> Result<Sketch> {
    let what = Clean::Real { category: category.to_owned(), number, folders: folders.clone() };
    trace::clean(&what, threads, reporter)
}
