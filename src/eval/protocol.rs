//! Protocols: which network looks at the drawings, and through which renderer. The one place where extractors are opened.

use serde::{Deserialize, Serialize};

use super::extractor::{Extractor, Inception, Resizing, SketchFeatures};
use super::weights::{self, Status};
use crate::util::{Error, Kind, Result};

/// A named way to score. Scores of different protocols must not be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// A small network that this project trained to tell the 345 categories apart.
    #[default]
    Sketch,
    /// Inception features with the picture scaled as `pytorch-fid` does.
    PytorchFid,
    /// Inception features with the picture scaled as `clean-fid` does.
    CleanFid,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sketch, Self::PytorchFid, Self::CleanFid];

    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sketch => "sketch",
            Self::PytorchFid => "pytorch-fid",
            Self::CleanFid => "clean-fid",
        }
    }

    /// The protocol of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    /// What it is, in one sentence for people.
    pub fn explain(self) -> &'static str {
        match self {
            Self::Sketch => {
                "Features of a small network that knows sketches; quick and apt, but never to be set beside a published FID or KID."
            }
            Self::PytorchFid => {
                "Inception features, pictures scaled bilinearly without antialiasing: what most papers of before 2022 call FID."
            }
            Self::CleanFid => "Inception features, pictures scaled bicubically with antialiasing: what clean-fid calls FID.",
        }
    }

    /// What its features are called where scores are shown.
    pub fn features(self) -> &'static str {
        match self {
            Self::Sketch => "sketch features",
            Self::PytorchFid => "Inception features, pytorch-fid",
            Self::CleanFid => "Inception features, clean-fid",
        }
    }

    /// True if looking at every training drawing takes seconds rather than many minutes: then copying is looked for unasked.
    pub fn is_quick(self) -> bool {
        self == Self::Sketch
    }

    /// Whether its weights are on this machine; they are looked at no closer.
    pub fn is_here(self) -> bool {
        self == Self::Sketch || weights::status(&weights::file()) != Status::Absent
    }

    /// The trained extractor.
    ///
    /// # Errors
    /// Of kind [`Kind::WeightsAbsent`] if its weights are not on this machine: nothing is ever scored with other weights instead.
    pub fn open(self) -> Result<Box<dyn Extractor>> {
        let resizing = match self {
            Self::Sketch => return Ok(Box::new(SketchFeatures::shipped()?)),
            Self::PytorchFid => Resizing::PytorchFid,
            Self::CleanFid => Resizing::CleanFid,
        };
        let file = weights::file();
        if weights::status(&file) == Status::Absent {
            let what = format!("the weights of the Inception network are absent, so there is no score of the protocol {}", self.name());
            return Err(weights::advised(Error::new(what).with_kind(Kind::WeightsAbsent)));
        }
        Ok(Box::new(Inception::open(&file, resizing)?))
    }
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_files_and_on_the_command_line() {
        for protocol in Protocol::ALL {
            assert_eq!(serde_json::to_value(protocol).ok(), Some(protocol.name().into()));
            assert_eq!(Protocol::named(protocol.name()), Some(protocol));
        }
        assert_eq!(Protocol::named("fid"), None);
    }
}
