//! What to train next, and how.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::library::Library;
use super::messages::Messages;
use super::settings::Settings;
use crate::config::{DeviceChoice, flagship_presets, load};
use crate::session::{BASE, Length, PreviewPlan, TrainRequest, stored_run};
use crate::studio::engine::Job;
use crate::studio::{Options, words};
use crate::util::{Error, Result};

/// The preset that a newcomer begins with.
const FIRST_PRESET: &str = "quick";
/// The preset that trains a model on.
const FINETUNE: &str = "finetune";
/// Drawings on the preview sheet, and the least time between two of them.
const PREVIEW: PreviewPlan = PreviewPlan { count: 12, every_secs: 20.0 };

/// Which of the three lengths is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthKind {
    /// As the preset says.
    Preset,
    /// A number of steps.
    Steps,
    /// A number of minutes.
    Minutes,
}

/// What the weights are at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFrom {
    /// Random.
    Scratch,
    /// Those of the shipped base.
    Base,
    /// Those of a model.
    Model,
    /// Those of a run that was stopped, with all else that it needs to go on.
    Run,
}

/// The form on the right of the Train workspace.
#[derive(Debug)]
pub struct Form {
    /// Categories to learn.
    pub chosen: BTreeSet<String>,
    /// All settings.
    pub settings: Settings,
    /// Which length.
    pub length: LengthKind,
    /// For [`LengthKind::Steps`].
    pub steps: u64,
    /// For [`LengthKind::Minutes`].
    pub minutes: f64,
    /// Decides all randomness.
    pub seed: u64,
    /// Where to compute; [`DeviceChoice::Auto`] with [`StartFrom::Run`] is what the run was started with.
    pub device: DeviceChoice,
    /// CPU threads.
    pub threads: u64,
    /// The weights at first.
    pub start: StartFrom,
    /// For [`StartFrom::Model`] and [`StartFrom::Run`]: a path.
    pub from: String,
    /// Draw a sheet now and then.
    pub preview: bool,
    /// Changed settings that gave way to a preset's.
    pub former: Option<Box<Settings>>,
    settled: bool,
}

impl Form {
    /// The form as a newcomer finds it.
    pub(super) fn new(options: &Options) -> Result<Self> {
        let settings = Settings::of(load(FIRST_PRESET)?);
        Ok(Self {
            chosen: BTreeSet::new(),
            steps: settings.base().train.steps,
            settings,
            length: LengthKind::Preset,
            minutes: 30.0,
            seed: 1,
            device: options.device,
            threads: options.threads.max(1) as u64,
            start: StartFrom::Scratch,
            from: String::new(),
            preview: true,
            former: None,
            settled: false,
        })
    }

    /// A new run is planned, of these categories.
    pub(super) fn choose(&mut self, categories: impl IntoIterator<Item = String>) {
        self.chosen = categories.into_iter().collect();
        self.plan_anew();
    }

    /// What was chosen is for a new run: a stopped one has categories and settings of its own.
    pub fn plan_anew(&mut self) {
        if self.goes_on() {
            self.start = if self.settings.base().name == FINETUNE { StartFrom::Base } else { StartFrom::Scratch };
            self.from.clear();
        }
    }

    /// A stopped run is gone on with, which has categories and settings of its own.
    pub fn goes_on(&self) -> bool {
        self.start == StartFrom::Run
    }

    /// Takes a preset's settings; changes to the former one can be had back.
    pub(super) fn use_preset(&mut self, name: &str, messages: &mut Messages, now: Duration) {
        match load(name) {
            Ok(preset) => {
                self.steps = preset.train.steps;
                self.replace(Settings::of(preset));
                self.plan_anew();
                // It trains on what is there, so that it has no use for random weights; the others learn from nothing.
                match (name == FINETUNE, self.start) {
                    (true, StartFrom::Scratch) => self.start = StartFrom::Base,
                    (false, StartFrom::Base) => self.start = StartFrom::Scratch,
                    _ => {}
                }
            }
            Err(error) => messages.error(now, Job::Train, error.for_window()),
        }
    }

    /// The preset's settings as they are; changes to them can be had back.
    pub(super) fn reset(&mut self) {
        self.replace(Settings::of(self.settings.base().clone()));
    }

    /// The changes that gave way to a preset's settings; those give way in turn, if they have been changed.
    pub(super) fn restore(&mut self) {
        if let Some(former) = self.former.take() {
            self.steps = former.base().train.steps;
            self.replace(*former);
        }
    }

    fn replace(&mut self, new: Settings) {
        let old = std::mem::replace(&mut self.settings, new);
        if old.changed() {
            self.former = Some(Box::new(old));
        }
    }

    /// Drops categories that are gone; chooses one the first time that there are any.
    pub(super) fn settle(&mut self, library: &Library) {
        self.chosen.retain(|name| library.is_here(name));
        if !self.settled && self.chosen.is_empty() {
            let usable = || library.categories.iter().filter(|category| category.file.is_some() && category.split.is_some());
            let here = library.categories.iter().find(|category| category.file.is_some());
            let first = usable().find(|category| category.name == "cat").or_else(|| usable().next()).or(here);
            self.chosen.extend(first.map(|category| category.name.clone()));
            self.settled = first.is_some();
        }
    }

    /// Whether the shipped base is of the system that the preset trains.
    pub fn base_fits(&self) -> bool {
        flagship_presets().any(|name| name == self.settings.base().name)
    }

    /// What keeps the training from being started.
    pub fn complaint(&self) -> Option<String> {
        if self.goes_on() {
            return self.from.trim().is_empty().then(|| "Choose the run to go on with.".into());
        }
        if self.chosen.is_empty() {
            return Some("Choose a category on the left first.".into());
        }
        if self.start == StartFrom::Base && !self.base_fits() {
            let presets: Vec<_> = flagship_presets().map(words::preset).collect();
            return Some(format!(
                "The base is of another system than this preset: start from scratch, or choose a preset of the base's system ({}).",
                presets.join(", ")
            ));
        }
        if self.start == StartFrom::Model && self.from.trim().is_empty() {
            return Some("Choose the model to start from.".into());
        }
        self.settings.preset().err()
    }

    /// "cat", "cat and bus", "cat, bus and rabbit".
    pub fn subject(&self) -> String {
        subject(&self.chosen.iter().cloned().collect::<Vec<_>>())
    }

    /// The run folder's name, before it is made unlike those that exist.
    pub fn folder_name(&self) -> String {
        let plain = |name: &String| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
        let names: Vec<_> = self.chosen.iter().take(3).map(plain).collect();
        let more = if self.chosen.len() > 3 { format!("-and-{}", self.chosen.len() - 3) } else { String::new() };
        format!("{}{more}-{}", names.join("-"), self.settings.base().name)
    }

    /// The request: for a new run in a folder that does not exist yet, or for going on with a stopped one.
    ///
    /// # Errors
    /// If the stopped run cannot be read, or a setting is wrong.
    pub(super) fn request(&self, options: &Options, exists: impl Fn(&Path) -> bool) -> Result<TrainRequest> {
        if self.goes_on() {
            return self.stored();
        }
        let preset = self.settings.preset().map_err(Error::usage)?;
        let name = self.folder_name();
        let folder = |n: u64| options.runs.join(if n == 1 { name.clone() } else { format!("{name}-{n}") });
        let out = (1..10_000).map(folder).find(|path| !exists(path));
        let out = out.ok_or_else(|| Error::new("there are too many runs of this name").at(&options.runs))?;
        Ok(TrainRequest {
            categories: self.chosen.iter().cloned().collect(),
            preset,
            folders: options.folders.clone(),
            out,
            length: self.length(),
            seed: self.seed,
            device: self.device,
            threads: self.threads as usize,
            from: match self.start {
                StartFrom::Base => Some(BASE.into()),
                StartFrom::Model => Some(self.from.trim().into()),
                StartFrom::Scratch | StartFrom::Run => None,
            },
            resume: false,
            preview: self.preview.then_some(PREVIEW),
        })
    }

    fn length(&self) -> Length {
        match self.length {
            LengthKind::Preset => Length::Preset,
            LengthKind::Steps => Length::Steps(self.steps),
            LengthKind::Minutes => Length::Minutes(self.minutes),
        }
    }

    /// The stopped run with this form's threads and, if one is chosen, length and device.
    fn stored(&self) -> Result<TrainRequest> {
        let path = Path::new(self.from.trim());
        // A model file stands for the run that it lies in.
        let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
        let run = stored_run(folder)?;
        let length = if self.length == LengthKind::Preset { run.length } else { self.length() };
        // A run goes on where it was: on another device it would not be the same, bit for bit.
        let device = if self.device == DeviceChoice::Auto { run.device } else { self.device };
        let preview = self.preview.then_some(PREVIEW);
        Ok(TrainRequest { length, preview, device, threads: self.threads as usize, ..run })
    }
}

/// Names in a sentence.
pub fn subject(names: &[String]) -> String {
    match names {
        [] => "nothing".into(),
        [one] => one.clone(),
        [all @ .., last] if all.len() < 3 => format!("{} and {last}", all.join(", ")),
        [first, ..] => format!("{first} and {} others", names.len() - 1),
    }
}
