//! Names of files and folders.

/// The first character that some system does not take in a name.
pub fn not_in_names(name: &str) -> Option<char> {
    name.chars().find(|&c| c.is_control() || "/\\:*?\"<>|".contains(c))
}
