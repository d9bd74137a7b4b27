//! What is said of the page, of the model and of kept drawings.

use super::{Draw, Phase};
use crate::data::{FEWEST_TO_TRAIN, Kept};
use crate::studio::state::messages::Tone;
use crate::studio::state::play::Play;
use crate::studio::words;

/// What a drawing of the page's rhythm has in common with it.
pub const SAME_RHYTHM: &str = "As many points as yours, and the pen lifted behind the same ones. The line is the model's own.";

/// A heading and a sentence, with their tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// How bad it is.
    pub tone: Option<Tone>,
    /// What.
    pub heading: String,
    /// Why, and what to do.
    pub detail: String,
}

impl Draw {
    /// What did not come of the strokes.
    pub(super) fn failed(&self, play: &Play) -> &'static str {
        if self.takes_rhythm(play) { "The model could not draw" } else { "The model could not go on" }
    }

    /// Of a failure and of a model that can make nothing of the strokes.
    pub fn standing(&self, play: &Play) -> Option<Words> {
        let failed = |heading: &str, text: &str| {
            let next = "Change what the message names, then let the model try again.";
            Words { tone: Some(Tone::Error), heading: heading.into(), detail: format!("{}\n{next}", words::sentence(text)) }
        };
        match (&self.meeting, &self.phase) {
            (Phase::Failed(text), _) if self.described(play).is_none() => Some(failed("The model could not be read", text)),
            (_, Phase::Failed(text)) => Some(failed(self.failed(play), text)),
            _ if self.described(play).is_some() && !self.takes_strokes(play) => Some(Words {
                tone: None,
                heading: "This model cannot go on with your strokes".into(),
                detail: format!(
                    "{} begins every drawing itself. Models that draw one stroke after another can go on with yours, and those that are given \
                     what the pen does make other drawings of your pen rhythm. You can draw and keep drawings here all the same.",
                    words::capital(&play.model_name())
                ),
            }),
            _ => None,
        }
    }

    /// What the model is doing, in a few words.
    pub fn doing(&self, play: &Play) -> String {
        if play.model.trim().is_empty() {
            return "No model is chosen: you draw alone.".into();
        }
        match (&self.meeting, &self.phase) {
            (Phase::Running, _) => "Reading the model…".into(),
            (_, Phase::Running) if self.stage.is_empty() => "At work…".into(),
            (_, Phase::Running) => format!("{}…", words::capital(&self.stage)),
            (_, Phase::Stopped) => "Stopped.".into(),
            _ if self.takes_strokes(play) && self.category(play).is_none() => "Choose what is being drawn.".into(),
            _ if self.continuations.is_some() => String::new(),
            _ if self.takes_rhythm(play) && !self.page.has_rhythm() => {
                "Draw, and the model makes other drawings with your pen rhythm.".into()
            }
            _ if self.page.is_empty() => "Draw a stroke, and the model goes on from there.".into(),
            _ if !self.live => "It waits until it is asked.".into(),
            _ => String::new(),
        }
    }

    /// "3 strokes, 41 points"
    pub fn size(&self) -> String {
        let sketch = self.page.sketch();
        match sketch.strokes.len() as u64 {
            0 => "an empty page".into(),
            n => {
                format!("{}, {}", words::counted(n, "stroke", "strokes"), words::counted(sketch.points().count() as u64, "point", "points"))
            }
        }
    }

    /// What is kept of the word at hand.
    fn at_hand(&self, play: &Play) -> Option<&Kept> {
        let word = self.word(play);
        self.collections.iter().find(|kept| kept.word == word)
    }

    /// What is there of kept drawings, and what to do with them: of the word at hand, or else of all words.
    pub fn collection(&self, play: &Play) -> Option<String> {
        let Some(Kept { word, path, count, split, .. }) = self.at_hand(play) else { return self.others_kept() };
        let many = words::counted(*count as u64, "drawing", "drawings");
        let there = format!("{many} of {word} in {}.", path.display());
        Some(match split {
            Some((train, test)) => format!("{there} They can be trained on: {train} to learn from, {test} to be tested with."),
            None => format!("{there} From {FEWEST_TO_TRAIN} on they can be trained on."),
        })
    }

    /// "Kept so far: 14 drawings of cat, 1 drawing of owl, in mine."
    fn others_kept(&self) -> Option<String> {
        let folder = self.collections.first()?.folder.display();
        let each = |kept: &Kept| format!("{} of {}", words::counted(kept.count as u64, "drawing", "drawings"), kept.word);
        Some(format!("Kept so far: {}, in {folder}.", self.collections.iter().map(each).collect::<Vec<_>>().join(", ")))
    }

    /// Why what is kept of the word at hand cannot be trained on.
    pub(super) fn too_few(&self, play: &Play) -> Option<String> {
        match self.at_hand(play) {
            Some(Kept { split: Some(_), .. }) => None,
            Some(Kept { word, split: None, .. }) => Some(format!("Too few drawings of {word} are kept: from {FEWEST_TO_TRAIN} on.")),
            None => Some("No drawing of this word is kept yet.".into()),
        }
    }
}
