//! Drawings of the user's own: a small data set that grows one drawing at a time.
//!
//! They are kept beside the other drawings and never among them, so that nobody takes them for the data set's own.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::folders::category_of;
use super::{Folders, MAX_POINTS, catalog, raw, read_file, split, write_line};
use crate::sketch::{Sketch, Stroke};
use crate::util::{Cancel, Context, Error, Result, atomic};

/// Fewer drawings than this are not divided: there is nothing to be learnt from them.
pub const FEWEST_TO_TRAIN: usize = 12;

/// A collection of the user's own: what is kept under a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of what.
    pub word: String,
    /// The file.
    pub path: PathBuf,
    /// The folder to train from.
    pub folder: PathBuf,
    /// Drawings in the file.
    pub count: usize,
    /// Of these to train and to test with, once there are enough.
    pub split: Option<(usize, usize)>,
}

impl Folders {
    /// The folders of drawings of the user's own: `mine` beside the folder of drawings, with its splits in it.
    pub fn own(&self) -> Self {
        let drawings = self.drawings.with_file_name("mine");
        Self { subset: drawings.join("subset"), drawings }
    }
}

/// Adds a drawing to `<word>.ndjson` in these folders, in the simplified form of the data set: aligned to the top left corner, scaled to
/// 255, resampled and simplified with a tolerance of 2. The file is replaced whole, so that it never holds half a line.
///
/// From [`FEWEST_TO_TRAIN`] drawings on, the split is written too. A drawing that is in one of its lists stays there: new ones are
/// added, so that no model is ever tested with what it has learnt.
///
/// # Errors
/// A word that is no file's name; a page without a line; a drawing that is kept already; a file that cannot be read or written. The old
/// file is then as it was.
pub fn keep(folders: &Folders, word: &str, sketch: &Sketch, cancel: &Cancel) -> Result<Kept> {
    catalog::check_name(word)?;
    let line = line(word, sketch)?;
    let path = folders.drawings.join(format!("{word}.ndjson"));
    if let Some(other) = folders.find(word).filter(|found| *found != path) {
        return Err(Error::new("the drawings of this word are packed, and nothing can be added to them")
            .at(other)
            .advise("Unpack the file."));
    }
    if path.exists() && holds(&path, &line)? {
        return Err(Error::usage(format!("this drawing of '{word}' is kept already")).at(path));
    }
    cancel.check()?;
    append(&path, &line)?;
    let lines = lines(&path, &Cancel::default())?;
    let split = divide(&folders.split(word), &lines)
        .map_err(|error| Error::new("the drawing is kept, but its split could not be written").because(error))?;
    Ok(Kept { word: word.to_owned(), path, folder: folders.drawings.clone(), count: lines.len(), split })
}

/// Takes the drawing that was kept last away again: the last line of its file, which must be this drawing. A file without a drawing is
/// removed, and so is the split of fewer than [`FEWEST_TO_TRAIN`].
///
/// # Errors
/// As [`keep`], and if another drawing was kept after this one. The file is then as it was.
pub fn take_back(folders: &Folders, word: &str, sketch: &Sketch, cancel: &Cancel) -> Result<Kept> {
    catalog::check_name(word)?;
    let path = folders.drawings.join(format!("{word}.ndjson"));
    let there = fs::read(&path).context_at("cannot read the drawings that are kept", &path)?;
    let line = line(word, sketch)?;
    let rest = there.strip_suffix(line.as_bytes()).filter(|rest| rest.is_empty() || rest.ends_with(b"\n"));
    let rest = rest.ok_or_else(|| Error::usage(format!("this drawing is not the last one of '{word}' any more")).at(&path))?;
    cancel.check()?;
    let left = if rest.is_empty() {
        remove(&path)?;
        Vec::new()
    } else {
        atomic::write_bytes(&path, rest)?;
        lines(&path, &Cancel::default())?
    };
    let divided =
        if left.len() < FEWEST_TO_TRAIN { remove(&folders.split(word)).map(|()| None) } else { divide(&folders.split(word), &left) };
    let split = divided.map_err(|error| Error::new("the drawing is taken back, but its split could not be mended").because(error))?;
    Ok(Kept { word: word.to_owned(), path, folder: folders.drawings.clone(), count: left.len(), split })
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.context_at("cannot remove the file", path),
    }
}

/// All that is kept in these folders, in the order of its words. A file without a drawing in it is left out.
///
/// # Errors
/// If the folder is there and cannot be listed; when cancelled.
pub fn collections(folders: &Folders, cancel: &Cancel) -> Result<Vec<Kept>> {
    let entries = match fs::read_dir(&folders.drawings) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context_at("cannot list the drawings of your own", &folders.drawings),
    };
    let mut all = Vec::new();
    for entry in entries {
        cancel.check()?;
        let path = entry.context_at("cannot list the drawings of your own", &folders.drawings)?.path();
        let Some(word) = category_of(&path).filter(|_| path.is_file()).map(str::to_owned) else { continue };
        let Ok(lines) = lines(&path, cancel) else { continue };
        let split = split::read(folders, &word).ok().map(|split| (split.train.len(), split.test.len()));
        all.push(Kept { word, path, folder: folders.drawings.clone(), count: lines.len(), split });
    }
    all.sort_by(|a, b| (&a.word, &a.path).cmp(&(&b.word, &b.path)));
    all.dedup_by(|later, first| later.word == first.word);
    Ok(all)
}

/// The numbers of the lines that hold a drawing.
fn lines(path: &Path, cancel: &Cancel) -> Result<Vec<u64>> {
    let (drawings, _) = read_file(path, 1, cancel, &mut |_, _| {})?;
    Ok((0..drawings.len()).filter_map(|i| drawings.line(i)).map(u64::from).collect())
}

/// The drawing as a line of the simplified form.
fn line(word: &str, sketch: &Sketch) -> Result<String> {
    let strokes: Vec<Stroke> = sketch.strokes.iter().filter(|stroke| !stroke.points.is_empty()).cloned().collect();
    if strokes.is_empty() {
        return Err(Error::usage("the page is empty: there is nothing to keep"));
    }
    let simple = raw::simplify(&Sketch { strokes });
    let simple = simple.ok_or_else(|| Error::usage("a dot alone is no drawing: there is nothing to keep"))?;
    if simple.points().count() > MAX_POINTS {
        return Err(Error::usage(format!("the drawing has more than {MAX_POINTS} points, which no reader takes")));
    }
    write_line(&simple, word, false)
}

/// True if the file has this very line.
fn holds(path: &Path, line: &str) -> Result<bool> {
    let there = fs::read(path).context_at("cannot read the drawings that are kept already", path)?;
    Ok(there.split(|&byte| byte == b'\n').any(|old| old == line.trim_end().as_bytes()))
}

/// The old file and the line behind it, by way of a new file.
fn append(path: &Path, line: &str) -> Result<()> {
    let mut old = path.exists().then(|| File::open(path)).transpose().context_at("cannot read the drawings that are kept already", path)?;
    atomic::write(path, |writer| {
        if let Some(old) = &mut old {
            std::io::copy(old, writer).context("cannot copy the drawings that are kept already")?;
            if !ends_a_line(old).context("cannot read the drawings that are kept already")? {
                writer.write_all(b"\n").context("cannot write the drawing")?;
            }
        }
        writer.write_all(line.as_bytes()).context("cannot write the drawing")
    })
}

/// True of a file whose last line is ended, and of an empty one.
fn ends_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Writes the split of so many lines, if there are enough; its sizes.
fn divide(path: &Path, lines: &[u64]) -> Result<Option<(usize, usize)>> {
    if lines.len() < FEWEST_TO_TRAIN {
        return Ok(None);
    }
    let (train, test) = split::usual_sizes(lines.len());
    let made = match split::read_file(path) {
        Ok(old) => split::extended(old, lines, test),
        Err(_) => split::make(lines, train, test, split::USUAL_SEED)?,
    };
    split::write(path, &made)?;
    Ok(Some((made.train.len(), made.test.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cache, load_with, survey_own};

    fn drawing(number: u32) -> Sketch {
        let far = 60.0 + number as f32;
        Sketch { strokes: vec![Stroke::new(vec![[40.0, 40.0], [200.0, far], [90.0, 180.0]]), Stroke::new(vec![[50.0, 50.0]])] }
    }

    fn here(folder: &tempfile::TempDir) -> Folders {
        Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") }.own()
    }

    #[test]
    fn drawings_gather_in_the_data_sets_own_form_and_are_divided_when_there_are_enough() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = here(&folder);
        assert_eq!(folders.drawings, folder.path().join("mine"));
        for number in 0..30 {
            let kept = keep(&folders, "my cat", &drawing(number), &Cancel::default()).expect("kept");
            let count = number as usize + 1;
            assert_eq!(kept.count, count);
            let sizes = (count >= FEWEST_TO_TRAIN).then(|| split::usual_sizes(count));
            assert_eq!(kept.split, sizes, "{count} drawings");
        }
        let (drawings, report) = read_file(&folders.drawings.join("my cat.ndjson"), 1, &Cancel::default(), &mut |_, _| {}).expect("good");
        assert_eq!((drawings.len(), report.lines, report.word()), (30, 30, Some("my cat")));
        let bounds = drawings.sketch(0).bounds().expect("ink");
        assert_eq!((bounds.low, bounds.side()), ([0.0, 0.0], 255.0));
        let audited = split::audit(&split::read(&folders, "my cat").expect("a split"), 30);
        assert!(audited.messages().is_empty(), "{audited:?}");
    }

    #[test]
    fn what_was_kept_is_counted_word_by_word() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = here(&folder);
        let counted = || collections(&folders, &Cancel::default()).expect("counted");
        assert!(counted().is_empty(), "there is no folder yet");
        let mut kept = Vec::new();
        for (word, many) in [("my cat", 13), ("owl", 2)] {
            let mut last = None;
            for number in 0..many {
                last = Some(keep(&folders, word, &drawing(number), &Cancel::default()).expect("kept"));
            }
            kept.extend(last);
        }
        atomic::write_bytes(&folders.drawings.join("empty.ndjson"), b"").expect("written");
        atomic::write_bytes(&folders.drawings.join("note.txt"), b"no drawing").expect("written");
        assert_eq!(counted(), kept, "as they were told when the last one was kept");
        let cancelled = Cancel::default();
        cancelled.cancel(crate::util::Reason::Stopped);
        assert!(collections(&folders, &cancelled).is_err());
    }

    #[test]
    fn the_drawing_kept_last_can_be_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = here(&folder);
        let none = Cancel::default();
        let kept: Vec<_> = (0..14).map(|number| keep(&folders, "owl", &drawing(number), &none).expect("kept")).collect();
        let split = split::read(&folders, "owl").expect("a split");
        assert!(take_back(&folders, "owl", &drawing(3), &none).is_err_and(|error| error.to_string().contains("not the last one")));
        for number in (1..14).rev() {
            let left = take_back(&folders, "owl", &drawing(number), &none).expect("taken back");
            assert_eq!((left.count, left.split.is_some()), (number as usize, number >= 12));
            assert_eq!(folders.split("owl").exists(), number >= 12);
        }
        keep(&folders, "owl", &drawing(1), &none).expect("kept again");
        assert_eq!(take_back(&folders, "owl", &drawing(1), &none).expect("taken back"), kept[0]);
        assert_eq!(take_back(&folders, "owl", &drawing(0), &none).expect("taken back").count, 0);
        assert!(folders.find("owl").is_none());
        for number in 0..14 {
            keep(&folders, "owl", &drawing(number), &none).expect("kept");
        }
        assert_eq!(split::read(&folders, "owl").expect("a split"), split, "each is where it was");
    }

    #[test]
    fn collections_are_categories_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = here(&folder);
        let folders = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") };
        assert!(survey_own(&folders).expect("no folder").is_empty());
        for number in 0..12 {
            keep(&own, "owl", &drawing(number), &Cancel::default()).expect("kept");
        }
        keep(&own, "hat", &drawing(1), &Cancel::default()).expect("kept");
        let found = survey_own(&folders).expect("listed");
        let told: Vec<_> = found.iter().map(|info| (info.name.as_str(), info.split, info.file.clone())).collect();
        let file = |word: &str| own.find(word);
        assert_eq!(told, [("mine: hat", None, file("hat")), ("mine: owl", Some((10, 2)), file("owl"))]);
        assert_eq!((folders.find("owl"), folders.find("mine: owl")), (None, file("owl")));
        let (cache, none) = (Cache::none(), Cancel::default());
        let set = load_with(&folders, "mine: owl", &cache, 1, &none, &mut |_, _| {}).expect("a data set");
        assert_eq!((set.category.as_str(), set.train.len(), set.test.len(), set.notes.len()), ("mine: owl", 10, 2, 0));
        let missing = folders.need("mine: shoe").expect_err("not kept").to_string();
        assert!(missing.contains("no drawings of 'mine: shoe'") && missing.contains("Keep some in the window's Draw."), "{missing}");
        assert!(folders.need("mine: ../owl").is_err());
    }

    #[test]
    fn what_is_no_drawing_or_no_name_is_refused_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = here(&folder);
        let dot = Sketch { strokes: vec![Stroke::new(vec![[5.0, 5.0]])] };
        for (word, sketch, says) in
            [("cat", Sketch::default(), "the page is empty"), ("cat", dot, "a dot alone"), ("../cat", drawing(1), "cannot be the name")]
        {
            let error = keep(&folders, word, &sketch, &Cancel::default()).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
        assert!(!folders.drawings.exists());
        keep(&folders, "cat", &drawing(1), &Cancel::default()).expect("kept");
        let before = fs::read(folders.drawings.join("cat.ndjson")).expect("a file");
        assert!(keep(&folders, "cat", &drawing(1), &Cancel::default()).is_err_and(|error| error.to_string().contains("already")));
        assert_eq!(fs::read(folders.drawings.join("cat.ndjson")).expect("a file"), before);
    }

    #[test]
    fn a_file_without_a_last_line_end_gets_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cat.ndjson");
        atomic::write_bytes(&path, b"one").expect("written");
        append(&path, "two\n").expect("written");
        append(&path, "three\n").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "one\ntwo\nthree\n");
    }
}
