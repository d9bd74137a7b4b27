//! Denoodle trains, explains and evaluates diffusion models that draw the way a person does: one stroke after another.
//!
//! Dependencies point down only; `tests/layers.rs` holds this.
//!
//! ```text
//!   main, cli     studio                    the two faces: both read the same events
//!        \         /
//!         session                           commands, events, the only threads
//!            |
//!   train  generate  eval  export           one training step; one drawing; scores; one file form
//!            |
//!   model  diffusion  data  raster  config  networks; schedules and samplers; files; pixels; settings
//!            |
//!         sketch                            strokes, the stroke codec
//!            |
//!          util                             errors, atomic files, random streams, cancelling
//! ```

pub mod config;
pub mod data;
pub mod diffusion;
pub mod eval;
pub mod export;
pub mod generate;
pub mod model;
pub mod raster;
pub mod session;
pub mod sketch;
#[cfg(feature = "studio")]
pub mod studio;
pub mod train;
pub mod util;
