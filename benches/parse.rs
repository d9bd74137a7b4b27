//! How fast drawings are read: 150 000 lines, some 100 MB, from the file with one thread and with all, and from the cache.
//!
//! The drawings are procedural, so that anyone can run this: `cargo bench --bench parse`. `benches/peers/parse.py` reads the same form
//! with Python's `json`; `docs/data.md` tells how to run both on one file.

use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use denoodle::data::{Cache, open, read_file, sketchbook};
use denoodle::util::{Cancel, threads};

const LINES: usize = 150_000;

/// The lines of a few thousand cats, over and over.
fn write(folder: &Path) -> std::path::PathBuf {
    let some = sketchbook::write(&folder.join("some"), 3000, 1).expect("a writable folder").remove(0);
    let text = std::fs::read_to_string(some).expect("just written");
    let lines: Vec<_> = text.split_inclusive('\n').cycle().take(LINES).collect();
    let path = folder.join("cat.ndjson");
    denoodle::util::atomic::write_bytes(&path, lines.concat().as_bytes()).expect("a writable folder");
    path
}

fn parse(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = write(folder.path());
    let bytes = std::fs::metadata(&path).expect("just written").len();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10).measurement_time(Duration::from_secs(8));
    let cancel = Cancel::default();
    for threads in [1, threads::available()] {
        group.bench_function(format!("file, threads: {threads}"), |bencher| {
            bencher.iter(|| read_file(&path, threads, &cancel, &mut |_, _| {}).expect("readable").0.len());
        });
    }
    let cache = Cache::in_folder(folder.path().join("cache"), 0);
    open(&path, &cache, threads::available(), &cancel, &mut |_, _| {}).expect("readable");
    // A file that was changed a moment ago is hashed at every opening; this one is to look old.
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    std::fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(hour_ago)).expect("just written");
    group.bench_function("cache", |bencher| {
        bencher.iter(|| {
            let opened = open(&path, &cache, threads::available(), &cancel, &mut |_, _| {}).expect("readable");
            assert!(opened.from_cache);
            opened.drawings.len()
        });
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
