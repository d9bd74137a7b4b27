//! What is shown of many categories at a glance: a small drawing of each, and which models know it.

use std::path::Path;

use crate::config::DeviceChoice;
use crate::data;
use crate::generate::{self, Artist, Job};
use crate::model::device;
use crate::model::shipped::BASE;
use crate::session::handle::Reporter;
use crate::session::{Cards, CardsRequest, Outcome, Thumbnail};
use crate::sketch::Sketch;
use crate::train::RunRecord;
use crate::util::Result;

/// Whoever looks again sees the same drawings.
const SEED: u64 = 1;

/// Makes them. A file or a model that cannot be read is no failure here: whoever looks at it closely hears what is wrong.
pub(super) fn run(request: &CardsRequest, reporter: &Reporter) -> Result<Outcome> {
    let mut base = None;
    let mut thumbnails = Vec::with_capacity(request.categories.len());
    for category in &request.categories {
        reporter.cancel.check()?;
        let file = request.folders.find(category);
        let sketch = match &file {
            Some(path) => data::first_drawing(path).ok().flatten(),
            None => drawn(opened(&mut base, request.threads)?, category, reporter)?,
        };
        thumbnails.push(Thumbnail { category: category.clone(), sketch, of_file: file.is_some() });
    }
    let mut known = Vec::with_capacity(request.models.len());
    for model in &request.models {
        reporter.cancel.check()?;
        known.push((model.clone(), categories_of(model).unwrap_or_default()));
    }
    Ok(Outcome::Cards(Box::new(Cards { thumbnails, known })))
}

/// The shipped base, read when it is first needed.
fn opened(base: &mut Option<Box<dyn Artist>>, threads: usize) -> Result<&dyn Artist> {
    let artist = match base.take() {
        Some(artist) => artist,
        // Few and small drawings: another device would take longer to be ready.
        None => generate::open(Path::new(BASE), &device::open(DeviceChoice::Cpu, threads)?.device, threads)?,
    };
    Ok(&**base.insert(artist))
}

/// The base's drawing of a category, if it knows it.
fn drawn(base: &dyn Artist, category: &str, reporter: &Reporter) -> Result<Option<Sketch>> {
    let Ok(category) = generate::category(base.info(), Some(category)) else { return Ok(None) };
    let settings = base.info().preset.draw.clone();
    let job = Job { category, count: 1, first: 0, seed: SEED, settings, start: None };
    Ok(base.draw(&job, &reporter.cancel, &mut |_| {})?.pop())
}

/// What a model draws. A run's own record is quicker to read than its weights.
fn categories_of(model: &Path) -> Result<Vec<String>> {
    if let Ok(record) = RunRecord::read(model) {
        return Ok(record.categories);
    }
    let artist = generate::open(model, &device::open(DeviceChoice::Cpu, 1)?.device, 1)?;
    Ok(artist.info().categories.clone())
}
