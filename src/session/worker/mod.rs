//! What a worker thread does with a command: one kind of work a file.

mod browse;
mod cards;
mod compare;
mod describe;
mod draw;
mod evaluate;
mod features;
mod guess;
mod import;
mod interpolate;
mod previews;
mod recognise;
mod runs;
mod trace;
mod train;
mod weights;

use std::path::Path;

use super::handle::Reporter;
use super::{Command, Event, ExportRequest, FetchRequest, KeepRequest, Outcome, SaveScoresRequest, SurveyRequest};
use crate::data;
use crate::model::shipped::SHIPPED;
use crate::util::{Context, Result, atomic};

/// Carries the command out.
pub(super) fn run(command: Command, reporter: &Reporter) -> Result<Outcome> {
    match command {
        Command::Train(request) => train::run(&request, reporter),
        Command::TrainFeatures(request) => features::train(&request, reporter),
        Command::Draw(request) => draw::run(&request, reporter),
        Command::Trace(request) => trace::run(&request, reporter),
        Command::Noise(request) => trace::noise(&request, reporter),
        Command::Interpolate(request) => interpolate::run(&request, reporter),
        Command::Evaluate(request) => evaluate::run(&request, reporter),
        Command::Compare(request) => compare::run(&request, reporter),
        Command::Recognise(request) => recognise::run(&request, reporter),
        Command::Guess(request) => guess::run(&request, reporter),
        Command::Fetch(request) => fetch(&request, reporter),
        Command::Weights(request) => weights::run(&request, reporter),
        Command::Export(request) => export(&request, reporter),
        Command::SaveScores(request) => save_scores(&request),
        Command::Describe(model) => describe::run(&model, reporter),
        Command::Keep(request) => keep(&request, reporter),
        Command::TakeBack(request) => take_back(&request, reporter),
        Command::Collections(folders) => data::collections(&folders, &reporter.cancel).map(Outcome::Collections),
        Command::Survey(request) => survey(&request),
        Command::Runs(runs) => runs::list(&runs, reporter),
        Command::ChangeRun(request) => runs::change(&request),
        Command::Curves(folder) => runs::curves(&folder, reporter),
        Command::Import(request) => import::run(&request, reporter),
        Command::Sample(request) => import::sample(&request, reporter),
        Command::Browse(request) => browse::run(&request, reporter),
        Command::Cards(request) => cards::run(&request, reporter),
    }
}

fn fetch(request: &FetchRequest, reporter: &Reporter) -> Result<Outcome> {
    let mut now = String::new();
    let mut progress = |at: data::Fetching<'_>| {
        if now != at.category {
            now = at.category.to_owned();
            reporter.must(Event::Stage(format!("fetching {now}")));
        }
        reporter.fact(Event::Progress { done: at.done, total: at.total, unit: "bytes" });
    };
    data::fetch(&request.categories, request.base.as_deref(), &request.folders, &reporter.cancel, &mut progress).map(Outcome::Fetched)
}

fn export(request: &ExportRequest, reporter: &Reporter) -> Result<Outcome> {
    let again = || Command::Export(ExportRequest { replace: true, ..request.clone() });
    write(&request.path, request.replace, again, || {
        reporter.must(Event::Stage(format!("writing {}", request.path.display())));
        request.form.bytes(&request.sketches, &request.word, &reporter.cancel)
    })
}

fn save_scores(request: &SaveScoresRequest) -> Result<Outcome> {
    let again = || Command::SaveScores(Box::new(SaveScoresRequest { replace: true, ..request.clone() }));
    write(&request.path, request.replace, again, || request.scores.to_json().map(String::into_bytes))
}

/// Writes what `bytes` gives; where there is a file already, only if it may be replaced: `again` would.
fn write(path: &Path, replace: bool, again: impl FnOnce() -> Command, bytes: impl FnOnce() -> Result<Vec<u8>>) -> Result<Outcome> {
    if !replace && path.exists() {
        return Ok(Outcome::Exists { path: path.into(), again: Box::new(again()) });
    }
    let bytes = bytes()?;
    atomic::write_bytes(path, &bytes)?;
    Ok(Outcome::Exported { path: path.into(), bytes: bytes.len() as u64 })
}

fn keep(request: &KeepRequest, reporter: &Reporter) -> Result<Outcome> {
    data::keep(&request.folders, &request.word, &request.sketch, &reporter.cancel).map(Outcome::Kept)
}

fn take_back(request: &KeepRequest, reporter: &Reporter) -> Result<Outcome> {
    data::take_back(&request.folders, &request.word, &request.sketch, &reporter.cancel).map(Outcome::TakenBack)
}

fn survey(request: &SurveyRequest) -> Result<Outcome> {
    // That they cannot be listed is told by whoever counts them.
    let mut categories = data::survey_own(&request.folders).unwrap_or_default();
    categories.extend(data::survey(&request.folders)?);
    let mut models = Vec::new();
    if let Ok(entries) = std::fs::read_dir(&request.runs) {
        for entry in entries {
            let folder = entry.context_at("cannot list the runs", &request.runs)?.path();
            let newest = crate::train::newest(&folder);
            let file = if newest.exists() { newest } else { crate::train::best(&folder) };
            if let Ok(changed) = file.metadata().and_then(|m| m.modified()) {
                models.push((changed, folder));
            }
        }
    }
    models.sort_by(|a, b| b.cmp(a));
    let shipped = SHIPPED.iter().map(|model| model.name.into());
    Ok(Outcome::Surveyed { categories, models: models.into_iter().map(|(_, folder)| folder).chain(shipped).collect() })
}
