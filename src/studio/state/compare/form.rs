//! Which models to set side by side, and how.

use std::path::{Path, PathBuf};

use crate::config::DeviceChoice;
use crate::session::{CompareRequest, Protocol};
use crate::studio::Options;
use crate::studio::state::categories::Cards;
use crate::studio::state::evaluate::unlike;
use crate::studio::state::library::Library;
use crate::studio::words;
use crate::util::Result;

/// The form on the right of the Compare workspace.
#[derive(Debug)]
pub struct Form {
    /// Which, in the order in which they were ticked.
    pub chosen: Vec<PathBuf>,
    /// Models that were named: files from elsewhere, unless they are in the library too.
    added: Vec<PathBuf>,
    /// The path field for one more.
    pub path: String,
    /// Empty for the models' own.
    pub category: String,
    /// How to score.
    pub protocol: Protocol,
    /// Protocols whose weights are on this machine.
    pub protocols: Vec<Protocol>,
    /// Drawings a seed.
    pub count: f64,
    /// Seeds.
    pub repetitions: f64,
    /// The first seed.
    pub seed: u64,
    /// Drawings of each model to look at.
    pub shown: f64,
    /// The folder for what is written; empty for one beside the runs.
    pub out: String,
    device: DeviceChoice,
    threads: usize,
}

impl Form {
    /// The form as a newcomer finds it.
    pub(super) fn new(options: &Options) -> Self {
        Self {
            chosen: Vec::new(),
            added: Vec::new(),
            path: String::new(),
            category: String::new(),
            protocol: Protocol::default(),
            protocols: vec![Protocol::default()],
            count: 500.0,
            repetitions: 1.0,
            seed: 1,
            shown: 12.0,
            out: String::new(),
            device: options.device,
            threads: options.threads.max(1),
        }
    }

    /// Looks which protocols can be used now.
    pub(in crate::studio::state) fn look(&mut self) {
        self.protocols = Protocol::ALL.into_iter().filter(|protocol| protocol.is_here()).collect();
        if !self.protocols.contains(&self.protocol) {
            self.protocol = Protocol::default();
        }
    }

    /// One more to be compared, by its path.
    pub(in crate::studio) fn add(&mut self, path: PathBuf) {
        if !self.added.contains(&path) {
            self.added.push(path.clone());
        }
        if !self.chosen.contains(&path) {
            self.chosen.push(path);
        }
    }

    /// All that is named here, to follow what gets another name.
    pub(in crate::studio::state) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.chosen.iter_mut().chain(&mut self.added)
    }

    /// What lay in this folder is gone.
    pub(in crate::studio::state) fn forget(&mut self, folder: &Path) {
        for list in [&mut self.chosen, &mut self.added] {
            list.retain(|path| !path.starts_with(folder));
        }
    }

    /// All that can be ticked: the library's, and those from elsewhere.
    pub fn offered<'a>(&'a self, library: &'a [PathBuf]) -> impl Iterator<Item = &'a PathBuf> {
        library.iter().chain(self.added.iter().filter(|path| !library.contains(path)))
    }

    /// Ticks or unticks one.
    pub(in crate::studio::state) fn toggle(&mut self, path: PathBuf) {
        match self.chosen.iter().position(|one| *one == path) {
            Some(place) => drop(self.chosen.remove(place)),
            None => self.chosen.push(path),
        }
    }

    /// What keeps it from being run, as far as it is known what is here and what the models draw.
    pub fn complaint(&self, library: &Library, cards: &Cards) -> Option<String> {
        match self.chosen.len() {
            0 => Some("Tick two models or more to compare them.".into()),
            1 => Some("Tick one more model: two at least can be compared.".into()),
            _ => self.of_different_things(cards).or_else(|| {
                let category = self.category.trim();
                let of_all = self.chosen.iter().find_map(|model| cards.only_drawn_by(model));
                library.lacks(if category.is_empty() { of_all? } else { category })
            }),
        }
    }

    fn of_different_things(&self, cards: &Cards) -> Option<String> {
        let mut models = self.chosen.iter().filter_map(|model| Some((words::model_name(model), cards.drawn_by(model)?)));
        let category = self.category.trim();
        if !category.is_empty() {
            let (model, _) = models.find(|(_, names)| names.iter().all(|name| name != category))?;
            return Some(format!("{model} does not draw {category}. Untick it, or choose another category."));
        }
        let mut first: Option<(String, &String)> = None;
        for (model, names) in models {
            match (names, &first) {
                ([one], None) => first = Some((model, one)),
                ([one], Some((other, another))) if one != *another => {
                    return Some(format!("{other} draws {another}, {model} draws {one}. Tick models of one category."));
                }
                ([_], Some(_)) => {}
                _ => return Some(format!("{model} draws several categories. Choose the one to compare.")),
            }
        }
        None
    }

    /// The folder that files go to, before it is made unlike those that exist.
    pub fn folder(&self, options: &Options) -> PathBuf {
        match self.out.trim() {
            "" => {
                let category = self.category.trim().to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
                let of = if category.is_empty() { String::new() } else { format!("-{category}") };
                options.runs.join(format!("comparison{of}-{}", self.protocol))
            }
            typed => typed.into(),
        }
    }

    /// The request; files go to a folder that does not exist yet, so that no earlier comparison is lost.
    pub(super) fn request(&self, options: &Options, exists: impl Fn(&Path) -> bool) -> Result<CompareRequest> {
        let category = self.category.trim();
        Ok(CompareRequest {
            models: self.chosen.clone(),
            category: (!category.is_empty()).then(|| category.to_owned()),
            folders: options.folders.clone(),
            protocol: self.protocol,
            count: self.count as usize,
            seed: self.seed,
            repetitions: self.repetitions as usize,
            shown: self.shown as usize,
            out: unlike(&self.folder(options), exists)?,
            replace: false,
            device: self.device,
            threads: self.threads,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DeviceChoice;
    use crate::data::Folders;

    #[test]
    fn models_that_get_another_name_or_go_are_followed_wherever_they_are_listed() {
        let folders = Folders { drawings: "drawings".into(), subset: "subset".into() };
        let mut form = Form::new(&Options { folders, runs: "runs".into(), threads: 1, device: DeviceChoice::Cpu, frame_times: None });
        ["cat", "runs/old"].into_iter().for_each(|path| form.add(path.into()));
        form.paths().filter(|path| path.starts_with("runs/old")).for_each(|path| *path = "runs/new".into());
        assert_eq!(form.offered(&[]).collect::<Vec<_>>(), [Path::new("cat"), Path::new("runs/new")]);
        form.forget(Path::new("runs/new"));
        assert_eq!((form.offered(&[]).count(), &form.chosen[..]), (1, &["cat".into()][..]));
    }
}
