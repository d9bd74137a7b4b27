//! What a worker reports.

use std::path::PathBuf;
use std::time::Duration;

use super::{Command, RunChanged, RunCurves, RunInfo};
use crate::config::{DrawSettings, Preset};
use crate::data::{Browsed, CategoryInfo, Imported, Kept};
use crate::eval::guess::Guess;
use crate::eval::recognise::Recognition;
use crate::eval::{Comparison, Scores, Stage};
use crate::generate::{Capabilities, Trace};
use crate::sketch::Sketch;
use crate::train::Losses;
use crate::util::memory::Memory;
use crate::util::{Error, Kind};

/// Small facts and outcomes. Facts may be dropped when nobody reads; outcomes and messages never are.
#[derive(Debug, Clone)]
pub enum Event {
    /// What is going on now, in words: "reading cat".
    Stage(String),
    /// How far the present stage is.
    Progress {
        /// So many are done …
        done: u64,
        /// … of so many, where that is known.
        total: Option<u64>,
        /// "drawings", "bytes", "steps".
        unit: &'static str,
    },
    /// A training step was made.
    Step(TrainProgress),
    /// The test split was looked at.
    Tested(TestLoss),
    /// A checkpoint was written after this many steps.
    Saved(u64),
    /// An evaluation has come to this stage; a [`Event::Stage`] with the words for it goes before.
    Evaluating(Evaluating),
    /// A subject of an evaluation is scored; the outcome holds the same again.
    Scored(Box<Scores>),
    /// Something a person should know; never an outcome.
    Message(String),
    /// The work is done.
    Finished(Outcome),
    /// The work failed.
    Failed(Failure),
}

/// What is left of an error at the end of its thread: its text, and whether the request itself was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// For a person at the command line: what happened, where, what to do next.
    pub text: String,
    /// The same for a person in front of the window.
    pub window: String,
    /// What it means for whoever asked.
    pub kind: Kind,
}

impl<T: Into<String>> From<T> for Failure {
    fn from(text: T) -> Self {
        let text = text.into();
        Self { window: text.clone(), text, kind: Kind::Failed }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { text: error.to_string(), window: error.for_window(), kind: error.kind() }
    }
}

/// The state of training after a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainProgress {
    /// Steps made.
    pub step: u64,
    /// Steps planned; `None` while the plan in minutes is being timed.
    pub steps: Option<u64>,
    /// Drawings seen.
    pub drawings: u64,
    /// The losses of this step.
    pub losses: Losses,
    /// Learning rate of this step.
    pub rate: f64,
    /// Norm of the gradient before clipping.
    pub gradient_norm: f64,
    /// Drawings a second, smoothed.
    pub drawings_per_sec: f64,
    /// Computed for so long, pauses not counted.
    pub elapsed: Duration,
    /// So long to go, once the plan is known.
    pub left: Option<Duration>,
    /// What the program has in memory, where the system tells.
    pub memory: Option<Memory>,
}

/// Losses on the test split, with the averaged weights and fixed noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestLoss {
    /// After so many steps.
    pub step: u64,
    /// The losses.
    pub losses: Losses,
    /// The lowest of this run so far.
    pub best: bool,
}

/// Drawings of fixed seeds in mid-training; see [`super::Previews`].
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// After so many steps.
    pub step: u64,
    /// In the data frame.
    pub sketches: Vec<Sketch>,
}

/// Where an evaluation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluating {
    /// The category; empty while it is not known yet.
    pub category: String,
    /// Which subject, counted from 0 …
    pub subject: usize,
    /// … of so many.
    pub subjects: usize,
    /// What is being done.
    pub stage: Stage,
    /// This is number so much of the subject's stages, counted from 0 …
    pub number: usize,
    /// … of so many.
    pub of: usize,
}

/// A subject's scores, and drawings to look at.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The scores: what `scores.json` holds.
    pub scores: Scores,
    /// Some real test drawings, in the data frame.
    pub real: Vec<Sketch>,
    /// As many generated ones, numbers 0 and up of the first seed: none is left out.
    pub generated: Vec<Sketch>,
}

/// Drawings with their way out of noise, and what made them.
#[derive(Debug, Clone)]
pub struct Traced {
    /// What the model can do; one that denoises nothing has no traces.
    pub capabilities: Capabilities,
    /// In the order of their numbers.
    pub traces: Vec<Trace>,
    /// The same parts with the other settings that were asked for, as many as there are traces; else empty.
    pub beside: Vec<Trace>,
    /// Of what.
    pub category: String,
    /// The model's own settings.
    pub own: DrawSettings,
    /// Computing time.
    pub took: Duration,
}

/// What is shown of many categories at a glance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cards {
    /// In the order of the request.
    pub thumbnails: Vec<Thumbnail>,
    /// What each of the models draws, in the order of the request; nothing of one that cannot be read.
    pub known: Vec<(PathBuf, Vec<String>)>,
}

/// A small drawing of a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    /// The category.
    pub category: String,
    /// In the data frame; `None` if there is no drawing of it and the shipped base does not know it.
    pub sketch: Option<Sketch>,
    /// There is a file of drawings of it: this is the first one in there.
    pub of_file: bool,
}

/// What a model can do.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// What it can be asked for.
    pub capabilities: Capabilities,
    /// What it draws.
    pub categories: Vec<String>,
    /// All settings that it was trained with: its system has these, and it draws as they say.
    pub preset: Box<Preset>,
}

/// The way from one drawing to another.
#[derive(Debug, Clone)]
pub struct Interpolated {
    /// What the model can do; one without latent vectors has nothing between two drawings.
    pub capabilities: Capabilities,
    /// Of what.
    pub category: String,
    /// The model's own settings.
    pub own: DrawSettings,
    /// The drawings; `None` if the model has no latent vectors.
    pub between: Option<Between>,
    /// Computing time.
    pub took: Duration,
}

/// Two drawings and what lies between them, in the data frame.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Between {
    /// The drawings at the ends, as they were read.
    pub originals: [Sketch; 2],
    /// What the model makes of their latent vectors.
    pub reconstructions: [Sketch; 2],
    /// One for each share that was asked for, in their order.
    pub drawings: Vec<Sketch>,
}

/// How work ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Training ended or was stopped; everything is saved.
    Trained {
        /// Steps made.
        steps: u64,
        /// The model to draw with.
        model: PathBuf,
        /// True if all planned steps were made.
        complete: bool,
    },
    /// The drawings, in the data frame.
    Drawn {
        /// In the order of their numbers.
        sketches: Vec<Sketch>,
        /// Of what.
        category: String,
        /// Computing time.
        took: Duration,
    },
    /// The drawings' way out of noise.
    Traced(Box<Traced>),
    /// A drawing's way into noise.
    Noised(Box<Trace>),
    /// The way from one drawing to another.
    Interpolated(Box<Interpolated>),
    /// Everything is scored, and written if it was to be.
    Evaluated {
        /// One a subject, in their order.
        results: Vec<Evaluated>,
        /// Files that were written.
        files: Vec<PathBuf>,
        /// All of it together.
        took: Duration,
    },
    /// The models stand side by side, and everything is written.
    Compared {
        /// What `comparison.json` holds.
        comparison: Box<Comparison>,
        /// Of each model some drawings, numbers 0 and up of the first seed: none is left out.
        drawings: Vec<Vec<Sketch>>,
        /// Files that were written.
        files: Vec<PathBuf>,
        /// All of it together.
        took: Duration,
    },
    /// A classifier has looked at everything.
    Recognised {
        /// What it says.
        recognition: Recognition,
        /// All of it together.
        took: Duration,
    },
    /// What the classifier takes a drawing for: after each stroke its first guesses, the likeliest first.
    Guessed(Vec<Vec<Guess>>),
    /// Downloaded files.
    Fetched(Vec<PathBuf>),
    /// The file, and its size in bytes.
    Exported {
        /// Where it is.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// There is a file already that was not to be replaced: nothing was written of what was asked for.
    Exists {
        /// The file.
        path: PathBuf,
        /// What would replace it.
        again: Box<Command>,
    },
    /// What the model can do.
    Described(Described),
    /// The drawing is kept, with those before it.
    Kept(Kept),
    /// The drawing that was kept last is gone; this is left of its collection.
    TakenBack(Kept),
    /// All that was kept before, in the order of its words.
    Collections(Vec<Kept>),
    /// What is on the disk.
    Surveyed {
        /// The user's own collections, then all categories of the data set and others that are there; each part alphabetically.
        categories: Vec<CategoryInfo>,
        /// Run folders with a model, newest first; then the names of the shipped models.
        models: Vec<PathBuf>,
    },
    /// All runs, the one that was changed last first.
    Runs(Vec<RunInfo>),
    /// What became of the run that was to be changed.
    RunChanged(RunChanged),
    /// A run's losses and preview sheets.
    Curves(Box<RunCurves>),
    /// What became of every file that was to be taken over.
    Imported(Vec<Imported>),
    /// Some drawings of a category, and what there is to say of all of them.
    Browsed(Box<Browsed>),
    /// What is shown of many categories at a glance.
    Cards(Box<Cards>),
    /// Stopped on request before there was a result.
    Cancelled,
}
