//! Places in the window. Each is a tab, a folder in `panels`, a part of the state and an enum of wishes.

/// A place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Workspace {
    /// Looking at categories and their drawings.
    Categories,
    /// Choosing and training.
    #[default]
    Train,
    /// Watching how noise becomes lines.
    Denoise,
    /// Drawing and watching.
    Play,
    /// Drawing by hand, with a model that goes on.
    Draw,
    /// Going from one drawing to another.
    Interpolate,
    /// Scoring drawings.
    Evaluate,
    /// Setting models side by side.
    Compare,
}

impl Workspace {
    /// In the order of the tabs.
    pub const ALL: [Self; 8] =
        [Self::Categories, Self::Train, Self::Denoise, Self::Play, Self::Draw, Self::Interpolate, Self::Evaluate, Self::Compare];

    /// Whether there is something to show a class.
    pub fn presents(self) -> bool {
        matches!(self, Self::Denoise | Self::Play | Self::Draw)
    }

    /// The tab's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Categories => "Categories",
            Self::Train => "Train",
            Self::Denoise => "Denoise",
            Self::Play => "Play",
            Self::Draw => "Draw",
            Self::Interpolate => "Interpolate",
            Self::Evaluate => "Evaluate",
            Self::Compare => "Compare",
        }
    }

    /// What it is for, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Categories => "Look at the 345 categories and their drawings; fetch and import them.",
            Self::Train => "Choose categories and settings, train a model, and watch it learn.",
            Self::Denoise => "Follow one drawing out of noise, step by step.",
            Self::Play => "Let a model draw, play its drawings stroke by stroke, and export them.",
            Self::Draw => "Draw strokes by hand, and see what a model would draw next.",
            Self::Interpolate => "Go from one drawing to another through what a model knows of both.",
            Self::Evaluate => "Score a model's drawings against those of people.",
            Self::Compare => "Set several models side by side: what they cost, how they score, what they draw.",
        }
    }
}
