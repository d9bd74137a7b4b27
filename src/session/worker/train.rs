//! Training: reading the drawings, making the trainer, and passing on what happens.

use std::time::Duration;

use candle_core::Device;

use super::previews::Kept;
use crate::data::{self, Folders};
use crate::generate::{self, Job, Named};
use crate::model::device;
use crate::session::handle::Reporter;
use crate::session::{Event, Length, Outcome, Preview, PreviewPlan, TestLoss, TrainProgress, TrainRequest};
use crate::train::{self, Losses, Observer, Progress, RunPlan, RunRecord, StepReport, TrainSet, Trainer};
use crate::util::clock::{Clock, SystemClock};
use crate::util::number::{noun, plain};
use crate::util::{Error, Result, memory};

/// So many categories are named, one by one.
const FEW: usize = 8;
/// Previews may take this share of the time.
const PREVIEW_SHARE: f64 = 0.1;

/// Trains until the plan is fulfilled or somebody stops it.
pub(super) fn run(request: &TrainRequest, reporter: &Reporter) -> Result<Outcome> {
    let opened = device::open(request.device, request.threads)?;
    let set = read(&request.categories, &request.folders, request.threads, reporter)?;
    let source = request.from.as_deref().map(|named| Named::find(named)?.read()).transpose()?;
    reporter.must(Event::Stage("preparing".into()));
    let device = opened.device.clone();
    let (mut trainer, left_out) = Trainer::new(request.preset.clone(), set, request.seed, source.as_ref(), device, request.threads)?;
    if left_out > 0 {
        let drawings = plain(left_out, "drawing has", "drawings have");
        let are = noun(left_out, "is", "are");
        reporter
            .must(Event::Message(format!("{drawings} no strokes, or more strokes or points than the network takes, and {are} left out")));
    }
    let (train, test) = trainer.drawings_there();
    reporter.must(Event::Stage(format!("training {}", named(&request.categories))));
    let weights = trainer.parameters() as f64 / 1e6;
    let numbers = format!("{train} training and {test} test drawings, {weights:.1} million weights; {}", opened.words);
    reporter.must(Event::Message(numbers));
    let plan = RunPlan {
        folder: request.out.clone(),
        steps: match request.length {
            Length::Preset if request.resume => None,
            Length::Preset => Some(request.preset.train.steps),
            Length::Steps(steps) => Some(steps),
            Length::Minutes(_) => None,
        },
        seconds: if let Length::Minutes(minutes) = request.length { Some(60.0 * minutes) } else { None },
        resume: request.resume,
    };
    let clock = SystemClock::default();
    let mut watcher = Watcher {
        request,
        device: &opened.device,
        reporter,
        clock: &clock,
        next_preview: Duration::ZERO,
        previews: Kept::of(&request.out),
        told: false,
    };
    let mut record = record(request, &trainer)?;
    let end = train::run(&mut trainer, &plan, &mut record, &clock, &reporter.cancel, &mut watcher)?;
    Ok(Outcome::Trained { steps: end.steps, model: end.model, complete: end.complete })
}

/// Of a few, the names; of many, how many.
fn named(categories: &[String]) -> String {
    if categories.len() <= FEW { categories.join(", ") } else { format!("{} categories", categories.len()) }
}

/// Reads all categories.
pub(super) fn read(categories: &[String], folders: &Folders, threads: usize, reporter: &Reporter) -> Result<TrainSet> {
    let mut set = TrainSet { categories: categories.to_vec(), ..TrainSet::default() };
    if set.categories.is_empty() {
        return Err(Error::usage("no category was chosen")
            .advise("`denoodle data list` shows what there is.")
            .in_window("Categories shows what there is."));
    }
    let few = categories.len() <= FEW;
    reporter.must(Event::Stage(format!("reading {}", named(categories))));
    for (number, category) in categories.iter().enumerate() {
        let mut progress = |done, total| {
            let event = Event::Progress { done, total: Some(total), unit: "bytes" };
            reporter.fact(if few {
                event
            } else {
                Event::Progress { done: number as u64, total: Some(categories.len() as u64), unit: "categories" }
            });
        };
        let dataset = data::load(folders, category, threads, &reporter.cancel, &mut progress)?;
        dataset.notes.into_iter().for_each(|note| reporter.must(Event::Message(note)));
        set.mirror.push(data::may_mirror(category));
        set.train.extend(dataset.train.into_iter().map(|sketch| (number as u32, sketch)));
        set.test.extend(dataset.test.into_iter().map(|sketch| (number as u32, sketch)));
        set.sources.push(format!("{category}: {}", dataset.source_sha256));
    }
    Ok(set)
}

/// What `run.ron` will say; a resumed run keeps its first date and the steps that were planned.
fn record(request: &TrainRequest, trainer: &Trainer) -> Result<RunRecord> {
    if request.resume {
        return RunRecord::read(&request.out);
    }
    Ok(RunRecord {
        program: env!("CARGO_PKG_VERSION").into(),
        started: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        categories: request.categories.clone(),
        seed: request.seed,
        steps: None,
        device: request.device,
        threads: request.threads,
        drawings: request.folders.drawings.clone(),
        subset: request.folders.subset.clone(),
        sources: trainer.sources().to_vec(),
        from: request.from.clone(),
        preset: trainer.preset().clone(),
    })
}

/// Turns what happens into events, holds the run while it is paused, and draws previews.
struct Watcher<'a> {
    request: &'a TrainRequest,
    device: &'a Device,
    reporter: &'a Reporter,
    clock: &'a SystemClock,
    next_preview: Duration,
    previews: Kept,
    /// It was said that sheets cannot be kept.
    told: bool,
}

impl Watcher<'_> {
    fn preview(&mut self, trainer: &Trainer, plan: PreviewPlan) -> Result<()> {
        let began = self.clock.now();
        if began < self.next_preview {
            return Ok(());
        }
        let file = trainer.averaged()?;
        let artist = generate::of(&file, self.device, self.request.threads)?;
        // One sheet of all categories in turn, always from the same seeds.
        let categories = file.info.categories.len();
        let mut sketches = Vec::with_capacity(plan.count);
        for category in 0..categories.min(plan.count) {
            let count = (plan.count + categories - 1 - category) / categories;
            let settings = file.info.preset.draw.clone();
            let job = Job { category: category as u32, count, first: 0, seed: self.request.seed, settings, start: None };
            sketches.extend(artist.draw(&job, &self.reporter.cancel, &mut |_| {})?);
        }
        let kept = self.previews.push(Preview { step: trainer.steps(), sketches });
        self.show(kept);
        let took = (self.clock.now() - began).as_secs_f64();
        self.next_preview = self.clock.now() + Duration::from_secs_f64(plan.every_secs.max(took / PREVIEW_SHARE));
        Ok(())
    }

    /// Hands the sheets over. That they cannot be kept on the disk must not end the training; it is said once.
    fn show(&mut self, kept: Result<()>) {
        self.reporter.show(self.previews.all().clone());
        if let Err(error) = kept
            && !std::mem::replace(&mut self.told, true)
        {
            self.reporter.must(Event::Message(format!("the preview sheets cannot be kept in the run folder: {error}")));
        }
    }
}

impl Observer for Watcher<'_> {
    fn begun(&mut self, step: u64) {
        let read = self.previews.read(step);
        // Without any, there is nothing to show yet.
        if read.is_err() || self.previews.all().newest().is_some() {
            self.show(read);
        }
    }

    fn step(&mut self, trainer: &Trainer, report: &StepReport, progress: &Progress, drawings_per_sec: f64) -> Result<Duration> {
        let left = progress.steps.map(|steps| {
            let drawings = (steps.saturating_sub(progress.step)) as f64 * self.request.preset.train.batch as f64;
            Duration::try_from_secs_f64(drawings / drawings_per_sec).unwrap_or(Duration::MAX)
        });
        self.reporter.fact(Event::Step(TrainProgress {
            step: progress.step,
            steps: progress.steps,
            drawings: progress.cursor,
            losses: report.losses,
            rate: report.rate,
            gradient_norm: report.gradient_norm,
            drawings_per_sec,
            elapsed: Duration::try_from_secs_f64(progress.elapsed_secs).unwrap_or_default(),
            left,
            memory: memory::used(),
        }));
        if let Some(plan) = self.request.preview
            && let Err(error) = self.preview(trainer, plan)
        {
            // A preview that cannot be drawn must not end the training; a cancelled one ends with it anyway.
            if error.kind() != crate::util::Kind::Cancelled {
                self.reporter.must(Event::Message(format!("the preview could not be drawn: {error}")));
            }
        }
        Ok(self.reporter.wait_while_paused())
    }

    fn tested(&mut self, step: u64, losses: &Losses, best: bool) {
        self.reporter.must(Event::Tested(TestLoss { step, losses: *losses, best }));
    }

    fn saved(&mut self, step: u64) {
        if let Some(kept) = self.previews.forget_after(step) {
            self.show(kept);
        }
        self.reporter.must(Event::Saved(step));
    }

    fn message(&mut self, text: String) {
        self.reporter.must(Event::Message(text));
    }
}
