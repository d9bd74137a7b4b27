//! Taking over files.

use crate::data::{self, Cache};
use crate::session::handle::Reporter;
use crate::session::{Event, ImportRequest, Outcome};
use crate::util::Result;

/// Takes over what was asked for, and tells what became of every file.
pub(super) fn run(request: &ImportRequest, reporter: &Reporter) -> Result<Outcome> {
    let ImportRequest { files, folders, replace, threads } = request;
    let mut now = None;
    let mut progress = |file: &std::path::Path, done, total| {
        if now.as_deref() != Some(file) {
            now = Some(file.to_path_buf());
            reporter.must(Event::Stage(format!("reading {}", file.display())));
        }
        reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
    };
    data::import(files, folders, &Cache::for_user(), *replace, *threads, &reporter.cancel, &mut progress).map(Outcome::Imported)
}
