//! One error type whose text is written for the person at the keyboard.
//!
//! An error says what happened, why (its cause), where (file and line) and what to do next. It is made where the
//! facts are known and shown exactly once: by `main` or by the studio's message list.

use std::fmt;
use std::path::{Path, PathBuf};

/// Result with the crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What an error means for whoever called: it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The work was started and failed: exit code 1.
    Failed,
    /// The request itself cannot be carried out as it was put: exit code 2.
    Usage,
    /// Trained weights that the work needs are not on this machine, but can be had: exit code 1.
    WeightsAbsent,
    /// Somebody asked for it to stop: nothing is wrong.
    Cancelled,
}

/// What happened, why, where, and what to do next.
#[derive(Debug)]
pub struct Error(Box<Facts>);

#[derive(Debug)]
struct Facts {
    kind: Kind,
    what: String,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    path: Option<PathBuf>,
    line: Option<u64>,
    advice: Option<String>,
    /// Instead of `advice`, for somebody in front of the window.
    in_window: Option<String>,
}

/// Where an error is read: what to do next is a command in one place, a button in the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Terminal,
    Window,
}

impl Error {
    /// A failure, in words: lower case, no full stop.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Facts { kind: Kind::Failed, what: what.into(), cause: None, path: None, line: None, advice: None, in_window: None }))
    }

    /// A request that cannot be carried out as it was put.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(what).with_kind(Kind::Usage)
    }

    /// The same error with another kind.
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Names the file; the innermost place wins, being the most exact.
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// Names the line, counted from 1.
    pub fn line(mut self, line: u64) -> Self {
        self.0.line.get_or_insert(line);
        self
    }

    /// Says what to do next: a full sentence.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.0.advice.get_or_insert_with(|| advice.into());
        self
    }

    /// Says what to do next to somebody in front of the window, where [`Error::advise`] names a command or its options: a full sentence.
    pub fn in_window(mut self, advice: impl Into<String>) -> Self {
        self.0.in_window.get_or_insert_with(|| advice.into());
        self
    }

    /// Attaches the cause.
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What the error means for the caller.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The file that it is about, if one is.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The line in that file, counted from 1.
    pub fn line_number(&self) -> Option<u64> {
        self.0.line
    }
}

impl Error {
    /// The text for somebody in front of the window: as it is printed, but for what to do next.
    pub fn for_window(&self) -> String {
        self.text(Reader::Window)
    }

    fn text(&self, reader: Reader) -> String {
        let Facts { what, cause, path, line, advice, in_window, .. } = &*self.0;
        let mut text = what.clone();
        let mut cause = cause.as_deref().map(|c| c as &dyn std::error::Error);
        while let Some(inner) = cause {
            text.push_str(": ");
            // Our own errors tell their causes themselves.
            cause = match inner.downcast_ref::<Error>() {
                Some(own) => {
                    text.push_str(&own.text(reader));
                    None
                }
                None => {
                    text.push_str(&inner.to_string());
                    inner.source()
                }
            };
        }
        match (path, line) {
            (Some(path), Some(line)) => text.push_str(&format!("\n  in {}, line {line}", path.display())),
            (Some(path), None) => text.push_str(&format!("\n  in {}", path.display())),
            (None, Some(line)) => text.push_str(&format!("\n  in line {line}")),
            (None, None) => {}
        }
        let advice = in_window.as_ref().filter(|_| reader == Reader::Window).or(advice.as_ref());
        if let Some(advice) = advice {
            text.push_str(&format!("\n  {advice}"));
        }
        super::harmless(&text)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Reader::Terminal))
    }
}

impl std::error::Error for Error {}

/// Turns any library's error into an [`Error`] that says what was being done.
pub trait Context<T> {
    /// `what` was being done: "cannot read the preset".
    fn context(self, what: impl Into<String>) -> Result<T>;
    /// The same, with the file that it was done to.
    fn context_at(self, what: impl Into<String>, path: impl AsRef<Path>) -> Result<T>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> Context<T> for std::result::Result<T, E> {
    fn context(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|cause| Error::new(what).because(cause))
    }

    fn context_at(self, what: impl Into<String>, path: impl AsRef<Path>) -> Result<T> {
        self.map_err(|cause| Error::new(what).because(cause).at(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_why_where_and_what_next() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        let error = Error::new("cannot read the drawings").because(missing).at("cat.ndjson").line(3).advise("Fetch them.");
        assert_eq!(error.to_string(), "cannot read the drawings: entity not found\n  in cat.ndjson, line 3\n  Fetch them.");
        assert_eq!(error.kind(), Kind::Failed);
    }

    #[test]
    fn nothing_in_it_steers_a_terminal() {
        let error = Error::new("not a drawing").at("cat\u{1b}[2J.ndjson").advise("Look\r at it.");
        assert_eq!(error.to_string(), "not a drawing\n  in cat\u{fffd}[2J.ndjson\n  Look\u{fffd} at it.");
    }

    #[test]
    fn the_window_is_told_of_its_own_ways() {
        let inner = Error::new("no drawings").at("cat.ndjson").advise("`denoodle data fetch cat`").in_window("Categories downloads them.");
        let outer = Error::new("cannot train").because(inner).advise("Try again.");
        assert_eq!(outer.to_string(), "cannot train: no drawings\n  in cat.ndjson\n  `denoodle data fetch cat`\n  Try again.");
        assert_eq!(outer.for_window(), "cannot train: no drawings\n  in cat.ndjson\n  Categories downloads them.\n  Try again.");
    }

    #[test]
    fn the_innermost_place_wins() {
        let error = Error::new("broken").at("inner").line(1).at("outer").line(9);
        assert_eq!((error.path(), error.line_number()), (Some(Path::new("inner")), Some(1)));
    }
}
