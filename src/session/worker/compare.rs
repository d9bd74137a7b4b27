//! Several models of one category side by side: scored by one evaluation, timed, and set into a table and a picture.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use super::evaluate::{self, Done, Model, Work};
use crate::eval::extractor::Extractor;
use crate::eval::reference::FeatureCache;
use crate::eval::report::{comparison_csv, comparison_latex, comparison_markdown, weights_words};
use crate::eval::{Compared, Comparison, ScoreKind, TrainingTime};
use crate::export::{Line, Sheet, lines};
use crate::generate::{Job, Named};
use crate::model::{ModelInfo, device};
use crate::session::handle::Reporter;
use crate::session::{CompareRequest, EvaluateRequest, Event, Outcome, Source, Subject};
use crate::sketch::Sketch;
use crate::train;
use crate::util::clock::{Clock, SystemClock};
use crate::util::{Error, Result, atomic};

/// Drawings that are drawn alone to be timed.
const TIMED: usize = 15;
/// The file that says that there is a comparison.
const COMPARISON: &str = "comparison.json";

/// Compares.
pub(super) fn run(request: &CompareRequest, reporter: &Reporter) -> Result<Outcome> {
    // Before the long work: absent weights are told at once.
    let extractor = request.protocol.open()?;
    run_with(&*extractor, request, &FeatureCache::for_user(), reporter)
}

/// The same with an extractor that is open.
fn run_with(extractor: &dyn Extractor, request: &CompareRequest, cache: &FeatureCache, reporter: &Reporter) -> Result<Outcome> {
    let clock = SystemClock::default();
    if request.models.len() < 2 {
        return Err(Comparison::too_few());
    }
    let file = request.out.join(COMPARISON);
    if file.exists() && !request.replace {
        return Err(Error::usage("there is a comparison in this folder already")
            .at(&file)
            .advise("Name another folder with `--out`, or add `--force` to replace it.")
            .in_window("Choose another folder."));
    }
    atomic::check_folder(&request.out)?;
    let evaluation = evaluation(request);
    evaluate::check(&evaluation)?;
    reporter.must(Event::Stage("reading the models".into()));
    let opened = device::open(request.device, request.threads)?;
    // All of them at once: the last one may be no model, or not know the category.
    let open = |path: &PathBuf| Model::open(path, request.category.as_deref(), &opened.device, request.threads).map(Rc::new);
    let contestants = request.models.iter().map(open).collect::<Result<Vec<_>>>()?;
    check_subject(&contestants)?;
    let works = contestants.iter().map(|model| Ok(Work::from(Rc::clone(model))));
    let done = evaluate::score_all(extractor, &evaluation, works, cache, reporter)?;
    let mut models = Vec::with_capacity(done.len());
    for (contestant, done) in contestants.iter().zip(&done) {
        models.push(compared(contestant, done, request, reporter)?);
    }
    let comparison = Comparison::new(opened.words, request.threads, models)?;
    let drawings: Vec<Vec<Sketch>> = done.into_iter().map(|one| one.drawn.into_iter().take(request.shown).collect()).collect();
    reporter.must(Event::Stage("writing the comparison".into()));
    let files = write(&request.out, &comparison, &drawings, reporter)?;
    Ok(Outcome::Compared { comparison: Box::new(comparison), drawings, files, took: clock.now() })
}

/// All must draw the same thing.
fn check_subject(contestants: &[Rc<Model>]) -> Result<()> {
    let first = contestants.first().map_or("", |model| model.word());
    match contestants.iter().map(|model| model.word()).find(|word| *word != first) {
        None => Ok(()),
        Some(other) => Err(Error::usage(format!("one of these models draws {first}, another {other}: they cannot be compared"))
            .advise("Choose models of one category, or a category that all of them know.")),
    }
}

/// What the scores are asked for with.
fn evaluation(request: &CompareRequest) -> EvaluateRequest {
    let subject = |path: &PathBuf| Subject { source: Source::Model(path.clone()), category: request.category.clone() };
    EvaluateRequest {
        subjects: request.models.iter().map(subject).collect(),
        folders: request.folders.clone(),
        protocol: request.protocol,
        count: request.count,
        seed: request.seed,
        repetitions: request.repetitions,
        copying: None,
        out: None,
        replace: false,
        device: request.device,
        threads: request.threads,
    }
}

/// What a model is and costs.
fn compared(contestant: &Model, done: &Done, request: &CompareRequest, reporter: &Reporter) -> Result<Compared> {
    let (info, scores) = (contestant.artist.info(), &done.evaluated.scores);
    let name = scores.origin.name();
    reporter.must(Event::Stage(format!("timing {name}")));
    let together: Vec<f64> = done.took.iter().map(|took| milliseconds(*took) / request.count as f64).collect();
    Ok(Compared {
        name,
        system: info.preset.model.system(),
        preset: info.preset.name.clone(),
        parameters: contestant.parameters,
        steps: info.steps,
        drawings: info.drawings,
        training: training(&contestant.named, info),
        alone_ms: median(alone(contestant, request, reporter)?),
        together_ms: median(together),
        scores: scores.clone(),
    })
}

/// What a drawing takes that is drawn alone, some times, in milliseconds.
fn alone(contestant: &Model, request: &CompareRequest, reporter: &Reporter) -> Result<Vec<f64>> {
    let clock = SystemClock::default();
    let draw = |number: usize| {
        let settings = contestant.artist.info().preset.draw.clone();
        let job = Job { category: contestant.category, count: 1, first: number as u64, seed: request.seed, settings, start: None };
        let begun = clock.now();
        contestant.artist.draw(&job, &reporter.cancel, &mut |_| {})?;
        Ok(milliseconds(clock.now() - begun))
    };
    // The first one makes room in memory, and does not count.
    (0..=TIMED).map(draw).collect::<Result<Vec<_>>>().map(|all| all[1..].to_vec())
}

fn milliseconds(duration: Duration) -> f64 {
    1000.0 * duration.as_secs_f64()
}

/// The upper one of two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How long its training took, where it lies in the folder of its run.
fn training(named: &Named, info: &ModelInfo) -> Option<TrainingTime> {
    let Named::File(path) = named else { return None };
    let folder = path.parent()?;
    let record = train::RunRecord::read(folder).ok()?;
    // A file that was put there from elsewhere was not made by this run.
    let own = record.preset == info.preset && record.seed == info.seed && record.categories == info.categories;
    let secs = train::elapsed_secs(folder, info.steps).filter(|_| own)?;
    Some(TrainingTime { secs, threads: record.threads })
}

fn write(out: &Path, comparison: &Comparison, drawings: &[Vec<Sketch>], reporter: &Reporter) -> Result<Vec<PathBuf>> {
    let picture = picture(comparison, drawings, reporter)?;
    let texts = [
        (COMPARISON, comparison.to_json()?),
        ("comparison.csv", comparison_csv(comparison)),
        ("comparison.md", comparison_markdown(comparison)),
        ("comparison.tex", comparison_latex(comparison)),
    ];
    let files = texts.iter().map(|(name, text)| (*name, text.as_bytes())).chain([("comparison.png", &picture[..])]);
    files
        .map(|(name, bytes)| {
            let path = out.join(name);
            atomic::write_bytes(&path, bytes).map(|()| path)
        })
        .collect()
}

/// A line for each model: drawings from number 0 on of the first seed, none left out.
fn picture(comparison: &Comparison, drawings: &[Vec<Sketch>], reporter: &Reporter) -> Result<Vec<u8>> {
    let words = |model: &Compared| {
        let kid = model.scores.as_given.score(ScoreKind::Kid).and_then(|score| Some((score.mean?, score.floor)));
        let kid = kid.map_or_else(
            || "no KID".to_owned(),
            |(kid, floor)| format!("KID {kid:.3}{}", floor.map_or(String::new(), |floor| format!(" (floor {:.3})", floor.value))),
        );
        vec![model.name.clone(), format!("{} weights", weights_words(model.parameters)), kid]
    };
    let of: Vec<Line<'_>> =
        comparison.models.iter().zip(drawings).map(|(model, sketches)| Line { words: words(model), sketches }).collect();
    let seed =
        comparison.models.first().and_then(|model| model.scores.seeds.first()).map_or(String::new(), |seed| format!(" of seed {seed}"));
    let title = format!("{}: the first drawings{seed}, none left out", comparison.category);
    lines(&Sheet { cell: 128, gap: 16, ..Sheet::default() }, &title, &of, &reporter.cancel)
}
