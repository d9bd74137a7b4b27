//! All state of a run in one file, and back, bit for bit.
//!
//! A checkpoint is a model file (the averaged weights) with the raw weights, both moments of AdamW and [`Progress`] beside
//! them. Random state is (seed, step): every stream is keyed by both ([`crate::util::rng`]).

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::trainer::Trainer;
use crate::model::ModelFile;
use crate::util::{Context, Error, Result};

/// The key of [`Progress`] in a checkpoint's metadata.
const KEY: &str = "progress";

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps made.
    pub step: u64,
    /// Steps planned; `None` while a plan in minutes is still being timed.
    pub steps: Option<u64>,
    /// The seed of all random streams; with `step` it is the random state.
    pub seed: u64,
    /// The data cursor: drawings taken from the endless sequence of epochs.
    pub cursor: u64,
    /// The learning rate is multiplied by this: halved after every roll-back.
    pub rate_scale: f64,
    /// Roll-backs so far.
    pub rollbacks: u32,
    /// Lowest test loss so far.
    pub best: Option<f64>,
    /// Seconds computed so far, pauses not counted.
    pub elapsed_secs: f64,
}

impl Trainer {
    /// Writes everything, whole or not at all.
    pub fn save(&self, path: &Path, progress: &Progress) -> Result<()> {
        let mut file = self.averaged()?;
        file.others = self.engine.optimiser.state()?;
        file.notes.insert(KEY.into(), serde_json::to_string(progress).context("the progress cannot be written")?);
        file.write(path, false)
    }

    /// Takes over a checkpoint's state. The trainer must have been made with the same settings and seed.
    pub fn restore(&mut self, file: &ModelFile) -> Result<Progress> {
        let progress = Progress::of(file)?;
        if progress.seed != self.seed || file.info.categories != self.categories {
            return Err(Error::usage(format!(
                "this run was started with seed {} on {}, which is not what is being resumed",
                progress.seed,
                file.info.categories.join(", ")
            )));
        }
        if file.info.data != self.sources() {
            return Err(Error::usage("the drawings are not those that this run was started with")
                .advise("Name the folder where those are by --data, or start a new run from it with --from.")
                .in_window("Import those again in Categories, or start a new run from this one's model."));
        }
        self.objective = self.objective.recoded(&file.coding)?;
        self.coding = file.coding.clone();
        self.engine.optimiser.restore(&file.weights, &file.others)?;
        self.step = progress.step;
        self.ready = None;
        self.rate_scale = progress.rate_scale;
        self.test_loss = file.info.test_loss;
        Ok(progress)
    }
}

impl Progress {
    /// The progress in a checkpoint.
    pub fn of(file: &ModelFile) -> Result<Self> {
        Self::noted(&file.notes)
    }

    /// The progress in a checkpoint's metadata.
    pub fn noted(notes: &BTreeMap<String, String>) -> Result<Self> {
        let text = notes.get(KEY).ok_or_else(|| {
            Error::new("this file holds a model, but not the state of its training")
                .advise("Start a new run from it with --from.")
                .in_window("Start a new run from it.")
        })?;
        serde_json::from_str(text).context("the state of the training cannot be read")
    }
}
