//! Points as rows of five numbers, as Sketch-RNN has them and others after it: the movement to the point, and what the pen does behind it.

use crate::sketch::codec::Trail;

/// Numbers of a row.
pub const ROW: usize = 5;

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
