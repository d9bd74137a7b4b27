//! A fair share of a list.

/// Every how many of so many things must be taken so that there are at most `most`. Drawings lie category by category: a stride takes a fair
/// share of each.
pub fn stride(things: usize, most: usize) -> usize {
    things.div_ceil(most.max(1)).max(1)
}
