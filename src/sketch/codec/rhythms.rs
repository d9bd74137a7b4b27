//! Pen rhythms: how many points a drawing has and where the pen is lifted, without anything of what is drawn.
//!
//! A model keeps some of its training drawings' rhythms: it draws as many points as one of them has, or lifts the pen where that does. No
//! drawing can be told from them.

use rand::Rng;

use crate::sketch::Sketch;
use crate::util::rng::ChaCha8Rng;
use crate::util::{Error, Result, stride};

/// Bits in a number of a file: f32 holds whole numbers of so many exactly.
const BITS: usize = 24;

/// Whether the pen was lifted for each of a drawing's movements ([`super::Trail`]).
pub type Rhythm = Vec<bool>;

/// Rhythms of training drawings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rhythms {
    /// Category and rhythm.
    all: Vec<(u32, Rhythm)>,
}

/// Whether the pen is lifted for each movement of a drawing.
pub fn rhythm(sketch: &Sketch) -> Rhythm {
    super::deltas::movements(sketch).map(|(_, lifted)| lifted).collect()
}

impl Rhythms {
    /// Those of at most `most` of some drawings that lie category by category, a fair share of each.
    ///
    /// # Errors
    /// No drawing has a movement.
    pub fn fit(drawings: &[(u32, Sketch)], most: usize) -> Result<Self> {
        let every = stride(drawings.len(), most);
        let of = |(category, sketch): &(u32, Sketch)| (*category, rhythm(sketch));
        let all: Vec<_> = drawings.iter().step_by(every).map(of).filter(|(_, rhythm)| !rhythm.is_empty()).collect();
        if all.is_empty() { Err(Error::new("there are no rhythms of the pen to learn from")) } else { Ok(Self { all }) }
    }

    /// One of a category's; of a category that has none, one of all.
    pub fn pick(&self, category: u32, random: &mut ChaCha8Rng) -> &[bool] {
        let own = self.all.iter().filter(|(of, _)| *of == category).count();
        let at = random.random_range(0..if own > 0 { own } else { self.all.len() });
        let found = self.all.iter().filter(|(of, _)| own == 0 || *of == category).nth(at);
        found.map_or(&[], |(_, rhythm)| rhythm)
    }

    /// For a file: of each its category, its length, and its bits, so many in a number.
    pub fn numbers(&self) -> Vec<f32> {
        let word = |bits: &[bool]| bits.iter().rev().fold(0u32, |word, &bit| 2 * word + u32::from(bit)) as f32;
        let one = |(category, rhythm): &(u32, Rhythm)| {
            [*category as f32, rhythm.len() as f32].into_iter().chain(rhythm.chunks(BITS).map(word)).collect::<Vec<_>>()
        };
        self.all.iter().flat_map(one).collect()
    }

    /// The inverse of [`Rhythms::numbers`], of drawings of at most so many points.
    ///
    /// # Errors
    /// Numbers that are no rhythms; none at all.
    pub fn of(mut numbers: &[f32], most_points: usize) -> Result<Self> {
        let broken = || Error::new("the model's rhythms of the pen cannot be read");
        let whole = |v: f32| if v >= 0.0 && v < (1 << BITS) as f32 && v.fract() == 0.0 { Ok(v as u32) } else { Err(broken()) };
        let mut all = Vec::new();
        while let [category, length, rest @ ..] = numbers {
            let (category, length) = (whole(*category)?, whole(*length)? as usize);
            if length == 0 || length >= most_points {
                return Err(broken());
            }
            let (words, rest) = rest.split_at_checked(length.div_ceil(BITS)).ok_or_else(broken)?;
            let words: Vec<u32> = words.iter().map(|&word| whole(word)).collect::<Result<_>>()?;
            all.push((category, (0..length).map(|i| words[i / BITS] >> (i % BITS) & 1 == 1).collect()));
            numbers = rest;
        }
        if numbers.is_empty() && !all.is_empty() { Ok(Self { all }) } else { Err(broken()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Stroke;
    use crate::util::rng::{Stream, stream};

    /// Drawings of strokes of so many points.
    fn drawing(points: &[usize]) -> Sketch {
        Sketch { strokes: points.iter().map(|&n| Stroke::new((0..n).map(|i| [i as f32, n as f32]).collect())).collect() }
    }

    #[test]
    fn rhythms_survive_a_file_and_say_nothing_of_the_line() -> Result<()> {
        let drawings = [(0, drawing(&[3, 1, 2])), (2, drawing(&[60, 20])), (2, drawing(&[2]))];
        let rhythms = Rhythms::fit(&drawings, 100)?;
        assert_eq!(rhythms.all[0], (0, vec![false, false, true, true, false]));
        assert_eq!(Rhythms::of(&rhythms.numbers(), 96)?, rhythms);
        let far = drawings.map(|(category, sketch)| (category, sketch.map(|p| [p[1] * 3.0, 7.0 - p[0]])));
        assert_eq!(Rhythms::fit(&far, 100)?, rhythms);
        Ok(())
    }

    #[test]
    fn there_are_at_most_so_many_and_each_category_gives_its_own() -> Result<()> {
        let drawings: Vec<_> = (0..40).map(|i| (i / 20, drawing(&[2 + i as usize]))).collect();
        let rhythms = Rhythms::fit(&drawings, 15)?;
        assert!(rhythms.all.len() <= 15);
        let mut random = stream(1, Stream::Draw, 0);
        for _ in 0..50 {
            assert!(rhythms.pick(0, &mut random).len() <= 20 && rhythms.pick(1, &mut random).len() > 20);
        }
        let lengths: std::collections::BTreeSet<usize> = (0..100).map(|_| rhythms.pick(7, &mut random).len()).collect();
        assert!(lengths.len() > 8, "of an unknown category all serve: {lengths:?}");
        Ok(())
    }

    #[test]
    fn numbers_that_are_no_rhythms_are_refused() {
        let good = [0.0, 3.0, 5.0];
        assert!(Rhythms::of(&good, 10).is_ok());
        for bad in [
            &[][..],
            &[0.0],
            &[0.0, 3.0],
            &[0.0, 0.0],
            &[0.0, 10.0, 1.0],
            &[0.5, 3.0, 5.0],
            &[0.0, -3.0, 5.0],
            &[0.0, 3.0, f32::NAN],
            &[0.0, 3.0, 5.0, 1.0],
        ] {
            assert!(Rhythms::of(bad, 10).is_err(), "{bad:?}");
        }
        assert!(Rhythms::fit(&[], 10).is_err() && Rhythms::fit(&[(0, drawing(&[1]))], 10).is_err());
    }
}
