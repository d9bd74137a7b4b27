//! The window, pressed and read as a person with a screen reader would: by the names and states of its controls.
#![cfg(feature = "studio")]

mod categories;
mod commands;
mod compare;
mod denoise;
mod draw;
mod draw_keep;
mod evaluate;
mod imports;
mod interpolate;
mod pictures;
mod play;
mod play_grid;
mod play_guess;
mod play_look;
mod runs;
mod shell;
mod support;
mod toasts;
mod train;
mod tries;
