//! Three things for a newcomer to try: shown under the first drawing until one is chosen or all are put off.

use super::{Action, Effect, State, Workspace};
use crate::session::SHIPPED;
use crate::studio::action::DenoiseAction;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// Draw by hand, with a model that goes on.
    Together,
    /// The lesson.
    Noise,
    /// A training.
    Train,
}

impl Try {
    /// In the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Together, Self::Noise, Self::Train];

    /// The button's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Together => "Draw together",
            Self::Noise => "See how noise becomes a line",
            Self::Train => "Train your own",
        }
    }

    /// One sentence.
    pub fn says(self) -> &'static str {
        match self {
            Self::Together => "You draw a stroke, and the model goes on with your cat.",
            Self::Noise => "Six short pages follow one drawing out of noise.",
            Self::Train => "Choose a category, and watch a model learn to draw it.",
        }
    }
}

impl State {
    /// Whether they are shown in Play: not while the first drawing is still on its way, which nothing may stand in front of.
    pub fn shows_tries(&self) -> bool {
        let on_its_way = self.play.current().is_none() && self.play.is_drawing();
        self.tries == Some(true) && !on_its_way && !self.is_presenting()
    }

    pub(super) fn why_not_try(&self, what: Try) -> Option<String> {
        match what {
            Try::Noise => self.why_not(&DenoiseAction::Lesson(true).into()),
            Try::Together | Try::Train => None,
        }
    }

    /// Goes there; they have done their work then.
    pub(super) fn try_out(&mut self, what: Try) -> Vec<Effect> {
        self.tries = Some(false);
        let wishes: Vec<Action> = match what {
            Try::Together => {
                // The one that a newcomer has just seen draw.
                let model = SHIPPED.first().map(|model| Action::UseModel(model.name.into()));
                model.into_iter().chain([Action::Show(Workspace::Draw)]).collect()
            }
            Try::Noise => vec![Action::Show(Workspace::Denoise), DenoiseAction::Lesson(true).into()],
            Try::Train => vec![Action::Show(Workspace::Train)],
        };
        wishes.into_iter().flat_map(|wish| self.act(wish)).collect()
    }
}
