//! The platform's file manager.

use std::path::Path;
use std::process::{Command, Stdio};

use crossbeam_channel::Receiver;
use eframe::egui;

use crate::util::{Context as _, Error, Result};

/// What opens a folder on this platform.
const OPENER: &str = match () {
    () if cfg!(target_os = "macos") => "open",
    () if cfg!(windows) => "explorer",
    () => "xdg-open",
};

/// Shows a folder. What comes is an error of the file manager, which may take a while to find out; `ctx` is woken for it.
///
/// # Errors
/// If the platform's program for it is missing.
pub(super) fn folder(path: &Path, ctx: egui::Context) -> Result<Receiver<Error>> {
    let mut opener = Command::new(OPENER);
    opener.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = opener.spawn().context_at(format!("cannot open the folder with {OPENER}"), path)?;
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let folder = path.to_path_buf();
    let wait = move || {
        // That of Windows says that it failed also when it did not.
        let told = child.wait().ok().filter(|status| !status.success() && !cfg!(windows));
        if let Some(status) = told {
            let what = format!("cannot open the folder: {OPENER} ended with {status}");
            let _ = sender.send(Error::new(what).at(folder).advise("Open it in a file manager of your choice."));
            ctx.request_repaint();
        }
    };
    std::thread::Builder::new().name("denoodle-open".into()).spawn(wait).context("cannot wait for the file manager")?;
    Ok(receiver)
}
