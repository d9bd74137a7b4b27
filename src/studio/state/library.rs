//! Categories and models on the disk, and fetching more.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use super::Effect;
use super::messages::Messages;
use crate::config::own;
use crate::data::{CategoryInfo, FEWEST_TO_TRAIN, Folders};
use crate::session::{Command, Event, Failure, FetchRequest, Outcome};
use crate::studio::engine::Job;
use crate::studio::words;
use crate::util::Reason;

/// Whether the disk was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Look {
    /// Not yet.
    #[default]
    Never,
    /// Being looked at.
    Looking,
    /// What is listed is what was there.
    Done,
    /// It could not be: why.
    Failed(String),
}

/// A download.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetching {
    /// The category.
    pub name: String,
    /// Bytes so far.
    pub done: u64,
    /// Bytes in all, once known.
    pub total: Option<u64>,
}

/// Why a download is not finished. Fetching again goes on where it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfinished {
    /// It was stopped.
    Stopped,
    /// It broke off: the error's text.
    Failed(String),
}

/// What there is.
#[derive(Debug, Default)]
pub struct Library {
    /// Whether the disk was looked at.
    pub look: Look,
    /// Collections of one's own first, then the others; each part alphabetically.
    pub categories: Vec<CategoryInfo>,
    /// Run folders with a model, newest first; then the names of the shipped models.
    pub models: Vec<PathBuf>,
    /// The search field's text.
    pub search: String,
    /// Show only what is on the disk.
    pub only_here: bool,
    /// The download that runs.
    pub fetching: Option<Fetching>,
    /// Those that wait.
    pub queue: VecDeque<String>,
    /// Downloads that ended too early, by category.
    pub unfinished: BTreeMap<String, Unfinished>,
    /// Something changed while the disk was being looked at.
    pub(super) again: bool,
}

/// Whether a part of the category's name is searched for.
pub fn is_called(category: &CategoryInfo, search: &str) -> bool {
    category.name.to_lowercase().contains(&search.trim().to_lowercase())
}

impl Library {
    /// Run folders alone: what can be gone on with.
    pub fn runs(&self) -> impl Iterator<Item = &PathBuf> {
        self.models.iter().filter(|path| !words::is_shipped(path))
    }

    /// True while the disk is being looked at.
    pub fn is_looking(&self) -> bool {
        self.look == Look::Looking
    }

    /// True if it is listed, and there are no drawings of it on the disk but made-up ones.
    pub fn can_be_fetched(&self, name: &str) -> bool {
        self.categories.iter().any(|category| category.name == name && (category.file.is_none() || category.procedural))
    }

    /// True if there are drawings of it on the disk.
    pub fn is_here(&self, name: &str) -> bool {
        self.categories.iter().any(|category| category.name == name && category.file.is_some())
    }

    /// Why no drawing can be set beside real ones of a category: there are none, as far as the last look told.
    pub fn lacks(&self, name: &str) -> Option<String> {
        let lacks = self.look == Look::Done && !self.is_here(name);
        lacks.then(|| format!("There are no drawings of {name} on this machine to score against. Fetch or import some in Categories."))
    }

    /// Why a collection of one's own cannot be trained on yet.
    pub fn too_few(&self, name: &str) -> Option<String> {
        let word = own::word(name)?;
        let undivided = self.categories.iter().any(|category| category.name == name && category.split.is_none());
        let why = || format!("Too few drawings of {word} are kept: keep more in Draw, from {FEWEST_TO_TRAIN} on they can be trained on.");
        undivided.then(why)
    }

    /// True if it is being fetched, or waits to be.
    pub fn is_wanted(&self, name: &str) -> bool {
        self.fetching.as_ref().is_some_and(|fetching| fetching.name == name) || self.queue.iter().any(|wanted| wanted == name)
    }

    /// Places in the list that the search and the switch leave.
    pub fn found(&self) -> Vec<usize> {
        let fits = |category: &CategoryInfo| (category.file.is_some() || !self.only_here) && is_called(category, &self.search);
        // What is here comes first: it can be trained at once.
        let places = |here: bool| {
            let all = self.categories.iter().enumerate();
            all.filter(move |(_, category)| category.file.is_some() == here && fits(category)).map(|(i, _)| i)
        };
        places(true).chain(places(false)).collect()
    }

    /// Categories on the disk.
    pub fn here(&self) -> impl Iterator<Item = &CategoryInfo> {
        self.categories.iter().filter(|category| category.file.is_some())
    }

    pub(super) fn surveyed(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        match event {
            Event::Finished(Outcome::Surveyed { categories, models }) => {
                (self.categories, self.models) = (categories, models);
                self.look = Look::Done;
            }
            Event::Finished(_) => self.look = Look::Never,
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Survey, text.clone());
                self.look = Look::Failed(text);
            }
            _ => {}
        }
    }

    /// Fetches it now, or later if another is being fetched.
    pub(super) fn fetch(&mut self, name: String, folders: &Folders) -> Vec<Effect> {
        self.unfinished.remove(&name);
        self.queue.push_back(name);
        if self.fetching.is_some() { Vec::new() } else { self.fetch_next(folders) }
    }

    /// Fetches everything that ended too early.
    pub(super) fn fetch_unfinished(&mut self, folders: &Folders) -> Vec<Effect> {
        let names = std::mem::take(&mut self.unfinished).into_keys();
        names.flat_map(|name| self.fetch(name, folders)).collect()
    }

    fn fetch_next(&mut self, folders: &Folders) -> Vec<Effect> {
        let Some(name) = self.queue.pop_front() else { return Vec::new() };
        self.fetching = Some(Fetching { name: name.clone(), done: 0, total: None });
        let request = FetchRequest { categories: vec![name], base: None, folders: folders.clone() };
        vec![Effect::Start(Job::Fetch, Command::Fetch(request))]
    }

    pub(super) fn stop_fetching(&mut self) -> Vec<Effect> {
        self.unfinished.extend(self.queue.drain(..).map(|name| (name, Unfinished::Stopped)));
        vec![Effect::Stop(Job::Fetch, Reason::Stopped)]
    }

    pub(super) fn fetched(&mut self, event: Event, folders: &Folders, messages: &mut Messages, now: Duration) -> Vec<Effect> {
        let name = self.fetching.as_ref().map_or_else(String::new, |fetching| fetching.name.clone());
        match event {
            Event::Progress { done, total, .. } => {
                if let Some(fetching) = &mut self.fetching {
                    (fetching.done, fetching.total) = (done, total);
                }
                return Vec::new();
            }
            Event::Finished(Outcome::Fetched(_)) => messages.done(now, Job::Fetch, format!("Fetched {name}.")),
            Event::Finished(_) => {
                messages.note(now, Job::Fetch, format!("Fetching {name} was stopped. Fetch again to go on."));
                self.unfinished.insert(name, Unfinished::Stopped);
            }
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Fetch, format!("Fetching {name} failed: {text}"));
                self.unfinished.insert(name, Unfinished::Failed(text));
            }
            _ => return Vec::new(),
        }
        self.fetching = None;
        self.fetch_next(folders)
    }
}
