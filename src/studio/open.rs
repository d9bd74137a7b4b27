//! The platform's file manager.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::util::{Context as _, Result};

/// What opens a folder on this platform.
const OPENER: &str = match () {
    () if cfg!(target_os = "macos") => "open",
    () if cfg!(windows) => "explorer",
    () => "xdg-open",
};

/// Shows a folder.
///
/// # Errors
/// If the platform's program for it is missing.
pub(super) fn folder(path: &Path) -> Result<()> {
    let mut opener = Command::new(OPENER);
    opener.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = opener.spawn().context_at(format!("cannot open the folder with {OPENER}"), path)?;
    // Somebody must take note of its end.
    let wait = move || drop(child.wait());
    std::thread::Builder::new().name("denoodle-open".into()).spawn(wait).map(drop).context("cannot wait for the file manager")
}
