//! What a model can be asked for.

use std::path::Path;

use crate::config::DeviceChoice;
use crate::generate;
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{Described, Event, Outcome};
use crate::util::Result;

/// Reads the model, and asks it. Where it computes makes no difference to what it can do.
pub(super) fn run(model: &Path, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("reading the model".into()));
    let opened = device::open(DeviceChoice::Cpu, 1)?;
    let artist = generate::open(model, &opened.device, 1)?;
    let (capabilities, info) = (artist.capabilities(), artist.info());
    let (categories, preset) = (info.categories.clone(), Box::new(info.preset.clone()));
    Ok(Outcome::Described(Described { capabilities, categories, preset }))
}
