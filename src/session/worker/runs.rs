//! Runs on the disk: listing them, and reading their losses.

mod change;

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

pub(super) use change::change;

use super::previews;
use crate::model::ModelFile;
use crate::session::handle::Reporter;
use crate::session::{Best, Event, NOTE_MOST, Outcome, RunCurves, RunFacts, RunInfo};
use crate::train::{self, Past, Progress, RunRecord};
use crate::util::series::{Series, Smooth};
use crate::util::{Cancel, Context, Result};

/// What a person wrote of a run.
const NOTE: &str = "note.txt";
/// Bytes of a character at most.
const UTF8: usize = 4;

/// Lists the runs, the one that was changed last first. A folder that is not there holds none.
pub(super) fn list(runs: &Path, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("looking at the runs".into()));
    let entries = match fs::read_dir(runs) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Outcome::Runs(Vec::new())),
        Err(error) => return Err(error).context_at("cannot list the runs", runs),
    };
    let mut list = Vec::new();
    for entry in entries {
        reporter.cancel.check()?;
        let folder = entry.context_at("cannot list the runs", runs)?.path();
        if RunRecord::file(&folder).symlink_metadata().is_ok() {
            list.push(look(folder, &reporter.cancel)?);
        }
    }
    list.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.name.cmp(&b.name)));
    Ok(Outcome::Runs(list))
}

/// What there is of a run. What cannot be read is said, and keeps nobody from seeing the others.
fn look(folder: PathBuf, cancel: &Cancel) -> Result<RunInfo> {
    let own = [RunRecord::file(&folder), train::newest(&folder), train::best(&folder)];
    let written = |file: &PathBuf| file.metadata().and_then(|metadata| metadata.modified()).ok();
    Ok(RunInfo {
        name: folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned()),
        bytes: bytes(&folder, cancel)?,
        changed: own.iter().filter_map(written).max(),
        note: note(&folder.join(NOTE)),
        facts: facts(&folder).map_err(|error| error.for_window()),
        folder,
    })
}

/// What its record and its checkpoints say: those are large, and only what they say of themselves is read.
fn facts(folder: &Path) -> Result<RunFacts> {
    let record = RunRecord::read(folder)?;
    let (newest, best) = (train::newest(folder), train::best(folder));
    let read = |file: &Path| file.exists().then(|| ModelFile::read_info(file)).transpose();
    let progress = match read(&newest)? {
        Some((_, notes)) => Some(Progress::noted(&notes).map_err(|error| error.at(&newest))?),
        None => None,
    };
    let best = read(&best)?.and_then(|(info, _)| info.test_loss.map(|loss| Best { loss, step: info.steps }));
    Ok(RunFacts {
        categories: record.categories,
        preset: record.preset,
        steps: progress.as_ref().map(|progress| progress.step),
        planned: progress.and_then(|progress| progress.steps).or(record.steps),
        best,
    })
}

/// A note's text, as far as notes go; nothing if it cannot be read.
fn note(path: &Path) -> String {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take((NOTE_MOST * UTF8) as u64).read_to_end(&mut start));
    if read.is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&start).chars().take(NOTE_MOST).collect()
}

/// Bytes of all files in a folder and its folders. Links count as what they are, and lead nowhere.
fn bytes(folder: &Path, cancel: &Cancel) -> Result<u64> {
    let mut waiting = vec![folder.to_path_buf()];
    let mut sum = 0;
    while let Some(folder) = waiting.pop() {
        cancel.check()?;
        // What cannot be listed, or is gone by now, counts nothing.
        for entry in fs::read_dir(&folder).into_iter().flatten().filter_map(std::io::Result::ok) {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => waiting.push(entry.path()),
                Ok(metadata) => sum += metadata.len(),
                Err(_) => {}
            }
        }
    }
    Ok(sum)
}

/// Reads a run's losses, and its preview sheets.
pub(super) fn curves(folder: &Path, reporter: &Reporter) -> Result<Outcome> {
    reporter.must(Event::Stage("reading the losses of a run".into()));
    let record = RunRecord::read(folder)?;
    let names = train::loss_names(&record.preset.model);
    let mut curves = RunCurves { previews: previews::of(folder), ..RunCurves::default() };
    let (mut smooth, mut reached) = (Smooth::default(), 0);
    train::past(folder, names, &reporter.cancel, &mut |past| match past {
        Past::Step(step, loss) => {
            // A step that is not a later one: the run went back to a checkpoint.
            if step <= reached {
                forget([&mut curves.train, &mut curves.test], step.saturating_sub(1));
            }
            reached = step;
            curves.train.push(step as f64, smooth.push(loss));
        }
        Past::Test(step, loss) => curves.test.push(step as f64, loss),
        Past::Back(step) => {
            reached = step;
            forget([&mut curves.train, &mut curves.test], step);
        }
    })?;
    Ok(Outcome::Curves(Box::new(curves)))
}

fn forget(curves: [&mut Series; 2], after: u64) {
    curves.into_iter().for_each(|series| series.forget_after(after as f64));
}
