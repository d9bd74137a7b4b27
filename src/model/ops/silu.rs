//! SiLU, `x * sigmoid(x)` (Elfwing et al. 2018): one pass forward, one backward.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};

use super::{fused, slice};

/// Any shape.
pub fn silu(x: &Tensor) -> Result<Tensor> {
    if fused(x) { x.contiguous()?.apply_op1(Silu) } else { silu_plain(x) }
}

/// The same of tensor functions.
pub fn silu_plain(x: &Tensor) -> Result<Tensor> {
    x.silu()
}

struct Silu;
struct SiluBackward;

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

impl CustomOp1 for Silu {
    fn name(&self) -> &'static str {
        "silu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let out = slice(storage, layout)?.iter().map(|&x| x * sigmoid(x)).collect();
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        x.contiguous()?.apply_op2_no_bwd(&grad.contiguous()?, &SiluBackward).map(Some)
    }
}

impl CustomOp2 for SiluBackward {
    fn name(&self) -> &'static str {
        "silu-backward"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout, grad: &CpuStorage, lg: &Layout) -> Result<(CpuStorage, Shape)> {
        let derivative = |(&x, &g): (&f32, &f32)| {
            let s = sigmoid(x);
            g * s * (1.0 + x * (1.0 - s))
        };
        let out = slice(x, lx)?.iter().zip(slice(grad, lg)?).map(derivative).collect();
        Ok((CpuStorage::F32(out), lx.shape().clone()))
    }
}
