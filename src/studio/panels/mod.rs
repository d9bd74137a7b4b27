//! What is where: one file a bar, one folder a workspace.

pub(super) mod about;
pub(super) mod categories;
mod category;
pub(super) mod closing;
pub(super) mod commands;
pub(super) mod compare;
pub(super) mod denoise;
pub(super) mod draw;
pub(super) mod evaluate;
pub(super) mod files;
pub(super) mod interpolate;
mod library;
pub(super) mod messages;
pub(super) mod play;
pub(super) mod replace;
mod scoring;
pub(super) mod status;
pub(super) mod toasts;
pub(super) mod top;
pub(super) mod train;
mod weights;
