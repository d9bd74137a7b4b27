//! The list of runs in Train: which there are, which one is looked at, what becomes of it, and whose losses are on the plot.

mod actions;
mod events;
pub mod words;

use std::path::{Path, PathBuf};

use super::library::Look;
use super::sheets::Sheets;
use crate::config::Preset;
use crate::session::{RunCurves, RunInfo};

/// Other runs on the plot at most: the theme has a colour for each.
pub const MOST_PLOTTED: usize = 6;

/// What the left side of Train lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// What can be learned.
    #[default]
    Categories,
    /// What was learned.
    Runs,
}

impl Side {
    /// In the order of the tabs.
    pub const ALL: [Self; 2] = [Self::Categories, Self::Runs];
}

/// Where reading a run's losses is.
#[derive(Debug)]
pub enum Reading {
    /// They are still to be read.
    Waiting,
    /// They are being read.
    Running,
    /// Here they are.
    Done(Box<RunCurves>),
    /// They cannot be read: the error's text.
    Failed(String),
}

/// Another run on the plot.
#[derive(Debug)]
pub struct Plotted {
    /// Its folder.
    pub folder: PathBuf,
    /// The place of its colour in the theme: it keeps it while others come and go.
    pub colour: usize,
    /// Its losses.
    pub reading: Reading,
    /// Its preview sheets, once its losses are read.
    pub sheets: Sheets,
}

/// A change that is being carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changing {
    /// A note is being written.
    Note,
    /// A run gets another name.
    Rename,
    /// A run of this many bytes is being deleted.
    Delete(u64),
}

/// The list of runs.
#[derive(Debug, Default)]
pub struct Runs {
    /// What the left side lists.
    pub side: Side,
    /// Whether the disk was looked at.
    pub look: Look,
    /// The one that was changed last comes first.
    pub list: Vec<RunInfo>,
    /// Which one is looked at.
    pub selected: Option<PathBuf>,
    /// What is written in the field of its note.
    pub note: String,
    /// What is written in the field of its name.
    pub name: String,
    /// The one that is to be deleted, while the person is being asked.
    pub asking: Option<PathBuf>,
    /// What is becoming of one.
    pub changing: Option<Changing>,
    /// Why the last change was not made.
    pub problem: Option<String>,
    /// The selected one must come into sight.
    pub reveal: bool,
    /// Those on the plot, beside the present one.
    pub plotted: Vec<Plotted>,
    /// Those that were on the plot when the window was closed, the run that was trained then among them, until the list is there.
    pub remembered: Vec<PathBuf>,
    /// The one whose losses are being read.
    reading: Option<PathBuf>,
    /// Something changed while the disk was being looked at.
    again: bool,
    /// The selected one's note and name as they were when the fields were filled.
    filled: (String, String),
}

impl Runs {
    /// Something was written in the field of the note and not saved.
    pub fn has_unsaved_note(&self) -> bool {
        self.chosen().is_some_and(|run| run.note != self.note)
    }

    /// True while the disk is being looked at.
    pub fn is_looking(&self) -> bool {
        self.look == Look::Looking
    }

    /// The run in this folder.
    pub fn find(&self, folder: &Path) -> Option<&RunInfo> {
        self.list.iter().find(|run| run.folder == folder)
    }

    /// The one that is looked at.
    pub fn chosen(&self) -> Option<&RunInfo> {
        self.find(self.selected.as_deref()?)
    }

    /// The one that is to be deleted.
    pub fn doomed(&self) -> Option<&RunInfo> {
        self.find(self.asking.as_deref()?)
    }

    /// That on the plot, if it is there.
    pub fn plotted(&self, folder: &Path) -> Option<&Plotted> {
        self.plotted.iter().find(|plotted| plotted.folder == folder)
    }

    /// Losses that are there to be drawn.
    pub fn curves(&self) -> impl Iterator<Item = (&Plotted, &RunCurves)> {
        self.plotted.iter().filter_map(|plotted| match &plotted.reading {
            Reading::Done(curves) => Some((plotted, &**curves)),
            _ => None,
        })
    }

    /// Those on the plot whose losses cannot be compared with those of the present run, or without one with those of the first.
    pub fn unlike(&self, present: Option<&Preset>) -> Vec<&RunInfo> {
        let mut known = self.plotted.iter().filter_map(|plotted| {
            let run = self.find(&plotted.folder)?;
            run.facts.as_ref().ok().map(|facts| (run, &facts.preset))
        });
        let Some(measure) = present.or_else(|| known.next().map(|(_, preset)| preset)) else { return Vec::new() };
        known.filter(|(_, preset)| !preset.measures_like(measure)).map(|(run, _)| run).collect()
    }

    /// The first colour that no run on the plot has.
    fn free_colour(&self) -> usize {
        (0..MOST_PLOTTED).find(|colour| self.plotted.iter().all(|plotted| plotted.colour != *colour)).unwrap_or_default()
    }

    /// Fills the fields with what is known of the selected run; what a person is writing there stays.
    fn fill(&mut self) {
        let (note, name) = self.chosen().map(|run| (run.note.clone(), run.name.clone())).unwrap_or_default();
        if self.note == self.filled.0 {
            self.note.clone_from(&note);
        }
        if self.name == self.filled.1 {
            self.name.clone_from(&name);
        }
        self.filled = (note, name);
    }

    /// Looks at another run; what was written in the fields of the former is gone.
    fn select(&mut self, folder: Option<PathBuf>) {
        (self.note, self.name) = self.filled.clone();
        self.selected = folder;
        self.problem = None;
        self.fill();
    }
}
