//! Asking the classifier what a model has drawn, category by category.

use crate::data;
use crate::eval::extractor::{Extractor, SketchFeatures};
use crate::eval::recognise::{Recognised, Recognition, shares};
use crate::generate::{self, Job};
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{Event, Outcome, RecogniseRequest};
use crate::util::clock::{Clock, SystemClock};
use crate::util::number::plain;
use crate::util::{Result, threads};

/// Draws every category and looks at its drawings and at the real ones.
pub(super) fn run(request: &RecogniseRequest, reporter: &Reporter) -> Result<Outcome> {
    let clock = SystemClock::default();
    let opened = device::open(request.device, request.threads)?;
    let artist = generate::open(&request.model, &opened.device, request.threads)?;
    let (info, cancel) = (artist.info().clone(), &reporter.cancel);
    let named = if request.categories.is_empty() { &info.categories } else { &request.categories };
    let classes = named.iter().map(|name| generate::category(&info, Some(name))).collect::<Result<Vec<_>>>()?;
    let (eye, pool) = (SketchFeatures::shipped()?, threads::pool(request.threads)?);
    reporter.must(Event::Stage(format!("drawing {}", plain(named.len(), "category", "categories"))));
    let mut categories = Vec::with_capacity(named.len());
    for (number, (name, &category)) in named.iter().zip(&classes).enumerate() {
        reporter.fact(Event::Progress { done: number as u64, total: Some(named.len() as u64), unit: "categories" });
        let real = data::load(&request.folders, name, request.threads, cancel, &mut |_, _| {})?.test;
        let settings = info.preset.draw.clone();
        let job = Job { category, count: request.count, first: 0, seed: request.seed, settings, start: None };
        let drawn = artist.draw(&job, cancel, &mut |_| {})?;
        let (generated, real) =
            pool.install(|| Ok::<_, crate::util::Error>((shares(&eye, name, &drawn, cancel)?, shares(&eye, name, &real, cancel)?)))?;
        categories.push(Recognised { category: name.clone(), generated, real });
    }
    let id = eye.id();
    let extractor = format!("{} ({})", id.name, &id.sha256[..12]);
    let recognition = Recognition { extractor, renderer: eye.renderer().id(), seed: request.seed, categories };
    Ok(Outcome::Recognised { recognition, took: clock.now() })
}
