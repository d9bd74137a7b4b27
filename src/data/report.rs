//! What was left out of a file, and why.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::util::number::{noun, plain};

/// The first so many bad lines are described one by one; the others are counted.
pub(super) const DESCRIBED: usize = 10;

/// So many different words are told apart.
const WORDS: usize = 16;

/// All further words together.
const REST: &str = "…";

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Problem {
    /// There is nothing on the line.
    Blank,
    /// Longer than [`super::MAX_LINE_BYTES`].
    TooLong,
    /// Not UTF-8 text.
    NotUtf8,
    /// Not JSON, or not an object.
    NotJson,
    /// JSON, but no `drawing`, or one of another shape.
    NotADrawing,
    /// A coordinate or a time is not a finite number below a million.
    NotANumber,
    /// A stroke is not two or three arrays of one length, or only some strokes have times.
    Arity,
    /// A drawing without strokes.
    NoStrokes,
    /// A stroke without points.
    EmptyStroke,
    /// All ink is in one point.
    OnePoint,
    /// More than [`super::MAX_POINTS`] points, or a line so long that it would need more.
    TooManyPoints,
}

impl Problem {
    /// In words, to stand behind a number: "3 lines not JSON".
    pub fn text(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong => "too long",
            Self::NotUtf8 => "not UTF-8 text",
            Self::NotJson => "not JSON",
            Self::NotADrawing => "without a drawing",
            Self::NotANumber => "with something that is not a number",
            Self::Arity => "with arrays that do not match",
            Self::NoStrokes => "without strokes",
            Self::EmptyStroke => "with an empty stroke",
            Self::OnePoint => "with one point only",
            Self::TooManyPoints => "with too many points",
        }
    }
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// Counted from 1, as editors do.
    pub line: u64,
    /// Why, for counting.
    pub problem: Problem,
    /// Why, in detail.
    pub detail: String,
}

/// How the reading of a file went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadReport {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes, as it lies on the disk.
    pub bytes: u64,
    /// Lines, good and bad.
    pub lines: u64,
    /// Good lines.
    pub drawings: u64,
    /// Bad lines by reason.
    pub left_out: Vec<(Problem, u64)>,
    /// The first ten of them.
    pub first: Vec<BadLine>,
    /// Drawings that were scaled and simplified: those with times, or outside of 0..255.
    pub scaled: u64,
    /// What the good lines say they are of, and how many of them say so, in order of appearance. After sixteen words the rest is "…".
    pub words: Vec<(String, u64)>,
    /// Why the file ends too early, if it does; the lines before are used.
    pub broken_off: Option<String>,
    /// Made up by a program: the file's first line says so.
    pub procedural: bool,
}

impl ReadReport {
    /// Bad lines.
    pub fn bad(&self) -> u64 {
        self.left_out.iter().map(|(_, count)| count).sum()
    }

    /// Counts a bad line.
    pub(super) fn add(&mut self, line: u64, problem: Problem, detail: String) {
        self.count(problem, 1);
        if self.first.len() < DESCRIBED {
            self.first.push(BadLine { line, problem, detail });
        }
    }

    /// Takes over what was found in the next part of the file, whose own lines are counted from 1.
    pub(super) fn append(&mut self, part: Self) {
        for (problem, count) in part.left_out {
            self.count(problem, count);
        }
        let room = DESCRIBED.saturating_sub(self.first.len());
        self.first.extend(part.first.into_iter().take(room).map(|bad| BadLine { line: bad.line + self.lines, ..bad }));
        self.lines += part.lines;
        self.drawings += part.drawings;
        self.scaled += part.scaled;
        for (word, count) in part.words {
            self.saw(&word, count);
        }
    }

    /// What most good lines say they are of.
    pub fn word(&self) -> Option<&str> {
        // Of equals, the first to appear.
        let most = self.words.iter().map(|(_, count)| *count).max()?;
        self.words.iter().find(|(_, count)| *count == most).map(|(word, _)| word.as_str())
    }

    /// Counts a good line's word.
    pub(super) fn saw(&mut self, word: &str, count: u64) {
        // Nearly always all lines say the same: the first comparison settles it.
        if let Some((_, known)) = self.words.iter_mut().find(|(known, _)| known == word) {
            *known += count;
        } else if self.words.len() < WORDS {
            self.words.push((word.chars().take(100).collect(), count));
        } else {
            self.saw_rest(count);
        }
    }

    fn saw_rest(&mut self, count: u64) {
        match self.words.iter_mut().find(|(known, _)| known == REST) {
            Some((_, known)) => *known += count,
            None => self.words.push((REST.to_owned(), count)),
        }
    }

    fn count(&mut self, problem: Problem, by: u64) {
        match self.left_out.binary_search_by_key(&problem, |(known, _)| *known) {
            Ok(at) => self.left_out[at].1 += by,
            Err(at) => self.left_out.insert(at, (problem, by)),
        }
    }

    /// What a person should know of the file, one message each: the first bad lines with their places, then the sum. Empty if all is well.
    pub fn messages(&self) -> Vec<String> {
        let file = file_name(&self.path);
        let mut out: Vec<String> = self.first.iter().map(|bad| format!("{file}, line {}: {}", bad.line, bad.detail)).collect();
        let described = self.first.len() as u64;
        if self.bad() > 0 {
            let reasons: Vec<_> = self.left_out.iter().map(|(problem, count)| format!("{count} {}", problem.text())).collect();
            let more = if self.bad() > described { format!(" (the first {described} are named above)") } else { String::new() };
            let were = noun(self.bad(), "was", "were");
            out.push(format!("{file}: {} of {} lines {were} left out: {}{more}", self.bad(), self.lines, reasons.join(", ")));
        }
        if let Some(why) = &self.broken_off {
            let good = plain(self.drawings, "good line before is", "good lines before are");
            out.push(format!("{file}: the file breaks off after line {}: {why}; the {good} used", self.lines));
        }
        if let (Some(word), 2..) = (self.word(), self.words.len()) {
            let others: u64 = self.words.iter().filter(|(other, _)| other != word).map(|(_, count)| count).sum();
            let others = plain(others, "says something else; it is", "say something else; they are");
            out.push(format!("{file}: most lines say '{word}', but {others} used all the same"));
        }
        out
    }
}

/// The last part of a path, for messages that name many lines of one file.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
