//! The only module that owns threads: commands in, events out.
//!
//! A [`Command`] is started with [`Handle::start`]; its worker thread reports small facts through a bounded channel
//! ([`Event`]) and big, replaceable things through a latest-wins [`Slot`], so that a slow reader never slows the work
//! and never grows memory. Outcomes are never dropped. The studio and the command line read the same events.

mod command;
mod event;
mod handle;
mod previews;
mod runs;
mod slot;
mod stored;
mod worker;

pub use command::{
    BrowseRequest, CardsRequest, Clean, Command, CompareRequest, DrawRequest, End, EvaluateRequest, ExportRequest, FeaturesRequest,
    FetchRequest, GuessRequest, INCEPTION_ADDRESS, INCEPTION_BYTES, ImportRequest, InterpolateRequest, KeepRequest, Length, NoiseRequest,
    PreviewPlan, RecogniseRequest, SampleRequest, SaveScoresRequest, Source, Subject, SurveyRequest, TraceRequest, TrainRequest,
    WeightsRequest,
};
pub use event::{
    Between, Cards, Described, Evaluated, Evaluating, Event, Failure, Interpolated, Outcome, Preview, TestLoss, Thumbnail, Traced,
    TrainProgress,
};
pub use handle::Handle;
pub use previews::{MOST_SHEETS, Previews};
pub use runs::{Best, ChangeRunRequest, NOTE_MOST, RunChange, RunChanged, RunCurves, RunFacts, RunInfo, check_run_name};
pub use slot::Slot;

pub use crate::data::{Browsed, Imported, Portion};
pub use crate::eval::guess::Guess;
pub use crate::generate::{Capabilities, Moment, Part, Trace};
pub use crate::train::{Figure, Losses};
pub use stored::stored_run;

pub use crate::model::device::in_prospect as device_in_prospect;
pub use crate::model::shipped::{BASE, SHIPPED, Shipped, shipped};
pub use crate::sketch::ATTRIBUTION;
// What whoever shows scores needs to know of them.
pub use crate::eval::report::comparison_facts;
pub use crate::eval::{
    Against, Basis, Better, COPYING, CharacteristicScore, Compared, Comparison, Explained, Floor, Histogram, Measured, Origin, Protocol,
    SCORES, Score, ScoreKind, Scores, Stage, TrainingTime, Versus,
};
