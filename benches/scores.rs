//! What scores cost: all of them for 2 000 against 2 000 drawings, on features that are there already, and their parts.
//!
//! `cargo bench --bench scores`. Features are random numbers: what a network takes to make them is not in here.

use criterion::{Criterion, criterion_group, criterion_main};
use denoodle::eval::Features;
use denoodle::eval::coverage::{coverage, median_nearest};
use denoodle::eval::frechet::frechet;
use denoodle::eval::kernel::{SUBSET, SUBSETS, kid};
use denoodle::eval::score_features;
use denoodle::util::rng::{Stream, normal, stream};
use denoodle::util::{Cancel, threads};

fn features(seed: u64, rows: usize, width: usize) -> Features {
    let row = |i: usize| normal(&mut stream(seed, Stream::Evaluate, i as u64), width).into_iter().map(|v| v.max(0.0)).collect();
    Features::from_rows(&(0..rows).map(row).collect::<Vec<Vec<f32>>>()).expect("features")
}

fn scores(criterion: &mut Criterion) {
    let pool = threads::pool(threads::available()).expect("threads");
    let mut group = criterion.benchmark_group("scores");
    group.sample_size(10);
    for (n, width) in [(2000, 256), (2000, 512)] {
        let (a, b) = (features(1, n, width), features(2, n, width));
        let name = |what: &str| format!("{what}, {n} against {n}, {width} features");
        group.bench_function(name("FID, KID, coverage, with intervals"), |bencher| {
            bencher.iter(|| pool.install(|| score_features(&a, &b, 1, &Cancel::default()).expect("scores")))
        });
        group.bench_function(name("FID"), |bencher| bencher.iter(|| pool.install(|| frechet(&a, &b).expect("FID"))));
        group.bench_function(name("KID"), |bencher| bencher.iter(|| pool.install(|| kid(&a, &b, SUBSETS, SUBSET, 1).expect("KID"))));
        group.bench_function(name("coverage"), |bencher| bencher.iter(|| pool.install(|| coverage(&a, &b, 5).expect("coverage"))));
    }
    let (rows, training) = (features(1, 2000, 256), features(2, 10_000, 256));
    group.bench_function("nearest of 10000 training drawings, 2000 drawings", |bencher| {
        bencher.iter(|| pool.install(|| median_nearest(&rows, &training).expect("distances")))
    });
    group.finish();
}

criterion_group!(benches, scores);
criterion_main!(benches);
