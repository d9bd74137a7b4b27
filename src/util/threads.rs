//! How many threads work, and the one pool that they are in.
//!
//! Parallelism is ours: a batch is cut into shards, a file into blocks. candle's own pools are kept at one thread, because its
//! spinning barrier pool collapses beside a busy window.

use super::{Context, Result};

/// Keeps candle's own pools at one thread, by the variables that they are told by.
///
/// # Safety
/// Changes the environment: to be called first in `main`, while there is no other thread that could read it.
#[allow(unsafe_code, reason = "the environment is changed before there is any other thread")]
pub unsafe fn keep_candle_to_one() {
    for name in ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS"] {
        // SAFETY: the caller's promise.
        unsafe { std::env::set_var(name, "1") };
    }
}

/// The machine's cores, as far as this process may use them.
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A named pool of exactly `threads` workers.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .thread_name(|i| format!("denoodle-work-{i}"))
        .start_handler(|_| give_way())
        .build()
        .context("cannot start the worker threads")
}

/// How much nicer than the rest a worker is, on the scale of `nice`.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets the calling thread wait for the window's whenever both could run: a frame is short, a training step is long.
#[cfg(target_os = "linux")]
fn give_way() {
    // On Linux this is the niceness of the calling thread alone. A process that was started nicer stays so. If it may not be changed,
    // the window is less smooth, no more.
    let now = rustix::process::getpriority_process(None).unwrap_or(0);
    let _ = rustix::process::setpriority_process(None, NICENESS.max(now));
}

/// Elsewhere niceness belongs to the whole process, and the system's own scheduler favours windows.
#[cfg(not(target_os = "linux"))]
fn give_way() {}
