//! The platform's file dialogs, on a thread of their own: the window goes on meanwhile.

use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use crate::util::{Context as _, Result};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Where to save a file.
    Save {
        /// The dialog's title.
        title: String,
        /// Folder and name that it begins with.
        suggestion: PathBuf,
        /// Endings that are offered: a name and the ending without its dot.
        forms: Vec<(&'static str, &'static str)>,
    },
    /// Which model to use.
    Model {
        /// Where it begins.
        folder: PathBuf,
    },
    /// Where to save scores.
    SaveScores {
        /// Folder and name that it begins with.
        suggestion: PathBuf,
    },
    /// Whose drawings to score: a model, or a file of drawings.
    Subject {
        /// Where it begins.
        folder: PathBuf,
    },
    /// Which other model to compare.
    Compared {
        /// Where it begins.
        folder: PathBuf,
    },
    /// Which file holds the Inception weights.
    Weights,
    /// Which file of drawings to take over.
    Drawings,
    /// Which archive of splits to take over.
    Splits,
}

/// An open dialog.
pub(super) struct Dialog {
    ask: Ask,
    answer: Receiver<Option<PathBuf>>,
    chosen: Option<Option<PathBuf>>,
}

impl Dialog {
    /// Opens it; `ctx` is woken when it closes.
    pub fn open(ask: Ask, ctx: eframe::egui::Context) -> Result<Self> {
        let (sender, answer) = bounded(1);
        let asked = ask.clone();
        let work = move || {
            // The window may be gone by now: then nobody misses the answer.
            let _ = sender.send(show(&asked));
            ctx.request_repaint();
        };
        std::thread::Builder::new().name("denoodle-dialog".into()).spawn(work).context("cannot open a file dialog")?;
        Ok(Self { ask, answer, chosen: None })
    }

    /// True once it was answered, or its thread is gone.
    pub fn is_closed(&mut self) -> bool {
        if self.chosen.is_none() {
            self.chosen = match self.answer.try_recv() {
                Ok(path) => Some(path),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => Some(None),
            };
        }
        self.chosen.is_some()
    }

    /// What was asked and what was chosen.
    pub fn finish(self) -> Option<(Ask, Option<PathBuf>)> {
        self.chosen.map(|chosen| (self.ask, chosen))
    }
}

fn show(ask: &Ask) -> Option<PathBuf> {
    match ask {
        Ask::Save { title, suggestion, forms } => {
            let dialog = saving(title, suggestion);
            forms.iter().fold(dialog, |dialog, (name, ending)| dialog.add_filter(*name, &[*ending])).save_file()
        }
        Ask::Model { folder } | Ask::Compared { folder } => rfd::FileDialog::new()
            .set_title("Choose a model")
            .set_directory(folder)
            .add_filter("Denoodle models", &["safetensors"])
            .pick_file(),
        Ask::SaveScores { suggestion } => saving("Save scores", suggestion).add_filter("Scores, JSON", &["json"]).save_file(),
        Ask::Subject { folder } => rfd::FileDialog::new()
            .set_title("Choose a model, or a file of drawings")
            .set_directory(folder)
            .add_filter("Models and drawings", &["safetensors", "ndjson", "gz"])
            .pick_file(),
        Ask::Drawings => {
            rfd::FileDialog::new().set_title("Choose a file of drawings").add_filter("Drawings", &["ndjson", "gz"]).pick_file()
        }
        Ask::Splits => rfd::FileDialog::new().set_title("Choose an archive of splits").add_filter("Splits", &["zip"]).pick_file(),
        Ask::Weights => rfd::FileDialog::new().set_title("Choose the weights' file").add_filter("Weights", &["pth"]).pick_file(),
    }
}

fn saving(title: &str, suggestion: &Path) -> rfd::FileDialog {
    let name = suggestion.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = suggestion.parent().unwrap_or(Path::new("."));
    rfd::FileDialog::new().set_title(title).set_directory(folder).set_file_name(name)
}
