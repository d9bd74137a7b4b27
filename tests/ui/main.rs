//! The window, pressed and read as a person with a screen reader would: by the names and states of its controls.
#![cfg(feature = "studio")]

mod categories;
mod commands;
mod denoise;
mod evaluate;
mod play;
mod shell;
mod support;
mod train;
