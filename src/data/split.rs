//! The split of a category's file into drawings to learn from and drawings to be tested with.
//!
//! `subset/<category>/indices.json` holds `{"train": [...], "test": [...]}`: zero-based line numbers of the full file. The lists
//! are strictly kept, as they are and in their order: an index that is repeated trains twice, an index in both lists is in both.
//! That is no oversight: a model is comparable with others only if it learned from the very same lists. What is unusual
//! about a split is counted by [`audit`] and told; scores are given both ways where that matters.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Folders;
use super::catalog::check_name;
use crate::config::own;
use crate::util::number::{noun, plain};
use crate::util::rng::{Stream, permutation, stream};
use crate::util::{Context, Error, Result, atomic};

/// The usual size: as in the assignment that the splits are for.
pub const USUAL: (usize, usize) = (10_000, 2_000);

/// The seed of the splits that come with the program.
pub const USUAL_SEED: u64 = 1;

/// Larger files are no splits: the limit keeps a wrong file from filling the memory.
pub(super) const MAX_SPLIT_BYTES: u64 = 64 << 20;

/// Zero-based lines of the full file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// To learn from.
    pub train: Vec<u64>,
    /// To be tested with.
    pub test: Vec<u64>,
}

/// What is unusual about a split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitAudit {
    /// Entries of the train list.
    pub train: usize,
    /// Entries of the test list.
    pub test: usize,
    /// Entries of the train list that were in it before.
    pub repeated_in_train: usize,
    /// Entries of the test list that were in it before.
    pub repeated_in_test: usize,
    /// Different indices that are in both lists.
    pub shared: usize,
    /// Entries of both lists that point past the end of the file.
    pub past_end: usize,
}

/// Reads a category's split; see [`read_file`]. A missing one is an error that says how to make one.
pub fn read(folders: &Folders, category: &str) -> Result<Split> {
    check_name(own::bare(category))?;
    let path = folders.split(category);
    if !path.exists() {
        return Err(Error::new(format!("there is no train/test split for '{category}'"))
            .at(&path)
            .advise(format!("`denoodle data split \"{category}\"` makes one; `denoodle data import subset.zip` takes over given ones."))
            .in_window("Import its drawings once more in Categories, which makes one, or a subset.zip."));
    }
    read_file(&path)
}

/// Reads a split from a file.
///
/// # Errors
/// If it cannot be read or is not of the form `{"train": [...], "test": [...]}` with whole numbers from 0.
pub fn read_file(path: &Path) -> Result<Split> {
    let bytes = fs::metadata(path).context_at("cannot read the split", path)?.len();
    if bytes > MAX_SPLIT_BYTES {
        return Err(Error::new(format!("a split of {} MB is too large to be one", bytes >> 20)).at(path));
    }
    parse(&fs::read(path).context_at("cannot read the split", path)?).map_err(|error| error.at(path))
}

/// Reads a split from its text.
pub fn parse(text: &[u8]) -> Result<Split> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let advice = "A split is {\"train\": [0, 5, ...], \"test\": [3, ...]}: line numbers of the drawings' file, counted from 0.";
    let split: Split = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let field = if field == "." { String::new() } else { format!(" at '{field}'") };
        Error::new(format!("this is not a split{field}: {}", error.inner())).line(error.inner().line() as u64).advise(advice)
    })?;
    reader.end().map_err(|error| Error::new("something follows the split").line(error.line() as u64).advise(advice))?;
    if split.train.is_empty() || split.test.is_empty() {
        let which = if split.train.is_empty() { "train" } else { "test" };
        return Err(Error::new(format!("the split's {which} list is empty")).advise(advice));
    }
    Ok(split)
}

/// Writes a split, in the form of the assignment's files.
pub fn write(path: &Path, split: &Split) -> Result<()> {
    let list = |numbers: &[u64]| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let text = format!("{{\"train\": [{}], \"test\": [{}]}}\n", list(&split.train), list(&split.test));
    atomic::write(path, |file| file.write_all(text.as_bytes()).context("cannot write the split"))
}

/// Counts what is unusual about a split of a file with so many lines.
pub fn audit(split: &Split, lines: u64) -> SplitAudit {
    let train: HashSet<_> = split.train.iter().collect();
    let test: HashSet<_> = split.test.iter().collect();
    SplitAudit {
        train: split.train.len(),
        test: split.test.len(),
        repeated_in_train: split.train.len() - train.len(),
        repeated_in_test: split.test.len() - test.len(),
        shared: train.intersection(&test).count(),
        past_end: split.train.iter().chain(&split.test).filter(|&&index| index >= lines).count(),
    }
}

impl SplitAudit {
    /// What a person should know, one message each; none if the split is disjoint, without repeats and within the file.
    pub fn messages(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (count, of, list) in [(self.repeated_in_train, self.train, "train"), (self.repeated_in_test, self.test, "test")] {
            if count > 0 {
                let what = noun(count, "repeats an earlier one; it is", "repeat an earlier one; they are");
                out.push(format!("{count} of the {of} entries of the {list} list {what} used as given"));
            }
        }
        if self.shared > 0 {
            let indices = plain(self.shared, "index is in both lists; it is", "indices are in both lists; they are");
            let drawings = noun(self.shared, "this drawing is", "these drawings are");
            out.push(format!("{indices} used as given, so {drawings} learned and tested"));
        }
        if self.past_end > 0 {
            let entries = plain(self.past_end, "entry points", "entries point");
            out.push(format!("{entries} past the end of the file and cannot be used"));
        }
        out
    }
}

/// What a person should know of so many entries, one at least, whose line was left out.
pub fn on_bad_lines(entries: usize) -> String {
    let entries = plain(entries, "entry of the split points at a line that was", "entries of the split point at lines that were");
    format!("{entries} left out, and cannot be used")
}

/// How many to train and test with if nobody says: 10 000 and 2 000, or five sixths and one sixth of a smaller file.
pub fn usual_sizes(drawings: usize) -> (usize, usize) {
    if drawings >= USUAL.0 + USUAL.1 {
        return USUAL;
    }
    // Two drawings are one and one.
    let test = (drawings / 6).max(1).min(drawings);
    (drawings - test, test)
}

/// Makes a split: `train` and `test` different numbers among `lines`, in random order, decided by the seed.
///
/// # Errors
/// If there are not so many lines, or a list would be empty.
pub fn make(lines: &[u64], train: usize, test: usize, seed: u64) -> Result<Split> {
    if train == 0 || test == 0 || train.checked_add(test).is_none_or(|sum| sum > lines.len()) {
        let drawings = plain(lines.len(), "drawing", "drawings");
        return Err(Error::usage(format!("{drawings} cannot be split into {train} to train and {test} to test with"))
            .advise("Both lists need at least one drawing, and no drawing may be in both."));
    }
    let order = permutation(&mut stream(seed, Stream::Split, 0), lines.len());
    let mut drawn = order.into_iter().map(|i| lines[i as usize]);
    let train = drawn.by_ref().take(train).collect();
    Ok(Split { train, test: drawn.take(test).collect() })
}

/// A split with the lines that are in neither of its lists yet: to test with until there are `test` of them, the others to train with.
/// Entries stay where they are, but those of lines that are gone.
pub fn extended(mut split: Split, lines: &[u64], test: usize) -> Split {
    let there: HashSet<u64> = lines.iter().copied().collect();
    split.train.retain(|line| there.contains(line));
    split.test.retain(|line| there.contains(line));
    let known: HashSet<u64> = split.train.iter().chain(&split.test).copied().collect();
    for &line in lines.iter().filter(|line| !known.contains(line)) {
        if split.test.len() < test { split.test.push(line) } else { split.train.push(line) }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_grows_without_moving_anything() {
        let lines: Vec<u64> = (0..12).collect();
        let old = make(&lines, 10, 2, 1).expect("enough lines");
        let more: Vec<u64> = (0..20).collect();
        let new = extended(old.clone(), &more, 3);
        assert!(new.train.starts_with(&old.train) && new.test.starts_with(&old.test));
        assert_eq!((new.train.len(), new.test.len()), (17, 3));
        assert!(audit(&new, 20).messages().is_empty());
        assert_eq!(extended(new, &lines, 2).train.len(), 10, "lines that are gone");
    }

    #[test]
    fn a_made_split_is_disjoint_without_repeats_and_repeats_by_seed() {
        let lines: Vec<u64> = (0..500).map(|i| 3 * i).collect();
        let split = make(&lines, 300, 100, 5).expect("enough lines");
        let audited = audit(&split, 1500);
        assert_eq!(audited, SplitAudit { train: 300, test: 100, ..SplitAudit::default() });
        assert!(audited.messages().is_empty());
        assert!(split.train.iter().chain(&split.test).all(|i| i % 3 == 0 && *i < 1500));
        assert_eq!(make(&lines, 300, 100, 5).ok(), Some(split.clone()));
        assert_ne!(make(&lines, 300, 100, 6).ok(), Some(split));
    }

    #[test]
    fn everything_unusual_is_counted() {
        let split = Split { train: vec![0, 1, 1, 1, 9], test: vec![2, 2, 1, 10, 11] };
        let audited = audit(&split, 10);
        let expected = SplitAudit { train: 5, test: 5, repeated_in_train: 2, repeated_in_test: 1, shared: 1, past_end: 2 };
        assert_eq!((audited, audited.messages().len()), (expected, 4));
    }

    #[test]
    fn impossible_splits_are_refused() {
        let lines: Vec<u64> = (0..10).collect();
        for (train, test) in [(0, 1), (1, 0), (9, 2), (usize::MAX, 2)] {
            assert!(make(&lines, train, test, 0).is_err());
        }
        assert_eq!(usual_sizes(120), (100, 20));
        assert_eq!(usual_sizes(123_202), USUAL);
    }

    #[test]
    fn a_faulty_file_is_named_with_line_and_field() {
        for (text, part) in [
            ("", "line 1"),
            ("{\"train\": [1]}", "missing field `test`"),
            ("{\"train\": [1,\n -2], \"test\": [3]}", "train[1]"),
            ("{\"train\": [1.5], \"test\": [3]}", "train[0]"),
            ("{\"train\": [1], \"test\": []}", "test list is empty"),
            ("{\"train\": [1], \"test\": [2]} 7", "something follows"),
        ] {
            let error = parse(text.as_bytes()).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(parse(b"{\"train\": [1,\n -2], \"test\": [3]}").expect_err("negative").line_number(), Some(2));
    }
}
