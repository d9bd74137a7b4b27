//! Files that are taken over are checked, copied byte for byte, and replace nothing unasked.

mod data_common;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use data_common::{gz, lines, put};
use denoodle::data::{Cache, Folders, Imported, import, split};
use denoodle::util::{Cancel, Result};
use zip::write::SimpleFileOptions;

struct Place {
    folder: tempfile::TempDir,
    folders: Folders,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders { drawings: folder.path().join("drawings"), subset: folder.path().join("subset") };
        Self { folder, folders }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join("in").join(name);
        put(&path, bytes);
        path
    }

    fn import(&self, file: &Path, replace: bool) -> Result<Vec<Imported>> {
        import(&[file.to_path_buf()], &self.folders, &Cache::none(), replace, 2, &Cancel::default(), &mut |_, _, _| {})
    }

    fn zip(&self, members: &[(&str, &[u8])]) -> PathBuf {
        let path = self.folder.path().join("subset.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).expect("a file"));
        for (name, bytes) in members {
            zip.start_file(*name, SimpleFileOptions::default()).and_then(|()| Ok(zip.write_all(bytes)?)).expect("a member");
        }
        zip.finish().expect("an archive");
        path
    }

    fn all_files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { walk(&path, out) } else { out.push(path) }
            }
        }
        let mut out = Vec::new();
        walk(self.folder.path(), &mut out);
        out
    }
}

const SPLIT: &[u8] = b"{\"train\": [5, 1, 1], \"test\": [2]}";

#[test]
fn drawings_go_under_their_category_and_get_a_split() {
    let place = Place::new();
    let text = format!("{}oops\n", lines("hot dog", 60));
    let done = place.import(&place.file("full_simplified_hot dog.ndjson", &text), false).expect("good");
    let [Imported::Drawings { category, path, report }] = done.as_slice() else { panic!("{done:?}") };
    assert_eq!((category.as_str(), path, report.bad()), ("hot dog", &place.folders.drawings.join("hot dog.ndjson"), 1));
    assert_eq!(fs::read_to_string(path).ok(), Some(text));
    let made = split::read(&place.folders, "hot dog").expect("made");
    assert_eq!((made.train.len(), made.test.len()), (50, 10));
    // Packed files stay packed, told by their bytes.
    let packed = gz(lines("pig", 9).as_bytes());
    place.import(&place.file("whatever.ndjson", &packed), false).expect("good");
    assert_eq!(fs::read(place.folders.drawings.join("pig.ndjson.gz")).ok(), Some(packed));
    // Lines that do not agree: the file's name decides.
    let mixed = lines("ant", 3) + &lines("bee", 3);
    place.import(&place.file("insects.ndjson", &mixed), false).expect("good");
    assert!(place.folders.find("insects").is_some());
    assert!(place.import(&place.file("insects.txt", &mixed), false).is_err());
}

#[test]
fn nothing_is_replaced_unasked() {
    let place = Place::new();
    let (old, new) = (lines("cat", 20), gz(lines("cat", 30).as_bytes()));
    let (old_file, new_file) = (place.file("old.ndjson", &old), place.file("new.ndjson.gz", &new));
    place.import(&old_file, false).expect("good");
    place.import(&old_file, false).expect("the same again is no replacement");
    let there = place.folders.find("cat").expect("there");
    place.import(&there, true).expect("onto itself");
    let error = place.import(&new_file, false).expect_err("another").to_string();
    assert!(error.contains("--replace"), "{error}");
    assert_eq!(fs::read_to_string(&there).ok(), Some(old));
    place.import(&new_file, true).expect("asked for");
    assert_eq!(place.folders.find("cat"), Some(place.folders.drawings.join("cat.ndjson.gz")), "not packed and plain at once");
}

#[test]
fn made_up_drawings_give_way_unasked() {
    let place = Place::new();
    let made_up = place.file("cat.ndjson", lines("cat", 4).replace("]]]}", "]]],\"procedural\":true}"));
    place.import(&made_up, false).expect("taken over");
    let real = place.file("packed/cat.ndjson.gz", gz(lines("cat", 30).as_bytes()));
    place.import(&real, false).expect("taken over");
    assert!(!place.folders.drawings.join("cat.ndjson").exists() && place.folders.drawings.join("cat.ndjson.gz").exists());
    let split = split::read(&place.folders, "cat").expect("a split");
    assert_eq!((split.train.len(), split.test.len()), (25, 5));
    place.import(&made_up, false).expect_err("people's drawings do not");
}

#[test]
fn files_of_no_use_are_refused() {
    let place = Place::new();
    for (name, bytes) in [("cat.ndjson", &b""[..]), ("cat.ndjson", b"<html>"), ("cat.zip", b"PK no"), ("cat.zip", b"")] {
        assert!(place.import(&place.file(name, bytes), false).is_err(), "{name}");
    }
    assert!(place.import(place.folder.path(), false).is_err());
    assert!(!place.folders.drawings.exists() && !place.folders.subset.exists());
}

#[test]
fn a_zip_of_splits_is_taken_over_as_it_is() {
    let place = Place::new();
    let zip = place.zip(&[("subset/cat/indices.json", SPLIT), ("The Eiffel Tower/indices.json", SPLIT), ("subset/readme.txt", b"hello")]);
    let done = place.import(&zip, false).expect("good");
    assert!(done.contains(&Imported::Ignored("subset/readme.txt".into())));
    for category in ["cat", "The Eiffel Tower"] {
        assert_eq!(fs::read(place.folders.split(category)).ok().as_deref(), Some(SPLIT));
        let path = place.folders.split(category);
        assert!(done.contains(&Imported::Split { category: category.into(), path, sizes: (3, 1) }));
    }
    place.import(&zip, false).expect("the same again");
    let other = place.zip(&[("bus/indices.json", SPLIT), ("cat/indices.json", b"{\"train\":[1],\"test\":[2]}")]);
    assert!(place.import(&other, false).expect_err("another").to_string().contains("--replace"));
    assert!(!place.folders.split("bus").exists(), "all or nothing");
    place.import(&other, true).expect("asked for");
    assert_eq!(split::read(&place.folders, "cat").map(|split| split.train).ok(), Some(vec![1]));
}

#[test]
fn a_zip_cannot_write_elsewhere() {
    let place = Place::new();
    let names = [
        "../indices.json",
        "../../cat/indices.json",
        "indices.json",
        "..\\..\\cat\\indices.json",
        "__MACOSX/cat/indices.json",
        "./../x/../indices.json",
    ];
    for name in names {
        assert!(place.import(&place.zip(&[(name, SPLIT)]), true).is_err(), "{name}");
        assert_eq!(place.all_files(), [place.folder.path().join("subset.zip")], "{name}");
    }
    // An absolute name loses its root.
    place.import(&place.zip(&[("/etc/indices.json", SPLIT)]), true).expect("an odd category");
    assert!(place.folders.split("etc").exists());
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let place = Place::new();
    let blanks = vec![b' '; 65 << 20];
    let error = place.import(&place.zip(&[("cat/indices.json", &blanks)]), true).expect_err("a bomb").to_string();
    assert!(error.contains("too large"), "{error}");
    let error =
        place.import(&place.zip(&[("cat/indices.json", b"{\"train\": [1], \"test\": [-1]}")]), true).expect_err("no split").to_string();
    assert!(error.contains("cat/indices.json") && error.contains("test[0]") && error.contains("subset.zip"), "{error}");
}

/// The assignment's own archive, with its known repeats and overlaps.
#[test]
fn the_assignments_archive_is_audited() {
    let zip = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/assignment_subset/subset.zip");
    if !zip.is_file() {
        // Past the capture of passing tests: a skip must be seen.
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: no archive at {}", zip.display());
        return;
    }
    let place = Place::new();
    place.import(&zip, false).expect("good");
    for (category, shared) in [("cat", 166), ("bus", 109), ("rabbit", 134)] {
        let given = fs::read(zip.with_file_name(category).join("indices.json")).expect("given");
        assert_eq!(fs::read(place.folders.split(category)).expect("imported"), given);
        let split = split::read(&place.folders, category).expect("a split");
        let audit = split::audit(&split, denoodle::data::catalog::official_lines(category).expect("known"));
        assert_eq!((audit.train, audit.test, audit.shared, audit.past_end), (10_000, 2_000, shared, 0));
        assert!(audit.repeated_in_train > 200 && audit.repeated_in_test > 10, "{audit:?}");
    }
}
