//! The window. State is plain data that events are applied to; views are functions of it; only [`engine`] touches threads.
//!
//! ```text
//!   app         one frame: poll the engine, apply events, draw, carry out what was asked for
//!     panels    what is where: top bar, status line, one folder a workspace
//!     widgets   what several panels use
//!   action      everything that a person can ask for: feeds buttons and shortcuts alike
//!   state       what is so; no egui in here
//!   engine      commands out, events in
//! ```

pub mod action;
mod app;
pub mod dialog;
pub mod engine;
mod frames;
mod open;
mod panels;
pub mod playback;
mod remembered;
pub mod state;
pub mod theme;
mod widgets;
pub mod words;

use std::path::PathBuf;

pub use app::App;
use eframe::egui;

use crate::config::DeviceChoice;
use crate::data::Folders;
use crate::util::clock::SystemClock;
use crate::util::{Context as _, Error, Kind, Result};

/// What the window is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where drawings and splits are.
    pub folders: Folders,
    /// Where runs are kept, one folder each.
    pub runs: PathBuf,
    /// CPU threads for the work.
    pub threads: usize,
    /// Where to compute, unless the person chooses otherwise.
    pub device: DeviceChoice,
    /// Where to write how long every frame took, in milliseconds, when the window closes.
    pub frame_times: Option<PathBuf>,
}

/// What to do without a window.
const WITHOUT_A_WINDOW: &str = "Everything works without a window too: see `denoodle train`, `denoodle draw`, `denoodle data`, \
     `denoodle doctor`, each with --help.";

/// Opens the window; returns when it is closed.
///
/// # Errors
/// If there is no display, or it cannot show a window: the text says what is missing and which sub-commands need none.
pub fn run(options: Options) -> Result<()> {
    display_is_there()?;
    let frames = frames::FrameTimes::default();
    let record = options.frame_times.clone();
    let shared = record.as_ref().map(|_| frames.clone());
    let native = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Denoodle")
            .with_app_id("denoodle")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([1100.0, 700.0])
            .with_icon(icon()?),
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    let opened = eframe::run_native(
        "denoodle",
        native,
        Box::new(move |cc| {
            let engine = engine::Workers::new(cc.egui_ctx.clone());
            let app = App::new(&cc.egui_ctx, options, Box::new(engine), Box::<SystemClock>::default(), shared)?;
            Ok(Box::new(app))
        }),
    );
    opened.map_err(cannot_open)?;
    match record {
        Some(path) => frames.write(&path),
        None => Ok(()),
    }
}

/// On platforms where a display is a matter of environment variables, says which are missing.
fn display_is_there() -> Result<()> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(all(unix, not(target_os = "macos"))) && !["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(set) {
        return Err(Error::new("there is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set")
            .with_kind(Kind::Failed)
            .advise(WITHOUT_A_WINDOW));
    }
    Ok(())
}

/// The windowing library's error, for people.
fn cannot_open(error: eframe::Error) -> Error {
    match error {
        eframe::Error::AppCreation(cause) => Error::new("cannot open the window").because(cause),
        other => Error::new(format!("cannot open a window on this display: {other}")).advise(WITHOUT_A_WINDOW),
    }
}

/// The window's icon.
fn icon() -> Result<egui::IconData> {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")).context("cannot read the window's icon")
}
