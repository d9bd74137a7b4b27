//! What is selected by a key comes into sight.

use std::ops::Range;

/// Where a list of equal rows has to be scrolled to, so that a row is in sight; `None` if it is. The outermost rows `in_sight` may be cut.
/// `height` of a row with its gap, and of the `room` that the list has.
pub(in crate::studio) fn reveal(row: usize, in_sight: &Range<usize>, height: f32, room: f32) -> Option<f32> {
    let top = row as f32 * height;
    if row <= in_sight.start {
        Some(top)
    } else if row + 1 >= in_sight.end {
        Some((top + height - room).max(0.0))
    } else {
        None
    }
}
