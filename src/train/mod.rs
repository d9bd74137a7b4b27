//! Training, one step after another. No threads of its own but the pool that computes the shards; no channels.

mod batch;
mod checkpoint;
mod curves;
mod dit;
mod engine;
mod history_dit;
mod latent;
mod loss;
mod noised;
mod objective;
mod optimiser;
mod rate;
mod record;
mod rnn_denoiser;
mod run;
mod seq2seq;
pub mod sketch_net;
mod sketch_rnn;
mod strokes;
mod trainer;
mod unet1d;

pub use batch::{Noisy, Shard, TrainSet};
pub use checkpoint::Progress;
pub use curves::{Past, past};
pub use engine::{Engine, Gradients};
pub use record::{RunRecord, elapsed_secs, lines_until};
pub use run::{End, Observer, RunPlan, run};

pub use crate::model::file::{best, newest};
pub use loss::{entry_weights, losses};
pub use objective::{Counts, Drawing, Figure, Lesson, Losses, Objective, Prepared, fits, loss_names, objective};
pub use trainer::{StepReport, Trainer};
