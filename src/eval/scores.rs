//! The content of `scores.json`: every score with all that it rests on.

use serde::{Deserialize, Serialize};

use super::explain::ScoreKind;
use super::extractor::ExtractorId;
use super::protocol::Protocol;
use crate::data::SplitAudit;
use crate::util::{Context, Error, Result};

/// In every file of scores.
const FORMAT: &str = "denoodle-scores";

/// Changes with the meaning of the fields.
const VERSION: u32 = 1;

/// Below this ratio of distances a model is taken to draw from memory.
pub const COPYING: f64 = 0.5;

/// With more near copies than so many times the floor's, a person should know of it.
const NEAR_COPIES: f64 = 2.0;

/// One evaluation of one category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// `denoodle-scores`.
    pub format: String,
    /// Of the format.
    pub version: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// What the drawings should show.
    pub category: String,
    /// Whose drawings were scored.
    pub origin: Origin,
    /// What looked at them.
    pub basis: Basis,
    /// The real drawings.
    pub data: DataFacts,
    /// Drawings a seed that were scored.
    pub generated: usize,
    /// One a repetition; none for drawings made elsewhere.
    pub seeds: Vec<u64>,
    /// Decides which training drawings make the floor, and all resampling.
    pub seed: u64,
    /// Against the test list as it was given.
    pub as_given: Versus,
    /// Against the test list without the indices that are in the train list too; `None` where there are none such.
    pub without_shared: Option<Versus>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Whose drawings were scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A model's.
    Model {
        /// Its file, as it was named.
        file: String,
        /// SHA-256 of the file.
        sha256: String,
        /// Its training steps.
        steps: u64,
    },
    /// Those of a file, made elsewhere.
    Drawings {
        /// The file, as it was named.
        file: String,
        /// SHA-256 of the file.
        sha256: String,
    },
}

/// What scores rest on beside the drawings: only those of one basis can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The named way to score.
    pub protocol: Protocol,
    /// The network.
    pub extractor: ExtractorId,
    /// Features a drawing.
    pub width: usize,
    /// What made the pictures.
    pub renderer: String,
}

/// The real drawings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// SHA-256 of their file.
    pub sha256: String,
    /// SHA-256 of the split's lists.
    pub split_sha256: String,
    /// Made up by a program, not drawn by people.
    pub procedural: bool,
    /// What is unusual about the split.
    pub audit: SplitAudit,
    /// Training drawings that copies were looked for among; 0 where they were not looked for.
    pub neighbours: usize,
}

/// Which real drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The test list as it is.
    AsGiven,
    /// The test list without indices that are in the train list too; what it repeats, it still repeats.
    WithoutShared,
}

/// All scores against one list of real drawings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versus {
    /// Which list.
    pub against: Against,
    /// Real drawings on it.
    pub real: usize,
    /// Drawings of the floor.
    pub floor: usize,
    /// One of every kind, in the order of [`super::SCORES`].
    pub scores: Vec<Score>,
    /// Quantities of the strokes.
    pub characteristics: Vec<CharacteristicScore>,
}

/// One score, or why it is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which.
    pub kind: ScoreKind,
    /// Real drawings that it rests on.
    pub real: usize,
    /// Generated drawings that it rests on, a seed.
    pub generated: usize,
    /// One a seed; none where the score is absent.
    pub runs: Vec<Measured>,
    /// Over the seeds.
    pub mean: Option<f64>,
    /// Standard deviation over the seeds (divided by their number less 1); `None` for a single one.
    pub spread: Option<f64>,
    /// Real training drawings, scored as if they were generated.
    pub floor: Option<Floor>,
    /// The same figure of the real test drawings, for kinds that have one.
    pub of_real: Option<f64>,
    /// A set had no more drawings than features: then FID depends on the numbers most of all.
    pub rank_deficient: bool,
    /// Why there is no score.
    pub absent: Option<String>,
    /// Why there is no interval where there is a score.
    pub no_interval: Option<String>,
}

/// A measured number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The seed that the drawings were made with, if they have one.
    pub seed: Option<u64>,
    /// The number.
    pub value: f64,
    /// 95 % of resamples lie in here.
    pub interval: Option<[f64; 2]>,
    /// Standard deviation over subsets, for kinds that are a mean over subsets.
    pub deviation: Option<f64>,
}

/// What real drawings get: the best that can be hoped for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// Training drawings that it rests on.
    pub count: usize,
    /// The number.
    pub value: f64,
    /// 95 % of resamples lie in here.
    pub interval: Option<[f64; 2]>,
    /// Standard deviation over subsets, for kinds that are a mean over subsets.
    pub deviation: Option<f64>,
}

/// One quantity of the strokes, real against generated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CharacteristicScore {
    /// Its name in words.
    pub name: String,
    /// Mean of the real drawings' values; `None` where they have none.
    pub real_mean: Option<f64>,
    /// Mean of the generated drawings' values, over all seeds.
    pub generated_mean: Option<f64>,
    /// Wasserstein-1 distance to the real drawings, one a seed; `None` where a side has no values.
    pub distances: Vec<Option<f64>>,
    /// Over the seeds.
    pub distance: Option<f64>,
    /// Standard deviation over the seeds; `None` for a single one.
    pub spread: Option<f64>,
    /// The distance of the floor's drawings.
    pub floor: Option<f64>,
    /// How the values are spread; `None` where a side has none.
    pub histogram: Option<Histogram>,
}

/// Shares of values between edges, the same edges for both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// One more than bins, rising. What lies beyond is counted in the first and the last bin.
    pub edges: Vec<f64>,
    /// Shares of the real drawings' values; they add up to 1.
    pub real: Vec<f64>,
    /// Shares of the generated drawings' values, of all seeds.
    pub generated: Vec<f64>,
}

impl Scores {
    /// The format's name and version, for the two first fields.
    pub(super) fn format() -> (String, u32) {
        (FORMAT.into(), VERSION)
    }

    /// Both lists, where there are two.
    pub fn lists(&self) -> impl Iterator<Item = &Versus> {
        std::iter::once(&self.as_given).chain(&self.without_shared)
    }

    /// True if generated drawings lie so near to training drawings that the model is taken to draw from memory. `None` where copies
    /// were not looked for.
    pub fn copies(&self) -> Option<bool> {
        self.of_unseen(ScoreKind::Copying)?.mean.map(|ratio| ratio < COPYING)
    }

    /// The shares of near copies among generated drawings and by chance, if the first is far more.
    pub(super) fn near_copies(&self) -> Option<[f64; 2]> {
        let score = self.of_unseen(ScoreKind::NearCopies)?;
        let (share, real) = (score.mean?, score.of_real?);
        let natural = score.floor.map_or(real, |floor| floor.value.max(real));
        (share > NEAR_COPIES * natural).then_some([share, natural])
    }

    /// Judged without the shared indices, whose test drawings were trained on.
    fn of_unseen(&self, kind: ScoreKind) -> Option<&Score> {
        self.without_shared.as_ref().unwrap_or(&self.as_given).score(kind)
    }

    /// The file's text.
    ///
    /// # Errors
    /// None that a person could cause.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").context("the scores cannot be written as JSON")
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// If it is none of ours, or of a later version.
    pub fn from_json(text: &str) -> Result<Self> {
        let advice = "Name a scores.json that `denoodle evaluate` wrote.";
        let head: Head = serde_json::from_str(text).context("this is not a file of scores").map_err(|error| error.advise(advice))?;
        if head.format != FORMAT {
            return Err(Error::new(format!("this is a file of the form '{}', not of scores", head.format)).advise(advice));
        }
        if head.version != VERSION {
            let what = format!("these scores are of version {}, but this program reads version {VERSION}", head.version);
            return Err(Error::new(what).advise("Evaluate again, or use the program that wrote them."));
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| Error::new(format!("the scores cannot be read at '{}': {}", error.path(), error.inner())).advise(advice))
    }
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Versus {
    /// The score of a kind.
    pub fn score(&self, kind: ScoreKind) -> Option<&Score> {
        self.scores.iter().find(|score| score.kind == kind)
    }
}

impl Against {
    /// In words, to stand behind "against".
    pub fn words(self) -> &'static str {
        match self {
            Self::AsGiven => "the test list as given",
            Self::WithoutShared => "the test list without shared indices",
        }
    }

    /// Its name in CSV files.
    pub fn key(self) -> &'static str {
        match self {
            Self::AsGiven => "as_given",
            Self::WithoutShared => "without_shared",
        }
    }
}

/// Twelve digits: more mean nothing, and JSON gives exactly these back.
pub(super) fn tidy(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}
