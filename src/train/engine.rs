//! The parallel part of a step: shards of a batch on a pool of threads, then one update of all weights.

use std::sync::OnceLock;

use candle_core::Tensor;
use rayon::prelude::*;

use super::optimiser::{Hyper, Optimiser};
use crate::model::Parameter;
use crate::util::{Error, Result, threads};

/// Weights in training and the threads that train them. A batch is cut into a fixed number of shards, whose gradients are added in
/// a fixed order, so that the number of threads changes nothing but the time.
pub struct Engine {
    pub(super) optimiser: Optimiser,
    pool: rayon::ThreadPool,
}

impl Engine {
    /// For these parameters, on so many threads.
    pub fn new(parameters: Vec<Parameter>, threads: usize) -> Result<Self> {
        Ok(Self { optimiser: Optimiser::new(parameters)?, pool: threads::pool(threads)? })
    }

    /// `each(0..n)` side by side; the results in their order.
    pub fn each<T: Send>(&self, n: usize, each: impl Fn(usize) -> Result<T> + Sync + Send) -> Result<Vec<T>> {
        self.pool.install(|| (0..n).into_par_iter().map(each).collect())
    }

    /// The losses and gradients of `n` shards, and beside them what the next step can be told already: whichever thread has no
    /// shard left goes on with `next(0..n)`.
    ///
    /// `shard` returns what it likes to report, and the number to differentiate.
    pub fn gradients<T: Send + Sync, N: Send + Sync>(
        &self,
        n: usize,
        shard: impl Fn(usize) -> Result<(T, Tensor)> + Sync,
        next: impl Fn(usize) -> Result<N> + Sync,
    ) -> Result<(Vec<T>, Gradients, Vec<N>)> {
        let (shards, nexts): (Slots<(T, Vec<Tensor>)>, Slots<N>) = (slots(n), slots(n));
        let (shard, next) = (&shard, &next);
        // First in, first out: nothing of the next step is begun while a shard of this one waits.
        self.pool.scope_fifo(|scope| {
            for (i, slot) in shards.iter().enumerate() {
                scope.spawn_fifo(move |_| {
                    let gradients = |(report, loss): (T, Tensor)| Ok((report, self.optimiser.gradients(loss.backward()?)?));
                    let _ = slot.set(shard(i).and_then(gradients));
                });
            }
            for (i, slot) in nexts.iter().enumerate() {
                scope.spawn_fifo(move |_| {
                    let _ = slot.set(next(i));
                });
            }
        });
        let (reports, stores) = all(shards)?.into_iter().unzip();
        Ok((reports, Gradients(stores), all(nexts)?))
    }

    /// The norm of the gradient before it is clipped.
    pub fn norm(&self, gradients: &Gradients) -> Result<f64> {
        self.optimiser.norm(&gradients.0, &self.pool)
    }

    /// One step along a gradient of that finite norm; `step` counts from 0.
    pub fn update(&mut self, gradients: &Gradients, settings: impl Into<Hyper>, step: u64, rate: f64, norm: f64) -> Result<()> {
        self.optimiser.step(&gradients.0, settings.into(), step, rate, norm, &self.pool)
    }
}

/// The gradients of a step's shards.
pub struct Gradients(Vec<Vec<Tensor>>);

/// Where tasks leave their results.
type Slots<T> = Vec<OnceLock<Result<T>>>;

fn slots<T>(n: usize) -> Slots<T> {
    (0..n).map(|_| OnceLock::new()).collect()
}

fn all<T>(slots: Slots<T>) -> Result<Vec<T>> {
    slots
        .into_iter()
        .map(|slot| slot.into_inner().unwrap_or_else(|| Err(Error::new("a part of a training step was not computed"))))
        .collect()
}
