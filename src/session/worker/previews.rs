//! The preview sheets of a run in its folder: `previews.ndjson`, one a line.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::{sketch_of, strokes_of};
use crate::session::{MOST_SHEETS, Preview, Previews};
use crate::train::lines_until;
use crate::util::{Context, Result, atomic};

const FILE: &str = "previews.ndjson";
/// With so many lines the file is written anew, with the sheets that are kept.
const MOST_LINES: usize = 2 * MOST_SHEETS;

/// A line: each sketch is what the data set calls a `drawing`. An empty one is a place on which nothing was drawn.
#[derive(Serialize, Deserialize)]
struct Line {
    step: u64,
    sketches: Vec<Vec<[Vec<u8>; 2]>>,
}

/// Those of the run in this folder, without touching their file: it may belong to a training that goes on elsewhere.
pub(super) fn of(folder: &Path) -> Previews {
    sheets_until(&folder.join(FILE), u64::MAX).unwrap_or_default()
}

/// Those of a run's first `step` steps; `None` without a file.
fn sheets_until(path: &Path, step: u64) -> Option<Previews> {
    let mut all = Previews::default();
    lines_until(path, step)?.iter().filter_map(|line| sheet(line)).for_each(|sheet| all.push(sheet));
    Some(all)
}

/// The sheets of a run that goes on, and their file.
///
/// What cannot be written is kept in memory, and written with the next sheet.
pub(super) struct Kept {
    path: PathBuf,
    all: Previews,
    lines: usize,
    /// The file does not hold what it should: a line more would not mend it.
    stale: bool,
}

impl Kept {
    /// None yet, of the run in this folder.
    pub(super) fn of(folder: &Path) -> Self {
        Self { path: folder.join(FILE), all: Previews::default(), lines: 0, stale: false }
    }

    /// All of them.
    pub(super) fn all(&self) -> &Previews {
        &self.all
    }

    /// Reads those of the run's first `step` steps; later ones, and what is no sheet, are taken out of the file.
    pub(super) fn read(&mut self, step: u64) -> Result<()> {
        let Some(all) = sheets_until(&self.path, step) else { return Ok(()) };
        self.all = all;
        self.write()
    }

    /// Adds the newest one.
    pub(super) fn push(&mut self, sheet: Preview) -> Result<()> {
        let line = line(&sheet);
        self.all.push(sheet);
        if self.stale || self.lines >= MOST_LINES {
            return self.write();
        }
        self.stale = true;
        append(&self.path, &line?)?;
        self.lines += 1;
        self.stale = false;
        Ok(())
    }

    /// Forgets those of later steps; `None` if there are none.
    pub(super) fn forget_after(&mut self, step: u64) -> Option<Result<()>> {
        self.all.newest().filter(|newest| newest.step > step)?;
        self.all.forget_after(step);
        Some(self.write())
    }

    /// Writes the file anew.
    fn write(&mut self) -> Result<()> {
        self.stale = true;
        let text = self.all.sheets().iter().map(|sheet| line(sheet)).collect::<Result<String>>()?;
        atomic::write_bytes(&self.path, text.as_bytes())?;
        self.lines = self.all.sheets().len();
        self.stale = false;
        Ok(())
    }
}

/// One write a line, and on the disk before training goes on.
fn append(path: &Path, line: &str) -> Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_data()));
    written.context_at("cannot write the preview sheets", path)
}

fn line(sheet: &Preview) -> Result<String> {
    // A drawing without a line is none, but has its place.
    let sketches = sheet.sketches.iter().map(|sketch| strokes_of(sketch).unwrap_or_default()).collect();
    let text = serde_json::to_string(&Line { step: sheet.step, sketches }).context("cannot write a preview sheet as JSON")?;
    Ok(text + "\n")
}

fn sheet(line: &str) -> Option<Preview> {
    let Line { step, sketches } = serde_json::from_str(line).ok()?;
    let sketches = sketches.iter().map(|strokes| sketch_of(strokes)).collect::<Option<Vec<_>>>()?;
    Some(Preview { step, sketches })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sketch::{Sketch, Stroke};

    /// A line that says of which step it is, and a place without a drawing.
    fn made(step: u64) -> Preview {
        let line = Stroke::new(vec![[0.0, (step % 256) as f32], [255.0, 20.0]]);
        let dot = Stroke::new(vec![[7.0, 8.0]]);
        Preview { step, sketches: vec![Sketch { strokes: vec![line, dot] }, Sketch::default()] }
    }

    fn kept(folder: &Path, steps: impl IntoIterator<Item = u64>) -> Kept {
        let mut kept = Kept::of(folder);
        steps.into_iter().for_each(|step| kept.push(made(step)).expect("written"));
        kept
    }

    fn read(folder: &Path, step: u64) -> Kept {
        let mut kept = Kept::of(folder);
        kept.read(step).expect("read");
        kept
    }

    fn steps(kept: &Kept) -> Vec<u64> {
        kept.all().sheets().iter().map(|sheet| sheet.step).collect()
    }

    #[test]
    fn what_is_written_is_read_again_up_to_the_step_that_the_run_goes_on_from() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = kept(folder.path(), [1, 12, 300]);
        assert_eq!(read(folder.path(), 300).all(), before.all());
        assert_eq!(steps(&read(folder.path(), 299)), [1, 12]);
        assert_eq!(steps(&read(folder.path(), 300)), [1, 12], "they are gone from the file too");
    }

    #[test]
    fn whoever_looks_at_a_run_changes_nothing_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(of(folder.path()).sheets().is_empty());
        let before = kept(folder.path(), [1, 12, 300]);
        let file = folder.path().join(FILE);
        let text = fs::read_to_string(&file).expect("a file") + "no sheet\n";
        atomic::write_bytes(&file, text.as_bytes()).expect("written");
        assert_eq!(&of(folder.path()), before.all());
        assert_eq!(fs::read_to_string(&file).expect("a file"), text);
    }

    #[test]
    fn a_broken_last_line_is_left_out_and_the_next_sheet_has_a_line_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        kept(folder.path(), [1, 2, 3]);
        let file = folder.path().join(FILE);
        let text = fs::read_to_string(&file).expect("a file");
        for cut in [1, 2, 30] {
            atomic::write_bytes(&file, &text.as_bytes()[..text.len() - cut]).expect("cut");
            let mut again = read(folder.path(), 9);
            let whole: &[u64] = if cut == 1 { &[1, 2, 3] } else { &[1, 2] };
            assert_eq!(steps(&again), whole, "{cut} bytes are missing");
            again.push(made(4)).expect("written");
            assert_eq!(steps(&read(folder.path(), 9)), [whole, &[4]].concat());
        }
    }

    #[test]
    fn lines_that_are_no_sheets_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let lines = [
            r#"{"step":1,"sketches":[[[[1],[2]]]]}"#,
            r#"{"step":2,"sketches":[[[[1],[2,3]]]]}"#,
            r#"{"step":3,"sketches":[[[[],[]]]]}"#,
            r#"{"step":4,"sketches":[[[[999],[0]]]]}"#,
            r#"{"step":-5,"sketches":[]}"#,
            r#"{"step":6}"#,
            "7",
            "",
            r#"{"step":8,"sketches":[]}"#,
        ];
        atomic::write_bytes(&folder.path().join(FILE), lines.join("\n").as_bytes()).expect("written");
        assert_eq!(steps(&read(folder.path(), 100)), [1, 8]);
    }

    #[test]
    fn the_file_is_bounded_and_has_the_first_and_the_newest_sheet() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut kept = Kept::of(folder.path());
        for step in 1..=400 {
            kept.push(made(step)).expect("written");
            let lines = fs::read_to_string(folder.path().join(FILE)).expect("a file").lines().count();
            assert!(lines <= MOST_LINES, "{lines} lines after {step} sheets");
        }
        let again = steps(&read(folder.path(), 400));
        assert_eq!((again.len(), again[0], again[MOST_SHEETS - 1]), (MOST_SHEETS, 1, 400));
    }

    #[test]
    fn going_back_takes_sheets_out_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut before = kept(folder.path(), [10, 20, 30]);
        assert!(before.forget_after(30).is_none());
        assert!(before.forget_after(19).is_some_and(|written| written.is_ok()));
        assert_eq!(steps(&before), [10]);
        before.push(made(25)).expect("written");
        assert_eq!(steps(&read(folder.path(), 100)), [10, 25]);
    }

    #[test]
    fn what_could_not_be_written_is_written_with_the_next_sheet() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut kept = kept(folder.path(), [1]);
        let file = folder.path().join(FILE);
        // A folder is in the way.
        fs::remove_file(&file).expect("removed");
        fs::create_dir(&file).expect("a folder");
        assert!(kept.push(made(2)).is_err());
        assert_eq!(steps(&kept), [1, 2]);
        fs::remove_dir(&file).expect("removed");
        kept.push(made(3)).expect("written");
        assert_eq!(steps(&read(folder.path(), 9)), [1, 2, 3]);
    }

    #[test]
    fn a_run_without_sheets_leaves_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(steps(&read(folder.path(), 9)).is_empty());
        assert!(!folder.path().join(FILE).exists());
    }
}
