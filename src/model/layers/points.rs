//! Points as rows of five numbers, as Sketch-RNN has them and others after it: the movement to the point, and what the pen does behind it.

use crate::sketch::codec::Trail;
use crate::util::rng::{self, ChaCha8Rng};

/// Numbers of a row.
pub const ROW: usize = 5;

/// States of the pen.
pub const PENS: usize = 3;

/// What the pen does behind a point; the numbers are the places in a row behind the movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pen {
    /// It stays on the paper.
    Down = 0,
    /// It is lifted for the next movement.
    Up = 1,
    /// The drawing ends.
    End = 2,
}

/// Draws what the pen does behind a point, of the logits of [`Pen`]'s states. At a `temperature` below 1 likely things become likelier,
/// except that the drawing ends with a stroke as often as is said: an end of one to three after every stroke would otherwise hardly ever come.
/// `may_end`: the drawing may end behind this point.
pub fn draw_pen(said: &[f32], temperature: f32, may_end: bool, random: &mut ChaCha8Rng) -> Pen {
    let (down, up, end) = (said[0], said[1], if may_end { said[2] } else { f32::NEG_INFINITY });
    // That the stroke ends, one way or the other; which of both is said once the temperature has been divided by.
    let larger = up.max(end);
    let either = larger + ((up - larger).exp() + (end - larger).exp()).ln();
    let [up, end] = [up, end].map(|logit| either + temperature * (logit - either));
    [Pen::Down, Pen::Up, Pen::End][rng::pick(&[down, up, end], temperature, random)]
}

/// The row of a point.
pub fn row(by: [f32; 2], pen: Pen) -> [f32; ROW] {
    let is = |of: Pen| f32::from(pen == of);
    [by[0], by[1], is(Pen::Down), is(Pen::Up), is(Pen::End)]
}

/// The rows of a drawing, one for each of its points.
pub fn rows(trail: &Trail) -> Vec<[f32; ROW]> {
    let last = trail.moves.len();
    let pen = |i: usize| match trail.lifted.get(i) {
        None => Pen::End,
        Some(true) => Pen::Up,
        Some(false) => Pen::Down,
    };
    let by = |i: usize| if i == 0 { [0.0; 2] } else { trail.moves[i - 1] };
    (0..=last).map(|i| row(by(i), pen(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::rng::{Stream, stream};

    #[test]
    fn the_temperature_leaves_it_to_the_drawing_when_to_end() {
        let mut random = stream(1, Stream::Draw, 0);
        // A stroke ends two times of three, and the drawing with every fourth of them.
        let said = [1.0, 1.5, 0.5].map(f32::ln);
        for (temperature, strokes) in [(1.0, 2.0 / 3.0), (0.5, 0.8)] {
            let mut share = |pen: Pen, may_end| {
                let drawn = (0..8000).filter(|_| draw_pen(&said, temperature, may_end, &mut random) == pen);
                drawn.count() as f32 / 8000.0
            };
            let (up, end) = (share(Pen::Up, true), share(Pen::End, true));
            assert!((up + end - strokes).abs() < 0.02, "at {temperature}");
            assert!((end / (up + end) - 0.25).abs() < 0.02, "at {temperature}");
            assert_eq!(share(Pen::End, false), 0.0, "it may not");
        }
    }
}
