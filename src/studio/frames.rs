//! How long frames take, for measuring: whether the window stays smooth while a model trains.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::util::{Context as _, Result, atomic};

/// More frames than this are not recorded: five hours at 60 a second.
const MOST: usize = 1_000_000;

/// One frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// When it began.
    pub at: Duration,
    /// Since the frame before began.
    pub interval: Duration,
    /// Time that this program needed for it, as far as the window's toolkit measured it.
    pub work: Duration,
    /// Whether a model was training.
    pub training: bool,
}

/// The record, shared by the window and whoever opened it.
#[derive(Debug, Clone, Default)]
pub struct FrameTimes(Arc<Mutex<Vec<Frame>>>);

impl FrameTimes {
    /// Adds a frame.
    pub(super) fn push(&self, frame: Frame) {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if frames.len() < MOST {
            frames.push(frame);
        }
    }

    /// Writes one line a frame: seconds since the start, milliseconds since the frame before, milliseconds of work, training or not.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        atomic::write(path, |out| {
            writeln!(out, "at_secs,interval_ms,work_ms,training").context("cannot write the frame times")?;
            for Frame { at, interval, work, training } in frames.iter() {
                writeln!(out, "{:.4},{:.3},{:.3},{}", at.as_secs_f64(), ms(*interval), ms(*work), u8::from(*training))
                    .context("cannot write the frame times")?;
            }
            Ok(())
        })
    }
}
