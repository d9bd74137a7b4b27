//! The drawings of one category, divided as its split says.

use super::cache::{self, Cache};
use super::{Drawings, Folders, Split, SplitAudit, split};
use crate::config::own;
use crate::sketch::Sketch;
use crate::util::{Cancel, Error, Result};

/// Drawings to learn from and to be tested with, in the data frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The category's name.
    pub category: String,
    /// To learn from: the train list's drawings in its order, repeated where it repeats them.
    pub train: Vec<Sketch>,
    /// To be tested with: the test list's drawings in its order, repeated where it repeats them.
    pub test: Vec<Sketch>,
    /// What a person should know: bad lines, unusual indices, made-up drawings. Empty if all is well.
    pub notes: Vec<String>,
    /// SHA-256 of the file that the drawings are from, 64 hexadecimal digits.
    pub source_sha256: String,
}

/// The drawings of one category in flat form, and which of them its split means.
#[derive(Debug, Clone, PartialEq)]
pub struct Divided {
    /// The category's name.
    pub category: String,
    /// All good lines of the file.
    pub drawings: Drawings,
    /// The numbers in `drawings` of the train list's entries, in its order, repeated where it repeats them.
    pub train: Vec<usize>,
    /// The numbers in `drawings` of the test list's entries, in its order, repeated where it repeats them.
    pub test: Vec<usize>,
    /// The lists as they are.
    pub split: Split,
    /// What is unusual about them.
    pub audit: SplitAudit,
    /// Made up by a program, not drawn by people.
    pub procedural: bool,
    /// As in [`Dataset`].
    pub notes: Vec<String>,
    /// As in [`Dataset`].
    pub source_sha256: String,
}

/// Loads a category by way of the user's cache: see [`load_with`].
pub fn load(folders: &Folders, category: &str, threads: usize, cancel: &Cancel, progress: &mut dyn FnMut(u64, u64)) -> Result<Dataset> {
    load_with(folders, category, &Cache::for_user(), threads, cancel, progress)
}

/// Loads a category's drawings and divides them as `indices.json` says.
///
/// The lists are kept as they are, but for indices that have no drawing: past the end of the file, or on a bad line. Those, and
/// all that [`split::audit`] counts, are told in the notes. `progress` gets bytes read and their total.
///
/// # Errors
/// If there is no file or no split (the error says how to get one), if either cannot be read, or if a list has no drawing left.
pub fn load_with(
    folders: &Folders,
    category: &str,
    cache: &Cache,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Dataset> {
    let Divided { category, drawings, train, test, notes, source_sha256, .. } =
        divided(folders, category, cache, threads, cancel, progress)?;
    let sketches = |numbers: Vec<usize>| numbers.into_iter().map(|i| drawings.sketch(i)).collect();
    Ok(Dataset { category, train: sketches(train), test: sketches(test), notes, source_sha256 })
}

/// What [`load_with`] loads, with the numbers of the drawings instead of copies of them.
///
/// # Errors
/// As [`load_with`].
pub fn divided(
    folders: &Folders,
    category: &str,
    cache: &Cache,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Divided> {
    let path = folders.need(category)?;
    // Before the long reading, so that a missing split is told at once.
    let split = split::read(folders, category)?;
    let opened = cache::open(&path, cache, threads, cancel, progress)?;
    let lines = opened.report.lines;
    let mut notes = opened.report.messages();
    notes.extend(opened.notes);
    if opened.report.procedural {
        notes.push(format!("the drawings of '{category}' are procedural: made up by a program, not drawn by people"));
    }
    if let Some(word) = opened.report.word().filter(|word| *word != own::bare(category) && !word.is_empty()) {
        notes.push(format!("the file of '{category}' says that its drawings are of '{word}'"));
    }
    let audit = split::audit(&split, lines);
    notes.extend(audit.messages());
    let mut bad = 0;
    let mut choose =
        |list: &[u64]| -> Vec<usize> { list.iter().filter_map(|&index| chosen(&opened.drawings, index, lines, &mut bad)).collect() };
    let (train, test) = (choose(&split.train), choose(&split.test));
    if bad > 0 {
        notes.push(split::on_bad_lines(bad));
    }
    if train.is_empty() || test.is_empty() {
        let which = if train.is_empty() { "train" } else { "test" };
        return Err(Error::new(format!(
            "no index of the {which} list has a drawing: the file has {lines} lines, and the split was made for another"
        ))
        .at(folders.split(category))
        .advise(format!(
            "`--subset DIR` names the splits that belong to the drawings; `denoodle data split \"{category}\" --replace` makes a new one."
        ))
        .in_window("Import the subset.zip that belongs to the drawings in Categories, and let it replace what is there."));
    }
    Ok(Divided {
        category: category.to_owned(),
        train,
        test,
        split,
        audit,
        procedural: opened.report.procedural,
        notes,
        source_sha256: opened.sha256,
        drawings: opened.drawings,
    })
}

/// The number of an index's drawing; counts those on bad lines.
fn chosen(drawings: &Drawings, index: u64, lines: u64, bad: &mut usize) -> Option<usize> {
    let found = drawings.on_line(index);
    *bad += usize::from(found.is_none() && index < lines);
    found
}
