//! SHA-256 as text.

use sha2::{Digest, Sha256};

/// SHA-256 of bytes, 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of whole numbers in their order, 64 hexadecimal digits; the same on every platform.
pub fn sha256_of_numbers(numbers: impl IntoIterator<Item = u64>) -> String {
    let mut hash = Sha256::new();
    numbers.into_iter().for_each(|number| hash.update(number.to_le_bytes()));
    hex(&hash.finalize())
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_digest() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(sha256_of_numbers([1, 2]), sha256_of_numbers([2, 1]));
        assert_eq!(sha256_of_numbers([]), sha256(b""));
    }
}
