//! What every layer needs and no layer owns: error text, atomic writes, seeded random streams, time, memory, cancelling.

pub mod atomic;
pub mod cancel;
pub mod clock;
pub mod digest;
pub mod error;
pub mod memory;
mod names;
pub mod number;
pub mod rng;
pub mod series;
mod stride;
pub mod threads;

pub use cancel::{Cancel, Reason};
pub use error::{Context, Error, Kind, Result};
pub use names::{harmless, not_in_names};
pub use stride::stride;
