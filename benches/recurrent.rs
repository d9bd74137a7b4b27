//! What the recurrent layers cost: forward and backward of a batch of 64 sequences, whole on one thread and in two shards on two.
//!
//! `cargo bench --bench recurrent`; `benches/peers/recurrent.py` does the same with PyTorch, to be run on the same quiet machine.

use candle_core::{Device, Tensor, Var};
use criterion::{Criterion, Throughput, criterion_group};
use denoodle::model::layers::{Direction, Gru, Lstm, Recurrent};
use denoodle::model::weights::{Parameter, fresh};
use denoodle::util::rng::{Stream, normal, stream};
use denoodle::util::threads;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `numpy.random.default_rng(1).integers(40, 97, 64)`
const LENGTHS: [usize; 64] = [
    66, 69, 83, 94, 41, 48, 86, 94, 54, 57, 89, 64, 55, 87, 54, 63, 76, 71, 44, 41, 89, 82, 87, 70, 86, 58, 65, 84, 47, 57, 47, 65, 95, 47,
    61, 62, 91, 51, 68, 54, 41, 82, 43, 55, 68, 67, 46, 95, 82, 94, 45, 81, 56, 70, 92, 55, 81, 49, 58, 95, 64, 69, 56, 46,
];

/// The decoder of sketch-rnn (Ha & Eck 2017) reads five numbers of a pen and 128 latent ones.
const INPUTS: usize = 133;
const HIDDEN: usize = 256;

/// Some of the sequences, and what the loss weighs the result with.
struct Shard {
    ends: Vec<usize>,
    x: Var,
    weights: Tensor,
}

fn random(rows: usize, columns: usize, index: u64) -> Tensor {
    let values = normal(&mut stream(1, Stream::Noise, index), rows * columns);
    Tensor::from_vec(values, (rows, columns), &Device::Cpu).expect("a tensor")
}

/// Every `shards`-th sequence in each, so that all have about as many tokens.
fn shards(shards: usize) -> Vec<Shard> {
    let shard = |i: usize| {
        let mut tokens = 0;
        let lengths = LENGTHS.iter().skip(i).step_by(shards);
        let ends = lengths.map(|n| {
            tokens += n;
            tokens
        });
        let ends = ends.collect();
        let x = Var::from_tensor(&random(tokens, INPUTS, 2 * i as u64)).expect("a variable");
        Shard { ends, x, weights: random(tokens, HIDDEN, 2 * i as u64 + 1) }
    };
    (0..shards).map(shard).collect()
}

/// The gradients of all weights.
fn gradients(layer: &impl Recurrent, parameters: &[Parameter], shard: &Shard) -> Vec<Tensor> {
    let h = layer.forward(&shard.x, &shard.ends).expect("forward"); // (tokens, h)
    let store = (h * &shard.weights).and_then(|loss| loss.sum_all()?.backward()).expect("backward");
    parameters.iter().map(|p| store.get(&p.var).expect("a gradient").clone()).collect()
}

fn step<L: Recurrent + Sync>(criterion: &mut Criterion, name: &str) {
    let mut parameters = Vec::new();
    let layer = L::new("layer", INPUTS, HIDDEN, Direction::Ahead, &mut fresh(1, &Device::Cpu, &mut parameters)).expect("weights");
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).throughput(Throughput::Elements(LENGTHS.iter().sum::<usize>() as u64));
    let whole = &shards(1)[0];
    group.bench_function("forward and backward, threads: 1", |bencher| bencher.iter(|| gradients(&layer, &parameters, whole)));
    let halves = shards(2);
    let pool = threads::pool(2).expect("two threads");
    group.bench_function("forward and backward, threads: 2", |bencher| {
        let half = |i: usize| gradients(&layer, &parameters, &halves[i]);
        bencher.iter(|| {
            let (a, b) = pool.install(|| rayon::join(|| half(0), || half(1)));
            a.iter().zip(&b).map(|(a, b)| (a + b).expect("a sum")).collect::<Vec<_>>()
        })
    });
    group.finish();
}

fn lstm(criterion: &mut Criterion) {
    step::<Lstm>(criterion, "lstm");
}

fn gru(criterion: &mut Criterion) {
    step::<Gru>(criterion, "gru");
}

criterion_group! {
    name = benches;
    config = Criterion::default();
    targets = lstm, gru
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
