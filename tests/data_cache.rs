//! A cache is never believed without reason, and its loss costs nothing but time.

mod data_common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_common::{gz, lines, put};
use denoodle::data::{Cache, Opened, open};
use denoodle::util::Cancel;

struct Place {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::in_folder(folder.path().join("cache"), 0);
        Self { folder, cache }
    }

    /// A source that was last changed an hour ago.
    fn source(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("cat.ndjson");
        put(&path, bytes);
        age(&path, 3600);
        path
    }

    fn open(&self, path: &Path) -> Opened {
        open(path, &self.cache, 2, &Cancel::default(), &mut |_, _| {}).expect("readable")
    }

    fn cached(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("cache"));
        entries.map(|entries| entries.map(|entry| entry.expect("an entry").path()).collect()).unwrap_or_default()
    }
}

fn age(path: &Path, secs: u64) {
    let then = SystemTime::now() - Duration::from_secs(secs);
    File::options().write(true).open(path).and_then(|file| file.set_modified(then)).expect("a file");
}

#[test]
fn the_second_opening_gives_the_same_without_reading() {
    let place = Place::new();
    let text = format!("{}broken\n{}", lines("cat", 50), lines("cat", 20));
    for bytes in [text.clone().into_bytes(), gz(text.as_bytes())] {
        let path = place.source(&bytes);
        let first = place.open(&path);
        let second = place.open(&path);
        assert!(!first.from_cache && second.from_cache && second.notes.is_empty());
        assert!(Opened { from_cache: false, ..second.clone() } == first);
        assert_eq!((second.report.bad(), second.drawings.line(50)), (1, Some(51)));
        assert_eq!(place.cached().len(), 1, "a new cache replaces the old");
    }
}

#[test]
fn times_survive_the_cache() {
    let place = Place::new();
    let path = place.source(b"{\"word\":\"cat\",\"drawing\":[[[0,510],[0,0],[5,95]]]}\n{\"word\":\"cat\",\"drawing\":[[[0,9],[0,0]]]}\n");
    let first = place.open(&path);
    let second = place.open(&path);
    assert!(second.from_cache && second.drawings.has_times());
    assert_eq!(second.drawings.sketch(0).strokes[0].times, Some(vec![5.0, 95.0]));
    assert_eq!(second.drawings.sketch(1), first.drawings.sketch(1));
    assert_eq!(second.drawings.sketch(1).strokes[0].times, None);
}

#[test]
fn fractions_survive_the_cache() {
    let place = Place::new();
    let path = place.source(b"{\"word\":\"cat\",\"drawing\":[[[0.5,255],[7.25,0]]]}\n");
    place.open(&path);
    let second = place.open(&path);
    assert!(second.from_cache);
    assert_eq!(second.drawings.sketch(0).strokes[0].points, [[0.5, 7.25], [255.0, 0.0]]);
}

#[test]
fn a_changed_file_is_read_again() {
    let place = Place::new();
    let path = place.source(lines("cat", 30).as_bytes());
    place.open(&path);
    put(&path, lines("cat", 31));
    let grown = place.open(&path);
    assert!(!grown.from_cache && grown.drawings.len() == 31);
    // The same size and, just written, possibly the same time of change: only the content tells.
    put(&path, lines("dog", 31));
    let swapped = place.open(&path);
    assert_eq!((swapped.from_cache, swapped.report.word()), (false, Some("dog")));
    let time = fs::metadata(&path).and_then(|meta| meta.modified()).expect("a time");
    put(&path, lines("pig", 31));
    File::options().write(true).open(&path).and_then(|file| file.set_modified(time)).expect("a file");
    assert_eq!(place.open(&path).report.word(), Some("pig"), "a change may hide behind the clock");
}

#[test]
fn a_touched_file_is_hashed_and_not_read() {
    let place = Place::new();
    let path = place.source(lines("cat", 30).as_bytes());
    place.open(&path);
    age(&path, 1800);
    assert!(place.open(&path).from_cache);
}

#[test]
fn a_damaged_cache_is_told_and_made_anew() {
    let place = Place::new();
    let path = place.source(lines("cat", 300).as_bytes());
    let good = place.open(&path);
    let cache = place.cached().remove(0);
    let whole = fs::read(&cache).expect("a cache");
    let flip = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    };
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().expect("eight")) as usize;
    let cases = [Vec::new(), b"nonsense".to_vec(), whole[..whole.len() / 2].to_vec(), flip(3), flip(header + 5), flip(whole.len() - 1)];
    for (i, bytes) in cases.into_iter().enumerate() {
        put(&cache, bytes);
        let again = place.open(&path);
        assert_eq!((again.from_cache, again.notes.len()), (false, 1), "case {i}");
        assert!(again.notes[0].contains("made anew"), "{}", again.notes[0]);
        assert!(again.drawings == good.drawings, "case {i}");
        assert!(place.open(&path).from_cache, "case {i}");
    }
    // Every single byte of the header: it may be refused or not matter, but must not change what is read.
    for at in 8..header {
        put(&cache, flip(at));
        let again = place.open(&path);
        assert!(again.drawings == good.drawings && again.sha256 == good.sha256 && again.report == good.report, "byte {at}");
    }
}

#[test]
fn without_a_cache_all_works() {
    let place = Place::new();
    let path = place.source(lines("cat", 30).as_bytes());
    // A file is in the folder's place: nothing can be written there.
    let blocked = place.folder.path().join("blocked");
    put(&blocked, b"");
    for cache in [Cache::none(), Cache::in_folder(&blocked, 0)] {
        let opened = open(&path, &cache, 1, &Cancel::default(), &mut |_, _| {}).expect("readable");
        assert_eq!((opened.drawings.len(), opened.from_cache), (30, false));
    }
    // Small files are not worth one.
    open(&path, &Cache::in_folder(place.folder.path().join("cache"), 1 << 20), 1, &Cancel::default(), &mut |_, _| {}).expect("readable");
    assert!(place.cached().is_empty());
}
