//! Time, injected, so that tests need not wait.

use std::time::{Duration, Instant};

/// Time since some fixed moment.
pub trait Clock: Send + Sync {
    /// Never runs backwards.
    fn now(&self) -> Duration;
}

/// The machine's monotonic clock, from when it was made.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// "2 h 05 min", "4 min 10 s", "12 s": for people.
pub fn words(duration: Duration) -> String {
    let secs = duration.as_secs();
    match secs {
        0..60 => format!("{secs} s"),
        60..3600 => format!("{} min {:02} s", secs / 60, secs % 60),
        _ => format!("{} h {:02} min", secs / 3600, secs / 60 % 60),
    }
}
