//! Numbers and paths in words, the same everywhere in the window.

use std::path::Path;

/// Between the digits of a large number: it must not break.
const GAP: char = '\u{a0}';

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

/// "1 drawing", "12 drawings".
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{}{GAP}{}", count(number), if number == 1 { one } else { many })
}

/// "14 B", "74 kB", "3.2 MB".
pub fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number}{GAP}B"),
        1_000..1_000_000 => format!("{:.0}{GAP}kB", number as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1}{GAP}MB", number as f64 / 1e6),
        _ => format!("{:.1}{GAP}GB", number as f64 / 1e9),
    }
}

/// A loss, a rate, a norm: four figures that count, whatever the size.
pub fn figure(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        "not a number".into()
    } else if size == 0.0 {
        "0".into()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{number:.2e}")
    } else {
        let whole = if size >= 1.0 { size.log10().floor() as usize + 1 } else { 1 };
        format!("{number:.*}", 4usize.saturating_sub(whole))
    }
}

/// The last part of a path, or all of it if it has none.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567).replace(GAP, " "), "1 234 567");
        assert_eq!(counted(1, "drawing", "drawings").replace(GAP, " "), "1 drawing");
        assert_eq!(bytes(74_400).replace(GAP, " "), "74 kB");
        assert_eq!((figure(0.31822), figure(12.345), figure(1.2e-6)), ("0.318".into(), "12.35".into(), "1.20e-6".into()));
        assert_eq!((figure(f64::NAN), figure(0.0), figure(99_999.0)), ("not a number".into(), "0".into(), "99999".into()));
    }
}
