//! Training, one step after another. No threads of its own but the pool that computes the shards; no channels.

mod batch;
mod checkpoint;
mod optimiser;
mod rate;
mod record;
mod run;
mod trainer;

pub use batch::TrainSet;
pub use checkpoint::Progress;
pub use record::RunRecord;
pub use run::{End, Observer, RunPlan, best, newest, run};
pub use trainer::{Losses, StepReport, Trainer};
