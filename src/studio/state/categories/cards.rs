//! What the cards show: made for those in sight, a few at a time, and kept while the window is open.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use crate::data::Folders;
use crate::session::{self, CardsRequest, Thumbnail};
use crate::sketch::Sketch;
use crate::studio::state::library::Library;
use crate::studio::words;

/// Drawings that are made at once: the base needs a moment for each, and the next cards may be in sight by then.
const BATCH: usize = 8;
/// Drawings that are kept; the oldest are forgotten.
const MOST: usize = 512;

/// A category's small drawing.
#[derive(Debug, Clone)]
struct Kept {
    sketch: Option<Sketch>,
    of_file: bool,
}

/// What is known of the categories beside what the disk says.
#[derive(Debug, Default)]
pub struct Cards {
    /// Categories whose cards are in sight, once any were shown.
    pub visible: Option<Vec<String>>,
    kept: HashMap<String, Kept>,
    order: VecDeque<String>,
    known: Vec<(PathBuf, Vec<String>)>,
    asked: Option<CardsRequest>,
}

impl Cards {
    /// A category's small drawing, and whether it is a real one.
    pub fn thumbnail(&self, category: &str) -> Option<(&Sketch, bool)> {
        self.kept.get(category).and_then(|kept| kept.sketch.as_ref().map(|sketch| (sketch, kept.of_file)))
    }

    /// It is not known yet what the card shows.
    pub fn is_awaited(&self, category: &str) -> bool {
        !self.kept.contains_key(category)
    }

    /// Models that know a category; those of one's own first.
    pub fn models<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a Path> {
        let knows = move |known: &&(PathBuf, Vec<String>)| known.1.iter().any(|name| name == category);
        self.known.iter().filter(knows).map(|(model, _)| model.as_path())
    }

    /// Models of one's own that know a category.
    pub fn own_models<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a Path> {
        self.models(category).filter(|model| !words::is_shipped(model))
    }

    /// What a model draws, once that is known.
    pub fn drawn_by(&self, model: &Path) -> Option<&[String]> {
        self.known.iter().find(|(known, names)| known == model && !names.is_empty()).map(|(_, names)| names.as_slice())
    }

    /// The one category that a model draws, if that is known and it is one.
    pub fn only_drawn_by(&self, model: &Path) -> Option<&str> {
        if let [one] = self.drawn_by(model)? { Some(one) } else { None }
    }

    /// Whether the shipped base draws a category.
    pub fn base_knows(&self, category: &str) -> bool {
        self.models(category).any(|model| model == Path::new(session::BASE))
    }

    /// Models of which it is not known yet what they draw.
    pub fn unread<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = &'a PathBuf> {
        library.models.iter().filter(|model| self.known.iter().all(|(known, _)| known != *model))
    }

    /// Forgets what is no longer so.
    pub(super) fn settle(&mut self, library: &Library) {
        self.kept.retain(|name, kept| library.is_here(name) == kept.of_file);
        self.order.retain(|name| self.kept.contains_key(name));
        self.known.retain(|(model, _)| library.models.contains(model));
    }

    /// What is to be made next, if anything is missing and nothing is being made; without `thumbnails` only what models draw.
    pub(super) fn next(&mut self, library: &Library, folders: &Folders, threads: usize, thumbnails: bool) -> Option<CardsRequest> {
        if self.asked.is_some() {
            return None;
        }
        let visible: &[String] = if thumbnails { self.visible.as_ref()? } else { &[] };
        let categories: Vec<_> = visible.iter().filter(|name| self.is_awaited(name)).take(BATCH).cloned().collect();
        // What is in sight comes first: reading many models takes a moment.
        let models: Vec<_> = self.unread(library).filter(|_| categories.is_empty()).cloned().collect();
        if categories.is_empty() && models.is_empty() {
            return None;
        }
        let request = CardsRequest { categories, models, folders: folders.clone(), threads };
        self.asked = Some(request.clone());
        Some(request)
    }

    /// They are made.
    pub(super) fn made(&mut self, cards: session::Cards, library: &Library) {
        self.asked = None;
        for Thumbnail { category, sketch, of_file } in cards.thumbnails {
            self.keep(category, Kept { sketch, of_file });
        }
        self.known.extend(cards.known);
        // In the order of the library: one's own first, newest first.
        let place = |model: &PathBuf| library.models.iter().position(|listed| listed == model);
        self.known.sort_by_key(|(model, _)| place(model).unwrap_or(usize::MAX));
    }

    /// They could not be made: not asked for again until the disk is looked at anew.
    pub(super) fn failed(&mut self, library: &Library) {
        let Some(asked) = self.asked.take() else { return };
        for category in asked.categories {
            let of_file = library.is_here(&category);
            self.keep(category, Kept { sketch: None, of_file });
        }
        self.known.extend(asked.models.into_iter().map(|model| (model, Vec::new())));
    }

    /// What could not be had is tried once more.
    pub(super) fn retry(&mut self) {
        self.kept.retain(|_, kept| kept.sketch.is_some());
        self.order.retain(|name| self.kept.contains_key(name));
        self.known.retain(|(_, categories)| !categories.is_empty());
    }

    fn keep(&mut self, category: String, kept: Kept) {
        if self.kept.insert(category.clone(), kept).is_none() {
            self.order.push_back(category);
        }
        // What is in sight is never forgotten, else it would be asked for again at once.
        while self.order.len() > MOST.max(2 * self.visible.as_ref().map_or(0, Vec::len)) {
            let Some(oldest) = self.order.pop_front() else { break };
            self.kept.remove(&oldest);
        }
    }
}
