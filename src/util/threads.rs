//! How many threads work, and the one pool that they are in.
//!
//! Parallelism is ours: a batch is cut into shards, a file into blocks. candle's own pools are kept at one thread
//! (`CANDLE_NUM_THREADS`, `RAYON_NUM_THREADS`, set by `main`), because its spinning barrier pool collapses beside a busy window.

use super::{Context, Result};

/// The machine's cores, as far as this process may use them.
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A named pool of exactly `threads` workers.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .thread_name(|i| format!("denoodle-work-{i}"))
        .build()
        .context("cannot start the worker threads")
}
