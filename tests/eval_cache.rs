//! Kept features of real drawings: used only if everything agrees, never trusted blindly.

mod eval_common;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use denoodle::eval::Features;
use denoodle::eval::reference::{FeatureCache, Key, Part};
use denoodle::util::Cancel;
use eval_common::{Projection, drawn};

fn look(cache: &FeatureCache, eye: &Projection, lines: &[u64]) -> (Features, Option<String>) {
    let key = Key::new("cat", "aa", Part::Test, lines, eye);
    cache.features(&key, eye, || drawn(1, lines.len()), &Cancel::default(), &|_| {}).expect("features")
}

fn only_file(folder: &Path) -> PathBuf {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn the_second_look_is_at_the_cache_and_gives_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (cache, eye) = (FeatureCache::in_folder(folder.path().join("deep")), Projection::new(8));
    assert_eq!((cache.list().expect("nothing").len(), cache.remove().expect("nothing")), (0, (0, 0)));
    let (first, note) = look(&cache, &eye, &[1, 2, 3]);
    assert_eq!((eye.looked.load(Ordering::Relaxed), note), (3, None));
    let (second, _) = look(&cache, &eye, &[1, 2, 3]);
    assert_eq!((eye.looked.load(Ordering::Relaxed), &second), (3, &first));
    let listed = cache.list().expect("a list");
    assert!(
        listed.len() == 1
            && listed[0].bytes > 96
            && listed[0].key.as_ref().is_some_and(|key| key.to_string().contains("3 test drawings of cat"))
    );
    assert_eq!(cache.remove().expect("removed"), (1, listed[0].bytes));
    look(&cache, &eye, &[1, 2, 3]);
    assert_eq!(eye.looked.load(Ordering::Relaxed), 6);
    assert_eq!(FeatureCache::none().list().expect("nothing"), []);
}

#[test]
fn another_anything_is_another_cache() {
    let eye = |change: &dyn Fn(&mut Projection)| {
        let mut eye = Projection::new(8);
        change(&mut eye);
        eye
    };
    let plain = eye(&|_| {});
    let mut keys = vec![
        Key::new("cat", "aa", Part::Test, &[1, 2, 3], &plain),
        Key::new("bus", "aa", Part::Test, &[1, 2, 3], &plain),
        Key::new("cat", "bb", Part::Test, &[1, 2, 3], &plain),
        Key::new("cat", "aa", Part::Train, &[1, 2, 3], &plain),
        Key::new("cat", "aa", Part::Test, &[1, 3, 2], &plain),
        Key::new("cat", "aa", Part::Test, &[1, 2], &plain),
        Key::new("cat", "aa", Part::Test, &[1, 2, 3], &Projection::new(9)),
    ];
    for change in [
        (&|eye: &mut Projection| eye.id.name.push('!')) as &dyn Fn(&mut Projection),
        &|eye| eye.id.sha256 = "1".repeat(64),
        &|eye| eye.renderer.line = 0.06,
        &|eye| eye.renderer.width = 33,
    ] {
        keys.push(Key::new("cat", "aa", Part::Test, &[1, 2, 3], &eye(change)));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let cache = FeatureCache::in_folder(folder.path());
    let texts: HashSet<String> = keys.iter().map(|key| serde_json::to_string(key).expect("JSON")).collect();
    assert_eq!(texts.len(), keys.len());
    // Each has a file of its own; only what fits the plain eye can be looked at here.
    for key in &keys[..6] {
        let count = if *key == keys[5] { 2 } else { 3 };
        cache.features(key, &plain, || drawn(1, count), &Cancel::default(), &|_| {}).expect("features");
    }
    assert_eq!(cache.list().expect("a list").len(), 6);
}

#[test]
fn a_broken_cache_is_told_and_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (cache, eye) = (FeatureCache::in_folder(folder.path()), Projection::new(8));
    let (good, _) = look(&cache, &eye, &[1, 2]);
    let path = only_file(folder.path());
    let bytes = std::fs::read(&path).expect("the cache");
    let mut flipped = bytes.clone();
    *flipped.last_mut().expect("bytes") ^= 1;
    let mut header = bytes.clone();
    let at = header.windows(3).position(|w| w == b"cat").expect("the category");
    header[at] = b'b';
    let huge: Vec<u8> = [0xff; 8].iter().chain(&bytes[8..]).copied().collect();
    for broken in [&bytes[..bytes.len() / 2], &flipped, &header, &huge, b"", b"not a cache at all"] {
        denoodle::util::atomic::write_bytes(&path, broken).expect("writes");
        let _ = cache.list().expect("a list");
        let (again, note) = look(&cache, &eye, &[1, 2]);
        assert_eq!(again, good);
        assert!(note.is_some_and(|note| note.contains("looked at again")));
        let (before, (once_more, note)) = (eye.looked.load(Ordering::Relaxed), look(&cache, &eye, &[1, 2]));
        assert_eq!((eye.looked.load(Ordering::Relaxed), once_more, note), (before, good.clone(), None), "made anew");
    }
    // A folder that cannot be written only costs time.
    denoodle::util::atomic::write_bytes(&folder.path().join("file"), b"x").expect("writes");
    let (_, note) = look(&FeatureCache::in_folder(folder.path().join("file/in")), &eye, &[1, 2]);
    assert!(note.is_some_and(|note| note.contains("could not be kept") || note.contains("of no use")));
}
