//! A whole run: steps, tests, checkpoints, roll-backs, and when to stop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::checkpoint::Progress;
use super::objective::Losses;
use super::record::{METRICS, Metrics, RunRecord};
use super::trainer::{StepReport, Trainer};
use crate::model::ModelFile;
use crate::model::file::{self, best, newest};
use crate::util::clock::Clock;
use crate::util::{Cancel, Error, Result};

/// Roll-backs after which a run gives up.
const MOST_ROLLBACKS: u32 = 3;
/// Share of a plan in minutes that is spent on timing it.
const TIMING: f64 = 0.05;
/// Steps that are timed at least.
const TIMED_STEPS: u64 = 10;

/// How a run is to go.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// The run folder.
    pub folder: PathBuf,
    /// Steps, or …
    pub steps: Option<u64>,
    /// … about so many seconds: the first steps are timed, then the number of steps is fixed and recorded.
    pub seconds: Option<f64>,
    /// Go on from the newest checkpoint.
    pub resume: bool,
}

/// Who watches a run. Every method may do nothing.
pub trait Observer {
    /// Before the first step: the run goes on from its state after so many steps, 0 for a new one.
    fn begun(&mut self, _step: u64) {}
    /// After every step. Returns how long it held the run up on purpose (a pause), which does not count as training time.
    fn step(&mut self, trainer: &Trainer, report: &StepReport, progress: &Progress, drawings_per_sec: f64) -> Result<Duration>;
    /// After a look at the test split.
    fn tested(&mut self, step: u64, losses: &Losses, best: bool);
    /// After a checkpoint; after a roll-back it is one of fewer steps than were seen before.
    fn saved(&mut self, step: u64);
    /// Something that a person should know.
    fn message(&mut self, text: String);
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Steps made.
    pub steps: u64,
    /// The model to draw with: the best by test loss, or the newest without test drawings.
    pub model: PathBuf,
    /// All planned steps were made.
    pub complete: bool,
}

/// Trains until the plan is fulfilled or `cancel` says otherwise; either way everything is saved.
///
/// If a loss or the gradient is not finite, the run goes back to its last good checkpoint with half the learning rate,
/// and gives up after the third time.
pub fn run(
    trainer: &mut Trainer,
    plan: &RunPlan,
    record: &mut RunRecord,
    clock: &dyn Clock,
    cancel: &Cancel,
    observer: &mut dyn Observer,
) -> Result<End> {
    let folder = &plan.folder;
    let mut progress = start(trainer, plan)?;
    record.steps = progress.steps;
    record.write(folder)?;
    let mut metrics = Metrics::open(folder, progress.step)?;
    observer.begun(progress.step);
    if !plan.resume {
        save(trainer, folder, &progress, observer)?;
    }
    let settings = trainer.preset().train.clone();
    let mut last = clock.now();
    let mut speed = Speed::default();
    let from = (progress.step, progress.elapsed_secs);
    while progress.steps.is_none_or(|steps| progress.step < steps) && cancel.reason().is_none() {
        let report = trainer.step(progress.steps)?;
        if !report.losses.finite() || !report.gradient_norm.is_finite() {
            let why = format!(
                "step {}: the loss is {} and the gradient's norm {}",
                progress.step + 1,
                report.losses.main + report.losses.side,
                report.gradient_norm
            );
            progress = roll_back(trainer, folder, progress, &why)?;
            observer.message(format!(
                "{why}: went back to step {} with {} of the learning rate (time {} of {MOST_ROLLBACKS})",
                progress.step, progress.rate_scale, progress.rollbacks
            ));
            metrics.rollback(progress.step, &why)?;
            save(trainer, folder, &progress, observer)?;
            continue;
        }
        let now = clock.now();
        let took = (now - last).as_secs_f64();
        last = now;
        progress.step = trainer.steps();
        progress.cursor = trainer.drawings();
        progress.elapsed_secs += took;
        speed.add(settings.batch as f64, took);
        if let (None, Some(seconds)) = (progress.steps, plan.seconds) {
            let (made, spent) = (progress.step - from.0, progress.elapsed_secs - from.1);
            if made >= TIMED_STEPS && spent >= TIMING * seconds {
                let left = ((seconds - spent) / (spent / made as f64)).max(0.0) as u64;
                progress.steps = Some(progress.step + left);
                record.steps = progress.steps;
                record.write(folder)?;
            }
        }
        metrics.step(progress.step, progress.cursor, &report, speed.rate(), progress.elapsed_secs)?;
        let held = observer.step(trainer, &report, &progress, speed.rate())?;
        last += held;
        let finished = progress.steps == Some(progress.step);
        if finished || progress.step.is_multiple_of(settings.evaluate_every) {
            test(trainer, folder, &mut progress, &mut metrics, observer)?;
        }
        if finished || progress.step.is_multiple_of(settings.save_every) {
            save(trainer, folder, &progress, observer)?;
        }
    }
    let complete = progress.steps.is_some_and(|steps| progress.step >= steps);
    if !complete {
        save(trainer, folder, &progress, observer)?;
    }
    let model = file::preferred(folder).unwrap_or_else(|| newest(folder));
    Ok(End { steps: progress.step, model, complete })
}

/// A fresh start, or the state of the newest checkpoint.
fn start(trainer: &mut Trainer, plan: &RunPlan) -> Result<Progress> {
    let path = newest(&plan.folder);
    if plan.resume {
        let file = ModelFile::read(&path)?;
        let mut progress = trainer.restore(&file).map_err(|e| e.at(&path))?;
        if plan.steps.is_some() || plan.seconds.is_some() {
            progress.steps = plan.steps;
        } else if progress.steps.is_none() {
            // A plan in minutes that was interrupted while it was being timed.
            progress.steps = Some(trainer.preset().train.steps);
        }
        return Ok(progress);
    }
    let left = [path, best(&plan.folder), RunRecord::file(&plan.folder), plan.folder.join(METRICS)];
    if let Some(left) = left.iter().find(|path| path.exists()) {
        return Err(Error::usage("this folder holds a run already, or what is left of one")
            .at(left)
            .advise("Go on with it by --resume, or choose another folder by --out.")
            .in_window("Go on with it in the list of runs, or start anew: a new run gets a folder of its own."));
    }
    let seed = trainer.seed;
    Ok(Progress { step: 0, steps: plan.steps, seed, cursor: 0, rate_scale: 1.0, rollbacks: 0, best: None, elapsed_secs: 0.0 })
}

fn save(trainer: &Trainer, folder: &Path, progress: &Progress, observer: &mut dyn Observer) -> Result<()> {
    trainer.save(&newest(folder), progress)?;
    observer.saved(progress.step);
    Ok(())
}

fn test(trainer: &mut Trainer, folder: &Path, progress: &mut Progress, metrics: &mut Metrics, observer: &mut dyn Observer) -> Result<()> {
    let Some(losses) = trainer.test()? else { return Ok(()) };
    metrics.test(progress.step, progress.cursor, &losses)?;
    let best_so_far = progress.best.is_none_or(|best| losses.judged < best);
    if best_so_far {
        progress.best = Some(losses.judged);
        trainer.averaged()?.write(&best(folder), false)?;
    }
    observer.tested(progress.step, &losses, best_so_far);
    Ok(())
}

/// The last good state with half the rate, or an error after the last try.
fn roll_back(trainer: &mut Trainer, folder: &Path, failed: Progress, why: &str) -> Result<Progress> {
    let rollbacks = failed.rollbacks + 1;
    if rollbacks > MOST_ROLLBACKS {
        return Err(Error::new(format!("training diverged: {why}, after {MOST_ROLLBACKS} roll-backs"))
            .at(folder)
            .advise("Lower train.learning_rate, or look for odd drawings with `denoodle data info`. The last good state is kept.")
            .in_window("Lower the learning rate, or look for odd drawings in Categories. The last good state is kept."));
    }
    let rate_scale = trainer.rate_scale / 2.0;
    let mut progress = trainer.restore(&ModelFile::read(&newest(folder))?)?;
    trainer.rate_scale = rate_scale;
    progress.rate_scale = rate_scale;
    progress.rollbacks = rollbacks;
    progress.steps = failed.steps;
    progress.elapsed_secs = failed.elapsed_secs;
    Ok(progress)
}

/// Drawings a second over the last half minute or so.
#[derive(Default)]
struct Speed {
    drawings: f64,
    seconds: f64,
}

impl Speed {
    fn add(&mut self, drawings: f64, seconds: f64) {
        let keep = (-seconds / 15.0).exp();
        self.drawings = self.drawings * keep + drawings;
        self.seconds = self.seconds * keep + seconds;
    }

    fn rate(&self) -> f64 {
        if self.seconds > 0.0 { self.drawings / self.seconds } else { 0.0 }
    }
}
