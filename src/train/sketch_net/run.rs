//! A whole run of the sketch network: steps, tests, checkpoints.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{SketchStep, SketchTrainer};
use crate::model::file::newest;
use crate::model::{Accuracy, SketchFile};
use crate::util::{Cancel, Context, Error, Result};

/// The key of [`Progress`] in a checkpoint's metadata.
const KEY: &str = "progress";
/// Test drawings that are looked at on the way; all of them at the end.
const TEST_SOME: usize = 4096;
/// Looks at the test drawings in a run.
const LOOKS: u64 = 40;
/// Steps between two checkpoints.
const SAVE_EVERY: u64 = 200;

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Progress {
    step: u64,
    steps: u64,
    seed: u64,
}

/// How a run is to go.
#[derive(Debug, Clone)]
pub struct SketchPlan {
    /// Where checkpoints and the result are kept.
    pub folder: PathBuf,
    /// Go on from the newest checkpoint.
    pub resume: bool,
}

/// Who watches.
pub trait SketchWatcher {
    /// After every step.
    fn step(&mut self, step: u64, steps: u64, report: &SketchStep) -> Result<()>;
    /// After a look at test drawings.
    fn tested(&mut self, step: u64, accuracy: &Accuracy);
}

/// Trains to the end of the plan or until `cancel`; either way everything is saved. Returns the averaged network's file, f16, and
/// whether all steps were made.
///
/// # Errors
/// A loss that is not finite; a folder that holds another run; files that cannot be written.
pub fn train(trainer: &mut SketchTrainer, plan: &SketchPlan, cancel: &Cancel, watcher: &mut dyn SketchWatcher) -> Result<(PathBuf, bool)> {
    let path = newest(&plan.folder);
    match (plan.resume, path.exists()) {
        (true, _) => trainer.restore(&path)?,
        (false, true) => {
            return Err(Error::usage("this folder holds a run already")
                .at(&plan.folder)
                .advise("Go on with it by --resume, or choose another folder by --out."));
        }
        (false, false) => {}
    }
    let look_every = (trainer.steps / LOOKS).max(SAVE_EVERY);
    while trainer.step < trainer.steps && cancel.reason().is_none() {
        let report = trainer.step()?;
        if !report.loss.is_finite() || !report.gradient_norm.is_finite() {
            let what = format!("step {}: the loss is {} and the gradient's norm {}", trainer.step + 1, report.loss, report.gradient_norm);
            return Err(Error::new(what).at(&path).advise("The last checkpoint is kept: --resume goes on from it."));
        }
        watcher.step(trainer.step, trainer.steps, &report)?;
        if trainer.step.is_multiple_of(look_every)
            && trainer.step < trainer.steps
            && let Some(accuracy) = trainer.test(TEST_SOME)?
        {
            watcher.tested(trainer.step, &accuracy);
        }
        if trainer.step.is_multiple_of(SAVE_EVERY) {
            trainer.save(&path)?;
        }
    }
    let complete = trainer.step >= trainer.steps;
    if complete && let Some(accuracy) = trainer.test(usize::MAX)? {
        watcher.tested(trainer.step, &accuracy);
    }
    trainer.save(&path)?;
    let shipped = plan.folder.join("sketch-features.safetensors");
    trainer.averaged()?.write(&shipped, true)?;
    Ok((shipped, complete))
}

impl SketchTrainer {
    fn save(&self, path: &Path) -> Result<()> {
        let mut file = self.averaged()?;
        file.others = self.engine.optimiser.state()?;
        let progress = Progress { step: self.step, steps: self.steps, seed: self.seed };
        file.notes.insert(KEY.into(), serde_json::to_string(&progress).context("the progress cannot be written")?);
        file.write(path, false)
    }

    fn restore(&mut self, path: &Path) -> Result<()> {
        let file = SketchFile::read(path)?;
        let note = file.notes.get(KEY).ok_or_else(|| Error::new("this file holds no state of a training").at(path))?;
        let progress: Progress = serde_json::from_str(note).context("the state of the training cannot be read")?;
        if progress.seed != self.seed || file.info.categories != self.set.categories || file.info.data != self.set.sources {
            return Err(Error::usage("this run was started with another seed or on other drawings").at(path));
        }
        self.engine.optimiser.restore(&file.weights, &file.others).map_err(|e| e.at(path))?;
        (self.step, self.steps, self.accuracy, self.ready) = (progress.step, progress.steps, file.info.accuracy, None);
        Ok(())
    }
}
