//! What can be asked of a worker.

use std::path::{Path, PathBuf};

use super::ChangeRunRequest;
use crate::config::{DeviceChoice, DrawSettings, Preset};
use crate::data::{Folders, Portion};
use crate::eval::{Protocol, Scores, weights};
use crate::export::Export;
use crate::sketch::Sketch;

/// A piece of work for a thread of its own.
#[derive(Debug, Clone)]
pub enum Command {
    /// Train a model; ends with [`super::Outcome::Trained`].
    Train(Box<TrainRequest>),
    /// Train the sketch features; ends with [`super::Outcome::Trained`].
    TrainFeatures(FeaturesRequest),
    /// Draw with a trained model; ends with [`super::Outcome::Drawn`].
    Draw(Box<DrawRequest>),
    /// Draw, and keep the way out of noise; ends with [`super::Outcome::Traced`].
    Trace(Box<TraceRequest>),
    /// Add noise to a drawing, as a model's training does; ends with [`super::Outcome::Noised`].
    Noise(Box<NoiseRequest>),
    /// Draw what lies between two drawings; ends with [`super::Outcome::Interpolated`].
    Interpolate(Box<InterpolateRequest>),
    /// Score a model's drawings; ends with [`super::Outcome::Evaluated`].
    Evaluate(Box<EvaluateRequest>),
    /// Set several models side by side; ends with [`super::Outcome::Compared`].
    Compare(Box<CompareRequest>),
    /// Ask a classifier what a model has drawn; ends with [`super::Outcome::Recognised`].
    Recognise(RecogniseRequest),
    /// Ask a classifier what a drawing is, stroke by stroke; ends with [`super::Outcome::Guessed`].
    Guess(Box<GuessRequest>),
    /// Download categories; ends with [`super::Outcome::Fetched`].
    Fetch(FetchRequest),
    /// Put the Inception weights into place; ends with [`super::Outcome::Fetched`].
    Weights(WeightsRequest),
    /// Write drawings to a file; ends with [`super::Outcome::Exported`] or [`super::Outcome::Exists`].
    Export(ExportRequest),
    /// Write scores to a file; ends like an export.
    SaveScores(Box<SaveScoresRequest>),
    /// Ask what a model can do; ends with [`super::Outcome::Described`].
    Describe(PathBuf),
    /// Keep a drawing of the user's own; ends with [`super::Outcome::Kept`].
    Keep(Box<KeepRequest>),
    /// Take the drawing that was kept last back; ends with [`super::Outcome::TakenBack`].
    TakeBack(Box<KeepRequest>),
    /// Count what the user has kept in these folders, [`Folders::own`]; ends with [`super::Outcome::Collections`].
    Collections(Folders),
    /// Look at what is on the disk; ends with [`super::Outcome::Surveyed`].
    Survey(SurveyRequest),
    /// List the runs in this folder; ends with [`super::Outcome::Runs`].
    Runs(PathBuf),
    /// Change a run; ends with [`super::Outcome::RunChanged`].
    ChangeRun(Box<ChangeRunRequest>),
    /// Read the losses and the preview sheets of the run in this folder; ends with [`super::Outcome::Curves`].
    Curves(PathBuf),
    /// Take over files of drawings and of splits; ends with [`super::Outcome::Imported`].
    Import(Box<ImportRequest>),
    /// Make up the sketchbook's drawings, and take them over; ends with [`super::Outcome::Imported`].
    Sample(SampleRequest),
    /// Look at some drawings of a category; ends with [`super::Outcome::Browsed`].
    Browse(Box<BrowseRequest>),
    /// Make what is shown of many categories at a glance; ends with [`super::Outcome::Cards`].
    Cards(Box<CardsRequest>),
}

/// How long to train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// As many steps as the preset says.
    Preset,
    /// This many steps.
    Steps(u64),
    /// About this many minutes: the warm-up is timed, then the number of steps is fixed and written down.
    Minutes(f64),
}

/// Everything that decides a training run.
#[derive(Debug, Clone)]
pub struct TrainRequest {
    /// What to learn; one, or several for one conditional model.
    pub categories: Vec<String>,
    /// All settings.
    pub preset: Preset,
    /// Where the drawings and the splits are.
    pub folders: Folders,
    /// The run folder: checkpoints, metrics, `run.ron`.
    pub out: PathBuf,
    /// How long.
    pub length: Length,
    /// Decides all randomness.
    pub seed: u64,
    /// Where to compute.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
    /// Weights to start from.
    pub from: Option<PathBuf>,
    /// Go on from the newest checkpoint in `out`.
    pub resume: bool,
    /// Draw a sheet now and then.
    pub preview: Option<PreviewPlan>,
}

/// Sketch features to be trained: a network that tells categories apart.
#[derive(Debug, Clone)]
pub struct FeaturesRequest {
    /// Which; none for all whose drawings and splits are there.
    pub categories: Vec<String>,
    /// Where the drawings and the splits are.
    pub folders: Folders,
    /// The run folder.
    pub out: PathBuf,
    /// How often every training drawing is seen; a run that is resumed keeps its own.
    pub epochs: f64,
    /// Decides all randomness.
    pub seed: u64,
    /// CPU threads.
    pub threads: usize,
    /// Go on from the newest checkpoint in `out`.
    pub resume: bool,
}

/// A sheet of fixed seeds, drawn while training with the averaged weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PreviewPlan {
    /// Drawings on it.
    pub count: usize,
    /// At most one in so many seconds.
    pub every_secs: f64,
}

/// Drawings wanted.
#[derive(Debug, Clone)]
pub struct DrawRequest {
    /// A model file or a run folder.
    pub model: PathBuf,
    /// Of which category; needed only if the model knows several.
    pub category: Option<String>,
    /// How many.
    pub count: usize,
    /// The number of the first drawing: drawing i of a seed is the same, whatever is drawn beside it.
    pub first: u64,
    /// Decides all randomness.
    pub seed: u64,
    /// Overrides the model's own settings.
    pub settings: Option<DrawSettings>,
    /// Strokes in the data frame that every drawing begins with.
    pub start: Option<Sketch>,
    /// Where to compute.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// Drawings wanted, with their way out of noise: some to be looked at, not thousands.
#[derive(Debug, Clone)]
pub struct TraceRequest {
    /// What to draw, and how.
    pub draw: DrawRequest,
    /// Every part once more with these settings, from the same noise.
    pub beside: Option<DrawSettings>,
}

/// A drawing that noise is added to.
#[derive(Debug, Clone)]
pub struct NoiseRequest {
    /// Whose codec, and whose noise levels: a shipped model's name, a model file or a run folder.
    pub model: PathBuf,
    /// Which drawing.
    pub what: Clean,
    /// Decides the noise.
    pub seed: u64,
    /// Overrides the model's own settings.
    pub settings: Option<DrawSettings>,
    /// Where to compute.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// A drawing without noise.
#[derive(Debug, Clone, PartialEq)]
pub enum Clean {
    /// This one, in the data frame.
    Given(Sketch),
    /// A drawing of the data set.
    Real {
        /// Of this category.
        category: String,
        /// Its number among those in the file; past the last one it begins again.
        number: u64,
        /// Where drawings are.
        folders: Folders,
    },
}

/// Two drawings, and what is wanted of the way from one to the other.
#[derive(Debug, Clone)]
pub struct InterpolateRequest {
    /// Whose latent vectors: a shipped model's name, a model file or a run folder.
    pub model: PathBuf,
    /// Of which category; needed only if the model knows several.
    pub category: Option<String>,
    /// Where the way begins and where it ends.
    pub ends: [End; 2],
    /// A drawing at each of these shares of the way, 0 to 1.
    pub shares: Vec<f32>,
    /// Decides the random numbers that all of them are drawn with: the same ones for each.
    pub seed: u64,
    /// Overrides the model's own temperature; drawings of the model at the ends keep that.
    pub temperature: Option<f64>,
    /// Where to compute.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// A drawing at an end of a way.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// What the model draws by itself.
    Drawn {
        /// With this seed.
        seed: u64,
        /// The number of the drawing.
        number: u64,
    },
    /// A drawing of the data set, of the category at hand.
    Real {
        /// Its number among those in the file; past the last one it begins again.
        number: u64,
        /// Where drawings are.
        folders: Folders,
    },
    /// Any drawing.
    Given(Sketch),
}

/// Drawings to score.
#[derive(Debug, Clone)]
pub struct EvaluateRequest {
    /// What to score, in turn: one, or one a category for a table of several.
    pub subjects: Vec<Subject>,
    /// Where the real drawings and the splits are.
    pub folders: Folders,
    /// How to score.
    pub protocol: Protocol,
    /// Drawings a model is asked for with every seed.
    pub count: usize,
    /// The seed of the first repetition; the others are those that follow. It also decides which drawings make the floor.
    pub seed: u64,
    /// So many repetitions with a seed each: 1 at least.
    pub repetitions: usize,
    /// Look for copies, which needs the features of every training drawing; `None`: where the protocol is quick.
    pub copying: Option<bool>,
    /// Writes scores, tables and sheets into this folder, which must not hold scores already unless `replace`.
    pub out: Option<PathBuf>,
    /// Scores that are in `out` may be replaced.
    pub replace: bool,
    /// Where a model computes.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// Whose drawings to score, and against which real ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Whose.
    pub source: Source,
    /// Real drawings of this category; may be left out where a model knows only one.
    pub category: Option<String>,
}

/// Whose drawings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A model's, from a file or a run folder; drawn as its own settings say.
    Model(PathBuf),
    /// Those of a file in the data set's own form, made anywhere. They have no seed.
    Drawings(PathBuf),
}

impl Source {
    /// The file or folder.
    pub fn path(&self) -> &Path {
        match self {
            Self::Model(path) | Self::Drawings(path) => path,
        }
    }
}

/// Models to set side by side.
#[derive(Debug, Clone)]
pub struct CompareRequest {
    /// Shipped names, files or run folders: two at least.
    pub models: Vec<PathBuf>,
    /// What they draw; may be left out where all of them know only one category.
    pub category: Option<String>,
    /// Where the real drawings and the splits are.
    pub folders: Folders,
    /// How to score.
    pub protocol: Protocol,
    /// Drawings that every model is asked for with every seed.
    pub count: usize,
    /// The seed of the first repetition; the others are those that follow.
    pub seed: u64,
    /// So many repetitions with a seed each: 1 at least.
    pub repetitions: usize,
    /// Drawings of each model in the picture: numbers 0 and up of the first seed.
    pub shown: usize,
    /// Writes tables and a picture into this folder, which must not hold a comparison already unless `replace`.
    pub out: PathBuf,
    /// A comparison that is in `out` may be replaced.
    pub replace: bool,
    /// Where the models compute.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// Drawings to be recognised.
#[derive(Debug, Clone)]
pub struct RecogniseRequest {
    /// A model file or a run folder.
    pub model: PathBuf,
    /// Which categories; none for all that the model knows.
    pub categories: Vec<String>,
    /// Where the real drawings and the splits are.
    pub folders: Folders,
    /// Drawings of each category.
    pub count: usize,
    /// Their seed.
    pub seed: u64,
    /// Where the model computes.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: usize,
}

/// A drawing to be guessed while it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct GuessRequest {
    /// The drawing; the frame does not matter.
    pub sketch: Sketch,
    /// So many guesses after each stroke.
    pub most: usize,
    /// CPU threads.
    pub threads: usize,
}

/// Categories to download.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Which.
    pub categories: Vec<String>,
    /// Where from; `None` is the data set's public bucket.
    pub base: Option<String>,
    /// Where to.
    pub folders: Folders,
}

/// Where the Inception weights are published.
pub const INCEPTION_ADDRESS: &str = weights::ADDRESSES[0];

/// Their size in bytes.
pub const INCEPTION_BYTES: u64 = 95_628_359;

/// Weights of an extractor wanted; those of Inception are the only ones that are not part of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightsRequest {
    /// Download them.
    Fetch {
        /// Where from; `None` is where they are published.
        address: Option<String>,
        /// Where to: [`crate::eval::weights::file`].
        file: PathBuf,
    },
    /// Take over a copy.
    Import {
        /// The copy.
        from: PathBuf,
        /// Where to: [`crate::eval::weights::file`].
        file: PathBuf,
    },
}

impl WeightsRequest {
    /// Downloads them to where they are looked for.
    pub fn fetch() -> Self {
        Self::Fetch { address: None, file: weights::file() }
    }

    /// Takes a copy over to where they are looked for.
    pub fn import(from: PathBuf) -> Self {
        Self::Import { from, file: weights::file() }
    }
}

/// A file to write.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// What, in the data frame.
    pub sketches: Vec<Sketch>,
    /// The category's name, where the form has a place for it.
    pub word: String,
    /// The form and its settings.
    pub form: Export,
    /// The file.
    pub path: PathBuf,
    /// A file that is there already may be replaced.
    pub replace: bool,
}

/// The sketchbook where the user's drawings are.
#[derive(Debug, Clone)]
pub struct SampleRequest {
    /// Where the drawings and the splits go.
    pub folders: Folders,
    /// CPU threads.
    pub threads: usize,
}

/// Scores to be written, as `scores.json` holds them.
#[derive(Debug, Clone)]
pub struct SaveScoresRequest {
    /// What.
    pub scores: Scores,
    /// The file.
    pub path: PathBuf,
    /// A file that is there already may be replaced.
    pub replace: bool,
}

/// A drawing to keep, or to take back: see [`crate::data::keep`] and [`crate::data::take_back`].
#[derive(Debug, Clone, PartialEq)]
pub struct KeepRequest {
    /// As it lies on the page.
    pub sketch: Sketch,
    /// Of what.
    pub word: String,
    /// The user's own: [`Folders::own`].
    pub folders: Folders,
}

/// What to look at.
#[derive(Debug, Clone)]
pub struct SurveyRequest {
    /// Where the drawings and the splits are.
    pub folders: Folders,
    /// Where runs are kept: every model in there is listed.
    pub runs: PathBuf,
}

/// Files to take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRequest {
    /// Files of drawings, or archives of splits.
    pub files: Vec<PathBuf>,
    /// Where to.
    pub folders: Folders,
    /// What is there already may be replaced.
    pub replace: bool,
    /// CPU threads.
    pub threads: usize,
}

/// Drawings to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowseRequest {
    /// Of which category.
    pub category: String,
    /// Of which of its drawings.
    pub portion: Portion,
    /// The place of the first one in its portion, from 0.
    pub first: usize,
    /// So many.
    pub count: usize,
    /// Where drawings and splits are.
    pub folders: Folders,
    /// CPU threads.
    pub threads: usize,
}

/// What is to be shown of many categories at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardsRequest {
    /// A small drawing of each of these.
    pub categories: Vec<String>,
    /// What each of these models draws.
    pub models: Vec<PathBuf>,
    /// Where drawings are; of what is not there, the shipped base draws one.
    pub folders: Folders,
    /// CPU threads.
    pub threads: usize,
}
