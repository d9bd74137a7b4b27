//! Numbers and what they count, in words: the same in the window, on the command line and in files.

use std::fmt::Display;

/// Between the digits of a large number, and before what it counts: no line may break there.
pub const GAP: char = '\u{a0}';

/// "4 210": digits in groups of three.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(GAP);
        }
        out.push(digit);
    }
    out
}

/// "1 drawing", "4 210 drawings".
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{}{GAP}{}", count(number), noun(number, one, many))
}

/// "1 drawing", "4210 drawings": for terminals, where others read it too.
pub fn plain<N: Display + Copy + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    format!("{number} {}", noun(number, one, many))
}

/// What goes with a number that stands elsewhere: `one` or `many`.
pub fn noun<'a, N: PartialEq + From<u8>>(number: N, one: &'a str, many: &'a str) -> &'a str {
    if number == N::from(1) { one } else { many }
}

/// A unit behind a number: "steps" and "categories" become "step" and "category" behind 1; "of 255" stays as it is.
pub fn unit<N: PartialEq + From<u8>>(number: N, many: &str) -> String {
    let one = match many.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => many.strip_suffix('s').unwrap_or(many).to_owned(),
    };
    noun(number, &one, many).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(0), count(999), count(1_234_567).replace(GAP, " ")], ["0", "999", "1 234 567"]);
        assert_eq!(
            [0, 1, 4210].map(|n| counted(n, "drawing", "drawings").replace(GAP, " ")),
            ["0 drawings", "1 drawing", "4 210 drawings"]
        );
        assert_eq!([1, 4210].map(|n: usize| plain(n, "step", "steps")), ["1 step", "4210 steps"]);
        assert_eq!(
            [unit(1.0, "steps"), unit(1.5, "steps"), unit(1, "categories"), unit(1, "of 255")],
            ["step", "steps", "category", "of 255"]
        );
    }
}
