//! Runs that were stopped: how to go on with them.

use std::path::Path;

use super::{Length, TrainRequest};
use crate::data::Folders;
use crate::train::RunRecord;
use crate::util::Result;

/// The request that goes on with the run in a folder: its own categories, preset, seed and drawings, up to the number of
/// steps that was planned. No preview is asked for.
///
/// # Errors
/// If the folder holds no run, or its `run.ron` cannot be read.
pub fn stored_run(folder: &Path) -> Result<TrainRequest> {
    let record = RunRecord::read(folder)?;
    Ok(TrainRequest {
        categories: record.categories,
        preset: record.preset,
        folders: Folders { drawings: record.drawings, subset: record.subset },
        out: folder.to_path_buf(),
        length: record.steps.map_or(Length::Preset, Length::Steps),
        seed: record.seed,
        device: record.device,
        threads: record.threads,
        from: None,
        resume: true,
        preview: None,
    })
}
