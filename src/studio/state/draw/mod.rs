//! Drawing by hand, with a model that goes on from there, or draws with the same pen rhythm: the page, what could come of it, what is kept.

mod actions;
mod events;
mod page;
mod wanted;
mod words;

use std::path::PathBuf;
use std::time::Duration;

pub use page::{Page, Pen};
pub use words::SAME_RHYTHM;

use super::play::Play;
use crate::config::{DeviceChoice, own};
use crate::data::Kept;
use crate::session::{Described, KeepRequest};
use crate::sketch::{Sketch, Stroke};
use crate::studio::Options;
use wanted::Wanted;

/// Continuations that are drawn at once, unless somebody says otherwise.
const CONTINUATIONS: f64 = 4.0;

/// The model begins so long after the pen was lifted: whoever draws on at once is not disturbed.
const PAUSE: Duration = Duration::from_millis(250);

/// Where a piece of work is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is asked for.
    #[default]
    Idle,
    /// At work.
    Running,
    /// It was stopped.
    Stopped,
    /// Broke off: the error's text.
    Failed(String),
}

/// Ways on behind the strokes that are on the page, or other drawings of their rhythm.
#[derive(Debug, Clone, PartialEq)]
pub struct Continuations {
    /// So many strokes were given, with which every drawing begins.
    pub given: usize,
    /// Whole drawings.
    pub sketches: Vec<Sketch>,
    /// Only the rhythm is that of the page: no drawing begins with its strokes, and none of theirs comes next there.
    pub other: bool,
}

impl Continuations {
    /// The strokes that a continuation adds.
    pub fn rest(&self, index: usize) -> &[Stroke] {
        self.sketches.get(index).and_then(|sketch| sketch.strokes.get(self.given..)).unwrap_or_default()
    }

    /// The stroke that it adds next.
    pub fn next(&self, index: usize) -> Option<&Stroke> {
        self.rest(index).first().filter(|_| !self.other)
    }
}

/// What is known of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Of which.
    pub model: PathBuf,
    /// What it can do.
    pub described: Described,
}

/// The Draw workspace.
#[derive(Debug)]
pub struct Draw {
    /// What is on the page.
    pub page: Page,
    /// The stroke that is being drawn.
    pub pen: Pen,
    /// Go on after every stroke without being asked.
    pub live: bool,
    /// Continuations wanted.
    pub count: f64,
    /// Decides all randomness.
    pub seed: u64,
    /// What could come next.
    pub continuations: Option<Continuations>,
    /// Which of them is chosen.
    pub selected: usize,
    /// It must come into sight.
    pub reveal: bool,
    /// Where drawing them is.
    pub phase: Phase,
    /// What goes on, in words.
    pub stage: String,
    /// What the model can do, once it is known.
    pub known: Option<Known>,
    /// Where asking it is.
    pub meeting: Phase,
    /// What kept drawings are of; empty for the category.
    pub word: String,
    /// Where keeping the page is.
    pub keeping: Phase,
    /// What is kept, in the order of its words, once it was counted.
    pub collections: Vec<Kept>,
    /// What is being kept.
    keeps: Option<Box<KeepRequest>>,
    /// What was kept last, until it is taken back.
    kept: Option<Box<KeepRequest>>,
    device: DeviceChoice,
    threads: usize,
    /// When the model should begin; nothing is wanted of it without.
    due: Option<Duration>,
    asked: Option<Wanted>,
    /// The work that runs was told to stop.
    stopping: bool,
    /// The model whose description was asked for.
    met: Option<PathBuf>,
}

impl Draw {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            page: Page::default(),
            pen: Pen::default(),
            live: true,
            count: CONTINUATIONS,
            seed: 1,
            continuations: None,
            selected: 0,
            reveal: false,
            phase: Phase::Idle,
            stage: String::new(),
            known: None,
            meeting: Phase::Idle,
            word: String::new(),
            keeping: Phase::Idle,
            collections: Vec::new(),
            keeps: None,
            kept: None,
            device: options.device,
            threads: options.threads,
            due: None,
            asked: None,
            stopping: false,
            met: None,
        }
    }

    /// At work.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// There are strokes on the page that are not kept as they are.
    pub fn is_unkept(&self) -> bool {
        !self.page.is_empty() && self.kept.as_ref().is_none_or(|kept| kept.sketch != *self.page.sketch())
    }

    /// The model will begin in a moment.
    pub fn waits(&self) -> bool {
        self.due.is_some() && !self.is_running() && self.meeting != Phase::Running
    }

    /// The stroke that the chosen continuation adds next.
    pub fn next(&self) -> Option<&Stroke> {
        self.continuations.as_ref()?.next(self.selected)
    }

    /// What is known of the model at hand.
    pub fn described(&self, play: &Play) -> Option<&Described> {
        self.known.as_ref().filter(|known| known.model == wanted::model(play)).map(|known| &known.described)
    }

    /// The model at hand makes something of strokes that are given: it goes on with them, or draws with their rhythm.
    pub fn takes_strokes(&self, play: &Play) -> bool {
        self.described(play).is_some_and(|described| described.capabilities.completion || described.capabilities.rhythm)
    }

    /// It draws with their rhythm; no model does both.
    pub fn takes_rhythm(&self, play: &Play) -> bool {
        self.described(play).is_some_and(|described| described.capabilities.rhythm)
    }

    /// What is drawn, as far as it is known: the category of a model that has only one, or the one that was chosen.
    pub fn category<'a>(&'a self, play: &'a Play) -> Option<&'a str> {
        match self.described(play).map(|described| described.categories.as_slice()) {
            Some([one]) => Some(one),
            Some(several) => several.iter().map(String::as_str).find(|name| *name == play.category.trim()),
            None => None,
        }
    }

    /// What a kept drawing is of, unless somebody says otherwise.
    pub fn own_word<'a>(&'a self, play: &'a Play) -> Option<&'a str> {
        self.category(play).map(own::bare)
    }

    /// What a kept drawing is of.
    pub fn word<'a>(&'a self, play: &'a Play) -> &'a str {
        match self.word.trim() {
            "" => self.own_word(play).unwrap_or_default(),
            word => word,
        }
    }
}
