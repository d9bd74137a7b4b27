//! What to score, and how.

use std::path::{Path, PathBuf};

use crate::config::DeviceChoice;
use crate::session::{EvaluateRequest, Protocol, Source, Subject};
use crate::studio::Options;
use crate::studio::state::categories::Cards;
use crate::studio::state::library::Library;
use crate::studio::words;
use crate::util::{Error, Result};

/// Whose drawings to score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// A model file, a run folder, or a file of drawings.
    pub path: PathBuf,
    /// Empty for the model's own.
    pub category: String,
}

impl Chosen {
    /// True for drawings that were made elsewhere: a file in the data set's own form.
    pub fn is_drawings(&self) -> bool {
        let name = words::file_name(&self.path).to_lowercase();
        name.ends_with(".ndjson") || name.ends_with(".ndjson.gz")
    }

    /// What it is called, short.
    pub fn name(&self) -> String {
        words::model_name(&self.path)
    }

    fn subject(&self) -> Subject {
        let category = self.category.trim();
        Subject {
            source: if self.is_drawings() { Source::Drawings(self.path.clone()) } else { Source::Model(self.path.clone()) },
            category: (!category.is_empty()).then(|| category.to_owned()),
        }
    }
}

/// The form on the right of the Evaluate workspace.
#[derive(Debug)]
pub struct Form {
    /// Whose drawings, in turn.
    pub chosen: Vec<Chosen>,
    /// The path field.
    pub path: String,
    /// How to score.
    pub protocol: Protocol,
    /// Drawings a seed.
    pub count: f64,
    /// Seeds.
    pub repetitions: f64,
    /// The first seed.
    pub seed: u64,
    /// Look for copies; `None` where the protocol is quick.
    pub copying: Option<bool>,
    /// Write files into a folder of the run.
    pub write: bool,
    device: DeviceChoice,
    threads: usize,
    settled: bool,
}

impl Form {
    /// The form as a newcomer finds it.
    pub(super) fn new(options: &Options) -> Self {
        Self {
            chosen: Vec::new(),
            path: String::new(),
            protocol: Protocol::default(),
            count: 2000.0,
            repetitions: 3.0,
            seed: 1,
            copying: None,
            write: true,
            device: options.device,
            threads: options.threads.max(1),
            settled: false,
        }
    }

    /// Chooses the newest model, the first time that there is one.
    pub(in crate::studio::state) fn settle(&mut self, library: &Library) {
        if let (false, Some(newest)) = (self.settled, library.models.first()) {
            self.settled = true;
            if self.chosen.is_empty() {
                self.add(newest.clone());
            }
        }
    }

    /// One more to score.
    pub(in crate::studio::state) fn add(&mut self, path: PathBuf) {
        self.chosen.push(Chosen { path, category: String::new() });
    }

    /// One less.
    pub(in crate::studio::state) fn remove(&mut self, index: usize) {
        if index < self.chosen.len() {
            self.chosen.remove(index);
        }
    }

    /// Whether copies will be looked for.
    pub fn looks_for_copies(&self) -> bool {
        self.copying.unwrap_or(self.protocol.is_quick())
    }

    /// What keeps it from being run, as far as it is known what is here and what the models draw.
    pub fn complaint(&self, library: &Library, cards: &Cards) -> Option<String> {
        if self.chosen.is_empty() {
            return Some("Choose a model to evaluate first.".into());
        }
        if let Some(file) = self.chosen.iter().find(|one| one.is_drawings() && one.category.trim().is_empty()) {
            return Some(format!("Say which category {} should show.", words::file_name(&file.path)));
        }
        let twice = self.chosen.iter().enumerate().find(|(i, one)| self.chosen[..*i].contains(one));
        let twice = twice.map(|(_, one)| format!("{} is listed twice with the same category.", one.name()));
        let mut against = self.chosen.iter().filter_map(|one| match one.category.trim() {
            "" => cards.only_drawn_by(&one.path),
            category => Some(category),
        });
        twice.or_else(|| against.find_map(|category| library.lacks(category)))
    }

    /// The folder that files go to, before it is made unlike those that exist: in the run if there is one, else beside all runs.
    pub fn folder(&self, options: &Options) -> PathBuf {
        let run = |one: &Chosen| match one.path.extension() {
            // A shipped model lies in no folder.
            _ if words::is_shipped(&one.path) => options.runs.clone(),
            Some(_) => one.path.parent().map(Path::to_path_buf).unwrap_or_default(),
            None => one.path.clone(),
        };
        let mut runs = self.chosen.iter().map(run);
        let first = runs.next().unwrap_or_else(|| options.runs.clone());
        let parent = if runs.all(|other| other == first) { first } else { options.runs.clone() };
        let of = match self.chosen.as_slice() {
            [one] if words::is_shipped(&one.path) => format!("-{}", one.path.display()),
            _ => String::new(),
        };
        parent.join(format!("evaluation{of}-{}", self.protocol))
    }

    /// The request; files go to a folder that does not exist yet, so that no earlier scores are lost.
    pub(super) fn request(&self, options: &Options, exists: impl Fn(&Path) -> bool) -> Result<EvaluateRequest> {
        let out = if self.write { Some(unlike(&self.folder(options), exists)?) } else { None };
        Ok(EvaluateRequest {
            subjects: self.chosen.iter().map(Chosen::subject).collect(),
            folders: options.folders.clone(),
            protocol: self.protocol,
            count: self.count as usize,
            seed: self.seed,
            repetitions: self.repetitions as usize,
            copying: self.copying,
            out,
            replace: false,
            device: self.device,
            threads: self.threads,
        })
    }
}

/// This folder, or one with a number behind its name if there is such a one already.
pub(in crate::studio::state) fn unlike(wanted: &Path, exists: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    let folder = |n: u64| match n {
        1 => wanted.to_path_buf(),
        n => wanted.with_file_name(format!("{}-{n}", words::file_name(wanted))),
    };
    let free = (1..10_000).map(folder).find(|path| !exists(path));
    free.ok_or_else(|| Error::new("there are too many folders of this name").at(wanted))
}
