//! Writing drawings to files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Effect;
use super::messages::Messages;
use super::play::Play;
use crate::export::{Export, Look};
use crate::session::{Command, Event, ExportRequest, Failure, Outcome};
use crate::sketch::Sketch;
use crate::studio::dialog::Ask;
use crate::studio::engine::Job;
use crate::studio::words;

/// How the last export went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrote {
    /// The file, and its size in bytes.
    File(PathBuf, u64),
    /// Why there is none.
    Failed(String),
}

/// One file at a time: whether it is being written, and how that went.
#[derive(Debug, Default)]
pub struct Writing {
    /// It is being written.
    pub running: bool,
    /// How the last one went.
    pub wrote: Option<Wrote>,
}

impl Writing {
    pub(super) fn begin(&mut self) {
        *self = Self { running: true, wrote: None };
    }

    /// Takes in what the work reports; `failed` goes before what went wrong.
    pub(super) fn apply(&mut self, event: Event, job: Job, failed: &str, messages: &mut Messages, now: Duration) {
        self.wrote = match event {
            Event::Finished(Outcome::Exported { path, bytes }) => {
                messages.done(now, job, format!("Wrote {} ({}).", path.display(), words::bytes(bytes)));
                Some(Wrote::File(path, bytes))
            }
            Event::Finished(_) => None,
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, job, format!("{failed}: {text}"));
                Some(Wrote::Failed(text))
            }
            _ => return,
        };
        self.running = false;
    }
}

/// Exports.
#[derive(Debug)]
pub struct Exporting {
    /// The suggested folder.
    folder: PathBuf,
    /// The path field.
    pub path: String,
    /// It is to have the keyboard.
    pub typing: bool,
    /// All drawings, where the form has room for them.
    pub all: bool,
    /// How pictures look.
    pub look: Look,
    /// The file that is being written, or was last.
    pub writing: Writing,
    /// What a dialog asks a place for. The window goes on meanwhile, and may show something else by then.
    held: Option<Held>,
}

/// What can be written.
#[derive(Debug, Clone)]
struct Held {
    one: Sketch,
    /// All drawings, if they are wanted; else none.
    sheet: Vec<Sketch>,
    word: String,
    look: Look,
}

impl Exporting {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, path: String::new(), typing: false, all: false, look: Look::default(), writing: Writing::default(), held: None }
    }

    /// The suggested folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// "cat-seed-1-drawing-3": what a file of the shown drawing, or of all of them, is called.
    fn name(&self, play: &Play, all: bool) -> String {
        let (word, seed) = play.drawn.as_ref().map_or(("drawing", 0), |drawn| (drawn.category.as_str(), drawn.seed));
        let word = word.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
        if all { format!("{word}-seed-{seed}-sheet") } else { format!("{word}-seed-{seed}-drawing-{}", play.selected + 1) }
    }

    fn hold(&self, play: &Play, all: bool) -> Held {
        Held {
            one: play.current().cloned().unwrap_or_default(),
            sheet: if all { play.sketches().to_vec() } else { Vec::new() },
            word: play.drawn.as_ref().map_or_else(String::new, |drawn| drawn.category.clone()),
            look: self.look.clone(),
        }
    }

    pub(super) fn ask_gif(&mut self, play: &Play) -> Ask {
        self.held = Some(self.hold(play, false));
        let suggestion = self.folder.join(self.name(play, false) + ".gif");
        Ask::Save { title: "Export GIF".into(), suggestion, forms: vec![("Playback, GIF", "gif")] }
    }

    pub(super) fn ask_picture(&mut self, play: &Play) -> Ask {
        self.held = Some(self.hold(play, self.all));
        let suggestion = self.folder.join(self.name(play, self.all) + ".png");
        let forms = vec![("Picture, PNG", "png"), ("Lines, SVG", "svg"), ("Strokes, ndjson", "ndjson")];
        Ask::Save { title: "Export picture".into(), suggestion, forms }
    }

    /// What the path field suggests while it is empty.
    pub fn hint(&self, play: &Play) -> String {
        self.folder.join(self.name(play, false) + ".gif").display().to_string()
    }

    /// Writes what is shown; a file that is there already is not replaced.
    pub(super) fn write_shown(&mut self, play: &Play, path: PathBuf) -> Vec<Effect> {
        let held = self.hold(play, self.all);
        self.write(held, path, false)
    }

    /// Writes what a dialog was opened for; nothing if it was closed without an answer, or another file is being written.
    pub(super) fn answered(&mut self, path: Option<(PathBuf, bool)>) -> Vec<Effect> {
        match (self.held.take(), path) {
            (Some(held), Some((path, replace))) if !self.writing.running => self.write(held, path, replace),
            _ => Vec::new(),
        }
    }

    fn write(&mut self, held: Held, path: PathBuf, replace: bool) -> Vec<Effect> {
        let Held { one, sheet, word, look } = held;
        let form = match Export::for_path(&path) {
            Ok(form) => look.on(form),
            Err(error) => {
                self.writing.wrote = Some(Wrote::Failed(error.for_window()));
                return Vec::new();
            }
        };
        // A playback shows one drawing; a picture may be a sheet.
        let sketches = if sheet.is_empty() || ends_in(&path, "gif") { vec![one] } else { sheet };
        self.writing.begin();
        vec![Effect::Start(Job::Export, Command::Export(ExportRequest { sketches, word, form, path, replace }))]
    }
}

fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending))
}
