//! Getting the weights of an extractor.

use crate::eval::weights;
use crate::session::handle::Reporter;
use crate::session::{Event, Outcome, WeightsRequest};
use crate::util::Result;

/// Downloads them or takes them over; nothing that is not the official file comes through.
pub(super) fn run(request: &WeightsRequest, reporter: &Reporter) -> Result<Outcome> {
    let file = match request {
        WeightsRequest::Fetch { address, file } => {
            reporter.must(Event::Stage("fetching the weights of Inception".into()));
            let mut progress = |done, total| reporter.fact(Event::Progress { done, total, unit: "bytes" });
            weights::fetch(file, address.as_deref(), &reporter.cancel, &mut progress)?;
            file
        }
        WeightsRequest::Import { from, file } => {
            reporter.must(Event::Stage(format!("checking {}", from.display())));
            weights::import(from, file, &reporter.cancel)?;
            file
        }
    };
    Ok(Outcome::Fetched(vec![file.clone()]))
}
