//! How long drawings are, for systems that settle it before they draw.

use rand::Rng;

use crate::sketch::Sketch;
use crate::util::rng::ChaCha8Rng;

/// How many training drawings of each category have so many movements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lengths {
    /// A row for each category, of which entry n counts the drawings with n movements.
    pub counts: Vec<Vec<f32>>,
}

impl Lengths {
    /// Counts drawings of categories 0 to `categories`, each of at most `most_points` points; others are passed over.
    pub fn fit<'a>(drawings: impl IntoIterator<Item = (u32, &'a Sketch)>, categories: usize, most_points: usize) -> Self {
        let mut counts = vec![vec![0.0; most_points]; categories];
        for (category, sketch) in drawings {
            let movements = sketch.points().count().saturating_sub(1);
            if let Some(count) = counts.get_mut(category as usize).and_then(|row| row.get_mut(movements)) {
                *count += 1.0;
            }
        }
        Self { counts }
    }

    /// Draws a number of movements, at least 1, as likely as it is in the category; in all of them together where that has no drawings.
    pub fn draw(&self, category: u32, random: &mut ChaCha8Rng) -> usize {
        let at = |row: &Vec<f32>, n: usize| f64::from(row.get(n).copied().unwrap_or(0.0).max(0.0));
        let longest = self.counts.iter().map(Vec::len).max().unwrap_or(0);
        let own = self.counts.get(category as usize).filter(|row| (1..longest).any(|n| at(row, n) > 0.0));
        let weight = |n: usize| own.map_or_else(|| self.counts.iter().map(|row| at(row, n)).sum(), |row| at(row, n));
        let mut left = random.random::<f64>() * (1..longest).map(weight).sum::<f64>();
        let hit = |n: &usize| {
            left -= weight(*n);
            left < 0.0
        };
        (1..longest).find(hit).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;
    use crate::util::rng::{Stream, stream};

    fn line(points: usize) -> Sketch {
        Sketch { strokes: vec![Stroke::new(vec![[0.0; 2]; points])] }
    }

    #[test]
    fn lengths_are_drawn_as_often_as_they_were_seen() {
        let sketches = [line(3), line(3), line(3), line(8), line(5)];
        let categories = [0, 0, 0, 0, 2];
        let lengths = Lengths::fit(categories.into_iter().zip(&sketches), 3, 10);
        let mut random = stream(1, Stream::Draw, 0);
        let share = |category, length, random: &mut ChaCha8Rng| {
            (0..4000).filter(|_| lengths.draw(category, random) == length).count() as f32 / 4000.0
        };
        assert!((share(0, 2, &mut random) - 0.75).abs() < 0.03 && (share(0, 7, &mut random) - 0.25).abs() < 0.03);
        assert_eq!(share(2, 4, &mut random), 1.0);
        // Of a category that nobody drew nothing is known but what all others are like; nor of one that there is not.
        for unknown in [1, 9] {
            assert!((share(unknown, 2, &mut random) - 0.6).abs() < 0.03 && (share(unknown, 4, &mut random) - 0.2).abs() < 0.03);
        }
    }

    #[test]
    fn what_cannot_be_is_passed_over() {
        let sketches = [line(0), line(1), line(11), line(2)];
        let lengths = Lengths::fit([(0, &sketches[0]), (0, &sketches[1]), (0, &sketches[2]), (7, &sketches[3])], 1, 10);
        let mut random = stream(1, Stream::Draw, 0);
        assert_eq!(lengths.draw(0, &mut random), 1, "a drawing has a movement at least");
        assert_eq!(Lengths::default().draw(0, &mut random), 1);
    }
}
