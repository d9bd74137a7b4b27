//! What training and drawing cost: one step of the `quick` preset, one drawing, sixteen at once.
//!
//! `cargo bench --bench step`; the drawings are procedural. For a quiet run close other programs; the numbers of a run are
//! comparable with one another, not with those of another machine. The network that draws is untrained and ends its drawings early: a trained
//! one takes several times as long, which `denoodle draw` tells.

use candle_core::Device;
use criterion::{Criterion, Throughput, criterion_group};
use denoodle::config::load;
use denoodle::data::sketchbook;
use denoodle::generate::{self, Job};
use denoodle::train::{TrainSet, Trainer};
use denoodle::util::{Cancel, threads};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn trainer(threads: usize) -> Trainer {
    let cats = (0..1000).filter_map(|i| sketchbook::drawing("cat", 1, i)).map(|sketch| (0, sketch)).collect();
    let set = TrainSet { categories: vec!["cat".into()], mirror: vec![true], train: cats, test: vec![], sources: vec![] };
    Trainer::new(load("quick").expect("built in"), set, 1, None, Device::Cpu, threads).expect("a valid set").0
}

fn step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("train");
    group.sample_size(10);
    for threads in [1, threads::available()] {
        let mut trainer = trainer(threads);
        group.throughput(Throughput::Elements(trainer.preset().train.batch as u64));
        group.bench_function(format!("step of quick, threads: {threads}"), |bencher| {
            bencher.iter(|| trainer.step(Some(10_000)).expect("a step"))
        });
    }
    group.finish();
}

fn draw(criterion: &mut Criterion) {
    let file = trainer(1).averaged().expect("weights");
    let artist = generate::of(&file, &Device::Cpu, threads::available()).expect("an artist");
    let mut group = criterion.benchmark_group("draw");
    group.sample_size(10);
    for count in [1, 16, 64] {
        group.throughput(Throughput::Elements(count as u64));
        let job = Job { category: 0, count, first: 0, seed: 1, settings: file.info.preset.draw.clone(), start: None };
        group.bench_function(format!("{count} at once"), |bencher| {
            bencher.iter(|| artist.draw(&job, &Cancel::default(), &mut |_| {}).expect("drawings"))
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default();
    targets = step, draw
}

fn main() {
    #[allow(unsafe_code, reason = "there is no other thread yet")]
    // SAFETY: called first in `main`.
    unsafe {
        denoodle::util::threads::keep_candle_to_one();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
