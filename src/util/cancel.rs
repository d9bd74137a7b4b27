//! A token that long work looks at: every batch and every denoising step.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::{Error, Kind, Result};

/// Why the work was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// The person pressed Stop.
    Stopped = 1,
    /// Ctrl-C or a termination signal.
    Interrupted = 2,
    /// Whoever waited for the result went away.
    Abandoned = 3,
}

impl Reason {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Stopped => "stopped on request",
            Self::Interrupted => "interrupted",
            Self::Abandoned => "no longer wanted",
        }
    }
}

/// A shared flag with a reason; clones share it. The first reason stays.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicU8>);

impl Cancel {
    /// Asks the work to stop.
    pub fn cancel(&self, reason: Reason) {
        let _ = self.0.compare_exchange(0, reason as u8, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The reason, once there is one.
    pub fn reason(&self) -> Option<Reason> {
        match self.0.load(Ordering::Acquire) {
            1 => Some(Reason::Stopped),
            2 => Some(Reason::Interrupted),
            3 => Some(Reason::Abandoned),
            _ => None,
        }
    }

    /// An error of kind [`Kind::Cancelled`] once the work should stop.
    pub fn check(&self) -> Result<()> {
        match self.reason() {
            Some(reason) => Err(Error::new(reason.text()).with_kind(Kind::Cancelled)),
            None => Ok(()),
        }
    }
}
