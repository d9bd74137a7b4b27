//! Choices among a few, given logits: of tensor functions, since they are small.

use candle_core::{D, Result, Tensor};

/// `ln(sum(e^x))` along the last axis, kept: finite for every finite x.
pub fn log_sum_exp(x: &Tensor) -> Result<Tensor> {
    let most = x.max_keepdim(D::Minus1)?.detach(); // (…, 1)
    x.broadcast_sub(&most)?.exp()?.sum_keepdim(D::Minus1)?.log()? + most // (…, 1)
}

/// The sum over all rows of minus the log probability of what is 1 in `target`: logits and target (rows, choices) -> a single number.
pub fn cross_entropy(logits: &Tensor, target: &Tensor) -> Result<Tensor> {
    (logits.broadcast_sub(&log_sum_exp(logits)?)? * target)?.sum_all()?.neg()
}
