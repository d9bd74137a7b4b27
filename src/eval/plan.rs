//! What is done in an evaluation, and in which order.

/// What an evaluation is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the real drawings and their split.
    Reading,
    /// Looking at the test drawings.
    TestFeatures,
    /// Looking at training drawings: those of the floor, or all where copies are looked for.
    TrainingFeatures,
    /// Scoring the floor: training drawings against test drawings.
    Floor,
    /// The model draws with this seed; or drawings made elsewhere are read.
    Drawing(Option<u64>),
    /// Looking at the drawings of this seed.
    GeneratedFeatures(Option<u64>),
    /// Scoring the drawings of this seed.
    Scoring(Option<u64>),
    /// Writing files.
    Writing,
}

impl Stage {
    /// In words, for a category: "looking at the test drawings of cat".
    pub fn words(self, category: &str) -> String {
        let seed = |seed: Option<u64>| seed.map_or(String::new(), |seed| format!(", seed {seed}"));
        match self {
            Self::Reading => format!("reading {category}"),
            Self::TestFeatures => format!("looking at the test drawings of {category}"),
            Self::TrainingFeatures => format!("looking at training drawings of {category}"),
            Self::Floor => format!("scoring the floor of {category}"),
            Self::Drawing(None) => format!("reading drawings of {category}"),
            Self::Drawing(Some(number)) => format!("drawing {category}, seed {number}"),
            Self::GeneratedFeatures(number) => format!("looking at drawings of {category}{}", seed(number)),
            Self::Scoring(number) => format!("scoring {category}{}", seed(number)),
            Self::Writing => "writing the scores".into(),
        }
    }

    /// The stages of one subject, in their order; writing, which comes once after all subjects, is left out.
    pub fn all(seeds: &[Option<u64>]) -> Vec<Self> {
        let mut stages = vec![Self::Reading, Self::TestFeatures, Self::TrainingFeatures, Self::Floor];
        stages.extend(seeds.iter().flat_map(|&seed| [Self::Drawing(seed), Self::GeneratedFeatures(seed), Self::Scoring(seed)]));
        stages
    }
}
