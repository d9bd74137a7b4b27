//! Several models of one category side by side: their scores, and what each of them is and costs.

use serde::{Deserialize, Serialize};

use super::check_side_by_side;
use super::explain::{Better, ScoreKind};
use super::scores::{Against, Scores};
use crate::util::{Context, Error, Result};

/// In every file of comparisons.
const FORMAT: &str = "denoodle-comparison";

/// Changes with the meaning of the fields.
const VERSION: u32 = 1;

/// The content of `comparison.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `denoodle-comparison`.
    pub format: String,
    /// Of the format.
    pub version: u32,
    /// What they draw.
    pub category: String,
    /// What computed, in words.
    pub device: String,
    /// Its CPU threads, which the times rest on.
    pub threads: usize,
    /// In the order in which they were named.
    pub models: Vec<Compared>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is called, unlike any other.
    pub name: String,
    /// The kind of its network, as presets write it: `SketchRnn`.
    pub system: String,
    /// The preset that it was trained with.
    pub preset: String,
    /// Numbers in all weights together.
    pub parameters: usize,
    /// Training steps.
    pub steps: u64,
    /// Drawings seen, repeats counted.
    pub drawings: u64,
    /// How long these steps took; known only where the model lies in its run folder.
    pub training: Option<TrainingTime>,
    /// Milliseconds that a drawing takes, drawn alone: the median of some.
    pub alone_ms: f64,
    /// Milliseconds that a drawing takes, drawn with all others of its seed: the median over the seeds.
    pub together_ms: f64,
    /// Its scores.
    pub scores: Scores,
}

/// How long a training took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainingTime {
    /// Seconds, pauses not counted.
    pub secs: f64,
    /// CPU threads that it was computed with.
    pub threads: usize,
}

impl Comparison {
    /// What is said of fewer than two models.
    pub fn too_few() -> Error {
        Error::usage("two models at least can be compared")
            .advise("`denoodle evaluate` scores one alone.")
            .in_window("Evaluate scores one alone.")
    }

    /// Of some models, two at least.
    ///
    /// # Errors
    /// Scores that may not stand side by side ([`check_side_by_side`]); fewer than two; models of several categories.
    pub fn new(device: String, threads: usize, mut models: Vec<Compared>) -> Result<Self> {
        let scores: Vec<&Scores> = models.iter().map(|model| &model.scores).collect();
        let [first, _, ..] = scores[..] else {
            return Err(Self::too_few());
        };
        let category = first.category.clone();
        if let Some(other) = scores.iter().find(|one| one.category != category) {
            return Err(Error::usage(format!("these are scores of {category} and of {}, and cannot be compared", other.category)));
        }
        check_side_by_side(&scores, Against::AsGiven)?;
        let mut taken: Vec<String> = Vec::new();
        for model in &mut models {
            let before = taken.iter().filter(|name| **name == model.name).count();
            taken.push(model.name.clone());
            if before > 0 {
                model.name = format!("{} ({})", model.name, before + 1);
            }
        }
        Ok(Self { format: FORMAT.into(), version: VERSION, category, device, threads, models })
    }

    /// The models whose score of this kind is the best: the lowest, the highest, or the one nearest to what real drawings get. None where
    /// there is nothing to choose between; several where they are level.
    pub fn best(&self, kind: ScoreKind, against: Against) -> Vec<usize> {
        // Smaller is better.
        let rank = |scores: &Scores| {
            let score = scores.versus(against)?.score(kind)?;
            let mean = score.mean.filter(|mean| mean.is_finite())?;
            match kind.explained().better {
                Better::Lower => Some(mean),
                Better::Higher => Some(-mean),
                Better::NearReal => Some((mean - score.of_real.or(score.floor.map(|floor| floor.value))?).abs()),
            }
        };
        let ranks: Vec<Option<f64>> = self.models.iter().map(|model| rank(&model.scores)).collect();
        let known: Vec<f64> = ranks.iter().copied().flatten().collect();
        let lowest = known.iter().copied().fold(f64::INFINITY, f64::min);
        if known.iter().all(|rank| *rank == lowest) {
            return Vec::new();
        }
        ranks.iter().enumerate().filter(|(_, rank)| **rank == Some(lowest)).map(|(i, _)| i).collect()
    }

    /// The scores of all, in their order.
    pub fn scores(&self) -> Vec<&Scores> {
        self.models.iter().map(|model| &model.scores).collect()
    }

    /// The file's text.
    ///
    /// # Errors
    /// None that a person could cause.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").context("the comparison cannot be written as JSON")
    }
}
