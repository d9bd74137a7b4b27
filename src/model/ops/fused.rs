//! One adaptor between fused operations, which see slices, and candle's graph, which sees tensors.

use std::ops::{Deref, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, DType, Layout, Result, Shape, Storage, StorageRef, Tensor};

/// An input as it lies in memory, row by row.
pub(super) struct Input<'a> {
    pub values: &'a [f32],
    pub dims: &'a [usize],
}

impl Input<'_> {
    /// Length of the last axis.
    pub fn width(&self) -> usize {
        self.dims.last().copied().unwrap_or(1)
    }

    /// Product of the other axes.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width()).unwrap_or(0)
    }
}

/// An operation of one to three f32 tensors on the CPU, forward and backward.
pub(super) trait Fused: Send + Sync + 'static {
    /// For error messages.
    const NAME: &'static str;
    /// What the forward pass keeps for the backward pass; dropped at once where no gradient is wanted.
    type Kept: Send + Sync;

    /// The result and its shape.
    fn forward(&self, inputs: &[Input<'_>]) -> Result<(Vec<f32>, Shape, Self::Kept)>;

    /// The gradient of each input, given that of the result; those that are not `wanted` may be `None`.
    fn backward(&self, inputs: &[Input<'_>], kept: &Self::Kept, gradient: &[f32], wanted: &[bool]) -> Result<Vec<Option<Vec<f32>>>>;
}

/// Set while everything is to be computed by the plain twins.
static PLAIN: AtomicBool = AtomicBool::new(false);

/// Lets every operation of this process use its plain twin, on the CPU as on a GPU, or no longer. For tests, and to find out
/// whether a fault lies in a fused form.
pub fn use_plain(plain: bool) {
    PLAIN.store(plain, Ordering::SeqCst);
}

/// Fused forms are for f32 on the CPU; everything else is computed by the plain twins.
pub(crate) fn fused(x: &Tensor) -> bool {
    x.device().is_cpu() && x.dtype() == DType::F32 && !PLAIN.load(Ordering::Relaxed)
}

/// Puts the operation into the graph.
pub(super) fn apply<F: Fused>(op: F, inputs: &[&Tensor]) -> Result<Tensor> {
    let node = Node { op, kept: OnceLock::new() };
    match inputs {
        [a] => a.contiguous()?.apply_op1(node),
        [a, b] => a.contiguous()?.apply_op2(&b.contiguous()?, node),
        [a, b, c] => a.contiguous()?.apply_op3(&b.contiguous()?, &c.contiguous()?, node),
        _ => candle_core::bail!("{} has {} inputs", F::NAME, inputs.len()),
    }
}

/// A tensor's numbers, readable while this is held.
pub(crate) struct Held<'a> {
    storage: StorageRef<'a>,
    range: Range<usize>,
}

/// Opens a contiguous f32 tensor on the CPU for reading.
pub(crate) fn hold(tensor: &Tensor) -> Result<Held<'_>> {
    let (storage, layout) = tensor.storage_and_layout();
    let Some((from, to)) = layout.contiguous_offsets() else { candle_core::bail!("a fused operation needs contiguous input") };
    match &*storage {
        Storage::Cpu(CpuStorage::F32(_)) => Ok(Held { storage, range: from..to }),
        _ => candle_core::bail!("a fused operation needs f32 on the CPU"),
    }
}

impl Deref for Held<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(CpuStorage::F32(values)) => &values[self.range.clone()],
            _ => &[],
        }
    }
}

struct Node<F: Fused> {
    op: F,
    kept: OnceLock<F::Kept>,
}

/// The numbers of a contiguous f32 tensor on the CPU.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&values[from..to]),
        None => candle_core::bail!("a fused operation needs contiguous input"),
    }
}

impl<F: Fused> Node<F> {
    fn forward(&self, inputs: &[(&CpuStorage, &Layout)]) -> Result<(CpuStorage, Shape)> {
        let inputs = inputs
            .iter()
            .map(|(storage, layout)| Ok(Input { values: slice(storage, layout)?, dims: layout.dims() }))
            .collect::<Result<Vec<_>>>()?;
        let (out, shape, kept) = self.op.forward(&inputs)?;
        if self.kept.set(kept).is_err() {
            candle_core::bail!("{}: computed twice", F::NAME);
        }
        Ok((CpuStorage::F32(out), shape))
    }

    fn backward<const N: usize>(&self, inputs: [&Tensor; N], gradient: &Tensor) -> Result<[Option<Tensor>; N]> {
        let Some(kept) = self.kept.get() else { candle_core::bail!("{}: backward before forward", F::NAME) };
        let gradient = gradient.contiguous()?;
        let held = inputs.iter().map(|input| hold(input)).collect::<Result<Vec<_>>>()?;
        let seen: Vec<Input<'_>> = held.iter().zip(inputs).map(|(values, input)| Input { values, dims: input.dims() }).collect();
        let wanted = inputs.map(|input| input.track_op());
        let mut gradients = self.op.backward(&seen, kept, &hold(&gradient)?, &wanted)?.into_iter();
        let mut out = [const { None }; N];
        for (to, input) in out.iter_mut().zip(inputs) {
            *to = gradients.next().flatten().map(|values| Tensor::from_vec(values, input.shape(), input.device())).transpose()?;
        }
        Ok(out)
    }
}

impl<F: Fused> CustomOp1 for Node<F> {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn cpu_fwd(&self, a: &CpuStorage, la: &Layout) -> Result<(CpuStorage, Shape)> {
        self.forward(&[(a, la)])
    }

    fn bwd(&self, a: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let [a] = self.backward([a], gradient)?;
        Ok(a)
    }
}

impl<F: Fused> CustomOp2 for Node<F> {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn cpu_fwd(&self, a: &CpuStorage, la: &Layout, b: &CpuStorage, lb: &Layout) -> Result<(CpuStorage, Shape)> {
        self.forward(&[(a, la), (b, lb)])
    }

    fn bwd(&self, a: &Tensor, b: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok(self.backward([a, b], gradient)?.into())
    }
}

impl<F: Fused> CustomOp3 for Node<F> {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn cpu_fwd(
        &self,
        a: &CpuStorage,
        la: &Layout,
        b: &CpuStorage,
        lb: &Layout,
        c: &CpuStorage,
        lc: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward(&[(a, la), (b, lb), (c, lc)])
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        c: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        Ok(self.backward([a, b, c], gradient)?.into())
    }
}
