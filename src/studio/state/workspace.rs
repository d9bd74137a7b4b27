//! Places in the window. Each is a tab, a folder in `panels`, a part of the state and an enum of wishes.

/// A place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Workspace {
    /// Choosing and training.
    #[default]
    Train,
    /// Watching how noise becomes lines.
    Denoise,
    /// Drawing and watching.
    Play,
    /// Scoring drawings.
    Evaluate,
}

impl Workspace {
    /// In the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Train, Self::Denoise, Self::Play, Self::Evaluate];

    /// Whether there is something to show a class.
    pub fn presents(self) -> bool {
        matches!(self, Self::Denoise | Self::Play)
    }

    /// The tab's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "Train",
            Self::Denoise => "Denoise",
            Self::Play => "Play",
            Self::Evaluate => "Evaluate",
        }
    }

    /// What it is for, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Train => "Choose categories and settings, train a model, and watch it learn.",
            Self::Denoise => "Follow one drawing out of noise, step by step.",
            Self::Play => "Let a model draw, play its drawings stroke by stroke, and export them.",
            Self::Evaluate => "Score a model's drawings against those of people.",
        }
    }
}
