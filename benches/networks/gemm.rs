//! What products of matrices reach by themselves: the limit of a training step.

use std::time::Instant;

use denoodle::util::Result;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::{Options, report};

/// (640, 320) times (320, 960), as in the flagship's denoiser, on all threads at once for a second or so.
pub fn gemm(options: &Options) -> Result<()> {
    const SHAPE: (usize, usize, usize) = (640, 320, 960);
    let (m, k, n) = SHAPE;
    let flops = 2.0 * (m * k * n) as f64;
    let work = |_: usize| {
        let (a, b, mut c) = (vec![0.5f32; m * k], vec![0.25f32; k * n], vec![0.0f32; m * n]);
        let mut best = f64::INFINITY;
        for _ in 0..options.steps {
            let begun = Instant::now();
            for _ in 0..50 {
                let to = MatMut::from_row_major_slice_mut(&mut c, m, n);
                matmul(to, Accum::Replace, MatRef::from_row_major_slice(&a, m, k), MatRef::from_row_major_slice(&b, k, n), 1.0, Par::Seq);
            }
            best = best.min(begun.elapsed().as_secs_f64() / 50.0);
        }
        Ok(flops / best / 1e9)
    };
    let rates = denoodle::train::Engine::new(Vec::new(), options.threads)?.each(options.threads, work)?;
    report(options, &[], &[("gflop_per_sec", rates.iter().sum())]);
    Ok(())
}
