//! What is where: one file a bar, one folder a workspace.

pub(super) mod about;
pub(super) mod closing;
pub(super) mod evaluate;
pub(super) mod messages;
pub(super) mod play;
pub(super) mod status;
pub(super) mod top;
pub(super) mod train;
