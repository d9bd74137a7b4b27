//! Evaluation: reading the real drawings, letting the model draw, scoring, and writing what came of it.

mod files;

use crate::data::{self, Cache};
use crate::eval::extractor::Extractor;
use crate::eval::reference::FeatureCache;
use crate::eval::sets::Sets;
use crate::eval::{DRAWINGS_MIN, Means, Origin, Plan, Stage, Watch, evaluate};
use crate::generate::{self, Artist, Job};
use crate::model::{ModelFile, device};
use crate::session::handle::Reporter;
use crate::session::{EvaluateRequest, Evaluated, Evaluating, Event, Outcome, Source, Subject};
use crate::sketch::Sketch;
use crate::util::clock::{Clock, SystemClock};
use crate::util::{Error, Result, threads};

/// Drawings of each side that are shown.
const SHOWN: usize = 40;

/// Scores every subject in turn.
pub(super) fn run(request: &EvaluateRequest, reporter: &Reporter) -> Result<Outcome> {
    check(request)?;
    // Before the long work: absent weights are told at once.
    let extractor = request.protocol.open()?;
    run_with(&*extractor, request, &FeatureCache::for_user(), reporter)
}

/// What can be told to be wrong before anything is done.
fn check(request: &EvaluateRequest) -> Result<()> {
    if request.subjects.is_empty() {
        return Err(Error::usage("nothing was named to be scored").advise("Name a model or a file of drawings."));
    }
    if request.count < DRAWINGS_MIN || request.repetitions == 0 {
        return Err(Error::usage(format!("scores need at least {DRAWINGS_MIN} drawings and 1 seed")));
    }
    request.out.as_ref().map_or(Ok(()), |out| files::check(out, request.replace))
}

/// The same with an extractor that is open.
fn run_with(extractor: &dyn Extractor, request: &EvaluateRequest, cache: &FeatureCache, reporter: &Reporter) -> Result<Outcome> {
    let clock = SystemClock::default();
    let pool = threads::pool(request.threads)?;
    let mut results = Vec::with_capacity(request.subjects.len());
    let mut drawn = Vec::with_capacity(request.subjects.len());
    for (number, subject) in request.subjects.iter().enumerate() {
        let mut work = Work::open(subject, request, reporter)?;
        let seeds = work.seeds(request);
        let watch = Watcher { reporter, category: work.category.clone(), subject: number, subjects: request.subjects.len(), seeds };
        watch.stage(Stage::Reading);
        let mut progress = |done, total| reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
        let cancel = &reporter.cancel;
        let divided = data::divided(&request.folders, &work.category, &Cache::for_user(), request.threads, cancel, &mut progress)?;
        divided.notes.iter().for_each(|note| watch.message(note.clone()));
        let count = work.count(request);
        let sets = Sets::new(divided, count, request.seed);
        let copying = request.copying.unwrap_or(request.protocol.is_quick());
        let plan = Plan { protocol: request.protocol, seed: request.seed, seeds: watch.seeds.clone(), copying };
        let means = Means { extractor, cache, pool: &pool, watch: &watch, cancel };
        let scored = evaluate(&sets, work.origin.clone(), &plan, &means, &mut |seed| work.draw(seed, request, reporter))?;
        scored.scores.notes.iter().for_each(|note| watch.message(note.clone()));
        reporter.must(Event::Scored(Box::new(scored.scores.clone())));
        let shown: Vec<usize> = sets.test.iter().copied().take(SHOWN).collect();
        let generated = scored.generated.iter().take(SHOWN).cloned().collect();
        results.push(Evaluated { scores: scored.scores, real: sets.sketches(&shown), generated });
        drawn.push(scored.generated);
    }
    let mut files = Vec::new();
    if let Some(out) = &request.out {
        reporter.must(Event::Stage(Stage::Writing.words("")));
        files = files::write(out, &results, &drawn, reporter)?;
    }
    Ok(Outcome::Evaluated { results, files, took: clock.now() })
}

/// A subject, opened.
struct Work {
    category: String,
    origin: Origin,
    source: Opened,
}

enum Opened {
    Model { artist: Box<dyn Artist>, category: u32 },
    Drawings(Vec<Sketch>),
}

impl Work {
    fn open(subject: &Subject, request: &EvaluateRequest, reporter: &Reporter) -> Result<Self> {
        let named = subject.category.as_deref();
        match &subject.source {
            Source::Model(path) => {
                reporter.must(Event::Stage("reading the model".into()));
                let path = generate::model_file(path)?;
                let file = ModelFile::read(&path)?;
                let opened = device::open(request.device, request.threads)?;
                let artist = generate::of(&file, &opened.device, request.threads)?;
                let category = generate::category(artist.info(), named)?;
                let sha256 = data::sha256_of(&path, &reporter.cancel)?;
                Ok(Self {
                    category: file.info.categories[category as usize].clone(),
                    origin: Origin::Model { file: path.display().to_string(), sha256, steps: file.info.steps },
                    source: Opened::Model { artist, category },
                })
            }
            Source::Drawings(path) => {
                let category = named.ok_or_else(|| {
                    Error::usage("it is not known what the drawings should show").at(path).advise("Say so, for example `--category cat`.")
                })?;
                reporter.must(Event::Stage(format!("reading {}", path.display())));
                let mut progress = |done, total| reporter.fact(Event::Progress { done, total: Some(total), unit: "bytes" });
                let (drawings, report) = data::read_file(path, request.threads, &reporter.cancel, &mut progress)?;
                report.messages().into_iter().for_each(|message| reporter.must(Event::Message(message)));
                let count = drawings.len().min(request.count);
                if count < drawings.len() {
                    let of = drawings.len();
                    reporter.must(Event::Message(format!("the first {count} of the {of} drawings in {} are scored", path.display())));
                }
                let sha256 = data::sha256_of(path, &reporter.cancel)?;
                Ok(Self {
                    category: category.to_owned(),
                    origin: Origin::Drawings { file: path.display().to_string(), sha256 },
                    source: Opened::Drawings((0..count).map(|i| drawings.sketch(i)).collect()),
                })
            }
        }
    }

    /// One a repetition.
    fn seeds(&self, request: &EvaluateRequest) -> Vec<Option<u64>> {
        match self.source {
            Opened::Model { .. } => (0..request.repetitions as u64).map(|i| Some(request.seed.wrapping_add(i))).collect(),
            Opened::Drawings(_) => vec![None],
        }
    }

    /// Drawings a repetition.
    fn count(&self, request: &EvaluateRequest) -> usize {
        match &self.source {
            Opened::Model { .. } => request.count,
            Opened::Drawings(sketches) => sketches.len(),
        }
    }

    fn draw(&mut self, seed: Option<u64>, request: &EvaluateRequest, reporter: &Reporter) -> Result<Vec<Sketch>> {
        match &mut self.source {
            Opened::Drawings(sketches) => Ok(std::mem::take(sketches)),
            Opened::Model { artist, category } => {
                let settings = artist.info().preset.draw.clone();
                let job =
                    Job { category: *category, count: request.count, first: 0, seed: seed.unwrap_or(request.seed), settings, start: None };
                let total = Some(request.count as u64);
                let mut done = |done: usize| reporter.fact(Event::Progress { done: done as u64, total, unit: "drawings" });
                artist.draw(&job, &reporter.cancel, &mut done)
            }
        }
    }
}

/// Turns what happens into events.
struct Watcher<'a> {
    reporter: &'a Reporter,
    category: String,
    subject: usize,
    subjects: usize,
    seeds: Vec<Option<u64>>,
}

impl Watch for Watcher<'_> {
    fn stage(&self, stage: Stage) {
        let stages = Stage::all(&self.seeds);
        self.reporter.must(Event::Stage(stage.words(&self.category)));
        self.reporter.must(Event::Evaluating(Evaluating {
            category: self.category.clone(),
            subject: self.subject,
            subjects: self.subjects,
            stage,
            number: stages.iter().position(|other| *other == stage).unwrap_or(0),
            of: stages.len(),
        }));
    }

    fn progress(&self, done: usize, total: usize) {
        self.reporter.fact(Event::Progress { done: done as u64, total: Some(total as u64), unit: "drawings" });
    }

    fn message(&self, text: String) {
        self.reporter.must(Event::Message(text));
    }
}
