//! What is seen, in words.

use super::{Denoise, Phase};
use crate::session::{Capabilities, Moment};
use crate::studio::state::messages::Tone;
use crate::studio::state::run::Words;
use crate::studio::words;
use crate::util::number::noun;

/// Names of small numbers.
const ORDINALS: [&str; 12] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];
const NUMBERS: [&str; 12] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

fn ordinal(place: usize) -> String {
    ORDINALS.get(place).map_or_else(|| format!("{}th", place + 1), |&word| word.to_owned())
}

fn number(count: usize) -> String {
    count.checked_sub(1).and_then(|i| NUMBERS.get(i)).map_or_else(|| count.to_string(), |&word| word.to_owned())
}

/// How much of what is seen is noise.
fn how_noisy(moment: &Moment) -> &'static str {
    match moment.alpha_bar() {
        share if share < 0.01 => "pure noise",
        share if share < 0.3 => "mostly noise",
        share if share < 0.7 => "half noise, half line",
        share if share < 0.97 => "mostly line",
        share if share < 1.0 => "nearly a clean line",
        _ => "a clean line",
    }
}

impl Denoise {
    /// Of a failure, of a stop, of a model that denoises nothing: a heading and what to do.
    pub fn standing(&self, model: &str) -> Option<Words> {
        let say = |tone, heading: &str, detail: String| Some(Words { tone, heading: heading.into(), detail });
        match &self.phase {
            Phase::Failed(text) => {
                let next = "Change what the message names, then follow the drawing again.";
                say(Some(Tone::Error), "The drawing could not be followed", format!("{}\n{next}", words::sentence(text)))
            }
            Phase::Unable => say(
                None,
                "Nothing to follow here",
                format!(
                    "{} does not draw by taking away noise. A model that does can be followed step by step: choose one of these.",
                    words::capital(model)
                ),
            ),
            Phase::Stopped if self.followed.is_none() => {
                say(None, "Stopped", "Nothing was drawn. Follow the drawing whenever you like.".into())
            }
            _ => None,
        }
    }

    /// "4 of 9": strokes as they are counted for people, given ones included.
    pub fn stroke_of(&self) -> (usize, usize) {
        (self.before(self.position.part).len() + 1, self.trace().map_or(0, |trace| trace.sketch.strokes.len().max(self.parts())))
    }

    /// What is seen, in two to four sentences.
    pub fn seen(&self) -> String {
        let (Some(moment), Some(part)) = (self.moment(), self.part()) else { return String::new() };
        let (step, steps) = (self.position.step().min(self.steps()), self.steps());
        if self.adding {
            return self.seen_adding(moment, steps - step, steps);
        }
        if self.is_whole() {
            return self.seen_whole(moment, step);
        }
        let before = self.before(self.position.part).len();
        let which = words::capital(&ordinal(before));
        let seen = match before {
            0 => "The model has seen nothing yet but the category.".to_owned(),
            1 => "The model has seen the one stroke before it.".to_owned(),
            n => format!("The model has seen the {} strokes before it.", number(n)),
        };
        match (step, moment.sigma) {
            (0, _) => format!(
                "{which} stroke, pure noise: as many random numbers as describe a stroke. {seen} From that alone it makes its first guess, \
                 which is a mean of everything that could come next."
            ),
            (_, 0.0) => {
                let stop = self.trace().and_then(|trace| trace.stop_before(self.position.part + 1));
                let stop = stop.map_or_else(String::new, |stop| {
                    let last = self.position.part + 1 == self.parts();
                    let end = if last { "and the dice said so" } else { "and the dice said to go on" };
                    format!(" It gives {} to the drawing being finished now, {end}.", percent(stop))
                });
                format!("{which} stroke, finished: it joins the strokes that the model sees from now on.{stop}")
            }
            _ => {
                let attended = strongest(&part.attention).map_or_else(String::new, |(stroke, share)| {
                    format!(" Of the strokes before, it attended most to the {} stroke ({}).", ordinal(stroke), percent(share))
                });
                format!(
                    "{which} stroke, {}. {seen} It guesses the clean line behind this noise, and the next step goes a part of the way there.\
                     {attended}",
                    how_noisy(moment)
                )
            }
        }
    }

    /// Of what is denoised all at once: a latent vector, or the movements of a pen whose lifting may be given.
    fn seen_whole(&self, moment: &Moment, step: usize) -> String {
        let Capabilities { latent, rhythm, .. } = self.capabilities();
        if latent {
            return match (step, moment.sigma) {
                (0, _) => {
                    "A latent vector, pure noise. What is written from it, point by point, is a whole drawing all the same: there are \
                     no noisy lines."
                        .into()
                }
                (_, 0.0) => "The latent vector is settled, and the drawing is what was written from it.".into(),
                _ => format!(
                    "A latent vector, {} of it signal. Both drawings are whole ones: one is written from this vector, the other from the \
                     model's guess of the clean one.",
                    percent(moment.alpha_bar() as f32)
                ),
            };
        }
        match (step, moment.sigma) {
            (0, _) => {
                let pen = if rhythm { "Where it is lifted was given beforehand." } else { "Where it will be lifted is a first guess." };
                format!("All lines of the canvas at once, as pure noise: random movements of the pen. {pen}")
            }
            (_, 0.0) => "The whole drawing stands: every movement of the pen was settled together.".into(),
            _ => {
                let pen = if rhythm { "is lifted, which was given beforehand" } else { "will be lifted" };
                format!(
                    "The whole canvas, {}. Every movement of the pen is denoised together with all others; dots mark where the pen {pen}.",
                    how_noisy(moment)
                )
            }
        }
    }

    fn seen_adding(&self, moment: &Moment, added: usize, steps: usize) -> String {
        let (which, what, shown) = if self.is_whole() {
            ("The whole canvas".to_owned(), "drawing", "drawings")
        } else {
            (format!("{} stroke", words::capital(&ordinal(self.before(self.position.part).len()))), "line", "strokes")
        };
        match added {
            0 => {
                let step = noun(steps, "step", "steps");
                format!("{which}, as it was drawn. Play adds noise to it in {} {step}.", number(steps))
            }
            _ if added == steps => format!(
                "{which}, pure noise: nothing of the {what} can be told any more. Training shows the model {shown} at every level from here \
                 to the clean {what}, and asks what in them is noise."
            ),
            _ => format!(
                "{which}, {}. The same random numbers are added all the way, only louder: x0 stays, sigma grows.",
                how_noisy(moment)
            ),
        }
    }
}

/// "8 %"
pub fn percent(share: f32) -> String {
    match share * 100.0 {
        p if p > 0.0 && p < 0.5 => "under 1\u{a0}%".into(),
        p if (99.5..100.0).contains(&p) => "over 99\u{a0}%".into(),
        p => format!("{p:.0}\u{a0}%"),
    }
}

/// The stroke that is attended to most, if there are several.
fn strongest(attention: &[f32]) -> Option<(usize, f32)> {
    let all = attention.iter().copied().enumerate();
    all.max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|_| attention.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!((ordinal(0).as_str(), ordinal(11).as_str(), ordinal(12).as_str()), ("first", "twelfth", "13th"));
        assert_eq!((number(0).as_str(), number(3).as_str(), number(20).as_str()), ("0", "three", "20"));
        let shares = [0.0, 0.001, 0.084, 0.999, 1.0].map(|share| percent(share).replace('\u{a0}', " "));
        assert_eq!(shares, ["0 %", "under 1 %", "8 %", "over 99 %", "100 %"]);
        assert_eq!(strongest(&[0.2, 0.5, 0.1]), Some((1, 0.5)));
        assert_eq!(strongest(&[0.9]), None);
        let noisy = |sigma| how_noisy(&Moment { sigma, ..Moment::default() });
        assert_eq!((noisy(20.0), noisy(1.0), noisy(0.0)), ("pure noise", "half noise, half line", "a clean line"));
    }
}
