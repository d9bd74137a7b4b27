//! The comparison in words, whatever state it is in.

use super::{Compare, Phase, Words};
use crate::studio::state::messages::Tone;
use crate::studio::words;
use crate::util::clock;

impl Compare {
    /// A heading and a sentence.
    pub fn words(&self) -> Words {
        let say = |tone, heading: &str, detail: String| Words { tone, heading: heading.into(), detail };
        match &self.scoring.phase {
            Phase::Idle => say(
                None,
                "Which model is better, and at what price?",
                "A comparison lets several models draw the same category, scores all of them against the same real drawings, and times them."
                    .into(),
            ),
            Phase::Running => say(None, &format!("Comparing {}", self.many()), self.scoring.going.sentences()),
            Phase::Stopping => say(None, "Cancelling", "The request is sent; the work ends after the drawings at hand.".into()),
            Phase::Done => say(Some(Tone::Done), &self.done(), self.made()),
            Phase::Cancelled => {
                say(None, "Cancelled", "Nothing was written. Run again whenever you like: the same settings give the same scores.".into())
            }
            Phase::WeightsAbsent(text) => {
                let text = words::sentence(text.lines().next().unwrap_or_default());
                say(None, "Weights are missing", format!("{text} Nothing was written. Fetch or import them on the right, then run again."))
            }
            Phase::Failed(text) => {
                let next = "Nothing was written. Mend what the message names, then run again.";
                say(Some(Tone::Error), "The comparison failed", format!("{}\n{next}", words::sentence(text)))
            }
        }
    }

    /// "3 models of cat".
    fn many(&self) -> String {
        let count = self.request.as_ref().map_or(0, |request| request.models.len());
        let models = words::counted(count as u64, "model", "models");
        match self.scoring.at.as_ref().map(|at| at.category.as_str()).filter(|category| !category.is_empty()) {
            Some(category) => format!("{models} of {category}"),
            None => models,
        }
    }

    fn done(&self) -> String {
        let Some(result) = &self.result else { return "Compared".into() };
        let models = words::counted(result.comparison.models.len() as u64, "model", "models");
        format!("{models} of {} side by side", result.comparison.category)
    }

    /// Drawings, seeds, features, machine and time.
    fn made(&self) -> String {
        let Some(result) = &self.result else { return String::new() };
        let took = clock::words(result.took);
        let Some(scores) = result.comparison.models.first().map(|model| &model.scores) else { return format!("It took {took}.") };
        let drawn = words::counted(scores.generated as u64, "drawing", "drawings");
        let each = if scores.seeds.len() > 1 { format!(" with each of {} seeds", scores.seeds.len()) } else { String::new() };
        let real = words::count(scores.versus(self.against()).map_or(0, |versus| versus.real as u64));
        let features = scores.basis.protocol.features();
        let threads = words::counted(result.comparison.threads as u64, "thread", "threads");
        format!(
            "{drawn} of each{each} against {real} real test drawings; {features}. Drawn by {}, with {threads}. It took {took}.",
            result.comparison.device
        )
    }
}
