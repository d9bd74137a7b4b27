//! Operations with their gradients. Each has a fused form for the CPU and a plain form of tensor functions for every device.

mod attention;
mod norm;
mod silu;

pub use attention::{causal_attention, causal_attention_plain};
pub use norm::{normalise, normalise_plain};
pub use silu::{silu, silu_plain};

use candle_core::{CpuStorage, Layout, Result};

/// The numbers of a contiguous f32 tensor on the CPU.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&values[from..to]),
        None => candle_core::bail!("a fused operation needs contiguous input"),
    }
}

/// The fused forms are for f32 on the CPU.
fn fused(x: &candle_core::Tensor) -> bool {
    x.device().is_cpu() && x.dtype() == candle_core::DType::F32
}
