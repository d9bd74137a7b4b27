//! What a classifier takes a drawing for while it is drawn: its guesses after every stroke.

use super::extractor::{Extractor, extract};
use crate::sketch::Sketch;
use crate::util::{Cancel, Error, Result};

/// One guess.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// What it may be.
    pub category: String,
    /// How sure the classifier is, 0 to 1; over all of its categories this sums to 1.
    pub probability: f64,
}

/// After each stroke the `most` likeliest categories, the likeliest first; strokes without points do not count.
///
/// The classifier sees the strokes so far as it sees every drawing: rendered as it was trained, as large as fits. It was trained with
/// finished drawings, some of whose strokes were left out.
///
/// # Errors
/// A drawing without strokes, or with coordinates that are not numbers; an extractor that is no classifier; cancelled.
pub fn guesses(extractor: &dyn Extractor, sketch: &Sketch, most: usize, cancel: &Cancel) -> Result<Vec<Vec<Guess>>> {
    let classifier = extractor.classifier().ok_or_else(|| Error::new("these features tell no categories apart"))?;
    let strokes: Vec<_> = sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()).cloned().collect();
    if strokes.is_empty() {
        return Err(Error::new("the drawing has no strokes to guess from"));
    }
    let so_far: Vec<Sketch> = (1..=strokes.len()).map(|count| Sketch { strokes: strokes[..count].to_vec() }).collect();
    let features = extract(extractor, &so_far, cancel, &|_| {})?;
    Ok(features.rows().map(|row| likeliest(classifier.classes(), &classifier.logits(row), most)).collect())
}

/// The `most` likeliest classes; of equals the first comes first.
fn likeliest(classes: &[String], logits: &[f64], most: usize) -> Vec<Guess> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let guess = |(category, weight): (&String, &f64)| Guess { category: category.clone(), probability: weight / sum };
    let mut all: Vec<Guess> = classes.iter().zip(&weights).map(guess).collect();
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_become_probabilities_in_order() {
        let classes = ["ant", "bee", "cat"].map(str::to_owned);
        // Logits whose exponentials are 1, 4 and 3; large ones overflow nothing.
        let logits = [1.0_f64, 4.0, 3.0].map(|weight| weight.ln() + 5000.0);
        let all = likeliest(&classes, &logits, 9);
        let names: Vec<&str> = all.iter().map(|guess| guess.category.as_str()).collect();
        assert_eq!(names, ["bee", "cat", "ant"]);
        for (guess, expected) in all.iter().zip([0.5, 0.375, 0.125]) {
            assert!((guess.probability - expected).abs() < 1e-9, "{guess:?}");
        }
        assert_eq!(
            likeliest(&classes, &[2.0, 2.0, 2.0], 2).iter().map(|guess| guess.category.as_str()).collect::<Vec<_>>(),
            ["ant", "bee"]
        );
    }
}
