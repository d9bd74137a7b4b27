//! What is asked of the model, and how it differs from what was asked last.

use std::path::PathBuf;

use super::{Interpolate, Source};
use crate::data::Folders;
use crate::session::{End, InterpolateRequest};
use crate::studio::state::play::Play;

/// A drawing at an end of the way, as it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The model's, or a real one.
    pub source: Source,
    /// The seed of one of the model's.
    pub seed: u64,
    /// Which of the seed's drawings, from 0.
    pub number: u64,
    /// Which real drawing, from 0.
    pub real: u64,
}

impl Chosen {
    /// The model's drawing of this number.
    pub(super) fn drawn(number: u64) -> Self {
        Self { source: Source::Drawn, seed: 1, number, real: number }
    }

    /// The next but one: two ends move on side by side.
    pub(super) fn next(&mut self) {
        let number = match self.source {
            Source::Drawn => &mut self.number,
            Source::Real => &mut self.real,
        };
        *number = number.wrapping_add(2);
    }

    fn end(self, folders: &Folders) -> End {
        match self.source {
            Source::Drawn => End::Drawn { seed: self.seed, number: self.number },
            Source::Real => End::Real { number: self.real, folders: folders.clone() },
        }
    }

    /// "seed 1, drawing 2", "real drawing 7".
    pub fn words(self) -> String {
        match self.source {
            Source::Drawn => format!("seed {}, drawing {}", self.seed, self.number + 1),
            Source::Real => format!("real drawing {}", self.real + 1),
        }
    }
}

/// The model's own temperature, and the one that is tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Temper {
    /// Whose.
    pub model: PathBuf,
    /// The model's.
    pub own: f64,
    /// Tried.
    pub now: f64,
}

/// A way that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    pub model: PathBuf,
    category: String,
    pub ends: [Chosen; 2],
    seed: u64,
    /// `None`: the model's own.
    temperature: Option<f64>,
}

impl Interpolate {
    /// What should be drawn; another model's temperature means nothing.
    pub(super) fn wanted(&self, play: &Play) -> Wanted {
        let model = PathBuf::from(play.model.trim());
        let temper = self.temper.as_ref().filter(|temper| temper.model == model && temper.now != temper.own);
        let temperature = temper.map(|temper| temper.now);
        Wanted { model, category: play.category.trim().to_owned(), ends: self.ends, seed: self.seed, temperature }
    }

    /// Drawings at some places of this way.
    pub(super) fn request(&self, wanted: &Wanted, places: impl Iterator<Item = usize>, folders: &Folders) -> InterpolateRequest {
        InterpolateRequest {
            model: wanted.model.clone(),
            category: (!wanted.category.is_empty()).then(|| wanted.category.clone()),
            ends: wanted.ends.map(|end| end.end(folders)),
            shares: places.map(Self::share).collect(),
            seed: wanted.seed,
            temperature: wanted.temperature,
            device: self.device,
            threads: self.threads,
        }
    }
}
