//! The Categories workspace: which are listed, which one is looked at, and its drawings.

mod actions;
mod cards;
mod events;
mod list;
pub mod words;

use std::ops::Range;
use std::path::PathBuf;

pub use actions::can_be_imported;
pub use cards::Cards;
pub use list::Filter;

use crate::data::{Browsed, CategoryInfo, Portion};

/// Drawings on a page.
pub const PAGE: usize = 24;

/// Where reading drawings is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is read; what was read last may be shown.
    #[default]
    Idle,
    /// At work.
    Running,
    /// Broke off: the error's text.
    Failed(String),
}

/// Where taking files over is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Importing {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// At work: what goes on, in words, and the share that is done.
    Running(String, Option<(u64, u64)>),
    /// Done: what became of every file.
    Done(Vec<String>),
    /// It was stopped.
    Stopped,
    /// Broke off: the error's text.
    Failed(String),
}

/// What the browser of drawings is to show, with all that would make it another page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    category: String,
    file: PathBuf,
    bytes: Option<u64>,
    split: Option<(usize, usize)>,
    portion: Portion,
    page: u64,
}

/// The Categories workspace.
#[derive(Debug, Default)]
pub struct Categories {
    /// Which one is looked at.
    pub selected: Option<String>,
    /// The search field's text.
    pub search: String,
    /// Which are listed.
    pub filter: Filter,
    /// Cards side by side, as the window is wide.
    pub columns: usize,
    /// Rows of cards in sight.
    pub rows: Range<usize>,
    /// The selected card must come into sight.
    pub reveal: bool,
    /// The search field is to be typed into.
    pub searching: bool,
    /// What the cards show.
    pub cards: Cards,
    /// A file to import, as it is typed.
    pub path: String,
    /// Import in the place of what is there already.
    pub replace: bool,
    /// Where taking files over is.
    pub importing: Importing,
    /// Which drawings are looked at.
    pub portion: Portion,
    /// Which page of them, from 0.
    pub page: u64,
    /// Where reading them is.
    pub reading: Phase,
    /// How far it is, in bytes.
    pub progress: Option<(u64, u64)>,
    /// What was read last.
    pub browsed: Option<Browsed>,
    asked: Option<Wanted>,
}

impl Categories {
    /// Files are being taken over.
    pub fn is_importing(&self) -> bool {
        matches!(self.importing, Importing::Running(..))
    }

    /// What was read, if it is of the selected category.
    pub fn shown(&self) -> Option<&Browsed> {
        self.browsed.as_ref().filter(|browsed| Some(&browsed.category) == self.selected.as_ref())
    }

    /// Pages of the drawings that are looked at.
    pub fn pages(&self) -> u64 {
        self.shown().map_or(1, |browsed| browsed.total.div_ceil(PAGE).max(1) as u64)
    }

    /// Which drawings are looked at: a category without a split has no lists.
    pub fn portion_of(&self, category: &CategoryInfo) -> Portion {
        if category.split.is_some() { self.portion } else { Portion::All }
    }
}
