//! Taking over files.

use std::path::{Path, PathBuf};

use crate::data::{self, Cache, Folders, sketchbook};
use crate::session::handle::Reporter;
use crate::session::{Event, ImportRequest, Outcome, SampleRequest};
use crate::util::{Context, Result};

/// Decides the sketchbook's drawings.
const SAMPLE_SEED: u64 = 1;

/// Takes over what was asked for, and tells what became of every file.
pub(super) fn run(request: &ImportRequest, reporter: &Reporter) -> Result<Outcome> {
    let ImportRequest { files, folders, replace, threads } = request;
    take_over(files, folders, *replace, *threads, reporter)
}

/// Makes the sketchbook up, and takes it over like files from elsewhere.
pub(super) fn sample(request: &SampleRequest, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("making drawings up".into()));
    let room = tempfile::tempdir().context("cannot make a folder for the drawings")?;
    let files = sketchbook::write(room.path(), sketchbook::USUAL_COUNT as usize, SAMPLE_SEED)?;
    take_over(&files, &request.folders, false, request.threads, reporter)
}

fn take_over(files: &[PathBuf], folders: &Folders, replace: bool, threads: usize, reporter: &Reporter) -> Result<Outcome> {
    let mut now = None;
    let mut progress = |file: &Path, done, total| {
        if now.as_deref() != Some(file) {
            now = Some(file.to_path_buf());
            reporter.must(Event::Stage(format!("reading {}", file.display())));
        }
        reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
    };
    data::import(files, folders, &Cache::for_user(), replace, threads, &reporter.cancel, &mut progress).map(Outcome::Imported)
}
