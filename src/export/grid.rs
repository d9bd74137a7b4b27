//! How many columns a sheet has.

/// Columns and rows for `count` cells of equal, square size: a landscape sheet near 8 to 5 with few empty places.
pub fn grid(count: usize, columns: Option<usize>) -> (usize, usize) {
    let count = count.max(1);
    let columns = columns.filter(|&columns| columns > 0).unwrap_or_else(|| {
        let widest = ((count as f64 * 3.0).sqrt().ceil() as usize).max(3).min(count);
        let cost = |&columns: &usize| {
            let rows = count.div_ceil(columns);
            (columns as f64 / rows as f64 / 1.6).ln().abs() + 2.0 * (columns * rows - count) as f64 / count as f64
        };
        (1..=widest).min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(1)
    });
    let columns = columns.min(count);
    (columns, count.div_ceil(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_landscape_and_full() {
        for (count, expected) in [(1, (1, 1)), (2, (2, 1)), (4, (2, 2)), (6, (3, 2)), (12, (4, 3)), (40, (8, 5)), (100, (13, 8))] {
            assert_eq!(grid(count, None), expected, "{count}");
        }
        for count in 1..500 {
            let (columns, rows) = grid(count, None);
            assert!(columns * rows >= count && columns * (rows - 1) < count, "{count}: {columns} x {rows}");
        }
        assert_eq!((grid(7, Some(3)), grid(2, Some(9)), grid(5, Some(0)).0 > 0), ((3, 3), (2, 1), true));
    }
}
