//! What is seen, in words.

use super::{Interpolate, Phase, STEPS};
use crate::studio::state::messages::Tone;
use crate::studio::state::run::Words;
use crate::studio::words;

impl Interpolate {
    /// "35 %": a place on the way.
    pub fn percent(place: usize) -> String {
        words::short(f64::from(Self::share(place) * 1000.0).round() / 10.0) + "\u{a0}%"
    }

    /// Of a failure, of a stop, of a model that cannot: a heading and what to do.
    pub fn standing(&self, model: &str) -> Option<Words> {
        let say = |tone, heading: &str, detail: String| Some(Words { tone, heading: heading.into(), detail });
        match &self.phase {
            Phase::Failed(text) => {
                let next = "Change what the message names, then draw the way again.";
                say(Some(Tone::Error), "Nothing was drawn between them", format!("{}\n{next}", words::sentence(text)))
            }
            Phase::Unable => {
                // Their names have commas themselves.
                let able = self.able.iter().map(|name| words::preset(name)).collect::<Vec<_>>().join("; ");
                let detail = format!(
                    "{} has no latent vector: there is no row of numbers that stands for a whole drawing, and so nothing between two of them. \
                     Take one that has such a vector, or train one with one of these presets: {able}.",
                    words::capital(model)
                );
                say(None, "No latent vector", detail)
            }
            Phase::Stopped if self.way.is_none() => say(None, "Stopped", "Nothing was drawn. Draw the way whenever you like.".into()),
            _ => None,
        }
    }

    /// What is seen at our place, in two or three sentences.
    pub fn seen(&self) -> String {
        match self.at {
            0 => {
                "The first drawing's reconstruction: what the model makes of its latent vector. What differs from the original, the vector \
                  has not kept, or the dice decided otherwise."
                    .into()
            }
            STEPS => "The second drawing's reconstruction: what the model makes of its latent vector.".into(),
            at => format!(
                "{} of the way from the first drawing's latent vector to the second one's, along the great circle between them: on a straight \
                 line, vectors would become shorter than any that the model knows. All drawings share the same random numbers, so that \
                 whatever changes comes from the vector.",
                Self::percent(at)
            ),
        }
    }

    /// How far drawing the way is.
    pub fn far(&self) -> String {
        let far = self.going.sentences();
        if far.is_empty() { "Reading the model.".into() } else { far }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_well() {
        let read = [0, 1, 5, 20, STEPS].map(|place| Interpolate::percent(place).replace('\u{a0}', " "));
        assert_eq!(read, ["0 %", "2.5 %", "12.5 %", "50 %", "100 %"]);
    }
}
