//! Writing to a path that was typed, where there is a file already: the person is asked first. A dialog asks by itself.

use std::path::PathBuf;

use super::{Effect, Job, State};

/// A file that would be replaced.
#[derive(Debug)]
pub struct Replacing {
    /// The file.
    pub path: PathBuf,
    /// What replaces it.
    effect: Effect,
}

impl State {
    /// There is a file already, and nothing was written: `effect` would replace it.
    pub fn ask_to_replace(&mut self, path: PathBuf, effect: Effect) {
        self.replacing = Some(Replacing { path, effect });
    }

    /// The answer to that.
    pub(super) fn replace(&mut self, replace: bool) -> Vec<Effect> {
        let effect = self.replacing.take().filter(|_| replace).map(|replacing| replacing.effect);
        match effect {
            Some(Effect::Start(Job::Export, _)) => self.export.writing.begin(),
            Some(Effect::Start(Job::SaveScores, _)) => self.evaluation.saving.begin(),
            _ => {}
        }
        effect.into_iter().collect()
    }
}
