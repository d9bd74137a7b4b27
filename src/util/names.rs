//! Names of files and folders, and other texts from outside.

/// The first character that some system does not take in a name.
pub fn not_in_names(name: &str) -> Option<char> {
    name.chars().find(|&c| c.is_control() || "/\\:*?\"<>|".contains(c))
}

/// The same text without what steers a terminal, which names of files and what files say of themselves may hold.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
