//! What is asked of the model, and how it differs from what was asked last.

use std::path::PathBuf;

use super::Draw;
use crate::session::DrawRequest;
use crate::sketch::Sketch;
use crate::studio::state::play::Play;

/// The model at hand.
pub(super) fn model(play: &Play) -> PathBuf {
    PathBuf::from(play.model.trim())
}

/// Continuations of a page, or other drawings of its rhythm.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    pub model: PathBuf,
    category: Option<String>,
    pub page: Sketch,
    count: usize,
    seed: u64,
}

impl Draw {
    /// What should be drawn; nothing while it is not known what the model draws, nor while there is no rhythm for one that needs it.
    pub(super) fn wanted(&self, play: &Play) -> Option<Wanted> {
        let enough = self.takes_strokes(play) && (!self.takes_rhythm(play) || self.page.has_rhythm());
        let described = self.described(play).filter(|_| enough)?;
        let category = self.category(play)?;
        Some(Wanted {
            model: model(play),
            category: (described.categories.len() > 1).then(|| category.to_owned()),
            page: self.page.sketch().clone(),
            count: self.count as usize,
            seed: self.seed,
        })
    }

    pub(super) fn request(&self, wanted: &Wanted) -> DrawRequest {
        DrawRequest {
            model: wanted.model.clone(),
            category: wanted.category.clone(),
            count: wanted.count,
            first: 0,
            seed: wanted.seed,
            settings: None,
            start: (!wanted.page.strokes.is_empty()).then(|| wanted.page.clone()),
            device: self.device,
            threads: self.threads,
        }
    }
}
