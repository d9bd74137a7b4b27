//! Looking at real drawings.

use crate::data::{self, Cache, Page};
use crate::session::handle::Reporter;
use crate::session::{BrowseRequest, Event, Outcome};
use crate::util::Result;

/// Reads a page of drawings.
pub(super) fn run(request: &BrowseRequest, reporter: &Reporter) -> Result<Outcome> {
    let BrowseRequest { category, portion, first, count, folders, threads } = request;
    reporter.must(Event::Stage(format!("reading the drawings of {category}")));
    let mut progress = |done, total| reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
    let page = Page { portion: *portion, first: *first, count: *count };
    let browsed = data::browse(folders, category, page, &Cache::for_user(), *threads, &reporter.cancel, &mut progress)?;
    Ok(Outcome::Browsed(Box::new(browsed)))
}
