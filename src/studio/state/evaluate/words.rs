//! The evaluation in words, whatever state it is in.

use super::{Evaluation, Phase, Words};
use crate::session::Evaluated;
use crate::studio::state::form::subject;
use crate::studio::state::messages::Tone;
use crate::studio::words;
use crate::util::clock;

impl Evaluation {
    /// What is or was scored: "cat", "cat and bus".
    pub fn subjects(&self) -> String {
        let scored = |result: &Evaluated| result.scores.category.clone();
        let mut names: Vec<String> = self.results.iter().map(scored).collect();
        if self.is_active() || names.is_empty() {
            names.extend(self.scoring.at.iter().map(|at| at.category.clone()).filter(|name| !name.is_empty()));
        }
        names.dedup();
        if names.is_empty() { "drawings".into() } else { subject(&names) }
    }

    /// A heading and a sentence.
    pub fn words(&self) -> Words {
        let say = |tone, heading: &str, detail: String| Words { tone, heading: heading.into(), detail };
        match &self.scoring.phase {
            Phase::Idle => say(
                None,
                "How good are the drawings?",
                "An evaluation lets a model draw, and compares what it drew with drawings by people that it never saw.".into(),
            ),
            Phase::Running => say(None, &format!("Evaluating {}", self.now()), self.scoring.going.sentences()),
            Phase::Stopping => say(None, "Cancelling", "The request is sent; the work ends after the drawings at hand.".into()),
            Phase::Done => say(Some(Tone::Done), &format!("Evaluated {}", self.subjects()), self.made()),
            Phase::Cancelled => say(None, "Cancelled", self.kept("Run again whenever you like: the same settings give the same scores.")),
            Phase::Failed(text) => {
                let next = self.kept("Mend what the message names, then run again.");
                say(Some(Tone::Error), "The evaluation failed", format!("{}\n{next}", words::sentence(text)))
            }
            Phase::WeightsAbsent(text) => say(None, "Weights are missing", words::sentence(text.lines().next().unwrap_or_default())),
        }
    }

    /// The category at hand, and which of how many.
    fn now(&self) -> String {
        match &self.scoring.at {
            Some(at) if at.subjects > 1 => format!("{} ({} of {})", at.category, at.subject + 1, at.subjects),
            Some(at) if !at.category.is_empty() => at.category.clone(),
            _ => "drawings".into(),
        }
    }

    /// What is kept of an evaluation that did not come to its end, and what to do next.
    fn kept(&self, next: &str) -> String {
        match self.results.len() {
            0 => format!("Nothing was scored. {next}"),
            _ => format!("{} was scored before and is shown below. {next}", self.subjects()),
        }
    }

    /// Drawings, seeds, features and time.
    fn made(&self) -> String {
        let took = clock::words(self.took);
        let Some(scores) = self.shown().map(|shown| &shown.scores) else { return format!("It took {took}.") };
        let drawn = words::counted(scores.generated as u64, "drawing", "drawings");
        let each = match scores.seeds.len() {
            0 => String::new(),
            1 => " with one seed".into(),
            n => format!(" with each of {n} seeds"),
        };
        let features = scores.basis.protocol.features();
        let real = words::count(scores.as_given.real as u64);
        format!("{drawn}{each} against {real} real test drawings; {features}. It took {took}.")
    }
}
